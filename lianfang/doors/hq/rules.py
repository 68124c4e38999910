"""Rules at the desk: what is in force and until when, what waits for whom, what was in force before."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said, text
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.rule_shown import set_shown
from lianfang.doors.hq.rule_time import time_left
from lianfang.doors.hq.rule_words import said_in
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.refusals import Refusal
from lianfang.screening.drafts import EMPTY, DraftLine, PeriodLine, drafts, periods, standing
from lianfang.screening.form import MAX_DAYS
from lianfang.screening.services import LONGEST_REASON, begin, begin_from_sheet, end, renew
from lianfang.screening.shipped import SHIPPED, shipped

LARGEST_SHEET = 2_000_000  # bytes; the longest rule set as a workbook has a tenth of it
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
    told = {
        "stands": stands,
        "shown": set_shown(stands.rule_set.content(), at=at),
        "time": time_left(stands.period, at=at) if stands.period else None,
        "history": _history(periods(seen, at=at)),
        "shipped": [(code, said_in(shipped(code).content["title"])) for code in SHIPPED],
        "renew_form": DaysForm(initial={"days": MAX_DAYS}),
        "end_form": EndForm(),
        "may_draft": seen.may("DRAFT_RULES"),
        "at": at,
    }  # fmt: skip
    if seen.may("DRAFT_RULES"):
        told |= _drafts(drafts(seen), request)
    return render(request, "hq/rules.html", told | forms_sent, status=status)


def _history(lines: list[PeriodLine]) -> list[tuple[PeriodLine, str]]:
    """Each with the hash of the one before it, where that was another."""
    before = [*lines[1:], None]
    return [
        (line, other.hash if other is not None and other.hash != line.hash else "")
        for line, other in zip(lines, before, strict=True)
    ]


def _drafts(lines: list[DraftLine], request: OfficerRequest) -> dict[str, Any]:
    """Proposals, those another officer must decide first; drafts; and what was refused, withdrawn or approved."""
    mine = request.reach.officer_id
    return {
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
def begin_draft(request: OfficerRequest) -> HttpResponse:
    """From a file where one was sent, else from what `from` names."""
    sheet = request.FILES.get("sheet")
    if sheet is None:
        from_ = request.POST.get("from", "")
        draft = begin(by=request.reach, at=now(), from_=from_)
        if from_ == EMPTY:
            return redirect("rule-draft", draft.id)
    else:
        data = read_whole(sheet)
        draft, found = begin_from_sheet(by=request.reach, at=now(), data=data, name=sheet.name or "")
        if found:
            messages.warning(request, gettext("表格里有 %(n)s 处要看一看，列在下面。") % {"n": len(found)})
    messages.success(request, gettext("草稿已建好。改好以后提交，由另一位值班员批准。"))
    return redirect("rule-draft", draft.id)


def read_whole(sheet: UploadedFile) -> bytes:
    if (sheet.size or 0) > LARGEST_SHEET:
        raise Refusal(
            "SHEET_TOO_LARGE", "表格太大，最多 2 MB。", "The sheet is too large: 2 MB at most.", status=413
        )
    return sheet.read()


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
                request, gettext("已停用。隔离、通知网格、劝返不再执行，登记、复测和发热门诊照常。")
            )
            return redirect("rules")
    return _rules(request, end_form=form, status=400)
