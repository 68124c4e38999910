"""Walking the chain: every leaf, root and hash computed anew from the entries, and whatever differs told by number."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.backends.utils import CursorWrapper

from lianfang.kernel.audit.acts import Act
from lianfang.kernel.audit.chain import BEGINNING, root_of
from lianfang.kernel.audit.heads import Head
from lianfang.kernel.audit.noting import note
from lianfang.kernel.audit.rows import (
    HashedEntry,
    StoredBlock,
    blocks_after,
    entries_between,
    last_block,
    leaves_of,
    require_audit,
)
from lianfang.kernel.reach import Reach, reach
from lianfang.machine.progress import Silent, Telling

BLOCKS_AT_ONCE = 2_000
ENTRIES_AT_ONCE = 50_000

# What can be wrong, the gravest first. Of entries by their numbers: CHANGED, REMOVED, ADDED, MOVED to another transaction
# (and so to another place), LOOSE where their block is gone, LEAF where the entry is sound and the hash kept beside it is
# not. Of blocks: BLOCK_CHANGED, BLOCK_REMOVED, BLOCK_UNCLEAR where neither entries nor leaves give the root.
KINDS = (
    "CHANGED", "REMOVED", "ADDED", "MOVED", "LOOSE", "LEAF", "BLOCK_CHANGED", "BLOCK_REMOVED", "BLOCK_UNCLEAR",
    "HEAD_MISSING",
)  # fmt: skip

_WAITING = "SELECT count(*), min(at), min(number) FROM audit_entry WHERE tx >= %s"
_STANDING = "SELECT number FROM audit_entry WHERE number = ANY(%s)"
_HASHES = "SELECT number, hash FROM audit_block WHERE number = ANY(%s)"


class Unsealed(NamedTuple):
    """Entries that stand in no block yet, and the oldest of them."""

    entries: int
    oldest_at: datetime | None
    oldest: int | None


ALL_SEALED = Unsealed(0, None, None)


@dataclass(slots=True)
class Verified:
    """What was walked through and what was found; `wrong` holds numbers by kind. `head` is the last block walked to."""

    blocks: int = 0
    entries: int = 0
    head: Head | None = None
    waiting: Unsealed = ALL_SEALED
    wrong: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    @property
    def sound(self) -> bool:
        return not any(self.wrong.values())

    @property
    def found(self) -> list[tuple[str, list[int]]]:
        """What is wrong, the gravest first."""
        return [(kind, sorted(self.wrong[kind])) for kind in KINDS if self.wrong.get(kind)]


def verify(
    by: Reach, *, blocks: int | None = None, heads: Sequence[Head] = (), progress: Telling | None = None
) -> Verified:
    """Walks the whole chain, or its last `blocks`; `heads` are those exported earlier, which it must still contain."""
    progress = progress or Silent()
    result = Verified()
    with reach(by):
        require_audit()
        last = last_block()
        _look_for(heads, result)
    if last is not None:
        result.head = Head(last.block.number, last.block.sealed_at, last.hash)
        first = max(1, last.block.number - blocks + 1) if blocks else 1
        for page, before in _pages(by, first, last.block.number):
            with reach(by):
                _verify_page(page, before, result, whole=first == 1)
            progress.count(page[-1].block.number - first + 1, last.block.number - first + 1)
    with reach(by), connection.cursor() as cursor:
        _tell_moved(result)
        result.waiting = unsealed(cursor, last)
    return result


def unsealed(cursor: CursorWrapper, last: StoredBlock | None) -> Unsealed:
    """What was written after the last block."""
    cursor.execute(_WAITING, [last.block.tx_to if last else 0])
    return Unsealed(*cursor.fetchone())


def noted_verify(
    reader: Reach,
    *,
    by: Reach | None,
    blocks: int | None = None,
    heads: Sequence[Head] = (),
    progress: Telling | None = None,
) -> Verified:
    """The same, noted as an act of `by` (None: the server's command line)."""
    found = verify(reader, blocks=blocks, heads=heads, progress=progress)
    told = {"blocks": found.blocks, "whole": blocks is None, "heads": len(heads)}
    wrong = {kind: len(numbers) for kind, numbers in found.found}
    note(Act.AUDIT_VERIFIED, by=by, count=found.entries, details={**told, "wrong": wrong})
    return found


def _look_for(heads: Sequence[Head], result: Verified) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_HASHES, [[head.number for head in heads]])
        stand = {number: bytes(hash_) for number, hash_ in cursor.fetchall()}
    result.wrong["HEAD_MISSING"] = [head.number for head in heads if stand.get(head.number) != head.hash]


