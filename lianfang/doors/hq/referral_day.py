"""The day of a county or township on one page: by place one level down, who is late by grid, who has not reported, the oldest."""

from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from lianfang.command.queries.responsibility import answering_for
from lianfang.command.rules.responsibility import Answering
from lianfang.doors.guard import permitted
from lianfang.doors.hq.referral_shown import area, level_of
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of, start_of
from lianfang.kernel.divisions import canonical, is_code, level, prefix
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import NotFound
from lianfang.referrals.queries import PlaceLine, by_place
from lianfang.regions.queries import paths

LATE_LISTED = 30
GRID = 15
# The digits of the codes one level down.
BELOW = {"PROVINCE": 4, "CITY": 6, "COUNTY": 9, "TOWNSHIP": 12, "VILLAGE": 15, "GRID": 15, "MICRO_GRID": 18}


class PlaceTold(NamedTuple):
    """A place with its figures, named from the asked place downwards. `is_rest`: those of whom nothing smaller than the asked place is known."""

    line: PlaceLine
    code: str
    name: str
    is_rest: bool
    answering: Answering | None

    @property
    def is_silent(self) -> bool:
        """Somebody was handed over there, and nothing was answered of anybody."""
        return self.line.open > 0 and not self.line.accepted


class Sums(NamedTuple):
    """Of all places of the page."""

    late: int
    open: int


@permitted("VIEW_REFERRALS")
@never_cache
@answers("GET")
def referral_day(request: OfficerRequest) -> HttpResponse:
    at = now()
    division, clock = _division(request), level_of(request.reach)
    since, day = start_of(day_of(at)), day_of(at)
    with reach(request.reach) as seen:
        asked: dict[str, Any] = {"at": at, "since": since, "division": division, "level": clock}
        below = by_place(seen, **asked, digits=BELOW[level(division)])
        grids = by_place(seen, **asked, digits=GRID, only_late=True)
    lines = _lines([*below, *grids[:LATE_LISTED]], division, at)
    places = lines[: len(below)]
    shown = {
        "at": at, "day": day, "counts": Sums(sum(line.late for line in below), sum(line.open for line in below)), "division": division, "place": paths([division], day).get(division, ""),
        "places": places, "silent": [line for line in places if line.is_silent], "grids": lines[len(below) :],
        "late_grids": len(grids), "oldest": _oldest(below), "level": clock,
    }  # fmt: skip
    return render(request, "hq/referral_day.html", shown)


def _division(request: OfficerRequest) -> str:
    """The asked place, which lies within reach; else the desk's own."""
    given = request.GET.get("division", "")
    code = canonical(given) if is_code(given) else area(request.reach)
    if code is None or level(code) not in BELOW or not _is_readable(request.reach, code):
        raise NotFound("PLACE_UNKNOWN", "辖区内没有这个地方。", "There is no such place in your area.")
    return code


def _is_readable(officer: Reach, code: str) -> bool:
    return officer.covers(code) or any(
        lo <= int(prefix(code).ljust(18, "0")) <= hi for lo, hi in officer.glass
    )


def _lines(found: list[PlaceLine], division: str, at: datetime) -> list[PlaceTold]:
    codes = {line.code: canonical(line.code) for line in found}
    names = paths([*codes.values(), division], day_of(at))
    whole, answering = names.get(division, ""), answering_for(set(codes.values()), at=at)
    return [
        PlaceTold(line, codes[line.code], names.get(codes[line.code], codes[line.code]).removeprefix(whole),
                  codes[line.code] == division, answering.get(codes[line.code]))
        for line in found
    ]  # fmt: skip


def _oldest(below: list[PlaceLine]) -> datetime | None:
    return min((line.oldest_due_at for line in below if line.oldest_due_at), default=None)
