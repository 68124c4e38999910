"""Which thresholds hold at a moment, and those that wait for a second officer. They are nobody's data and need no reach."""

import time
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lianfang.quarantine.models import CheckInThresholds
from lianfang.quarantine.rules import Thresholds, thresholds_of

BELIEVED_FOR = 5.0  # seconds


@dataclass(frozen=True, slots=True)
class ThresholdsShown:
    """A content with its hash, who proposed and approved it, and since when it holds (None: it waits)."""

    hash: str
    thresholds: Thresholds
    proposed_by: UUID | None
    proposed_at: datetime
    approved_by: UUID | None
    from_at: datetime | None


class _Known:
    """What this process asked for last: when, and the thresholds by the moment from which they hold, the newest first."""

    asked: float | None = None
    held: tuple[tuple[datetime, Thresholds], ...] = ()


def thresholds_at(at: datetime) -> Thresholds:
    """What reports are judged by at that moment; as the database said it within the last seconds."""
    if _Known.asked is None or _Known.asked + BELIEVED_FOR < time.monotonic():
        rows = CheckInThresholds.objects.exclude(from_at=None).order_by("-from_at", "hash")
        _Known.held = tuple((row.from_at, thresholds_of(row.content)) for row in rows if row.from_at)
        _Known.asked = time.monotonic()
    return next(held for since, held in _Known.held if since <= at)


def forget_thresholds() -> None:
    """The next question is asked anew: somebody approved others."""
    _Known.asked = None


def thresholds_kept() -> list[ThresholdsShown]:
    """All of them, those that wait first, then by when they came to hold, the newest first."""
    rows = CheckInThresholds.objects.order_by("-proposed_at", "hash")
    shown = [
        ThresholdsShown(
            row.hash,
            thresholds_of(row.content),
            row.proposed_by,
            row.proposed_at,
            row.approved_by,
            row.from_at,
        )
        for row in rows
    ]
    return sorted(
        shown, key=lambda one: (one.from_at is not None, -(one.from_at or one.proposed_at).timestamp())
    )
