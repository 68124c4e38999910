"""Every page of the rooms of hand-over asks as many questions with three of everything as with one.

The pages come from the street map: one that is added to these rooms is walked here too, or the walk says what it lacks.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, reverse

from lianfang.command.models import GridStaff, Overlay
from lianfang.command.services import Official, assign_responsible, invite_grid_worker
from lianfang.doors.hq.referrals import RECEIVED, SENT
from lianfang.kernel.divisions import span
from lianfang.kernel.reach import reach
from lianfang.people.models import Person
from lianfang.referrals.models import Referral
from lianfang.referrals.services import ReferralNote, print_sheet, write_letter
from lianfang.regions.models import Region
from tests import factories
from tests.doors.desk import City, at_desk
from tests.doors.handed import BEYOND, NEXT_COUNTY, VILLAGE, Handed, handed  # noqa: F401 -- the fixture
from tests.doors.test_default_deny import addresses
from tests.doors.test_hq_people import at_home, opened
from tests.factories import HAICHENG, Json
from tests.staffed import Staffed, noon, staffed

ROOMS = re.compile(r"desk$|desk/(referrals|waiting|people|households|responsibility|duty|grid-workers)\b")
STATES = ("ACCEPTED", "ARRIVED", "NOT_HERE", "WRONG_ADDRESS", "MOVED_ON", "SENT")
HOUR = timedelta(hours=1)
# Where one address shows several lists, each of them.
LISTS = {
    "referrals": [*(f"list={which}" for which in RECEIVED), *(f"sent=1&list={which}" for which in SENT), f"division={VILLAGE}"],
    "referral-day": [f"division={HAICHENG}"],
    "referral-sheet": [f"division={VILLAGE}"],
    "waiting": ["room=CLINIC"],
    "households": [f"division={VILLAGE}"],
    "responsibility": [f"division={VILLAGE[:9]}", f"division={VILLAGE}"],
    "vacancies": ["red=1"],
}  # fmt: skip


class World:
    """A county in which one more of everything can be made."""

    def __init__(self, given: Handed) -> None:
        self.given, self.keeper = given, factories.officer("COUNTY_DESK", HAICHENG, name="台账员")
        self.at = datetime.now(UTC)
        self.duty: Staffed = staffed(at=noon(self.at))
        self.ids: dict[str, object] = {"division": VILLAGE}
        self.made = 0

    def one_more(self) -> None:
        self.made += 1
        self._referrals()
        self._household()
        self._answering()
        slot = self.duty.slot(self.duty.member(f"值{self.made}"))
        self.ids.setdefault("slot_id", slot.id)
        invite_grid_worker(by=self.keeper, division=VILLAGE, name=f"网{self.made}", at=self.at)

    def _referrals(self) -> None:
        """To a village of the county and to the next county, in every state; and beyond the city, with a letter."""
        feverish = [{"celsius": 38.4, "site": "FOREHEAD", "state": "READ"}]
        late = {"due_at": self.at - HOUR, "county_due_at": self.at - HOUR, "city_due_at": self.at - HOUR}
        for destination in (VILLAGE, NEXT_COUNTY):
            for one, state in zip(self._sent_to(destination, feverish), STATES, strict=True):
                Referral.objects.using("owner").filter(pk=one.pk).update(state=state, **late)
                self.ids.setdefault("referral_id", one.id)
        away, event = self.given.one(destination=BEYOND), uuid4()
        with reach(self.keeper) as by:
            said = ReferralNote(note="已发")
            write_letter(by=by, at=self.at, id=event, referral=away.id, kind="LETTER_SENT", written=said)
            sheet = print_sheet(by=by, at=self.at, id=uuid4(), division=VILLAGE)
        self.ids.setdefault("letter", (away.id, event))
        self.ids.setdefault("sheet", sheet.number)

    def _sent_to(self, destination: str, temperatures: list[Json]) -> list[Referral]:
        return self.given.over(len(STATES), destination=destination, temperatures=temperatures)

    def _household(self) -> None:
        number = f"21038119850302{self.made:04d}"
        person = opened(
            self.keeper, name=f"欧阳明{'月日星'[self.made - 1]}", number=number
        )  # one telephone: they look alike
        home = at_home(self.keeper, person)
        self.ids.setdefault("household_id", home.id)
        self.ids.setdefault("file_id", person)

    def _answering(self) -> None:
        """Another village with somebody, one without; a deputy, an overlay and staff where the division's page is opened."""
        for n in range(2):
            code = f"210381101{300 + 10 * self.made + n}"
            lo, hi = span(code)
            Region.objects.using("owner").create(
                code=code, level="VILLAGE", name=f"新{code}村", short_name=f"新{code}村", pinyin="", parent_code=code[:9], lo=lo,
                hi=hi, valid_from=date(2019, 10, 31), edition="test",
            )  # fmt: skip
        official = Official(f"书{self.made}", "书记", "0412-3220120", None)
        kinds = ((code, "PRINCIPAL"), (VILLAGE, "DEPUTY"))
        for division, kind in kinds:
            assign_responsible(
                by=self.keeper,
                at=self.at - HOUR,
                division=division,
                kind=kind,
                official=official,
                acknowledged=True,
            )
        lo, hi = span(VILLAGE)
        place = {
            "division": VILLAGE,
            "lo": lo,
            "hi": hi,
            "name": f"员{self.made}",
            "phone": "0412-3220120",
            "from_at": self.at - HOUR,
        }
        GridStaff.objects.create(kind="GRID_WORKER", duties=[], **place)
        Overlay.objects.create(kind="PARTY_AREA", title=f"第{self.made}责任区", **place)


