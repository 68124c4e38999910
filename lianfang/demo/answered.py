"""What desks and grid workers did about those who were handed over: most were found at home, a few were not.

By the acts themselves, at their moments, in the name of the officer of a desk.
"""

import heapq
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

from lianfang.checkpoints.queries.city import answering_city
from lianfang.command.models import Officer
from lianfang.command.queries import session_reach
from lianfang.command.services import close_session, open_session, worker_session
from lianfang.demo.chance import Weighted, new_id, pick
from lianfang.journeys.observing.ordering import order_all
from lianfang.journeys.referring import refer_all
from lianfang.kernel.ids import derived
from lianfang.kernel.reach import Reach, reach
from lianfang.referrals.models import Referral, WaitingFact
from lianfang.referrals.services import answer, close_waiting, move_on, write_letter
from lianfang.referrals.states import Kind

FOR_A_MOMENT = timedelta(minutes=30)
MINUTE = timedelta(minutes=1)
# What becomes of somebody, in the order of the acts; whoever is forgotten stands on the lists of those above.
FOUND, UNDER_WAY = (Kind.ACCEPTED, Kind.ARRIVED), (Kind.ACCEPTED,)
COURSES = Weighted(
    [
        (FOUND, 840), ((Kind.ARRIVED,), 60), (UNDER_WAY, 22), ((Kind.ACCEPTED, Kind.NOT_HERE), 13), ((), 20),
        ((Kind.ACCEPTED, Kind.WRONG_ADDRESS), 16), ((Kind.ACCEPTED, Kind.ARRIVED, Kind.MOVED_ON), 18),
        ((Kind.ACCEPTED, Kind.NOT_HERE, Kind.ARRIVED), 20),
    ]
)  # fmt: skip
BEYOND = Weighted([((Kind.LETTER_SENT,), 30), ((Kind.LETTER_SENT, Kind.LETTER_ANSWERED), 60), ((), 10)])
LETTERS = (Kind.LETTER_SENT, Kind.LETTER_ANSWERED)
# How long an act takes after the one before, in minutes, at least and at most.
TAKES = {Kind.ACCEPTED: (4, 110), Kind.MOVED_ON: (1500, 6000), Kind.LETTER_SENT: (60, 600), Kind.LETTER_ANSWERED: (1200, 2600)}  # fmt: skip
AT_A_DOOR = (20, 500)
TOWNSHIP_DIGITS = 9


class _Due(NamedTuple):
    """An act that happens at a moment, and those that follow it."""

    at: datetime
    referral: UUID
    kinds: tuple[Kind, ...]


class DoorAnswers:
    """Hands over whoever has arrived, and does what is due until a moment; the same seed does the same."""

    def __init__(self, officer: str, *, seed: int = 2020) -> None:
        self._officer = officer
        self._chance = Random(f"{seed} doors")
        self._due: list[_Due] = []
        self._last = UUID(int=0)
        self._places: list[str] = []

    def answered_until(self, at: datetime) -> None:
        """`at`: the end of a step of the past; whoever arrived in it is handed over then."""
        worker = worker_session()
        refer_all(worker, at=at)
        order_all(worker, at)
        with reach(worker):
            arrived = Referral.objects.filter(previous_id=None, id__gt=self._last)
            new = list(arrived.order_by("registration_id"))  # drawn by the seed; the referral's own id is not
            city = answering_city(worker)
        for one in new:
            self._last = max(self._last, one.id)
            self._plan(one.id, BEYOND if one.outside else COURSES, one.sent_at)
        self._places += [
            one.destination for one in new if one.destination and len(one.destination) > TOWNSHIP_DIGITS
        ]
        self._act_until(at, city)

    def _plan(self, referral: UUID, courses: Weighted[tuple[Kind, ...]], since: datetime) -> None:
        self._put(referral, courses.draw(self._chance), since)

    def _put(self, referral: UUID, kinds: tuple[Kind, ...], since: datetime) -> None:
        if kinds:
            least, most = TAKES.get(kinds[0], AT_A_DOOR)
            heapq.heappush(
                self._due, _Due(since + self._chance.randrange(least, most) * MINUTE, referral, kinds)
            )

    def _act_until(self, at: datetime, city: str | None) -> None:
        officer = Officer.objects.filter(sign_in_name=self._officer).first()
        if officer is None:  # a city without its officers: nobody answers
            return
        session = open_session(officer_id=officer.id, kind="DESK", lasts=FOR_A_MOMENT, idle=FOR_A_MOMENT)
        found = session_reach(session)
        try:
            if found is not None:
                with reach(found) as by:
                    while self._due and self._due[0].at <= at:
                        self._act(by, heapq.heappop(self._due), city)
                    _seen_at_clinics(by, at)
        finally:
            close_session(session=session)

    def _act(self, by: Reach, due: _Due, city: str | None) -> None:
        kind, id = due.kinds[0], UUID(new_id(self._chance, int(due.at.timestamp() * 1000)))
        if kind in LETTERS:
            write_letter(by=by, at=due.at, id=id, referral=due.referral, kind=kind)
        elif kind == Kind.MOVED_ON:
            place = self._elsewhere(due.referral)
            if place is None:
                return
            move_on(by=by, at=due.at, id=id, referral=due.referral, destination=place, city=city)
            self._plan(derived(id, 1), COURSES, due.at)
        else:
            answer(by=by, at=due.at, id=id, referral=due.referral, kind=kind)
        self._put(due.referral, due.kinds[1:], due.at)

    def _elsewhere(self, referral: UUID) -> str | None:
        """Another village or grid than where he is; None as long as nobody went to another one."""
        now = Referral.objects.values_list("destination", flat=True).get(pk=referral)
        others = [code for code in self._places if code != now]
        return pick(self._chance, others) if others else None


def _seen_at_clinics(by: Reach, at: datetime) -> None:
    """Of twenty whom a clinic was told of, nineteen were seen within the day."""
    told = WaitingFact.objects.filter(
        room=WaitingFact.Room.CLINIC, closed_at=None, since__lt=at - timedelta(hours=18)
    )
    for one in told:
        if one.id.int % 20:
            close_waiting(by=by, at=at, id=one.id, outcome="SEEN")
