"""Facts that wait for a room that does not stand yet (发热门诊, 督查): one list, accepted and closed by hand."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from lianfang.doors import words
from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.referral_shown import rows_of
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.reading import list_read
from lianfang.kernel.clock import now
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.referrals.queries import count_waiting, referrals_by_id, waiting
from lianfang.referrals.services import accept_waiting, close_waiting
from lianfang.referrals.who import officer_names


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
        referred = referrals_by_id(seen, [fact.referral_id for fact in facts])
        rows = {row.one.id: row for row in rows_of(seen, [*referred.values()], at=at)}
        list_read(seen, "waiting", count=len(facts))
        total = count_waiting(seen)
    officers = officer_names(fact.accepted_by for fact in facts)
    shown = {
        "at": at, "room": room, "rooms": words.WAITING_ROOMS, "outcomes": words.WAITING_OUTCOMES, "refused": refused,
        "lines": [(fact, rows.get(fact.referral_id), officers.get(fact.accepted_by, "") if fact.accepted_by else "") for fact in facts],
        "total": total, "may": request.reach.may("ANSWER_REFERRALS"),
    }  # fmt: skip
    return render(request, "hq/waiting.html", shown, status=status)
