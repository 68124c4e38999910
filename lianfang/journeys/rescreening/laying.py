"""Laying facts: a reader that tails registrations and corrections, and lays what rules ask about them as narrow rows.

It reads by writing transaction, as the board's fold does: everything below the oldest transaction still writing is
complete. It waits until thousands have come, or a day has passed, or somebody wants to re-screen: rows that are laid
together lie ordered by place, so that whoever stayed in an area is found on few pages.
"""

import time
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper

from lianfang.journeys.rescreening.laid import (
    ANYBODY,
    FORGET,
    LAY_NEW,
    LAY_TOUCHED,
    LIFT_TOUCHED,
    ROOM,
    WAITING,
)
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach, reach
from lianfang.screening.models import Rescreening, ScreeningFact, ScreeningPosition

KEPT_DAYS = 60  # arrivals of so many days can be screened again
AT_ONCE = 10_000  # records laid in one transaction
PATIENCE = timedelta(hours=24)  # the few that came on a quiet day wait no longer
TURN = 1.5  # seconds of laying before others of the schedule have their turn

_BOUNDS = "SELECT oldest, next, statement_timestamp() FROM lianfang_tx_bounds()"


def lay_when_due(worker: Reach, *, at: datetime | None = None) -> None:
    """What the schedule does: slices of ten thousand for a while, and what is left once a day."""
    until = time.monotonic() + TURN
    while time.monotonic() < until and lay(worker, at=at, patiently=True):
        continue


def lay_all(worker: Reach, *, at: datetime | None = None) -> None:
    """Until nothing that is complete is left."""
    while lay(worker, at=at):
        continue


def lay(worker: Reach, *, at: datetime | None = None, patiently: bool = False) -> bool:
    """One slice; whether there may be more. `patiently`: not for the sake of a few that came just now.

    `at` is now by the database's clock and the city's scenario.
    """
    with reach(worker), connection.cursor() as cursor:
        cursor.execute(_BOUNDS)
        oldest, newest, clock = cursor.fetchone()
        at = at or clock + settings.SCENARIO
        position = ScreeningPosition.objects.select_for_update().get(pk=1)
        if (
            newest < position.next_tx
        ):  # another cluster's numbers: the board's fold says so, `rebuild` mends it
            return False
        start, end = position.next_tx, _end(cursor, position.next_tx, oldest)
        if patiently and end == oldest and position.laid_at and at - position.laid_at < PATIENCE:
            return False
        if end > start:
            _lay(cursor, start, end, at)
            position.next_tx = end
        if end == oldest:
            position.laid_at = at
        position.save()
        return end < oldest


def lay_anew(worker: Reach, *, at: datetime | None = None) -> None:
    """Every fact from the records, as after a restore into another cluster, whose transaction numbers begin elsewhere.

    They lie on other pages then: what is being counted is counted anew, what is being carried out looks at everybody once more.
    """
    with reach(worker):
        ScreeningPosition.objects.select_for_update().get(pk=1)
        ScreeningFact.objects.all().delete()
        ScreeningPosition.objects.update(next_tx=0, laid_at=None)
        Rescreening.objects.filter(state="DRY_RUN", counted_at=None).update(counts={})
        Rescreening.objects.filter(state="RUNNING").update(position=0, position_id=None)
    lay_all(worker, at=at)


def forget_old(worker: Reach, *, at: datetime) -> int:
    """Arrivals of before the last sixty days."""
    with reach(worker), connection.cursor() as cursor:
        cursor.execute(FORGET, {"since": _since(at)})
        return int(cursor.rowcount)


def _since(at: datetime) -> date:
    return day_of(at) - timedelta(days=KEPT_DAYS - 1)


def _end(cursor: CursorWrapper, start: int, oldest: int) -> int:
    """Where the slice must end that begins at `start`, so that it is laid quickly."""
    cursor.execute(WAITING, {"from": start, "to": oldest, "at_once": AT_ONCE})
    return min(max(int(cursor.fetchone()[0]), start + 1), oldest)


def _lay(cursor: CursorWrapper, start: int, end: int, at: datetime) -> None:
    values: dict[str, int | date] = {"from": start, "to": end, "since": _since(at)}
    cursor.execute(ROOM)
    cursor.execute(LAY_NEW, values)
    cursor.execute(ANYBODY, values)
    if cursor.fetchone()[0]:
        cursor.execute(LIFT_TOUCHED, values)
        cursor.execute(LAY_TOUCHED, values)
