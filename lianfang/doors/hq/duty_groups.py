"""Headquarters, their groups and who is in them: set up, extended, filled."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.command.queries.headquarters import (
    GroupLine,
    HeadquartersLine,
    groups_of,
    members_of,
    officers_to_choose,
)
from lianfang.command.services import headquarters as services
from lianfang.doors import words
from lianfang.doors.duty_tags import group_name
from lianfang.doors.guard import permitted
from lianfang.doors.hq.devices import area_of
from lianfang.doors.hq.duty_chosen import Chosen, led_to
from lianfang.doors.hq.forms import PlaceForm, said, text
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.refusals import Refusal
from lianfang.regions.queries import find
from lianfang.regions.search import Found


class HeadquartersForm(PlaceForm):
    name = forms.CharField(
        label=_("名称"),
        max_length=services.LONGEST_HEADQUARTERS,
        help_text=_("如 海城市新冠肺炎疫情防控指挥部"),
        widget=text(),
    )

    def _first_choices(self) -> list[Found]:
        """The officer's own area before anything is searched."""
        own = find(self.under, self.today) if self.under else None
        return [Found(own, own.name, None, None)] if own else super()._first_choices()


class GroupMemberForm(forms.Form):
    """An officer of the area, or somebody without an account by name; the telephone he is called by."""

    group = forms.TypedChoiceField(label=_("工作组"), coerce=UUID, widget=forms.Select({"class": "input"}))
    officer = forms.TypedChoiceField(
        label=_("有账号的工作人员"),
        required=False,
        coerce=UUID,
        empty_value=None,
        widget=forms.Select({"class": "input"}),
    )
    name = forms.CharField(
        label=_("或者，没有账号的人的姓名"), required=False, max_length=services.LONGEST_PERSON, widget=text()
    )
    phone = forms.CharField(
        label=_("值班电话"), max_length=30, widget=text(inputmode="tel"), help_text=_("座机带区号")
    )
    role = forms.ChoiceField(
        label=_("组内身份"),
        choices=list(words.GROUP_ROLES.items()),
        initial="MEMBER",
        widget=forms.RadioSelect,
    )
    title = forms.CharField(
        label=_("职务"),
        required=False,
        max_length=services.LONGEST_TITLE,
        help_text=_("如 总指挥、常务副总指挥，没有可以不填"),
        widget=text(),
    )

    def __init__(
        self, *args: Any, groups: list[GroupLine], officers: list[tuple[UUID, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        group: Any = self.fields["group"]
        group.choices = [(str(one.id), group_name(one)) for one in groups]
        officer: Any = self.fields["officer"]
        officer.choices = [("", "—"), *((str(id), name) for id, name in officers)]


class GroupForm(forms.Form):
    zh = forms.CharField(label=_("组名"), max_length=services.LONGEST_GROUP, widget=text())
    en = forms.CharField(label=_("英文名"), required=False, max_length=services.LONGEST_GROUP, widget=text())
    parent = forms.TypedChoiceField(
        label=_("属于"),
        required=False,
        coerce=UUID,
        empty_value=None,
        widget=forms.Select({"class": "input"}),
    )

    def __init__(self, *args: Any, groups: list[GroupLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["parent"]
        top = [(str(one.id), group_name(one)) for one in groups if one.depth == 0]
        field.choices = [("", gettext("指挥部")), *top]


@permitted("VIEW_DUTY")
@never_cache
@answers("GET")
def groups(request: OfficerRequest) -> HttpResponse:
    return _page(request, Chosen(request))


@permitted("KEEP_DUTY")
@never_cache
@answers("GET", "POST")
def open_one(request: OfficerRequest) -> HttpResponse:
    """Headquarters of the officer's own area, or of a part of it."""
    form = HeadquartersForm(request.POST or None, under=area_of(request.reach))
    if form.is_valid():
        try:
            made = services.open_headquarters(
                by=request.reach, division=form.cleaned_data["division"], name=form.cleaned_data["name"], at=now()
            )  # fmt: skip
            messages.success(request, gettext("已设立，带着常用的工作组。请编入人员。"))
            response = redirect("duty-groups")
            response["Location"] += f"?of={made.division}"
            return response
        except Refusal as refusal:
            form.add_error(None, said(refusal))
    return render(request, "hq/open_headquarters.html", {"form": form}, status=400 if form.errors else 200)


@permitted("KEEP_DUTY")
@never_cache
@answers("GET", "POST")
def add_group(request: OfficerRequest) -> HttpResponse:
    chosen = Chosen(request)
    if request.method != "POST" or chosen.one is None:
        return redirect("duty-groups")
    form = GroupForm(request.POST, groups=groups_of(request.reach, chosen.one.id))
    if form.is_valid():
        try:
            services.add_group(by=request.reach, headquarters=chosen.one.id, at=now(), **form.cleaned_data)
            messages.success(request, gettext("已增设工作组。"))
            return _back(chosen.one)
        except Refusal as refusal:
            if refusal.status == 403:
                raise
            form.add_error(None, said(refusal))
    return _page(request, chosen, status=400, group_form=form)


@permitted("KEEP_DUTY")
@never_cache
@answers("GET", "POST")
def add_member(request: OfficerRequest) -> HttpResponse:
    chosen = Chosen(request)
    if request.method != "POST" or chosen.one is None:
        return redirect("duty-groups")
    form = _member_form(request, groups_of(request.reach, chosen.one.id), request.POST)
    if form.is_valid():
        try:
            services.add_member(by=request.reach, at=now(), **form.cleaned_data)
            messages.success(request, gettext("已编入。"))
            return _back(chosen.one)
        except Refusal as refusal:
            if refusal.status == 403:
                raise
            form.add_error(None, said(refusal))
    return _page(request, chosen, status=400, member_form=form)


@permitted("KEEP_DUTY")
@answers("POST")
def end_member(request: OfficerRequest, membership_id: UUID) -> HttpResponse:
    ended = services.end_membership(by=request.reach, id=membership_id, at=now())
    messages.success(request, gettext("已调出。以前的值班仍记在他名下。"))
    response = redirect("duty-groups")
    response["Location"] += f"?of={ended.group.headquarters.division}"
    return response


def _back(one: HeadquartersLine) -> HttpResponseRedirect:
    return HttpResponseRedirect(led_to("duty-groups", one))


def _member_form(request: OfficerRequest, groups: list[GroupLine], given: Any = None) -> GroupMemberForm:
    officers = [(one.id, one.name) for one in officers_to_choose(request.reach)]
    return GroupMemberForm(given, groups=groups, officers=officers)


def _page(request: OfficerRequest, chosen: Chosen, *, status: int = 200, **forms: Any) -> HttpResponse:
    at = now()
    shown: dict[str, Any] = {"chosen": chosen, "day": day_of(at)}
    if chosen.one is not None:
        listed = groups_of(request.reach, chosen.one.id)
        members = members_of(request.reach, chosen.one.id, at=at)
        shown["groups"] = [(group, [one for one in members if one.group == group.id]) for group in listed]
        shown["people"] = len({one.person for one in members})
        if chosen.kept:
            shown["member_form"] = forms.get("member_form") or _member_form(request, listed)
            shown["group_form"] = forms.get("group_form") or GroupForm(groups=listed)
    return render(request, "hq/duty_groups.html", shown, status=status)
