"""A pasted #接龙 list in two steps: every line shown with what was read of it, then what the officer leaves standing is taken.

Names travel in bodies alone. A list that has grown is pasted again as a whole: what was taken of it is not taken twice.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import PlaceForm, said
from lianfang.doors.hq.quarantine.pasted_rows import (
    NOT_TAKEN,
    PreviewRow,
    counted,
    packed,
    preview,
    rows_taken,
)
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.quarantine_words import HALVES
from lianfang.doors.reading import list_read
from lianfang.doors.tags import day
from lianfang.kernel.clock import now
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Refusal
from lianfang.quarantine.pasted import LONGEST_TEXT, MOST_LINES, read_pasted
from lianfang.quarantine.queries.pasted import standing_by_name
from lianfang.quarantine.rules import Half, HalfDay, half_day
from lianfang.quarantine.services.pasting import report_pasted

MOST_LINES_TOLD = 40


class PastedForm(PlaceForm):
    """Of which division the list is, of which half-day, and the text as it was pasted."""

    half = forms.ChoiceField(label=_("报的是"), widget=forms.RadioSelect)
    pasted = forms.CharField(
        label=_("接龙原文"), max_length=LONGEST_TEXT, strip=False,
        help_text=_("整段粘贴即可，如“3. 王某 36.5 无异常”"),
        widget=forms.Textarea({"class": "input", "rows": 12, "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        running = half_day(at)
        super().__init__(*args, initial={"half": written(running)}, **kwargs)
        field: Any = self.fields["half"]
        field.choices = [(written(one), _shown_half(one)) for one in (running, running.before)]

    def clean_pasted(self) -> str:
        """What is too long is said, and no line of it is left out unseen."""
        pasted: str = self.cleaned_data["pasted"]
        if len(pasted.splitlines()) > MOST_LINES:
            raise forms.ValidationError(_("一次最多读 %(n)s 行，请分几次粘贴。"), params={"n": MOST_LINES})
        return pasted


@permitted("KEEP_QUARANTINE")
@never_cache
@answers("GET", "POST")
def pasted_list(request: OfficerRequest) -> HttpResponse:
    at = now()
    form = PastedForm(request.POST or None, at=at)
    rows: list[PreviewRow] | None = None
    if form.is_valid():
        try:
            rows = _previewed(request, form, at)
        except Refusal as refusal:
            form.add_error(None, said(refusal))
    shown = {
        "form": form,
        "rows": rows,
        "counts": counted(rows or []),
        "packed": packed(rows or []),
        "most": MOST_LINES,
        "not_taken": NOT_TAKEN,
    }
    return render(request, "hq/quarantine/pasted.html", shown, status=400 if form.errors else 200)


@permitted("KEEP_QUARANTINE")
@never_cache
@answers("POST")
def take_pasted(request: OfficerRequest) -> HttpResponse:
    """What cannot be taken is said line by line; what was taken stays taken."""
    at, taken, refused = now(), [], defaultdict(list)
    half = read_half(request.POST.get("half", ""))
    for line, row in rows_taken(request.POST):
        try:
            done = report_pasted(
                by=request.reach, at=at, order=row.order, half_day=half, celsius=row.celsius, symptoms=row.symptoms
            )  # fmt: skip
            taken.append(done.repeated)
        except Refusal as refusal:
            refused[said(refusal)].append(line)
    _say_taken(request, anew=taken.count(False), known=taken.count(True))
    _say_refused(request, refused)
    if not taken and not refused:
        messages.warning(request, gettext("没有选中任何一行，什么也没有登记。"))
    return redirect("pasted-check-ins")


def _previewed(request: OfficerRequest, form: PastedForm, at: datetime) -> list[PreviewRow]:
    with reach(request.reach) as seen:
        known = standing_by_name(seen, form.cleaned_data["division"])
        rows = preview(read_pasted(form.cleaned_data["pasted"], known), known)
        list_read(seen, "pasted", count=sum(row.report is not None for row in rows))
    return rows


def _say_taken(request: OfficerRequest, *, anew: int, known: int) -> None:
    if anew:
        messages.success(
            request, ngettext("已登记 %(n)s 份打卡。", "已登记 %(n)s 份打卡。", anew) % {"n": anew}
        )
    if known:
        words_of = ngettext("%(n)s 份以前登记过，没有重复登记。", "%(n)s 份以前登记过，没有重复登记。", known)
        messages.info(request, words_of % {"n": known})


def _say_refused(request: OfficerRequest, refused: Mapping[str, Sequence[str]]) -> None:
    """A sentence for each reason: hundreds of them would not fit into what a browser carries to the next page."""
    for why, lines in refused.items():
        told = "、".join(lines[:MOST_LINES_TOLD])
        if len(lines) > MOST_LINES_TOLD:
            told = gettext("%(lines)s 等 %(n)s") % {"lines": told, "n": len(lines)}
        messages.warning(request, gettext("第 %(line)s 行没有登记：%(why)s") % {"line": told, "why": why})


def written(half: HalfDay) -> str:
    """2020-02-20 MORNING"""
    return f"{half.day.isoformat()} {half.half}"


def read_half(text: str) -> HalfDay:
    """Raises Refusal for what this page did not write."""
    try:
        day, name = text.split(" ")
        return HalfDay(date.fromisoformat(day), Half(name))
    except ValueError:
        raise Refusal("HALF_UNKNOWN", "请从页面上办理。", "Use the page's own form.") from None


def _shown_half(half: HalfDay) -> str:
    return f"{day(half.day)} {HALVES[half.half]}"
