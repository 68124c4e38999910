"""Whatever is done, by whom and in which order: everybody with a measure that goes on stands on one list of somebody.

Walks of random acts on the real database, always the same for their seed: answers of desks and of a grid's phone, late ones
too, placing, moving on, letters, corrections of the record, turn-backs, re-screenings, merged files, households. After each the
background program reads, and everybody is looked for.
"""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections, transaction

from lianfang.command.models import RosterToken
from lianfang.journeys.referring import refer_all
from lianfang.kernel.divisions import span
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import GridReach, Reach, grid_reach, reach
from lianfang.kernel.refusals import Refusal
from lianfang.kernel.tokens import hashed
from lianfang.people.facts import DoorTold
from lianfang.people.models import PersonMerge
from lianfang.people.services import Door, join, merge, move, open_households, undo_merge
from lianfang.referrals import services
from lianfang.referrals.models import Referral, ReferralEvent
from lianfang.referrals.queries import referrals
from lianfang.referrals.services import ReferralNote
from lianfang.referrals.states import ANSWERS, OPEN
from lianfang.referrals.who import people_of
from lianfang.screening.book import AFFECTED_AREAS
from tests import factories
from tests.doors.test_grid_roster_rescreened import _ASKED, _DECIDED, _TURNED
from tests.factories import ANSHAN, HAICHENG, XIUYAN, Generated
from tests.journeys.conftest import NOW, Gate

VILLAGE, OTHER, NEXT_COUNTY, BEYOND = "210381101200", "210381112201", "210323101200", "210782106253"
PLACES = (VILLAGE, OTHER, NEXT_COUNTY, BEYOND, HAICHENG)
MINUTE = timedelta(minutes=1)
RULES = AFFECTED_AREAS.hash
LISTS = {state: "UNACCEPTED" if state == "SENT" else str(state) for state in (*OPEN, "ARRIVED")}
QUARANTINE = {"kind": "QUARANTINE", "row": "R2", "place": "CENTRAL"}


@dataclass
class Came:
    """An arrival as its record stands, and what an officer has decided about it."""

    passage: str
    direction: str = "IN"
    turned_back: bool = False
    measured: bool = True
    withdrawn: bool = False  # by an officer, and no measure was added since
    terms: int = 0
    unread: bool = False  # a measure was added that the background program has not read yet

    @property
    def is_here(self) -> bool:
        return self.direction == "IN" and not self.turned_back and self.measured


