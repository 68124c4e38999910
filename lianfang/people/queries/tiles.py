"""The doors of a grid as tiles: a page of them in walking order, and no more of anybody opened than a tile shows."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import span
from lianfang.kernel.masking import MASKED, as_recorded
from lianfang.kernel.reach import Reach
from lianfang.kernel.within import covered, within
from lianfang.people.models import Household, Person, StayInHousehold, StayState
from lianfang.people.opening import open_door, open_person
from lianfang.people.rules import FRESH_DAYS, HouseholdState, household_state

PAGE = 50
# household_state of rules.py, for the database to choose by.
_STATE = """
CASE WHEN occupancy <> 'OCCUPIED' THEN occupancy WHEN verified_on IS NULL THEN 'UNVERIFIED'
     WHEN verified_on > %(since)s THEN 'VERIFIED' ELSE 'STALE' END
"""
_PAGE = """
SELECT h.id FROM household h
WHERE h.closed_at IS NULL AND h.jurisdiction BETWEEN %(lo)s AND %(hi)s AND {within} {state} {after}
ORDER BY h.jurisdiction, h.walking_order, h.code LIMIT %(limit)s
"""
_AFTER = """
AND (h.jurisdiction, h.walking_order, h.code) > (SELECT jurisdiction, walking_order, code FROM household WHERE id = %(after)s)
"""
_COUNTED = """
SELECT {state}, count(*), count(*) FILTER (WHERE verified_on > %(since)s) FROM household
WHERE closed_at IS NULL AND jurisdiction BETWEEN %(lo)s AND %(hi)s AND {within} GROUP BY 1
"""


class Behind(NamedTuple):
    """Somebody behind a door, by a masked name; None where his file lies beyond reach."""

    name: str | None
    state: str


@dataclass(frozen=True, slots=True)
class Tile:
    """A door as it is seen in passing. `own`: within the officer's own postings."""

    id: UUID
    code: str
    address: str
    state: HouseholdState
    verified_on: date | None
    own: bool
    behind: tuple[Behind, ...]


class TilePage(NamedTuple):
    """`next`: after which door the next page begins; None on the last."""

    tiles: tuple[Tile, ...]
    next: UUID | None


class TileCounts(NamedTuple):
    """Doors by how they stand, and how many of all were verified in the last days."""

    by_state: dict[str, int]
    fresh: int

    @property
    def all(self) -> int:
        return sum(self.by_state.values())


def tiles(
    reach: Reach, division: str, *, at: datetime, state: str | None = None, after: UUID | None = None,
    days: int = FRESH_DAYS,
) -> TilePage:  # fmt: skip
    """A page of the open doors of a division; of those that stand in `state`, where one is asked for."""
    reach.require("VIEW_PEOPLE")
    ids = _page(reach, division, at, state, after, days)
    rows = Household.objects.filter(within(reach), pk__in=ids[:PAGE])
    rows = rows.order_by("jurisdiction", "walking_order", "code")
    behind = _behind(reach, ids[:PAGE])
    found = tuple(_tile(reach, row, behind[row.id], at, days) for row in rows)
    return TilePage(found, found[-1].id if len(ids) > PAGE else None)


def tile_counts(reach: Reach, division: str, *, on: date, days: int = FRESH_DAYS) -> TileCounts:
    """The same division's doors by state; none of them is opened."""
    reach.require("VIEW_PEOPLE")
    lo, hi = span(division)
    statement = _COUNTED.format(state=_STATE, within=covered(reach))
    with connection.cursor() as cursor:
        cursor.execute(statement, {"lo": lo, "hi": hi, "since": on - timedelta(days=days)})
        found = cursor.fetchall()
    return TileCounts({state: doors for state, doors, _ in found}, sum(fresh for _, _, fresh in found))


def _page(
    reach: Reach, division: str, at: datetime, state: str | None, after: UUID | None, days: int
) -> list[UUID]:
    """One more than a page holds, where there is one."""
    lo, hi = span(division)
    statement = _PAGE.format(
        within=covered(reach, "h.jurisdiction"),
        state=f"AND {_STATE} = %(state)s" if state else "",
        after=_AFTER if after else "",
    )
    values = {
        "lo": lo, "hi": hi, "state": state, "after": after, "limit": PAGE + 1,
        "since": day_of(at) - timedelta(days=days),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [id for (id,) in cursor.fetchall()]


def _behind(reach: Reach, households: Sequence[UUID]) -> dict[UUID, tuple[Behind, ...]]:
    """Whoever has not moved out, the head first."""
    stays = list(
        StayInHousehold.objects.filter(household__in=households, until_at=None)
        .exclude(state=StayState.MOVED_OUT)
        .order_by("from_at", "id")
    )
    rows = Person.objects.filter(within(reach), pk__in={one.person_id for one in stays})
    rows = rows.only("opened_on", "wrapped_key", "sealed")
    names = {row.id: MASKED.name(open_person(row).facts.name) for row in rows}
    found: dict[UUID, list[Behind]] = defaultdict(list)
    for one in sorted(stays, key=lambda one: one.relation != "HEAD"):
        found[one.household_id].append(Behind(names.get(one.person_id), one.state))
    return defaultdict(tuple, {id: tuple(some) for id, some in found.items()})


def _tile(reach: Reach, row: Household, behind: tuple[Behind, ...], at: datetime, days: int) -> Tile:
    return Tile(
        id=row.id,
        code=row.code,
        address=as_recorded(open_door(row).facts.address),
        state=household_state(row.occupancy, row.verified_on, on=day_of(at), days=days),
        verified_on=row.verified_on,
        own=reach.holds(row.jurisdiction),
        behind=behind,
    )
