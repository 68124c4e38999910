"""A community's table: tried or loaded, every row accounted for, what wants another look given back as a table.

Nothing of the file is kept but what was loaded: the rows to be looked at again travel along in the page's form, and come
back as a file of the kind that was given.
"""

import binascii
import zlib
from base64 import b64decode, b64encode
from typing import Any, NamedTuple

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.doors import words
from lianfang.doors.guard import permitted
from lianfang.doors.hq.devices import area_of
from lianfang.doors.hq.forms import PlaceForm, said
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.sheets import as_download, as_text_download
from lianfang.journeys.rosters import Imported, import_roster, leftover
from lianfang.journeys.rosters.reading import LARGEST_FILE
from lianfang.kernel.clock import now
from lianfang.kernel.refusals import NotFound, Refusal

LISTED = 200
LARGEST_BACK = 16 * 1024 * 1024  # a table that was 2 MB, with its reasons, unpacked


class ImportForm(PlaceForm):
    sheet = forms.FileField(
        label=_("表格"),
        help_text=_("xlsx 或 csv，最大 2 MB、12000 行；要有“姓名”和“门牌”（或“住址”）两列，列的次序不限"),
        widget=forms.FileInput({"class": "input", "accept": ".xlsx,.csv,.txt"}),
    )
    way = forms.ChoiceField(
        label=_("怎么办"),
        choices=[("TRY", _("先试一遍，不入台账")), ("LOAD", _("入台账"))],
        initial="TRY",
        widget=forms.RadioSelect,
    )


class Leftover(NamedTuple):
    """The rows to be looked at again, packed for a form's field; `form`: xlsx or csv."""

    packed: str
    form: str


@permitted("KEEP_PEOPLE")
@never_cache
@answers("GET", "POST")
def import_households(request: OfficerRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None, under=area_of(request.reach))
    imported = _imported(request, form) if form.is_valid() else None
    shown: dict[str, Any] = {"form": form, "imported": imported}
    if imported is not None:
        odd = [row for row in imported.rows if row.result != "ACCEPTED"]
        shown |= {"rows": odd[:LISTED], "more": len(odd) - LISTED, "division": form.cleaned_data["division"]}
        shown["leftover"] = _leftover(imported) if odd else None
    return render(request, "hq/import_households.html", shown, status=400 if form.errors else 200)


@permitted("KEEP_PEOPLE")
@never_cache
@answers("POST")
def leftover_rows(request: OfficerRequest) -> HttpResponse:
    """The rows to be looked at again, as the page before sent them along."""
    content = _unpacked(request.POST.get("rows", ""))
    if content is None:
        raise NotFound(
            "ROWS_GONE",
            "退回的行不在了，请重新导入一次。",
            "The refused rows are gone: import the file again.",
        )
    download = as_text_download if request.POST.get("as") == "csv" else as_download
    return download(gettext("待核对的行"), content)


def _unpacked(packed: str) -> bytes | None:
    """None for what was not packed here."""
    try:
        unpacking = zlib.decompressobj()
        content = unpacking.decompress(b64decode(packed, validate=True), LARGEST_BACK)
    except (binascii.Error, ValueError, zlib.error):
        return None
    return content if content and unpacking.eof else None


def _imported(request: OfficerRequest, form: ImportForm) -> Imported | None:
    given = form.cleaned_data
    try:
        return import_roster(
            by=request.reach, at=now(), division=given["division"], data=given["sheet"].read(LARGEST_FILE + 1),
            name=given["sheet"].name or "", try_only=given["way"] == "TRY",
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error("sheet", said(refusal))
        return None


def _leftover(imported: Imported) -> Leftover:
    content = leftover(
        imported, reason=gettext("核对原因"), say=lambda code: str(words.IMPORT_FINDINGS[code])
    )
    form = "xlsx" if imported.sheet.is_workbook else "csv"
    return Leftover(b64encode(zlib.compress(content)).decode(), form)
