"""The doors of a village or grid as tiles, a page at a time, coloured by how they stand."""

from typing import NamedTuple
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from lianfang.doors import words
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.reading import list_read
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import level, parent
from lianfang.kernel.reach import reach
from lianfang.people.models import StayState
from lianfang.people.queries import Tile, household_counts, tile_counts, tiles
from lianfang.people.rules import FRESH_DAYS, HouseholdState
from lianfang.regions.queries import names, path


class TileShown(NamedTuple):
    """A door, and who is behind it in one line: made here, since a template is slow at three hundred names."""

    door: Tile
    who: str


def tile_page(request: OfficerRequest, division: str) -> HttpResponse:
    at, state = now(), request.GET.get("state")
    state = state if state in {*HouseholdState} else None
    with reach(request.reach) as seen:
        counted = tile_counts(seen, division, on=day_of(at))
        below = household_counts(seen, division, on=day_of(at)) if level(division) == "VILLAGE" else []
        page = tiles(seen, division, at=at, state=state, after=_door(request))
        people = sum(len(door.behind) for door in page.tiles)
        list_read(seen, "households", count=people, division=division, state=state)
    named = names([one.division for one in below if one.division != division], day_of(at))
    shown = {
        "doors": [TileShown(door, _who(door)) for door in page.tiles],
        "next": page.next,
        "counted": counted,
        "tabs": [
            (code, word, counted.by_state.get(code, 0)) for code, word in words.HOUSEHOLD_STATES.items()
        ],
        "below": [(one, named[one.division]) for one in below if one.division in named],
        "state": state,
        "division": division,
        "place": path(division, day_of(at)) or division,
        "up": parent(division),
        "fresh_days": FRESH_DAYS,
        "may_keep": request.reach.may("KEEP_PEOPLE"),
        "today": day_of(at),
    }
    return render(request, "hq/households.html", shown)


def _door(request: OfficerRequest) -> UUID | None:
    """After which door the page begins."""
    try:
        return UUID(request.GET.get("after", ""))
    except ValueError:
        return None


def _who(door: Tile) -> str:
    """王**、李** 外出"""
    named = []
    for one in door.behind:
        name = gettext("档案在外地") if one.name is None else one.name or "—"
        named.append(name if one.state == StayState.PRESENT else f"{name} {words.STAY_STATES[one.state]}")
    return gettext("、").join(named)
