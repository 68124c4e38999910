"""Phones of grid workers: who reads which grid's list and until when, a code for a new one, an end to a lost one."""

from uuid import UUID

import segno
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.command import services
from lianfang.command.queries import grid_phones
from lianfang.command.services.grid_phones import GRIDS
from lianfang.doors.guard import permitted
from lianfang.doors.hq.devices import area_of, seen_from_outside
from lianfang.doors.hq.forms import PlaceForm, said, text
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.refusals import Refusal
from lianfang.regions.queries import path
from lianfang.regions.search import Found


class GridWorkerForm(PlaceForm):
    name = forms.CharField(
        label=_("网格员"),
        max_length=services.LONGEST_WORKER,
        help_text=_("姓名或称呼，只给值班员看"),
        widget=text(),
    )

    def _first_choices(self) -> list[Found]:
        """The villages of a township, without the township."""
        return [found for found in super()._first_choices() if found.division.level in GRIDS]


@permitted("INVITE_GRID_WORKERS")
@never_cache
@answers("GET")
def grid_worker_list(request: OfficerRequest) -> HttpResponse:
    listed = grid_phones(request.reach, at=now())
    reading = sum(line.state == "READING" for line in listed)
    return render(request, "hq/grid_workers.html", {"phones": listed, "reading": reading})


@permitted("INVITE_GRID_WORKERS")
@never_cache
@answers("GET", "POST")
def invite(request: OfficerRequest) -> HttpResponse:
    form = GridWorkerForm(request.POST or None, under=area_of(request.reach))
    if form.is_valid():
        try:
            return _invited(request, form.cleaned_data["division"], form.cleaned_data["name"])
        except Refusal as refusal:
            form.add_error(None, said(refusal))
    return render(request, "hq/invite_grid_worker.html", {"form": form}, status=400 if form.errors else 200)


def _invited(request: OfficerRequest, division: str, name: str) -> HttpResponse:
    """The page the grid worker's phone is held in front of. The code stands here once and nowhere else."""
    at = now()
    invitation = services.invite_grid_worker(by=request.reach, division=division, name=name, at=at)
    here = seen_from_outside(request)
    link = f"{here}{reverse('grid')}#{invitation.code}"  # behind the #, which no browser sends to a server
    shown = {
        "name": name,
        "place": path(division, day_of(at)),
        "invitation": invitation,
        "qr": segno.make(link, error="m").svg_data_uri(scale=8, border=2),
        "seconds": int((invitation.expires_at - at).total_seconds()),
        "page": here + reverse("grid"),
        "start": here + reverse("start"),
    }
    return render(request, "hq/grid_worker_invited.html", shown)


@permitted("INVITE_GRID_WORKERS")
@answers("POST")
def revoke(request: OfficerRequest, phone_id: UUID) -> HttpResponse:
    services.revoke_grid_phone(by=request.reach, id=phone_id, at=now())
    messages.success(request, gettext("已停用。这部网格手机不能再查看名单。"))
    return redirect("grid-workers")
