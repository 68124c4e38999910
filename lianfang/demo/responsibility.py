"""Who answers for what in the demo city: somebody for every node of two cities, a few vacancies, deputies, overlays, staff.

Anshan down to its villages, Jinzhou down to its grids and micro-grids. The sources' figures: 5,478 grids in 锦州, 435 staff in
the communities of 凌海; 960 responsibility areas and 997 vanguard posts in 海城. Nobody here exists.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import cycle, islice
from random import Random
from uuid import UUID

from django.db.models import Q

from lianfang.command.models import GridStaff, Overlay, ResponsiblePerson
from lianfang.command.rules.responsibility import DEPUTY, DUTIES, ENDED, PRINCIPAL, REPLACED, STAFF_KINDS
from lianfang.demo.chance import Weighted, new_id, pick
from lianfang.demo.names import given_name, surname
from lianfang.demo.numbers import telephone
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import span
from lianfang.regions.editions import valid
from lianfang.regions.models import Region

CITIES = ("210300", "210700")
HAICHENG, LINGHAI = "210381", "210781"
AREAS, POSTS, STAFF = 960, 997, 435
SEED = 2020
SINCE = timedelta(days=18)
REPLACED_ONE_IN, DEPUTY_ONE_IN, WAITING_ONE_IN = 60, 8, 900
# A place of 海城 or 凌海, and how long nobody has answered for it: seen at once, red, red at the county.
VACANT = ((HAICHENG, timedelta(minutes=40)), (HAICHENG, timedelta(hours=3)), (HAICHENG, timedelta(days=1)),
          (LINGHAI, timedelta(minutes=25)), (LINGHAI, timedelta(hours=5)), (LINGHAI, timedelta(days=2)))  # fmt: skip
UNITS = {
    "CITY": ("指挥部总指挥", "指挥部副总指挥"), "COUNTY": ("指挥部指挥", "指挥部副指挥"), "TOWNSHIP": ("党委书记", "副书记"),
    "VILLAGE": ("书记", "副书记"), "GRID": ("网格长", "副网格长"), "MICRO_GRID": ("微网格长", "副微网格长"),
}  # fmt: skip
HOME_UNITS = ("市文化局", "市教育局", "市税务局", "市林业局", "市供电公司", "市总工会", "团市委", "市妇联")
KINDS = Weighted(zip(STAFF_KINDS, (40, 25, 20, 15), strict=True))
BORN_ON = date(1974, 1, 1)  # about when those were born who lead a village or a grid
BATCH = 5_000


def answer_for_everything(*, at: datetime) -> None:
    """In a city where nobody answers for anything yet. Everybody has stood since the emergency began."""
    if ResponsiblePerson.objects.exists():
        return
    places = list(_places(at))
    if not places:
        return
    drawn = _Drawn(at)
    ResponsiblePerson.objects.bulk_create(list(drawn.line(places)), batch_size=BATCH)
    Overlay.objects.bulk_create(list(drawn.overlays(places)), batch_size=BATCH)
    GridStaff.objects.bulk_create(list(drawn.staff(places)), batch_size=BATCH)


def _places(at: datetime) -> Iterator[Region]:
    here = Q()
    for city in CITIES:
        lo, hi = span(city)
        here |= Q(lo__gte=lo, hi__lte=hi)
    yield from valid(Region.objects.filter(here).exclude(level="PROVINCE"), day_of(at)).order_by("code")


class _Drawn:
    """People drawn from one seed, so that the same city always has the same ones."""

    def __init__(self, at: datetime) -> None:
        self._chance = Random(SEED)
        self._at = at
        self._since = at - SINCE

    def line(self, places: Sequence[Region]) -> Iterator[ResponsiblePerson]:
        vacant = self._vacant(places)
        for place in places:
            yield from self._principal(place, vacant.get(place.code))
            if place.level in ("CITY", "COUNTY", "TOWNSHIP") or self._one_in(DEPUTY_ONE_IN):
                yield self._person(place, DEPUTY, self._since)

    def overlays(self, places: Sequence[Region]) -> Iterator[Overlay]:
        villages = [one for one in places if one.level == "VILLAGE" and one.code.startswith(HAICHENG)]
        for kind, count, title in (("PARTY_AREA", AREAS, "党员责任区"), ("VANGUARD_POST", POSTS, "先锋岗")):
            for number, place in enumerate(islice(cycle(villages), count if villages else 0)):
                yield Overlay(
                    id=self._id(), division=place.code, lo=place.lo, hi=place.hi, kind=kind, name=self._name(),
                    title=f"{place.short_name}第{number // len(villages) + 1}{title}", phone=telephone(self._chance),
                    from_at=self._since,
                )  # fmt: skip

    def staff(self, places: Sequence[Region]) -> Iterator[GridStaff]:
        communities = {one.code for one in places if one.kind == "community" and one.code.startswith(LINGHAI)}
        grids = [one for one in places if one.level == "GRID" and one.parent_code in communities]
        for place in islice(cycle(grids), STAFF if grids else 0):
            kind = KINDS.draw(self._chance)
            yield GridStaff(
                id=self._id(), division=place.code, lo=place.lo, hi=place.hi, kind=kind, name=self._name(),
                phone=telephone(self._chance), from_at=self._since, duties=[pick(self._chance, DUTIES)],
                home_unit=pick(self._chance, HOME_UNITS) if kind == "SECONDED_OFFICER" else "",
            )  # fmt: skip

    def _principal(self, place: Region, vacant_for: timedelta | None) -> Iterator[ResponsiblePerson]:
        if vacant_for is not None:
            yield self._person(place, PRINCIPAL, self._since, until=self._at - vacant_for, how=ENDED)
            return
        waits = place.level not in ("CITY", "COUNTY", "TOWNSHIP") and self._one_in(WAITING_ONE_IN)
        if not waits and not self._one_in(REPLACED_ONE_IN):
            yield self._person(place, PRINCIPAL, self._since)
            return
        ago = timedelta(minutes=self._chance.randrange(20, 400)) if waits else self._days()
        yield self._person(place, PRINCIPAL, self._since, until=self._at - ago, how=REPLACED)
        yield self._person(place, PRINCIPAL, self._at - ago, waits=waits)

    def _days(self) -> timedelta:
        return timedelta(days=4, minutes=self._chance.randrange(3 * 1440))

    def _person(
        self,
        place: Region,
        kind: str,
        since: datetime,
        *,
        until: datetime | None = None,
        how: str = "",
        waits: bool = False,
    ) -> ResponsiblePerson:
        taken = None if waits else since + timedelta(minutes=self._chance.randrange(3, 90))
        return ResponsiblePerson(
            id=self._id(), division=place.code, level=place.level, lo=place.lo, hi=place.hi, kind=kind, name=self._name(),
            unit=f"{place.short_name}{UNITS[place.level][kind == DEPUTY]}", phone=telephone(self._chance), from_at=since, until_at=until,
            acknowledged_at=taken, ended_as=how,
        )  # fmt: skip

    def _vacant(self, places: Sequence[Region]) -> dict[str, timedelta]:
        """By code: a leaf of each of these counties."""
        found = {}
        for county, long in VACANT:
            wanted = "VILLAGE" if county == HAICHENG else "GRID"
            leaves = [one for one in places if one.code.startswith(county) and one.level == wanted]
            if leaves:
                found[pick(self._chance, leaves).code] = long
        return found

    def _one_in(self, many: int) -> bool:
        return self._chance.random() * many < 1

    def _name(self) -> str:
        male = self._chance.random() < 0.6
        return surname(self._chance) + given_name(self._chance, male=male, born_on=BORN_ON)

    def _id(self) -> UUID:
        return UUID(new_id(self._chance, int(self._since.timestamp() * 1000)))
