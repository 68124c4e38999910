"""What came of a call, a visit, a way to the fever clinic: written down by whoever did it, once.

From a grid worker's phone it has happened, hours ago perhaps: it is kept even where the asking was overtaken meanwhile, and
where somebody else has answered already it changes nothing. That somebody was unwell asks for a clinic also where he was
released meanwhile.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from lianfang.kernel.audit import Act, note
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import GridReach, Hand, Reach, hand_reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.quarantine.following import OUTCOMES, FollowUpKind, due_at
from lianfang.quarantine.models import FollowUp
from lianfang.quarantine.rules import half_day
from lianfang.quarantine.services.asking_after import LATELY
from lianfang.quarantine.services.writing import WrittenBeside, sealed

OVERTAKEN = "OVERTAKEN"
AT_CLINIC = "AT_CLINIC"  # there, and no result yet: it stays on every list until one is written down
_TO_THE_CLINIC = """
INSERT INTO follow_up (id, order_id, kind, since_day, since_half, jurisdiction, opened_at, due_at)
SELECT %(id)s, o.id, 'CLINIC', %(day)s, %(half)s, o.jurisdiction, %(at)s, %(due_at)s
FROM quarantine_order o WHERE o.id = %(order)s
  AND (o.ended_at IS NULL OR (o.state IN ('RELEASED', 'LIFTED') AND o.ended_at > %(lately)s))
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """What stands now. `repeated`: it was known already; `late`: somebody else had answered, and his word stands."""

    outcome: str
    repeated: bool = False
    late: bool = False


def close_follow_up(
    *,
    by: Hand,
    at: datetime,
    id: UUID,
    order: UUID,
    kind: str,
    outcome: str,
    occurred_at: datetime | None = None,
    written: WrittenBeside | None = None,
) -> FollowedUp:
    """`id` is the follow-up's own. UNWELL asks for a fever clinic; AT_CLINIC is no answer yet, and closes nothing. NOT_THERE
    stands on the desk's list: whether he left where he is to stay an officer says, never the clock.
    """
    if kind not in OUTCOMES or outcome not in OUTCOMES[FollowUpKind(kind)]:
        raise Refusal("OUTCOME_UNKNOWN", "请选择结果。", "Choose how it ended.")
    with hand_reach(by) as seen:
        found = _locked(seen, id, order, kind)
        if found.outcome is not None and not _is_kept_late(seen, found):
            return _known(seen, found, outcome)
        happened = min(occurred_at or at, at)
        if outcome == AT_CLINIC:
            return _arrived(seen, found, happened, at, written)
        _close(seen, found, outcome, happened, at, written)
        if outcome == "UNWELL":
            _to_the_clinic(found.order_id, at)
        return FollowedUp(outcome)


def _locked(by: Hand, id: UUID, order: UUID, kind: str) -> FollowUp:
    if isinstance(by, Reach):
        by.require("KEEP_QUARANTINE")
    found = FollowUp.objects.select_for_update().filter(pk=id, order_id=order, kind=kind).first()
    if found is None or (isinstance(by, GridReach) and not by.holds(found.jurisdiction)):
        raise NotFound(
            "FOLLOW_UP_UNKNOWN", "辖区内没有这件跟进。", "There is no such follow-up in your area."
        )
    if isinstance(by, Reach):
        by.require_own(found.jurisdiction)
    return found


def _is_kept_late(by: Hand, found: FollowUp) -> bool:
    """A report came while he was on his way: that somebody went is true all the same."""
    return isinstance(by, GridReach) and found.outcome == OVERTAKEN


def _known(by: Hand, found: FollowUp, outcome: str) -> FollowedUp:
    stands = str(found.outcome)
    if stands == outcome:
        return FollowedUp(stands, repeated=True)
    if isinstance(by, GridReach):
        return FollowedUp(stands, late=True)
    raise Refusal(
        "FOLLOW_UP_CLOSED",
        "这件已经有结果了，请刷新后再看。",
        "Somebody has answered this already: reload and look again.",
        status=409,
    )


def _arrived(
    by: Hand, found: FollowUp, happened: datetime, at: datetime, written: WrittenBeside | None
) -> FollowedUp:
    """`occurred_at` of one that is open says since when somebody is at the clinic; the first word stands."""
    if found.occurred_at is not None:
        return FollowedUp(AT_CLINIC, repeated=True)
    found.occurred_at = happened
    _written(by, found, AT_CLINIC, at, written)
    return FollowedUp(AT_CLINIC)


def _close(
    by: Hand, found: FollowUp, outcome: str, happened: datetime, at: datetime, written: WrittenBeside | None
) -> None:
    found.outcome, found.closed_at, found.occurred_at = outcome, at, happened
    _written(by, found, outcome, at, written)


def _written(by: Hand, found: FollowUp, outcome: str, at: datetime, written: WrittenBeside | None) -> None:
    found.officer_id = by.officer_id if isinstance(by, Reach) else None
    found.roster_id = by.roster_id if isinstance(by, GridReach) else None
    if written:
        found.sealed_at = at
        found.wrapped_key, found.sealed = sealed(written, id=found.id, at=at)
    found.save(
        update_fields=[
            "outcome", "closed_at", "occurred_at", "officer_id", "roster_id", "sealed_at", "wrapped_key", "sealed",
        ]
    )  # fmt: skip
    details = {"kind": found.kind, "outcome": outcome}
    if isinstance(by, GridReach):
        details["roster"] = str(by.roster_id)
    note(
        Act.FOLLOW_UP_CLOSED,
        by=by if isinstance(by, Reach) else None,
        subject=f"QUARANTINE_ORDER {found.order_id}",
        jurisdiction=found.jurisdiction,
        details=details,
    )


def _to_the_clinic(order: UUID, at: datetime) -> None:
    since = half_day(at)
    with connection.cursor() as cursor:
        cursor.execute(
            _TO_THE_CLINIC,
            {"id": uuid7(at=at), "order": order, "day": since.day, "half": str(since.half), "at": at,
             "due_at": due_at(FollowUpKind.CLINIC, at), "lately": at - LATELY},
        )  # fmt: skip
