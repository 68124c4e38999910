"""Setting up the second factor: a QR code for the phone, one code to show that it took, then ten recovery codes."""

import contextlib
from datetime import timedelta
from typing import Any

import segno
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now  # noqa: TID251 -- sign-in keeps the real clock
from django.views.decorators.cache import never_cache

from lianfang.command import services
from lianfang.command.models import Officer
from lianfang.command.queries import last_sign_in
from lianfang.doors.guard import public
from lianfang.doors.hq.halfway import SET_UP_WITHIN, halfway, too_late
from lianfang.doors.hq.signing import origin_of, safe, take_seat
from lianfang.doors.hq.signing_forms import CodeForm, refused
from lianfang.doors.methods import answers
from lianfang.kernel.refusals import Refusal

_SALT = "second factor of "


@public
@never_cache
@answers("GET", "POST")
def sign_in_factor(request: HttpRequest) -> HttpResponse:
    half = halfway(request, within=SET_UP_WITHIN)
    if half is None:
        return too_late(request)
    if half.officer.totp_confirmed_at is not None:
        return redirect("sign-in-code")
    secret = secret_sent(request, half.officer) or services.new_secret()
    shown = to_scan(half.officer, secret)
    form = CodeForm(request.POST or None)
    if not form.is_valid():
        status = 400 if form.errors else 200
        return render(request, "hq/sign_in_factor.html", {"form": form, **shown}, status=status)
    last, origin = last_sign_in(half.officer.id), origin_of(request)
    try:
        session, codes = services.give_first_code(
            officer=half.officer, secret=secret, code=form.cleaned_data["code"], origin=origin, at=now()
        )
    except Refusal as refusal:
        return refused(request, "hq/sign_in_factor.html", form, refusal, **shown)
    response = recovery_codes(request, half.officer, codes, then=safe(request, half.wanted))
    take_seat(request, response, session, last)
    return response


def recovery_codes(request: HttpRequest, officer: Officer, codes: list[str], *, then: str) -> HttpResponse:
    """The page that shows them, once; it is made to be printed."""
    shown = {"codes": codes, "officer": officer, "then": then}
    return render(request, "hq/recovery_codes.html", shown)


def to_scan(officer: Officer, secret: str) -> dict[str, Any]:
    """What the page shows of a secret that nobody keeps yet: it comes back signed, with the first code."""
    address = services.enrolment_address(officer, secret)
    return {
        "qr": segno.make(address, error="m").svg_data_uri(scale=6, border=2),
        "secret": " ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
        "signed_secret": signing.dumps(secret, salt=_SALT + officer.id.hex),
        "officer": officer,
    }


def secret_sent(request: HttpRequest, officer: Officer, *, within: timedelta = SET_UP_WITHIN) -> str | None:
    """The secret that this page was shown with; None when it is missing, too old, or somebody else's."""
    with contextlib.suppress(signing.BadSignature):
        sent = request.POST.get("secret", "")
        return str(signing.loads(sent, salt=_SALT + officer.id.hex, max_age=within))
    return None
