"""The one number (一个数): how many are observed, of how many a report is asked and how many gave one, and who did not.

The duty officer stands by it: it says as of when, and whom it misses by name.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.narrowing import division_asked, place_named
from lianfang.doors.hq.quarantine.shown import OrderLine, rows_of
from lianfang.doors.hq.referral_shown import area
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.reading import list_read
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import canonical, level
from lianfang.kernel.reach import Reach, reach
from lianfang.quarantine.queries.follow_ups import follow_ups_counted, orders_of
from lianfang.quarantine.queries.lists import (
    LISTED,
    NEITHER,
    PAGE,
    CheckInCounts,
    Observed,
    OnList,
    by_place,
    counts,
    work_list,
)
from lianfang.quarantine.queries.thresholds import thresholds_at
from lianfang.quarantine.rules import half_day
from lianfang.regions.queries import paths

_KEY = re.compile(r"[0-9]{1,18}_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
# The places listed in a division of that level, and how many digits of a code they have.
BELOW = {
    "PROVINCE": "COUNTY",
    "CITY": "TOWNSHIP",
    "COUNTY": "TOWNSHIP",
    "TOWNSHIP": "VILLAGE",
    "VILLAGE": "GRID",
}
DIGITS = {"COUNTY": 6, "TOWNSHIP": 9, "VILLAGE": 12, "GRID": 15}


@dataclass(frozen=True, slots=True)
class NumberAsked:
    """What the address asks for; what cannot be read is not asked for. `?list=`, `?division=`, `?after=`."""

    which: str
    division: str | None
    after: tuple[int, UUID] | None

    @classmethod
    def of(cls, request: HttpRequest) -> "NumberAsked":
        given = request.GET
        which, after = given.get("list", ""), given.get("after", "")
        jurisdiction, _, id = after.partition("_")
        return cls(
            which=which if which in LISTED else NEITHER,
            division=division_asked(given),
            after=(int(jurisdiction), UUID(id)) if _KEY.fullmatch(after) else None,
        )


class NumberTab(NamedTuple):
    """A list, and how many stand on it."""

    code: str
    people: int


class PlaceOfNumber(NamedTuple):
    """A place one level down. `code` None: no smaller place is known of them."""

    of: Observed
    code: str | None
    name: str


@permitted("VIEW_QUARANTINE")
@never_cache
@answers("GET")
def the_number(request: OfficerRequest) -> HttpResponse:
    at, asked = now(), NumberAsked.of(request)
    with reach(request.reach) as seen:
        told = counts(seen, at, asked.division)
        rows = _rows(seen, at, asked, told)
        lines = _lines(seen, rows[:PAGE], at)
        places = _places(seen, asked.division or area(seen), at)
        open_now = follow_ups_counted(seen, at=at, division=asked.division)
        list_read(seen, "check-ins", count=len(lines), list=asked.which)
    this = half_day(at)
    shown = {
        "asked": asked, "at": at, "counts": told, "tabs": _tabs(told), "rows": lines, "places": places,
        "next": rows[PAGE - 1].key if len(rows) > PAGE else None, "half": this, "deadline": thresholds_at(at).deadline(this),
        "open": open_now, "place": place_named(asked.division, at),
    }  # fmt: skip
    return render(request, "hq/quarantine/number.html", shown)


def _rows(seen: Reach, at: datetime, asked: NumberAsked, told: CheckInCounts) -> list[OnList]:
    """Nobody is looked for on a list of nobody: in a whole city that takes longest."""
    if not getattr(told, asked.which.lower()):
        return []
    return work_list(seen, at, which=asked.which, limit=PAGE + 1, after=asked.after, division=asked.division)


def _lines(seen: Reach, rows: list[OnList], at: datetime) -> list[tuple[OnList, OrderLine]]:
    orders = orders_of(row.id for row in rows)
    lines = {line.one.id: line for line in rows_of(seen, [*orders.values()], at=at)}
    return [(row, lines[row.id]) for row in rows if row.id in lines]


def _tabs(told: CheckInCounts) -> list[NumberTab]:
    return [NumberTab(code, getattr(told, code.lower())) for code in (NEITHER, *LISTED[:-1])]


def _places(seen: Reach, division: str | None, at: datetime) -> list[PlaceOfNumber]:
    """The places one level down where somebody is observed, those that miss most first."""
    size = BELOW.get(level(division)) if division else None
    if division is None or size is None:
        return []
    found = by_place(seen, at, division=division, size=size)
    codes = {one.place: str(one.place).rjust(DIGITS[size], "0") for one in found}
    whole = canonical(division)
    names = paths([*(canonical(code) for code in codes.values()), whole], day_of(at))
    told = [_place(one, canonical(codes[one.place]), whole, names) for one in found]
    return sorted(told, key=lambda place: (-place.of.neither, -place.of.observed, place.code or ""))


def _place(one: Observed, code: str, whole: str, names: dict[str, str]) -> PlaceOfNumber:
    if code == whole:
        return PlaceOfNumber(one, None, "")
    return PlaceOfNumber(one, code, names.get(code, code).removeprefix(names.get(whole, "")))
