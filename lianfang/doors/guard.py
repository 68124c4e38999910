"""What stands between the street and every page: default deny, and refusals put into words (headers: headers.py).

A view says who may come in by one of two decorators. A view that says nothing lets nobody in.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode

from lianfang.command.queries import display_of_token, session_reach
from lianfang.command.services import LockedOut
from lianfang.doors.guesses import place_of
from lianfang.kernel.audit import REFUSED, Act, from_place, note
from lianfang.kernel.clock import now
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Refusal

View = Callable[..., HttpResponse]
SESSION_COOKIE = "lianfang_session"
# Over TLS: no page in the clear, and no other name of the same machine, can plant one of this name.
SECURE_SESSION_COOKIE = f"__Host-{SESSION_COOKIE}"
DISPLAY_COOKIE = "lianfang_display"
READS = ("GET", "HEAD")
SIGNED_IN = "signed-in"


def public(view: View) -> View:
    """Anybody may come in: the page shows nothing about a person and nothing that is not public."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def permitted(permission: str) -> Callable[[View], View]:
    """Only an officer in session whose roles hold the permission; `request.reach` is that session.

    What VIEW_WALL permits is read by a display too, whose reach has no session.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return view(request, *args, **kwargs)

        inner.access = permission  # type: ignore[attr-defined]
        return inner

    return decorate


def signed_in(view: View) -> View:
    """Any officer in session at a desk, whatever the role: pages about the officer's own account."""
    view.access = SIGNED_IN  # type: ignore[attr-defined]
    return view


def default_deny(get_response: View) -> View:
    """Lets a request through to a view that declares who may come in, and to that somebody only."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.reach = None  # type: ignore[attr-defined]
        with from_place(place_of(request)):
            return get_response(request)

    def process_view(request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        access = getattr(view, "access", None)
        if access == "public":
            request.reach = None  # type: ignore[attr-defined]
            return None
        if access is None:
            return denied(request, Refusal("CLOSED", "此页未开放。", "This page is not open.", status=403))
        reach = reach_of(request)
        if reach is None or (reach.kind == "DISPLAY" and not reach.may(access)):
            return not_signed_in(request, access)
        if access == SIGNED_IN and reach.kind != "DESK":
            return not_signed_in(request, access)
        if access != SIGNED_IN and not reach.may(access):
            return denied(
                request,
                Refusal(
                    "NOT_PERMITTED", "您的岗位没有这项权限。", "Your role does not permit this.", status=403
                ),
                officer=reach,
            )
        request.reach = reach  # type: ignore[attr-defined]
        return None

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def reach_of(request: HttpRequest) -> Reach | None:
    """The session behind a cookie (desk) or a bearer token (scripts); else the display behind its cookie.

    Scripts and displays read only, so only GET and HEAD.
    """
    bearer = request.headers.get("Authorization", "")
    if bearer.lower().startswith("bearer "):
        found = session_reach(bearer[7:].strip())
        return found if found is not None and found.kind == "TOKEN" and request.method in READS else None
    found = session_reach(session_in(request.COOKIES, secure=request.is_secure()))
    if found is not None and found.kind == "DESK":
        return found
    return display_of(request.COOKIES) if request.method in READS else None


def session_in(cookies: Mapping[str, str], *, secure: bool) -> str:
    """The session's id that a browser shows; empty when it shows none."""
    return cookies.get(session_cookie(secure=secure), "")


def session_cookie(*, secure: bool) -> str:
    return SECURE_SESSION_COOKIE if secure else SESSION_COOKIE


def display_of(cookies: Mapping[str, str]) -> Reach | None:
    token = cookies.get(DISPLAY_COOKIE)
    return display_of_token(token, at=now()) if token else None


def display_ended(cookies: Mapping[str, str]) -> bool:
    """Whether a screen shows a token that opened the wall once, or never did."""
    return DISPLAY_COOKIE in cookies and display_of(cookies) is None


def signed_out(cookies: Mapping[str, str]) -> Refusal:
    """Why a request that showed nobody is refused: a screen is told that it was switched off, anybody else to sign in."""
    if display_ended(cookies):
        return Refusal(
            "DISPLAY_ENDED",
            "此大屏已停用或已过期，请向指挥部要新的令牌。",
            "This display was switched off or has expired: ask headquarters for a new token.",
            status=401,
        )
    return Refusal("NOT_SIGNED_IN", "请先登录。", "Please sign in first.", status=401)


def wants_json(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def not_signed_in(request: HttpRequest, access: str) -> HttpResponse:
    if wants_json(request):
        return denied(request, signed_out(request.COOKIES))
    if access == "VIEW_WALL" and display_ended(request.COOKIES):
        return HttpResponseRedirect(reverse("open-wall"))
    return HttpResponseRedirect(f"{reverse('sign-in')}?{urlencode({'next': request.path})}")


def denied(request: HttpRequest, refusal: Refusal, *, officer: Reach | None = None) -> HttpResponse:
    """The refusal in words. What an officer may not do is noted, under the page's name: its address may hold an id."""
    if refusal.status == 403 and officer is not None:
        match = request.resolver_match
        page = {"page": match.view_name, "code": refusal.code} if match else {"code": refusal.code}
        note(Act.REFUSED, by=officer, result=REFUSED, details=page)
    if wants_json(request):
        return JsonResponse({"error": refusal.as_json()}, status=refusal.status)
    response = render(request, "hq/refusal.html", {"refusal": refusal}, status=refusal.status)
    if isinstance(refusal, LockedOut):
        response.headers["Retry-After"] = str(refusal.seconds)
    patch_vary_headers(response, ["Cookie"])
    return response


def refusals(get_response: View) -> View:
    """Maps what services refuse to one answer, once, for every view."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Refusal):
            return denied(request, error, officer=getattr(request, "reach", None))
        return None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def set_session_cookie(request: HttpRequest, response: HttpResponse, session: str) -> None:
    """The cookie holds a random session id and nothing else."""
    name = session_cookie(secure=request.is_secure())
    set_secret_cookie(request, response, name, session, settings.DESK_SESSION)


def set_display_cookie(request: HttpRequest, response: HttpResponse, token: str, lasts: timedelta) -> None:
    """The cookie holds a display's token and ends with it."""
    set_secret_cookie(request, response, DISPLAY_COOKIE, token, lasts)


def set_secret_cookie(
    request: HttpRequest, response: HttpResponse, name: str, secret: str, lasts: timedelta
) -> None:
    """No script reads it; it travels over TLS wherever TLS is used."""
    response.set_cookie(
        name,
        secret,
        max_age=int(lasts.total_seconds()),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def database_is_there() -> bool:
    """For /healthz: one trivial question; False when nobody answers it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except Error:
        return False
