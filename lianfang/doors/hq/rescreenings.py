"""Re-screening at the desk: numbers first, a second officer, progress that moves, and whom it concerns, by township."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said, text
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.rescreening_shown import changed_shown, line_shown, rescreening_shown
from lianfang.doors.methods import answers
from lianfang.journeys.rescreening import services
from lianfang.journeys.rescreening.laying import KEPT_DAYS
from lianfang.journeys.rescreening.queries import (
    RescreeningLine,
    changed_lately,
    rescreening_of,
    rescreenings,
    running,
)
from lianfang.journeys.rescreening.services import LONGEST_REASON
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.refusals import NotFound, Refusal

AGAIN, AGAIN_WHEN_SILENT = "2", "10"  # seconds until a page that shows progress asks again
LISTED = 50


class ArrivalDaysForm(forms.Form):
    """Arrivals of which days are to be looked at."""

    since = forms.DateField(
        label=_("从哪天起"), widget=forms.DateInput({"class": "input", "type": "date"}, "%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("到哪天为止"), widget=forms.DateInput({"class": "input", "type": "date"}, "%Y-%m-%d")
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("文号或原因"), max_length=LONGEST_REASON, help_text=_("不写旅客的姓名和号码"), widget=text()
    )


@permitted("RESCREEN")
@never_cache
@answers("GET", "POST")
def rescreening_list(request: OfficerRequest) -> HttpResponse:
    """A POST asks for the numbers of some days."""
    at = now()
    change = changed_lately(request.reach, at=at)
    first = {"since": change.since if change else day_of(at) - timedelta(days=14), "until": day_of(at)}
    form = ArrivalDaysForm(request.POST) if request.method == "POST" else ArrivalDaysForm(initial=first)
    if form.is_bound and form.is_valid():
        try:
            asked = services.dry_run(by=request.reach, at=at, **form.cleaned_data)
            return redirect("rescreening", asked.pk)
        except Refusal as refusal:
            form.add_error(None, said(refusal))
    listed = rescreenings(request.reach, most=LISTED + 1)
    shown = {
        "lines": [line_shown(line) for line in listed[:LISTED]], "listed": LISTED if len(listed) > LISTED else None,
        "change": changed_shown(change, at=at) if change else None,
        "form": form, "kept_days": KEPT_DAYS,
    }  # fmt: skip
    return render(request, "hq/rescreenings.html", shown, status=400 if form.errors else 200)


@permitted("RESCREEN")
@never_cache
@answers("GET")
def rescreening(request: OfficerRequest, rescreening_id: UUID) -> HttpResponse:
    return _page(request, found(request, rescreening_id))


def _page(
    request: OfficerRequest, line: RescreeningLine, form: ReasonForm | None = None, act: str = ""
) -> HttpResponse:
    """`form` with its errors stands where `act` is offered."""
    one, at = line.rescreening, now()
    told: dict[str, Any] = {
        **rescreening_shown(line, at=at), "own": _is_own(request, line),
        "trouble": _trouble(line, at), "running": running(request.reach),
        "propose_form": form if act == "propose" else ReasonForm(),
        "refuse_form": form if act == "refuse" else ReasonForm(),
        "stop_form": form if act == "stop" else ReasonForm(),
        "stopping": act in ("stop", "refuse") or "stop" in request.GET,
    }  # fmt: skip
    told["waits"] = told["running"] not in (None, one.pk)
    response = render(request, "hq/rescreening.html", told, status=400 if form else 200)
    if line.is_going and form is None and "stop" not in request.GET:
        response.headers["Refresh"] = AGAIN_WHEN_SILENT if told["progress"].silent else AGAIN
    return response


def _is_own(request: OfficerRequest, line: RescreeningLine) -> bool:
    """Whether this officer asked for it or proposed it, so that it is taken back; else it is refused."""
    return request.reach.officer_id in (line.rescreening.asked_by_id, line.rescreening.proposed_by_id)


def _trouble(line: RescreeningLine, at: datetime) -> str:
    """Why numbers that were counted are good for nothing any more, before somebody tries."""
    one = line.rescreening
    if one.counted_at is None or one.state not in ("DRY_RUN", "PROPOSED"):
        return ""
    trouble = services.numbers_trouble(one, at=at)
    return said(trouble) if trouble else ""


def found(request: OfficerRequest, rescreening_id: UUID) -> RescreeningLine:
    line = rescreening_of(request.reach, rescreening_id)
    if line is None:
        raise NotFound("RESCREENING_UNKNOWN", "没有这次重新筛查。", "There is no such re-screening.")
    return line


@permitted("RESCREEN")
@never_cache
@answers("POST")
def propose(request: OfficerRequest, rescreening_id: UUID) -> HttpResponse:
    return _act(request, rescreening_id, "propose", gettext("已提请，等另一位值班员批准。"))


@permitted("RESCREEN")
@never_cache
@answers("POST")
def approve(request: OfficerRequest, rescreening_id: UUID) -> HttpResponse:
    """What others did meanwhile is told on the page itself, which then shows how things stand."""
    try:
        services.approve(by=request.reach, at=now(), id=rescreening_id)
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        messages.warning(request, said(refusal))
    else:
        messages.success(request, gettext("已批准，马上开始。"))
    return redirect("rescreening", rescreening_id)


@permitted("RESCREEN")
@never_cache
@answers("POST")
def refuse(request: OfficerRequest, rescreening_id: UUID) -> HttpResponse:
    own = _is_own(request, found(request, rescreening_id))
    done = gettext("已收回，没有改变任何人的处置。") if own else gettext("已退回，没有改变任何人的处置。")
    return _act(request, rescreening_id, "refuse", done)


@permitted("RESCREEN")
@never_cache
@answers("POST")
def stop(request: OfficerRequest, rescreening_id: UUID) -> HttpResponse:
    return _act(request, rescreening_id, "stop", gettext("已停止。已经决定的保留，其余的没有改变。"))


def _act(request: OfficerRequest, id: UUID, act: str, done: str) -> HttpResponse:
    """One of the acts that ask for a reason."""
    line, form, at = found(request, id), ReasonForm(request.POST), now()
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            if act == "propose":
                services.propose(by=request.reach, at=at, id=id, reason=reason)
            elif act == "refuse":
                services.refuse(by=request.reach, at=at, id=id, answer=reason)
            else:
                services.stop(by=request.reach, at=at, id=id, answer=reason)
        except Refusal as refusal:
            form.add_error(None, said(refusal))
        else:
            messages.success(request, done)
            return redirect("rescreening", id)
    return _page(request, line, form, act)
