"""The fold: a reader that tails new records and adds them to the board's cells.

It reads by writing transaction, not by id: everything below the oldest transaction still writing is complete, so no
record is missed or counted twice, however late it comes. One transaction moves the position and the cells together.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper

from lianfang.kernel.days import day_of, quarter_of
from lianfang.kernel.reach import Reach, reach
from lianfang.situation.cells import FIGURES, figures, known, read
from lianfang.situation.counting import Span, count, end_of_slice, is_anything_in, remembered_span
from lianfang.situation.cubes import definition
from lianfang.situation.models import ClerkPosition, Fold, FoldPosition

BOARD_CHANGED = "lianfang_board"  # the channel screens listen on; a hint only, they also poll
HEARTBEAT = timedelta(seconds=1)  # an idle fold still moves the watermark this often

_BOUNDS = "SELECT oldest, next, statement_timestamp() FROM lianfang_tx_bounds()"
_LAST = """
INSERT INTO last_record (checkpoint, received_at)
SELECT checkpoint, max(received_at) FROM passage WHERE tx >= %(from)s AND tx < %(to)s GROUP BY checkpoint
ON CONFLICT (checkpoint) DO UPDATE SET received_at = greatest(last_record.received_at, excluded.received_at)
"""
_SENT = """
INSERT INTO last_sent (device_id, received_at, occurred_at)
SELECT DISTINCT ON (device_id) device_id, received_at, occurred_at FROM passage
WHERE tx >= %(from)s AND tx < %(to)s AND device_id IS NOT NULL ORDER BY device_id, received_at DESC
ON CONFLICT (device_id) DO UPDATE SET received_at = excluded.received_at, occurred_at = excluded.occurred_at
WHERE last_sent.received_at <= excluded.received_at
"""
_NOTE = """
INSERT INTO fold (quarter, tx_from, tx_to, folded_at) VALUES (%(quarter)s, %(from)s, %(to)s, %(at)s)
ON CONFLICT (quarter) DO UPDATE SET tx_to = excluded.tx_to, folded_at = excluded.folded_at
"""
_TODAY = [
    f"coalesce(sum({name}) FILTER (WHERE day = %(today)s), 0)::bigint AS {name}_today" for name in FIGURES
]


class ClusterChanged(RuntimeError):
    """Transaction numbers have gone back: the data was restored into another cluster. `lianfang rebuild` mends it."""


@dataclass(frozen=True, slots=True)
class Folded:
    """What one fold did. `behind`: it stopped at a slice's end, and there is more to count at once."""

    moved: bool
    watermark: datetime | None
    version: int
    behind: bool = False


def fold(worker: Reach, *, at: datetime | None = None) -> Folded:
    """One step: what is complete since the last step is counted, a slice at a time. Cheap when there is nothing.

    `at` is now by the database's clock and the city's scenario; a demo that builds its past says when it is.
    """
    with reach(worker), connection.cursor() as cursor:
        # Taken before this transaction writes anything, so that it does not hold itself back.
        cursor.execute(_BOUNDS)
        oldest, newest, clock = cursor.fetchone()
        at = at or clock + settings.SCENARIO
        position = FoldPosition.objects.get(pk=1)
        if newest < position.next_tx:
            raise ClusterChanged
        if position.cubes != definition():
            return _begin_anew(cursor, position)
        again = remembered_span(cursor, position.next_tx)
        if again is not None:
            return _count_again(cursor, position, again)
        anything = is_anything_in(cursor, position.next_tx, oldest)
        resting = not anything and position.folded_at is not None and at - position.folded_at < HEARTBEAT
        if resting or not _take_turn(position):
            return Folded(False, position.watermark, position.version)
        to = end_of_slice(cursor, position.next_tx, oldest) if anything else oldest
        if to > position.next_tx:
            # A clock that goes back must not reopen a quarter-hour that was answered as final.
            quarter = max(quarter_of(at), quarter_of(position.folded_at or at))
            _count_new(cursor, Span(position.next_tx, to, quarter), anything, at)
            position.next_tx = to
        _advance(position, oldest=to, newest=newest, at=at, moved=anything)
        position.save()
        cursor.execute("SELECT pg_notify(%s, %s)", [BOARD_CHANGED, news(position, at)])
        return Folded(anything, position.watermark, position.version, behind=to < oldest)


def catch_up(worker: Reach, *, at: datetime | None = None) -> Folded:
    """Folds until nothing that is complete is left."""
    while (done := fold(worker, at=at)).behind:
        continue
    return done


def _take_turn(position: FoldPosition) -> bool:
    """Locks the position; False if another process has folded since it was read."""
    locked = FoldPosition.objects.select_for_update().get(pk=1)
    return locked.next_tx == position.next_tx and locked.folded_at == position.folded_at


def _count_new(cursor: CursorWrapper, span: Span, anything: bool, at: datetime) -> None:
    values = {**span.parameters, "at": at}
    if anything:
        count(cursor, span, "BOARD")
        cursor.execute(_LAST, values)
        cursor.execute(_SENT, values)
    cursor.execute(_NOTE, values)


def _begin_anew(cursor: CursorWrapper, position: FoldPosition) -> Folded:
    """No cell counts any more; the folds that are remembered say which transactions belong to which quarter-hour."""
    if not _take_turn(position):
        return Folded(False, position.watermark, position.version)
    cursor.execute("TRUNCATE cell, settled_cell")
    first = Fold.objects.order_by("quarter").first()
    position.next_tx = first.tx_from if first else position.next_tx
    position.cubes = definition()
    position.save()
    ClerkPosition.objects.filter(pk=1).update(next_tx=position.next_tx, settled_until=None)
    return Folded(False, position.watermark, position.version, behind=True)


def _count_again(cursor: CursorWrapper, position: FoldPosition, span: Span) -> Folded:
    """A span that was counted once before, into the same quarter-hour."""
    if not _take_turn(position):
        return Folded(False, position.watermark, position.version)
    count(cursor, span, "BOARD")
    position.next_tx = span.to
    position.version += 1
    position.save()
    return Folded(True, position.watermark, position.version, behind=True)


def _advance(position: FoldPosition, *, oldest: int, newest: int, at: datetime, moved: bool) -> None:
    """Moves the watermark: everything committed before it is counted."""
    if oldest >= newest:  # nobody is writing: all that committed before the question is in
        position.watermark = at
    elif oldest >= position.mark_tx and position.mark_at is not None:
        position.watermark = max(position.mark_at, position.watermark or position.mark_at)
    if oldest >= position.mark_tx or position.mark_at is None:
        position.mark_tx, position.mark_at = newest, at
    position.folded_at = max(at, position.folded_at or at)
    position.version += 1 if moved else 0


def news(position: FoldPosition, at: datetime) -> str:
    """What screens are told: small totals, and a version that says whether to ask for the rest."""
    today = day_of(at)
    (sums,) = read("CHECKPOINT", [], known(None), further=_TODAY, today=today)
    return json.dumps(
        {
            "version": position.version,
            "watermark": position.watermark.isoformat() if position.watermark else None,
            "totals": figures(sums),
            "today": {"day": today.isoformat(), **{name: sums[f"{name}_today"] for name in FIGURES}},
        }
    )
