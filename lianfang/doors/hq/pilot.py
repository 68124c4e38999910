"""Phone beside paper (试运行对照): a day's figures of both, what has no partner, and why."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.checkpoints.models import Checkpoint
from lianfang.checkpoints.queries.paper import pad_checkpoints
from lianfang.checkpoints.queries.pilot import PilotDay, pilot_day
from lianfang.checkpoints.services.pilot import LONGEST_NOTE, explain
from lianfang.doors import words
from lianfang.doors.guard import permitted
from lianfang.doors.hq.closing import day_asked, days_linked
from lianfang.doors.hq.forms import said, text
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.typed import as_day
from lianfang.kernel.clock import now
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import NotFound, Refusal


class WhyDifferent(forms.Form):
    """Why one row or one passage has no partner, or another number of people."""

    of = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=_("原因"), choices=list(words.PILOT_REASONS.items()), widget=forms.Select({"class": "input"})
    )
    note = forms.CharField(label=_("说明"), required=False, max_length=LONGEST_NOTE, widget=text())


@permitted("TRANSCRIBE_PAPER")
@never_cache
@answers("GET")
def pilot_page(request: OfficerRequest, checkpoint: str) -> HttpResponse:
    at = now()
    post, found = _day(request, checkpoint, day_asked(request, at))
    return render(request, "hq/pilot.html", _shown(post, found, at))


@permitted("TRANSCRIBE_PAPER")
@never_cache
@answers("GET", "POST")
def explain_one(request: OfficerRequest, checkpoint: str) -> HttpResponse:
    """Whoever comes back to this address without a form is led to the page that has it."""
    at = now()
    day = as_day(request.POST.get("day", ""))
    if request.method != "POST" or day is None:
        return redirect("pilot", checkpoint=checkpoint)
    form = WhyDifferent(request.POST)
    if form.is_valid():
        try:
            explain(by=request.reach, at=at, checkpoint=checkpoint, day=day, **form.cleaned_data)
            messages.success(request, gettext("已说明。"))
            return redirect(f"{reverse('pilot', args=[checkpoint])}?day={day.isoformat()}")
        except NotFound:
            raise
        except Refusal as refusal:
            form.add_error(None, said(refusal))
    post, found = _day(request, checkpoint, day)
    shown = {**_shown(post, found, at), "refused": form, "refused_of": _uuid(request.POST.get("of", ""))}
    return render(request, "hq/pilot.html", shown, status=400)


def _day(request: OfficerRequest, checkpoint: str, day: date) -> tuple[Checkpoint, PilotDay]:
    with reach(request.reach) as seen:
        post = next((post for post in pad_checkpoints(seen) if post.code == checkpoint), None)
        found = pilot_day(seen, checkpoint, day=day)
    if post is None:
        raise NotFound(
            "CHECKPOINT_UNKNOWN", "辖区内没有这个卡口。", "There is no such checkpoint in your area."
        )
    return post, found


def _shown(post: Checkpoint, found: PilotDay, at: datetime) -> dict[str, Any]:
    highest = max((count for _hour, *counts in found.by_hour for count in counts), default=1)
    return {
        "post": post,
        "found": found,
        "day": found.day,
        "days": days_linked(at),
        "highest": highest or 1,
        "reasons": words.PILOT_REASONS,
        "at": at,
    }


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
