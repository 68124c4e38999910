"""Giving a referral another destination: its address is corrected, the person moves on, or nobody is to be handed over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from lianfang.kernel.divisions import canonical, is_code, span
from lianfang.kernel.ids import derived
from lianfang.kernel.reach import GridReach, Hand
from lianfang.kernel.refusals import Refusal
from lianfang.referrals.models import Referral
from lianfang.referrals.rules import due
from lianfang.referrals.services.answering import Acted, is_done, locked, move, overtaken, record
from lianfang.referrals.services.waiting import wait_as_they_stand, wait_for_the_next
from lianfang.referrals.services.writing import ReferralNote
from lianfang.referrals.states import Kind, ReferralState, leads_to


@dataclass(frozen=True, slots=True)
class ToPlace:
    """One of many to be placed. `id`: the act's own; `shown`: where he was headed when somebody decided."""

    id: UUID
    referral: UUID
    shown: int
    destination: str
    vacant: bool = False


@dataclass(frozen=True, slots=True)
class PlacedOne:
    """What became of one: done, or refused in words."""

    referral: UUID
    acted: Acted | None
    refusal: Refusal | None = None


def place(
    *,
    by: Hand,
    at: datetime,
    id: UUID,
    referral: UUID,
    destination: str,
    city: str | None,
    vacant: bool = False,
    occurred_at: datetime | None = None,
    written: ReferralNote | None = None,
) -> Acted:
    """He is headed elsewhere, or is now known to be headed for a smaller place: the clock begins anew.

    `city`: beyond it a letter asks others to take him over. `vacant`: nobody answers for the place. Told by a grid phone
    after somebody did something later, the address was wrong and that is all: he stays where he was placed since.
    """
    found = locked(by, referral)
    if is_done(found, id, Kind.PLACED):
        return Acted(ReferralState(found.state), repeated=True)
    code = _placed(found, destination)
    happened = min(occurred_at or at, at)
    kind = Kind.PLACED
    if isinstance(by, GridReach) and (leads_to(found.state, kind) is None or overtaken(found, happened)):
        kind = Kind.WRONG_ADDRESS
    acted = move(by, found, kind, id=id, at=at, occurred_at=happened, written=written, destination=code)
    if not acted.late:
        head_for(found, code, city=city, vacant=vacant, at=at)
        wait_as_they_stand([found.id], by=None, at=at)
    return acted


def place_all(*, by: Hand, at: datetime, wanted: Sequence[ToPlace], city: str | None) -> list[PlacedOne]:
    """Each an act of its own: one that is refused hinders no other, and whoever was placed meanwhile stays there."""
    return [_placed_one(by, at, one, city) for one in sorted(wanted, key=lambda one: one.referral)]


def _placed_one(by: Hand, at: datetime, one: ToPlace, city: str | None) -> PlacedOne:
    try:
        with transaction.atomic():
            found = locked(by, one.referral)
            if found.jurisdiction != one.shown and not is_done(found, one.id, Kind.PLACED):
                raise Refusal(
                    "PLACED_MEANWHILE",
                    "别人已经改派了他，请刷新后再看。",
                    "Somebody has placed him elsewhere meanwhile: reload and look again.",
                    status=409,
                )
            acted = place(
                by=by, at=at, id=one.id, referral=one.referral, destination=one.destination, city=city, vacant=one.vacant
            )  # fmt: skip
            return PlacedOne(one.referral, acted)
    except Refusal as refusal:
        return PlacedOne(one.referral, None, refusal)


def move_on(
    *,
    by: Hand,
    at: datetime,
    id: UUID,
    referral: UUID,
    destination: str,
    city: str | None,
    vacant: bool = False,
    occurred_at: datetime | None = None,
    written: ReferralNote | None = None,
    from_paper: bool = False,
) -> Acted:
    """He went on to another place, which takes him over: nobody is lost in between, since this one shows until then."""
    found = locked(by, referral)
    if is_done(found, id, Kind.MOVED_ON):
        return Acted(ReferralState(found.state), repeated=True)
    code = _placed(found, destination)
    happened = occurred_at or at
    acted = move(
        by, found, Kind.MOVED_ON, id=id, at=at, occurred_at=happened, written=written, destination=code,
        from_paper=from_paper,
    )  # fmt: skip
    if not acted.late:
        _succeed(by, found, code, city, vacant, at, id, written)
    return acted


