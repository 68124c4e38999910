"""Acts on one door: nothing has changed, something has, somebody belongs to it, it is no more."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.devices import area_of
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.households import no_such_household, shown_household
from lianfang.doors.hq.people_forms import DoorForm, JoinForm, MemberForm, NewDoorForm
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.people import services
from lianfang.people.facts import Call, DoorTold
from lianfang.people.queries import household, household_with_code


@permitted("KEEP_PEOPLE")
@never_cache
@answers("POST")
def verify(request: OfficerRequest, household_id: UUID) -> HttpResponse:
    """One tap on a tile, and back to the same tile."""
    services.verify_household(by=request.reach, at=now(), id=household_id)
    if not request.POST.get("division", "").isdigit():
        messages.success(request, gettext("已核实，无变化。"))
        return redirect("household", household_id)
    page = {name: request.POST[name] for name in ("division", "state", "after") if request.POST.get(name)}
    return redirect(f"{reverse('households')}?{urlencode(page)}#door-{household_id}")


@permitted("KEEP_PEOPLE")
@never_cache
@answers("POST")
def change(request: OfficerRequest, household_id: UUID) -> HttpResponse:
    form = DoorForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.change_household(
                by=request.reach, at=now(), id=household_id, occupancy=given["occupancy"],
                address=given["address"], note=given["note"] or None,
            )  # fmt: skip
        except NotFound:
            raise
        except Refusal as refusal:
            form.add_error(None, said(refusal))
        else:
            messages.success(request, gettext("已更改，并记为今天核实。"))
            return redirect("household", household_id)
    return shown_household(request, household_id, door_form=form)


@permitted("KEEP_PEOPLE")
@never_cache
@answers("POST")
def add_member(request: OfficerRequest, household_id: UUID) -> HttpResponse:
    """The file is found by document or opened, and the person joins the household."""
    form = MemberForm(request.POST)
    if form.is_valid():
        try:
            _join(request, household_id, form)
        except NotFound:
            raise
        except Refusal as refusal:
            form.add_error(None, said(refusal))
        else:
            messages.success(request, gettext("已登记到这一户。"))
            return redirect("household", household_id)
    return shown_household(request, household_id, member_form=form)


def _join(request: OfficerRequest, household_id: UUID, form: MemberForm) -> None:
    at = now()
    with reach(request.reach) as seen:  # both or neither
        home = household(seen, household_id, at=at)
        if home is None:
            raise no_such_household()
        opened = services.open_file(
            by=seen, at=at, call=Call("DESK", str(uuid7(at=at))), facts=form.told(),
            division=home.door.division,
        )  # fmt: skip
        services.join(
            by=seen, at=at, person=opened.id, household=household_id,
            relation=form.cleaned_data["relation"], state=form.cleaned_data["state"],
        )  # fmt: skip


@permitted("KEEP_PEOPLE")
@never_cache
@answers("POST")
def close(request: OfficerRequest, household_id: UUID) -> HttpResponse:
    services.close_household(by=request.reach, at=now(), id=household_id)
    messages.success(request, gettext("已注销，编号不再使用。"))
    return redirect("household", household_id)


@permitted("KEEP_PEOPLE")
@never_cache
@answers("POST")
def join_double(request: OfficerRequest, household_id: UUID) -> HttpResponse:
    """This door was written down twice: the other, named by its code, is joined to it."""
    form = JoinForm(request.POST)
    if form.is_valid() and _joined(request, household_id, form):
        messages.success(request, gettext("已合并，随时可以撤销。"))
        return redirect("household", household_id)
    return shown_household(request, household_id, join_form=form)


def _joined(request: OfficerRequest, household_id: UUID, form: JoinForm) -> bool:
    given = form.cleaned_data
    with reach(request.reach) as seen:
        double = household_with_code(seen, given["code"].strip())
    if double is None:
        form.add_error("code", gettext("辖区内没有这个编号的住户。"))
        return False
    try:
        services.join_households(
            by=request.reach, at=now(), kept=household_id, joined=double, reason=given["reason"]
        )
    except NotFound:
        raise
    except Refusal as refusal:
        form.add_error(None, said(refusal))
        return False
    return True


@permitted("KEEP_PEOPLE")
@never_cache
@answers("POST")
def part_double(request: OfficerRequest, join_id: UUID) -> HttpResponse:
    kept = services.part_households(by=request.reach, at=now(), id=join_id)
    messages.success(request, gettext("已撤销，两户各自独立。"))
    return redirect("household", kept)


@permitted("KEEP_PEOPLE")
@never_cache
@answers("GET", "POST")
def new_household(request: OfficerRequest) -> HttpResponse:
    form = NewDoorForm(request.POST or None, under=area_of(request.reach), initial={"occupancy": "OCCUPIED"})
    if form.is_valid():
        given = form.cleaned_data
        told = DoorTold(address=given["address"], note=given["note"])
        door = services.Door(given["division"], told, given["occupancy"])
        try:
            (made,) = services.open_households(by=request.reach, at=now(), doors=[door])
        except Refusal as refusal:
            form.add_error(None, said(refusal))
        else:
            messages.success(request, gettext("已建立，接着登记住在这里的人。"))
            return redirect("household", made.id)
    return render(request, "hq/new_household.html", {"form": form}, status=400 if form.errors else 200)
