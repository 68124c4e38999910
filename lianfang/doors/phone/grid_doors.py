"""A grid worker's phone at the doors: whom to call on, the grid's households, and the answers it brings."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from lianfang.checkpoints.queries.places import checkpoint_labels
from lianfang.doors import shapes
from lianfang.doors.guard import public
from lianfang.doors.guesses import place_of
from lianfang.doors.methods import answers
from lianfang.doors.phone.grid import GRID_PINS, bearer, grid_shown, moment
from lianfang.doors.phone.grid_shown import door_shown, household_shown, receipt_shown
from lianfang.doors.phone.keys import outbox_pair
from lianfang.doors.roster_shapes import (
    LONGEST_ANSWERS,
    LONGEST_BODY,
    GridDoorsShown,
    GridHouseholdsAsked,
    GridHouseholdsShown,
    GridReceipts,
    GridRosterAsked,
    LooseGridAnswers,
)
from lianfang.doors.structs import answered, asked
from lianfang.journeys.grid_answers import take_answers
from lianfang.journeys.grid_doors import GridDoors, GridHouseholds, read_grid_doors, read_grid_households
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.refusals import Refusal
from lianfang.regions.queries import paths


@csrf_exempt
@public
@never_cache
@answers("POST")
def doors(request: HttpRequest) -> HttpResponse:
    """{"pin"} with the token → whom to call on, as the grid is walked, and the key to which the phone seals."""
    place, at = place_of(request), now()
    GRID_PINS.check(place)
    given = asked(request, GridRosterAsked, longest=LONGEST_BODY)
    try:
        found = read_grid_doors(token=bearer(request), pin=given.pin, at=at)
    except Refusal:
        GRID_PINS.failed(place)
        raise
    return answered(_doors_shown(found, at))


@csrf_exempt
@public
@never_cache
@answers("POST")
def households(request: HttpRequest) -> HttpResponse:
    """{"pin", "after"?} with the token → a page of the grid's households as they are walked, with who lives there."""
    place, at = place_of(request), now()
    GRID_PINS.check(place)
    given = asked(request, GridHouseholdsAsked, longest=LONGEST_BODY)
    try:
        found = read_grid_households(token=bearer(request), pin=given.pin, at=at, after=given.after)
    except Refusal as refusal:
        if refusal.code != "CURSOR_UNREADABLE":
            GRID_PINS.failed(place)
        raise
    return answered(_households_shown(found, at))


@csrf_exempt
@public
@never_cache
@answers("POST")
def answers_sent(request: HttpRequest) -> HttpResponse:
    """{"answers": […]} with the token alone, since it goes while nobody looks → a receipt for each, when all are durable."""
    place, at = place_of(request), now()
    GRID_PINS.check(place)
    given = asked(request, LooseGridAnswers, longest=LONGEST_ANSWERS)
    try:
        taken = take_answers(token=bearer(request), items=given.answers, at=at)
    except Refusal as refusal:
        if refusal.code == "ROSTER_UNKNOWN":  # one that ended was no guess
            GRID_PINS.failed(place)
        raise
    return answered(GridReceipts(moment(at), [receipt_shown(one) for one in taken]))


def _doors_shown(found: GridDoors, at: datetime) -> GridDoorsShown:
    callers = [caller for door in found.doors for caller in door.people]
    codes = {caller.came.from_code for caller in callers if caller.came.from_code}
    names, posts = paths(codes | {found.division}, day_of(at)), checkpoint_labels()
    pair = outbox_pair(at)
    return GridDoorsShown(
        grid_shown(found.division, names),
        moment(at),
        moment(found.expires_at),
        moment(at),
        shapes.OutboxKey(pair.id, pair.public),
        [door_shown(door, names, posts, at) for door in found.doors],
        found.more,
    )


def _households_shown(found: GridHouseholds, at: datetime) -> GridHouseholdsShown:
    shown = grid_shown(found.division, paths([found.division], day_of(at)))
    return GridHouseholdsShown(
        shown, moment(at), [household_shown(one) for one in found.page.households], found.page.after
    )
