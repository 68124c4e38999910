"""When officers are warned that the rules in force will lapse: seven days, three, one before, and after. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum


class Lapse(StrEnum):
    """How near the end is. FAR is no warning."""

    FAR = "FAR"
    SEVEN_DAYS = "SEVEN_DAYS"
    THREE_DAYS = "THREE_DAYS"
    ONE_DAY = "ONE_DAY"
    LAPSED = "LAPSED"


_WITHIN = (
    (timedelta(0), Lapse.LAPSED),
    (timedelta(days=1), Lapse.ONE_DAY),
    (timedelta(days=3), Lapse.THREE_DAYS),
    (timedelta(days=7), Lapse.SEVEN_DAYS),
)


def lapse(until: datetime, at: datetime) -> Lapse:
    left = until - at
    return next((warned for within, warned in _WITHIN if left <= within), Lapse.FAR)
