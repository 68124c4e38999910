"""Handing over: a reader that tails arrivals with a measure that goes on, later decisions, corrections and refusals.

It reads by writing transaction, as the board's fold does: everything below the oldest transaction still writing is complete.
A slice is one transaction, so that files, referrals and the position stand together or not at all; done again, nobody is
handed over twice.
"""

import time
from datetime import datetime

from django.conf import settings
from django.db import connection

from lianfang.checkpoints.models import Correction
from lianfang.journeys.referring.keeping_up import corrected, fresh, keep_up
from lianfang.journeys.referring.reading import BOUNDS, END, Arrived, arrived, heads, who
from lianfang.journeys.referring.taking_up import follow, hand_over
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach, reach
from lianfang.referrals.models import ReferralPosition

AT_ONCE = 2_000  # records looked through in one transaction
TURN = 1.0  # seconds before others of the schedule have their turn


def refer_when_due(worker: Reach, *, at: datetime | None = None) -> None:
    """What the schedule does: slices for a while."""
    until = time.monotonic() + TURN
    while refer(worker, at=at) and time.monotonic() < until:
        continue


def refer_all(worker: Reach, *, at: datetime | None = None) -> None:
    """Until nothing that is complete is left."""
    while refer(worker, at=at):
        continue


def refer(worker: Reach, *, at: datetime | None = None) -> bool:
    """One slice; whether there may be more. `at` is now by the database's clock and the city's scenario."""
    with reach(worker), connection.cursor() as cursor:
        cursor.execute(BOUNDS)
        oldest, newest, clock = cursor.fetchone()
        position = ReferralPosition.objects.select_for_update().get(pk=1)
        if (
            newest < position.next_tx
        ):  # another cluster's numbers: a restore raises them, and so does `rebuild`
            return False
        start = position.next_tx
        cursor.execute(END, {"from": start, "to": oldest, "at_once": AT_ONCE})
        end = min(max(int(cursor.fetchone()[0]), start + 1), oldest)
        if end <= start:
            return False
        ids = who(cursor, start=start, end=end)
        if ids:
            now = at or clock + settings.SCENARIO
            found = arrived(ids, on=day_of(now))
            _refer(worker, found, fresh(cursor, start=start, end=end), at=now)
        position.next_tx = end
        position.save(update_fields=["next_tx"])
        return end < oldest


def _refer(worker: Reach, found: list[Arrived], corrections: list[Correction], *, at: datetime) -> None:
    known = heads([one.row.id for one in found])
    hand_over(
        worker,
        [one for one in found if one.row.id not in known and one.stays and one.measures],
        at=at,
    )
    follow(worker, [(one, known[one.row.id]) for one in found if one.row.id in known], at=at)
    files = {id: one.person_id for id, one in known.items() if one.person_id}
    keep_up(worker, corrected(corrections, {one.row.id: one.person for one in found}, files), at=at)
