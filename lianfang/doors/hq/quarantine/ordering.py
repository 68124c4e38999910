"""An order made at the desk: somebody is found by an exact number or comes from his file, then why, since when, how long."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.devices import area_of
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.people import FindForm, found_people, no_such_file
from lianfang.doors.hq.quarantine.forms import NewOrderForm, act_id
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.reading import person_read
from lianfang.journeys.observing.by_hand import order_by_hand
from lianfang.kernel.clock import now
from lianfang.kernel.divisions import from_integer
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.people.queries import FileOfPerson, person_file
from lianfang.quarantine.states import Done


@permitted("KEEP_QUARANTINE")
@never_cache
@answers("GET", "POST")
def new_order(request: OfficerRequest) -> HttpResponse:
    """`?person=` is the id of a file; without it somebody is looked for first."""
    at, person = now(), _person(request)
    if person is None:
        return _find(request, at)
    with reach(request.reach) as seen:
        file = person_file(seen, person, at=at)
        if file is None:
            raise no_such_file()
        person_read(seen, file.id)
    form = NewOrderForm(request.POST or None, at=at, under=area_of(request.reach))
    if not form.is_bound:
        form.initial["division"] = from_integer(file.jurisdiction)
        form.found = form._first_choices()
    if form.is_valid():
        made = _made(request, file, form, at)
        if made is not None:
            messages.success(request, gettext("已下达。请打印告知书，送达后记下。"))
            return redirect("order", made)
    shown = {"form": form, "file": file}
    return render(request, "hq/quarantine/new_order.html", shown, status=400 if form.errors else 200)


def _person(request: OfficerRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("person") or request.GET.get("person") or "")
    except ValueError:
        return None


def _find(request: OfficerRequest, at: datetime) -> HttpResponse:
    """Whoever may not search comes from the file of whom he means."""
    form = FindForm(request.POST or None)
    searches = request.reach.may("SEARCH_PEOPLE")
    found = found_people(request, form, at, page="new-order") if searches and form.is_valid() else None
    shown = {"find": form, "found": found, "searches": searches}
    return render(request, "hq/quarantine/new_order.html", shown, status=400 if form.errors else 200)


def _made(request: OfficerRequest, file: FileOfPerson, form: NewOrderForm, at: datetime) -> UUID | None:
    given = form.cleaned_data
    try:
        made = order_by_hand(
            by=request.reach, at=at, id=act_id(given["id"], file.id, Done.ORDERED), person=file.id,
            division=given["division"], why=form.why, kind=given["kind"], written=form.written,
        )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        form.add_error(None, said(refusal))
        return None
    return made.id
