"""Officers' accounts, by the system administrator: appointed, given another link, gone. Roles are granted elsewhere."""

from uuid import UUID

import segno
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now  # noqa: TID251 -- sessions and postings keep the real clock
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.command.models import Officer
from lianfang.command.queries import count_officers, officer_page
from lianfang.command.services.activation import ACTIVATION_LASTS
from lianfang.command.services.appointing import (
    LONGEST_OFFICER_NAME,
    appoint_officer,
    let_leave,
    renew_activation,
)
from lianfang.doors.guard import permitted
from lianfang.doors.hq.devices import seen_from_outside
from lianfang.doors.hq.forms import said, text
from lianfang.doors.hq.officer_shown import shown_officers
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.kernel.refusals import Refusal


class AppointForm(forms.Form):
    name = forms.CharField(label=_("姓名"), max_length=LONGEST_OFFICER_NAME, widget=text(autofocus=True))
    sign_in_name = forms.CharField(
        label=_("用户名"),
        max_length=40,
        help_text=_("登录时用：小写字母、数字或 . _ -，如 wangfang"),
        widget=text(autocapitalize="none", spellcheck="false"),
    )


class FindOfficerForm(forms.Form):
    """A part of a name travels in the body, like every name."""

    name = forms.CharField(label=_("姓名或用户名"), required=False, max_length=40, widget=text())
    before = forms.UUIDField(required=False, widget=forms.HiddenInput)


@permitted("MANAGE_OFFICERS")
@never_cache
@answers("GET", "POST")
def officer_list(request: OfficerRequest) -> HttpResponse:
    """In service; ?left=1: those who left. POST searches and turns the page."""
    at, form = now(), FindOfficerForm(request.POST or None)
    asked = form.cleaned_data if form.is_valid() else {}
    left = "left" in request.GET
    name = asked.get("name", "").strip()
    page = officer_page(request.reach, name=name, before=asked.get("before"), left=left, at=at)
    shown = {
        "form": form,
        "name": name,
        "left": left,
        "officers": shown_officers(page.lines, request.reach),
        "next_before": page.next_before,
        "counts": count_officers(request.reach, at=at),
    }
    return render(request, "hq/officers.html", shown, status=400 if form.errors else 200)


@permitted("MANAGE_OFFICERS")
@never_cache
@answers("GET", "POST")
def new_officer(request: OfficerRequest) -> HttpResponse:
    form = AppointForm(request.POST or None)
    if form.is_valid():
        try:
            officer, token = appoint_officer(by=request.reach, at=now(), **form.cleaned_data)
            return _link_page(request, officer, token)
        except Refusal as refusal:
            form.add_error(None, said(refusal))
    return render(request, "hq/new_officer.html", {"form": form}, status=400 if form.errors else 200)


@permitted("MANAGE_OFFICERS")
@never_cache
@answers("GET", "POST")
def new_link(request: OfficerRequest, officer_id: UUID) -> HttpResponse:
    """Whoever comes back to this address without a form is led to the list: a link is shown once."""
    if request.method != "POST":
        return redirect("officers")
    return _link_page(request, *renew_activation(by=request.reach, officer_id=officer_id, at=now()))


@permitted("MANAGE_OFFICERS")
@answers("POST")
def leave(request: OfficerRequest, officer_id: UUID) -> HttpResponse:
    officer = let_leave(by=request.reach, officer_id=officer_id, at=now())
    messages.success(request, gettext("%(name)s已离任，从现在起什么也打不开。") % {"name": officer.name})
    return redirect("officers")


def _link_page(request: OfficerRequest, officer: Officer, token: str) -> HttpResponse:
    """The link an officer is handed. It stands here once and nowhere else."""
    here = seen_from_outside(request)
    link = here + reverse("activate", args=[token])
    shown = {
        "officer": officer,
        "link": link,
        "qr": segno.make(link, error="m").svg_data_uri(scale=8, border=2),
        "hours": int(ACTIVATION_LASTS.total_seconds()) // 3600,
        "start": here + reverse("start"),
    }
    return render(request, "hq/officer_link.html", shown)
