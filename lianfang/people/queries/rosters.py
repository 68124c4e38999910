"""The roster of a grid: its doors in walking order, and who is behind each."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import from_integer, level, span
from lianfang.kernel.masking import MASKED, OPENED, Sight
from lianfang.kernel.reach import Reach
from lianfang.kernel.within import covered, within
from lianfang.people.models import Household, Person, StayInHousehold, StayState
from lianfang.people.queries.shown import DoorShown, PersonInView, door_shown, person_shown
from lianfang.people.rules import FRESH_DAYS, HouseholdState, household_state, is_fresh

MOST = 1_000  # doors of one list; a grid has fifty to three hundred

# What the doors say, without opening any, by the divisions just below one: its first so many digits name each.
_COUNTS = """
SELECT jurisdiction / %(below)s * %(below)s, count(*), count(*) FILTER (WHERE verified_on > %(since)s),
       count(*) FILTER (WHERE verified_on IS NULL), count(*) FILTER (WHERE occupancy = 'VACANT'),
       count(*) FILTER (WHERE occupancy = 'RENTED'), count(*) FILTER (WHERE occupancy = 'MOVED')
FROM household WHERE closed_at IS NULL AND jurisdiction BETWEEN %(lo)s AND %(hi)s AND {within}
GROUP BY 1 ORDER BY 1
"""


class Member(NamedTuple):
    """Somebody of a household. `person` is None where the file lies beyond reach: that somebody is there is still told."""

    id: UUID
    person: PersonInView | None
    relation: str
    state: str
    since: datetime


@dataclass(frozen=True, slots=True)
class HouseholdShown:
    """`own`: within the officer's own postings. `is_fresh`: verified within the last days, whatever becomes of the door."""

    door: DoorShown
    state: HouseholdState
    occupancy: str
    verified_on: date | None
    verified_by: UUID | None
    is_fresh: bool
    walking_order: int
    own: bool
    closed: bool
    members: tuple[Member, ...]
    moved_out: int


class DivisionCounts(NamedTuple):
    """The doors of one division: 台账有效率 is `fresh` of `households`."""

    division: str
    households: int
    fresh: int
    unverified: int
    vacant: int
    rented: int
    moved: int


def roster(
    reach: Reach, division: str, *, at: datetime, sight: Sight = MASKED, days: int = FRESH_DAYS
) -> list[HouseholdShown]:
    """The open households of a division in walking order."""
    reach.require("VIEW_PEOPLE")
    lo, hi = span(division)
    rows = Household.objects.filter(
        within(reach), closed_at=None, jurisdiction__gte=lo, jurisdiction__lte=hi
    ).order_by("jurisdiction", "walking_order", "code")[:MOST]
    return _shown(reach, list(rows), at, sight, days)


def household(
    reach: Reach, id: UUID, *, at: datetime, sight: Sight = OPENED, days: int = FRESH_DAYS
) -> HouseholdShown | None:
    """One household, closed ones too; None when there is none, or none within reach."""
    reach.require("VIEW_PEOPLE")
    rows = list(Household.objects.filter(within(reach), pk=id))
    return next(iter(_shown(reach, rows, at, sight, days)), None)


def household_with_code(reach: Reach, code: str) -> UUID | None:
    """The open household that has this code, within reach; for acts and questions that asked for their permission."""
    found = Household.objects.filter(within(reach), code=code, closed_at=None)
    return found.values_list("pk", flat=True).first()


def household_counts(
    reach: Reach, division: str, *, on: date, days: int = FRESH_DAYS
) -> list[DivisionCounts]:
    """Doors by the divisions just below one, which together are all of its own; no person is asked for.

    Doors that lie in the division itself and in none below it are counted under its own code.
    """
    reach.require("VIEW_PEOPLE")
    lo, hi = span(division)
    statement = _COUNTS.format(within=covered(reach))
    values: dict[str, Any] = {
        "lo": lo, "hi": hi, "below": _scale_below(division), "since": _day_before(on, days),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [DivisionCounts(from_integer(code), *figures) for code, *figures in cursor.fetchall()]


def _scale_below(division: str) -> int:
    """What parts the divisions one level down, as 18 digits."""
    lo, hi = span(division)
    return max((hi - lo + 1) // (100 if level(division) in ("PROVINCE", "CITY") else 1_000), 1)


def _day_before(on: date, days: int) -> date:
    return date.fromordinal(on.toordinal() - days)


def _shown(
    reach: Reach, rows: Sequence[Household], at: datetime, sight: Sight, days: int
) -> list[HouseholdShown]:
    stays = StayInHousehold.objects.filter(household__in=[row.id for row in rows], until_at=None)
    members: dict[UUID, list[StayInHousehold]] = defaultdict(list)
    gone: Counter[UUID] = Counter()
    for stay in stays.order_by("from_at", "id"):
        if stay.state == StayState.MOVED_OUT:
            gone[stay.household_id] += 1
        else:
            members[stay.household_id].append(stay)
    people = _people(reach, [one.person_id for some in members.values() for one in some], at, sight)
    return [
        HouseholdShown(
            door=door_shown(row, sight),
            state=household_state(row.occupancy, row.verified_on, on=day_of(at), days=days),
            occupancy=row.occupancy,
            verified_on=row.verified_on,
            verified_by=row.verified_by,
            is_fresh=is_fresh(row.verified_on, on=day_of(at), days=days),
            walking_order=row.walking_order,
            own=reach.holds(row.jurisdiction),
            closed=row.closed_at is not None,
            members=tuple(
                Member(one.person_id, people.get(one.person_id), one.relation, one.state, one.from_at)
                for one in sorted(members[row.id], key=lambda one: one.relation != "HEAD")
            ),
            moved_out=gone[row.id],
        )
        for row in rows
    ]


def _people(reach: Reach, ids: Sequence[UUID], at: datetime, sight: Sight) -> dict[UUID, PersonInView]:
    rows = Person.objects.filter(within(reach), pk__in=ids)
    return {row.id: person_shown(row, sight, on=day_of(at)) for row in rows}
