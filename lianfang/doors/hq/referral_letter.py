"""协查函: others are asked to take somebody over who is headed beyond the city; A4, printed, signed, sent as such letters are."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.letter_docx import as_docx
from lianfang.doors.hq.letter_told import letter_told
from lianfang.doors.hq.referral_acts import done, unfinished
from lianfang.doors.hq.referral_forms import LetterFileForm, LetterForm, act_id
from lianfang.doors.hq.referral_page import page
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.kernel.clock import now
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.referrals.services import Acted, write_letter
from lianfang.referrals.states import Kind


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


@permitted("ANSWER_REFERRALS")
@never_cache
@answers("GET", "POST")
def letter_file(request: OfficerRequest, referral_id: UUID) -> HttpResponse:
    """The same letter as a file, to be signed and sent: the same number, another line in the log."""
    if request.method != "POST":
        return redirect("referral", referral_id)
    form = LetterFileForm(request.POST)
    event = form.cleaned_data["event"] if form.is_valid() else referral_id  # which no letter has
    with reach(request.reach) as by:
        return as_docx(letter_told(by, referral_id, event))


def _printed(request: OfficerRequest, by: Reach, referral_id: UUID, event_id: UUID) -> HttpResponse:
    letter = letter_told(by, referral_id, event_id)
    return render(
        request, "hq/referral_letter.html", {"letter": letter, "row": letter.row, "one": letter.row.one}
    )
