"""A grid's doors for today on paper: where somebody waits, a list of it to print, and the lists printed before."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.referral_day import BELOW
from lianfang.doors.hq.referral_forms import ActForm
from lianfang.doors.hq.referral_shown import ReferralLine, area, places_of, rows_of
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.watermarks import Watermark
from lianfang.doors.words import REFERRAL_KINDS
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of, start_of
from lianfang.kernel.divisions import canonical, is_code, level
from lianfang.kernel.masking import UNMASKED
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Refusal
from lianfang.referrals.models import ReferralSheet
from lianfang.referrals.queries import by_place, referrals_by_id
from lianfang.referrals.services import print_sheet
from lianfang.referrals.services.sheets import MOST_ROWS, ROWS_A_PAGE, TOO_LARGE
from lianfang.referrals.sheets import PrintedSheet, sheets
from lianfang.referrals.states import ANSWERS
from lianfang.referrals.who import officer_names
from lianfang.regions.queries import paths


@permitted("ANSWER_REFERRALS")
@never_cache
@answers("GET", "POST")
def sheet(request: OfficerRequest) -> HttpResponse:
    """By POST it is printed, and noted; read, it says where there is something to print."""
    given = request.POST if request.method == "POST" else request.GET
    division = _division(request.reach, given.get("division", ""))
    if request.method != "POST":
        return _choose(request, division)
    form, at = ActForm(request.POST), now()
    if not form.is_valid():
        return _choose(request, division, refused=str(next(iter(form.errors["id"]))), status=400)
    try:
        return _print(request, division or "", form.cleaned_data["id"], at)
    except Refusal as refusal:
        return _choose(request, division, refused=said(refusal), status=refusal.status)


def _division(officer: Reach, given: str) -> str | None:
    return canonical(given) if is_code(given) else area(officer)


def _choose(
    request: OfficerRequest, division: str | None, *, refused: str = "", status: int = 200
) -> HttpResponse:
    """The places one level down where somebody is to be called on, and what was printed lately."""
    at = now()
    with reach(request.reach) as seen:
        lines = _waiting(seen, division, at) if division and seen.covers(division) else []
        before = sheets(seen, division=division, at=at)
    places = places_of(
        [*(canonical(line.code) for line in lines), *(one.sheet.division for one in before), division], at
    )
    shown = {
        "at": at, "division": division, "place": places.get(division or "", ""), "refused": refused,
        "lines": [(canonical(line.code), places.get(canonical(line.code), line.code), line) for line in lines],
        "prints": bool(division) and level(division or "") not in TOO_LARGE,
        "most": MOST_ROWS if sum(line.open for line in lines) > MOST_ROWS else 0,
        "goes_deeper": bool(division) and level(division or "") in (*TOO_LARGE, "TOWNSHIP"),
        "before": _with_names(before, places), "form": ActForm(at=at),
    }  # fmt: skip
    return render(request, "hq/referral_sheets.html", shown, status=status)


def _waiting(seen: Reach, division: str, at: datetime) -> Sequence[Any]:
    digits = BELOW.get(level(division), 6)
    found = by_place(seen, at=at, since=start_of(day_of(at)), division=division, digits=digits)
    return [line for line in found if line.open]


def _with_names(before: list[PrintedSheet], places: dict[str, str]) -> list[tuple[PrintedSheet, str, str]]:
    names = officer_names(one.sheet.printed_by for one in before)
    return [
        (one, places.get(one.sheet.division, one.sheet.division), names.get(one.sheet.printed_by, ""))
        for one in before
    ]


def _print(request: OfficerRequest, division: str, id: UUID, at: datetime) -> HttpResponse:
    with reach(request.reach) as by:
        made = print_sheet(by=by, at=at, id=id, division=division)
        known = referrals_by_id(by, made.referrals)
        rows = {
            row.one.id: row
            for row in rows_of(by, [known[id] for id in made.referrals if id in known], at=at, sight=UNMASKED)
        }
    shown = {
        "sheet": made, "place": paths([made.division], day_of(at)).get(made.division, made.division),
        "pages": _pages(made, rows), "answers": [REFERRAL_KINDS[kind] for kind in ANSWERS],
        "mark": Watermark(request.reach.officer_name, made.printed_at, str(REFERRAL_KINDS["SENT"]), made.reference),
    }  # fmt: skip
    return render(request, "hq/referral_sheet.html", shown)


def _pages(
    made: ReferralSheet, rows: dict[UUID, ReferralLine]
) -> list[list[tuple[int, ReferralLine | None, str]]]:
    """Twenty rows a page: the number, who, and the address without the place that the whole list is of."""
    listed = [(number, rows.get(id), _address(rows.get(id))) for number, id in enumerate(made.referrals, 1)]
    return [listed[start : start + ROWS_A_PAGE] for start in range(0, len(listed), ROWS_A_PAGE)]


def _address(row: ReferralLine | None) -> str:
    return (row.address or row.told_before) if row else ""
