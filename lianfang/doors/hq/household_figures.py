"""How many doors there are and how fresh their rosters: by the divisions below one, down to a village, which shows its doors."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.household_tiles import tile_page
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import canonical, from_integer, is_code, level, parent, span
from lianfang.kernel.reach import Reach, reach
from lianfang.people.queries import DivisionCounts, household_counts
from lianfang.people.rules import FRESH_DAYS
from lianfang.regions.queries import children, names, path

AS_TILES = ("VILLAGE", "GRID", "MICRO_GRID")


class CountedDivision(NamedTuple):
    """A division with its doors; None where nobody has made a roster, which is not the same as none."""

    code: str
    name: str
    counts: DivisionCounts | None

    @property
    def percent(self) -> float | None:
        return 100 * self.counts.fresh / self.counts.households if self.counts else None


@permitted("VIEW_PEOPLE")
@never_cache
@answers("GET")
def household_list(request: OfficerRequest) -> HttpResponse:
    """Of a village, community or grid its doors; of anything larger the figures of those below it."""
    asked = request.GET.get("division", "")
    if is_code(asked) and level(asked) in AS_TILES:
        return tile_page(request, canonical(asked))
    at = now()
    with reach(request.reach) as seen:
        areas = [canonical(asked)] if is_code(asked) else _areas(seen)
        counted = [one for code in areas for one in household_counts(seen, code, on=day_of(at))]
    total = _total(counted)
    shown = {
        "lines": _lines(areas, counted, at),
        "total": CountedDivision("", "", total if total.households else None),
        "place": path(areas[0], day_of(at)) if len(areas) == 1 else "",
        "up": _above(seen, areas[0]) if is_code(asked) else None,
        "fresh_days": FRESH_DAYS,
    }
    return render(request, "hq/household_counts.html", shown)


def _areas(seen: Reach) -> list[str]:
    """The officer's whole area. A span of the whole country is asked for by province."""
    areas = [f"{lo:018d}" for lo, _ in seen.readable]
    return [from_integer(int(code)) for code in areas if is_code(code)] or ["210000"]


def _above(seen: Reach, code: str) -> str | None:
    """The division above, where the officer may see all of it."""
    above = parent(code)
    if above is None:
        return None
    lo, hi = span(above)
    return above if any(first <= lo and hi <= last for first, last in seen.readable) else None


def _lines(areas: Sequence[str], counted: Sequence[DivisionCounts], at: datetime) -> list[CountedDivision]:
    """Those with doors as they come; then, of a city or less, those in which nobody made a roster."""
    if not counted:
        return []
    named = names([one.division for one in counted], day_of(at))
    lines = [CountedDivision(one.division, named.get(one.division, one.division), one) for one in counted]
    known = {one.division for one in counted}
    below = [one for code in areas if level(code) != "PROVINCE" for one in children(code, day_of(at))]
    return lines + [CountedDivision(one.code, one.name, None) for one in below if one.code not in known]


def _total(counted: Sequence[DivisionCounts]) -> DivisionCounts:
    columns = zip(*(one[1:] for one in counted), strict=True) if counted else [()] * 6
    return DivisionCounts("", *map(sum, columns))
