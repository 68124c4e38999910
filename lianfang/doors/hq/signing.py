"""In and out of the desk, and the first administrator of an empty platform."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now  # noqa: TID251 -- doors tell the time
from django.views.decorators.cache import never_cache

from lianfang.command import services
from lianfang.command.services import WrongSignIn
from lianfang.doors.guard import SESSION_COOKIE, public, set_session_cookie
from lianfang.doors.guesses import Guesses, place_of
from lianfang.doors.hq.forms import SetUpForm, SignInForm, said
from lianfang.doors.methods import answers
from lianfang.kernel.refusals import Refusal

FROM_A_PLACE = Guesses()
# More than one place can fail at a name: few enough to stop guessing, too many to lock an officer out by mischief.
AT_A_NAME = Guesses(allowed=60)


@public
@never_cache
@answers("GET", "POST")
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request.POST or None)
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if form.is_valid():
        try:
            return _signed_in(request, _open_session(request, form.cleaned_data), wanted)
        except Refusal as refusal:
            form.add_error(None, said(refusal))
            status = refusal.status
    else:
        status = 400 if form.errors else 200
    return render(request, "hq/sign_in.html", {"form": form, "next": wanted}, status=status)


def _open_session(request: HttpRequest, given: dict[str, str]) -> str:
    """Who guesses too often, from one place or at one name, is not heard for a minute."""
    place, name = place_of(request), given["name"]
    FROM_A_PLACE.check(place)
    AT_A_NAME.check(name)
    try:
        return services.sign_in(sign_in_name=name, password=given["password"])
    except WrongSignIn:
        FROM_A_PLACE.failed(place)
        AT_A_NAME.failed(name)
        raise


def _signed_in(request: HttpRequest, session: str, wanted: str = "") -> HttpResponse:
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = HttpResponseRedirect(wanted if safe else reverse("home"))
    rotate_token(request)
    set_session_cookie(request, response, session)
    return response


@public
@answers("POST")
def sign_out(request: HttpRequest) -> HttpResponse:
    services.sign_out(session=request.COOKIES.get(SESSION_COOKIE, ""))
    response = redirect("home")
    response.delete_cookie(SESSION_COOKIE)
    return response


@public
@never_cache
@answers("GET", "POST")
def set_up(request: HttpRequest, token: str) -> HttpResponse:
    form = SetUpForm(request.POST or None)
    if form.is_valid():
        try:
            return _set_up(request, token, form)
        except Refusal as refusal:
            form.add_error(None, said(refusal))
    return render(request, "hq/set_up.html", {"form": form}, status=400 if form.errors else 200)


def _set_up(request: HttpRequest, token: str, form: SetUpForm) -> HttpResponse:
    given = form.cleaned_data
    services.set_up(
        token=token,
        sign_in_name=given["sign_in_name"],
        name=given["name"],
        password=given["password"],
        division=given["division"],
        at=now(),
    )
    session = services.sign_in(sign_in_name=given["sign_in_name"], password=given["password"])
    return _signed_in(request, session)
