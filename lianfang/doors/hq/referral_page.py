"""Somebody who is handed over: the facts left, what was done right, acts on top by permission; all of it by an act."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from lianfang.checkpoints.queries.city import answering_city
from lianfang.doors import words
from lianfang.doors.guard import permitted
from lianfang.doors.hq.people import observed_of
from lianfang.doors.hq.place_proposals import AddressShown, proposals_of
from lianfang.doors.hq.referral_forms import (
    ANSWERED,
    MOVED,
    WRITTEN,
    ActForm,
    AnswerForm,
    LetterForm,
    MoveOnForm,
    PlacedForm,
    WithdrawForm,
)
from lianfang.doors.hq.referral_shown import ReferralLine, home_of, level_of, places_of, rows_of
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.unmasking import SHOWN_FOR
from lianfang.doors.methods import answers
from lianfang.doors.reading import referral_read
from lianfang.doors.watermarks import Watermark
from lianfang.kernel.clock import now
from lianfang.kernel.masking import OPENED, UNMASKED, Sight
from lianfang.kernel.reach import Reach, reach
from lianfang.referrals.models import Referral
from lianfang.referrals.queries import EventTold, history, of_party
from lianfang.referrals.services.letter import letter_number
from lianfang.referrals.services.unmasking import unmask_referral
from lianfang.referrals.states import Kind, leads_to
from lianfang.referrals.who import hands, known

SAME_TIME = timedelta(minutes=1)
Forms = dict[str, ActForm]


@dataclass(frozen=True, slots=True)
class ReferralStep:
    """A line of what was done. `came_at`: when it reached the server, where that was much later. `letter`: its number."""

    id: UUID
    kind: str
    at: datetime
    came_at: datetime | None
    who: str
    by_phone: bool
    place: str
    note: str
    address: str
    letter: str


@permitted("VIEW_REFERRALS")
@never_cache
@answers("GET")
def referral_page(request: OfficerRequest, referral_id: UUID) -> HttpResponse:
    return page(request, referral_id)


@permitted("UNMASK")
@never_cache
@answers("GET", "POST")
def unmask(request: OfficerRequest, referral_id: UUID) -> HttpResponse:
    """By POST only, so that nothing shows it again; what stands on a desk that is left is masked again."""
    if request.method != "POST":
        return redirect("referral", referral_id)
    purpose, at = request.POST.get("purpose", ""), now()
    with reach(request.reach) as seen:
        found = unmask_referral(by=seen, id=referral_id, purpose=purpose, at=at)
        shown = _shown(seen, found.referral, at, UNMASKED)
    why = str(words.PURPOSES_OF_READING[purpose])
    shown["mark"] = Watermark(request.reach.officer_name, at, why, found.reference)
    response = render(request, "hq/referral.html", shown | _acts(request.reach, found.referral, {}, at))
    masked = reverse("referral", args=[referral_id])
    response.headers["Refresh"] = f"{int(SHOWN_FOR.total_seconds())}; url={masked}"
    return response


def page(
    request: OfficerRequest,
    referral_id: UUID,
    *,
    forms: Forms | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """As it stands now; a form that could not be taken says why, and so does what others did meanwhile."""
    at = now()
    with reach(request.reach) as seen:
        found = known(seen, referral_id)
        shown = _shown(seen, found, at, OPENED)
        referral_read(seen, found.id)
    shown |= _acts(request.reach, found, forms or {}, at) | {"refused": refused}
    return render(request, "hq/referral.html", shown, status=status)


def _shown(seen: Reach, found: Referral, at: datetime, sight: Sight) -> dict[str, Any]:
    (row,) = rows_of(seen, [found], at=at, sight=sight)
    told, party = history(seen, found), of_party(seen, found)
    return {
        "row": row, "one": found, "at": at, "steps": _steps(told, at, sight), "party": _party(seen, party, at),
        "observed": observed_of(seen, found.person_id, at=at) if found.person_id else [],
        "level": level_of(seen), "address": _address(seen, found, at, sight), "purposes": words.PURPOSES_OF_READING,
        "opens_passage": seen.may("VIEW_PASSAGES") and any(lo <= found.origin <= hi for lo, hi in seen.readable),
    }  # fmt: skip


def _address(seen: Reach, found: Referral, at: datetime, sight: Sight) -> AddressShown | None:
    """What his address may mean, for whoever may place him."""
    if not seen.may("ANSWER_REFERRALS") or not seen.holds(found.answerable):
        return None
    return proposals_of(seen, [found], at=at, city=answering_city(seen), sight=sight).get(found.id)


def _party(seen: Reach, party: list[Referral], at: datetime) -> list[ReferralLine]:
    return rows_of(seen, party, at=at) if party else []


def _steps(told: list[EventTold], at: datetime, sight: Sight) -> list[ReferralStep]:
    names, places = hands(told), places_of((one.event.destination for one in told), at)
    return [
        ReferralStep(
            id=event.id,
            kind=event.kind,
            at=event.occurred_at,
            came_at=event.received_at if event.received_at - event.occurred_at > SAME_TIME else None,
            who=names.name(event),
            by_phone=event.roster_id is not None,
            place=places.get(event.destination or "", event.destination or ""),
            note=sight.text(written.note) if written else "",
            address=sight.address(written.address) if written else "",
            letter=letter_number(event.id) if event.kind == Kind.LETTER_SENT else "",
        )
        for event, written in told
    ]


def _acts(by: Reach, found: Referral, forms: Forms, at: datetime) -> dict[str, Any]:
    """What this officer may do with it as it stands; nothing to whoever only reads."""
    may = by.may("ANSWER_REFERRALS") and by.holds(found.answerable)
    able = {kind for kind in Kind if may and leads_to(found.state, kind) is not None}

    def offered(kinds: tuple[Kind, ...]) -> list[Kind]:
        return [kind for kind in kinds if kind in able]

    return {
        "answers": offered(ANSWERED), "moves": offered(MOVED), "letters": offered(WRITTEN) if found.outside else [],
        "withdraws": Kind.WITHDRAWN in able, "may_write": may, "home": home_of(found),
        "placed": PlacedForm(at=at),
        "form": forms.get("answer") or AnswerForm(at=at), "move": forms.get("move") or MoveOnForm(at=at),
        "letter": forms.get("letter") or LetterForm(at=at), "withdraw": forms.get("withdraw") or WithdrawForm(at=at),
    }  # fmt: skip
