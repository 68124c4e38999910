"""Whom somebody must telephone, visit, or bring to a fever clinic; what came of it; and the units that did not go."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.narrowing import division_asked, listed_at, narrowing, place_named
from lianfang.doors.hq.quarantine.list_forms import OutcomeForm
from lianfang.doors.hq.quarantine.shown import OrderLine, rows_of, sheets
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.quarantine_words import FOLLOW_UP_OUTCOMES
from lianfang.doors.reading import list_read
from lianfang.doors.watermarks import exported
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import canonical, from_integer
from lianfang.kernel.masking import MASKED, UNMASKED, Sight
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.quarantine.following import OUTCOMES, FollowUpKind
from lianfang.quarantine.models import FollowUp
from lianfang.quarantine.queries.follow_ups import (
    MOST_LISTED,
    FollowUpAsked,
    Key,
    asked_for,
    follow_up,
    follow_ups_counted,
    not_found,
    units_owing,
)
from lianfang.quarantine.services import close_follow_up
from lianfang.regions.queries import paths

PAGES = {FollowUpKind.CALL: "calls", FollowUpKind.VISIT: "visits", FollowUpKind.CLINIC: "symptomatic"}
NOT_FOUND_LATELY = timedelta(days=2)
EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_KEY = re.compile(r"([0-9]{1,17})_([0-9a-f-]{36})")


@permitted("VIEW_QUARANTINE")
@never_cache
@answers("GET")
def calls(request: OfficerRequest) -> HttpResponse:
    return _listed(request, FollowUpKind.CALL)


@permitted("VIEW_QUARANTINE")
@never_cache
@answers("GET")
def visits(request: OfficerRequest) -> HttpResponse:
    return _listed(request, FollowUpKind.VISIT)


@permitted("VIEW_QUARANTINE")
@never_cache
@answers("GET")
def symptomatic(request: OfficerRequest) -> HttpResponse:
    return _listed(request, FollowUpKind.CLINIC)


@permitted("KEEP_QUARANTINE")
@never_cache
@answers("POST")
def close(request: OfficerRequest, follow_up_id: UUID) -> HttpResponse:
    """What came of it; back to the list it stood on."""
    with reach(request.reach) as seen:
        found = follow_up(seen, follow_up_id)
    if found is None:
        raise NotFound(
            "FOLLOW_UP_UNKNOWN", "辖区内没有这件跟进。", "There is no such follow-up in your area."
        )
    kind, form = FollowUpKind(found.one.kind), OutcomeForm(request.POST)
    if not form.is_valid():
        return _listed(request, kind, refused=form.refused, status=400)
    try:
        done = close_follow_up(
            by=request.reach, at=now(), id=follow_up_id, order=found.order.id, kind=kind,
            outcome=form.cleaned_data["outcome"], written=form.written,
        )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        return _listed(request, kind, refused=said(refusal), status=refusal.status)
    messages.success(request, gettext("已记下：%(what)s。") % {"what": FOLLOW_UP_OUTCOMES[done.outcome]})
    return redirect(_listed_at(kind, request.GET))


@permitted("KEEP_QUARANTINE")
@never_cache
@answers("GET", "POST")
def call_sheet(request: OfficerRequest) -> HttpResponse:
    """The list to telephone by, with numbers, from where the page begins: by POST, and noted."""
    if request.method != "POST":
        return redirect("calls")
    at, division = now(), division_asked(request.POST)
    with reach(request.reach) as seen:
        listed = asked_for(seen, FollowUpKind.CALL, division=division, after=_after(request.POST))
        rows = _lines(seen, listed.asked, at, UNMASKED)
    mark = exported(
        request.reach, what="QUARANTINE_ORDER", count=len(rows), purpose=gettext("电话问询"), at=at, sheet="CALLS",
        **({"division": division} if division else {}),
    )  # fmt: skip
    shown = {
        "pages": sheets(rows), "at": at, "mark": mark, "outcomes": _outcomes(FollowUpKind.CALL),
        "place": place_named(division, at), "back": _listed_at(FollowUpKind.CALL, request.POST),
    }  # fmt: skip
    return render(request, "hq/quarantine/call_sheet.html", shown)


@permitted("VIEW_QUARANTINE")
@never_cache
@answers("GET")
def supervision(request: OfficerRequest) -> HttpResponse:
    """Units whose visits are owing. It is about the unit: no resident is named."""
    at, division = now(), division_asked(request.GET)
    with reach(request.reach) as seen:
        owing = units_owing(seen, division=division)
        open_now = follow_ups_counted(seen, at=at, division=division)
    codes = {one.jurisdiction: canonical(from_integer(one.jurisdiction)) for one in owing}
    names = paths(codes.values(), day_of(at))
    units = [(one, names.get(codes[one.jurisdiction], codes[one.jurisdiction])) for one in owing]
    shown = narrowing(request.reach, division, at) | {
        "at": at, "units": units, "visits": sum(one.visits for one in owing), "open": open_now,
    }  # fmt: skip
    return render(request, "hq/quarantine/supervision.html", shown)


def _listed(
    request: OfficerRequest, kind: FollowUpKind, *, refused: str = "", status: int = 200
) -> HttpResponse:
    at, division = now(), division_asked(request.GET)
    with reach(request.reach) as seen:
        listed = asked_for(seen, kind, division=division, after=_after(request.GET))
        rows = _lines(seen, listed.asked, at)
        is_visit = kind is FollowUpKind.VISIT
        gone = not_found(seen, since=at - NOT_FOUND_LATELY, division=division) if is_visit else []
        missed = _lines(seen, gone, at)
        open_now = follow_ups_counted(seen, at=at, division=division)
        list_read(seen, PAGES[kind], count=len(rows) + len(missed))
    shown = narrowing(request.reach, division, at) | {
        "at": at, "kind": kind, "rows": rows, "missed": missed, "open": open_now, "refused": refused,
        "outcomes": _outcomes(kind), "most": MOST_LISTED, "listed_at": reverse(PAGES[kind]),
        "after": _written(_after(request.GET)), "next": _written(listed.next),
        "may_keep": request.reach.may("KEEP_QUARANTINE"),
    }  # fmt: skip
    return render(request, f"hq/quarantine/{PAGES[kind]}.html", shown, status=status)


def _after(given: Mapping[str, str]) -> Key | None:
    """Where a list goes on, `?after=`: microseconds and an id; what cannot be read is not asked for."""
    found = _KEY.fullmatch(given.get("after", ""))
    try:
        return (EPOCH + int(found[1]) * MICROSECOND, UUID(found[2])) if found else None
    except (ValueError, OverflowError):
        return None


def _written(key: Key | None) -> str:
    return f"{(key[0] - EPOCH) // MICROSECOND}_{key[1]}" if key else ""


def _listed_at(kind: FollowUpKind, given: Mapping[str, str]) -> str:
    return listed_at(PAGES[kind], division_asked(given), _written(_after(given)))


def _lines(
    seen: Reach, found: list[FollowUpAsked], at: datetime, sight: Sight = MASKED
) -> list[tuple[FollowUp, OrderLine]]:
    """As many questions for two hundred as for one."""
    orders = {asked.order.id: asked.order for asked in found}
    lines = {line.one.id: line for line in rows_of(seen, [*orders.values()], at=at, sight=sight)}
    return [(asked.one, lines[asked.order.id]) for asked in found]


def _outcomes(kind: FollowUpKind) -> list[tuple[str, object]]:
    return [(code, FOLLOW_UP_OUTCOMES[code]) for code in OUTCOMES[kind]]
