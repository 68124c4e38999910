"""Phones of checkpoints: how each is, a QR code for a new one, an end to a lost one. Local posts are opened here."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from lianfang.checkpoints import services
from lianfang.checkpoints.models import Checkpoint
from lianfang.checkpoints.queries import DeviceLine, device, devices, invitable_checkpoints
from lianfang.checkpoints.services import Invitation
from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import InviteForm, PostForm, WipeForm, said
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.divisions import from_integer
from lianfang.kernel.divisions import span as span_of
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.machine.addresses import lan_addresses

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


class ShownDevice(NamedTuple):
    """A device as a line of the page: what it may do now, and whether it has been quiet for too long."""

    line: DeviceLine
    may_send: bool
    may_be_wiped: bool
    quiet: bool


@permitted("MANAGE_DEVICES")
@never_cache
@answers("GET")
def device_list(request: OfficerRequest) -> HttpResponse:
    with reach(request.reach) as seen:
        listed = devices(seen)
    at = now()
    listed.sort(key=lambda device: (device.tier, device.checkpoint))
    active = sum(device.may_send(at) for device in listed)
    lines = [
        ShownDevice(line, line.may_send(at), line.may_be_wiped(at), line.is_quiet(at)) for line in listed
    ]
    return render(request, "hq/devices.html", {"devices": lines, "active": active, "at": at})


@permitted("MANAGE_DEVICES")
@never_cache
@answers("GET", "POST")
def invite(request: OfficerRequest) -> HttpResponse:
    with reach(request.reach) as seen:
        posts = invitable_checkpoints(seen)
    form = InviteForm(request.POST or None, checkpoints=posts, initial=request.GET.dict())
    if not form.is_valid():
        return render(request, "hq/invite.html", {"form": form, "posts": posts})
    chosen = next(post for post in posts if post.code == form.cleaned_data["checkpoint"])
    return invited(request, chosen)


def invited(request: OfficerRequest, post: Checkpoint) -> HttpResponse:
    """The page a phone is held in front of. The code stands here once and nowhere else."""
    at = now()
    invitation = services.invite_device(by=request.reach, checkpoint=post.code, at=at)
    link = enrolment_link(request, invitation)
    shown = {
        "post": post,
        "invitation": invitation,
        "link": link,
        "qr": segno.make(link, error="m").svg_data_uri(scale=8, border=2),
        "seconds": int((invitation.expires_at - at).total_seconds()),
        "since": at,
        "start": link.partition("/phone/")[0] + reverse("start"),
    }
    return render(request, "hq/invited.html", shown)


def enrolment_link(request: HttpRequest, invitation: Invitation) -> str:
    return f"{seen_from_outside(request)}/phone/#enrol={invitation.code}"


def seen_from_outside(request: HttpRequest) -> str:
    """Where others find this server: under the name the officer uses, or the machine's address on the network."""
    host = request.get_host()
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    if not request.is_secure() or name in LOOPBACK:
        host = f"{next(iter(lan_addresses()), 'localhost')}:{settings.HTTPS_PORT}"
    return f"https://{host}"


@permitted("MANAGE_DEVICES")
@never_cache
@answers("GET")
def arrived(request: OfficerRequest, checkpoint: str) -> HttpResponse:
    """The piece of the invitation's page that says whether the phone has come: asked every few seconds."""
    since = _moment(request.GET.get("since", ""))
    with reach(request.reach) as seen:
        if not any(post.code == checkpoint for post in invitable_checkpoints(seen)):
            raise NotFound(
                "CHECKPOINT_UNKNOWN", "辖区内没有这个卡口。", "There is no such checkpoint in your area."
            )
        here = [line for line in devices(seen) if line.checkpoint == checkpoint]
    new = [line for line in here if since is not None and line.enrolled_at >= since]
    return render(request, "hq/pieces/arrived.html", {"device": new[-1] if new else None})


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None


@permitted("MANAGE_DEVICES")
@answers("POST")
def revoke(request: OfficerRequest, device_id: UUID) -> HttpResponse:
    services.revoke_device(by=request.reach, device_id=device_id, at=now())
    messages.success(request, _("已停用。这台手机不能再上传，已上传的记录都在。"))
    return redirect("devices")


@permitted("MANAGE_DEVICES")
@never_cache
@answers("GET", "POST")
def wipe(request: OfficerRequest, device_id: UUID) -> HttpResponse:
    """First what becomes of the records that were not sent, then once more whether it is meant."""
    with reach(request.reach) as seen:
        line = device(seen, device_id)
    form = WipeForm(request.POST or None)
    if not form.is_valid():
        status = 400 if form.errors else 200
        return render(request, "hq/wipe.html", {"device": line, "form": form}, status=status)
    wish = {"outbox": form.cleaned_data["outbox"], "reason": form.cleaned_data["reason"]}
    if not form.cleaned_data["sure"]:
        return render(request, "hq/wipe.html", {"device": line, "sure": True, **wish})
    services.wipe_device(by=request.reach, device_id=device_id, at=now(), **wish)
    messages.success(request, _("已经吩咐下去，这台手机下次联网时清除。清除后这里会显示。"))
    return redirect("devices")


@permitted("OPEN_POSTS")
@never_cache
@answers("GET", "POST")
def open_post(request: OfficerRequest) -> HttpResponse:
    form = PostForm(request.POST or None, under=area_of(request.reach))
    if form.is_valid():
        try:
            return _opened(request, form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, said(refusal))
    return render(request, "hq/open_post.html", {"form": form}, status=400 if form.errors else 200)


def _opened(request: OfficerRequest, given: dict[str, str]) -> HttpResponse:
    post = services.open_post(
        by=request.reach, name=given["name"], division=given["division"], kind=given["kind"], at=now()
    )
    if request.reach.may("MANAGE_DEVICES"):
        return invited(request, post)
    messages.success(request, _("卡点已开设。"))
    return redirect("desk")


def area_of(officer: Reach) -> str | None:
    """The division an officer is posted over, if it is one."""
    if len(officer.spans) != 1:
        return None
    code = from_integer(officer.spans[0][0])
    return code if span_of(code) == officer.spans[0] else None
