"""The doors of a grid as tiles, coloured by how they stand; one door with whoever is behind it."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from lianfang.doors import words
from lianfang.doors.guard import permitted
from lianfang.doors.hq.people_forms import DoorForm, MemberForm
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.reading import household_read, list_read
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import canonical, from_integer, is_code, level
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import NotFound
from lianfang.people.queries import (
    DivisionCounts,
    HouseholdShown,
    household,
    household_counts,
    roster,
    tellers,
)
from lianfang.people.rules import FRESH_DAYS
from lianfang.regions.queries import path, paths

AS_TILES = ("VILLAGE", "GRID", "MICRO_GRID")


class CountedDivision(NamedTuple):
    """A division with its doors."""

    counts: DivisionCounts
    path: str


@permitted("VIEW_PEOPLE")
@never_cache
@answers("GET")
def household_list(request: OfficerRequest) -> HttpResponse:
    """Of a village, community or grid its doors; of anything larger how many doors each of them has."""
    asked = request.GET.get("division", "")
    if is_code(asked) and level(asked) in AS_TILES:
        return _tiles(request, canonical(asked))
    at = now()
    with reach(request.reach) as seen:
        counted = [one for code in _asked(seen, asked) for one in household_counts(seen, code, on=day_of(at))]
    named = paths([one.division for one in counted], day_of(at))
    shown = {
        "lines": [CountedDivision(one, named.get(one.division, one.division)) for one in counted],
        "total": _total(counted),
        "fresh_days": FRESH_DAYS,
    }
    return render(request, "hq/household_counts.html", shown)


def _asked(seen: Reach, asked: str) -> list[str]:
    """What was asked for, else the officer's whole area. A span of the whole country is asked for by province."""
    if is_code(asked):
        return [canonical(asked)]
    areas = [f"{lo:018d}" for lo, _ in seen.readable]
    return [from_integer(int(code)) for code in areas if is_code(code)] or ["210000"]


def _total(counted: Sequence[DivisionCounts]) -> DivisionCounts:
    columns = zip(*(one[1:] for one in counted), strict=True) if counted else [()] * 6
    return DivisionCounts("", *map(sum, columns))


def _tiles(request: OfficerRequest, division: str) -> HttpResponse:
    at = now()
    with reach(request.reach) as seen:
        doors = roster(seen, division, at=at)
        list_read(seen, "households", count=sum(len(door.members) for door in doors), division=division)
    shown = {
        "doors": doors,
        "division": division,
        "place": path(division, day_of(at)) or division,
        "fresh": sum(door.is_fresh for door in doors),
        "fresh_days": FRESH_DAYS,
        "may_keep": request.reach.may("KEEP_PEOPLE"),
        "states": words.HOUSEHOLD_STATES,
        "today": day_of(at),
    }
    return render(request, "hq/households.html", shown)


@permitted("VIEW_PEOPLE")
@never_cache
@answers("GET")
def household_page(request: OfficerRequest, household_id: UUID) -> HttpResponse:
    return shown_household(request, household_id)


def shown_household(
    request: OfficerRequest,
    household_id: UUID,
    *,
    door_form: DoorForm | None = None,
    member_form: MemberForm | None = None,
) -> HttpResponse:
    at = now()
    with reach(request.reach) as seen:
        found = household(seen, household_id, at=at)
        if found is None:
            raise no_such_household()
        household_read(seen, household_id, count=len(found.members))
    wrong = any(form is not None and form.errors for form in (door_form, member_form))
    shown = {
        "home": found,
        "verified_by": tellers([found.verified_by]).get(found.verified_by) if found.verified_by else None,
        "place": path(found.door.division, day_of(at)) or found.door.division,
        "door_form": door_form or DoorForm(initial=_as_told(found)),
        "member_form": member_form or MemberForm(),
        "states": words.STAY_STATES,
        "may_keep": request.reach.may("KEEP_PEOPLE") and found.own and not found.closed,
    }
    return render(request, "hq/household.html", shown, status=400 if wrong else 200)


def _as_told(found: HouseholdShown) -> dict[str, str]:
    """The note is shown masked, so it is not offered to be saved again: left blank it stays."""
    return {"address": found.door.address, "occupancy": found.occupancy}


def no_such_household() -> NotFound:
    return NotFound("HOUSEHOLD_UNKNOWN", "辖区内没有这一户。", "There is no such household in your area.")
