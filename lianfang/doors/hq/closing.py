"""Checkpoint day (日清日结): who has not closed, a checkpoint's three shifts, and closing one of them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.checkpoints import services
from lianfang.checkpoints.queries import Overview, PostDay, ShiftLine, closing_day, closing_overview
from lianfang.checkpoints.services.closing import LARGEST_COUNT, LONGEST_EXPLANATION
from lianfang.checkpoints.shifts import BY_CODE, Recorded, Tally
from lianfang.doors import words
from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.typed import as_day
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.situation.cells import known
from lianfang.situation.shifts import recorded_by_shift

DAYS_LINKED = 7


class ClosingForm(forms.Form):
    """The hand count of a shift. A zero report is chosen, never inferred from empty boxes."""

    report = forms.ChoiceField(
        label=_("报告"), choices=list(words.REPORTS.items()), initial="COUNTED", widget=forms.RadioSelect
    )
    vehicles = forms.IntegerField(label=_("手工台次"), required=False, widget=forms.TextInput())
    people = forms.IntegerField(label=_("手工人次"), required=False, widget=forms.TextInput())
    explanation = forms.CharField(
        label=_("不一样的原因"),
        required=False,
        max_length=LONGEST_EXPLANATION,
        help_text=_("手工数与记录不同时必填，如 有一辆车没有登记"),
        widget=forms.TextInput({"class": "input", "autocomplete": "off"}),
    )

    def __init__(self, given: QueryDict | None = None, *, initial: dict[str, Any] | None = None) -> None:
        # Three such forms stand on one page: fields carry no ids.
        super().__init__(given, initial=initial, auto_id=False)
        for name in ("vehicles", "people"):
            self.fields[name].widget.attrs |= {
                "class": "input",
                "inputmode": "numeric",
                "autocomplete": "off",
                "maxlength": len(str(LARGEST_COUNT)),
            }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("vehicles", "people"):
            if cleaned.get("report") == "COUNTED" and name in cleaned and cleaned[name] is None:
                self.add_error(name, _("请填手工数；没有人来请选“零报告”。"))
        return cleaned


@dataclass(frozen=True, slots=True)
class ShiftCard:
    """A shift on its page, with its form where it can be closed. `again`: it is closed already."""

    line: ShiftLine
    form: ClosingForm | None
    opened: bool

    @property
    def again(self) -> bool:
        return self.line.closing is not None


def day_asked(request: HttpRequest, at: datetime) -> date:
    """The address's day; today when it names none that can be read."""
    return as_day(request.GET.get("day", "")) or day_of(at)


def days_linked(at: datetime) -> list[date]:
    return [day_of(at) - timedelta(days=back) for back in range(DAYS_LINKED)]


@permitted("CLOSE_SHIFTS")
@never_cache
@answers("GET")
def overview(request: OfficerRequest) -> HttpResponse:
    at = now()
    found, as_of = overview_of(request, day_asked(request, at), at)
    shown = {"overview": found, "day": found.day, "days": days_linked(at), "as_of": as_of}
    return render(request, "hq/closing.html", shown)


def overview_of(request: OfficerRequest, day: date, at: datetime) -> tuple[Overview, datetime | None]:
    with reach(request.reach) as seen:
        what = known(None)
        recorded = recorded_by_shift(what, day=day)
        return closing_overview(seen, day=day, recorded=recorded, at=at), what.watermark


@permitted("CLOSE_SHIFTS")
@never_cache
@answers("GET")
def checkpoint_day(request: OfficerRequest, checkpoint: str) -> HttpResponse:
    at = now()
    return _day_page(request, checkpoint, day_asked(request, at), at)


