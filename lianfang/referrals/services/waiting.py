"""Facts that wait for a room that does not stand yet: somebody accepts them, somebody closes them, both by name.

They go where their referral goes, and end with it.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection

from lianfang.kernel.audit import Act, note
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.referrals.models import WaitingFact
from lianfang.referrals.supervised import closes

OUTCOMES = {
    WaitingFact.Room.CLINIC: ("SEEN", "TAKEN_OVER", "NOT_NEEDED"),
    WaitingFact.Room.SUPERVISION: ("URGED", "NOT_NEEDED"),
}
# Closed with its referral; handed over again after all, it waits again. What supervision is asked about stays with the place that
# did not go.
_AS_THEY_STAND = """
UPDATE waiting_fact w SET jurisdiction = r.place, closed_by = CASE WHEN r.gone THEN %(by)s::uuid END,
    closed_at = CASE WHEN r.gone THEN %(at)s::timestamptz END, outcome = CASE WHEN r.gone THEN 'WITHDRAWN' ELSE '' END
FROM (
    SELECT id, state = 'WITHDRAWN' AS gone,
           CASE WHEN outside THEN coalesce(placed_from, origin) ELSE jurisdiction END AS place
    FROM referral WHERE id = ANY(%(ids)s::uuid[])
) r
WHERE r.id = w.referral_id AND w.room = 'CLINIC' AND (w.closed_at IS NULL OR w.outcome = 'WITHDRAWN')
  AND (w.jurisdiction <> r.place OR (w.closed_at IS NULL) = r.gone)
"""


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


def wait_as_they_stand(referrals: Collection[UUID], *, by: UUID | None, at: datetime) -> None:
    """What waits about these referrals waits where they are headed now; about whom is withdrawn, nothing does."""
    if referrals:
        with connection.cursor() as cursor:
            cursor.execute(_AS_THEY_STAND, {"ids": [str(id) for id in referrals], "by": by, "at": at})


def wait_for_the_next(before: UUID, after: UUID, *, jurisdiction: int) -> None:
    """He was handed over again: what waits for a clinic about him does so there."""
    rows = WaitingFact.objects.filter(referral_id=before, room=WaitingFact.Room.CLINIC, closed_at=None)
    rows.update(referral_id=after, jurisdiction=jurisdiction)


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
