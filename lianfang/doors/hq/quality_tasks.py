"""Asking an officer to clear up a finding; what one was asked, and what came of it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.checkpoints.queries.lists import checkpoint_names
from lianfang.command.queries import Colleague
from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said, text
from lianfang.doors.hq.quality import FindingsAsked, told
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Refusal
from lianfang.situation import quality


class AssignForm(forms.Form):
    to = forms.ChoiceField(label=_("交办给"), widget=forms.Select({"class": "input"}))
    note = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=quality.LONGEST_TEXT,
        help_text=_("需要做什么。请勿写旅客的姓名和号码"),
        widget=text(),
    )

    def __init__(self, *args: Any, officers: list[Colleague], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.choices = [(str(officer.id), officer.name) for officer in officers]


class DoneForm(forms.Form):
    outcome = forms.CharField(
        label=_("处理结果"),
        max_length=quality.LONGEST_TEXT,
        help_text=_("一句话，如 已校准手机时间。请勿写旅客的姓名和号码"),
        widget=text(),
        error_messages={"required": _("请写一句处理结果。")},
    )


@permitted("ASSIGN_FINDINGS")
@never_cache
@answers("GET", "POST")
def assign(request: OfficerRequest, finding: str) -> HttpResponse:
    at = now()
    asked, key = FindingsAsked.of(request, at), request.GET.get("key", "")
    with reach(request.reach) as seen:
        stands = quality.one(seen, finding, key, asked.days, at=at)
        if stands is None:
            raise quality.unknown_finding()
        (row,) = told(finding, [stands], asked.days, checkpoint_names(seen))
        officers = list(quality.assignees(seen, stands.checkpoint))
    form = AssignForm(request.POST or None, officers=officers)
    if form.is_valid():
        try:
            to, note = UUID(form.cleaned_data["to"]), form.cleaned_data["note"]
            quality.assign(
                by=request.reach, finding=finding, key=key, days=asked.days, to=to, note=note, at=at
            )
            return _assigned(request, dict(officers)[to], row.address)
        except Refusal as refusal:
            form.add_error(None, said(refusal))
    shown = {"form": form, "finding": finding, "row": row, "asked": asked, "officers": officers}
    return render(request, "hq/quality_assign.html", shown, status=400 if form.errors else 200)


def _assigned(request: OfficerRequest, name: str, address: str) -> HttpResponse:
    messages.success(request, gettext("已交办给%(name)s，在对方的“我的工作”里。") % {"name": name})
    return redirect(address)


@permitted("VIEW_PASSAGES")
@never_cache
@answers("GET")
def task_list(request: OfficerRequest) -> HttpResponse:
    return _listed(request)


@permitted("VIEW_PASSAGES")
@never_cache
@answers("POST")
def done(request: OfficerRequest, task_id: UUID) -> HttpResponse:
    form = DoneForm(request.POST)
    if not form.is_valid():
        return _listed(request, unfinished=task_id, form=form)
    quality.finish(by=request.reach, task=task_id, outcome=form.cleaned_data["outcome"], at=now())
    messages.success(request, gettext("已办结。"))
    return redirect(reverse("quality-tasks"))


def _listed(
    request: OfficerRequest, *, unfinished: UUID | None = None, form: DoneForm | None = None
) -> HttpResponse:
    """The three lists; the form of the task that could not be finished says why."""
    with reach(request.reach) as seen:
        mine, given, done = quality.tasks(seen)
    with_forms = [(line, form if form and line.id == unfinished else DoneForm()) for line in mine]
    shown = {"mine": with_forms, "given": given, "done": done, "at": now()}
    return render(request, "hq/quality_tasks.html", shown, status=400 if form else 200)