def _pages(by: Reach, first: int, last: int) -> Iterator[tuple[list[StoredBlock], StoredBlock | None]]:
    """Blocks in their order, some at a time, each time with the one before them."""
    with reach(by):
        before = next(iter(blocks_after(first - 2, until=first - 1, limit=1)), None)
    after = first - 1
    while after < last:
        with reach(by):
            page = _page(after, last)
        if not page:
            return
        yield page, before
        before = page[-1]
        after = before.block.number


def _page(after: int, last: int) -> list[StoredBlock]:
    found = blocks_after(after, until=last, limit=BLOCKS_AT_ONCE)
    entries = 0
    for place, stored in enumerate(found, 1):
        entries += stored.block.entries
        if entries >= ENTRIES_AT_ONCE:
            return found[:place]
    return found


def _verify_page(
    page: list[StoredBlock], before: StoredBlock | None, result: Verified, *, whole: bool
) -> None:
    begin = before.block.tx_to if before else 0 if whole else page[0].block.tx_from
    entries = entries_between(begin, page[-1].block.tx_to)
    leaves = leaves_of(page[0].block.number, page[-1].block.number)
    by_tx = [entry.tx for entry in entries]
    at = 0
    for stored in page:
        block = stored.block
        _verify_link(stored, before, result, whole=whole)
        if stored.hash != block.hash:
            result.wrong["BLOCK_CHANGED"].append(block.number)
        start, end = max(at, bisect_left(by_tx, block.tx_from)), bisect_left(by_tx, block.tx_to)
        result.wrong["LOOSE"] += [entry.number for entry in entries[at:start]]
        _verify_entries(stored, entries[start:end], leaves.get(block.number, {}), result)
        at, before = max(start, end), stored
    result.blocks += len(page)
    result.entries += len(entries)


def _verify_link(stored: StoredBlock, before: StoredBlock | None, result: Verified, *, whole: bool) -> None:
    """To the block before: its number, its transactions and its hash go on from there."""
    block = stored.block
    expected = before.block.number + 1 if before else 1 if whole else block.number - 1
    if block.number != expected:
        result.wrong["BLOCK_REMOVED"] += range(expected, block.number)
    elif block.previous != (before.hash if before else BEGINNING) or block.tx_from != (
        before.block.tx_to if before else 0
    ):
        result.wrong["BLOCK_CHANGED"].append(before.block.number if before else block.number)


def _verify_entries(
    stored: StoredBlock, entries: Sequence[HashedEntry], leaves: Mapping[int, bytes], result: Verified
) -> None:
    stand = {entry.number: entry.leaf for entry in entries}
    root = stored.block.root
    sound = bool(entries) and root_of([entry.leaf for entry in entries]) == root
    if sound and list(leaves.items()) == list(stand.items()):
        return
    if sound:
        result.wrong["LEAF"] += _odd_leaves(stand, leaves)
        return
    both = stand.keys() & leaves.keys()
    changed = [number for number in both if stand[number] != leaves[number]]
    removed, added = leaves.keys() - both, stand.keys() - both
    result.wrong["CHANGED"] += changed
    result.wrong["REMOVED"] += removed
    result.wrong["ADDED"] += added
    if not leaves or root_of(list(leaves.values())) != root:  # the leaves are no witness any more
        result.wrong["BLOCK_UNCLEAR"].append(stored.block.number)


def _odd_leaves(stand: Mapping[int, bytes], leaves: Mapping[int, bytes]) -> list[int]:
    """Entries whose leaf is missing, another, or in another place; and leaves of no entry."""
    odd = {number for number in stand.keys() | leaves.keys() if stand.get(number) != leaves.get(number)}
    both = [number for number in leaves if number in stand]
    odd |= {one for one, other in zip(both, [n for n in stand if n in leaves], strict=True) if one != other}
    return sorted(odd)


def _tell_moved(result: Verified) -> None:
    """What is missing in its place and stands in another was moved, not removed."""
    removed = result.wrong["REMOVED"]
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [removed])
        moved = {number for (number,) in cursor.fetchall()}
    result.wrong["MOVED"] = list(moved)
    for kind in ("REMOVED", "ADDED", "LOOSE"):
        result.wrong[kind] = [number for number in result.wrong[kind] if number not in moved]
