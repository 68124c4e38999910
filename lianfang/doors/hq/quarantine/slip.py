"""The slip (隔离医学观察告知书): who, why, from when until when, whom to call, how to object; with the household's code."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import segno
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.devices import seen_from_outside
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.on_paper import on_paper, pdf_at_hand, wants_pdf
from lianfang.doors.hq.quarantine.forms import SlipForm
from lianfang.doors.hq.quarantine.shown import OrderLine, lines_of, rows_of
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.telling import sentence_of
from lianfang.doors.methods import answers
from lianfang.doors.reading import order_read
from lianfang.doors.watermarks import Watermark
from lianfang.doors.words import ORDER_ACTS, REASON_KINDS
from lianfang.journeys.observing.by_hand import together
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.masking import OPENED
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.quarantine.models import QuarantineReason
from lianfang.quarantine.queries.orders import order_known, reasons_of
from lianfang.quarantine.queries.thresholds import thresholds_at
from lianfang.quarantine.rules import Half, HalfDay
from lianfang.quarantine.services.printing import PrintedSlip, print_slip

CIRCLED = [chr(0x2460 + n) for n in range(20)] + [chr(0x3251 + n) for n in range(10)]  # ① … ⑳ ㉑ … ㉚


@dataclass(frozen=True, slots=True)
class OnTheSlip:
    """One of the household. `mark`: ①; `reasons`: why, in the words of the rules, each once."""

    mark: str
    row: OrderLine
    reasons: tuple[str, ...]

    @property
    def last_on(self) -> date:
        return self.row.one.last_on


@permitted("KEEP_QUARANTINE")
@never_cache
@answers("GET", "POST")
def slip(request: OfficerRequest, order_id: UUID) -> HttpResponse:
    """Read, it asks who stands on it; by POST it is printed and noted, and the code of the last one answers no more."""
    at = now()
    with reach(request.reach) as seen:
        found = order_known(seen, order_id)
        seen.require_own(found.jurisdiction)
        offered = together(seen, found)
        form = SlipForm(
            request.POST if request.method == "POST" else None, at=at, offered=[one.id for one in offered]
        )
        if request.method != "POST":
            order_read(seen, found.id)
        rows = rows_of(seen, offered, at=at, sight=OPENED)
    if form.is_bound and form.is_valid():
        try:
            pdf = wants_pdf(request)
            made = print_slip(by=request.reach, at=at, id=form.cleaned_data["id"], orders=form.listed)
        except NotFound:
            raise
        except Refusal as refusal:
            return _choose(request, rows, form, said(refusal), refusal.status)
        return _printed(request, made, order_id, at, pdf=pdf)
    refused = " ".join(str(error) for errors in form.errors.values() for error in errors)
    return _choose(request, rows, form, refused, 400 if form.errors else 200)


def _choose(
    request: OfficerRequest, rows: list[OrderLine], form: SlipForm, refused: str, status: int
) -> HttpResponse:
    fresh = SlipForm(at=now(), offered=[]) if refused else form  # the act that was refused is not done again
    shown = {
        "rows": rows, "one": rows[0].one, "form": fresh, "refused": refused, "pdf_at_hand": pdf_at_hand(),
    }  # fmt: skip
    return render(request, "hq/quarantine/slip_of_whom.html", shown, status=status)


def _printed(
    request: OfficerRequest, made: PrintedSlip, order_id: UUID, at: datetime, *, pdf: bool
) -> HttpResponse:
    link = f"{seen_from_outside(request)}/k/#{made.token}"
    with reach(request.reach) as seen:
        rows = lines_of(seen, made.orders, made.people, at=at)
        why = reasons_of(made.orders)
    people = [OnTheSlip(CIRCLED[n], row, _reasons(why.get(row.one.id, []))) for n, row in enumerate(rows)]
    purpose, stands = str(ORDER_ACTS["SLIP_PRINTED"]), thresholds_at(at)
    shown = {
        "people": people, "one": rows[0].one, "row": rows[0], "link": link, "back": order_id, "at": at,
        "qr": segno.make(link, error="m", micro=False).svg_data_uri(scale=4, border=3),
        "thresholds": stands, "due": [stands.deadline(HalfDay(day_of(at), half)) for half in Half],
        "mark": Watermark(request.reach.officer_name, at, purpose, made.reference),
    }  # fmt: skip
    called = gettext("隔离医学观察告知书") + f" {rows[0].one.shown_number}"
    return on_paper(request, "hq/quarantine/slip.html", shown, called=called, pdf=pdf)


def _reasons(stand: list[QuarantineReason]) -> tuple[str, ...]:
    said_ = (
        (sentence_of(one.rule_set, one.rule_row) if one.rule_set and one.rule_row else "")
        or str(REASON_KINDS[one.kind])
        for one in stand
    )
    return tuple(dict.fromkeys(said_))
