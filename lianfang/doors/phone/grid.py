"""A grid worker's phone: a code and a PIN for a token, a token and its PIN for the list of its own grid."""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from lianfang.checkpoints.queries.arrivals import GridMeasure
from lianfang.checkpoints.queries.places import checkpoint_labels
from lianfang.command.services import enrol_grid_phone
from lianfang.doors import shapes
from lianfang.doors.guard import public
from lianfang.doors.guesses import Guesses, place_of
from lianfang.doors.methods import answers
from lianfang.doors.roster_shapes import (
    LONGEST_BODY,
    ArrivalShown,
    GridMeasureShown,
    GridRosterAsked,
    GridRosterShown,
    GridShown,
    RosterEnrolled,
    RosterEnrolmentAsked,
)
from lianfang.doors.structs import answered, asked
from lianfang.journeys.grid_roster import GridRoster, read_grid_roster
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.refusals import Refusal
from lianfang.regions.queries import paths
from lianfang.screening.queries import rule_set

# Codes that are none, and tokens or PINs that are wrong, from one address within a minute.
GRID_CODES = Guesses()
GRID_PINS = Guesses()


@csrf_exempt
@public
@never_cache
@answers("POST")
def roster_enrolments(request: HttpRequest) -> HttpResponse:
    """{"code", "pin"} → the token, shown here only."""
    place = place_of(request)
    GRID_CODES.check(place)
    given, at = asked(request, RosterEnrolmentAsked, longest=LONGEST_BODY), now()
    try:
        phone = enrol_grid_phone(code=given.code, pin=given.pin, at=at)
    except Refusal as refusal:
        if refusal.code != "PIN_WEAK":
            GRID_CODES.failed(place)
        raise
    shown = grid_shown(phone.division, paths([phone.division], day_of(at)))
    return answered(RosterEnrolled(phone.token, shown, moment(phone.expires_at)), status=201)


@csrf_exempt
@public
@never_cache
@answers("POST")
def grid_roster(request: HttpRequest) -> HttpResponse:
    """{"pin"} with the token → who is on the way into the grid, masked."""
    place = place_of(request)
    GRID_PINS.check(place)
    given = asked(request, GridRosterAsked, longest=LONGEST_BODY)
    try:
        found = read_grid_roster(token=bearer(request), pin=given.pin, at=now())
    except Refusal:
        GRID_PINS.failed(place)
        raise
    return answered(_shown(found))


def bearer(request: HttpRequest) -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _shown(found: GridRoster) -> GridRosterShown:
    codes = {code for one in found.arrivals for code in (one.from_code, one.destination_code) if code}
    names, posts = paths(codes | {found.division}, day_of(found.as_of)), checkpoint_labels()
    return GridRosterShown(
        grid_shown(found.division, names),
        moment(found.as_of),
        moment(found.expires_at),
        [
            ArrivalShown(
                id=one.id,
                occurred_at=moment(one.occurred_at),
                checkpoint=posts.get(one.checkpoint, one.checkpoint),
                from_=names.get(one.from_code or "", one.from_code or ""),
                from_code=one.from_code,
                name_masked=one.name,
                age=one.age,
                measures=[_shown_measure(measure) for measure in one.measures],
                decided_at=moment(one.newest.decided_at),
                later=one.newest.later,
                destination_masked=f"{names.get(one.destination_code or '', '')}{one.address}",
                phone_masked=one.phone,
            )
            for one in found.arrivals
        ],
    )


def _shown_measure(one: GridMeasure) -> GridMeasureShown:
    """With the sentence of the very rule set that decided; without any where nobody knows that set any more."""
    try:
        say = shapes.Say(**rule_set(one.rule_set).say(one.row))
    except KeyError:
        say = shapes.Say("", "")
    return GridMeasureShown(
        one.kind,  # type: ignore[arg-type]
        one.row,
        say,
        one.place,  # type: ignore[arg-type]
        one.days,
        decided_at=moment(one.decided_at),
        later=one.later,
    )


def grid_shown(code: str, names: dict[str, str]) -> GridShown:
    return GridShown(code, names.get(code, code))


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
