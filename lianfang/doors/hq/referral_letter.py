"""协查函: others are asked to take somebody over who is headed beyond the city; A4, printed, signed, sent as such letters are."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from lianfang.checkpoints.queries.city import answering_city
from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.referral_acts import done, unfinished
from lianfang.doors.hq.referral_forms import LetterForm, act_id
from lianfang.doors.hq.referral_page import page
from lianfang.doors.hq.referral_shown import home_of, measures_of, rows_of
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.watermarks import Watermark
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.masking import UNMASKED
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.referrals.queries import event_of
from lianfang.referrals.services import Acted, letter_number, write_letter
from lianfang.referrals.services.unmasking import letter_of
from lianfang.referrals.states import Kind
from lianfang.regions.queries import paths


@permitted("ANSWER_REFERRALS")
@never_cache
@answers("GET", "POST")
def letter(request: OfficerRequest, referral_id: UUID) -> HttpResponse:
    """Sent, the letter stands there to be printed; the same act again prints the same letter again."""
    if request.method != "POST":
        return redirect("referral", referral_id)
    form = LetterForm(request.POST)
    if not form.is_valid():
        return unfinished(request, referral_id, "letter", form)
    kind, at = form.cleaned_data["kind"], now()
    id = act_id(form.cleaned_data["id"], referral_id, kind)

    def doing(by: Reach) -> Acted:
        return write_letter(by=by, at=at, id=id, referral=referral_id, kind=kind, written=form.written)

    if kind != Kind.LETTER_SENT:
        return done(request, referral_id, kind, doing)
    try:
        with reach(request.reach) as by:
            doing(by)
            return _printed(request, by, referral_id, id)
    except NotFound:
        raise
    except Refusal as refusal:
        return page(request, referral_id, refused=said(refusal), status=refusal.status)


@permitted("ANSWER_REFERRALS")
@never_cache
@answers("GET", "POST")
def letter_again(request: OfficerRequest, referral_id: UUID, event_id: UUID) -> HttpResponse:
    """A letter that went out, printed once more: the same number, another line in the log."""
    if request.method != "POST":
        return redirect("referral", referral_id)
    with reach(request.reach) as by:
        return _printed(request, by, referral_id, event_id)


def _printed(request: OfficerRequest, by: Reach, referral_id: UUID, event_id: UUID) -> HttpResponse:
    event = event_of(by, referral_id, event_id)
    at = now()
    found = letter_of(by=by, id=referral_id, at=at)
    (row,) = rows_of(by, [found.referral], at=at, sight=UNMASKED)
    city = answering_city(by)
    to = event.destination or home_of(found.referral)
    codes = [code for code in (city, to) if code]
    names = paths(codes, day_of(at))
    shown = {
        "row": row, "one": found.referral, "number": letter_number(event.id), "sent_at": event.occurred_at,
        "to": names.get(to, to), "sender": names.get(city or "", ""), "measures": measures_of(found.referral),
        "mark": Watermark(request.reach.officer_name, at, _("协查函"), found.reference),
    }  # fmt: skip
    return render(request, "hq/referral_letter.html", shown)
