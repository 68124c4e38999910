"""Kin on somebody's file: chosen from those he lives with, or found by a whole number; taken back by whoever keeps the file."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.doors import words
from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said, text
from lianfang.doors.hq.people_acts import own_file
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.reading import area_of, list_read, through_glass
from lianfang.kernel.audit import Act, note
from lianfang.kernel.clock import now
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.people import services
from lianfang.people.queries import FileOfPerson, LivesWith, PersonInView, find_people, living_with
from lianfang.people.rules import KINSHIPS


class KinForm(forms.Form):
    """How somebody is related, and either who (`other`) or by what number to look for him."""

    relation = forms.ChoiceField(
        label=_("对方是本人的"), choices=[("", "—"), *((code, words.RELATIONS[code]) for code in KINSHIPS)],
        widget=forms.Select({"class": "input"}),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("按什么查"), choices=[("DOCUMENT", _("证件号")), ("PHONE", _("电话"))], initial="DOCUMENT",
        required=False, widget=forms.RadioSelect,
    )  # fmt: skip
    value = forms.CharField(
        label=_("号码"), max_length=60, required=False, help_text=_("要输全，空格、横线、大小写不影响"),
        widget=text(),
    )  # fmt: skip
    other = forms.UUIDField(required=False)


class Candidates(NamedTuple):
    """Who may be chosen: those he lives with, and those found by a number; None where no number was asked for."""

    living_with: Sequence[LivesWith]
    found: Sequence[PersonInView] | None


@permitted("KEEP_PEOPLE")
@never_cache
@answers("GET", "POST")
def add_kin(request: OfficerRequest, file_id: UUID) -> HttpResponse:
    file, form = own_file(request, file_id), KinForm(request.POST or None)
    if form.is_valid() and form.cleaned_data["other"] and _told(request, file_id, form):
        messages.success(request, gettext("已登记亲属关系，两人的档案上都看得到。"))
        return redirect("person", file_id)
    candidates = _candidates(request, file, form, now())
    shown = {
        "file": file,
        "form": form,
        "candidates": candidates,
        "may_search": request.reach.may("SEARCH_PEOPLE"),
    }
    return render(request, "hq/add_kin.html", shown, status=400 if form.errors else 200)


@permitted("KEEP_PEOPLE")
@never_cache
@answers("POST")
def take_back_kin(request: OfficerRequest, file_id: UUID, other_id: UUID) -> HttpResponse:
    services.take_back_kinship(by=request.reach, at=now(), person=file_id, other=other_id)
    messages.success(request, gettext("已撤回，经过里留有记录。"))
    return redirect("person", file_id)


def _told(request: OfficerRequest, file_id: UUID, form: KinForm) -> bool:
    given = form.cleaned_data
    try:
        services.tell_kinship(
            by=request.reach, at=now(), person=file_id, other=given["other"], kind=given["relation"]
        )
    except NotFound:
        raise
    except Refusal as refusal:
        form.add_error(None, said(refusal))
        return False
    return True


def _candidates(request: OfficerRequest, file: FileOfPerson, form: KinForm, at: datetime) -> Candidates:
    """Without himself and whoever is kin already."""
    known = {file.id, *(one.person for one in file.kin)}
    with reach(request.reach) as seen:
        near = [one for one in living_with(seen, file.id, at=at) if one.person.id not in known]
        list_read(seen, "kin", count=len(near))
    found = _found(request, form, at) if form.is_bound and not form.data.get("other") else None
    if found is not None:
        found = [one for one in found if one.id != file.id]
    return Candidates(near, found)


def _found(request: OfficerRequest, form: KinForm, at: datetime) -> list[PersonInView] | None:
    given = form.cleaned_data
    kind = given.get("kind") or "DOCUMENT"
    try:
        with reach(request.reach) as seen:
            found = find_people(seen, kind=kind, value=given.get("value", ""), at=at)
            details = {"kind": kind, "page": "kin", **through_glass(seen)}
            note(Act.SEARCHED, by=seen, count=len(found), jurisdiction=area_of(seen), details=details)
            return found
    except Refusal as refusal:
        form.add_error("value", said(refusal))
        return None
