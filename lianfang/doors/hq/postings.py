"""Postings, by the security administrator: an officer is given a role over a division, moved, and relieved of it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now  # noqa: TID251 -- sessions and postings keep the real clock
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.command.queries import count_officers, officer_file, officer_page
from lianfang.command.rules import GRANTED
from lianfang.command.services.postings import (
    end_posting,
    grant_posting,
    move_posting,
    unknown_officer,
)
from lianfang.doors import words
from lianfang.doors.guard import permitted
from lianfang.doors.hq.devices import area_of
from lianfang.doors.hq.forms import PlaceForm, said
from lianfang.doors.hq.officer_shown import ShownPosting, shown_file, shown_officers
from lianfang.doors.hq.officers import FindOfficerForm
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.kernel.days import day_of, start_of
from lianfang.kernel.refusals import Refusal

LONGEST_TERM = timedelta(days=2 * 366)


class PostingForm(PlaceForm):
    """`instead`: the posting that ends as this one begins; empty: one more of the same role."""

    role = forms.ChoiceField(
        label=_("岗位"), choices=[(code, words.ROLES[code]) for code in GRANTED], widget=forms.RadioSelect
    )
    until = forms.DateField(
        label=_("到哪天为止"),
        required=False,
        help_text=_("临时顶岗填最后一天，长期任职留空"),
        widget=forms.DateInput({"class": "input", "type": "date"}),
    )
    instead = forms.ChoiceField(label=_("现在的任职"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, held: Sequence[ShownPosting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["instead"]
        ends = gettext("结束 %(place)s %(role)s，改任")
        field.choices = [
            (
                str(one.line.id),
                ends % {"place": one.place, "role": words.ROLES.get(one.line.role, one.line.role)},
            )
            for one in held
        ] + [("", _("不动，同一岗位另加一处"))]
        field.initial = field.choices[0][0]

    def clean_until(self) -> date | None:
        last: date | None = self.cleaned_data["until"]
        today = day_of(now())  # in every city: postings keep the real clock
        if last is not None and not today <= last <= today + LONGEST_TERM:
            raise forms.ValidationError(_("填今天到两年以内的一天；长期任职留空。"))
        return last

    @property
    def roles(self) -> list[tuple[Any, Any]]:
        """Each choice with what its role does, in a sentence."""
        return [(choice, words.ROLE_SENTENCES[choice.data["value"]]) for choice in self["role"]]

    @property
    def given(self) -> dict[str, Any]:
        """What a posting is made of. The last day counts to its end."""
        last = self.cleaned_data["until"]
        until: datetime | None = start_of(last) + timedelta(days=1) if last else None
        return {
            "role": self.cleaned_data["role"],
            "division": self.cleaned_data["division"],
            "until": until,
        }


@permitted("GRANT_POSTINGS")
@never_cache
@answers("GET", "POST")
def posting_list(request: OfficerRequest) -> HttpResponse:
    """Officers with what they are posted to. POST searches and turns the page."""
    at, form = now(), FindOfficerForm(request.POST or None)
    asked = form.cleaned_data if form.is_valid() else {}
    name = asked.get("name", "").strip()
    page = officer_page(request.reach, name=name, before=asked.get("before"), at=at)
    shown = {
        "form": form,
        "name": name,
        "officers": shown_officers(page.lines, request.reach),
        "next_before": page.next_before,
        "counts": count_officers(request.reach, at=at),
    }
    return render(request, "hq/postings.html", shown, status=400 if form.errors else 200)


@permitted("GRANT_POSTINGS")
@never_cache
@answers("GET", "POST")
def officer_postings(request: OfficerRequest, officer_id: UUID) -> HttpResponse:
    """What an officer is posted to, what it was before, and the form that grants."""
    file = officer_file(request.reach, officer_id, at=now())
    if file is None:
        raise unknown_officer()
    officer, ended = shown_file(file, request.reach)
    form = PostingForm(request.POST or None, under=area_of(request.reach), held=officer.postings)
    if form.is_valid():
        try:
            return _granted(request, officer_id, form)
        except Refusal as refusal:
            form.add_error(None, said(refusal))
    shown = {"officer": officer, "ended": ended, "form": form}
    return render(request, "hq/officer_postings.html", shown, status=400 if form.errors else 200)


@permitted("GRANT_POSTINGS")
@answers("POST")
def end(request: OfficerRequest, posting_id: UUID) -> HttpResponse:
    ended = end_posting(by=request.reach, id=posting_id, at=now())
    messages.success(request, gettext("已结束。这个岗位能看的，从现在起看不到了。"))
    return redirect("officer-postings", officer_id=ended.officer_id)


def _granted(request: OfficerRequest, officer_id: UUID, form: PostingForm) -> HttpResponse:
    instead = form.cleaned_data["instead"]
    if instead:
        move_posting(by=request.reach, id=UUID(instead), at=now(), **form.given)
        messages.success(request, gettext("已改任，从现在起有效。"))
    else:
        grant_posting(by=request.reach, officer_id=officer_id, at=now(), **form.given)
        messages.success(request, gettext("已授予，从现在起有效。"))
    return redirect("officer-postings", officer_id=officer_id)
