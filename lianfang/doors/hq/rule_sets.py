"""A rule set that is or was in force, to be read and printed; and the differences between two."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.rule_shown import differences_shown, set_shown
from lianfang.doors.hq.rule_words import said_in
from lianfang.doors.methods import answers
from lianfang.doors.sheets import as_download
from lianfang.kernel.clock import now
from lianfang.screening.drafts import LISTED, known, periods, standing
from lianfang.screening.sheets import write_sheet


@permitted("VIEW_RULES")
@never_cache
@answers("GET")
def rule_set_page(request: OfficerRequest, content_hash: str) -> HttpResponse:
    at, rule_set = now(), known(content_hash)
    lines = periods(request.reach, at=at, content_hash=content_hash, limit=LISTED + 1)
    told = {
        "shown": set_shown(rule_set.content(), at=at),
        "hash": content_hash,
        "lines": lines[:LISTED],
        "goes_on": len(lines) > LISTED,
        "listed": LISTED,
        "at": at,
        "stands": standing(request.reach, at=at),
    }
    return render(request, "hq/rule_set.html", told)


@permitted("VIEW_RULES")
@never_cache
@answers("GET")
def rule_set_sheet(request: OfficerRequest, content_hash: str) -> HttpResponse:
    content = known(content_hash).content()
    return as_download(f"{said_in(content['title'])} {content_hash}", write_sheet(content))


@permitted("VIEW_RULES")
@never_cache
@answers("GET")
def compare(request: OfficerRequest, content_hash: str, other_hash: str) -> HttpResponse:
    """What the first rule set says otherwise than the second."""
    at, new, old = now(), known(content_hash), known(other_hash)
    told = {
        "different": differences_shown(old.content(), new.content(), at=at),
        "hash": content_hash,
        "other": other_hash,
        "title": said_in(new.content()["title"]),
        "other_title": said_in(old.content()["title"]),
    }
    return render(request, "hq/rule_compare.html", told)
