"""Somebody under observation: where it stands on top, why and for whom is cared left, what was reported and done right."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from lianfang.doors import words
from lianfang.doors.guard import permitted
from lianfang.doors.hq.on_paper import pdf_at_hand
from lianfang.doors.hq.quarantine.chart import chart_of, missed_of
from lianfang.doors.hq.quarantine.forms import (
    ANSWERED,
    CARED,
    CareForm,
    FurtherReasonForm,
    OrderAnswerForm,
    SettleForm,
)
from lianfang.doors.hq.quarantine.shown import lines_of
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.telling import sentence_of
from lianfang.doors.hq.unmasking import SHOWN_FOR
from lianfang.doors.methods import answers
from lianfang.doors.reading import order_read
from lianfang.doors.watermarks import Watermark
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.masking import OPENED, UNMASKED, Sight
from lianfang.kernel.reach import Reach, reach
from lianfang.people.queries import tellers
from lianfang.quarantine.models import FollowUp, QuarantineOrder, QuarantineReason
from lianfang.quarantine.queries.orders import CareOfOrder, OrderTold, people_of
from lianfang.quarantine.queries.orders import order_page as asked_page
from lianfang.quarantine.services.printing import unmask_order
from lianfang.quarantine.services.writing import CareTold, WrittenBeside, opened
from lianfang.quarantine.states import Done, OrderState, leads_to
from lianfang.regions.queries import paths

SAME_TIME = timedelta(minutes=1)
Forms = dict[str, Form]


@dataclass(frozen=True, slots=True)
class OrderStep:
    """A line of what was done. `came_at`: when it reached the server, where that was much later."""

    kind: str
    at: datetime
    came_at: datetime | None
    who: str
    by_phone: bool
    details: dict[str, Any]
    note: str


@dataclass(frozen=True, slots=True)
class ReasonShown:
    one: QuarantineReason
    who: str
    sentence: str


@dataclass(frozen=True, slots=True)
class CareShown:
    """What is needed and who sees to it, as far as it is seen. `lacks`: nobody is named; `settles`: it may be settled."""

    one: CareOfOrder
    told: CareTold
    lacks: bool
    settles: SettleForm | None


@dataclass(frozen=True, slots=True)
class FollowUpShown:
    """A call, a visit, a way to the clinic, with what was written beside its answer."""

    one: FollowUp
    note: str


@permitted("VIEW_QUARANTINE")
@never_cache
@answers("GET")
def order_page(request: OfficerRequest, order_id: UUID) -> HttpResponse:
    return page(request, order_id)


@permitted("UNMASK")
@never_cache
@answers("GET", "POST")
def unmask(request: OfficerRequest, order_id: UUID) -> HttpResponse:
    """By POST only, so that nothing shows it again; what stands on a desk that is left is masked again."""
    if request.method != "POST":
        return redirect("order", order_id)
    purpose, at = request.POST.get("purpose", ""), now()
    with reach(request.reach) as seen:
        found = unmask_order(by=seen, order=order_id, purpose=purpose, at=at)
        told = asked_page(seen, order_id)
        shown = _shown(seen, told, at, UNMASKED) | _acts(seen, told, {}, at)
    why = str(words.PURPOSES_OF_READING[purpose])
    shown["mark"] = Watermark(request.reach.officer_name, at, why, found.reference)
    response = render(request, "hq/quarantine/order.html", shown)
    masked = reverse("order", args=[order_id])
    response.headers["Refresh"] = f"{int(SHOWN_FOR.total_seconds())}; url={masked}"
    return response


def page(
    request: OfficerRequest,
    order_id: UUID,
    *,
    forms: Forms | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """As it stands now; a form that could not be taken says why, and so does what others did meanwhile."""
    at = now()
    with reach(request.reach) as seen:
        told = asked_page(seen, order_id)
        shown = _shown(seen, told, at, OPENED) | _acts(seen, told, forms or {}, at)
        order_read(seen, told.order.id)
    return render(request, "hq/quarantine/order.html", shown | {"refused": refused}, status=status)


def _shown(seen: Reach, told: OrderTold, at: datetime, sight: Sight) -> dict[str, Any]:
    found = told.order
    (row,) = lines_of(seen, [found], people_of(seen, [found], at=at, sight=sight), at=at)
    names, missed = tellers(_hands(told)), missed_of(found, told.days, at)
    return {
        "row": row, "one": found, "at": at, "today": day_of(at), "days": told.days, "missed": missed,
        "asked": bool(found.observed_from) or any(day.morning.reports or day.evening.reports for day in told.days), "chart": chart_of(told.days),
        "steps": _steps(told, names, at, sight), "purposes": words.PURPOSES_OF_READING,
        "reasons": [ReasonShown(one, names.get(one.added_by or one.id, ""), _sentence(one)) for one in told.reasons],
        "care": [_care(one, sight, told.order, seen, at) for one in told.care], "follow_ups": [FollowUpShown(one, _beside(one, sight)) for one in told.follow_ups],
        "link": next((one for one in told.links if one.revoked_at is None and one.expires_at > at), None),
    }  # fmt: skip


def _hands(told: OrderTold) -> set[UUID | None]:
    events = [one.event for one in told.events]
    hands = {event.officer_id for event in events} | {event.roster_id for event in events}
    return hands | {one.added_by for one in told.reasons}


def _sentence(one: QuarantineReason) -> str:
    return sentence_of(one.rule_set, one.rule_row) if one.rule_set and one.rule_row else ""


def _steps(told: OrderTold, names: dict[UUID, str], at: datetime, sight: Sight) -> list[OrderStep]:
    events = [(one.event, one.written) for one in told.events]
    places = paths(
        {event.details.get(end) for event, _ in events for end in ("from", "to")} - {None}, day_of(at)
    )
    return [
        OrderStep(
            kind=event.kind,
            at=event.occurred_at,
            came_at=event.received_at if event.received_at - event.occurred_at > SAME_TIME else None,
            who=names.get(event.roster_id or event.officer_id or event.id, ""),
            by_phone=event.roster_id is not None,
            details={
                key: places.get(value, value) if key in ("from", "to") else value
                for key, value in event.details.items()
            },
            note=sight.text(written.note) if written else "",
        )
        for event, written in events
    ]


def _beside(one: FollowUp, sight: Sight) -> str:
    told = opened(WrittenBeside, id=one.id, at=one.sealed_at, wrapped=one.wrapped_key, blob=one.sealed)
    return sight.text(told.note) if told else ""


def _care(one: CareOfOrder, sight: Sight, found: QuarantineOrder, seen: Reach, at: datetime) -> CareShown:
    told = one.told or CareTold()
    shown = CareTold(sight.text(told.need), sight.name(told.carer), sight.phone(told.phone))
    open_ = one.need.settled_at is None
    able = open_ and one.need.has_carer and _may(seen, found, Done.CARE_SETTLED)
    form = SettleForm(at=at) if able else None
    return CareShown(one, shown, open_ and not one.need.has_carer, form)


def _may(by: Reach, found: QuarantineOrder, done: Done) -> bool:
    may = by.may("KEEP_QUARANTINE") and by.holds(found.jurisdiction)
    return may and leads_to(found.state, done) is not None


def _acts(by: Reach, told: OrderTold, forms: Forms, at: datetime) -> dict[str, Any]:
    """What this officer may do with it as it stands; nothing to whoever only reads."""
    found = told.order
    able = {done for done in Done if _may(by, found, done)}
    own = by.may("KEEP_QUARANTINE") and by.holds(found.jurisdiction)
    return {
        "answers": [kind for kind in ANSWERED if kind in able],
        "cares": [
            kind
            for kind in CARED
            if kind in able and not (kind == "IN_PLACE" and found.state == OrderState.IN_PLACE)
        ],
        "adds": Done.REASON_ADDED in able,
        "prints": Done.SLIP_PRINTED in able,
        "certifies": found.state == OrderState.RELEASED and own,
        "pdf_at_hand": pdf_at_hand(),
        "own": own,
        "form": forms.get("answer") or OrderAnswerForm(at=at),
        "care_form": forms.get("care") or CareForm(at=at),
        "reason": forms.get("reason") or FurtherReasonForm(at=at),
    }
