"""Today's duty: who is there by group and who comes next, whose places are empty, what waits to be taken over."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from lianfang.command.queries.duty import duty_now, my_slots
from lianfang.command.queries.duty_files import handover_page, handovers_waiting, swaps_waiting
from lianfang.doors.guard import permitted
from lianfang.doors.hq.duty_chosen import Chosen
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now


@permitted("VIEW_DUTY")
@never_cache
@answers("GET")
def today(request: OfficerRequest) -> HttpResponse:
    at = now()
    chosen = Chosen(request)
    shown: dict[str, Any] = {"chosen": chosen, "mine": my_slots(request.reach, at=at), "at": at}
    if chosen.one is not None:
        shown |= {
            "now": duty_now(request.reach, chosen.one, at=at),
            "waiting": handovers_waiting(request.reach, chosen.one),
            "swaps": swaps_waiting(request.reach, chosen.one, at=at),
        }
    return render(request, "hq/duty.html", shown)


@permitted("VIEW_DUTY")
@never_cache
@answers("GET")
def handovers(request: OfficerRequest) -> HttpResponse:
    """Those there were, the newest first."""
    chosen = Chosen(request)
    shown: dict[str, Any] = {"chosen": chosen}
    if chosen.one is not None:
        before = _id(request.GET.get("before", ""))
        shown["page"] = handover_page(request.reach, chosen.one, before=before)
    return render(request, "hq/duty_handovers.html", shown)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
