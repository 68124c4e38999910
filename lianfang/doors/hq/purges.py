"""Purges at the desk: what is over, proposed by headquarters, signed by the security administrator, certified."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.custody.planning import Forecast
from lianfang.custody.purging import propose, refuse, sign
from lianfang.custody.queries import PurgeLine, due, oldest_due, purge_of, purges
from lianfang.custody.retention import LONGEST_REASON
from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said, text
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.regions.queries import name_of_span


@dataclass(frozen=True, slots=True)
class DueDay:
    """A day that is over: persons that would be cleared, and everything else."""

    day: date
    whole: bool
    people: int
    others: int


class ProposeForm(forms.Form):
    """`kind` EVERYTHING asks for the city's name, typed: nobody ends an emergency by a slip of the hand."""

    kind = forms.ChoiceField(choices=[("RETENTION", ""), ("EVERYTHING", "")], widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("原因"),
        max_length=LONGEST_REASON,
        help_text=_("写工作上的原因，不写旅客的姓名和号码"),
        widget=text(),
    )
    city = forms.CharField(label=_("辖区全称"), required=False, max_length=40, widget=text())


@permitted("VIEW_PURGES")
@never_cache
@answers("GET")
def purge_list(request: OfficerRequest) -> HttpResponse:
    return _list(request)


def _list(request: OfficerRequest, form: ProposeForm | None = None) -> HttpResponse:
    at = now()
    forecast, lines = due(request.reach, at=at), purges(request.reach, at=at)
    bars = _bars(forecast)
    told = {
        "bars": bars,
        "most": max((bar.people for bar in bars), default=0) or 1,
        "people": sum(bar.people for bar in bars),
        "oldest": oldest_due(forecast),
        "keys": sum(len(one.planned.keys) for one in forecast),
        "lines": lines,
        "open": any(line.purge.kind == "RETENTION" and line.state in ("PROPOSED", "SIGNED") for line in lines),
        "going": any(line.state == "SIGNED" for line in lines),
        "city": _city(request),
        "propose_due": form if form and form.data.get("kind") == "RETENTION" else ProposeForm(),
        "propose_end": form if form and form.data.get("kind") == "EVERYTHING" else ProposeForm(),
        "at": at,
    }  # fmt: skip
    return render(request, "hq/purges.html", told, status=400 if form and form.errors else 200)


def _bars(forecast: list[Forecast]) -> list[DueDay]:
    return [
        DueDay(
            one.planned.day,
            one.planned.what == "WHOLE",
            one.counts.get("registration", 0),
            sum(one.counts.values()) - one.counts.get("registration", 0),
        )
        for one in forecast
        if one.planned.day is not None
    ]


def _city(request: OfficerRequest) -> str:
    """The name of what the officer answers for, as the register has it; its first code where it has none."""
    spans = request.reach.spans
    return name_of_span(*spans[0], day_of(now())) if spans else ""


@permitted("PROPOSE_PURGES")
@never_cache
@answers("POST")
def propose_purge(request: OfficerRequest) -> HttpResponse:
    form = ProposeForm(request.POST)
    if form.is_valid():
        kind = form.cleaned_data["kind"]
        if kind == "EVERYTHING" and form.cleaned_data["city"].strip() != _city(request):
            form.add_error("city", gettext("与辖区全称不一致，没有提出。"))
            return _list(request, form)
        try:
            propose(by=request.reach, at=now(), kind=kind, reason=form.cleaned_data["reason"])
        except Refusal as refusal:
            form.add_error(None, said(refusal))
            return _list(request, form)
        messages.success(request, gettext("已提出，等安全管理员签署。签署之前可以退回。"))
        return redirect("purges")
    return _list(request, form)


@permitted("SIGN_PURGES")
@never_cache
@answers("POST")
def sign_purge(request: OfficerRequest, purge_id: UUID) -> HttpResponse:
    line = _found(request, purge_id)
    if line.purge.kind == "EVERYTHING" and request.POST.get("city", "").strip() != _city(request):
        raise Refusal("CITY_WRONG", "与辖区全称不一致，没有签署。", "The name is not right: nothing was signed.")  # fmt: skip
    sign(by=request.reach, at=now(), id=purge_id)
    messages.success(request, gettext("已签署，几秒钟后开始销毁。"))
    return redirect("purge", purge_id)


@permitted("VIEW_PURGES")
@never_cache
@answers("POST")
def refuse_purge(request: OfficerRequest, purge_id: UUID) -> HttpResponse:
    refuse(by=request.reach, at=now(), id=purge_id)
    messages.success(request, gettext("已退回，没有销毁任何东西。"))
    return redirect("purges")


@permitted("VIEW_PURGES")
@never_cache
@answers("GET")
def purge(request: OfficerRequest, purge_id: UUID) -> HttpResponse:
    """The certificate, on A4; before that, how far it has come."""
    line = _found(request, purge_id)
    steps = line.certificate.get("steps", [])
    return render(request, "hq/purge.html", {"line": line, "purge": line.purge, "steps": steps})


def _found(request: OfficerRequest, purge_id: UUID) -> PurgeLine:
    line = purge_of(request.reach, purge_id, at=now())
    if line is None:
        raise NotFound("PURGE_UNKNOWN", "没有这份销毁。", "There is no such purge.")
    return line
