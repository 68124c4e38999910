"""The person stands at the counter with a card: what is held about them, to take along, to correct, to be deleted.

The number travels in the body and stands in no address and no log.
"""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.custody.subjects import FileGiven, SubjectCard, SubjectFile, ask_deletion, give
from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said, text
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.subject_files import file_facts
from lianfang.doors.hq.subject_orders import order_facts
from lianfang.doors.hq.subject_referrals import referral_facts
from lianfang.doors.hq.subject_sheets import as_json, as_xlsx
from lianfang.doors.hq.subject_told import Fact, facts
from lianfang.doors.hq.telling import Telling
from lianfang.doors.methods import answers
from lianfang.doors.watermarks import Watermark
from lianfang.doors.words import PURPOSES_OF_READING
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.refusals import Refusal

LONGEST_REASON = 200


class CardForm(forms.Form):
    """What is read from the card. The name is asked for only where records of several names have the number."""

    number = forms.CharField(
        label=_("证件号码"),
        max_length=60,
        help_text=_("看着证件输全，空格、大小写不影响"),
        widget=text(autofocus=True),
    )
    name = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    @property
    def card(self) -> SubjectCard:
        return SubjectCard(self.cleaned_data["number"], self.cleaned_data["name"])


class DeletionForm(CardForm):
    reason = forms.CharField(
        label=_("删除的原因"),
        max_length=LONGEST_REASON,
        help_text=_("如 本人认为不再需要；不写姓名和号码"),
        widget=text(),
    )


@permitted("ANSWER_SUBJECTS")
@never_cache
@answers("GET", "POST")
def subjects(request: OfficerRequest) -> HttpResponse:
    form, at = CardForm(request.POST or None), now()
    given = _given(request, form, "PAGE", at) if form.is_valid() else None
    return _page(request, form, given, DeletionForm(), at)


def _given(request: OfficerRequest, form: CardForm, kind: str, at: datetime) -> FileGiven | None:
    try:
        return give(by=request.reach, at=at, card=form.card, form=kind)
    except Refusal as refusal:
        form.add_error("number", said(refusal))
        return None


def _page(
    request: OfficerRequest, form: CardForm, given: FileGiven | None, deletion: DeletionForm, at: datetime
) -> HttpResponse:
    shown: dict[str, Any] = {"form": form, "deletion": deletion, "scope": _scope()}
    if given is not None:
        chosen = {"number": form.card.number, "name": form.card.name}
        told = zip(given.file.records, _told(given.file, at), strict=True)
        shown["told_files"] = [(file, file_facts(file)) for file in given.file.files]
        handed = given.file.referrals
        shown["told_referrals"] = list(zip(handed, referral_facts(handed, at), strict=True))
        ordered = given.file.orders
        shown["told_orders"] = list(zip(ordered, order_facts(ordered, at), strict=True))
        shown |= {"file": given.file, "told": list(told), "mark": _mark(request, given, at), "card": chosen}
    status = 400 if form.errors or deletion.errors else 200
    return render(request, "hq/subjects.html", shown, status=status)


def _told(file: SubjectFile, at: datetime) -> list[list[Fact]]:
    telling = Telling.of_all([record.file for record in file.records], day_of(at))
    return [facts(record, telling) for record in file.records]


def _mark(request: OfficerRequest, given: FileGiven, at: datetime) -> Watermark:
    return Watermark(
        request.reach.officer_name, at, str(PURPOSES_OF_READING["SUBJECT_ASKED"]), given.reference
    )


def _scope() -> str:
    return gettext("只含本工作台辖区内卡口的登记；其他县区的请到当地查询。")


@permitted("ANSWER_SUBJECTS")
@never_cache
@answers("GET", "POST")
def subject_export(request: OfficerRequest) -> HttpResponse:
    """The same to take along."""
    if request.method != "POST":
        return redirect("subjects")
    form, at = CardForm(request.POST), now()
    kind = "JSON" if request.POST.get("format") == "json" else "XLSX"
    given = _given(request, form, kind, at) if form.is_valid() else None
    if given is None:
        return _page(request, form, None, DeletionForm(), at)
    told, mark = _told(given.file, at), _mark(request, given, at)
    files = [file_facts(file) for file in given.file.files]
    referrals, orders = referral_facts(given.file.referrals, at), order_facts(given.file.orders, at)
    if kind == "JSON":
        return as_json(given.file.records, told, files, referrals, orders, mark, _scope())
    return as_xlsx(told, files, referrals, orders, mark, _scope())


@permitted("ANSWER_SUBJECTS")
@never_cache
@answers("GET", "POST")
def subject_deletion(request: OfficerRequest) -> HttpResponse:
    """Asked for, not done: what was proposed and what stays, until a second officer has signed."""
    if request.method != "POST":
        return redirect("subjects")
    form, at = DeletionForm(request.POST), now()
    if form.is_valid():
        try:
            asked = ask_deletion(by=request.reach, at=at, card=form.card, reason=form.cleaned_data["reason"])
            return render(request, "hq/subject_deletion.html", {"asked": asked})
        except Refusal as refusal:
            form.add_error(None, said(refusal))
    card = CardForm(request.POST)
    given = _given(request, card, "PAGE", at) if card.is_valid() else None
    return _page(request, card, given, form, at)
