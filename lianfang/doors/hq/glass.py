"""Breaking the glass: looking at a place beyond one's reach, for a reason and three hours. What was broken, for the auditor."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.command import services
from lianfang.command.queries import all_glass, my_glass
from lianfang.doors.guard import permitted, signed_in
from lianfang.doors.hq.forms import PlaceForm, said
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.kernel.clock import machine_now
from lianfang.kernel.divisions import from_integer, lineage
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Refusal


class GlassForm(PlaceForm):
    reason = forms.CharField(
        label=_("原因"),
        max_length=services.LONGEST_REASON,
        help_text=_(
            "工作上为什么要看，至少 10 个字，如 邻县移交的密接车辆，需核对通行时间。请勿写旅客的姓名和号码"
        ),
        widget=forms.Textarea({"class": "input", "rows": 2}),
    )


@permitted("BREAK_GLASS")
@never_cache
@answers("GET", "POST")
def glass(request: OfficerRequest) -> HttpResponse:
    """The form, what will happen, and what this officer broke before."""
    form, at = GlassForm(request.POST or None, under=city_of(request.reach)), machine_now()
    if form.is_valid():
        try:
            services.break_glass(
                by=request.reach,
                division=form.cleaned_data["division"],
                reason=form.cleaned_data["reason"],
                at=at,
            )
        except Refusal as refusal:
            form.add_error(None, said(refusal))
        else:
            told = gettext("已打开，三小时后自动结束。只能看，每一次查看都有记录，当地的值班员已经知道。")
            messages.warning(request, told)
            return redirect("passages")
    shown = {"form": form, "mine": my_glass(request.reach, at=at), "at": at, **_limits()}
    return render(request, "hq/glass.html", shown, status=400 if form.errors else 200)


def _limits() -> dict[str, Any]:
    return {"at_once": services.MOST_AT_ONCE, "a_day": services.MOST_A_DAY}


def city_of(officer: Reach) -> str | None:
    """The city in which an officer is posted: no other has records here."""
    line = lineage(from_integer(officer.spans[0][0])) if officer.spans else ()
    return line[min(1, len(line) - 1)] if line else None


@signed_in
@never_cache
@answers("POST")
def close(request: OfficerRequest, glass_id: UUID) -> HttpResponse:
    """By whoever broke it, or whoever was told of it."""
    ended = services.close_glass(by=request.reach, id=glass_id, at=machine_now())
    messages.success(request, gettext("破窗查看已结束。"))
    mine = ended.officer_id == request.reach.officer_id and request.reach.may("BREAK_GLASS")
    return redirect("glass" if mine else "notices")


def back(request: OfficerRequest, otherwise: str) -> HttpResponse:
    """To the page from which somebody tapped, if it is one of this site's."""
    wanted = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return redirect(wanted if here else reverse(otherwise))


@permitted("READ_AUDIT")
@never_cache
@answers("GET")
def glass_list(request: OfficerRequest) -> HttpResponse:
    at = machine_now()
    listed = all_glass(request.reach, at=at)
    open_now = sum(line.is_open(at) for line in listed)
    return render(request, "hq/glass_list.html", {"glass": listed, "open_now": open_now, "at": at})
