"""The call list (电话名单) of reminders: whom no SMS reached and who has not reported; masked here, with numbers on its sheet."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.narrowing import division_asked, listed_at, narrowing, place_named
from lianfang.doors.hq.quarantine.shown import OrderLine, rows_of, sheets
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.reading import list_read
from lianfang.doors.watermarks import exported
from lianfang.journeys.observing.calling import MOST_LISTED, Key, ToCall, to_call, to_call_counted
from lianfang.kernel.clock import now
from lianfang.kernel.masking import MASKED, UNMASKED, Sight
from lianfang.kernel.reach import Reach, reach
from lianfang.quarantine.queries.thresholds import thresholds_at
from lianfang.quarantine.rules import half_day

_KEY = re.compile(r"([0-9]{1,18})_([0-9a-f-]{36})_([0-9a-f-]{36})")


@permitted("VIEW_QUARANTINE")
@never_cache
@answers("GET")
def reminder_calls(request: OfficerRequest) -> HttpResponse:
    at, division = now(), division_asked(request.GET)
    with reach(request.reach) as seen:
        people = to_call_counted(seen, at, division=division)
        found = to_call(seen, at, division=division, after=_after(request.GET), most=MOST_LISTED + 1)
        rows = _lines(seen, found[:MOST_LISTED], at)
        list_read(seen, "reminder-calls", count=len(rows))
    shown = _of_now(at) | narrowing(request.reach, division, at) | {
        "rows": rows, "people": people, "after": _written(_after(request.GET)),
        "next": _written(found[MOST_LISTED - 1].key) if found[MOST_LISTED:] else None, "may_keep": request.reach.may("KEEP_QUARANTINE"),
    }  # fmt: skip
    return render(request, "hq/quarantine/reminder_calls.html", shown)


@permitted("KEEP_QUARANTINE")
@never_cache
@answers("GET", "POST")
def reminder_call_sheet(request: OfficerRequest) -> HttpResponse:
    """The list to telephone by, with numbers, from where the page begins: by POST, and noted."""
    if request.method != "POST":
        return redirect("reminder-calls")
    at, division = now(), division_asked(request.POST)
    with reach(request.reach) as seen:
        rows = _lines(seen, to_call(seen, at, division=division, after=_after(request.POST)), at, UNMASKED)
    mark = exported(
        request.reach, what="QUARANTINE_ORDER", count=len(rows), purpose=gettext("电话提醒打卡"), at=at, sheet="REMINDERS",
        **({"division": division} if division else {}),
    )  # fmt: skip
    shown = _of_now(at) | {
        "pages": sheets(rows), "mark": mark, "place": place_named(division, at),
        "back": listed_at("reminder-calls", division, _written(_after(request.POST))),
    }  # fmt: skip
    return render(request, "hq/quarantine/reminder_call_sheet.html", shown)


def _after(given: Mapping[str, str]) -> Key | None:
    """Where a list goes on, `?after=`: what cannot be read is not asked for."""
    found = _KEY.fullmatch(given.get("after", ""))
    try:
        return (int(found[1]), str(UUID(found[2])), UUID(found[3])) if found else None
    except ValueError:
        return None


def _written(key: Key | None) -> str:
    return "_".join(str(part) for part in key) if key else ""


def _of_now(at: datetime) -> dict[str, Any]:
    this = half_day(at)
    return {"at": at, "half": str(this.half), "deadline": thresholds_at(at).deadline(this)}


def _lines(
    seen: Reach, found: list[ToCall], at: datetime, sight: Sight = MASKED
) -> list[tuple[ToCall, OrderLine]]:
    """As many questions for five hundred as for one."""
    lines = rows_of(seen, [one.order for one in found], at=at, sight=sight)
    return list(zip(found, lines, strict=True))
