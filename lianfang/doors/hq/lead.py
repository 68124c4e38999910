"""The lead's page (卡口负责人): lanes and their phones, who is there, this hour, and handing over to the next crew."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.checkpoints.queries.lead import HANDOVERS, Lane, crew, handovers, lanes, led_checkpoints
from lianfang.checkpoints.queries.turn_backs import count_turn_backs
from lianfang.checkpoints.rules import is_open, is_silent
from lianfang.checkpoints.services.handovers import LONGEST_NOTE, accept_handover, hand_over
from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.situation.lead import NOTHING, OpenItem, hour_figures, last_records, last_sent, open_items

LOW_BATTERY = 20  # percent


class HandoverForm(forms.Form):
    note = forms.CharField(
        label=_("要交代的事"),
        required=False,
        max_length=LONGEST_NOTE,
        help_text=_("只写工作，不写旅客的姓名和号码"),
        widget=forms.Textarea({"class": "input", "rows": 3}),
    )


@permitted("LEAD_CHECKPOINTS")
@never_cache
@answers("GET")
def checkpoint_list(request: OfficerRequest) -> HttpResponse:
    at = now()
    with reach(request.reach) as seen:
        posts = led_checkpoints(seen, at=at)
        turn_backs = count_turn_backs(seen, at=at).waiting if seen.may("DECIDE_TURN_BACK") else 0
    codes = [post.code for post in posts]
    figures, last = hour_figures(codes, at=at), last_records(codes)
    listed: list[dict[str, Any]] = [
        {
            "post": post,
            "figures": figures.get(post.code, NOTHING),
            "last": last.get(post.code),
            "silent": is_silent(post, last.get(post.code), at),
            "open": is_open(post, at),
        }
        for post in posts
    ]
    waiting = sum(bool(one["silent"] or one["post"].is_waiting) for one in listed)
    shown = {"listed": listed, "waiting": waiting, "turn_backs": turn_backs, "at": at}
    return render(request, "hq/checkpoints.html", shown)


@permitted("LEAD_CHECKPOINTS")
@never_cache
@answers("GET")
def checkpoint_page(request: OfficerRequest, checkpoint: str) -> HttpResponse:
    return _page(request, checkpoint, HandoverForm(), now())


@permitted("LEAD_CHECKPOINTS")
@never_cache
@answers("GET", "POST")
def hand_over_shift(request: OfficerRequest, checkpoint: str) -> HttpResponse:
    """What is open is found now, not when the page was opened."""
    if request.method != "POST":
        return redirect("checkpoint", checkpoint=checkpoint)
    at, form = now(), HandoverForm(request.POST)
    if form.is_valid():
        with reach(request.reach) as seen:
            items = open_items(seen, checkpoint, lanes(seen, checkpoint, at=at), at=at)
        try:
            hand_over(
                by=request.reach, at=at, checkpoint=checkpoint, note=form.cleaned_data["note"],
                open_items=[item.as_json for item in items],
            )  # fmt: skip
            messages.success(request, gettext("已交班，等接班的人接班。"))
            return redirect("checkpoint", checkpoint=checkpoint)
        except NotFound:
            raise
        except Refusal as refusal:
            form.add_error(None, said(refusal))
    return _page(request, checkpoint, form, at, status=400)


@permitted("LEAD_CHECKPOINTS")
@never_cache
@answers("GET", "POST")
def accept(request: OfficerRequest, checkpoint: str, handover_id: UUID) -> HttpResponse:
    if request.method == "POST":
        accept_handover(by=request.reach, at=now(), checkpoint=checkpoint, id=handover_id)
        messages.success(request, gettext("已接班。"))
    return redirect("checkpoint", checkpoint=checkpoint)


def _page(
    request: OfficerRequest, checkpoint: str, form: HandoverForm, at: datetime, *, status: int = 200
) -> HttpResponse:
    with reach(request.reach) as seen:
        posts = led_checkpoints(seen, at=at, code=checkpoint)
        if not posts:
            raise NotFound(
                "CHECKPOINT_UNKNOWN", "辖区内没有这个卡口。", "There is no such checkpoint in your area."
            )
        shown = _of_checkpoint(seen, checkpoint, at)
    last = last_records([checkpoint]).get(checkpoint)
    shown |= {
        "post": posts[0],
        "figures": hour_figures([checkpoint], at=at).get(checkpoint, NOTHING),
        "last": last,
        "silent": is_silent(posts[0], last, at),
        "open": is_open(posts[0], at),
        "form": form,
        "at": at,
        "low_battery": LOW_BATTERY,
    }
    return render(request, "hq/checkpoint.html", shown, status=status)


def _of_checkpoint(seen: Reach, checkpoint: str, at: datetime) -> dict[str, Any]:
    found = lanes(seen, checkpoint, at=at)
    sent = last_sent([lane.device_id for lane in found])
    handed = handovers(seen, checkpoint)
    items = open_items(seen, checkpoint, found, at=at)
    return {
        "lanes": [
            {"lane": lane, "last": sent.get(lane.device_id), "silent": _is_silent(lane, items)}
            for lane in found
        ],
        "crew": crew(seen, checkpoint, at=at),
        "handover": next((one for one in handed if one.accepted_at is None), None),
        "handed": [one for one in handed if one.accepted_at is not None][:HANDOVERS],
        "items": items,
    }


def _is_silent(lane: Lane, items: list[OpenItem]) -> bool:
    return any(item.kind == "SILENT_LANE" and item.about == lane.device for item in items)