@dataclass
class Walk:
    gate: Gate
    chance: random.Random
    at: datetime = NOW
    came: dict[UUID, Came] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.city = factories.officer("HEADQUARTERS", ANSHAN, name="指挥部")
        self.counties = [factories.officer("COUNTY_DESK", code) for code in (HAICHENG, XIUYAN)]
        self.desks = [*self.counties, *(factories.officer("TOWNSHIP_DESK", code[:9]) for code in PLACES[:3])]
        lo, hi = span(VILLAGE)
        made = RosterToken.objects.create(
            name="网格员", division=VILLAGE, lo=lo, hi=hi, token_hash=hashed("walk"), code_expires_at=NOW, invited_at=NOW,
            invited_by_id=self.counties[0].officer_id, enrolled_at=NOW, expires_at=NOW + timedelta(days=9),
        )  # fmt: skip
        self.phone = (made.id, hashed("walk"), lo, hi)

    # What may happen

    def arrive(self) -> None:
        measured = self.chance.random() < 0.8
        origin = "420100" if measured else "210100"
        party = [
            {
                "from_code": origin,
                "destination": self.chance.choice([*({"code": code} for code in PLACES), None]),
            }
            for _ in range(self.chance.choice((1, 1, 3)))
        ]
        ids = self.gate.register(*party, received=self.at)
        for id in ids:
            self.came[UUID(id)] = Came(self.gate.passage, measured=measured)

    def answer(self) -> None:
        kind = self.chance.choice(["ACCEPTED", "CALLED", *map(str, ANSWERS[:3])])
        self._act(services.answer, None, kind=kind)

    def answer_by_phone(self) -> None:
        kind = self.chance.choice(["ACCEPTED", *map(str, ANSWERS[:3])])
        self._act(services.answer, self._phone(), kind=kind, occurred_at=self._earlier())

    def place(self) -> None:
        self._act(services.place, None, destination=self.chance.choice(PLACES), city=ANSHAN)

    def move_on(self) -> None:
        self._act(services.move_on, None, destination=self.chance.choice(PLACES), city=ANSHAN)

    def move_on_by_phone(self) -> None:
        said = {"destination": self.chance.choice(PLACES), "city": ANSHAN, "occurred_at": self._earlier()}
        self._act(services.move_on, self._phone(), **said)

    def write(self) -> None:
        kind = self.chance.choice(["LETTER_SENT", "LETTER_ANSWERED", "LETTER_RETURNED"])
        self._act(services.write_letter, None, kind=kind)

    def withdraw(self) -> None:
        one = self._act(services.withdraw, None, written=ReferralNote("重复登记"))
        if one is not None:
            came = self.came[one.registration_id]
            came.withdrawn = not came.unread  # whoever withdrew him did not know of it

    def correct_where_to(self) -> None:
        self._correct(str(self._somebody()), {"destination": {"code": self.chance.choice(PLACES)}})

    def correct_something_else(self) -> None:
        self._correct(str(self._somebody()), {"phone": "13900001234"})

    def correct_the_direction(self) -> None:
        passage = self.came[self._somebody()].passage
        fellows = [one for one in self.came.values() if one.passage == passage]
        direction = "OUT" if fellows[0].direction == "IN" else "IN"
        self._correct(passage, {"direction": direction})
        for one in fellows:
            one.direction = direction

    def turn_back(self) -> None:
        id = self._somebody()
        if not self.came[id].turned_back:
            self._owner(_TURNED, ["TURNED_BACK", id])
            self.came[id].turned_back = True

    def rescreen(self) -> None:
        """Another term for one of them, as a re-screening writes it down."""
        id, asked = self._somebody(), uuid7()
        one = self.came[id]
        one.terms += 1
        more = QUARANTINE | {"days": 14 + one.terms}
        self._owner(_ASKED, [asked])
        self._owner(_DECIDED, [asked, RULES, ["QUARANTINE"], json.dumps([more]), ["QUARANTINE"], self.at, id])
        one.measured, one.withdrawn, one.unread = True, False, True

    def merge_files(self) -> None:
        files = [one.person_id for one in self._referrals() if one.person_id]
        if len(files) > 1:
            kept, merged = self.chance.sample(files, 2)
            with self._refusing():
                merge(by=self.city, at=self.at, kept=kept, merged=merged, reason="同一人")

    def part_files(self) -> None:
        made = list(PersonMerge.objects.using("owner").filter(undone_at=None).values_list("pk", flat=True))
        if made:
            with self._refusing():
                undo_merge(by=self.city, at=self.at, id=self.chance.choice(made))

    def settle_in(self) -> None:
        """Into a household, or from one into another."""
        one = self._referral()
        with self._refusing():
            by = self._desk()
            (home,) = open_households(by=by, at=self.at, doors=[Door(VILLAGE, DoorTold(address="丰台路"))])
            if one is not None and one.person_id:
                act = self.chance.choice((join, move))
                act(by=by, at=self.at, person=one.person_id, household=home.id, relation="HEAD")

    # Round it

    def step(self) -> None:
        acts: list[Callable[[], None]] = [
            self.arrive, self.answer, self.answer, self.answer_by_phone, self.answer_by_phone, self.place, self.move_on,
            self.move_on_by_phone, self.write, self.write, self.withdraw, self.correct_where_to,
            self.correct_something_else, self.correct_the_direction, self.turn_back, self.rescreen, self.merge_files,
            self.part_files, self.settle_in,
        ]  # fmt: skip
        act = self.chance.choice(acts) if len(self.came) > 3 else self.arrive
        self.at += self.chance.choice((1, 7, 50)) * MINUTE
        self.done.append(act.__name__)
        act()

    def read(self) -> None:
        refer_all(self.gate.worker, at=self.at)
        for one in self.came.values():
            one.unread = False

    def _act(self, act: Callable[..., Any], by: GridReach | None, **said: Any) -> Referral | None:
        """One act on a referral of anybody, mostly by a desk of its own; many are refused, since it stands otherwise."""
        one = self._referral()
        if one is None:
            return None
        by = by or self._desk(one)
        with self._refusing(), grid_reach(by) if isinstance(by, GridReach) else reach(by):
            act(by=by, at=self.at, id=uuid7(), referral=one.id, **said)
            return one
        return None

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        try:
            with transaction.atomic():
                yield
        except Refusal as refusal:
            self.done[-1] += f" ({refusal.code})"

    def _desk(self, one: Referral | None = None) -> Reach:
        own = [desk for desk in self.desks if one is not None and desk.holds(one.answerable)]
        return self.chance.choice(own if own and self.chance.random() < 0.8 else [*self.desks, self.city])

    def _phone(self) -> GridReach:
        return GridReach(*self.phone, self.at)

    def _earlier(self) -> datetime:
        return self.at - self.chance.choice((0, 3, 90)) * MINUTE

    def _somebody(self) -> UUID:
        return self.chance.choice([*self.came])

    def _referrals(self) -> list[Referral]:
        return list(Referral.objects.using("owner").order_by("sent_at", "id"))

    def _referral(self) -> Referral | None:
        found = [one for one in self._referrals() if one.state != "MOVED_ON"]
        return self.chance.choice(found) if found else None

    def _correct(self, of: str, fields: dict[str, Any]) -> None:
        self.gate.seed += 1
        made = Generated(self.gate.seed, at=self.at)
        self.gate.send(made.parcel(made.correction(of, fields)), self.at + MINUTE)

    def _owner(self, statement: str, values: list[Any]) -> None:
        with connections["owner"].cursor() as cursor:
            cursor.execute(statement, values)

    # What must be true

    def look(self) -> None:
        """Everybody stands where he stands, and is seen there by name."""
        stand: dict[UUID, list[Referral]] = {id: [] for id in self.came}
        for one in self._referrals():
            stand[one.registration_id].append(one)
        listed = {desk.session: self._listed(desk) for desk in self.counties}
        for id, came in self.came.items():
            heads = [one for one in stand[id] if one.state != "MOVED_ON"]
            if not came.is_here:
                assert all(one.state == "WITHDRAWN" for one in heads), self._told(id)
                continue
            assert len(heads) == 1, self._told(id)
            (head,) = heads
            assert (head.state == "WITHDRAWN") == came.withdrawn, self._told(id)
            if not came.withdrawn:
                self._is_listed(head, listed)

    def _is_listed(self, head: Referral, listed: dict[str, dict[tuple[str, bool], dict[UUID, bool]]]) -> None:
        """Where he is headed; and with whoever sent him from elsewhere, until he is found."""
        for desk in self.counties:
            here = desk.holds(head.jurisdiction)
            sent = (desk.holds(head.sender) or desk.holds(head.origin)) and not here
            for asked, expected in ((False, here), (True, sent)):
                found = listed[desk.session][LISTS[head.state], asked]
                assert (head.id in found) == expected, self._told(head.registration_id)
                if expected:
                    assert found[head.id], ("his file is not seen", self._told(head.registration_id))

    def _listed(self, desk: Reach) -> dict[tuple[str, bool], dict[UUID, bool]]:
        """List → whoever stands on it, and whether it says who he is."""
        found = {}
        with reach(desk) as seen:
            for which in {*LISTS.values()}:
                for sent in (False, True):
                    page = referrals(seen, which=which, at=self.at, level="COUNTY", sent=sent)
                    assert page.after is None
                    people = people_of(seen, page.referrals, at=self.at)
                    found[which, sent] = {one.id: one.person_id in people for one in page.referrals}
        return found

    def _told(self, id: UUID) -> str:
        chain = [f"{one.state} {one.destination}" for one in self._referrals() if one.registration_id == id]
        events = ReferralEvent.objects.using("owner").filter(
            referral_id__in=Referral.objects.using("owner").filter(registration_id=id).values("pk")
        )
        told = [f"{event.kind}→{event.state}" for event in events.order_by("received_at", "id")]
        return f"{self.came[id]} {chain} {told} after {' · '.join(self.done[-12:])}"


@pytest.fixture
def walk(gate: Gate) -> Callable[[int], Walk]:
    factories.checkpoint("OTHER", division=XIUYAN)  # the city is the two counties
    return lambda seed: Walk(gate, random.Random(seed))


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_done_everybody_stands_on_a_list_of_somebody(
    walk: Callable[[int], Walk], seed: int
) -> None:
    going = walk(seed)
    for number in range(50):
        going.step()
        if number % 3 == 2:
            going.read()
            going.look()
    assert len(going.came) > 3
