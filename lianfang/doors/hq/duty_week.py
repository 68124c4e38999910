"""A week's duty by group: who, where nobody is, and for the desk that keeps it: writing slots down and copying the week."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.command.queries.duty import duty_week
from lianfang.command.queries.headquarters import HeadquartersLine, MemberLine, groups_of, members_of
from lianfang.command.rules.duty import duty_day, monday_of
from lianfang.command.services.duty_plan import copy_week, plan_slot
from lianfang.doors import words
from lianfang.doors.duty_tags import group_name
from lianfang.doors.guard import permitted
from lianfang.doors.hq.duty_chosen import Chosen, led_to
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.typed import as_day
from lianfang.kernel.clock import now
from lianfang.kernel.refusals import Refusal

WEEK = timedelta(days=7)


class PlanForm(forms.Form):
    """A slot: who (offered by group), which duty day, which hours, as lead or on duty. `member` is "group person"."""

    member = forms.ChoiceField(label=_("谁"), widget=forms.Select({"class": "input"}))
    on = forms.DateField(
        label=_("日期"), widget=forms.DateInput({"class": "input", "type": "date"}, format="%Y-%m-%d")
    )
    part = forms.ChoiceField(
        label=_("时段"), choices=list(words.DUTY_PARTS.items()), initial="FULL", widget=forms.RadioSelect
    )
    role = forms.ChoiceField(
        label=_("身份"), choices=list(words.DUTY_ROLES.items()), initial="DUTY", widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, people: list[tuple[str, list[MemberLine]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["member"]
        field.choices = [
            (name, [(f"{one.group} {one.person}", f"{one.name} {one.title or words.GROUP_ROLES[one.role]}") for one in found])
            for name, found in people
        ]  # fmt: skip

    @property
    def given(self) -> dict[str, Any]:
        group, person = self.cleaned_data["member"].split(" ")
        return {
            "group": UUID(group),
            "person": UUID(person),
            **{name: self.cleaned_data[name] for name in ("on", "part", "role")},
        }


def week_asked(request: HttpRequest) -> date:
    """The Monday of the week that the address names; of this one when it names none that can be read."""
    given = request.POST.get("week", "") or request.GET.get("week", "")
    return monday_of(as_day(given) or duty_day(now()))


@permitted("VIEW_DUTY")
@never_cache
@answers("GET")
def week(request: OfficerRequest) -> HttpResponse:
    return _page(request, Chosen(request))


@permitted("KEEP_DUTY")
@never_cache
@answers("GET", "POST")
def plan(request: OfficerRequest) -> HttpResponse:
    """Whoever comes back to this address without a form is led to the page that has it."""
    chosen = Chosen(request)
    if request.method != "POST" or chosen.one is None:
        return redirect("duty-week")
    at = now()
    form = _plan_form(request, chosen.one, week_asked(request), request.POST)
    if form.is_valid():
        try:
            plan_slot(by=request.reach, at=at, **form.given)
            messages.success(request, gettext("已排上。"))
            return _back(chosen.one, monday_of(form.cleaned_data["on"]))
        except Refusal as refusal:
            if refusal.status in (403, 404):
                raise
            form.add_error(None, said(refusal))
    return _page(request, chosen, form=form, status=400)


@permitted("KEEP_DUTY")
@never_cache
@answers("GET", "POST")
def copy(request: OfficerRequest) -> HttpResponse:
    """The week of the form into the one after it."""
    chosen = Chosen(request)
    if request.method != "POST" or chosen.one is None:
        return redirect("duty-week")
    monday = week_asked(request)
    done = copy_week(by=request.reach, headquarters=chosen.one.id, from_=monday, to=monday + WEEK, at=now())
    words = gettext("已复制 %(n)d 个班到下一周。") % {"n": done.slots}
    if done.left_out:
        words += gettext("另有 %(n)d 个没有复制：那里已经有班，或者人已不在组里。") % {"n": done.left_out}
    messages.success(request, words)
    return _back(chosen.one, monday + WEEK)


def _back(one: HeadquartersLine, monday: date) -> HttpResponseRedirect:
    return HttpResponseRedirect(led_to("duty-week", one, week=monday.isoformat()))


def _page(
    request: OfficerRequest, chosen: Chosen, *, form: PlanForm | None = None, status: int = 200
) -> HttpResponse:
    monday = week_asked(request)
    shown: dict[str, Any] = {"chosen": chosen, "monday": monday, "today": duty_day(now())}
    shown |= {"before": monday - WEEK, "after": monday + WEEK, "last": monday + WEEK - timedelta(days=1)}
    if chosen.one is not None:
        shown["week"] = duty_week(request.reach, chosen.one, day=monday)
        if chosen.kept:
            shown["form"] = form or _plan_form(request, chosen.one, monday)
    return render(request, "hq/duty_week.html", shown, status=status)


def _plan_form(request: OfficerRequest, one: HeadquartersLine, monday: date, given: Any = None) -> PlanForm:
    members = [line for line in members_of(request.reach, one.id, at=now()) if not line.gone]
    people = [
        (group_name(group), [line for line in members if line.group == group.id])
        for group in groups_of(request.reach, one.id)
    ]
    first = max(monday, min(duty_day(now()), monday + WEEK - timedelta(days=1)))
    return PlanForm(given, people=[pair for pair in people if pair[1]], initial={"on": first})
