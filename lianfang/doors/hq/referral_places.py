"""Placing people by their addresses: one from his own page with a tap, a township's fifty in one pass of a form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache

from lianfang.checkpoints.queries.city import answering_city
from lianfang.command.queries.responsibility import vacant_places
from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.place_proposals import AddressShown, proposals_of
from lianfang.doors.hq.referral_acts import done
from lianfang.doors.hq.referral_forms import ActForm, PlacedForm, act_id
from lianfang.doors.hq.referral_page import page
from lianfang.doors.hq.referral_shown import ReferralLine, rows_of
from lianfang.doors.hq.referrals import key_of
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.reading import list_read
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.masking import MASKED
from lianfang.kernel.reach import Reach, reach
from lianfang.referrals.addresses import Lesson, addresses_of, count_unplaced, lesson, unplaced
from lianfang.referrals.models import Referral
from lianfang.referrals.queries import PAGE
from lianfang.referrals.services import Acted, ToPlace, place, place_all
from lianfang.referrals.states import Kind
from lianfang.referrals.who import known
from lianfang.regions.known_names import city_names
from lianfang.regions.queries import registered
from lianfang.regions.teaching import teach_alias


@dataclass(frozen=True, slots=True)
class PassLine:
    """A row of the pass: who, what his address may mean, and what hindered."""

    row: ReferralLine
    address: AddressShown | None
    chosen: str
    refused: str


@dataclass(frozen=True, slots=True)
class Pass:
    """What the form was sent with, and what became of it."""

    chosen: Mapping[UUID, str] = field(default_factory=dict)
    refused: Mapping[UUID, str] = field(default_factory=dict)
    told: str = ""


@permitted("ANSWER_REFERRALS")
@never_cache
@answers("GET", "POST")
def place_referral(request: OfficerRequest, referral_id: UUID) -> HttpResponse:
    """One tap; ticked, the word of his address is taught with it. What it teaches is read from the address, not from the form."""
    if request.method != "POST":
        return redirect("referral", referral_id)
    form, at = PlacedForm(request.POST), now()
    if not form.is_valid():
        return page(request, referral_id, refused=gettext("请从页面上办理。"), status=400)
    code = form.cleaned_data["destination"]

    def doing(by: Reach) -> Acted:
        city, one = answering_city(by), known(by, referral_id)
        taught = _lesson(by, one, city, code, at) if form.cleaned_data["teach"] else None
        acted = place(
            by=by, at=at, id=act_id(form.cleaned_data["id"], referral_id, Kind.PLACED), referral=referral_id, destination=code,
            city=city, vacant=code in vacant_places([code], at=at),
        )  # fmt: skip
        if taught and not acted.repeated:
            teach_alias(
                by=by, at=at, code=taught.code, alias=taught.word, kind=taught.kind, source=taught.source
            )
            messages.success(request, gettext("已记下别名“%(word)s”。") % {"word": taught.word})
        return acted

    return done(request, referral_id, Kind.PLACED, doing)


def _lesson(by: Reach, one: Referral, city: str | None, code: str, at: datetime) -> Lesson | None:
    found = addresses_of(by, [one], city_names(city, day_of(at))) if city else {}
    return lesson(found[one.id].read, code) if one.id in found else None


@permitted("ANSWER_REFERRALS")
@never_cache
@answers("GET", "POST")
def unplaced_list(request: OfficerRequest) -> HttpResponse:
    """`?after=`. By POST those that are ticked or chosen are placed, each an act of its own."""
    if request.method != "POST":
        return _page(request, Pass())
    form, at = ActForm(request.POST), now()
    if not form.is_valid():
        return _page(request, Pass(told=gettext("请从页面上办理。")), status=400)
    wanted = _wanted(request.POST, form.cleaned_data["id"], at)
    if not wanted:
        return _page(request, Pass(told=gettext("还没有选任何一人。")), status=400)
    with reach(request.reach) as by:
        placed = place_all(by=by, at=at, wanted=wanted, city=answering_city(by))
    refused = {one.referral: said(one.refusal) for one in placed if one.refusal}
    count = len(placed) - len(refused)
    told = ngettext("交给 %(n)d 人", "交给 %(n)d 人", count) % {"n": count}
    if not refused:
        messages.success(request, told)
        return redirect("unplaced")
    chosen = {one.referral: one.destination for one in wanted if one.referral in refused}
    more = ngettext("，%(n)d 人没有办成，见下面红字。", "，%(n)d 人没有办成，见下面红字。", len(refused)) % {
        "n": len(refused)
    }
    return _page(request, Pass(chosen, refused, told + more), status=409)


def _wanted(given: QueryDict, form: UUID, at: datetime) -> list[ToPlace]:
    """The rows in which a place is chosen: `row-n` the referral and where it was headed, `to-n` the place, `grid-n` its grid."""
    chosen: dict[UUID, tuple[int, str]] = {}
    for n in range(PAGE):
        row, to = given.get(f"row-{n}", ""), given.get(f"to-{n}", "")
        referral, _, headed = row.partition("_")
        try:
            if to and headed.isascii() and headed.isdigit() and len(headed) <= 18:
                chosen[UUID(referral)] = (int(headed), _finer(to, given.get(f"grid-{n}", "")))
        except ValueError:
            continue
    known_codes = registered({code for _, code in chosen.values()}, day_of(at))
    vacant = vacant_places(set(known_codes), at=at)
    return [
        ToPlace(act_id(form, id, Kind.PLACED), id, headed, code, code in vacant)
        for id, (headed, code) in chosen.items()
        if code in known_codes
    ]  # fmt: skip


def _finer(to: str, grid: str) -> str:
    """The grid, if it is one of the place."""
    return grid if grid.startswith(to) and grid != to else to


def _page(request: OfficerRequest, sent: Pass, *, status: int = 200) -> HttpResponse:
    at = now()
    with reach(request.reach) as seen:
        found = unplaced(seen, at=at, after=key_of(request))
        rows = rows_of(seen, found.referrals, at=at)
        read = proposals_of(seen, found.referrals, at=at, city=answering_city(seen), sight=MASKED)
        list_read(seen, "unplaced", count=len(rows))
        total = count_unplaced(seen, at=at)
    lines = [
        PassLine(row, read.get(row.one.id), sent.chosen.get(row.one.id, ""), sent.refused.get(row.one.id, ""))
        for row in rows
    ]
    shown = {
        "at": at, "lines": lines, "total": total, "next": found.after, "told": sent.told, "is_first": not sent.chosen,
        "certain": sum(line.address is not None and line.address.certain is not None for line in lines), "form": ActForm(at=at),
    }  # fmt: skip
    return render(request, "hq/unplaced.html", shown, status=status)
