"""Acts on one file: opened at the desk, amended, moved, marked, closed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.devices import area_of
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.people import no_such_file
from lianfang.doors.hq.people_forms import AmendForm, MoveForm, NewPersonForm
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.journeys.closing_files import close_by_hand
from lianfang.kernel.clock import now
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.people import services
from lianfang.people.facts import Call
from lianfang.people.queries import FileOfPerson, household_with_code, person_file


@permitted("KEEP_PEOPLE")
@never_cache
@answers("GET", "POST")
def new_person(request: OfficerRequest) -> HttpResponse:
    form, at = NewPersonForm(request.POST or None, under=area_of(request.reach)), now()
    if form.is_valid():
        call = Call("DESK", str(uuid7(at=at)))
        try:
            opened = services.open_file(
                by=request.reach, at=at, call=call, facts=form.told(), division=form.cleaned_data["division"]
            )
        except Refusal as refusal:
            form.add_error(None, said(refusal))
        else:
            told = gettext("已建档。") if opened.is_new else gettext("此人已有档案，就是这一份。")
            messages.success(request, told)
            return redirect("person", opened.id)
    return render(request, "hq/new_person.html", {"form": form}, status=400 if form.errors else 200)


@permitted("KEEP_PEOPLE")
@never_cache
@answers("GET", "POST")
def amend_person(request: OfficerRequest, file_id: UUID) -> HttpResponse:
    file, form = own_file(request, file_id), AmendForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            services.amend(by=request.reach, at=now(), id=file_id, fields=form.fields_told(), reason=reason)
        except NotFound:
            raise
        except Refusal as refusal:
            form.add_error(None, said(refusal))
        else:
            messages.success(request, gettext("已更改，原来的内容留在档案里。"))
            return redirect("person", file_id)
    shown = {"file": file, "form": form}
    return render(request, "hq/amend_person.html", shown, status=400 if form.errors else 200)


@permitted("KEEP_PEOPLE")
@never_cache
@answers("GET", "POST")
def move_person(request: OfficerRequest, file_id: UUID) -> HttpResponse:
    file, form = own_file(request, file_id), MoveForm(request.POST or None)
    if form.is_valid() and _moved(request, file_id, form):
        messages.success(request, gettext("已迁移，原来那一户记为迁出。"))
        return redirect("person", file_id)
    return render(
        request, "hq/move_person.html", {"file": file, "form": form}, status=400 if form.errors else 200
    )


def _moved(request: OfficerRequest, file_id: UUID, form: MoveForm) -> bool:
    with reach(request.reach) as seen:
        household = household_with_code(seen, form.cleaned_data["code"].strip())
    if household is None:
        form.add_error("code", gettext("辖区内没有这个编号的住户。"))
        return False
    try:
        services.move(
            by=request.reach,
            at=now(),
            person=file_id,
            household=household,
            relation=form.cleaned_data["relation"],
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
def mark_person(request: OfficerRequest, household_id: UUID, file_id: UUID) -> HttpResponse:
    """Where somebody of a household is now: two taps on his file or on the household's page."""
    services.mark_state(
        by=request.reach,
        at=now(),
        person=file_id,
        household=household_id,
        state=request.POST.get("state", ""),
    )
    messages.success(request, gettext("已记下。"))
    if request.POST.get("back") == "household":
        return redirect("household", household_id)
    return redirect("person", file_id)


@permitted("KEEP_PEOPLE")
@never_cache
@answers("POST")
def close_person(request: OfficerRequest, file_id: UUID) -> HttpResponse:
    close_by_hand(by=request.reach, at=now(), id=file_id)
    messages.success(request, gettext("已注销，到期后销毁。再有需要时会自动恢复。"))
    return redirect("person", file_id)


def own_file(request: OfficerRequest, file_id: UUID) -> FileOfPerson:
    """Of whom the form is, masked as in the opened file; that it is looked at is noted with the file's page."""
    with reach(request.reach) as seen:
        file = person_file(seen, file_id, at=now())
    if file is None:
        raise no_such_file()
    seen.require_own(file.jurisdiction)
    return file
