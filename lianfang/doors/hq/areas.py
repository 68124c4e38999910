"""The affected areas in force: where, how much, until when, who came from there, and what changed in a week."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from lianfang.checkpoints.queries.city import city_code
from lianfang.doors.guard import permitted
from lianfang.doors.hq.area_map import AreaMap, altogether, city_counties, country
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.rule_time import lapsed_told
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import is_code
from lianfang.kernel.reach import Reach, reach
from lianfang.regions.queries import paths
from lianfang.screening.areas import COMING, AffectedArea, AreaChanges, areas_of, changed, overlaps
from lianfang.screening.drafts import standing
from lianfang.screening.form import AREA_LEVELS
from lianfang.screening.queries import areas_in_force, book
from lianfang.screening.services import begin
from lianfang.situation.arrivals import ArrivalsFrom, arrivals_from

DAYS_OF_ARRIVALS = 14
WEEK = timedelta(days=7)
SOON = 3  # days left from which a line is marked


class AreaLine(NamedTuple):
    """An area as a line. `place` counts in the list it is from; `within` is the area that holds it on some of its days."""

    place: int
    area: AffectedArea
    path: str
    state: str
    days_left: int | None
    people: int | None
    within: str

    @property
    def ends_soon(self) -> bool:
        return self.days_left is not None and self.days_left <= SOON


def lines_of(areas: Sequence[AffectedArea], *, on: date, arrivals: ArrivalsFrom | None) -> list[AreaLine]:
    """The most affected first, then by code and day. One question for all the names."""
    said = paths([area.code for area in areas if is_code(area.code)], on)
    held = overlaps(areas)
    lines = [
        AreaLine(
            place,
            area,
            said.get(area.code, ""),
            area.state(on),
            area.days_left(on),
            arrivals.within(area.code) if arrivals else None,
            said.get(areas[held[place]].code, areas[held[place]].code) if place in held else "",
        )
        for place, area in enumerate(areas)
    ]
    return sorted(
        lines, key=lambda line: (_rank(line.area.level), line.area.code, line.area.since or date.min)
    )


def arrivals_of(seen: Reach, at: datetime) -> ArrivalsFrom | None:
    """Of the last 14 days, for whoever may see the board."""
    if not seen.may("VIEW_BOARD"):
        return None
    last = day_of(at)
    return arrivals_from(seen, first=last - timedelta(days=DAYS_OF_ARRIVALS - 1), last=last)


def maps_of(seen: Reach, areas: Sequence[AffectedArea], arrivals: ArrivalsFrom | None) -> list[AreaMap]:
    people = arrivals.within if arrivals else _untold
    own = city_counties(city_code(seen) if seen.may("VIEW_BOARD") else None, areas, people)
    return [country(areas, people), *([own] if own else [])]


@permitted("VIEW_RULES")
@never_cache
@answers("GET")
def area_list(request: OfficerRequest) -> HttpResponse:
    at = now()
    on, decides, areas = day_of(at), book().at(at), areas_in_force(at)
    coming = [one for one in areas_of(decides.rule_set.content()) if one.state(on) == COMING]
    with reach(request.reach) as seen:
        arrivals = arrivals_of(seen, at)
        maps = maps_of(seen, areas, arrivals)
    shown = {
        "decides": decides,
        "time": lapsed_told(request.reach, at=at) if decides.lapsed else None,
        "lines": lines_of(areas, on=on, arrivals=arrivals),
        "coming": lines_of(coming, on=on, arrivals=arrivals),
        "changes": _week(changed(areas_in_force(at - WEEK), areas), on),
        "people": _people(areas, arrivals),
        "counts": arrivals is not None,
        "may_count": request.reach.may("VIEW_BOARD"),
        "maps": maps,
        "levels": AREA_LEVELS,
        "may_draft": request.reach.may("DRAFT_RULES"),
        "since": on - WEEK,
        "at": at,
    }
    return render(request, "hq/areas.html", shown)


@permitted("DRAFT_RULES")
@never_cache
@answers("POST")
def begin_areas(request: OfficerRequest) -> HttpResponse:
    """A draft from what is in force, at its areas: the commonest order adds one."""
    at = now()
    draft = begin(by=request.reach, at=at, from_=standing(request.reach, at=at).rule_set.hash)
    messages.success(request, gettext("草稿已建好。改好以后提交，由另一位值班员批准。"))
    return redirect("rule-areas", draft.id)


class Week(NamedTuple):
    """What changed, as lines."""

    added: list[AreaLine]
    ended: list[AreaLine]
    moved: list[tuple[str, AreaLine]]

    @property
    def is_quiet(self) -> bool:
        return not (self.added or self.ended or self.moved)


def _week(found: AreaChanges, on: date) -> Week:
    every = lines_of((*found.added, *found.ended, *(one for _, one in found.moved)), on=on, arrivals=None)
    by_area = {line.area: line for line in every}
    return Week(
        [by_area[area] for area in found.added],
        [by_area[area] for area in found.ended],
        [(before.level, by_area[area]) for before, area in found.moved],
    )


def _people(areas: Iterable[AffectedArea], arrivals: ArrivalsFrom | None) -> int | None:
    """Nobody from nowhere is 0; that nobody could count is nothing."""
    if arrivals is None:
        return None
    return altogether((area.code for area in areas), arrivals.within) or 0


def _untold(code: str) -> None:
    return None


def _rank(level: str) -> int:
    return AREA_LEVELS.index(level) if level in AREA_LEVELS else len(AREA_LEVELS)
