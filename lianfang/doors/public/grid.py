"""The grid worker's page and its service worker: files of the phone's build, served under /grid/, which is all they rule."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from lianfang.doors.guard import public
from lianfang.doors.methods import answers
from lianfang.doors.public import phone_app

PAGE = "grid.html"


@public
@answers("GET")
def page(request: HttpRequest) -> HttpResponse:
    """It shows nothing by itself: a token and a PIN fill it (doors/phone/grid_doors.py)."""
    response = phone_app.serve(request, PAGE)
    response["X-Robots-Tag"] = "noindex"
    return response


@public
@answers("GET")
def without_slash(request: HttpRequest) -> HttpResponse:
    """As somebody types it. What stands behind the # goes along, in the browser."""
    return HttpResponseRedirect(reverse("grid"))


@public
@answers("GET")
def file(request: HttpRequest, part: str) -> HttpResponse:
    """The worker and the manifest; what they name lies under /phone/assets/ like all that is built."""
    if part not in ("sw.js", "manifest.webmanifest"):
        raise Http404
    return phone_app.serve(request, f"grid/{part}")
