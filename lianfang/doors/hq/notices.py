"""What an officer was told: broken glass in his area, a grid phone that was locked."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from lianfang.command.queries import notices
from lianfang.command.services import read_notice
from lianfang.doors.guard import signed_in
from lianfang.doors.hq.glass import back
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.kernel.clock import machine_now


@signed_in
@never_cache
@answers("GET")
def notice_list(request: OfficerRequest) -> HttpResponse:
    at = machine_now()
    listed = notices(request.reach, at=at)
    shown = [(line, line.is_open(at)) for line in listed]
    unread = sum(line.read_at is None for line in listed)
    return render(request, "hq/notices.html", {"notices": shown, "unread": unread})


@signed_in
@never_cache
@answers("POST")
def read(request: OfficerRequest, notice_id: UUID) -> HttpResponse:
    read_notice(by=request.reach, id=notice_id, at=machine_now())
    return back(request, "notices")
