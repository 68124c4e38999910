"""Facts that wait for a room that does not stand yet (发热门诊, 督查): one list, accepted and closed by hand."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from lianfang.doors import words
from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.referral_shown import ReferralLine, places_of, rows_of
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.reading import list_read
from lianfang.kernel.clock import now
from lianfang.kernel.divisions import from_integer
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.referrals.models import WaitingFact
from lianfang.referrals.queries import count_waiting, referrals_by_id, waiting
from lianfang.referrals.services import accept_waiting, close_waiting
from lianfang.referrals.services.waiting import OUTCOMES
from lianfang.referrals.supervised import PlaceSupervised, supervised
from lianfang.referrals.who import officer_names


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A fact as a line: about a person (`row`), or about a place (`unit`, `place` its name) and nobody by name."""

    fact: WaitingFact
    row: ReferralLine | None
    unit: PlaceSupervised | None
    place: str
    who: str
    may: bool

    @property
    def outcomes(self) -> list[tuple[str, object]]:
        return [(code, words.WAITING_OUTCOMES[code]) for code in OUTCOMES[WaitingFact.Room(self.fact.room)]]


@permitted("VIEW_REFERRALS")
@never_cache
@answers("GET")
def waiting_list(request: OfficerRequest) -> HttpResponse:
    return _listed(request)


@permitted("ANSWER_REFERRALS")
@never_cache
@answers("POST")
def accept(request: OfficerRequest, waiting_id: UUID) -> HttpResponse:
    try:
        with reach(request.reach) as by:
            accept_waiting(by=by, at=now(), id=waiting_id)
    except NotFound:
        raise
    except Refusal as refusal:
        return _listed(request, refused=said(refusal), status=refusal.status)
    messages.success(request, gettext("已接手。"))
    return redirect("waiting")


@permitted("ANSWER_REFERRALS")
@never_cache
@answers("POST")
def close(request: OfficerRequest, waiting_id: UUID) -> HttpResponse:
    try:
        with reach(request.reach) as by:
            close_waiting(by=by, at=now(), id=waiting_id, outcome=request.POST.get("outcome", ""))
    except NotFound:
        raise
    except Refusal as refusal:
        return _listed(request, refused=said(refusal), status=refusal.status)
    messages.success(request, gettext("已办结。"))
    return redirect("waiting")


def _listed(request: OfficerRequest, *, refused: str = "", status: int = 200) -> HttpResponse:
    asked = request.GET.get("room", "")
    room, at = asked if asked in words.WAITING_ROOMS else None, now()
    with reach(request.reach) as seen:
        facts = waiting(seen, room=room)
        lines = _lines(seen, facts, at)
        list_read(seen, "waiting", count=len(facts))
        total = count_waiting(seen)
    shown = {
        "at": at, "room": room, "rooms": words.WAITING_ROOMS, "refused": refused, "lines": lines, "total": total,
    }  # fmt: skip
    return render(request, "hq/waiting.html", shown, status=status)


def _lines(seen: Reach, facts: list[WaitingFact], at: datetime) -> list[WaitingLine]:
    """As many questions for two hundred as for one."""
    units = supervised(seen, facts, at=at)
    people = [fact.referral_id for fact in facts if fact.id not in units]
    rows = {row.one.id: row for row in rows_of(seen, [*referrals_by_id(seen, people).values()], at=at)}
    places = places_of((unit.code for unit in units.values()), at)
    officers = officer_names(fact.accepted_by for fact in facts)
    may = seen.may("ANSWER_REFERRALS")
    return [_line(fact, units.get(fact.id), rows, places, officers, may) for fact in facts]


def _line(
    fact: WaitingFact,
    unit: PlaceSupervised | None,
    rows: dict[UUID, ReferralLine],
    places: dict[str, str],
    officers: dict[UUID, str],
    may: bool,
) -> WaitingLine:
    row = None if unit else rows.get(fact.referral_id)
    code = unit.code if unit else from_integer(fact.jurisdiction)
    return WaitingLine(
        fact=fact,
        row=row,
        unit=unit,
        place=row.place if row else places.get(code, code),
        who=officers.get(fact.accepted_by, "") if fact.accepted_by else "",
        may=may and (unit is None or unit.may_close),
    )