@pytest.fixture
def world(handed: Handed) -> World:  # noqa: F811 -- the fixture
    return World(handed)


def pages() -> Iterator[tuple[URLPattern, str]]:
    """Every page of these rooms that is opened by GET."""
    for pattern in addresses():
        route = str(pattern.pattern)
        methods = getattr(pattern.callback, "methods", ())
        if ROOMS.match(route) and "GET" in methods:
            yield pattern, str(pattern.name)


def walked(world: World) -> Iterator[str]:
    for pattern, name in pages():
        wanted = set(pattern.pattern.converters)
        ids = dict(world.ids)
        if "event_id" in wanted:
            ids["referral_id"], ids["event_id"] = world.ids["letter"]  # type: ignore[misc]
        if not wanted <= set(ids):
            if wanted <= NOT_MADE:
                continue
            pytest.fail(f"{name} wants {wanted - set(ids)}: make one more of it in World")
        address = reverse(name, kwargs={key: ids[key] for key in wanted})
        yield address
        yield from (f"{address}?{question}" for question in LISTS.get(name, ()))
        if name in ("referral-sheet", "type-in-sheet"):
            yield f"{address}?number={world.ids['sheet']}"


# Single things that are no list: their pages have tests of their own with one and three rows.
NOT_MADE = {"duty_handover_id"}


def asked(client: Client, address: str) -> tuple[int, list[str]]:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code in (200, 302), (address, response.status_code)
    return response.status_code, [one["sql"] for one in queries.captured_queries]


def test_three_of_everything_cost_as_many_questions_as_one_on_every_page(world: World, city: City) -> None:
    desk = at_desk(world.keeper)
    world.one_more()
    addresses_ = list(walked(world))
    assert len(addresses_) > 40
    for address in addresses_:  # what a process learns once it has learnt
        asked(desk, address)
    one = {address: asked(desk, address)[1] for address in addresses_}
    world.one_more()
    world.one_more()
    for address in addresses_:  # and learns anew where a name or a responsible person was added
        asked(desk, address)
    for address in addresses_:
        three = asked(desk, address)[1]
        assert len(three) == len(one[address]), (address, "\n".join(sorted(set(three) - set(one[address]))))


def test_the_world_of_this_walk_has_rows_on_its_lists(world: World, city: City) -> None:
    """A list without rows would cost the same whatever is asked in its loop."""
    world.one_more()
    desk = at_desk(world.keeper)
    for question in LISTS["referrals"]:
        if question == "list=CALL":  # a list of the night
            continue
        page = desk.get(f"/desk/referrals?{question}").content.decode()
        assert 'data-testid="referrals"' in page, question
    assert Person.objects.using("owner").count() > len(STATES)
    assert "值1" in desk.get("/desk/duty/week").content.decode()
    assert isinstance(world.ids["household_id"], UUID)
