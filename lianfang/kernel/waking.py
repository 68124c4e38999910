"""The clock of desks, which sleep from 22:00 to 07:00 (Asia/Shanghai): what may wait until the morning does."""

from datetime import datetime, time, timedelta

from lianfang.kernel.days import SHANGHAI

AWAKE_FROM, ASLEEP_FROM = time(7), time(22)


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
