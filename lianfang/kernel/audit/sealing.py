"""The sealer: committed entries become the leaves of a block, and the block is chained to the one before.

It reads by writing transaction, as the fold does: everything below the oldest transaction still writing has committed or
never will, so whatever commits late stands in a later block, and nothing is left out or sealed twice.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from lianfang.kernel.audit.chain import BEGINNING, Block, root_of
from lianfang.kernel.audit.rows import HashedEntry, StoredBlock, entries_between, last_block
from lianfang.kernel.reach import Reach, reach

LARGEST = 20_000  # entries of one block; a single transaction with more stays together
_ONE_AT_A_TIME = 0x6C66_6175  # "lfau": the advisory lock's key

_BOUNDS = "SELECT oldest, next, statement_timestamp() FROM lianfang_tx_bounds()"
# Where a block ends that would be too large: at the first transaction it does not hold whole.
_BEYOND = "SELECT tx FROM audit_entry WHERE tx >= %s AND tx < %s ORDER BY tx, number OFFSET %s LIMIT 1"
_FIRST = "SELECT tx FROM audit_entry WHERE tx >= %s AND tx < %s ORDER BY tx LIMIT 1"
_BLOCK = (
    "INSERT INTO audit_block (number, sealed_at, tx_from, tx_to, entries, root, previous, hash) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)
# An entry that stands in an older block already was moved by somebody: the new block seals it where it is, and the walk
# along the chain tells of it.
_LEAVES = (
    "INSERT INTO audit_leaf (entry, block, place, leaf) SELECT entry, %s, place - 1, leaf "
    "FROM unnest(%s::bigint[], %s::bytea[]) WITH ORDINALITY AS u (entry, leaf, place) ON CONFLICT DO NOTHING"
)


class AuditBehind(RuntimeError):
    """Transaction numbers have gone back: the data was restored into another cluster, and lianfang_raise_tx() not called."""


@dataclass(frozen=True, slots=True)
class _Span:
    """Transactions to be sealed, as known at a moment; `whole`: no more are ready beyond them."""

    at: datetime
    tx_from: int
    tx_to: int
    whole: bool


def seal_all(worker: Reach) -> int:
    """Seals whatever has committed, a block at a time; answers how many entries that were.

    Entries and blocks keep the database's clock, whatever month a demo lives in: an audit tells when it really was.
    """
    sealed = 0
    while True:
        entries, whole = _seal(worker)
        sealed += entries
        if whole:
            return sealed


def _seal(worker: Reach) -> tuple[int, bool]:
    """One block; (its entries, whether nothing is left)."""
    with reach(worker):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        # Asked before this transaction writes anything, so that it does not hold itself back; and after the lock, so that
        # the last block is seen.
        last = last_block()
        span = _span(last.block.tx_to if last else 0)
        entries = entries_between(span.tx_from, span.tx_to) if span else []
        if span is None or not entries:
            return 0, True
        _write(_chained(last, span, entries), entries)
        return len(entries), span.whole


def _span(begin: int) -> _Span | None:
    """The transactions that the next block takes; None when none of them noted anything."""
    with connection.cursor() as cursor:
        cursor.execute(_BOUNDS)
        oldest, newest, at = cursor.fetchone()
        if newest < begin:
            raise AuditBehind
        cursor.execute(_FIRST, [begin, oldest])
        first = cursor.fetchone()
        if first is None:
            return None
        cursor.execute(_BEYOND, [begin, oldest, LARGEST])
        beyond = cursor.fetchone()
    if beyond is None:
        return _Span(at, begin, oldest, whole=True)
    return _Span(at, begin, max(beyond[0], first[0] + 1), whole=False)


def _chained(last: StoredBlock | None, span: _Span, entries: list[HashedEntry]) -> Block:
    return Block(
        number=last.block.number + 1 if last else 1,
        sealed_at=span.at,
        tx_from=span.tx_from,
        tx_to=span.tx_to,
        entries=len(entries),
        root=root_of([entry.leaf for entry in entries]),
        previous=last.hash if last else BEGINNING,
    )


def _write(block: Block, entries: list[HashedEntry]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _BLOCK,
            [block.number, block.sealed_at, block.tx_from, block.tx_to, block.entries, block.root, block.previous, block.hash],
        )  # fmt: skip
        numbers, leaves = [entry.number for entry in entries], [entry.leaf for entry in entries]
        cursor.execute(_LEAVES, [block.number, numbers, leaves])
