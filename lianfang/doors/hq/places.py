"""The piece of a page that lists divisions found while somebody types a name."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lianfang.doors.guard import public
from lianfang.doors.hq.forms import LISTED, LONGEST_SEARCH
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import is_code
from lianfang.regions.search import search


@public
@answers("GET")
def places_found(request: HttpRequest) -> HttpResponse:
    """?q= a name or code, ?under= a division, ?name= the field's name. Divisions are public facts."""
    text, under = request.GET.get("q", "")[:LONGEST_SEARCH], request.GET.get("under", "")
    found = (
        search(text, day_of(now()), under if is_code(under) else None, limit=LISTED) if text.strip() else []
    )
    shown = {"found": found, "name": request.GET.get("name", "division"), "asked": text.strip()}
    return render(request, "hq/pieces/found.html", shown)
