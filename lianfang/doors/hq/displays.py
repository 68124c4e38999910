"""Displays: a link that opens the wall on a projector's machine, shown once, and an end to it. Nobody signs in there."""

from datetime import datetime, timedelta
from uuid import UUID

import segno
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.command import services
from lianfang.command.queries import DisplayLine, display_of_token, displays
from lianfang.doors.guard import display_ended, permitted, public, set_display_cookie
from lianfang.doors.hq.devices import seen_from_outside
from lianfang.doors.hq.forms import said, text
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.refusals import Forbidden, Refusal


class DisplayForm(forms.Form):
    name = forms.CharField(
        label=_("大屏名称"),
        max_length=services.LONGEST_NAME,
        help_text=_("如 指挥部一楼大厅"),
        widget=text(autofocus=True),
    )
    days = forms.TypedChoiceField(
        label=_("有效期"),
        choices=[(1, _("1 天")), (7, _("7 天")), (30, _("30 天")), (90, _("90 天"))],
        coerce=int,
        initial=services.DISPLAY_LASTS.days,
        widget=forms.RadioSelect,
    )


class OpenForm(forms.Form):
    """Takes the token, or the whole link that carries it."""

    token = forms.CharField(label=_("大屏链接或令牌"), max_length=400, widget=text())

    def clean_token(self) -> str:
        return str(self.cleaned_data["token"]).rpartition("#")[2].strip()


@permitted("MANAGE_DISPLAYS")
@never_cache
@answers("GET")
def display_list(request: OfficerRequest) -> HttpResponse:
    at = now()
    listed = sorted(displays(request.reach), key=lambda line: not is_good(line, at))
    good = sum(is_good(line, at) for line in listed)
    return render(request, "hq/displays.html", {"displays": listed, "good": good, "at": at})


def is_good(line: DisplayLine, at: datetime) -> bool:
    return line.revoked_at is None and line.expires_at > at


@permitted("MANAGE_DISPLAYS")
@never_cache
@answers("GET", "POST")
def new_display(request: OfficerRequest) -> HttpResponse:
    form = DisplayForm(request.POST or None)
    if form.is_valid():
        try:
            return _made(request, form.cleaned_data["name"], timedelta(days=form.cleaned_data["days"]))
        except Refusal as refusal:
            form.add_error(None, said(refusal))
    return render(request, "hq/new_display.html", {"form": form}, status=400 if form.errors else 200)


def _made(request: OfficerRequest, name: str, lasts: timedelta) -> HttpResponse:
    """The page whose link is taken to the projector. It stands here once and nowhere else."""
    token, display = services.make_display_token(by=request.reach, name=name, lasts=lasts, at=now())
    here = seen_from_outside(request)
    # Behind the #, which no browser sends to a server: no log and no proxy sees it.
    link = f"{here}{reverse('open-wall')}#{token}"
    shown = {
        "display": display,
        "link": link,
        "qr": segno.make(link, error="m").svg_data_uri(scale=8, border=2),
        "start": here + reverse("start"),
        "open": request.build_absolute_uri(reverse("open-wall")),
    }
    return render(request, "hq/display_made.html", shown)


@permitted("MANAGE_DISPLAYS")
@answers("POST")
def revoke_display(request: OfficerRequest, display_id: UUID) -> HttpResponse:
    services.revoke_display_token(by=request.reach, id=display_id, at=now())
    messages.success(request, gettext("已停用。这块大屏十秒内不再显示新的数字。"))
    return redirect("displays")


@public
@never_cache
@answers("GET", "POST")
def open_wall(request: HttpRequest) -> HttpResponse:
    """Where a display's link leads. The page's script sends what stands behind the # as a form; one may also paste it."""
    form = OpenForm(request.POST or None)
    status = 400 if form.errors else 200
    if form.is_valid():
        try:
            return _opened(request, form.cleaned_data["token"])
        except Refusal as refusal:
            form.add_error(None, said(refusal))
            status = refusal.status
    shown = {"form": form, "ended": request.method != "POST" and display_ended(request.COOKIES)}
    return render(request, "hq/open_wall.html", shown, status=status)


def _opened(request: HttpRequest, token: str) -> HttpResponse:
    at = now()
    display = display_of_token(token, at=at)
    if display is None:
        raise Forbidden(
            "DISPLAY_REFUSED",
            "这个令牌打不开大屏：可能没有复制完整，也可能已停用或过期。请核对，或向指挥部要新的令牌。",
            "This token opens no wall: it may be incomplete, switched off or expired. Check it, or ask headquarters for a new one.",
        )
    response = redirect("wall")
    set_display_cookie(request, response, token, display.expires_at - at)
    return response
