"""Files of people: found by an exact number, opened, and shown whole for a purpose that is written down."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.doors import words
from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said, text
from lianfang.doors.hq.quarantine.shown import OrderLine
from lianfang.doors.hq.quarantine.shown import rows_of as order_rows
from lianfang.doors.hq.referral_shown import ReferralLine, rows_of
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.unmasking import SHOWN_FOR
from lianfang.doors.methods import answers
from lianfang.doors.reading import area_of, person_read, through_glass
from lianfang.doors.watermarks import Watermark
from lianfang.kernel.audit import Act, note
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import from_integer
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.people.models import StayState
from lianfang.people.queries import FileOfPerson, PersonInView, find_people, person_file
from lianfang.people.services import unmask_file
from lianfang.quarantine.queries.orders import orders_of_person
from lianfang.referrals.of_people import of_person
from lianfang.regions.queries import path


class FindForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("按什么查"),
        choices=[("DOCUMENT", _("证件号")), ("PHONE", _("电话"))],
        initial="DOCUMENT",
        widget=forms.RadioSelect,
    )
    value = forms.CharField(
        label=_("号码"),
        max_length=60,
        help_text=_("要输全，空格、横线、大小写不影响"),
        widget=text(autofocus=True),
    )


@permitted("VIEW_PEOPLE")
@never_cache
@answers("GET", "POST")
def people(request: OfficerRequest) -> HttpResponse:
    """Whoever may search is offered to; a township finds its people by their doors."""
    if not request.reach.may("SEARCH_PEOPLE"):
        return redirect("households")
    form, at = FindForm(request.POST or None), now()
    found = found_people(request, form, at) if form.is_valid() else None
    return render(
        request, "hq/people.html", {"form": form, "found": found}, status=400 if form.errors else 200
    )


def found_people(
    request: OfficerRequest, form: FindForm, at: datetime, *, page: str = "people"
) -> list[PersonInView] | None:
    """Whom the number is of, noted; None where it is none, which the form then says."""
    given = form.cleaned_data
    try:
        with reach(request.reach) as seen:
            found = find_people(seen, kind=given["kind"], value=given["value"], at=at)
            details = {"kind": given["kind"], "page": page, **through_glass(seen)}
            note(Act.SEARCHED, by=seen, count=len(found), jurisdiction=area_of(seen), details=details)
            return found
    except Refusal as refusal:
        form.add_error("value", said(refusal))
        return None


@permitted("VIEW_PEOPLE")
@never_cache
@answers("GET")
def person(request: OfficerRequest, file_id: UUID) -> HttpResponse:
    with reach(request.reach) as seen:
        at = now()
        file = person_file(seen, file_id, at=at)
        if file is None:
            raise no_such_file()
        handed = rows_of(seen, of_person(seen, file.id), at=at)
        observed = observed_of(seen, file.id, at=at)
        person_read(seen, file.id)
    return file_page(request, file, handed, observed)


@permitted("UNMASK")
@never_cache
@answers("GET", "POST")
def unmask_person(request: OfficerRequest, file_id: UUID) -> HttpResponse:
    """By POST only, as a passage's: an address that is opened anew shows the masked file."""
    if request.method != "POST":
        return redirect("person", file_id=file_id)
    purpose, at = request.POST.get("purpose", ""), now()
    found = unmask_file(by=request.reach, id=file_id, purpose=purpose, at=at)
    if found is None:
        raise no_such_file()
    mark = Watermark(request.reach.officer_name, at, str(words.PURPOSES_OF_READING[purpose]), found.reference)
    with reach(request.reach) as seen:
        handed = rows_of(seen, of_person(seen, file_id), at=at)
        observed = observed_of(seen, file_id, at=at)
    response = file_page(request, found.file, handed, observed, mark=mark)
    masked = reverse("person", args=[file_id])
    response.headers["Refresh"] = f"{int(SHOWN_FOR.total_seconds())}; url={masked}"
    return response


def file_page(
    request: OfficerRequest,
    file: FileOfPerson,
    handed: Sequence[ReferralLine],
    observed: Sequence[OrderLine],
    *,
    mark: Watermark | None = None,
) -> HttpResponse:
    keeps = "KEEP_PEOPLE" in request.reach.permissions and file.own and file.person.state == "OPEN"
    shown = {
        "file": file,
        "mark": mark,
        "at": now(),
        "homes": [stay for stay in file.stays if stay.until_at is None and stay.state != StayState.MOVED_OUT],
        "handed": handed,
        "observed": observed,
        "may_order": keeps_orders(request, file),
        "home": path(from_integer(file.jurisdiction), day_of(now())),
        "purposes": words.PURPOSES_OF_READING,
        "states": words.STAY_STATES,
        "may_keep": keeps and file.merged_into is None,
        "may_merge": "MERGE_PEOPLE" in request.reach.permissions and file.own,
    }
    return render(request, "hq/person.html", shown)


def observed_of(seen: Reach, person: UUID, *, at: datetime) -> list[OrderLine]:
    """His orders of quarantine, for whoever sees orders. Inside `reach()`."""
    found = orders_of_person(seen, person)
    return order_rows(seen, found, at=at) if found else []


def keeps_orders(request: OfficerRequest, file: FileOfPerson) -> bool:
    return request.reach.may("KEEP_QUARANTINE") and file.person.state == "OPEN" and file.merged_into is None


def no_such_file() -> NotFound:
    """The same sentence whether there is none or it belongs to the next county."""
    return NotFound("FILE_UNKNOWN", "辖区内没有这份档案。", "There is no such file in your area.")
