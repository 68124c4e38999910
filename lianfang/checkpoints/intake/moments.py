"""When a record happened, by whose clock, and on which day it counts."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from lianfang.kernel.days import SHANGHAI, day_of, hour_of
from lianfang.kernel.ids import millis_of

OLDEST = timedelta(days=30)
AHEAD = timedelta(minutes=15)
ID_OLDEST_MS = 60 * 86_400_000
ID_AHEAD_MS = 2 * 86_400_000


@dataclass(frozen=True, slots=True)
class Moment:
    """occurred_at as the device said; the day and hour (Asia/Shanghai) the server counts it on; CLOCK if they differ."""

    occurred_at: datetime
    captured_on: date
    captured_hour: int
    flags: tuple[str, ...]


_CLOCK = ("CLOCK",)
# asyncpg writes the first instant of the calendar as -infinity, which no reader of the row can turn into a moment.
_KEPT_AS_INFINITY = datetime.min.replace(tzinfo=UTC)


def read_moment(text: str, *, received_at: datetime) -> Moment | None:
    """None when the text is no moment, or none that can be kept. Without an offset it is Asia/Shanghai time."""
    try:
        occurred_at = datetime.fromisoformat(text)
        if occurred_at.tzinfo is None:
            occurred_at = occurred_at.replace(tzinfo=SHANGHAI)
        # By way of the city's clock: what that cannot show (the last hours of the year 9999), no page could.
        occurred_at = occurred_at.astimezone(SHANGHAI).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if occurred_at == _KEPT_AS_INFINITY:
        return None
    if received_at - OLDEST <= occurred_at <= received_at + AHEAD:
        return Moment(occurred_at, day_of(occurred_at), hour_of(occurred_at), ())
    return Moment(occurred_at, day_of(received_at), hour_of(received_at), _CLOCK)


def id_is_of_its_time(uuid: UUID, *, received_ms: int) -> bool:
    """Whether the id is a UUIDv7 of the last 60 days (or at most two days ahead)."""
    millis = millis_of(uuid)
    return millis is not None and received_ms - ID_OLDEST_MS <= millis <= received_ms + ID_AHEAD_MS
