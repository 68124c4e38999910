"""Reminders (提醒): what was sent today and what was not, how many must be telephoned now, and the groups' robots."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.doors import words
from lianfang.doors.guard import permitted
from lianfang.doors.hq.devices import area_of
from lianfang.doors.hq.forms import PlaceForm, said, text
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.journeys.observing.calling import to_call_held
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Refusal
from lianfang.messages import queries, services
from lianfang.messages.queries import MessageCount
from lianfang.messages.services.robots import LONGEST_WEBHOOK


class RobotForm(PlaceForm):
    name = forms.CharField(
        label=_("机器人名称"),
        max_length=services.LONGEST_NAME,
        help_text=_("如 孤山镇防控工作群"),
        widget=text(),
    )
    # As a password: a page that is shown again never repeats it.
    webhook = forms.CharField(
        label=_("Webhook 地址"),
        max_length=LONGEST_WEBHOOK,
        help_text=_(
            "在企业微信群里添加群机器人，整段复制它的 Webhook 地址。谁有这个地址谁就能往群里发，不要外传。"
        ),
        widget=forms.PasswordInput({"class": "input", "autocomplete": "off"}),
    )


class ChannelLine(NamedTuple):
    """A channel with how many of its messages stand in each state, in the order of the words."""

    channel: str
    figures: tuple[int, ...]


@permitted("KEEP_REMINDERS")
@never_cache
@answers("GET")
def reminders(request: OfficerRequest) -> HttpResponse:
    return _page(request, _form(request))


@permitted("KEEP_REMINDERS")
@never_cache
@answers("POST")
def add(request: OfficerRequest) -> HttpResponse:
    form = _form(request)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("division", "name", "webhook")}
        try:
            with reach(request.reach) as by:
                services.add_robot(by=by, at=now(), **given)
            messages.success(request, gettext("已添加。请点“试发”，在群里看一看。"))
            return redirect("reminders")
        except Refusal as refusal:
            form.add_error(None, said(refusal))
            return _page(request, form, status=refusal.status)
    return _page(request, form, status=400)


@permitted("KEEP_REMINDERS")
@never_cache
@answers("POST")
def test(request: OfficerRequest, robot_id: UUID) -> HttpResponse:
    """Always in Chinese: it is read in the group, and not by who pressed the button."""
    at = now()
    with reach(request.reach) as by:
        services.ask_test(
            by=by, at=at, id=robot_id, text="联防平台试发：收到这条消息，说明群机器人已接通。不用回复。"
        )
    messages.success(request, gettext("已交给后台，几秒内发到群里。没有收到时，看下面“没有发成的”。"))
    return redirect("reminders")


@permitted("KEEP_REMINDERS")
@never_cache
@answers("POST")
def retire(request: OfficerRequest, robot_id: UUID) -> HttpResponse:
    with reach(request.reach) as by:
        services.retire_robot(by=by, at=now(), id=robot_id)
    messages.success(request, gettext("已停用，Webhook 地址已删除。"))
    return redirect("reminders")


def _form(request: OfficerRequest) -> RobotForm:
    return RobotForm(request.POST or None, under=area_of(request.reach))


def _page(request: OfficerRequest, form: RobotForm, *, status: int = 200) -> HttpResponse:
    at = now()
    day = day_of(at)
    with reach(request.reach) as seen:
        shown: dict[str, Any] = {
            "counted": _lines(queries.counted(seen, day=day)),
            "total": to_call_held(seen, at),
            "failures": queries.failures(seen, day=day),
            "robots": queries.robots(seen, day=day),
        }
    shown |= {
        "at": at, "form": form, "states": words.MESSAGE_STATES.values(), "has_gateway": bool(settings.SMS_URL),
        "most": queries.FAILURES_SHOWN,
    }  # fmt: skip
    return render(request, "hq/reminders.html", shown, status=status)


def _lines(counted: Sequence[MessageCount]) -> list[ChannelLine]:
    figures = {(one.channel, one.state): one.messages for one in counted}
    return [
        ChannelLine(channel, tuple(figures.get((channel, state), 0) for state in words.MESSAGE_STATES))
        for channel in words.MESSAGE_CHANNELS
        if any(one.channel == channel for one in counted)
    ]
