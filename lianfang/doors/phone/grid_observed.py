"""A grid worker's phone asks who is observed in its grid."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from lianfang.doors.guard import public
from lianfang.doors.guesses import place_of
from lianfang.doors.methods import answers
from lianfang.doors.observed_shapes import (
    GridCareShown,
    GridFollowUpShown,
    GridObservedShown,
    GridReportShown,
    GridThresholdsShown,
    ObservedShown,
)
from lianfang.doors.phone.grid import GRID_PINS, bearer, grid_shown, moment
from lianfang.doors.roster_shapes import LONGEST_BODY, GridRosterAsked
from lianfang.doors.structs import answered, asked
from lianfang.journeys.grid_observed import GridObserved, ObservedInGrid, read_grid_observed
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.refusals import Refusal
from lianfang.quarantine.models import CheckIn, FollowUp
from lianfang.quarantine.rules import ReportVerdict, Thresholds
from lianfang.quarantine.states import OrderKind, OrderState
from lianfang.regions.queries import paths


@csrf_exempt
@public
@never_cache
@answers("POST")
def observed(request: HttpRequest) -> HttpResponse:
    """{"pin"} with the token → everybody of the grid under an order, as it is walked, and how each stands."""
    place, at = place_of(request), now()
    GRID_PINS.check(place)
    given = asked(request, GridRosterAsked, longest=LONGEST_BODY)
    try:
        found = read_grid_observed(token=bearer(request), pin=given.pin, at=at)
    except Refusal:
        GRID_PINS.failed(place)
        raise
    return answered(_shown(found, at))


def _shown(found: GridObserved, at: datetime) -> GridObservedShown:
    shown = grid_shown(found.division, paths([found.division], day_of(at)))
    people = [_person(one) for one in found.people]
    return GridObservedShown(shown, moment(at), _thresholds(found.thresholds), people, found.more)


def _thresholds(by: Thresholds) -> GridThresholdsShown:
    return GridThresholdsShown(hash=by.hash, **by.content)


def _person(one: ObservedInGrid) -> ObservedShown:
    order, person, home = one.stands.order, one.person, one.home
    return ObservedShown(
        order=order.id,
        number=order.shown_number,
        name=person.name if person else "",
        sex=person.sex if person else None,
        age=person.age if person else None,
        phone=person.phone if person else "",
        household=home.household if home else None,
        code=home.code if home else None,
        address=one.address,
        kind=OrderKind(order.kind),
        room=order.room,
        state=OrderState(order.state),
        **_days(one),
        dependants=order.dependants,  # type: ignore[arg-type]
        care=[GridCareShown(need.kind, need.has_carer) for need in one.stands.care],  # type: ignore[arg-type]
        follow_ups=[_follow_up(asked_for) for asked_for in one.stands.follow_ups],
        reports=[_report(report) for report in one.stands.reports],
    )


def _days(one: ObservedInGrid) -> dict[str, Any]:
    order = one.stands.order
    return {
        "day": one.stands.day,
        "day0_on": order.day0_on.isoformat(),
        "last_on": order.last_on.isoformat(),
        "observed_from": moment(order.observed_from) if order.observed_from else None,
        "on_list": one.stands.on_list,
    }


def _follow_up(one: FollowUp) -> GridFollowUpShown:
    return GridFollowUpShown(
        one.id,
        one.kind,  # type: ignore[arg-type]
        one.since_day.isoformat(),
        one.since_half,  # type: ignore[arg-type]
        moment(one.due_at),
    )


def _report(one: CheckIn) -> GridReportShown:
    return GridReportShown(
        day=one.on_day.isoformat(),
        half=one.half,  # type: ignore[arg-type]
        verdict=ReportVerdict(one.verdict),
        way=one.by,  # type: ignore[arg-type]
        at=moment(one.occurred_at),
        celsius=None if one.celsius is None else str(one.celsius),
        symptoms=one.symptoms,
    )
