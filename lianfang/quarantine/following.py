"""Following up: when somebody is called, visited, or brought to a fever clinic, and what may come of it. Pure.

Missed twice in a row: somebody telephones, within two hours. Nobody answers, nobody telephoned, or a third half-day went by:
somebody goes, within four hours of daylight. That nobody went is the unit's matter and never the resident's. Fever or a symptom:
to a fever clinic, within one hour, by day and by night.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from lianfang.kernel.waking import later
from lianfang.quarantine.rules import HalfDay, Thresholds, half_day


class FollowUpKind(StrEnum):
    """VISIT is the welfare visit (DoorVisit, 上门看望)."""

    CALL = "CALL"
    VISIT = "VISIT"
    CLINIC = "CLINIC"


class Within(NamedTuple):
    """How long somebody has, and whether the clock stands still at night."""

    wait: timedelta
    urgent: bool


WITHIN: Mapping[FollowUpKind, Within] = {
    FollowUpKind.CALL: Within(timedelta(hours=2), False),
    FollowUpKind.VISIT: Within(timedelta(hours=4), False),
    FollowUpKind.CLINIC: Within(timedelta(hours=1), True),
}
OUTCOMES: Mapping[FollowUpKind, tuple[str, ...]] = {
    FollowUpKind.CALL: ("WELL", "UNWELL", "NO_ANSWER", "NOT_THERE"),
    FollowUpKind.VISIT: ("WELL", "UNWELL", "NOT_THERE"),
    FollowUpKind.CLINIC: ("AT_CLINIC", "NOT_ILL", "ADMITTED"),
}
# He was spoken to: what he missed before is not asked about again.
REACHED = ("WELL", "UNWELL")


def due_at(kind: FollowUpKind, opened_at: datetime) -> datetime:
    return later(opened_at, WITHIN[kind].wait, urgent=WITHIN[kind].urgent)


def last_passed(at: datetime, limits: Thresholds, n: int = 3) -> list[HalfDay]:
    """The newest n half-days whose deadline has passed, the newest first."""
    of = half_day(at)
    if limits.deadline(of) > at:
        of = of.before
    passed = [of]
    while len(passed) < n:
        passed.append(passed[-1].before)
    return passed
