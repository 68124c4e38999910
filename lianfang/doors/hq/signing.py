"""In and out of the desk: the password, then a code, then a session."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now  # noqa: TID251 -- sign-in keeps the real clock
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from lianfang.command import services
from lianfang.command.models import Officer
from lianfang.command.queries import LastSignIn, last_sign_in, session_end
from lianfang.command.services import Origin
from lianfang.doors.guard import public, session_cookie, session_in, set_session_cookie
from lianfang.doors.guesses import place_of
from lianfang.doors.hq import halfway as half_way
from lianfang.doors.hq.halfway import halfway, remember, too_late
from lianfang.doors.hq.signing_forms import CodeForm, SignInForm, refused
from lianfang.doors.methods import answers
from lianfang.doors.tags import moment
from lianfang.kernel.refusals import Refusal


@public
@never_cache
@answers("GET", "POST")
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request.POST or None)
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if form.is_valid():
        name, password = form.cleaned_data["name"], form.cleaned_data["password"]
        try:
            officer = services.give_password(
                sign_in_name=name, password=password, place=place_of(request), at=now()
            )
        except Refusal as refusal:
            return refused(request, "hq/sign_in.html", form, refusal, next=wanted)
        return onwards(request, officer, wanted)
    shown = {"form": form, "next": wanted, "late": "late" in request.GET, "ended": _ended(request)}
    return render(request, "hq/sign_in.html", shown, status=400 if form.errors else 200)


def onwards(request: HttpRequest, officer: Officer, wanted: str) -> HttpResponse:
    """From the password to the code, or to setting it up; the officers of a demo go straight in."""
    if not officer.second_factor:
        last = last_sign_in(officer.id)
        session = services.sign_in_without_code(officer=officer, origin=origin_of(request))
        return signed_in(request, session, last, wanted)
    response = redirect("sign-in-code" if officer.totp_confirmed_at else "sign-in-factor")
    remember(request, response, officer, wanted)
    return response


@public
@never_cache
@answers("GET", "POST")
def sign_in_code(request: HttpRequest) -> HttpResponse:
    half = halfway(request, within=half_way.CODE_WITHIN)
    if half is None:
        return too_late(request)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        last, origin = last_sign_in(half.officer.id), origin_of(request)
        try:
            session = services.give_code(
                officer=half.officer, code=form.cleaned_data["code"], origin=origin, at=now()
            )
        except Refusal as refusal:
            return refused(request, "hq/sign_in_code.html", form, refusal)
        return signed_in(request, session, last, half.wanted)
    return render(request, "hq/sign_in_code.html", {"form": form}, status=400 if form.errors else 200)


def signed_in(
    request: HttpRequest, session: str, last: LastSignIn | None, wanted: str = ""
) -> HttpResponseRedirect:
    """To the page that was asked for, if it is one of ours."""
    response = HttpResponseRedirect(safe(request, wanted))
    take_seat(request, response, session, last)
    return response


def safe(request: HttpRequest, wanted: str) -> str:
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else reverse("home")


def take_seat(request: HttpRequest, response: HttpResponse, session: str, last: LastSignIn | None) -> None:
    """The browser is the session's from now on: what it held before ends, and its officer is told what is recorded."""
    services.sign_out(session=session_in(request.COOKIES, secure=request.is_secure()))
    _forget_messages(request)
    rotate_token(request)
    set_session_cookie(request, response, session)
    response.delete_cookie(half_way.COOKIE)
    messages.info(request, f"{_recorded()} {_last_time(last)}")


def _recorded() -> str:
    return gettext("您在这里看过、办过的都会记下来，只为追查泄露和差错；不统计、不比较任何人的快慢。")


def _last_time(last: LastSignIn | None) -> str:
    if last is None:
        return gettext("这是您第一次登录。")
    when = {"when": moment(last.at), "place": last.place}
    return gettext("上次登录：%(when)s，来自 %(place)s；不是您本人，请马上改密码并报告。") % when


def origin_of(request: HttpRequest) -> Origin:
    return Origin(place_of(request), request.headers.get("User-Agent", ""))


@public
@answers("POST")
def sign_out(request: HttpRequest) -> HttpResponse:
    secure = request.is_secure()
    services.sign_out(session=session_in(request.COOKIES, secure=secure))
    _forget_messages(request)
    response = redirect("home")
    response.delete_cookie(session_cookie(secure=secure))
    return response


def _forget_messages(request: HttpRequest) -> None:
    """What was meant for one officer is not shown to the next at the same machine."""
    list(messages.get_messages(request))


def _ended(request: HttpRequest) -> str | None:
    """Why the session that this browser still shows is over."""
    return session_end(session_in(request.COOKIES, secure=request.is_secure()))
