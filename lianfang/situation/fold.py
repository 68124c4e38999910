"""The fold: a reader that tails new records and adds them to the board's cells.

It reads by writing transaction, not by id: everything below the oldest transaction still writing is complete, so no
record is missed or counted twice, however late it comes. One transaction moves the position and the cells together.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from lianfang.kernel.days import day_of, quarter_of
from lianfang.kernel.reach import Reach, reach
from lianfang.situation.contribution import NEW, TOUCHED, contribution
from lianfang.situation.models import FoldPosition

BOARD_CHANGED = "lianfang_board"  # the channel screens listen on; a hint only, they also poll

_ADD = """
INSERT INTO cell (cube, quarter, day, hour, key, passages, vehicles, people)
SELECT cube, %(quarter)s, day, hour, key, {sign}passages, {sign}vehicles, {sign}people FROM ({contribution}) c
ON CONFLICT (cube, quarter, day, hour, key) DO UPDATE SET passages = cell.passages + excluded.passages,
    vehicles = cell.vehicles + excluded.vehicles, people = cell.people + excluded.people
"""
ADD_NEW = _ADD.format(sign="", contribution=contribution(NEW))
ADD_TOUCHED = _ADD.format(sign="", contribution=contribution(TOUCHED))
TAKE_TOUCHED = _ADD.format(sign="-", contribution=contribution(TOUCHED))

_NEW = "EXISTS (SELECT 1 FROM {} WHERE tx >= %(from)s AND tx < %(to)s)"
_ANY_CORRECTION = "SELECT " + _NEW.format("correction")
_ANYTHING = "SELECT " + " OR ".join(_NEW.format(table) for table in ("passage", "registration", "correction"))
_BOUNDS = "SELECT oldest, next, statement_timestamp() FROM lianfang_tx_bounds()"
_LAST = """
INSERT INTO last_record (checkpoint, received_at)
SELECT checkpoint, max(received_at) FROM passage WHERE tx >= %(from)s AND tx < %(bound)s GROUP BY checkpoint
ON CONFLICT (checkpoint) DO UPDATE SET received_at = greatest(last_record.received_at, excluded.received_at)
"""
_NOTE = """
INSERT INTO fold (quarter, tx_from, tx_to, folded_at) VALUES (%(quarter)s, %(from)s, %(bound)s, %(at)s)
ON CONFLICT (quarter) DO UPDATE SET tx_to = excluded.tx_to, folded_at = excluded.folded_at
"""
TOTALS = """
SELECT coalesce(sum(passages), 0), coalesce(sum(vehicles), 0), coalesce(sum(people), 0),
       coalesce(sum(passages) FILTER (WHERE day = %(today)s), 0),
       coalesce(sum(vehicles) FILTER (WHERE day = %(today)s), 0), coalesce(sum(people) FILTER (WHERE day = %(today)s), 0)
FROM cell WHERE cube = 'CHECKPOINT'
"""


HEARTBEAT = timedelta(seconds=1)  # an idle fold still moves the watermark this often


class ClusterChanged(RuntimeError):
    """Transaction numbers have gone back: the data was restored into another cluster, and the cells must be rebuilt."""


@dataclass(frozen=True, slots=True)
class Folded:
    """What one fold did."""

    moved: bool
    watermark: datetime | None
    version: int


def fold(worker: Reach) -> Folded:
    """One step: everything complete since the last step is counted. Cheap when there is nothing."""
    with reach(worker), connection.cursor() as cursor:
        # Taken before this transaction writes anything, so that it does not hold itself back.
        cursor.execute(_BOUNDS)
        oldest, newest, at = cursor.fetchone()
        position = FoldPosition.objects.get(pk=1)
        if newest < position.next_tx:
            raise ClusterChanged
        span = {"from": position.next_tx, "to": oldest, "bound": oldest, "at": at}
        cursor.execute(_ANYTHING, span)
        anything = cursor.fetchone()[0]
        if not anything and position.folded_at is not None and at - position.folded_at < HEARTBEAT:
            return Folded(False, position.watermark, position.version)
        if not _take_turn(position):
            return Folded(False, position.watermark, position.version)
        if oldest > position.next_tx:
            # A clock that goes back must not reopen a quarter-hour that was answered as final.
            span["quarter"] = max(quarter_of(at), quarter_of(position.folded_at or at))
            if anything:
                _count(cursor, span)
            cursor.execute(_NOTE, span)
            position.next_tx = oldest
        _advance(position, oldest=oldest, newest=newest, at=at, moved=anything)
        position.save()
        cursor.execute("SELECT pg_notify(%s, %s)", [BOARD_CHANGED, news(cursor, position, at)])
        return Folded(anything, position.watermark, position.version)


def _take_turn(position: FoldPosition) -> bool:
    """Locks the position; False if another process has folded since it was read."""
    locked = FoldPosition.objects.select_for_update().get(pk=1)
    return locked.next_tx == position.next_tx and locked.folded_at == position.folded_at


def _count(cursor: CursorWrapper, span: dict[str, Any]) -> None:
    """Adds the records in [from, to) to the cells of this quarter-hour, and moves what corrections touched."""
    cursor.execute(ADD_NEW, span)
    cursor.execute(_ANY_CORRECTION, span)
    if cursor.fetchone()[0]:
        cursor.execute(TAKE_TOUCHED, {**span, "bound": span["from"]})
        cursor.execute(ADD_TOUCHED, span)
    cursor.execute(_LAST, span)


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


def news(cursor: CursorWrapper, position: FoldPosition, at: datetime) -> str:
    """What screens are told: small totals, and a version that says whether to ask for the rest."""
    cursor.execute(TOTALS, {"today": day_of(at)})
    passages, vehicles, people, *today = cursor.fetchone()
    return json.dumps(
        {
            "version": position.version,
            "watermark": position.watermark.isoformat() if position.watermark else None,
            "totals": {"passages": passages, "vehicles": vehicles, "people": people},
            "today": {
                "day": day_of(at).isoformat(),
                **dict(zip(("passages", "vehicles", "people"), today, strict=True)),
            },
        }
    )
