"""One slot: signing in, handing over with the note, what becomes of one who does not come, asking for a swap."""

from collections.abc import Callable
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
from lianfang.command.queries.duty_files import SlotFile, duty_slot_file, slots_to_give
from lianfang.command.queries.headquarters import MemberLine, members_of
from lianfang.command.services.duty_handovers import LONGEST_DUTY_NOTE, hand_duty_over
from lianfang.command.services.duty_plan import withdraw_slot
from lianfang.command.services.duty_slots import (
    LONGEST_REASON,
    mark_absent,
    replace_absent,
    sign_in_for_duty,
)
from lianfang.command.services.duty_swaps import ask_for_swap
from lianfang.doors.guard import permitted
from lianfang.doors.hq.duty_open import open_items_of
from lianfang.doors.hq.forms import said, text
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.tags import day, word
from lianfang.kernel.clock import now
from lianfang.kernel.refusals import NotFound, Refusal


class DutyNoteForm(forms.Form):
    note = forms.CharField(
        label=_("要交代的事"),
        required=False,
        max_length=LONGEST_DUTY_NOTE,
        help_text=_("只写工作，不写旅客的姓名和号码"),
        widget=forms.Textarea({"class": "input", "rows": 4}),
    )


class AbsentForm(forms.Form):
    reason = forms.CharField(label=_("原因"), required=False, max_length=LONGEST_REASON, widget=text())