def withdraw(*, by: Hand, at: datetime, id: UUID, referral: UUID, written: ReferralNote) -> Acted:
    """Nobody is to be handed over after all, and an officer says why."""
    if isinstance(by, GridReach) or not written.note:
        raise Refusal("REASON_MISSING", "请写明撤销的理由。", "Say why nobody is to be handed over.")
    found = locked(by, referral)
    if is_done(found, id, Kind.WITHDRAWN):
        return Acted(ReferralState(found.state), repeated=True)
    acted = move(by, found, Kind.WITHDRAWN, id=id, at=at, occurred_at=at, written=written)
    wait_as_they_stand([found.id], by=by.officer_id, at=at)
    return acted


def is_outside(code: str, city: str | None) -> bool:
    """Whether the division lies beyond the city; without a city nothing does."""
    if city is None:
        return False
    (lo, hi), (first, last) = span(city), span(code)
    return not (lo <= first and last <= hi)


def _placed(found: Referral, destination: str) -> str:
    if not is_code(destination):
        raise Refusal("DESTINATION_UNKNOWN", "请选择去往的地方。", "Choose where they are headed.")
    code = canonical(destination)
    if code == found.destination:
        raise Refusal(
            "DESTINATION_SAME", "去往的地方没有变。", "This is where they are headed already.", status=409
        )
    return code


def head_for(found: Referral, code: str, *, city: str | None, vacant: bool, at: datetime) -> None:
    """Another destination, and the clock anew. Whoever gave it goes on seeing what becomes of him."""
    found.placed_from = found.answerable
    found.destination, found.jurisdiction = code, span(code)[0]
    found.outside, found.vacant = is_outside(code, city), vacant
    found.state = ReferralState.OUTSIDE if found.outside else ReferralState.SENT
    found.sent_at, found.accepted_at, found.settled_at = at, None, None
    found.due_at, found.county_due_at, found.city_due_at = due(at, urgent=found.urgent, vacant=vacant)
    found.save(
        update_fields=[
            "placed_from", "destination", "jurisdiction", "outside", "vacant", "state", "sent_at", "accepted_at", "settled_at",
            "due_at", "county_due_at", "city_due_at",
        ]
    )  # fmt: skip


def _succeed(
    by: Hand,
    found: Referral,
    code: str,
    city: str | None,
    vacant: bool,
    at: datetime,
    id: UUID,
    written: ReferralNote | None,
) -> None:
    """The next referral: its id is made from the act's, so that the act done again makes no second one.

    What was written for the next place (a door, a telephone) stands in its first line, which that place reads.
    """
    outside = is_outside(code, city)
    township, county, whole = due(at, urgent=found.urgent, vacant=vacant)
    made = Referral.objects.create(
        id=derived(id, 1), registration_id=found.registration_id, passage_id=found.passage_id, person_id=found.person_id,
        previous_id=found.id, because="MOVED_ON", measures=found.measures, details=found.details, origin=found.answerable,
        destination=code, jurisdiction=span(code)[0], outside=outside, urgent=found.urgent, vacant=vacant,
        captured_on=found.captured_on, sent_at=at, due_at=township, county_due_at=county, city_due_at=whole,
        state=ReferralState.OUTSIDE if outside else ReferralState.SENT, checkpoint=found.checkpoint, registered_at=found.registered_at,
    )  # fmt: skip
    wait_for_the_next(found.id, made.id, jurisdiction=made.answerable)
    record(
        by,
        _for_the_history(made, found),
        Kind.SENT,
        id=derived(id, 2),
        at=at,
        occurred_at=at,
        written=written,
        destination=code,
    )


def _for_the_history(made: Referral, before: Referral) -> Referral:
    """Whoever sends him on writes the first line of the next one's history, within his own area."""
    made.jurisdiction = made.origin = before.answerable
    return made
