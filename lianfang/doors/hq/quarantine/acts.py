"""Acts on an order at the desk. What cannot be done is told on the page as it stands now."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.quarantine.forms import (
    CareForm,
    FurtherReasonForm,
    OrderAnswerForm,
    SettleForm,
    act_id,
)
from lianfang.doors.hq.quarantine.page import page
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.words import CARE_KINDS, ORDER_ACTS
from lianfang.kernel.clock import now
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.quarantine.services import (
    OrderActed,
    add_reason,
    answer_care,
    notify,
    put_in_place,
    report_broken,
    settle_care,
)
from lianfang.quarantine.states import Done

Doing = Callable[[], OrderActed | None]


@permitted("KEEP_QUARANTINE")
@never_cache
@answers("GET", "POST")
def answer_order(request: OfficerRequest, order_id: UUID) -> HttpResponse:
    """Told (送达), or gone (擅离)."""
    if request.method != "POST":
        return redirect("order", order_id)
    form, at = OrderAnswerForm(request.POST), now()
    if not form.is_valid():
        return unfinished(request, order_id, "answer", form)
    kind = form.cleaned_data["kind"]
    id = act_id(form.cleaned_data["id"], order_id, kind)

    def doing() -> OrderActed:
        if kind == Done.BROKEN:
            return report_broken(by=request.reach, at=at, id=id, order=order_id, written=form.written)
        return notify(by=request.reach, at=at, id=id, order=order_id)

    return done(request, order_id, kind, doing)


@permitted("KEEP_QUARANTINE")
@never_cache
@answers("GET", "POST")
def care_for(request: OfficerRequest, order_id: UUID) -> HttpResponse:
    """In place with what his care needs, or the answers alone."""
    if request.method != "POST":
        return redirect("order", order_id)
    form, at = CareForm(request.POST), now()
    if not form.is_valid():
        return unfinished(request, order_id, "care", form)
    kind = form.cleaned_data["kind"]
    act = put_in_place if kind == Done.IN_PLACE else answer_care
    id = act_id(form.cleaned_data["id"], order_id, kind)
    return done(
        request,
        order_id,
        kind,
        lambda: act(by=request.reach, at=at, id=id, order=order_id, answers=form.given),
    )


@permitted("KEEP_QUARANTINE")
@never_cache
@answers("GET", "POST")
def settle(request: OfficerRequest, order_id: UUID) -> HttpResponse:
    if request.method != "POST":
        return redirect("order", order_id)
    form, at = SettleForm(request.POST), now()
    if not form.is_valid():
        return unfinished(request, order_id, "settle", form)
    id, kind = form.cleaned_data["id"], form.cleaned_data["care"]
    return done(
        request,
        order_id,
        Done.CARE_SETTLED,
        lambda: settle_care(by=request.reach, at=at, id=id, order=order_id, kind=kind),
    )


@permitted("KEEP_QUARANTINE")
@never_cache
@answers("GET", "POST")
def further_reason(request: OfficerRequest, order_id: UUID) -> HttpResponse:
    if request.method != "POST":
        return redirect("order", order_id)
    form, at = FurtherReasonForm(request.POST), now()
    if not form.is_valid():
        return unfinished(request, order_id, "reason", form)
    id = act_id(form.cleaned_data["id"], order_id, Done.REASON_ADDED)

    def doing() -> None:
        add_reason(by=request.reach, at=at, id=id, order=order_id, why=form.why, written=form.written)

    return done(request, order_id, Done.REASON_ADDED, doing)


def done(request: OfficerRequest, order_id: UUID, kind: str, doing: Doing) -> HttpResponse:
    """Back to the page, which says what was done; or the page with what hinders."""
    try:
        acted = doing()
    except NotFound:
        raise
    except Refusal as refusal:
        return page(request, order_id, refused=said(refusal), status=refusal.status)
    if acted is not None and acted.blocked_by:
        missing = "、".join(str(CARE_KINDS[one]) for one in acted.blocked_by)
        messages.warning(
            request, gettext("还不能记为到位：%(missing)s，没有问清或没有人照料。") % {"missing": missing}
        )
    elif acted is not None and acted.repeated:
        messages.success(request, gettext("这一步已经记下，没有重复办理。"))
    else:
        messages.success(request, gettext("已记下：%(what)s。") % {"what": ORDER_ACTS[kind]})
    return redirect("order", order_id)


def unfinished(request: OfficerRequest, order_id: UUID, name: str, form: forms.Form) -> HttpResponse:
    """What is missing, at its field; where it has none that is seen, on top."""
    hidden = [str(error) for field in ("id", "kind", "care") for error in form.errors.get(field, ())]
    return page(request, order_id, forms={name: form}, refused=" ".join(hidden), status=400)
