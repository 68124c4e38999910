"""Where a village's poster leads: one screen, how many are at home and how many unwell. Nobody signs in, nobody is named."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import public
from lianfang.doors.methods import answers
from lianfang.doors.village_shapes import MOST_AT_HOME


@public
@never_cache
@answers("GET")
def page(request: HttpRequest) -> HttpResponse:
    """It knows no village: what stands behind the # of the poster's address reaches no server but in a request's head."""
    response = render(request, "public/village.html", {"numbers": range(1, MOST_AT_HOME + 1)})
    response["X-Robots-Tag"] = "noindex"
    return response
