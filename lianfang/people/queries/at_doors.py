"""Doors and who is behind them, as the worker of their grid sees them: whole. Asked inside `grid_reach(phone)`."""

import re
from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from lianfang.kernel.days import day_of
from lianfang.kernel.masking import UNMASKED, masked_document
from lianfang.kernel.reach import GridReach
from lianfang.kernel.refusals import Refusal
from lianfang.kernel.within import within
from lianfang.people.models import Household, StayInHousehold, StayState
from lianfang.people.queries.kept import rows_kept
from lianfang.people.queries.shown import PersonInView, door_shown, person_shown
from lianfang.people.rules import is_fresh

PAGE = 200  # households
# Who walks a grid must find its doors and call its people; nobody's document is any help with that.
AT_THE_DOOR = UNMASKED._replace(document=masked_document)
_CURSOR = re.compile(r"([0-9]{1,18})_(-?[0-9]{1,9})_([0-9-]{1,40})", re.ASCII).fullmatch


class HomeDoor(NamedTuple):
    """A household as a door to be found. `place`: where it comes in walking order."""

    household: UUID
    code: str
    address: str
    place: tuple[int, int, str]


class Resident(NamedTuple):
    """Somebody of a household, in full but for his document."""

    person: PersonInView
    relation: str
    state: str


class HouseholdAtDoor(NamedTuple):
    """A household of the grid with everybody who belongs to it. `stale`: it wants to be looked at again."""

    door: HomeDoor
    occupancy: str
    verified_on: date | None
    stale: bool
    residents: tuple[Resident, ...]


class HouseholdsAtDoors(NamedTuple):
    """Some households in walking order; `after` continues where they end, None at the end."""

    households: list[HouseholdAtDoor]
    after: str | None


def people_at_doors(phone: GridReach, ids: Collection[UUID], *, at: datetime) -> dict[UUID, PersonInView]:
    """Files of those who live in the grid or are handed over to it, of a merged one the kept one; PostgreSQL leaves out every
    other.
    """
    return {id: person_shown(row, AT_THE_DOOR, on=day_of(at)) for id, row in rows_kept(ids).items()}


def homes_of(phone: GridReach, people: Collection[UUID]) -> dict[UUID, HomeDoor]:
    """Person → the household of the grid to which he belongs; where he is now before where he is away from."""
    stays = StayInHousehold.objects.filter(within(phone), person__in=people, until_at=None)
    rows = stays.exclude(state=StayState.MOVED_OUT).filter(household__closed_at=None)
    found = list(rows.select_related("household").order_by("from_at", "id"))
    found.sort(key=lambda one: one.state != StayState.AWAY)
    return {one.person_id: _home(one.household) for one in found}


def households_at_doors(phone: GridReach, *, at: datetime, after: str | None = None) -> HouseholdsAtDoors:
    """A page in walking order, in three questions."""
    rows = Household.objects.filter(within(phone), _beyond(after), closed_at=None)
    page = list(rows.order_by("jurisdiction", "walking_order", "code")[: PAGE + 1])
    more = len(page) > PAGE
    residents = _residents(phone, [row.id for row in page[:PAGE]], at)
    shown = [
        HouseholdAtDoor(
            door=_home(row),
            occupancy=row.occupancy,
            verified_on=row.verified_on,
            stale=not is_fresh(row.verified_on, on=day_of(at)),
            residents=tuple(residents[row.id]),
        )
        for row in page[:PAGE]
    ]
    return HouseholdsAtDoors(shown, "_".join(map(str, shown[-1].door.place)) if more else None)


def _home(row: Household) -> HomeDoor:
    address = door_shown(row, AT_THE_DOOR).address
    return HomeDoor(row.id, row.code, address, (row.jurisdiction, row.walking_order, row.code))


def _residents(phone: GridReach, households: Collection[UUID], at: datetime) -> dict[UUID, list[Resident]]:
    stays = StayInHousehold.objects.filter(household__in=households, until_at=None)
    rows = list(stays.exclude(state=StayState.MOVED_OUT).order_by("from_at", "id"))
    people = people_at_doors(phone, {one.person_id for one in rows}, at=at)
    found: dict[UUID, list[Resident]] = defaultdict(list)
    for one in sorted(rows, key=lambda one: one.relation != "HEAD"):
        if one.person_id in people:
            found[one.household_id].append(Resident(people[one.person_id], one.relation, one.state))
    return found


def _beyond(after: str | None) -> Q:
    if after is None:
        return Q()
    read = _CURSOR(after)
    if read is None:
        raise Refusal("CURSOR_UNREADABLE", "请从头再读一次。", "Begin again from the first page.")
    place, order, code = int(read[1]), int(read[2]), read[3]
    return (
        Q(jurisdiction__gt=place)
        | Q(jurisdiction=place, walking_order__gt=order)
        | Q(jurisdiction=place, walking_order=order, code__gt=code)
    )
