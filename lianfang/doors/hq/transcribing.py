"""Typing paper in (纸质录入): choose a pad, row after row with the keyboard, and what stands of a row."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from lianfang.checkpoints.paper import label, read_label
from lianfang.checkpoints.queries.paper import PadLine, RowLine, pad_line, pads, row_file, rows_of_pad
from lianfang.checkpoints.services.paper import RowTyped, Written, keep_pilot_row
from lianfang.checkpoints.services.second_look import not_typed
from lianfang.doors import words
from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.row_shown import RowShown
from lianfang.doors.hq.written import PersonRow, PilotRow, RowForm, VehicleRow
from lianfang.doors.methods import answers
from lianfang.doors.reading import file_read
from lianfang.doors.typed import as_number
from lianfang.journeys.transcribing import join_row, type_rows
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import NotFound, Refusal

MOST_AT_ONCE = 60
NEWEST = 12


@permitted("TRANSCRIBE_PAPER")
@never_cache
@answers("GET")
def choose(request: OfficerRequest) -> HttpResponse:
    """By the number on the sheet, typed or scanned; or one of the list, those with open rows first."""
    asked = request.GET.get("pad", "")
    wanted = read_label(asked)
    if wanted is not None:
        pad, row = wanted
        return HttpResponseRedirect(reverse("transcribe-pad", args=[pad]) + (f"?row={row}" if row else ""))
    with reach(request.reach) as seen:
        listed = pads(seen)
    listed.sort(key=lambda pad: (not pad.typed, not (pad.unchecked or pad.missing)))
    return render(request, "hq/transcribe.html", {"pads": listed, "asked": asked})


@dataclass
class TypingSheet:
    """The forms of what is typed: a vehicle and its people, or a row of a pilot pad, which names nobody."""

    vehicle: RowForm
    people: list[PersonRow]

    @classmethod
    def of(cls, pad: PadLine, given: QueryDict) -> "TypingSheet":
        if pad.purpose == "PILOT":
            return cls(PilotRow(given), [])
        return cls(VehicleRow(given), [PersonRow(given, prefix=f"p{n}") for n in range(1, _count(given) + 1)])

    @classmethod
    def empty(cls, pad: PadLine, row: int, last: dict[str, Any]) -> "TypingSheet":
        first = {"row": row, **last}
        if pad.purpose == "PILOT":
            return cls(PilotRow(initial=first), [])
        return cls(VehicleRow(initial=first), [PersonRow(prefix="p1", initial={"row": row})])

    @classmethod
    def with_one_more(cls, given: QueryDict) -> "TypingSheet":
        """What was typed so far, not judged yet, and an empty person on the next row."""
        count = min(_count(given) + 1, MOST_AT_ONCE)
        typed = [PersonRow(prefix=f"p{n}", initial=_typed(given, f"p{n}")) for n in range(1, count)]
        last = given.get(f"p{count - 1}-row") or given.get("row", "")
        above = as_number(last)
        row = above + 1 if above is not None else None
        return cls(
            VehicleRow(initial=given.dict()), [*typed, PersonRow(prefix=f"p{count}", initial={"row": row})]
        )

    def is_valid(self) -> bool:
        return all([self.vehicle.is_valid(), *(person.is_valid() for person in self.people)])


def _count(given: QueryDict) -> int:
    return min(max(as_number(given.get("people_typed", "")) or 1, 1), MOST_AT_ONCE)


def _typed(given: QueryDict, prefix: str) -> dict[str, Any]:
    """A person's boxes as they were, for a form that is shown again."""
    typed: dict[str, Any] = {name: given.get(f"{prefix}-{name}", "") for name in PersonRow.base_fields}
    for side in ("from", "to"):
        typed[side] = {name: given.get(f"{prefix}-{side}-{name}", "") for name in ("place", "division")}
    return typed


@permitted("TRANSCRIBE_PAPER")
@never_cache
@answers("GET", "POST")
def pad_page(request: OfficerRequest, pad: int) -> HttpResponse:
    at = now()
    line, rows = _pad(request.reach, pad)
    if request.method != "POST":
        return _typing_page(
            request,
            line,
            rows,
            TypingSheet.empty(line, _row_asked(request, line), _last(request.reach, line, at)),
        )
    if "more" in request.POST:
        return _typing_page(request, line, rows, TypingSheet.with_one_more(request.POST), more=True)
    sheet = TypingSheet.of(line, request.POST)
    if sheet.is_valid():
        try:
            return _saved(request, line, sheet, at)
        except RowTyped as refusal:
            messages.info(request, said(refusal))
            return redirect("transcribed-row", pad=pad, row=refusal.row)
        except NotFound:
            raise
        except Refusal as refusal:
            sheet.vehicle.add_error(None, said(refusal))
    return _typing_page(request, line, rows, sheet, status=400)


