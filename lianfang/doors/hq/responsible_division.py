"""A division's page: who answers for it, who did before, and the acts: assign, acknowledge, replace, end; overlays, staff."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from lianfang.command import services
from lianfang.command.queries.responsibility import answering_for, require_readable
from lianfang.command.queries.responsibility_tree import PersonLine, accounts, history
from lianfang.command.rules.responsibility import PRINCIPAL, Answering, upwards
from lianfang.command.services import WORKED_IN
from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.responsibility_asked import asked_of, unknown_division
from lianfang.doors.hq.responsibility_forms import (
    AssignResponsibleForm,
    OfficialForm,
    OverlayForm,
    WorkerForm,
)
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import canonical, level
from lianfang.kernel.refusals import Refusal
from lianfang.regions.queries import names

# Which form was sent; of a replacement it is the id of the person.
FORMS = ASSIGN, WORKER, OVERLAY = ("assign", "worker", "overlay")
REPLACE = "replace"


@permitted("VIEW_RESPONSIBILITY")
@never_cache
@answers("GET")
def division_page(request: OfficerRequest, division: str) -> HttpResponse:
    """?at= shows who it was then."""
    return _page(request, division)


@permitted("KEEP_RESPONSIBILITY")
@answers("POST")
def assign(request: OfficerRequest, division: str) -> HttpResponse:
    known = asked_of(request, division)
    form = AssignResponsibleForm(
        request.POST, prefix=ASSIGN, accounts=accounts(request.reach, known.division, at=known.at)
    )
    return _acted(request, division, form, ASSIGN, lambda: _assigned(request, division, form))


def _assigned(request: OfficerRequest, division: str, form: AssignResponsibleForm) -> str:
    given = form.cleaned_data
    services.assign_responsible(
        by=request.reach, at=now(), division=division, kind=given["kind"], official=form.official,
        acknowledged=given["taken"],
    )  # fmt: skip
    return gettext("已指定。") if given["taken"] else gettext("已指定，等本人确认；确认以前算空缺。")


@permitted("KEEP_RESPONSIBILITY")
@answers("POST")
def replace(request: OfficerRequest, division: str, responsible_id: UUID) -> HttpResponse:
    known = asked_of(request, division)
    form = OfficialForm(
        request.POST,
        prefix=REPLACE,
        accounts=accounts(request.reach, known.division, at=known.at),
    )

    def act() -> str:
        services.replace_responsible(
            by=request.reach, at=now(), id=responsible_id, official=form.official, acknowledged=form.cleaned_data["taken"]
        )  # fmt: skip
        return gettext("已更换。原来的人到此刻为止，记录都在。")

    return _acted(request, division, form, str(responsible_id), act)


@permitted("VIEW_RESPONSIBILITY")
@answers("POST")
def acknowledge(request: OfficerRequest, division: str, responsible_id: UUID) -> HttpResponse:
    """By whoever it is himself, or by a desk he told."""
    found = services.acknowledge_responsible(by=request.reach, at=now(), id=responsible_id)
    messages.success(request, gettext("已确认，从现在起算落实。"))
    return redirect("desk") if "own" in request.POST else _back(found.division)


@permitted("KEEP_RESPONSIBILITY")
@answers("POST")
def end(request: OfficerRequest, division: str, responsible_id: UUID) -> HttpResponse:
    found = services.end_responsible(by=request.reach, at=now(), id=responsible_id)
    messages.success(request, gettext("已免去。从现在起空缺，找上级。"))
    return _back(found.division)


@permitted("KEEP_RESPONSIBILITY")
@answers("POST")
def place_worker(request: OfficerRequest, division: str) -> HttpResponse:
    form = WorkerForm(request.POST, prefix=WORKER)

    def act() -> str:
        services.place_staff(by=request.reach, at=now(), division=division, worker=form.worker)
        return gettext("已加入网格人员。")

    return _acted(request, division, form, WORKER, act)


@permitted("KEEP_RESPONSIBILITY")
@answers("POST")
def place_overlay(request: OfficerRequest, division: str) -> HttpResponse:
    form = OverlayForm(request.POST, prefix=OVERLAY)

    def act() -> str:
        services.place_overlay(by=request.reach, at=now(), division=division, laid=form.laid)
        return gettext("已设立。")

    return _acted(request, division, form, OVERLAY, act)


@permitted("KEEP_RESPONSIBILITY")
@answers("POST")
def end_worker(request: OfficerRequest, division: str, staff_id: UUID) -> HttpResponse:
    found = services.end_staff(by=request.reach, at=now(), id=staff_id)
    messages.success(request, gettext("已撤出，记录都在。"))
    return _back(found.division)


@permitted("KEEP_RESPONSIBILITY")
@answers("POST")
def end_overlay(request: OfficerRequest, division: str, overlay_id: UUID) -> HttpResponse:
    found = services.end_overlay(by=request.reach, at=now(), id=overlay_id)
    messages.success(request, gettext("已撤销，记录都在。"))
    return _back(found.division)


def _acted(
    request: OfficerRequest, division: str, form: forms.Form, sent: str, act: Callable[[], str]
) -> HttpResponse:
    """Acts when the form is whole; what is refused stands in the form, which stays open."""
    require_readable(request.reach, division)
    if form.is_valid():
        try:
            messages.success(request, act())
            return _back(division)
        except Refusal as refusal:
            if refusal.status in (403, 404):
                raise
            form.add_error(None, said(refusal))
    return _page(request, division, sent=sent, form=form)


def _back(division: str) -> HttpResponse:
    return redirect("responsible-division", division=canonical(division))


def _page(request: OfficerRequest, division: str, *, sent: str = "", form: Any = None) -> HttpResponse:
    asked = asked_of(request, division)
    told = history(request.reach, asked.division, at=asked.at)
    line = upwards(asked.division)
    known = names(line, day_of(asked.at))
    if asked.division not in known:
        raise unknown_division()
    here = told.standing(asked.at)
    vacant = not any(one.kind == PRINCIPAL and one.is_acknowledged for one in here)
    shown: dict[str, Any] = {
        "asked": asked,
        "name": known[asked.division],
        "level": level(asked.division),
        "above": [(code, known.get(code, code), request.reach.covers(code)) for code in line[:0:-1]],
        "people": [(one, None) for one in here],
        "vacant": vacant,
        "called": _called(asked.division, asked.at, known) if vacant else None,
        "history": told,
        "sent": sent,
    }
    if asked.is_now and request.reach.may("KEEP_RESPONSIBILITY") and request.reach.covers(asked.division):
        shown |= _forms(request, asked.division, here, sent, form)
    # Whoever was to be replaced may have gone meanwhile, and his form with him: why it was refused is told above.
    if form is not None and not any(form is one for _, one in shown["people"]) and sent not in FORMS:
        shown["lost"] = form
    return render(request, "hq/responsible_division.html", shown, status=400 if form else 200)


def _called(division: str, at: datetime, known: dict[str, str]) -> tuple[str, Answering] | None:
    """Whom to call where nobody stands: of which division, and who."""
    found = answering_for([division], at=at).get(division)
    return (known.get(found.holder_division, found.holder_division), found) if found else None


def _forms(
    request: OfficerRequest, division: str, here: Iterable[PersonLine], sent: str, form: Any
) -> dict[str, Any]:
    """Empty ones, and the one that was sent as it came."""
    listed = accounts(request.reach, division, at=now())
    held = any(one.kind == PRINCIPAL for one in here)
    fresh = AssignResponsibleForm(
        prefix=ASSIGN, accounts=listed, initial={"kind": "DEPUTY" if held else PRINCIPAL}
    )
    return {
        "may": True,
        "people": [
            (
                one,
                form
                if sent == str(one.id)
                else OfficialForm(prefix=REPLACE, auto_id=f"{one.id}-%s", accounts=listed),
            )
            for one in here
        ],
        "assign_form": form if sent == ASSIGN else fresh,
        "worker_form": form if sent == WORKER else WorkerForm(prefix=WORKER),
        "overlay_form": form if sent == OVERLAY else OverlayForm(prefix=OVERLAY),
        "worked_in": level(division) in WORKED_IN,
    }
