"""What check-ins are judged by: what holds, what held, what waits for a second officer; and a form for other thresholds."""

from dataclasses import dataclass
from datetime import time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.doors import words
from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.refusals import Refusal
from lianfang.people.queries import tellers
from lianfang.quarantine.queries.thresholds import ThresholdsShown, thresholds_at, thresholds_kept
from lianfang.quarantine.rules import SHIPPED, Thresholds
from lianfang.quarantine.services.thresholds import approve_thresholds, propose_thresholds


class ThresholdsForm(forms.Form):
    """From which reading on it is fever, by when a half-day is due, which symptoms are asked."""

    fever = forms.DecimalField(
        label=_("几度起算发热（℃）"), max_digits=3, decimal_places=1, help_text=_("含这个度数，如 37.3"),
        widget=forms.NumberInput({"class": "input input--short", "step": "0.1"}),
    )  # fmt: skip
    morning_by = forms.TimeField(
        label=_("上午几点前报"),
        widget=forms.TimeInput({"class": "input input--short", "type": "time"}, format="%H:%M"),
    )
    evening_by = forms.TimeField(
        label=_("下午几点前报"),
        widget=forms.TimeInput({"class": "input input--short", "type": "time"}, format="%H:%M"),
    )
    symptoms = forms.MultipleChoiceField(
        label=_("问哪些症状"), choices=lambda: [(code, words.SYMPTOMS[code]) for code in SHIPPED.symptoms],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def thresholds(self, stands: Thresholds) -> Thresholds:
        given = self.cleaned_data
        return Thresholds(
            fever=given["fever"].quantize(stands.fever),
            inclusive=True,
            lowest=stands.lowest,
            highest=stands.highest,
            morning_by=_minutes(given["morning_by"]),
            evening_by=_minutes(given["evening_by"]),
            symptoms=tuple(code for code in SHIPPED.symptoms if code in given["symptoms"]),
        )


@dataclass(frozen=True, slots=True)
class ThresholdsLine:
    """A line of the page. `own`: the reader proposed it, so somebody else approves it."""

    kept: ThresholdsShown
    holds: bool
    proposed_by: str
    approved_by: str
    own: bool

    @property
    def morning_by(self) -> str:
        return _clock(self.kept.thresholds.morning_by).strftime("%H:%M")

    @property
    def evening_by(self) -> str:
        return _clock(self.kept.thresholds.evening_by).strftime("%H:%M")

    @property
    def symptoms(self) -> list[Any]:
        return [words.SYMPTOMS[code] for code in self.kept.thresholds.symptoms]


@permitted("SET_CHECK_IN")
@never_cache
@answers("GET", "POST")
def thresholds_page(request: OfficerRequest) -> HttpResponse:
    at = now()
    stands = thresholds_at(at)
    form = ThresholdsForm(request.POST or None, initial=_initial(stands))
    if form.is_valid():
        try:
            propose_thresholds(by=request.reach, at=at, thresholds=form.thresholds(stands))
        except Refusal as refusal:
            form.add_error(None, said(refusal))
        else:
            messages.success(request, gettext("已提交，等另一位负责人批准。批准前照现行标准判断。"))
            return redirect("thresholds")
    shown = {"form": form, "lines": _lines(request, stands)}
    return render(request, "hq/quarantine/thresholds.html", shown, status=400 if form.errors else 200)


@permitted("SET_CHECK_IN")
@never_cache
@answers("POST")
def approve(request: OfficerRequest) -> HttpResponse:
    approve_thresholds(by=request.reach, at=now(), hash=request.POST.get("hash", "")[:64])
    messages.success(request, gettext("已批准，从现在起按新标准判断；以前报的不变。"))
    return redirect("thresholds")


def _lines(request: OfficerRequest, stands: Thresholds) -> list[ThresholdsLine]:
    kept = thresholds_kept()
    names = tellers(id for one in kept for id in (one.proposed_by, one.approved_by))
    return [
        ThresholdsLine(
            one,
            one.from_at is not None and one.hash == stands.hash,
            names.get(one.proposed_by, "") if one.proposed_by else "",
            names.get(one.approved_by, "") if one.approved_by else "",
            one.proposed_by == request.reach.officer_id,
        )
        for one in kept
    ]


def _initial(stands: Thresholds) -> dict[str, Any]:
    return {
        "fever": stands.fever,
        "morning_by": _clock(stands.morning_by),
        "evening_by": _clock(stands.evening_by),
        "symptoms": list(stands.symptoms),
    }


def _minutes(of: time) -> int:
    return of.hour * 60 + of.minute


def _clock(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)
