"""Today's passages, line by line, and one passage with all that became of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from lianfang.checkpoints.queries import checkpoints, passage_file, passages_wanted
from lianfang.doors.guard import permitted
from lianfang.doors.hq.filters import Filters
from lianfang.doors.hq.heads import headlines
from lianfang.doors.hq.later import passage_shown
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.reading import file_read, list_read
from lianfang.kernel.clock import now
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import NotFound
from lianfang.referrals.queries import of_registrations


@permitted("VIEW_PASSAGES")
@never_cache
@answers("GET")
def passage_list(request: OfficerRequest) -> HttpResponse:
    at = now()
    asked = Filters.of(request, at)
    with reach(request.reach) as seen:
        listed = listed_as(seen, asked, at=at)
        here = {post.code for post in listed["posts"]}
        list_read(seen, "passages", count=len(listed["page"].lines), **asked.noted(here))
    return render(request, "hq/passages.html", {"asked": asked, **listed})


def listed_as(seen: Reach, asked: Filters, *, at: datetime) -> dict[str, Any]:
    """A page of lines, the checkpoints to choose from, and the figures of what is asked for."""
    posts = checkpoints(seen, at=at)
    page = passages_wanted(seen, asked.wanted, at=at, before=asked.before)
    chosen = [post.code for post in posts if asked.wanted.checkpoint in (None, post.code)]
    return {
        "page": page,
        "posts": posts,
        "borders": [post for post in posts if post.tier == "BORDER"],
        "locals": [post for post in posts if post.tier == "LOCAL"],
        "headlines": headlines(seen, asked.wanted, chosen),
        "chips": asked.chips(),
    }


@permitted("VIEW_PASSAGES")
@never_cache
@answers("GET")
def passage(request: OfficerRequest, passage_id: UUID) -> HttpResponse:
    with reach(request.reach) as seen:
        file = passage_file(seen, passage_id)
        if file is None:
            raise no_such_passage()
        handed = of_registrations(seen, [person.id for person in file.people])
        file_read(seen, file.id, people=len(file.people))
        shown = passage_shown(seen, file) | {"handed": handed}
    return render(request, "hq/passage.html", shown)


def no_such_passage() -> NotFound:
    """The same sentence whether there is none or it belongs to the next county."""
    return NotFound("PASSAGE_UNKNOWN", "辖区内没有这条通行记录。", "There is no such passage in your area.")
