"""Taking duty over: the note with everything open, read by the successor, who is on duty with it. Swaps are decided here too."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.command.queries.duty import SlotLine
from lianfang.command.queries.duty_files import DutyHandoverLine, duty_handover, successors
from lianfang.command.services.duty_handovers import accept_duty
from lianfang.command.services.duty_swaps import decide_swap
from lianfang.doors.guard import permitted
from lianfang.doors.hq.duty_open import open_items_of
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.tags import clock
from lianfang.kernel.clock import now
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.situation.lead import OpenItem


class AcceptForm(forms.Form):
    """Which slot takes over: the reader's own, or that of somebody for whom the desk signs."""

    slot = forms.TypedChoiceField(label=_("接班的人"), coerce=UUID, widget=forms.RadioSelect)

    def __init__(self, *args: Any, slots: list[SlotLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["slot"]
        field.choices = [
            (str(one.id), f"{one.name} {clock(one.begins_at)}–{clock(one.ends_at)}") for one in slots
        ]
        field.initial = field.choices[0][0] if slots else None


@permitted("VIEW_DUTY")
@never_cache
@answers("GET")
def handover_shown(request: OfficerRequest, duty_handover_id: UUID) -> HttpResponse:
    return _page(request, duty_handover_id, now())


@permitted("VIEW_DUTY")
@never_cache
@answers("GET", "POST")
def accept(request: OfficerRequest, duty_handover_id: UUID) -> HttpResponse:
    if request.method != "POST":
        return redirect("duty-handover", duty_handover_id=duty_handover_id)
    at = now()
    handover = duty_handover(request.reach, duty_handover_id)
    form = AcceptForm(request.POST, slots=successors(request.reach, handover, at=at))
    if form.is_valid():
        try:
            accept_duty(
                by=request.reach, id=duty_handover_id, slot=form.cleaned_data["slot"], at=at,
                open_items=_open(request, handover, at), listed=request.POST.getlist("item"),
            )  # fmt: skip
            messages.success(request, gettext("已接班，现在在岗。"))
            return redirect("duty-slot", slot_id=form.cleaned_data["slot"])
        except NotFound:
            raise
        except Refusal as refusal:
            form.add_error(None, said(refusal))
    return _page(request, duty_handover_id, at, form=form, status=400)


@permitted("KEEP_DUTY")
@answers("POST")
def decide(request: OfficerRequest, swap_id: UUID) -> HttpResponse:
    granted = request.POST.get("granted") == "1"
    swap = decide_swap(by=request.reach, id=swap_id, granted=granted, at=now())
    messages.success(request, gettext("已同意换班。") if granted else gettext("没有同意换班。"))
    return redirect("duty-slot", slot_id=swap.slot_id)


def _open(request: OfficerRequest, handover: DutyHandoverLine, at: datetime) -> list[OpenItem]:
    return open_items_of(request.reach, handover.lo, handover.hi, at)


def _page(
    request: OfficerRequest, id: UUID, at: datetime, *, form: AcceptForm | None = None, status: int = 200
) -> HttpResponse:
    handover = duty_handover(request.reach, id)
    shown: dict[str, Any] = {"handover": handover, "at": at}
    if handover.accepted_at is None:
        handed = {f"{item['kind']} {item['about']}" for item in handover.open_items}
        slots = successors(request.reach, handover, at=at)
        shown |= {
            "new": [item for item in _open(request, handover, at) if item.key not in handed],
            "form": form or AcceptForm(slots=slots),
            "slots": slots,
        }
    return render(request, "hq/duty_handover.html", shown, status=status)
