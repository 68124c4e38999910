"""Whom rules propose to turn back: a named officer decides, with a reason; today's decisions stand below.

Who comes while the page is open is asked for every few seconds and told above the list: whoever writes a reason is not
interrupted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language, gettext, ngettext
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
    count_turn_backs,
    turn_backs_decided,
    turn_backs_of_earlier_days,
    turn_backs_waiting,
    turn_backs_waiting_ids,
)
from lianfang.checkpoints.services.turn_backs import close_turn_backs
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
from lianfang.screening.book import RulesInForce
from lianfang.screening.queries import book


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
    def of(cls, one: TurnBackProposed, rules: RulesInForce) -> "TurnBackShown":
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
            hinders=hindrance(one.person, one.passage, rules),
            decided=one.decided,
        )

    @property
    def hindering(self) -> str:
        if self.hinders is None:
            return ""
        return self.hinders.en if (get_language() or "").startswith("en") else self.hinders.zh


class DecisionForm(forms.Form):
    """Without turning back for whom it is never done."""

    verdict = forms.ChoiceField(label=_("决定"), widget=forms.RadioSelect, error_messages={"required": _("请选择怎么决定。")})  # fmt: skip
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


@permitted("DECIDE_TURN_BACK")
@never_cache
@answers("GET", "POST")
def close(request: OfficerRequest) -> HttpResponse:
    """Those of earlier days, whom nobody decided about while they stood there."""
    if request.method == "POST":
        n = close_turn_backs(by=request.reach, at=now())
        messages.success(
            request, ngettext("已记下：%(n)d 人已离开卡口。", "已记下：%(n)d 人已离开卡口。", n) % {"n": n}
        )
    return redirect("turn-backs")


@permitted("DECIDE_TURN_BACK")
@never_cache
@answers("GET")
def others(request: OfficerRequest) -> HttpResponse:
    """The piece of the page that says that others wait now than it shows. Nothing about them is read.

    A page nobody touched for as long as a session lasts asks no more, so that it keeps none open.
    """
    at, opened = now(), _moment(request.GET.get("at", ""))
    with reach(request.reach) as seen:
        ids = turn_backs_waiting_ids(seen, at=at)
        waiting = count_turn_backs(seen, at=at).waiting
    over = opened is None or at - opened >= settings.DESK_IDLE
    told = {"changed": _digest(ids) != request.GET.get("shown", ""), "n": waiting, "over": over}
    return render(request, "hq/pieces/turn_backs_others.html", told)


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _digest(ids: Iterable[UUID]) -> str:
    """Which people a page shows, in short."""
    return sha256(" ".join(sorted(map(str, ids))).encode()).hexdigest()[:16]


def _listed(
    request: OfficerRequest, *, undecided: UUID | None = None, form: DecisionForm | None = None
) -> HttpResponse:
    """The form that could not be sent says why, where the person still waits; else above the list."""
    at = now()
    rules = book().at(at)
    with reach(request.reach) as seen:
        waiting = [TurnBackShown.of(one, rules) for one in turn_backs_waiting(seen, at=at)]
        earlier = [TurnBackShown.of(one, rules) for one in turn_backs_of_earlier_days(seen, at=at)]
        decided = [TurnBackShown.of(one, rules) for one in turn_backs_decided(seen, at=at)]
        counts = count_turn_backs(seen, at=at)
        list_read(seen, "turn-backs", count=len(waiting) + len(earlier) + len(decided))
    is_there = form is not None and any(one.id == undecided for one in waiting)
    shown = {
        "waiting": [
            (one, form if form and one.id == undecided else DecisionForm(hinders=one.hinders))
            for one in waiting
        ],
        "earlier": earlier,
        "counts": counts,
        "most": LISTED,
        "decided": decided,
        "refused": None if is_there or form is None else form.non_field_errors(),
        "shown": _digest(one.id for one in waiting),
        "at": at,
    }
    return render(request, "hq/turn_backs.html", shown, status=400 if form else 200)
