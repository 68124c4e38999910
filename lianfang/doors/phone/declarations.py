"""What an officer's phone fetches of travellers' declarations: sealed, by a short code or a coach's roster."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from lianfang.checkpoints.queries.declared import declaration_for, roster_sheet
from lianfang.doors.declaring_shapes import DeclarationFetched, RosterFetched, SeatDeclared
from lianfang.doors.guard import public
from lianfang.doors.guesses import Guesses
from lianfang.doors.methods import answers
from lianfang.doors.phone.views import sender_of
from lianfang.doors.structs import answered
from lianfang.kernel.clock import now
from lianfang.kernel.refusals import NotFound

# A short code has six digits: one device may miss this often in a minute.
MISSES = Guesses(allowed=30)
Found = TypeVar("Found")


@csrf_exempt
@public
@never_cache
@answers("GET")
def declaration(request: HttpRequest, short_code: str) -> HttpResponse:
    """The declaration with these six digits at the device's own checkpoint."""
    found = _looked_up(request, lambda token, at: declaration_for(token, short_code, at=at), short_code)
    until = found.expires_at.astimezone(UTC).isoformat()
    return answered(DeclarationFetched(found.id, found.kind, found.people, found.sealed, until))


@csrf_exempt
@public
@never_cache
@answers("GET")
def roster(request: HttpRequest, code: str) -> HttpResponse:
    """A coach's declarations by seat, and what its driver said."""
    found = _looked_up(request, lambda token, at: roster_sheet(token, code, at=at), code)
    lines = [SeatDeclared(line.id, line.seat, line.people, line.sealed) for line in found.declarations]
    return answered(RosterFetched(found.expected, found.sealed, lines))


def _looked_up(request: HttpRequest, look: Callable[[str, datetime], Found | None], code: str) -> Found:
    """What the device asks for, or a refusal that counts as a miss."""
    device = str(sender_of(request).id)
    MISSES.check(device)
    token = request.headers["Authorization"].partition(" ")[2].strip()
    found = look(token, now()) if code.isascii() and code.isalnum() else None
    if found is None:
        MISSES.failed(device)
        raise NotFound(
            "NOT_DECLARED", "没有这个号码，或已过期。", "There is nothing under this code, or it has expired."
        )
    return found
