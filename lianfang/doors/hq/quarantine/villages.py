"""Villages that check in by themselves: what they came to, a poster for another one, an end to it. Figures, and nobody."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.devices import area_of, seen_from_outside
from lianfang.doors.hq.forms import PlaceForm, said
from lianfang.doors.hq.quarantine.village_bars import VillageBar, bars
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.public.authority import the_authority
from lianfang.doors.typed import as_number
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Refusal
from lianfang.quarantine.queries.villages import (
    VillageCounts,
    VillageHalfDay,
    VillagePoster,
    village_counts,
    village_posters,
)
from lianfang.quarantine.rules import Half, HalfDay
from lianfang.quarantine.services import close_village_check_in, open_village_check_in
from lianfang.quarantine.services.villages import LONGEST
from lianfang.regions.queries import names, paths
from lianfang.regions.search import Found

LISTED = 50
DAYS = 14


class VillageForm(PlaceForm):
    days = forms.TypedChoiceField(
        label=_("开多久"),
        choices=[(7, _("7 天")), (14, _("14 天")), (LONGEST.days, _("30 天"))],
        coerce=int,
        initial=14,
        widget=forms.RadioSelect,
    )

    def _first_choices(self) -> list[Found]:
        """The villages of a township, without the township."""
        return [found for found in super()._first_choices() if found.division.level == "VILLAGE"]


@dataclass(frozen=True, slots=True)
class VillageLine:
    """A village as a row: today's halves, and fourteen days as bars. `somebody`: unwell today."""

    poster: VillagePoster
    place: str
    good: bool
    mine: bool
    morning: VillageHalfDay | None
    evening: VillageHalfDay | None
    drawn: list[VillageBar]

    @property
    def somebody(self) -> bool:
        return any(half is not None and half.somebody for half in (self.morning, self.evening))

    @property
    def full(self) -> bool:
        return any(half is not None and half.full for half in (self.morning, self.evening))


@permitted("VIEW_QUARANTINE")
@never_cache
@answers("GET")
def village_list(request: OfficerRequest) -> HttpResponse:
    """`?after=`: how many rows were shown. Where somebody is unwell first, then the open ones, by code."""
    at, skip = now(), as_number(request.GET.get("after", ""), longest=6) or 0
    today = day_of(at)
    with reach(request.reach) as seen:
        posters = village_posters(seen)
        codes = [one.division for one in posters]
        lately = village_counts(seen, codes, since=today)
        ordered = sorted(posters, key=lambda one: _pressing(one, lately, at))
        page = ordered[skip : skip + LISTED]
        counts = village_counts(seen, [one.division for one in page], since=today - timedelta(days=DAYS - 1))
    places = paths([one.division for one in page], today)
    shown = {
        "at": at,
        "lines": [_line(request, one, places.get(one.division, one.division), counts, at) for one in page],
        "open": sum(one.is_good(at) for one in posters),
        "unwell": sum(_somebody(lately, one) for one in posters),
        "may": request.reach.may("KEEP_QUARANTINE"),
        "next": skip + LISTED if len(posters) > skip + LISTED else None,
        "days": DAYS,
    }
    return render(request, "hq/quarantine/villages.html", shown)


def _somebody(counts: VillageCounts, one: VillagePoster) -> bool:
    return any(half.somebody for half in counts.get(one.division, {}).values())


def _pressing(one: VillagePoster, counts: VillageCounts, at: datetime) -> tuple[bool, bool, str]:
    return not _somebody(counts, one), not one.is_good(at), one.division


def _line(
    request: OfficerRequest, one: VillagePoster, place: str, counts: VillageCounts, at: datetime
) -> VillageLine:
    mine, today = counts.get(one.division, {}), day_of(at)
    return VillageLine(
        poster=one,
        place=place,
        good=one.is_good(at),
        mine=request.reach.holds(one.jurisdiction),
        morning=mine.get(HalfDay(today, Half.MORNING)),
        evening=mine.get(HalfDay(today, Half.EVENING)),
        drawn=bars(mine, until=HalfDay(today, Half.EVENING), days=DAYS),
    )


@permitted("KEEP_QUARANTINE")
@never_cache
@answers("GET", "POST")
def open_one(request: OfficerRequest) -> HttpResponse:
    """A village is chosen; what answers is its poster, to be printed. Of one that has a poster, a new one that ends it."""
    form = VillageForm(request.POST or None, under=area_of(request.reach))
    if form.is_valid():
        try:
            return _poster(request, form.cleaned_data["division"], form.cleaned_data["days"])
        except Refusal as refusal:
            form.add_error(None, said(refusal))
    status = 400 if form.errors else 200
    return render(request, "hq/quarantine/open_village.html", {"form": form}, status=status)


def _poster(request: OfficerRequest, division: str, days: int) -> HttpResponse:
    """The poster's token stands on this page once and nowhere else."""
    at, lasts = now(), timedelta(days=days)
    token = open_village_check_in(by=request.reach, at=at, division=division, lasts=lasts)
    # Behind the #, which no browser sends to a server: no log and no proxy sees it.
    link = f"{seen_from_outside(request)}{reverse('village-page')}#{token}"
    return render(
        request, "hq/quarantine/village_poster.html", _on_paper(division, link, at + lasts, day_of(at))
    )


def _on_paper(division: str, link: str, until: datetime, today: date) -> dict[str, Any]:
    return {
        "place": names([division], today).get(division, division),
        "link": link,
        "qr": segno.make(link, error="q").svg_data_uri(scale=8, border=4),
        "until": until,
        "trusted": settings.BEHIND_PROXY or the_authority() is None,
    }


@permitted("KEEP_QUARANTINE")
@never_cache
@answers("POST")
def close(request: OfficerRequest, village_id: UUID) -> HttpResponse:
    close_village_check_in(by=request.reach, at=now(), id=village_id)
    messages.success(request, gettext("已停止。海报上的二维码不能再打卡，已经报的 14 天后删除。"))
    return redirect("village-check-ins")
