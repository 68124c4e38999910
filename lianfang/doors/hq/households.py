"""One door with whoever is behind it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from lianfang.doors import words
from lianfang.doors.guard import permitted
from lianfang.doors.hq.people_forms import DoorForm, JoinForm, MemberForm
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.reading import household_read
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import NotFound
from lianfang.people.queries import (
    HouseholdShown,
    household,
    joins_of,
    tellers,
)
from lianfang.regions.queries import path


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
    join_form: JoinForm | None = None,
) -> HttpResponse:
    at = now()
    with reach(request.reach) as seen:
        found = household(seen, household_id, at=at)
        if found is None:
            raise no_such_household()
        joins = joins_of(seen, household_id)
        household_read(seen, household_id, count=len(found.members))
    wrong = any(form is not None and form.errors for form in (door_form, member_form, join_form))
    shown = {
        "home": found,
        "verified_by": tellers([found.verified_by]).get(found.verified_by) if found.verified_by else None,
        "place": path(found.door.division, day_of(at)) or found.door.division,
        "door_form": door_form or DoorForm(initial=_as_told(found)),
        "member_form": member_form or MemberForm(),
        "join_form": join_form or JoinForm(),
        "joins": joins,
        "joined_into": next((one for one in joins if not one.this_was_kept and not one.undone_at), None),
        "states": words.STAY_STATES,
        "may_keep": request.reach.may("KEEP_PEOPLE") and found.own and not found.closed,
        "may_part": request.reach.may("KEEP_PEOPLE") and found.own,
    }
    return render(request, "hq/household.html", shown, status=400 if wrong else 200)


def _as_told(found: HouseholdShown) -> dict[str, str]:
    """The note is shown masked, so it is not offered to be saved again: left blank it stays."""
    return {"address": found.door.address, "occupancy": found.occupancy}


def no_such_household() -> NotFound:
    return NotFound("HOUSEHOLD_UNKNOWN", "辖区内没有这一户。", "There is no such household in your area.")