@permitted("CLOSE_SHIFTS")
@never_cache
@answers("GET", "POST")
def close(request: OfficerRequest, checkpoint: str) -> HttpResponse:
    """Whoever comes back to this address without a form is led to the page that has it."""
    if request.method != "POST":
        return redirect("closing-day", checkpoint=checkpoint)
    at = now()
    day, shift = _which(request.POST)
    form = ClosingForm(request.POST)
    if form.is_valid():
        try:
            return _closed(request, checkpoint, day, shift, form.cleaned_data, at)
        except NotFound:
            raise
        except Refusal as refusal:
            form.add_error(None, said(refusal))
    return _day_page(request, checkpoint, day, at, {shift: form}, status=400)


def _which(given: QueryDict) -> tuple[date, str]:
    """What the form carries unseen: its day and its shift."""
    day, shift = as_day(given.get("day", "")), given.get("shift", "")
    if day is None or shift not in BY_CODE:
        raise Refusal("SHIFT_UNKNOWN", "没有这个班次。", "There is no such shift.")
    return day, shift


def _closed(
    request: OfficerRequest, checkpoint: str, day: date, shift: str, given: dict[str, Any], at: datetime
) -> HttpResponse:
    """The records are asked now, not when the page was opened: what came meanwhile is seen before it is signed for."""
    what = known(None)
    tally = recorded_by_shift(what, day=day, checkpoint=checkpoint).get((checkpoint, shift))
    vehicles, people = tally or (None, None)
    services.close_shift(
        by=request.reach,
        at=at,
        checkpoint=checkpoint,
        day=day,
        shift=shift,
        hand_vehicles=given["vehicles"] or 0,
        hand_people=given["people"] or 0,
        recorded=Recorded(vehicles, people, what.watermark),
        zero=given["report"] == "ZERO",
        explanation=given["explanation"],
    )
    messages.success(request, gettext("已结：%(shift)s。") % {"shift": words.SHIFTS[shift]})
    return redirect(f"{reverse('closing-day', args=[checkpoint])}?day={day.isoformat()}")


def _day_page(
    request: OfficerRequest,
    checkpoint: str,
    day: date,
    at: datetime,
    posted: dict[str, ClosingForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    post, as_of = post_day(request, checkpoint, day, at)
    shown = {
        "post": post,
        "day": day,
        "days": days_linked(at),
        "as_of": as_of,
        "shifts": [_shown(line, (posted or {}).get(line.shift.code)) for line in post.shifts],
        "closed": sum(line.due and line.closing is not None for line in post.shifts),
        "due": sum(line.due for line in post.shifts),
    }
    return render(request, "hq/closing_day.html", shown, status=status)


def post_day(
    request: OfficerRequest, checkpoint: str, day: date, at: datetime
) -> tuple[PostDay, datetime | None]:
    """The checkpoint's day and how far the figures reach; the same refusal whether there is none or it is another's."""
    with reach(request.reach) as seen:
        what = known(None)
        recorded = recorded_by_shift(what, day=day, checkpoint=checkpoint)
        post = closing_day(seen, checkpoint, day=day, recorded=recorded, at=at)
    if post is None:
        raise NotFound(
            "CHECKPOINT_UNKNOWN", "辖区内没有这个卡口。", "There is no such checkpoint in your area."
        )
    return post, what.watermark


def _shown(line: ShiftLine, posted: ClosingForm | None) -> ShiftCard:
    if not line.closable:
        return ShiftCard(line, posted, opened=posted is not None)
    return ShiftCard(line, posted or ClosingForm(initial=_initial(line)), opened=posted is not None)


def _initial(line: ShiftLine) -> dict[str, Any]:
    """What was said last; nothing for a shift that is open, so that nobody copies the records for a count."""
    if line.closing is None:
        return {}
    hand: tuple[Any, Any] = line.closing.hand if line.closing.report == "COUNTED" else (None, None)
    return {
        "report": line.closing.report,
        "vehicles": hand[0],
        "people": hand[1],
        "explanation": line.closing.explanation,
    }


def known_or_none(tally: Tally | None) -> tuple[int | None, int | None]:
    """For a table's two columns: nothing where no record has come."""
    return tally or (None, None)
