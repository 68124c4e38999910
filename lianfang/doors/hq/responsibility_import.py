"""Importing who answers for what: a sheet is read, every row is accounted for, what was refused goes back with the reason."""

import json
from typing import Any, NamedTuple

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.command.rules.listed import FLAGGED, REFUSED, Accounted, RowOutcome
from lianfang.command.services import take_list
from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.responsibility_lists import (
    LISTS,
    REASON,
    ListKind,
    listed,
    refused_rows,
    refused_rows_as_csv,
)
from lianfang.doors.hq.responsibility_lists import (
    blank as blank_sheet,
)
from lianfang.doors.methods import answers
from lianfang.doors.read_sheet import LARGEST_FILE, ReadRow, read_sheet
from lianfang.doors.sheets import as_download, as_text_download
from lianfang.kernel.clock import now
from lianfang.kernel.refusals import NotFound, Refusal

SHOWN = 200  # rows with something to say; the file has them all


class ListForm(forms.Form):
    """`only_read`: the button that says what would become of each row."""

    list = forms.ChoiceField(
        label=_("哪一张表"),
        choices=[("PEOPLE", _("责任人、责任区、先锋岗")), ("STAFF", _("网格人员"))],
        initial="PEOPLE",
        widget=forms.RadioSelect,
    )
    file = forms.FileField(label=_("表格"), help_text=_("xlsx，或 UTF-8、GB18030 的 csv，最多 2 MB、1 万行"))
    only_read = forms.CharField(required=False)


class ListRowShown(NamedTuple):
    """A row with something to say about it."""

    number: int
    what: str
    reason: str


@permitted("KEEP_RESPONSIBILITY")
@never_cache
@answers("GET", "POST")
def import_page(request: OfficerRequest) -> HttpResponse:
    form = ListForm(request.POST or None, request.FILES or None)
    shown: dict[str, Any] = {"form": form}
    if form.is_valid():
        try:
            shown |= _taken(request, form)
        except Refusal as refusal:
            form.add_error("file", said(refusal))
    return render(request, "hq/import_responsibility.html", shown, status=400 if form.errors else 200)


@permitted("KEEP_RESPONSIBILITY")
@answers("GET")
def blank(request: OfficerRequest) -> HttpResponse:
    """?list=STAFF"""
    kind = LISTS.get(request.GET.get("list", "PEOPLE"), LISTS["PEOPLE"])
    return as_download(kind.title, blank_sheet(kind))


@permitted("KEEP_RESPONSIBILITY")
@answers("POST")
def refused(request: OfficerRequest) -> HttpResponse:
    """The refused rows as the page before sent them along, as a file of the kind that was given: nothing is kept here."""
    kind = LISTS.get(request.POST.get("list", ""))
    rows = _rows_sent(request.POST.get("rows", ""))
    if kind is None or rows is None:
        raise NotFound(
            "ROWS_GONE",
            "退回的行不在了，请重新导入一次。",
            "The refused rows are gone: import the file again.",
        )
    name = f"{kind.title} 退回"
    if request.POST.get("as") != "csv":
        return as_download(name, refused_rows(kind, rows))
    return as_text_download(name, refused_rows_as_csv(kind, rows))


def _taken(request: OfficerRequest, form: ListForm) -> dict[str, Any]:
    kind = LISTS[form.cleaned_data["list"]]
    sheet: UploadedFile = form.cleaned_data["file"]
    if (sheet.size or 0) > LARGEST_FILE:
        raise Refusal("SHEET_TOO_LARGE", "表格太大，最多 2 MB。", "The sheet is too large: 2 MB at most.")
    rows = read_sheet(sheet.read(), kind.headings)
    if not rows:
        raise Refusal("NO_ROWS", "表头下面一行也没有。", "There is no row below the headings.")
    only_read = bool(form.cleaned_data["only_read"])
    accounted = take_list(
        by=request.reach, at=now(), listed=[listed(kind, row) for row in rows], only_read=only_read
    )
    return _accounted(kind, rows, accounted, only_read) | {
        "as": "csv" if (sheet.name or "").lower().endswith(".csv") else "xlsx"
    }


def _accounted(kind: ListKind, rows: list[ReadRow], accounted: Accounted, only_read: bool) -> dict[str, Any]:
    by_number = {row.number: row for row in rows}
    back = [
        {name: text for name, text in {**by_number[one.line].said, REASON: said(one.reason)}.items() if text}
        for one in accounted.of(REFUSED)
        if one.reason
    ]
    return {
        "kind": kind,
        "only_read": only_read,
        "counts": accounted.counts(),
        "refused": [_shown(one, by_number) for one in accounted.of(REFUSED)[:SHOWN]],
        "flagged": [_shown(one, by_number) for one in accounted.of(FLAGGED)[:SHOWN]],
        "back": json.dumps(back, ensure_ascii=False) if back else "",
    }


def _shown(one: RowOutcome, rows: dict[int, ReadRow]) -> ListRowShown:
    what = " · ".join(text for text in rows[one.line].said.values() if text)
    return ListRowShown(one.line, what, said(one.reason) if one.reason else "")


def _rows_sent(text: str) -> list[dict[str, str]] | None:
    """None for what is no list of rows."""
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return None
    return rows
