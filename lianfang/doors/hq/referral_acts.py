"""Acts on somebody who is handed over. What cannot be done is told on the page as it stands now."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from lianfang.checkpoints.queries.city import answering_city
from lianfang.command.queries.responsibility import vacant_places
from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.referral_forms import ActForm, AnswerForm, MoveOnForm, WithdrawForm, act_id
from lianfang.doors.hq.referral_page import page
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.words import REFERRAL_KINDS
from lianfang.kernel.clock import now
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.referrals.services import Acted, answer, move_on, place, withdraw
from lianfang.referrals.states import Kind

Doing = Callable[[Reach], Acted]


@permitted("ANSWER_REFERRALS")
@never_cache
@answers("GET", "POST")
def answer_referral(request: OfficerRequest, referral_id: UUID) -> HttpResponse:
    if request.method != "POST":
        return redirect("referral", referral_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return unfinished(request, referral_id, "answer", form)
    kind, at = form.cleaned_data["kind"], now()

    def doing(by: Reach) -> Acted:
        id = act_id(form.cleaned_data["id"], referral_id, kind)
        return answer(by=by, at=at, id=id, referral=referral_id, kind=kind, written=form.written)

    return done(request, referral_id, kind, doing)


@permitted("ANSWER_REFERRALS")
@never_cache
@answers("GET", "POST")
def move_referral(request: OfficerRequest, referral_id: UUID) -> HttpResponse:
    """Another destination (改派), or he went on to another place (已转走)."""
    if request.method != "POST":
        return redirect("referral", referral_id)
    form = MoveOnForm(request.POST)
    if not form.is_valid():
        return unfinished(request, referral_id, "move", form)
    kind, code, at = form.cleaned_data["kind"], form.cleaned_data["division"], now()

    def doing(by: Reach) -> Acted:
        act = move_on if kind == Kind.MOVED_ON else place
        return act(
            by=by, at=at, id=act_id(form.cleaned_data["id"], referral_id, kind), referral=referral_id, destination=code,
            city=answering_city(by), vacant=code in vacant_places([code], at=at), written=form.written,
        )  # fmt: skip

    return done(request, referral_id, kind, doing)


@permitted("ANSWER_REFERRALS")
@never_cache
@answers("GET", "POST")
def withdraw_referral(request: OfficerRequest, referral_id: UUID) -> HttpResponse:
    if request.method != "POST":
        return redirect("referral", referral_id)
    form, at = WithdrawForm(request.POST), now()
    if not form.is_valid():
        return unfinished(request, referral_id, "withdraw", form)

    def doing(by: Reach) -> Acted:
        id = act_id(form.cleaned_data["id"], referral_id, Kind.WITHDRAWN)
        return withdraw(by=by, at=at, id=id, referral=referral_id, written=form.written)

    return done(request, referral_id, Kind.WITHDRAWN, doing)


def done(request: OfficerRequest, referral_id: UUID, kind: str, doing: Doing) -> HttpResponse:
    """Back to the page, which says what was done; or the page with what hinders."""
    try:
        with reach(request.reach) as by:
            acted = doing(by)
    except NotFound:
        raise
    except Refusal as refusal:
        return page(request, referral_id, refused=said(refusal), status=refusal.status)
    if acted.repeated:
        messages.success(request, gettext("这一步已经记下，没有重复办理。"))
    else:
        messages.success(request, gettext("已记下：%(what)s。") % {"what": REFERRAL_KINDS[kind]})
    return redirect("referral", referral_id)


def unfinished(request: OfficerRequest, referral_id: UUID, name: str, form: ActForm) -> HttpResponse:
    """What is missing, at its field; where it has none that is seen, on top."""
    hidden = [str(error) for field in ("id", "kind") for error in form.errors.get(field, ())]
    return page(request, referral_id, forms={name: form}, refused=" ".join(hidden), status=400)
