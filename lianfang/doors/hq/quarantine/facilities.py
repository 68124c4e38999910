"""Places of quarantine: which there are, how many beds are free, and their rooms as one writes them down."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.devices import area_of
from lianfang.doors.hq.forms import PlaceForm, said, text
from lianfang.doors.hq.referral_forms import ActForm
from lianfang.doors.hq.referral_shown import places_of
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.quarantine.queries.facilities import FacilityBeds, facilities, facility
from lianfang.quarantine.services import close_facility, keep_facility, set_rooms
from lianfang.quarantine.services.facilities import LONGEST_NAME, LONGEST_PHONE, MOST_ROOMS

LONGEST_LINES = MOST_ROOMS * 30


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("名称"), max_length=LONGEST_NAME, help_text=_("如 海城第二招待所"), widget=text()
    )
    phone = forms.CharField(
        label=_("隔离点电话"),
        required=False,
        max_length=LONGEST_PHONE,
        help_text=_("总台的，不写个人手机"),
        widget=text(inputmode="tel"),
    )


class NewFacilityForm(NameForm, ActForm, PlaceForm):
    """A place as it is opened. Its id is made with the form: sent twice it is one place."""


class RoomsForm(forms.Form):
    """A room a line: what stands on the door, and how many beds."""

    rooms = forms.CharField(
        label=_("房间和床位"),
        required=False,
        max_length=LONGEST_LINES,
        help_text=_("一行一间：房号、空格、床位数，如 301 2"),
        widget=forms.Textarea({"class": "input", "rows": 14, "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_rooms(self) -> dict[str, int]:
        lines = [line.split() for line in self.cleaned_data["rooms"].splitlines() if line.strip()]
        rooms = {line[0]: line[-1] for line in lines}
        if any(len(line) != 2 or not line[1].isdecimal() for line in lines) or len(rooms) != len(lines):
            raise forms.ValidationError(_("每行一个房号和一个床位数，房号不能重复。"))
        return {room: int(beds[:4]) for room, beds in rooms.items()}


@permitted("VIEW_QUARANTINE")
@never_cache
@answers("GET")
def facility_list(request: OfficerRequest) -> HttpResponse:
    at = now()
    with reach(request.reach) as seen:
        found = facilities(seen)
    places = places_of((one.division for one in found), at)
    shown = {
        "at": at,
        "lines": [(one, places.get(one.division, one.division)) for one in found],
        "free": sum(one.free for one in found), "beds": sum(one.beds for one in found),
        "most": max((one.beds for one in found), default=1),
    }  # fmt: skip
    return render(request, "hq/quarantine/facilities.html", shown)


@permitted("KEEP_QUARANTINE")
@never_cache
@answers("GET", "POST")
def new_facility(request: OfficerRequest) -> HttpResponse:
    form = NewFacilityForm(request.POST or None, at=now(), under=area_of(request.reach))
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = keep_facility(
                by=request.reach, at=now(), id=given["id"], name=given["name"], division=given["division"],
                phone=given["phone"],
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, said(refusal))
        else:
            messages.success(request, gettext("已登记，接着写房间和床位。"))
            return redirect("facility", made.id)
    return render(
        request, "hq/quarantine/new_facility.html", {"form": form}, status=400 if form.errors else 200
    )


@permitted("VIEW_QUARANTINE")
@never_cache
@answers("GET")
def facility_page(request: OfficerRequest, facility_id: UUID) -> HttpResponse:
    return _page(request, facility_id)


@permitted("KEEP_QUARANTINE")
@never_cache
@answers("GET", "POST")
def change_facility(request: OfficerRequest, facility_id: UUID) -> HttpResponse:
    form = NameForm(request.POST or None)
    if not form.is_valid():
        return _page(request, facility_id, name=form)
    with reach(request.reach) as seen:
        one = _known(facility(seen, facility_id))
    try:
        keep_facility(by=request.reach, at=now(), id=facility_id, division=one.division, **form.cleaned_data)
    except Refusal as refusal:
        return _refused(request, facility_id, refusal, name=form)
    messages.success(request, gettext("已更改。"))
    return redirect("facility", facility_id)


@permitted("KEEP_QUARANTINE")
@never_cache
@answers("GET", "POST")
def facility_rooms(request: OfficerRequest, facility_id: UUID) -> HttpResponse:
    form = RoomsForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, facility_id, rooms=form)
    try:
        set_rooms(by=request.reach, at=now(), facility=facility_id, rooms=form.cleaned_data["rooms"])
    except Refusal as refusal:
        return _refused(request, facility_id, refusal, rooms=form)
    messages.success(request, gettext("房间和床位已更改。"))
    return redirect("facility", facility_id)


@permitted("KEEP_QUARANTINE")
@never_cache
@answers("GET", "POST")
def end_facility(request: OfficerRequest, facility_id: UUID) -> HttpResponse:
    if request.method != "POST":
        return redirect("facility", facility_id)
    try:
        close_facility(by=request.reach, at=now(), facility=facility_id)
    except Refusal as refusal:
        return _refused(request, facility_id, refusal)
    messages.success(request, gettext("已关闭，不再安排人员。"))
    return redirect("facilities")


def _refused(request: OfficerRequest, id: UUID, refusal: Refusal, **forms: Any) -> HttpResponse:
    if isinstance(refusal, NotFound):
        raise refusal
    return _page(request, id, refused=said(refusal), status=refusal.status, **forms)


def _page(
    request: OfficerRequest,
    id: UUID,
    *,
    name: NameForm | None = None,
    rooms: RoomsForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    with reach(request.reach) as seen:
        one = _known(facility(seen, id))
    written = "\n".join(f"{room.room} {room.beds}" for room in one.rooms)
    may = request.reach.may("KEEP_QUARANTINE") and request.reach.holds(one.jurisdiction)
    shown = {
        "one": one, "place": places_of([one.division], now()).get(one.division, one.division), "may": may,
        "refused": refused, "most": max((room.beds for room in one.rooms), default=1),
        "name": name if name and name.is_bound else NameForm(initial={"name": one.name, "phone": one.phone}),
        "rooms": rooms if rooms and rooms.is_bound else RoomsForm(initial={"rooms": written}),
    }  # fmt: skip
    bad = any(form is not None and form.errors for form in (name, rooms))
    return render(request, "hq/quarantine/facility.html", shown, status=400 if bad else status)


def _known(found: FacilityBeds | None) -> FacilityBeds:
    if found is None:
        raise NotFound("FACILITY_UNKNOWN", "没有这个隔离点。", "There is no such facility.")
    return found
