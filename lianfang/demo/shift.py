"""The shift that runs in the demo city when it opens: crews and phones at the barriers, paper on the desk."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from lianfang.checkpoints.models import Device
from lianfang.command.models import Officer
from lianfang.command.queries import session_reach
from lianfang.command.services import close_session, open_session
from lianfang.demo.crews import crews_of_today, hand_shifts_over, phones_report
from lianfang.demo.duties import CITY, NAME, duties_of_the_city
from lianfang.demo.outbox import LanePhone
from lianfang.demo.pads import paper_of_the_city
from lianfang.kernel.reach import Reach

FOR_A_MOMENT = timedelta(minutes=10)


def begin_shift(devices: Mapping[LanePhone, Device], *, at: datetime, giver: str, taker: str) -> None:
    """By the officers of these sign-in names: who hands a checkpoint over and types paper, and who will accept."""
    crews_of_today(devices, at=at)
    phones_report(devices, at=at)
    with _signed_in(giver) as one, _signed_in(taker) as other:
        if one is not None and other is not None:
            paper_of_the_city(one, other, at=at)
            hand_shifts_over(one, other, at=at)


def begin_duty(*, at: datetime, keeper: str, other: str, city: str = CITY, name: str = NAME) -> None:
    """By the officers of these sign-in names: who keeps the plan of duty, and who hands over and asks for a swap."""
    with _signed_in(keeper) as one, _signed_in(other) as two:
        if one is not None and two is not None:
            duties_of_the_city(one, two, at=at, city=city, name=name)


@contextmanager
def _signed_in(name: str) -> Iterator[Reach | None]:
    officer = Officer.objects.filter(sign_in_name=name).first()
    if officer is None:
        yield None
        return
    session = open_session(officer_id=officer.id, kind="DESK", lasts=FOR_A_MOMENT, idle=FOR_A_MOMENT)
    try:
        yield session_reach(session)
    finally:
        close_session(session=session)
