"""When a referral is due: two hours by the clock, which sleeps at night except for whoever must not wait.

Source: core.md 4, the city's order: confirmed within two hours; unaccepted, it goes to the parent's list.
"""

from datetime import datetime, time, timedelta
from typing import NamedTuple

from lianfang.kernel.days import SHANGHAI

ACCEPT_WITHIN = timedelta(hours=2)
AWAKE_FROM, ASLEEP_FROM = time(7), time(22)  # Asia/Shanghai
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


def is_night(at: datetime) -> bool:
    """Whether desks sleep: whoever must not wait is called for by telephone."""
    return not AWAKE_FROM <= at.astimezone(SHANGHAI).time() < ASLEEP_FROM


def later(moment: datetime, wait: timedelta, *, urgent: bool) -> datetime:
    """The moment `wait` later, by a clock that stands still from 22:00 to 07:00 unless it is urgent."""
    if urgent:
        return moment + wait
    local = moment.astimezone(SHANGHAI)
    while True:
        begins = local.replace(hour=AWAKE_FROM.hour, minute=0, second=0, microsecond=0)
        ends = local.replace(hour=ASLEEP_FROM.hour, minute=0, second=0, microsecond=0)
        local = max(local, begins)
        if local + wait <= ends:
            return (local + wait).astimezone(moment.tzinfo)
        wait -= max(ends - local, timedelta())
        local = begins + timedelta(days=1)
