"""/k/: where a household's slip leads. The page is the same for everybody; what stands behind the # never reaches a log."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import public
from lianfang.doors.methods import answers


@public
@never_cache
@answers("GET")
def page(request: HttpRequest) -> HttpResponse:
    """It shows nothing by itself: the link's token fills it (doors/check_in.py)."""
    response = render(request, "public/check_in.html")
    response["X-Robots-Tag"] = "noindex"
    return response


@public
@answers("GET")
def without_slash(request: HttpRequest) -> HttpResponse:
    """As somebody types it. What stands behind the # goes along, in the browser."""
    return HttpResponseRedirect(reverse("check-in"))
