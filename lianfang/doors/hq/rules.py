"""Rules at the desk: what is in force and until when, what waits for whom, what was in force before."""

from datetime import datetime
from typing import Any

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
from lianfang.doors.hq.rule_shown import set_shown
from lianfang.doors.hq.rule_time import TimeLeft, time_left
from lianfang.doors.hq.rule_words import said_in
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.refusals import Refusal
from lianfang.screening.drafts import (
    LISTED,
    DraftLine,
    PeriodLine,
    RulesStanding,
    drafts,
    periods,
    standing,
)
from lianfang.screening.form import MAX_DAYS
from lianfang.screening.services import LONGEST_REASON, end, renew
from lianfang.screening.shipped import SHIPPED, shipped

OPEN_STATES = ("DRAFT", "PROPOSED")


class DaysForm(forms.Form):
    """How long rules are to be in force, and by which order."""

    days = forms.IntegerField(
        label=_("有效多少天"),
        min_value=1,
        max_value=MAX_DAYS,
        initial=14,
        help_text=_("最多 30 天，到期可以续"),
        widget=forms.NumberInput({"class": "input"}),
    )
    reason = forms.CharField(
        label=_("文号或原因"), max_length=LONGEST_REASON, help_text=_("如 锦指发〔2020〕1号"), widget=text()
    )


class EndForm(forms.Form):
    reason = forms.CharField(label=_("文号或原因"), max_length=LONGEST_REASON, widget=text())


@permitted("VIEW_RULES")
@never_cache
@answers("GET")
def rules(request: OfficerRequest) -> HttpResponse:
    return _rules(request)


def _rules(request: OfficerRequest, *, status: int = 200, **forms_sent: Any) -> HttpResponse:
    at, seen = now(), request.reach
    stands = standing(seen, at=at)
    lines = periods(seen, at=at, limit=LISTED + 1)
    told = {
        "stands": stands,
        "shown": set_shown(stands.rule_set.content(), at=at),
        "time": _time(stands, at),
        "history": _history(lines)[:LISTED],
        "history_goes_on": len(lines) > LISTED,
        "listed": LISTED,
        "shipped": [(code, said_in(shipped(code).content["title"])) for code in SHIPPED],
        "renew_form": DaysForm(initial={"days": MAX_DAYS}),
        "end_form": EndForm(),
        "may_draft": seen.may("DRAFT_RULES"),
        "at": at,
    }  # fmt: skip
    if seen.may("DRAFT_RULES"):
        told |= _drafts(drafts(seen, limit=LISTED + 1), request)
    return render(request, "hq/rules.html", told | forms_sent, status=status)


def _time(stands: RulesStanding, at: datetime) -> TimeLeft | None:
    """Of what comes within seconds, rather than of what it replaces."""
    period = stands.coming or stands.period
    return time_left(period, at=at) if period else None


def _history(lines: list[PeriodLine]) -> list[tuple[PeriodLine, str]]:
    """Each with the hash of the one before it, where that was another."""
    before = [*lines[1:], None]
    return [
        (line, other.hash if other is not None and other.hash != line.hash else "")
        for line, other in zip(lines, before, strict=True)
    ]


def _drafts(lines: list[DraftLine], request: OfficerRequest) -> dict[str, Any]:
    """Proposals, those another officer must decide first; drafts; and what was refused, withdrawn or approved."""
    mine, goes_on, lines = request.reach.officer_id, len(lines) > LISTED, lines[:LISTED]
    return {
        "drafts_go_on": goes_on,
        "proposals": sorted(
            (one for one in lines if one.state == "PROPOSED"), key=lambda one: mine in one.hands
        ),
        "drafts": [one for one in lines if one.state == "DRAFT"],
        "decided": [one for one in lines if one.state not in OPEN_STATES],
        "mine": mine,
    }


@permitted("DRAFT_RULES")
@never_cache
@answers("POST")
def renew_rules(request: OfficerRequest) -> HttpResponse:
    form = DaysForm(request.POST)
    if form.is_valid():
        try:
            draft = renew(by=request.reach, at=now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, said(refusal))
        else:
            messages.success(request, gettext("续期已提交，等另一位值班员批准。批准以前，原来的期限不变。"))
            return redirect("rule-draft", draft.id)
    return _rules(request, renew_form=form, status=400)


@permitted("APPROVE_RULES")
@never_cache
@answers("POST")
def end_rules(request: OfficerRequest) -> HttpResponse:
    form = EndForm(request.POST)
    if form.is_valid():
        try:
            end(by=request.reach, at=now(), reason=form.cleaned_data["reason"])
        except Refusal as refusal:
            form.add_error(None, said(refusal))
        else:
            messages.success(
                request,
                gettext(
                    "已停用。新到的人不再判隔离、通知网格、劝返；已经判过的不变。登记、复测、发热门诊照常。"
                ),
            )
            return redirect("rules")
    return _rules(request, end_form=form, status=400)
