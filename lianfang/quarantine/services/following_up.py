"""What came of calling, visiting, or bringing somebody to a fever clinic."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lianfang.kernel.audit import Act, note
from lianfang.kernel.reach import GridReach, Hand, Reach, hand_reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.quarantine.models import FollowUp
from lianfang.quarantine.services.acting import locked, not_now
from lianfang.quarantine.services.writing import WrittenBeside, sealed

OUTCOMES: Mapping[str, tuple[str, ...]] = {
    "CALL": ("WELL", "UNWELL", "NO_ANSWER"),
    "VISIT": ("WELL", "UNWELL", "NOT_THERE"),
    "CLINIC": ("AT_CLINIC", "NOT_ILL", "ADMITTED"),
}


@dataclass(frozen=True, slots=True)
class FollowUpClosed:
    """`repeated`: it was closed with this very outcome already."""

    outcome: str
    repeated: bool = False


def close_follow_up(
    *,
    by: Hand,
    at: datetime,
    id: UUID,
    order: UUID,
    kind: str,
    outcome: str,
    occurred_at: datetime,
    written: WrittenBeside | None = None,
) -> FollowUpClosed:
    """`id`: the follow-up's own. Closed again with the same outcome nothing happens; with another the first stays."""
    if outcome not in OUTCOMES.get(kind, ()):
        raise Refusal("OUTCOME_UNKNOWN", "没有这种结果。", "There is no such outcome.")
    with hand_reach(by) as seen:
        found = locked(seen, order)
        one = FollowUp.objects.select_for_update().filter(pk=id, order_id=order, kind=kind).first()
        if one is None:
            raise NotFound("FOLLOW_UP_UNKNOWN", "没有这一项跟进。", "There is no such follow-up.")
        if one.closed_at is not None:
            if one.outcome != outcome:
                raise not_now()
            return FollowUpClosed(outcome, repeated=True)
        one.closed_at, one.outcome, one.occurred_at = at, outcome, min(occurred_at, at)
        one.officer_id = by.officer_id if isinstance(by, Reach) else None
        one.roster_id = by.roster_id if isinstance(by, GridReach) else None
        one.wrapped_key, one.sealed = sealed(written, id=id, at=at) if written else (None, None)
        one.save(
            update_fields=[
                "closed_at",
                "outcome",
                "occurred_at",
                "officer_id",
                "roster_id",
                "wrapped_key",
                "sealed",
            ]
        )
        said: dict[str, Any] = {"kind": kind, "outcome": outcome}
        if isinstance(by, GridReach):
            said["roster"] = str(by.roster_id)
        note(
            Act.FOLLOW_UP_CLOSED, by=by if isinstance(by, Reach) else None, subject=f"QUARANTINE_ORDER {order}",
            jurisdiction=found.jurisdiction, details=said,
        )  # fmt: skip
        return FollowUpClosed(outcome)
