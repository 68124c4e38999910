"""Facts that wait for a room that does not stand yet: somebody accepts them, somebody closes them, both by name."""

from datetime import datetime
from uuid import UUID

from lianfang.kernel.audit import Act, note
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.referrals.models import WaitingFact
from lianfang.referrals.supervised import closes

OUTCOMES = {
    WaitingFact.Room.CLINIC: ("SEEN", "TAKEN_OVER", "NOT_NEEDED"),
    WaitingFact.Room.SUPERVISION: ("URGED", "NOT_NEEDED"),
}


def accept_waiting(*, by: Reach, at: datetime, id: UUID) -> WaitingFact:
    """Somebody has it in hand. Again by the same officer: nothing changes. Inside `reach()`."""
    one = _locked(by, id)
    if one.accepted_by == by.officer_id:
        return one
    if one.accepted_by is not None or one.closed_at is not None:
        raise _taken()
    one.accepted_by, one.accepted_at = by.officer_id, at
    one.save(update_fields=["accepted_by", "accepted_at"])
    _note(Act.WAITING_ACCEPTED, by, one)
    return one


def close_waiting(*, by: Reach, at: datetime, id: UUID, outcome: str) -> WaitingFact:
    """It is done, one way or another: seen by a doctor, taken over elsewhere, a unit was urged, or nothing is needed."""
    one = _locked(by, id)
    if outcome not in OUTCOMES[WaitingFact.Room(one.room)]:
        raise Refusal("OUTCOME_UNKNOWN", "请选择结果。", "Choose how it ended.")
    if one.closed_at is not None:
        raise _taken()
    one.closed_by, one.closed_at, one.outcome = by.officer_id, at, outcome
    if one.accepted_at is None:
        one.accepted_by, one.accepted_at = by.officer_id, at
    one.save(update_fields=["accepted_by", "accepted_at", "closed_by", "closed_at", "outcome"])
    _note(Act.WAITING_CLOSED, by, one)
    return one


def _locked(by: Reach, id: UUID) -> WaitingFact:
    by.require("ANSWER_REFERRALS")
    one = WaitingFact.objects.select_for_update().filter(pk=id).first()
    if one is None:
        raise NotFound("WAITING_UNKNOWN", "辖区内没有这一件。", "Nothing of that kind waits in your area.")
    by.require_own(one.jurisdiction)
    if one.room == WaitingFact.Room.SUPERVISION and not closes(by, one.jurisdiction):
        raise Forbidden(
            "SUPERVISED_FROM_ABOVE",
            "督查由上一级办理，本单位只能看。",
            "Supervision is done from above: the unit itself only sees it.",
        )
    return one


def _taken() -> Refusal:
    zh, en = (
        "已经有人接手或办结，请刷新后再看。",
        "Somebody has it in hand or has closed it: reload and look again.",
    )
    return Refusal("WAITING_TAKEN", zh, en, status=409)


def _note(act: Act, by: Reach, one: WaitingFact) -> None:
    details = {"room": one.room, "outcome": one.outcome}
    note(act, by=by, subject=f"REFERRAL {one.referral_id}", jurisdiction=one.jurisdiction, details=details)
