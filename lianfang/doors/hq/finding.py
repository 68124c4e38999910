"""Exact search by plate, document or telephone. The number travels in the body and stands in no address and no log."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from lianfang.checkpoints import queries
from lianfang.checkpoints.queries import Page
from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import SearchForm, said
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.reading import area_of, through_glass
from lianfang.kernel.audit import Act, note
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Refusal


@permitted("SEARCH_PEOPLE")
@never_cache
@answers("GET", "POST")
def search(request: OfficerRequest) -> HttpResponse:
    form = SearchForm(request.POST or None)
    page = _found(request, form) if form.is_valid() else None
    return render(request, "hq/search.html", {"form": form, "page": page}, status=400 if form.errors else 200)


def _found(request: OfficerRequest, form: SearchForm) -> Page | None:
    given = form.cleaned_data
    try:
        with reach(request.reach) as seen:
            page = queries.search(seen, kind=given["kind"], value=given["value"], before=given["before"])
            found = {"kind": given["kind"], "further": page.next_before is not None, **through_glass(seen)}
            area = area_of(seen)
            note(Act.SEARCHED, by=seen, count=len(page.lines), jurisdiction=area, details=found)
            return page
    except Refusal as refusal:
        form.add_error("value", said(refusal))
        return None
