"""Before the barrier: a traveller's own page, the declaration it sends sealed, and a coach's roster. Nobody signs in.

No answer depends on whether somebody is registered, and no answer repeats what was declared.
"""

from dataclasses import asdict
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from lianfang.checkpoints import services
from lianfang.checkpoints.models import Checkpoint
from lianfang.checkpoints.queries.declared import declaring_checkpoint, roster_count
from lianfang.doors import choices
from lianfang.doors.declaring_shapes import (
    LONGEST_SEALED,
    DeclarationAsked,
    DeclarationKept,
    Declaring,
    DeclaringCheckpoint,
    DeclaringKey,
    Notice,
    Retention,
    RosterAsked,
    RosterCounted,
    RosterOpened,
)
from lianfang.doors.guard import public
from lianfang.doors.guesses import Allowance, Guesses, place_of
from lianfang.doors.methods import answers
from lianfang.doors.public import phone_app
from lianfang.doors.public.holdings import Holding, Text, of_travellers
from lianfang.doors.shapes import Choice, Say
from lianfang.doors.structs import answered, asked
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import county_of
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.refusals import NotFound
from lianfang.regions.queries import names

LONGEST_BODY = LONGEST_SEALED * 4 // 3 + 1_024
# One address may be a coach's own network, or one of a mobile operator's, behind which thousands stand. Whoever finds
# the hour's allowance spent still shows the QR code: only the short code is missing.
DECLARATIONS = Allowance(an_hour=120)
ROSTERS = Allowance(an_hour=20)
ROSTER_CODES = Guesses(allowed=30)


@public
@never_cache
@answers("GET")
def page(request: HttpRequest, checkpoint: str) -> HttpResponse:
    """Where a poster's code leads: the traveller's page, or one that says the checkpoint is not known."""
    if _found(checkpoint) is None:
        response = render(request, "public/declare_unknown.html", status=404)
    else:
        response = phone_app.serve(request, "declare.html")
    response["X-Robots-Tag"] = "noindex"
    return response


@public
@never_cache
@answers("GET")
def declaring(request: HttpRequest, checkpoint: str) -> HttpResponse:
    """What the page needs: the keys of the day, the time here, the lists, and the notice."""
    post, at = _found_or_refused(checkpoint), now()
    county = county_of(post.division) or ""
    keys, today = key_folder(), day_of(at)
    key, card_key = keys.declarations(post.code, today), keys.cards(post.code, today)
    return answered(
        Declaring(
            DeclaringCheckpoint(post.code, post.name, names([county], today).get(county, "")),
            DeclaringKey(key.id, key.public),
            DeclaringKey(card_key.id, card_key.public),
            _moment(at),
            [Choice(**asdict(choice)) for choice in choices.PURPOSES],
            [Choice(**asdict(choice)) for choice in choices.SYMPTOMS],
            Notice([_retention(holding) for holding in of_travellers()], "/privacy"),
        )
    )


@csrf_exempt
@public
@never_cache
@answers("POST")
def declarations(request: HttpRequest) -> HttpResponse:
    """A sealed declaration → the six digits an officer may ask for."""
    DECLARATIONS.spend(place_of(request))
    given = asked(request, DeclarationAsked, longest=LONGEST_BODY)
    _found_or_refused(given.checkpoint)
    kept = services.declare(
        given=services.Given(
            id=given.id,
            checkpoint=given.checkpoint,
            kind=given.kind,
            people=given.people,
            sealed=given.sealed,
            roster=given.roster or "",
            seat=(given.seat or "").strip(),
            replaces=given.replaces,
        ),
        at=now(),
    )
    return answered(DeclarationKept(kept.code, _moment(kept.expires_at)), status=201)


@csrf_exempt
@public
@never_cache
@answers("POST")
def rosters(request: HttpRequest) -> HttpResponse:
    """A coach's list → the code its passengers join by."""
    ROSTERS.spend(place_of(request))
    given = asked(request, RosterAsked, longest=LONGEST_BODY)
    post = _found_or_refused(given.checkpoint)
    kept = services.open_roster(checkpoint=post.code, expected=given.expected, sealed=given.sealed, at=now())
    return answered(RosterOpened(kept.code, _moment(kept.expires_at)), status=201)


@public
@never_cache
@answers("GET")
def roster(request: HttpRequest, code: str) -> HttpResponse:
    """How a coach fills: counts and seats."""
    place = place_of(request)
    ROSTER_CODES.check(place)
    found = roster_count(code, at=now()) if code.isascii() and code.isalnum() else None
    if found is None:
        ROSTER_CODES.failed(place)
        raise NotFound(
            "ROSTER_UNKNOWN", "没有这个乘客名单，或已过期。", "There is no such roster, or it has expired."
        )
    return answered(RosterCounted(**asdict(found)))


def _found(code: str) -> Checkpoint | None:
    return declaring_checkpoint(code) if code.isascii() and code.isprintable() else None


def _found_or_refused(code: str) -> Checkpoint:
    found = _found(code)
    if found is None:
        raise NotFound(
            "CHECKPOINT_UNKNOWN", "没有这个卡口，或已撤销。", "There is no such checkpoint, or it is closed."
        )
    return found


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _retention(holding: Holding) -> Retention:
    return Retention(*(_in_both(text) for text in (holding.what, holding.why, holding.until, holding.after)))


def _in_both(text: Text) -> Say:
    with translation.override("zh-hans"):
        zh = str(text)
    with translation.override("en"):
        return Say(zh, str(text))
