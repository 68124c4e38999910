"""A pasted #接龙 list in two steps: every line shown with what was read of it, then what the officer leaves standing is taken.

Names travel in bodies alone. A list that has grown is pasted again as a whole: what was taken of it is not taken twice.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.doors import words
from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import PlaceForm, said
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.quarantine_words import HALVES, PASTED_DOUBTS
from lianfang.doors.reading import list_read
from lianfang.doors.tags import day
from lianfang.kernel.clock import now
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Refusal
from lianfang.quarantine.pasted import (
    LONGEST_TEXT,
    MOST_LINES,
    PastedKind,
    PastedLine,
    PastedReport,
    read_pasted,
)
from lianfang.quarantine.queries.pasted import NamedOrder, observed_by_name
from lianfang.quarantine.rules import Half, HalfDay, half_day
from lianfang.quarantine.services.pasting import report_pasted
from lianfang.quarantine.typed import typed_reading

NOT_TAKEN = "NONE"


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


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A report of a line, or a line nobody was found in. `candidates`: who may be meant; several are chosen from."""

    number: int
    line: PastedLine
    report: PastedReport | None
    candidates: Sequence[NamedOrder]

    @property
    def symptoms(self) -> list[Any]:
        return [words.SYMPTOMS[code] for code in self.report.symptoms] if self.report else []

    @property
    def doubts(self) -> list[Any]:
        return [PASTED_DOUBTS[one] for one in self.report.doubts] if self.report else []

    @property
    def several(self) -> str:
        """Every temperature of the line, where there are several."""
        readings = self.report.readings if self.report else ()
        return "、".join(map(str, readings)) if len(readings) > 1 else ""

    @property
    def codes(self) -> str:
        return ",".join(self.report.symptoms) if self.report else ""

    @property
    def state(self) -> str:
        if self.report is None:
            return str(self.line.kind)
        if len(self.candidates) > 1 or self.report.doubts:
            return PastedKind.AMBIGUOUS
        told = self.report.celsius is not None or self.report.symptoms
        return PastedKind.READ if told else PastedKind.NO_READING


@dataclass(frozen=True, slots=True)
class TakenRow:
    """A line the officer left standing."""

    order: UUID
    celsius: str
    symptoms: tuple[str, ...]


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
        "counts": _counts(rows or []),
        "most": MOST_LINES,
        "not_taken": NOT_TAKEN,
    }
    return render(request, "hq/quarantine/pasted.html", shown, status=400 if form.errors else 200)


@permitted("KEEP_QUARANTINE")
@never_cache
@answers("POST")
def take_pasted(request: OfficerRequest) -> HttpResponse:
    """What cannot be taken is said line by line; what was taken stays taken."""
    at, taken, refused = now(), [], []
    half = read_half(request.POST.get("half", ""))
    for number, row in _rows_taken(request.POST):
        try:
            done = report_pasted(
                by=request.reach,
                at=at,
                order=row.order,
                half_day=half,
                celsius=_typed(row),
                symptoms=row.symptoms,
            )
            taken.append(done.repeated)
        except Refusal as refusal:
            refused.append((number, said(refusal)))
    _say_taken(request, anew=taken.count(False), known=taken.count(True))
    for number, why in refused:
        messages.error(request, gettext("第 %(line)s 行没有登记：%(why)s") % {"line": number, "why": why})
    if not taken and not refused:
        messages.warning(request, gettext("没有选中任何一行，什么也没有登记。"))
    return redirect("pasted-check-ins")


def _previewed(request: OfficerRequest, form: PastedForm, at: datetime) -> list[PreviewRow]:
    with reach(request.reach) as seen:
        known = observed_by_name(seen, form.cleaned_data["division"], at=at)
        lines = read_pasted(form.cleaned_data["pasted"], known)
        list_read(seen, "pasted", count=sum(len(line.reports) for line in lines))
    return list(_rows(lines, known))


def _rows(lines: Sequence[PastedLine], known: Mapping[str, Sequence[NamedOrder]]) -> Iterator[PreviewRow]:
    number = 0
    for line in lines:
        for report in line.reports or (None,):
            number += 1
            yield PreviewRow(number, line, report, known.get(report.name, ()) if report else ())


def _rows_taken(given: QueryDict) -> Iterator[tuple[str, TakenRow]]:
    """What a preview's form says of each row; a row that is not as this page made it is left out."""
    for number in range(1, MOST_LINES * 2):
        order = given.get(f"order-{number}")
        if order in (None, "", NOT_TAKEN):
            continue
        try:
            whose = UUID(order)
        except ValueError:
            continue
        codes = tuple(filter(None, given.get(f"symptoms-{number}", "").split(",")))
        yield (
            given.get(f"line-{number}", "")[:4],
            TakenRow(whose, given.get(f"celsius-{number}", "")[:8], codes),
        )


def _say_taken(request: OfficerRequest, *, anew: int, known: int) -> None:
    if anew:
        messages.success(
            request, ngettext("已登记 %(n)s 份打卡。", "已登记 %(n)s 份打卡。", anew) % {"n": anew}
        )
    if known:
        words_of = ngettext("%(n)s 份以前登记过，没有重复登记。", "%(n)s 份以前登记过，没有重复登记。", known)
        messages.info(request, words_of % {"n": known})


def _typed(row: TakenRow) -> Decimal | None:
    """The reading as it stands in the box. What is there and cannot be read is said: it may be a fever."""
    celsius = typed_reading(row.celsius)
    if celsius is None and row.celsius.strip():
        raise Refusal(
            "READING_UNREADABLE",
            "体温看不懂，请按 36.5 这样写，在 34 到 43 之间。",
            "The temperature cannot be read: write it as 36.5, between 34 and 43.",
        )
    if celsius is None and not row.symptoms:
        raise Refusal("NOTHING_REPORTED", "请填体温，或选症状。", "Enter a temperature, or choose a symptom.")
    return celsius


def _counts(rows: Sequence[PreviewRow]) -> dict[str, int]:
    states = [row.state for row in rows]
    return {name: states.count(name) for name in ("READ", "NO_READING", "AMBIGUOUS", "NOBODY")}


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