def _pad(by: Reach, pad: int) -> tuple[PadLine, list[RowLine]]:
    with reach(by) as seen:
        line = pad_line(seen, pad)
        rows = rows_of_pad(seen, pad)
    if line is None:
        raise NotFound("PAD_UNKNOWN", "辖区内没有这本登记簿。", "There is no such pad in your area.")
    return line, rows


def _row_asked(request: OfficerRequest, line: PadLine) -> int:
    row = as_number(request.GET.get("row", "")) or 0
    return row if 1 <= row <= line.rows else line.next_row or 1


def _last(by: Reach, line: PadLine, at: datetime) -> dict[str, Any]:
    """Day, direction, transport and signature as in the last row that was typed."""
    with reach(by) as seen:
        stands = row_file(seen, line.number, line.typed[-1]) if line.typed else None
    offered: dict[str, Any] = {"day": line.last_typed_on or day_of(at), "direction": "IN", "transport": "CAR"}
    if stands is not None:
        vehicle = stands.vehicle
        offered |= {name: vehicle.fact(name) for name in ("direction", "transport")}
        offered |= {"officer": vehicle.row.officer or ""}
    return offered


def _typing_page(
    request: OfficerRequest,
    line: PadLine,
    rows: list[RowLine],
    sheet: TypingSheet,
    *,
    status: int = 200,
    more: bool = False,
) -> HttpResponse:
    newest = sorted(rows, key=lambda row: row.typed_at, reverse=True)[:NEWEST]
    shown = {
        "pad": line,
        "sheet": sheet,
        "newest": newest,
        "lost": [row for row in rows if not row.stored],
        "open": [row for row in rows if row.stored and row.checked_at is None],
        "flag_words": words.FLAG_SENTENCES,
        "more": more,
    }
    return render(request, "hq/transcribe_pad.html", shown, status=status)


def _saved(request: OfficerRequest, line: PadLine, sheet: TypingSheet, at: datetime) -> HttpResponse:
    flags, last = _kept(request.reach, line, sheet, at)
    names = "、".join(str(words.FLAGS.get(flag, flag)) for flag in flags)
    kept = label(line.number, sheet.vehicle.cleaned_data["row"])
    if names:
        messages.warning(
            request, gettext("%(row)s 已保存，标记：%(flags)s。") % {"row": kept, "flags": names}
        )
    else:
        messages.success(request, gettext("%(row)s 已保存。") % {"row": kept})
    return HttpResponseRedirect(
        f"{reverse('transcribe-pad', args=[line.number])}?row={min(last + 1, line.rows)}"
    )


def _kept(by: Reach, line: PadLine, sheet: TypingSheet, at: datetime) -> tuple[tuple[str, ...], int]:
    """What was odd, and the last row that was typed."""
    given = sheet.vehicle.cleaned_data
    row, plate = given["row"], given["plate"].strip()
    if isinstance(sheet.vehicle, PilotRow):
        written = Written(sheet.vehicle.occurred_at, plate, (row,))
        keep_pilot_row(by=by, at=at, pad=line.number, row=row, written=written, people=given["people"])
        return (), row
    people = [person.person for person in sheet.people]
    if sheet.vehicle.is_same_as_above:
        return join_row(by=by, at=at, pad=line.number, row=row, people=people).flags, row
    rows = (row, *(person.cleaned_data["row"] or row for person in sheet.people[1:]))
    written = Written(sheet.vehicle.occurred_at, plate, rows)
    header = sheet.vehicle.header  # type: ignore[attr-defined]  # a VehicleRow, since it is no PilotRow
    typed = type_rows(by=by, at=at, pad=line.number, written=written, header=header, people=people)
    return typed.flags, rows[-1]


@permitted("TRANSCRIBE_PAPER")
@never_cache
@answers("GET")
def row_page(request: OfficerRequest, pad: int, row: int) -> HttpResponse:
    line, rows = _pad(request.reach, pad)
    found = next((one for one in rows if one.row == row and one.stored), None)
    if found is None:
        raise not_typed()
    with reach(request.reach) as seen:
        stands = row_file(seen, pad, row)
        if stands is not None:
            file_read(seen, stands.vehicle.row.id, pad=pad, row=row)
    shown = {"pad": line, "row": found, "stands": RowShown.of(stands) if stands else None}
    return render(request, "hq/transcribed_row.html", shown)


@permitted("TRANSCRIBE_PAPER")
@never_cache
@answers("GET")
def rows_page(request: OfficerRequest, pad: int) -> HttpResponse:
    """Every row that was typed; ?open=1: those that wait for their second look."""
    line, rows = _pad(request.reach, pad)
    only_open = "open" in request.GET
    listed = [row for row in rows if not only_open or (row.stored and row.checked_at is None)]
    return render(request, "hq/transcribed.html", {"pad": line, "rows": listed, "only_open": only_open})
