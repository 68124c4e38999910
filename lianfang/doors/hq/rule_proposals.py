"""From a draft to rules in force: proposed with days and an order, approved, refused or taken back."""

from collections.abc import Callable
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
from lianfang.doors.hq.draft_shown import Draft, found_draft
from lianfang.doors.hq.forms import said, text
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.rule_shown import differences_shown
from lianfang.doors.hq.rules import DaysForm
from lianfang.doors.hq.trial_shown import trial_shown
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.refusals import Refusal
from lianfang.screening.drafts import standing
from lianfang.screening.services import LONGEST_REASON, approve, propose, refuse, withdraw


class RefuseForm(forms.Form):
    answer = forms.CharField(label=_("退回的原因"), max_length=LONGEST_REASON, widget=text())


def proposal_page(
    request: OfficerRequest, draft: Draft, form: RefuseForm | None = None, *, status: int = 200
) -> HttpResponse:
    """What another officer decides on, and how it was decided. `hands`: whether it is his own work."""
    told = _against(request, draft, at=draft.line.decided_at or draft.at) | {
        "hands": request.reach.officer_id in draft.line.hands,
        "refuse_form": form or RefuseForm(),
        "may_approve": request.reach.may("APPROVE_RULES"),
    }
    return render(request, "hq/rule_proposal.html", told, status=status)


def _against(request: OfficerRequest, draft: Draft, *, at: datetime) -> dict[str, Any]:
    """The draft beside what is in force; a decided one beside what was when it was decided. `until`: as far as it would reach."""
    stands = standing(request.reach, at=at)
    different = differences_shown(stands.rule_set.content(), draft.content, at=draft.at)
    return {
        "draft": draft,
        "line": draft.line,
        "shown": draft.shown,
        "stands": stands,
        "different": different,
        "renews": not different.any and stands.period is not None,
        "until": at + timedelta(days=draft.line.days or 0),
        "trial": trial_shown(request.reach, draft, stands),
        "at": draft.at,
    }


@permitted("DRAFT_RULES")
@never_cache
@answers("GET", "POST")
def propose_draft(request: OfficerRequest, draft_id: UUID) -> HttpResponse:
    draft = found_draft(request, draft_id)
    if draft.line.state != "DRAFT" and request.method == "GET":
        return redirect("rule-draft", draft_id)
    form = DaysForm(request.POST or None)
    if form.is_valid():
        try:
            propose(by=request.reach, at=now(), id=draft_id, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, said(refusal))
        else:
            messages.success(request, gettext("已提交，等另一位值班员批准。批准以前可以撤回。"))
            return redirect("rule-draft", draft_id)
    status = 400 if request.method == "POST" else 200
    told = _against(request, draft, at=draft.at) | {"form": form}
    return render(request, "hq/rule_propose.html", told, status=status)


@permitted("APPROVE_RULES")
@never_cache
@answers("POST")
def approve_draft(request: OfficerRequest, draft_id: UUID) -> HttpResponse:
    """`seen`: the hash of the rules in force that the page compared with."""
    seen = request.POST.get("seen") or None
    done = gettext("已批准，几秒后生效，换下原来的。手机两分钟内收到新规则。")
    return _decided(
        request, draft_id, done, lambda: approve(by=request.reach, at=now(), id=draft_id, seen=seen)
    )


@permitted("APPROVE_RULES")
@never_cache
@answers("POST")
def refuse_draft(request: OfficerRequest, draft_id: UUID) -> HttpResponse:
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return proposal_page(request, found_draft(request, draft_id), form, status=400)
    answer = form.cleaned_data["answer"]
    done = gettext("已退回，现行规则不变。")
    return _decided(
        request, draft_id, done, lambda: refuse(by=request.reach, at=now(), id=draft_id, answer=answer)
    )


@permitted("DRAFT_RULES")
@never_cache
@answers("POST")
def withdraw_draft(request: OfficerRequest, draft_id: UUID) -> HttpResponse:
    done = gettext("已撤回。要接着改，可以照它重新起草。")
    return _decided(request, draft_id, done, lambda: withdraw(by=request.reach, at=now(), id=draft_id))


def _decided(request: OfficerRequest, id: UUID, done: str, act: Callable[[], object]) -> HttpResponse:
    """What others did meanwhile is told on the page itself, which then shows how things stand."""
    try:
        act()
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        messages.warning(request, said(refusal))
    else:
        messages.success(request, done)
    return redirect("rule-draft", id)
