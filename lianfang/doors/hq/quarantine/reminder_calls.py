"""The call list (电话名单) of reminders: whom no SMS reached and who has not reported; masked here, with numbers on its sheet."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.quarantine.follow_ups import ROWS_A_PAGE
from lianfang.doors.hq.quarantine.shown import OrderLine, rows_of
from lianfang.doors.hq.referral_shown import area
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.reading import list_read
from lianfang.doors.watermarks import exported
from lianfang.journeys.observing.calling import MOST_LISTED, ToCall, to_call, to_call_counted
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import canonical, is_code
from lianfang.kernel.masking import MASKED, UNMASKED, Sight
from lianfang.kernel.reach import Reach, reach
from lianfang.quarantine.queries.thresholds import thresholds_at
from lianfang.quarantine.rules import half_day
from lianfang.regions.queries import children, paths


@permitted("VIEW_QUARANTINE")
@never_cache
@answers("GET")
def reminder_calls(request: OfficerRequest) -> HttpResponse:
    at, division = now(), _division(request.GET)
    with reach(request.reach) as seen:
        people = to_call_counted(seen, at, division=division)
        rows = _lines(seen, to_call(seen, at, division=division), at)
        list_read(seen, "reminder-calls", count=len(rows))
    chosen, day = division or area(request.reach), day_of(at)
    shown = _of_now(at) | {
        "rows": rows, "people": people, "division": division, "most": MOST_LISTED, "place": _place(division, at),
        "below": children(chosen, day) if chosen else [], "may_keep": request.reach.may("KEEP_QUARANTINE"),
    }  # fmt: skip
    return render(request, "hq/quarantine/reminder_calls.html", shown)


@permitted("KEEP_QUARANTINE")
@never_cache
@answers("GET", "POST")
def reminder_call_sheet(request: OfficerRequest) -> HttpResponse:
    """The list to telephone by, with numbers: by POST, and noted."""
    if request.method != "POST":
        return redirect("reminder-calls")
    at, division = now(), _division(request.POST)
    with reach(request.reach) as seen:
        rows = _lines(seen, to_call(seen, at, division=division), at, UNMASKED)
    mark = exported(
        request.reach, what="QUARANTINE_ORDER", count=len(rows), purpose=gettext("电话提醒打卡"), at=at, sheet="REMINDERS",
        **({"division": division} if division else {}),
    )  # fmt: skip
    pages = [rows[start : start + ROWS_A_PAGE] for start in range(0, len(rows), ROWS_A_PAGE)]
    shown = _of_now(at) | {"pages": pages, "mark": mark, "place": _place(division, at)}
    return render(request, "hq/quarantine/reminder_call_sheet.html", shown)


def _division(given: QueryDict) -> str | None:
    """What cannot be read is not asked for."""
    place = given.get("division", "")
    return canonical(place) if is_code(place) else None


def _place(division: str | None, at: datetime) -> str:
    return paths([division], day_of(at)).get(division, division) if division else ""


def _of_now(at: datetime) -> dict[str, Any]:
    this = half_day(at)
    return {"at": at, "half": str(this.half), "deadline": thresholds_at(at).deadline(this)}


def _lines(
    seen: Reach, found: list[ToCall], at: datetime, sight: Sight = MASKED
) -> list[tuple[ToCall, OrderLine]]:
    """As many questions for five hundred as for one."""
    lines = rows_of(seen, [one.order for one in found], at=at, sight=sight)
    return list(zip(found, lines, strict=True))
