"""Today's passages, line by line, and one passage with all that became of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from lianfang.checkpoints.queries import checkpoints, passage_file, passages
from lianfang.doors.guard import permitted
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.telling import Telling
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import NotFound
from lianfang.situation.day import day_figures

DAYS_LINKED = 3


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list's address asks for; what cannot be read is not asked for."""

    day: date
    days: tuple[date, ...]
    checkpoint: str | None
    direction: str | None
    before: UUID | None

    @classmethod
    def of(cls, request: HttpRequest, at: datetime) -> "Filters":
        asked, today = request.GET, day_of(at)
        return cls(
            day=_day(asked.get("day", "")) or today,
            days=tuple(today - timedelta(days=back) for back in range(DAYS_LINKED)),
            checkpoint=asked.get("checkpoint") or None,
            direction=asked["direction"] if asked.get("direction") in ("IN", "OUT") else None,
            before=_uuid(asked.get("before", "")),
        )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@permitted("VIEW_PASSAGES")
@never_cache
@answers("GET")
def passage_list(request: OfficerRequest) -> HttpResponse:
    at = now()
    asked = Filters.of(request, at)
    with reach(request.reach) as seen:
        listed = listed_as(seen, asked, at=at)
    return render(request, "hq/passages.html", {"asked": asked, **listed})


def listed_as(seen: Reach, asked: Filters, *, at: datetime) -> dict[str, Any]:
    """A page of lines, the checkpoints to choose from, and the day's figures of those that are chosen."""
    posts = checkpoints(seen, at=at)
    page = passages(
        seen,
        day=asked.day,
        checkpoint=asked.checkpoint,
        direction=asked.direction,
        before=asked.before,
    )
    counted = [post.code for post in posts if asked.checkpoint in (None, post.code)]
    return {
        "page": page,
        "posts": posts,
        "borders": [post for post in posts if post.tier == "BORDER"],
        "locals": [post for post in posts if post.tier == "LOCAL"],
        "figures": day_figures(counted, day=asked.day),
    }


@permitted("VIEW_PASSAGES")
@never_cache
@answers("GET")
def passage(request: OfficerRequest, passage_id: UUID) -> HttpResponse:
    with reach(request.reach) as seen:
        file = passage_file(seen, passage_id)
    if file is None:
        raise no_such_passage()
    return render(request, "hq/passage.html", {"file": file, "telling": Telling.of(file)})


def no_such_passage() -> NotFound:
    """The same sentence whether there is none or it belongs to the next county."""
    return NotFound("PASSAGE_UNKNOWN", "辖区内没有这条通行记录。", "There is no such passage in your area.")
