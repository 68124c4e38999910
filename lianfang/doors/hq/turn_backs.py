"""Whom rules propose to turn back: a named officer decides, with a reason; today's decisions stand below."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.checkpoints.history import in_words
from lianfang.checkpoints.opening import receipt_of
from lianfang.checkpoints.queries.lists import occurred_at
from lianfang.checkpoints.queries.turn_backs import (
    LISTED,
    PROPOSED,
    TurnBackDecided,
    TurnBackProposed,
    count_turn_backs_waiting,
    turn_backs_decided,
    turn_backs_waiting,
)
from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said, text
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.telling import sentence_of
from lianfang.doors.methods import answers
from lianfang.doors.reading import list_read
from lianfang.doors.words import VERDICTS
from lianfang.journeys.turning_back import LONGEST_REASON, TURNED_BACK, Hindrance, decide_turn_back, hindrance
from lianfang.kernel.clock import now
from lianfang.kernel.masking import masked_plate
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import NotFound, Refusal


@dataclass(frozen=True, slots=True)
class TurnBackShown:
    """What whoever decides needs to know: which car, where and when, what was proposed in which words. No name, no number.

    `place` 1 is the first of the party. `hinders`: why the person may only be let in.
    """

    id: UUID
    passage_id: UUID
    checkpoint: str
    lane: str
    occurred_at: datetime
    plate: str
    place: int
    sentence: str
    hinders: Hindrance | None
    decided: TurnBackDecided | None

    @classmethod
    def of(cls, one: TurnBackProposed) -> "TurnBackShown":
        row, header = one.person.row, one.passage.fields
        proposed = next((m for m in receipt_of(row).get("measures", ()) if m["kind"] == PROPOSED), None)
        return cls(
            id=row.id,
            passage_id=row.passage_id,
            checkpoint=one.checkpoint_name,
            lane=in_words("lane", header.get("lane")),
            occurred_at=occurred_at(one.passage),
            plate=masked_plate(header.get("plate")),
            place=row.place_in_party + 1,
            sentence=sentence_of(row.rule_set, proposed["row"]) if proposed else "",
            hinders=hindrance(one.person, one.passage),
            decided=one.decided,
        )

    @property
    def hindering(self) -> str:
        if self.hinders is None:
            return ""
        return self.hinders.en if (get_language() or "").startswith("en") else self.hinders.zh


class DecisionForm(forms.Form):
    """Without turning back for whom it is never done."""

    verdict = forms.ChoiceField(label=_("决定"), widget=forms.RadioSelect, error_messages={"required": _("请选择劝返或放行。")})  # fmt: skip
    reason = forms.CharField(
        label=_("理由"),
        max_length=LONGEST_REASON,
        help_text=_("一句话，如 已核实是来探亲，同意返回。请勿写旅客的姓名和号码"),
        widget=text(),
        error_messages={"required": _("请写明决定的理由。")},
    )

    def __init__(self, data: Any = None, *, hinders: Hindrance | None = None) -> None:
        super().__init__(data)
        field: Any = self.fields["verdict"]
        field.choices = [
            (code, word) for code, word in VERDICTS.items() if hinders is None or code != TURNED_BACK
        ]


@permitted("DECIDE_TURN_BACK")
@never_cache
@answers("GET")
def turn_back_list(request: OfficerRequest) -> HttpResponse:
    return _listed(request)


@permitted("DECIDE_TURN_BACK")
@never_cache
@answers("POST")
def decide(request: OfficerRequest, person_id: UUID) -> HttpResponse:
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _listed(request, undecided=person_id, form=form)
    given = form.cleaned_data
    try:
        decide_turn_back(
            by=request.reach,
            at=now(),
            registration=person_id,
            verdict=given["verdict"],
            reason=given["reason"],
        )
    except NotFound:
        raise
    except Refusal as refusal:
        form.add_error(None, said(refusal))
        return _listed(request, undecided=person_id, form=form)
    messages.success(request, gettext("已记下决定。"))
    return redirect("turn-backs")


def _listed(
    request: OfficerRequest, *, undecided: UUID | None = None, form: DecisionForm | None = None
) -> HttpResponse:
    """The form that could not be sent says why, where the person still waits; else above the list."""
    at = now()
    with reach(request.reach) as seen:
        waiting = [TurnBackShown.of(one) for one in turn_backs_waiting(seen)]
        all_there = count_turn_backs_waiting(seen)
        decided = [TurnBackShown.of(one) for one in turn_backs_decided(seen, at=at)]
        list_read(seen, "turn-backs", count=len(waiting) + len(decided))
    is_there = form is not None and any(one.id == undecided for one in waiting)
    shown = {
        "waiting": [
            (one, form if form and one.id == undecided else DecisionForm(hinders=one.hinders))
            for one in waiting
        ],
        "all_there": all_there,
        "most": LISTED,
        "decided": decided,
        "refused": None if is_there or form is None else form.non_field_errors(),
        "at": at,
    }
    return render(request, "hq/turn_backs.html", shown, status=400 if form else 200)
