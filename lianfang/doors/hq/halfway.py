"""Between password and code there is no session: who gave the password stands in a signed cookie, for minutes."""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from lianfang.command.models import Officer
from lianfang.doors.guard import set_secret_cookie
from lianfang.kernel.tokens import hashed

COOKIE = "lianfang_halfway"
CODE_WITHIN = timedelta(minutes=5)
SET_UP_WITHIN = timedelta(minutes=15)  # a phone may have to be given a program for codes first


class Halfway(NamedTuple):
    """An officer whose password was right, and the page that was asked for."""

    officer: Officer
    wanted: str


def remember(request: HttpRequest, response: HttpResponse, officer: Officer, wanted: str) -> None:
    state = signing.dumps([officer.id.hex, _mark(officer), wanted], salt=COOKIE)
    set_secret_cookie(request, response, COOKIE, state, SET_UP_WITHIN)


def halfway(request: HttpRequest, *, within: timedelta) -> Halfway | None:
    """None when the state is missing, forged, too old, or the password is another one by now."""
    try:
        state = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=within)
    except signing.BadSignature:
        return None
    officer_id, mark, wanted = state
    officer = Officer.objects.filter(pk=UUID(officer_id), left_at=None).first()
    return Halfway(officer, wanted) if officer is not None and _mark(officer) == mark else None


def too_late(request: HttpRequest) -> HttpResponse:
    """Back to the password, which says why."""
    return HttpResponseRedirect(f"{reverse('sign-in')}?{urlencode({'late': 1})}")


def _mark(officer: Officer) -> str:
    """Tells this password from the next one."""
    return hashed(officer.password).hex()[:16]
