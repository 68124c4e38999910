"""Answering a referral: whoever answers for the place takes it over, or says at the door how it is.

An officer who would do what cannot be done is told so. What comes from a grid worker's phone has happened, hours ago
perhaps: it is always written down, and moves the referral only where nothing that happened later has moved it already. So
is what an officer types from a list on paper.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lianfang.kernel.audit import Act
from lianfang.kernel.histories import hand, id_taken, note_line, write_once
from lianfang.kernel.reach import GridReach, Hand, Reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.referrals.models import Referral, ReferralEvent
from lianfang.referrals.services.writing import ReferralNote, sealed
from lianfang.referrals.states import ANSWERS, Kind, ReferralState, leads_to

ACTS = {
    Kind.PLACED: Act.REFERRAL_PLACED,
    Kind.MOVED_ON: Act.REFERRAL_PLACED,
    Kind.WITHDRAWN: Act.REFERRAL_WITHDRAWN,
    Kind.CALLED: Act.REFERRAL_CALLED,
    Kind.LETTER_SENT: Act.REFERRAL_LETTER,
    Kind.LETTER_ANSWERED: Act.REFERRAL_LETTER,
    Kind.LETTER_RETURNED: Act.REFERRAL_LETTER,
}
_SAYS_NOT_WHERE = (Kind.SENT, Kind.ACCEPTED, Kind.CALLED, Kind.ADDED)
_BY_ANSWERING = (Kind.ACCEPTED, *ANSWERS, Kind.CALLED)


@dataclass(frozen=True, slots=True)
class Acted:
    """What became of it. `repeated`: this very act was known already; `late`: written down, but overtaken by a later one."""

    state: ReferralState
    repeated: bool = False
    late: bool = False


def answer(
    *,
    by: Hand,
    at: datetime,
    id: UUID,
    referral: UUID,
    kind: str,
    occurred_at: datetime | None = None,
    written: ReferralNote | None = None,
    from_paper: bool = False,
) -> Acted:
    """Takes over, answers at the door, or notes that the duty officer rang. Inside `reach()` or `grid_reach()`.

    `id` is the act's own, made by whoever acts: the same again changes nothing. Moving on has an act of its own, since it
    says where to.
    """
    if kind not in _BY_ANSWERING or kind == Kind.MOVED_ON:
        raise Refusal("ANSWER_UNKNOWN", "请选择一种答复。", "Choose one of the answers.")
    found = locked(by, referral)
    if is_done(found, id, Kind(kind)):
        return Acted(ReferralState(found.state), repeated=True)
    return move(
        by,
        found,
        Kind(kind),
        id=id,
        at=at,
        occurred_at=occurred_at or at,
        written=written,
        from_paper=from_paper,
    )


def locked(by: Hand, referral: UUID) -> Referral:
    """The referral, which the officer may act on: it lies within his own postings, or on the phone's grid."""
    if isinstance(by, Reach):
        by.require("ANSWER_REFERRALS")
    found = Referral.objects.select_for_update().filter(pk=referral).first()
    if found is None and Referral.objects.filter(pk=referral).exists():
        raise _elsewhere()  # seen from where he came from, or through broken glass
    if found is None or (isinstance(by, GridReach) and not by.holds(found.jurisdiction)):
        raise NotFound("REFERRAL_UNKNOWN", "辖区内没有这条移交。", "There is no such referral in your area.")
    if isinstance(by, Reach):
        by.require_own(found.answerable)
    return found


def is_done(found: Referral, id: UUID, kind: Kind) -> bool:
    """Whether this very act is written down already. Its id is no other act's, of this referral or of another."""
    known = ReferralEvent.objects.filter(pk=id).first()
    if known is not None and (known.referral_id, known.kind) != (found.id, kind):
        raise id_taken()
    return known is not None


def move(
    by: Hand,
    found: Referral,
    kind: Kind,
    *,
    id: UUID,
    at: datetime,
    occurred_at: datetime,
    written: ReferralNote | None = None,
    destination: str | None = None,
    from_paper: bool = False,
) -> Acted:
    """Writes the act down and moves the referral along its arrow; whatever else changed in it is saved with it."""
    to = leads_to(found.state, kind)
    happened = min(occurred_at, at)
    late = (from_paper or isinstance(by, GridReach)) and (to is None or overtaken(found, happened))
    if to is None and not late:
        raise _not_now(found)
    if to is not None and not late:
        _move(found, to, happened)
    record(by, found, kind, id=id, at=at, occurred_at=happened, written=written, destination=destination)
    return Acted(ReferralState(found.state), late=late)


def record(
    by: Hand | None,
    found: Referral,
    kind: Kind,
    *,
    id: UUID,
    at: datetime,
    occurred_at: datetime,
    written: ReferralNote | None = None,
    destination: str | None = None,
) -> None:
    """One line of the history, and one of the audit log."""
    wrapped, blob = sealed(written, id=id, at=at) if written else (None, None)
    line = ReferralEvent(
        id=id, referral_id=found.id, kind=kind, state=found.state, destination=destination, occurred_at=occurred_at,
        received_at=at, jurisdiction=found.answerable, wrapped_key=wrapped, sealed=blob, **hand(by),
    )  # fmt: skip
    write_once(line)
    note_line(
        ACTS.get(kind, Act.REFERRAL_ANSWERED),
        by,
        subject=f"REFERRAL {found.id}",
        kind=kind,
        state=found.state,
        jurisdiction=found.answerable,
    )


def overtaken(found: Referral, happened: datetime) -> bool:
    """Whether somebody said later than that where he is. That he was handed over, taken over, telephoned about, or given
    another measure says nothing of it.
    """
    later = ReferralEvent.objects.filter(referral_id=found.id, occurred_at__gt=happened)
    return later.exclude(kind__in=_SAYS_NOT_WHERE).exists()


def _move(found: Referral, to: ReferralState, at: datetime) -> None:
    found.state = to
    if found.accepted_at is None and to not in (
        ReferralState.SENT,
        ReferralState.OUTSIDE,
        ReferralState.WITHDRAWN,
    ):
        found.accepted_at = at
    settled = to in (ReferralState.ARRIVED, ReferralState.MOVED_ON, ReferralState.WITHDRAWN)
    found.settled_at = at if settled else None
    found.save(update_fields=["state", "accepted_at", "settled_at"])


def _elsewhere() -> Forbidden:
    return Forbidden(
        "REFERRAL_ELSEWHERE",
        "这条移交由去往的地方办理，这里只能看。",
        "This referral is answered where he is headed: from here it is only seen.",
    )


def _not_now(found: Referral) -> Refusal:
    return Refusal(
        "REFERRAL_STATE",
        "这条移交已经有了别的答复，请刷新后再看。",
        "This referral has been answered otherwise meanwhile: reload and look again.",
        status=409,
    )
