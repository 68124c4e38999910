"""Everybody whose last day is over: one button, and who was left out and why. Beside it who objects and waits."""

from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.devices import area_of
from lianfang.doors.hq.referral_shown import places_of
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.reading import list_read
from lianfang.kernel.clock import now
from lianfang.kernel.divisions import is_code, span
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Refusal
from lianfang.people.queries.shown import PersonInView
from lianfang.quarantine.queries.correcting import CorrectionWaiting, open_corrections
from lianfang.quarantine.queries.named import named
from lianfang.quarantine.queries.releasing import DueForRelease, count_due_for_release, due_for_release
from lianfang.quarantine.services import release_all


class DueLine(NamedTuple):
    due: DueForRelease
    person: PersonInView | None
    place: str


class ObjectionLine(NamedTuple):
    one: CorrectionWaiting
    person: PersonInView | None


@permitted("KEEP_QUARANTINE")
@never_cache
@answers("GET", "POST")
def release_due(request: OfficerRequest) -> HttpResponse:
    """The list, with who goes and who is looked at first; after the button, how many went."""
    at, shown = now(), dict[str, Any]()
    if request.method == "POST":
        done = release_all(by=request.reach, at=at, division=_division(request))
        shown = {"done": True, "released": len(done.released)}
    with reach(request.reach) as seen:
        lines = _lines(seen, at)
        shown["total"] = count_due_for_release(seen, at=at)
        list_read(seen, "release-due", count=len(lines))
    shown |= {
        "lines": lines, "at": at, "goes": sum(line.due.hindrance is None for line in lines),
        "own": area_of(request.reach) or "",
    }  # fmt: skip
    return render(request, "hq/quarantine/release.html", shown)


@permitted("VIEW_QUARANTINE")
@never_cache
@answers("GET")
def corrections(request: OfficerRequest) -> HttpResponse:
    """Who objects to his order and is to be answered within a day."""
    at = now()
    with reach(request.reach) as seen:
        waiting = open_corrections(seen, at=at)
        people = named(seen, [one.person for one in waiting], at=at)
        list_read(seen, "corrections", count=len(waiting))
    lines = [ObjectionLine(one, people.get(one.person)) for one in waiting]
    late = sum(one.due_at < at for one in waiting)
    return render(request, "hq/quarantine/corrections.html", {"lines": lines, "at": at, "late": late})


def _lines(seen: Reach, at: datetime) -> list[DueLine]:
    due = due_for_release(seen, at=at)
    people = named(seen, [one.person for one in due], at=at)
    places = places_of((one.division for one in due), at)
    return [DueLine(one, people.get(one.person), places.get(one.division, one.division)) for one in due]


def _division(request: OfficerRequest) -> str:
    """Where: what the page named; a desk posted over several places releases each by itself."""
    code = request.POST.get("division", "")
    if not is_code(code) or not any(lo <= span(code)[0] <= hi for lo, hi in request.reach.spans):
        raise Refusal("DIVISION_UNKNOWN", "请选择要解除的地区。", "Choose where people are released.")
    return code
