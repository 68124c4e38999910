"""How an order ends, lasts and moves, and what is answered to who objects: every act a form, on a page of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from lianfang.doors import words
from lianfang.doors.guard import permitted
from lianfang.doors.hq.devices import area_of
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.quarantine.ends_forms import (
    AdmittedForm,
    CorrectionForm,
    ExtendForm,
    HandOverForm,
    TakeBackForm,
    TransferForm,
    WhyForm,
)
from lianfang.doors.hq.referral_forms import ActForm
from lianfang.doors.hq.referral_shown import places_of
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.reading import order_read
from lianfang.kernel.clock import now
from lianfang.kernel.masking import OPENED
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.people.queries.shown import PersonInView
from lianfang.quarantine import services
from lianfang.quarantine.models import QuarantineOrder, QuarantineReason
from lianfang.quarantine.queries.correcting import Objection, objections
from lianfang.quarantine.queries.ending import known
from lianfang.quarantine.queries.facilities import FacilityBeds, facilities_of_city
from lianfang.quarantine.queries.named import named
from lianfang.quarantine.rules import day_number, may_release
from lianfang.quarantine.services import OrderActed, WrittenBeside
from lianfang.quarantine.services.ending import hindrance
from lianfang.quarantine.states import Done, leads_to

Doing = Callable[[Reach, datetime, QuarantineOrder, Any], OrderActed]


class EndAct(NamedTuple):
    """What may be done on the page: its form, what is done with it, and the kind of event by which it may be now."""

    form: type[ActForm]
    doing: Doing
    done: Done


def _why(act: Callable[..., OrderActed]) -> Doing:
    return lambda by, at, one, form: act(
        by=by, at=at, id=form.cleaned_data["id"], order=one.id, written=form.written
    )


def _release(by: Reach, at: datetime, one: QuarantineOrder, form: ActForm) -> OrderActed:
    return services.release(by=by, at=at, id=form.cleaned_data["id"], order=one.id)


def _extend(by: Reach, at: datetime, one: QuarantineOrder, form: ExtendForm) -> OrderActed:
    given = form.cleaned_data
    return services.extend(
        by=by, at=at, id=given["id"], order=one.id, until=given["until"], written=form.written
    )


def _transfer(by: Reach, at: datetime, one: QuarantineOrder, form: TransferForm) -> OrderActed:
    return services.transfer(
        by=by, at=at, id=form.cleaned_data["id"], order=one.id, to=form.to, written=form.written
    )


def _hand_over(by: Reach, at: datetime, one: QuarantineOrder, form: HandOverForm) -> OrderActed:
    given = form.cleaned_data
    return services.hand_over(
        by=by, at=at, id=given["id"], order=one.id, city=given["division"], written=form.written
    )


def _admitted(by: Reach, at: datetime, one: QuarantineOrder, form: AdmittedForm) -> OrderActed:
    given = form.cleaned_data
    written = WrittenBeside(given["note"].strip())
    return services.move_to_isolation(
        by=by, at=at, id=given["id"], order=one.id, where=given["where"], written=written
    )


def _take_back(by: Reach, at: datetime, one: QuarantineOrder, form: TakeBackForm) -> OrderActed:
    given = form.cleaned_data
    return services.take_back_reason(
        by=by, at=at, id=given["id"], reason=UUID(given["reason"]), written=form.written
    )


def _answer(by: Reach, at: datetime, one: QuarantineOrder, form: CorrectionForm) -> OrderActed:
    given = form.cleaned_data
    return services.answer_correction(
        by=by, at=at, id=given["id"], order=one.id, verdict=given["verdict"], written=form.written
    )


ACTS: dict[str, EndAct] = {
    "release": EndAct(ActForm, _release, Done.RELEASED),
    "answer": EndAct(CorrectionForm, _answer, Done.CORRECTION_ANSWERED),
    "extend": EndAct(ExtendForm, _extend, Done.EXTENDED),
    "transfer": EndAct(TransferForm, _transfer, Done.TRANSFERRED),
    "admitted": EndAct(AdmittedForm, _admitted, Done.MOVED_TO_ISOLATION),
    "hand-over": EndAct(HandOverForm, _hand_over, Done.HANDED_OVER),
    "take-back": EndAct(TakeBackForm, _take_back, Done.REASON_TAKEN_BACK),
    "lift": EndAct(WhyForm, _why(services.lift), Done.LIFTED),
    "ask": EndAct(WhyForm, _why(services.ask_correction), Done.CORRECTION_ASKED),
}


@dataclass(frozen=True, slots=True)
class Ending:
    """An order as its forms need it: of whom, since when objected to, what keeps him, where there is a bed."""

    order: QuarantineOrder
    person: PersonInView | None
    place: str
    facility: FacilityBeds | None
    reasons: list[QuarantineReason]
    facilities: list[FacilityBeds]
    objections: list[Objection]
    hindrance: str | None


@permitted("KEEP_QUARANTINE")
@never_cache
@answers("GET", "POST")
def end_order(request: OfficerRequest, order_id: UUID) -> HttpResponse:
    at = now()
    with reach(request.reach) as seen:
        ending = _ending(seen, order_id, at)
        order_read(seen, order_id)
    name = request.POST.get("act", "")
    if name not in ACTS:
        return _page(request, ending, at, {})
    form = _form(request, ending, name, at, request.POST)
    if not form.is_valid():
        return _page(request, ending, at, {name: form}, status=400)
    try:
        acted = ACTS[name].doing(request.reach, at, ending.order, form)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(request, ending, at, {name: form}, refused=said(refusal), status=refusal.status)
    told = gettext("这一步已经记下，没有重复办理。") if acted.repeated else gettext("已记下：%(what)s。")
    messages.success(request, told % {"what": words.ORDER_ACTS[ACTS[name].done]})
    return redirect("end-order", order_id)


def _ending(seen: Reach, id: UUID, at: datetime) -> Ending:
    one = known(seen, id)
    beds = facilities_of_city(seen, one.division)
    return Ending(
        order=one,
        person=named(seen, [one.person_id], at=at, sight=OPENED).get(one.person_id),
        place=places_of([one.division], at).get(one.division, one.division),
        facility=next((place for place in beds if place.id == one.facility_id), None),
        reasons=list(QuarantineReason.objects.filter(order_id=id, taken_back_at=None).order_by("added_at")),
        facilities=beds,
        objections=objections(id),
        hindrance=hindrance(id) if one.ended_at is None else None,
    )


def _form(request: OfficerRequest, ending: Ending, name: str, at: datetime, data: Any = None) -> ActForm:
    more: dict[str, Any] = {}
    if name == "transfer":
        more = {"facilities": ending.facilities, "under": area_of(request.reach)}
    if name == "take-back":
        more = {"reasons": ending.reasons}
    return ACTS[name].form(data, at=at, **more)


def _page(
    request: OfficerRequest,
    ending: Ending,
    at: datetime,
    forms: dict[str, ActForm],
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    one = ending.order
    may = request.reach.holds(one.jurisdiction)
    able = {name for name, act in ACTS.items() if may and leads_to(one.state, act.done) is not None}
    if not ending.objections:
        able.discard("answer")
    shown = {
        "one": one, "ending": ending, "able": able, "may": may, "at": at, "refused": refused,
        "day": day_number(one.day0_on, at), "is_over": may_release(one.last_on, at),
        "forms": {name.replace("-", "_"): forms.get(name) or _form(request, ending, name, at) for name in able},
    }  # fmt: skip
    return render(request, "hq/quarantine/end.html", shown, status=status)
