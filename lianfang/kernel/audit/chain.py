"""How the audit log is hashed: pure, and written down so that any other program can check it.

*Framing* of texts: each as its length in bytes of UTF-8, a colon, and those bytes; a missing one as `-`. `5:DONE2` could
be nothing else than it is. *Fields of an entry*, as texts in this order: number, tx, at, act, officer_id, device_id,
subject, count, jurisdiction, purpose, place, result, details; numbers in decimal, moments as 2020-02-10T08:30:00.000000Z,
ids in lower case, details as PostgreSQL prints a jsonb. *Leaf*: SHA-256 of 0x00 and the framed fields. *Root*: the Merkle
tree of RFC 6962 over the leaves, a node being SHA-256 of 0x01, left and right. *Hash of a block*: SHA-256 of 0x02 and the
framed fields number, sealed_at, tx_from, tx_to, entries, root, previous; hashes in hexadecimal. `previous` is the hash of
the block before, and 32 zero bytes in the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

FIELDS = (
    "number", "tx", "at", "act", "officer_id", "device_id", "subject", "count", "jurisdiction", "purpose", "place",
    "result", "details",
)  # fmt: skip
BEGINNING = bytes(32)
_LEAF, _NODE, _BLOCK = b"\x00", b"\x01", b"\x02"


def framed(texts: Sequence[str | None]) -> bytes:
    """The texts as bytes that no other texts give."""
    parts = []
    for text in texts:
        if text is None:
            parts.append(b"-")
        else:
            raw = text.encode()
            parts.append(b"%d:%b" % (len(raw), raw))
    return b"".join(parts)


def leaf_of(fields: Sequence[str | None]) -> bytes:
    """The leaf of an entry, its fields as texts in the order of FIELDS."""
    return sha256(_LEAF + framed(fields)).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The Merkle root of at least one leaf. A node without a partner rises as it is, which makes RFC 6962's tree."""
    level = list(leaves)
    while len(level) > 1:
        paired = [
            sha256(_NODE + left + right).digest()
            for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        level = [*paired, level[-1]] if len(level) % 2 else paired
    return level[0]


@dataclass(frozen=True, slots=True)
class Block:
    """A block as it stands: entries of the transactions from `tx_from` up to, not including, `tx_to`."""

    number: int
    sealed_at: datetime
    tx_from: int
    tx_to: int
    entries: int
    root: bytes
    previous: bytes

    @property
    def hash(self) -> bytes:
        numbers = [str(n) for n in (self.tx_from, self.tx_to, self.entries)]
        fields = [str(self.number), moment(self.sealed_at), *numbers, self.root.hex(), self.previous.hex()]
        return sha256(_BLOCK + framed(fields)).digest()


def moment(at: datetime) -> str:
    """2020-02-10T08:30:00.000000Z"""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
