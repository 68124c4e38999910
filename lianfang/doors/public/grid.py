"""The grid worker's page: it shows nothing by itself; a token and a PIN fill it (doors/phone/grid.py)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import public
from lianfang.doors.methods import answers


@public
@never_cache
@answers("GET")
def page(request: HttpRequest) -> HttpResponse:
    return render(request, "public/grid.html")
