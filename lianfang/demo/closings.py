"""Shifts closed by hand, as in a city that has lived: most agree, a few differ and say why, some gates are late."""

from datetime import datetime, timedelta
from random import Random

from lianfang.checkpoints.models import Checkpoint
from lianfang.checkpoints.services import close_shift
from lianfang.checkpoints.shifts import SHIFTS, Recorded, Shift, Tally, was_open
from lianfang.command.models import Officer
from lianfang.command.queries import session_reach
from lianfang.command.services import open_session, sign_out
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach, reach
from lianfang.situation.cells import Known, known
from lianfang.situation.shifts import recorded_by_shift

DAYS = 3
LATE = ("HC10", "HC14", "HC18")  # far from the town: nobody has brought yesterday's count yet
EXPLANATIONS = ("夜里停电，手工多记了一辆", "一辆救护车先放行，尚未补录", "一辆车折返，手工记了两次")
FOR_A_MOMENT = timedelta(minutes=10)


def close_past_shifts(closer: str, *, at: datetime) -> None:
    """The days before today, by the officer of that sign-in name; nothing where there is none."""
    officer = Officer.objects.filter(sign_in_name=closer).first()
    if officer is None:
        return
    session = open_session(officer_id=officer.id, kind="DESK", lasts=FOR_A_MOMENT, idle=FOR_A_MOMENT)
    found = session_reach(session)
    if found is not None:
        with reach(found) as by:
            _close(by, known(None), at=at)
    sign_out(session=session)


def _close(by: Reach, what: Known, *, at: datetime) -> None:
    chance = Random(20200213)
    posts = list(Checkpoint.objects.filter(tier=Checkpoint.Tier.BORDER, closed_at=None).order_by("code"))
    for back in range(DAYS, 0, -1):
        day = day_of(at) - timedelta(days=back)
        recorded = recorded_by_shift(what, day=day)
        for post in posts:
            if back == 1 and post.code in LATE:
                continue
            for shift in SHIFTS:
                if was_open(post, day, shift):
                    _close_one(
                        by, post.code, shift, recorded.get((post.code, shift.code)), what, chance, at, back
                    )


def _close_one(
    by: Reach,
    checkpoint: str,
    shift: Shift,
    there: Tally | None,
    what: Known,
    chance: Random,
    at: datetime,
    back: int,
) -> None:
    more = 1 if there and chance.random() < 0.06 else 0
    hand = Tally(there.vehicles + more, there.people + more) if there else Tally(0, 0)
    zero = hand == Tally(0, 0)
    if zero and there:
        return  # only people who left: nothing to compare by hand
    close_shift(
        by=by,
        at=at,
        checkpoint=checkpoint,
        day=day_of(at) - timedelta(days=back),
        shift=shift.code,
        hand_vehicles=hand.vehicles,
        hand_people=hand.people,
        recorded=Recorded(there.vehicles, there.people, what.watermark)
        if there
        else Recorded(None, None, what.watermark),
        zero=zero,
        explanation=chance.choice(EXPLANATIONS) if more else "",
    )
