"""Notices of a place (通告) at the desk: by state, with what is told from above; approved by another officer, withdrawn by one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from lianfang.doors import words
from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.referral_shown import area, places_of
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import as_integer
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.notices.models import PlaceNotice
from lianfang.notices.queries import (
    NoticeInForce,
    count_place_notices,
    in_force,
    place_notices,
    waiting_for_another,
)
from lianfang.notices.rules import LONGEST_REASON, NoticeState
from lianfang.notices.services import approve, withdraw

ASKED = (
    NoticeState.WAITING,
    NoticeState.TO_COME,
    NoticeState.IN_FORCE,
)  # states in which it can be withdrawn


@dataclass(frozen=True, slots=True)
class PlaceNoticeLine:
    """A notice with the name of its place. `mine`: this officer wrote it, so another one approves."""

    one: PlaceNotice | NoticeInForce
    place: str
    mine: bool

    @property
    def first_day(self) -> date:
        return day_of(self.one.valid_from)

    @property
    def last_day(self) -> date:
        return day_of(self.one.valid_until - timedelta(seconds=1))


@permitted("KEEP_NOTICES")
@never_cache
@answers("GET")
def place_notice_list(request: OfficerRequest) -> HttpResponse:
    """`?state=`, and `?before=` the last id of the page before."""
    return _listed(request, _asked_state(request.GET.get("state", "")))


@permitted("KEEP_NOTICES")
@never_cache
@answers("POST")
def approve_notice(request: OfficerRequest, place_notice_id: UUID) -> HttpResponse:
    def doing() -> None:
        approve(by=request.reach, at=now(), id=place_notice_id)

    return _done(request, doing, gettext("已批准，到时间就显示给大家看。"))


@permitted("KEEP_NOTICES")
@never_cache
@answers("POST")
def withdraw_notice(request: OfficerRequest, place_notice_id: UUID) -> HttpResponse:
    def doing() -> None:
        withdraw(by=request.reach, at=now(), id=place_notice_id, reason=request.POST.get("reason", ""))

    return _done(request, doing, gettext("已撤回，不再显示。"))


def notices_waiting(seen: Reach, *, at: datetime) -> list[PlaceNoticeLine]:
    """What waits for this officer to be the second one; inside `reach()`."""
    return _lines(seen, waiting_for_another(seen, at=at), at)


def _done(request: OfficerRequest, doing: Callable[[], None], told: str) -> HttpResponse:
    try:
        doing()
    except NotFound:
        raise
    except Refusal as refusal:
        state = _asked_state(request.POST.get("state", ""))
        return _listed(request, state, refused=said(refusal), status=refusal.status)
    messages.success(request, told)
    return redirect("place-notices")


def _listed(
    request: OfficerRequest, state: NoticeState, *, refused: str = "", status: int = 200
) -> HttpResponse:
    at = now()
    with reach(request.reach) as seen:
        found = place_notices(seen, at=at, state=state, before=_id(request.GET.get("before", "")))
        counts = count_place_notices(seen, at=at)
    shown = {
        "at": at, "state": state, "lines": _lines(request.reach, found.notices, at), "next": found.before, "refused": refused,
        "tabs": [(code, name, counts[NoticeState(code)]) for code, name in words.PLACE_NOTICE_STATES.items()],
        "may_withdraw": state in ASKED, "longest_reason": LONGEST_REASON,
        "above": _from_above(request.reach, at) if state == NoticeState.IN_FORCE else [],
    }  # fmt: skip
    return render(request, "hq/place_notices.html", shown, status=status)


def _from_above(officer: Reach, at: datetime) -> list[PlaceNoticeLine]:
    """What those above tell everybody here: read, and not this desk's to withdraw."""
    own = area(officer)
    if own is None:
        return []
    told = in_force(as_integer(own), at)
    return _lines(officer, [one for one in told if not officer.covers(one.division)], at)


def _lines(
    officer: Reach, notices: Iterable[PlaceNotice | NoticeInForce], at: datetime
) -> list[PlaceNoticeLine]:
    """As many questions for twenty as for one."""
    listed = list(notices)
    names = places_of((one.division for one in listed), at)
    return [
        PlaceNoticeLine(
            one,
            names.get(one.division, one.division),
            isinstance(one, PlaceNotice) and one.author_id == officer.officer_id,
        )
        for one in listed
    ]


def _asked_state(text: str) -> NoticeState:
    return NoticeState(text) if text in words.PLACE_NOTICE_STATES else NoticeState.IN_FORCE


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
