"""A checkpoint's poster: the code that leads travellers to their page, on paper."""

import segno
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from lianfang.checkpoints.queries import invitable_checkpoints
from lianfang.doors.guard import permitted
from lianfang.doors.hq.devices import seen_from_outside
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.public.authority import the_authority
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import NotFound


@permitted("MANAGE_DEVICES")
@never_cache
@answers("GET")
def poster(request: OfficerRequest, checkpoint: str) -> HttpResponse:
    """Whoever may enrol a checkpoint's phones may hang up its poster."""
    with reach(request.reach) as seen:
        post = next((post for post in invitable_checkpoints(seen) if post.code == checkpoint), None)
    if post is None:
        raise NotFound(
            "CHECKPOINT_UNKNOWN", "辖区内没有这个卡口。", "There is no such checkpoint in your area."
        )
    link = seen_from_outside(request) + reverse("declare", args=[post.code])
    shown = {
        "post": post,
        "link": link,
        "qr": segno.make(link, error="q").svg_data_uri(scale=8, border=4),
        "trusted": settings.BEHIND_PROXY or the_authority() is None,
    }
    return render(request, "hq/poster.html", shown)
