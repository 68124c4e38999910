"""What counts as fever, and by when a half-day is due: proposed by one officer, approved by another, never changed."""

from datetime import datetime
from decimal import Decimal

from lianfang.kernel.audit import Act, note
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.quarantine.models import CheckInThresholds
from lianfang.quarantine.queries.thresholds import forget_thresholds, thresholds_at
from lianfang.quarantine.rules import SHIPPED, Thresholds

# Beyond these nobody has a fever, or everybody: a slip of the finger, and not a decision.
FEVER = (Decimal("36.5"), Decimal("38.5"))
LOWEST = (Decimal("30.0"), Decimal("36.0"))
HIGHEST = (Decimal("41.0"), Decimal("45.0"))
MORNING_BY = (6 * 60, 12 * 60)
EVENING_BY = (15 * 60, 24 * 60 - 1)
SYMPTOMS = SHIPPED.symptoms


def propose_thresholds(*, by: Reach, at: datetime, thresholds: Thresholds) -> CheckInThresholds:
    """A content that waits for another officer. Proposed before, it is the same one."""
    by.require("SET_CHECK_IN")
    _require_sound(thresholds)
    with reach(by):
        if thresholds.hash == thresholds_at(at).hash:
            raise Refusal(
                "THRESHOLDS_SAME",
                "和现行标准一样，没有改动。",
                "This is what holds already: nothing is changed.",
            )
        found = CheckInThresholds.objects.filter(pk=thresholds.hash).first()
        if found is not None and found.proposed_by is not None and found.from_at is None:
            return found
        if found is not None:
            raise Refusal(
                "THRESHOLDS_HELD",
                "这个标准以前用过，请改动后再提交（例如截止时间差一分钟）。",
                "These thresholds held before: change something of them, a minute of a deadline perhaps.",
                status=409,
            )
        made = CheckInThresholds(
            hash=thresholds.hash, content=thresholds.content, proposed_by=by.officer_id, proposed_at=at
        )
        made.save(force_insert=True)
        note(Act.THRESHOLDS_PROPOSED, by=by, subject=f"THRESHOLDS {made.hash}")
        return made


def approve_thresholds(*, by: Reach, at: datetime, hash: str) -> CheckInThresholds:
    """From now on reports are judged by them. What was judged keeps its verdict and the hash of what it was judged by."""
    by.require("SET_CHECK_IN")
    with reach(by):
        found = CheckInThresholds.objects.select_for_update().filter(pk=hash).first()
        if found is None:
            raise NotFound("THRESHOLDS_UNKNOWN", "没有这份打卡标准。", "There are no such thresholds.")
        if found.from_at is not None:
            return found
        if found.proposed_by == by.officer_id:
            raise Forbidden(
                "THRESHOLDS_OWN",
                "自己提出的标准要由另一位负责人批准。",
                "What you proposed yourself is approved by somebody else.",
            )
        found.approved_by, found.approved_at, found.from_at = by.officer_id, at, at
        found.save(update_fields=["approved_by", "approved_at", "from_at"])
        note(Act.THRESHOLDS_APPROVED, by=by, subject=f"THRESHOLDS {found.hash}")
    forget_thresholds()
    return found


def _require_sound(one: Thresholds) -> None:
    sound = (
        FEVER[0] <= one.fever <= FEVER[1]
        and LOWEST[0] <= one.lowest <= LOWEST[1]
        and HIGHEST[0] <= one.highest <= HIGHEST[1]
        and MORNING_BY[0] <= one.morning_by <= MORNING_BY[1]
        and EVENING_BY[0] <= one.evening_by <= EVENING_BY[1]
    )
    if not sound or not set(one.symptoms) or not set(one.symptoms) <= set(SYMPTOMS):
        raise Refusal(
            "THRESHOLDS_ODD",
            "标准不合常理：发热应在 36.5 到 38.5 度之间，上午截止应在 6 点到 12 点，下午截止应在 15 点以后，至少问一种症状。",
            "These thresholds are odd: fever lies between 36.5 and 38.5 °C, mornings are due between 6 and 12, evenings after "
            "15, and at least one symptom is asked.",
        )
