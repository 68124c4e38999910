"""When a referral is due: two hours by the clock, which sleeps at night except for whoever must not wait.

Source: core.md 4, the city's order: confirmed within two hours; unaccepted, it goes to the parent's list.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from lianfang.kernel.waking import later

ACCEPT_WITHIN = timedelta(hours=2)
URGENT = frozenset(("QUARANTINE", "FEVER_CLINIC"))
LASTING = (
    "QUARANTINE",
    "FEVER_CLINIC",
    "NOTIFY_GRID",
)  # measures that somebody must carry on at the destination


class Due(NamedTuple):
    """From when on it stands on the list of the township, the county, the city."""

    township: datetime
    county: datetime
    city: datetime


def is_urgent(measures: list[str]) -> bool:
    return not URGENT.isdisjoint(measures)


def due(sent_at: datetime, *, urgent: bool, vacant: bool) -> Due:
    """A place for which nobody answers has no two hours: it stands with its parent at once."""
    first = sent_at if vacant else later(sent_at, ACCEPT_WITHIN, urgent=urgent)
    second = later(first, ACCEPT_WITHIN, urgent=urgent)
    return Due(first, second, later(second, ACCEPT_WITHIN, urgent=urgent))