class PersonForm(forms.Form):
    """Somebody of the slot's group, other than who has it."""

    person = forms.TypedChoiceField(label=_("由谁"), coerce=UUID, widget=forms.Select({"class": "input"}))

    def __init__(self, *args: Any, people: list[MemberLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.choices = [("", "—"), *((str(one.person), f"{one.name} {one.phone}") for one in people)]


class SwapForm(PersonForm):
    in_return = forms.TypedChoiceField(
        label=_("换来的班"),
        required=False,
        coerce=UUID,
        empty_value=None,
        widget=forms.Select({"class": "input"}),
    )
    reason = forms.CharField(label=_("原因"), required=False, max_length=LONGEST_REASON, widget=text())

    def __init__(self, *args: Any, theirs: list[SlotLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["in_return"]
        field.choices = [("", gettext("不换回来")), *((str(one.id), _told(one)) for one in theirs)]


def _told(slot: SlotLine) -> str:
    return f"{slot.name} {day(slot.on)} {word(slot.part, 'DUTY_PARTS')} {word(slot.role, 'DUTY_ROLES')}"


@permitted("VIEW_DUTY")
@never_cache
@answers("GET")
def slot_page(request: OfficerRequest, slot_id: UUID) -> HttpResponse:
    return _page(request, slot_id, now())


@permitted("VIEW_DUTY")
@never_cache
@answers("GET", "POST")
def sign_in(request: OfficerRequest, slot_id: UUID) -> HttpResponse:
    def act(at: datetime) -> str:
        sign_in_for_duty(by=request.reach, id=slot_id, at=at)
        return gettext("已签到，现在在岗。")

    return _acted(request, slot_id, act)


@permitted("VIEW_DUTY")
@never_cache
@answers("GET", "POST")
def hand_over(request: OfficerRequest, slot_id: UUID) -> HttpResponse:
    """What is open is found now; what stood in the note when it was signed comes with the form."""
    form = DutyNoteForm(request.POST)

    def act(at: datetime) -> str:
        file = duty_slot_file(request.reach, slot_id)
        hand_duty_over(
            by=request.reach, id=slot_id, note=form.cleaned_data["note"], open_items=_open(request, file, at),
            listed=request.POST.getlist("item"), at=at,
        )  # fmt: skip
        return gettext("已交班，等接班的人接班。接班以前您仍在岗。")

    return _acted(request, slot_id, act, form=form, named="note")


@permitted("KEEP_DUTY")
@never_cache
@answers("GET", "POST")
def absent(request: OfficerRequest, slot_id: UUID) -> HttpResponse:
    form = AbsentForm(request.POST)

    def act(at: datetime) -> str:
        mark_absent(by=request.reach, id=slot_id, reason=form.cleaned_data["reason"], at=at)
        return gettext("已记缺勤，请安排顶班。")

    return _acted(request, slot_id, act, form=form, named="absent")


@permitted("KEEP_DUTY")
@never_cache
@answers("GET", "POST")
def replace(request: OfficerRequest, slot_id: UUID) -> HttpResponse:
    at = now()
    file = duty_slot_file(request.reach, slot_id)
    form = PersonForm(request.POST or None, people=_others(request, file, at))

    def act(at: datetime) -> str:
        replace_absent(by=request.reach, id=slot_id, person=form.cleaned_data["person"], at=at)
        return gettext("已安排顶班，原来的人仍记在表上。")

    return _acted(request, slot_id, act, form=form, named="replace")


@permitted("KEEP_DUTY")
@never_cache
@answers("GET", "POST")
def withdraw(request: OfficerRequest, slot_id: UUID) -> HttpResponse:
    if request.method != "POST":
        return redirect("duty-slot", slot_id=slot_id)
    taken = withdraw_slot(by=request.reach, id=slot_id, at=now())
    messages.success(request, gettext("已撤销这个值班。"))
    response = redirect("duty-week")
    response["Location"] += f"?of={taken.group.headquarters.division}&week={taken.on_date.isoformat()}"
    return response


@permitted("VIEW_DUTY")
@never_cache
@answers("GET", "POST")
def swap(request: OfficerRequest, slot_id: UUID) -> HttpResponse:
    at = now()
    file = duty_slot_file(request.reach, slot_id)
    form = _swap_form(request, file, at, request.POST or None)

    def act(at: datetime) -> str:
        ask_for_swap(by=request.reach, id=slot_id, at=at, **form.cleaned_data)
        return gettext("已提出换班，等管排班的值班员批。批以前还是您的班。")

    return _acted(request, slot_id, act, form=form, named="swap")


def _acted(
    request: OfficerRequest,
    slot_id: UUID,
    act: Callable[[datetime], str],
    *,
    form: forms.Form | None = None,
    named: str = "",
) -> HttpResponse:
    """Does it and leads back to the slot; what is refused stands above its form. Without a form: to the page that has it."""
    if request.method != "POST":
        return redirect("duty-slot", slot_id=slot_id)
    at = now()
    if form is None or form.is_valid():
        try:
            messages.success(request, act(at))
            return redirect("duty-slot", slot_id=slot_id)
        except NotFound:
            raise
        except Refusal as refusal:
            if form is None or refusal.status == 403:
                raise
            form.add_error(None, said(refusal))
    return _page(request, slot_id, at, status=400, **{named: form})


def _page(
    request: OfficerRequest, slot_id: UUID, at: datetime, *, status: int = 200, **posted: forms.Form | None
) -> HttpResponse:
    file = duty_slot_file(request.reach, slot_id)
    line = file.line
    may = line.mine or file.kept
    ahead = line.state == "PLANNED" and line.ends_at > at
    shown: dict[str, Any] = {"file": file, "line": line, "at": at, "may": may, "ahead": ahead}
    shown["late"], shown["never_came"] = line.is_late(at), line.never_came(at)
    shown["may_sign_in"] = may and line.may_sign_in(at)
    if may and line.state == "ON_DUTY" and file.handover is None:
        shown |= {"note": posted.get("note") or DutyNoteForm(), "items": _open(request, file, at)}
    if may and ahead:
        shown["swap"] = posted.get("swap") or _swap_form(request, file, at)
    if file.kept and ahead:
        shown["absent"] = posted.get("absent") or AbsentForm()
    if file.kept and line.state == "ABSENT" and line.ends_at > at:
        shown["replace"] = posted.get("replace") or PersonForm(people=_others(request, file, at))
    return render(request, "hq/duty_slot.html", shown, status=status)


def _open(request: OfficerRequest, file: SlotFile, at: datetime) -> list[Any]:
    return open_items_of(request.reach, file.lo, file.hi, at)


def _others(request: OfficerRequest, file: SlotFile, at: datetime) -> list[MemberLine]:
    everybody = members_of(request.reach, file.headquarters, at=at)
    return [
        one for one in everybody if one.group == file.line.group and one.person != file.line.person and not one.gone
    ]  # fmt: skip


def _swap_form(request: OfficerRequest, file: SlotFile, at: datetime, given: Any = None) -> SwapForm:
    theirs = slots_to_give(request.reach, file.line, at=at)
    return SwapForm(given, people=_others(request, file, at), theirs=theirs)
