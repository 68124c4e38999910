"""The audit log's rows as the chain reads them: entries as texts, leaves, blocks. Asked inside `with reach(…)`."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

from lianfang.kernel.audit.chain import Block, leaf_of
from lianfang.kernel.refusals import Forbidden

# Every field as text, as chain.py describes them.
_AS_TEXT = (
    "number::text, tx::text, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), act, officer_id::text, "
    "device_id::text, subject, count::text, jurisdiction::text, purpose, place, result, details::text"
)
_ENTRIES = f"SELECT {_AS_TEXT} FROM audit_entry e WHERE tx >= %s AND tx < %s ORDER BY e.tx, e.number"
_COLUMNS = "number, sealed_at, tx_from, tx_to, entries, root, previous, hash"
_LAST = f"SELECT {_COLUMNS} FROM audit_block ORDER BY number DESC LIMIT 1"
_BLOCKS = f"SELECT {_COLUMNS} FROM audit_block WHERE number > %s AND number <= %s ORDER BY number LIMIT %s"
_LEAVES = "SELECT block, entry, leaf FROM audit_leaf WHERE block >= %s AND block <= %s ORDER BY block, place"


class HashedEntry(NamedTuple):
    """An entry as it stands now: its number, its transaction, and the leaf it gives."""

    number: int
    tx: int
    leaf: bytes


@dataclass(frozen=True, slots=True)
class StoredBlock:
    """A block as it is stored, with the hash that stands beside it."""

    block: Block
    hash: bytes


def require_audit() -> None:
    """Row-level security shows others an empty log, which must not be taken for a sound one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lianfang_audits()")
        if not cursor.fetchone()[0]:
            raise Forbidden("NOT_PERMITTED", "您的岗位没有这项权限。", "Your role does not permit this.")


def entries_between(tx_from: int, tx_to: int) -> list[HashedEntry]:
    """The entries of these transactions in the order in which they are sealed."""
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, [tx_from, tx_to])
        return [HashedEntry(int(row[0]), int(row[1]), leaf_of(row)) for row in cursor.fetchall()]


def last_block() -> StoredBlock | None:
    with connection.cursor() as cursor:
        cursor.execute(_LAST)
        row = cursor.fetchone()
    return _stored(row) if row else None


def blocks_after(number: int, *, until: int, limit: int) -> list[StoredBlock]:
    with connection.cursor() as cursor:
        cursor.execute(_BLOCKS, [number, until, limit])
        return [_stored(row) for row in cursor.fetchall()]


def leaves_of(first: int, last: int) -> Mapping[int, dict[int, bytes]]:
    """Of each block the leaves by entry, in their order."""
    found: dict[int, dict[int, bytes]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_LEAVES, [first, last])
        for block, entry, leaf in cursor.fetchall():
            found[block][entry] = bytes(leaf)
    return found


def _stored(row: tuple[Any, ...]) -> StoredBlock:
    number, sealed_at, tx_from, tx_to, entries, root, previous, stands = row
    block = Block(number, sealed_at, tx_from, tx_to, entries, bytes(root), bytes(previous))
    return StoredBlock(block, bytes(stands))
