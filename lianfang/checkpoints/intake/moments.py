"""When a record happened, by whose clock, and on which day it counts."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from lianfang.kernel.days import SHANGHAI, day_of, hour_of
from lianfang.kernel.ids import millis_of

OLDEST = timedelta(days=30)
AHEAD = timedelta(minutes=15)
# A device's clock is near enough up to a minute; beyond ten years it does not know what it says.
NOTICED_MS, LARGEST_OFFSET_MS = 60_000, 315_360_000_000
ID_OLDEST_MS = 60 * 86_400_000
ID_AHEAD_MS = 2 * 86_400_000


class Moment(NamedTuple):
    """occurred_at as the device said; the day and hour (Asia/Shanghai) the server counts it on; CLOCK if they differ.

    `set_right`: when it happened by the server's clock, where the device knew its own to be wrong.
    """

    occurred_at: datetime
    captured_on: date
    captured_hour: int
    flags: tuple[str, ...]
    set_right: datetime | None = None

    def ruled_at(self, received_at: datetime) -> datetime:
        """The moment whose rules decide."""
        return self.set_right or (received_at if self.flags else self.occurred_at)


_CLOCK = ("CLOCK",)
# asyncpg writes the first instant of the calendar as -infinity, which no reader of the row can turn into a moment.
_KEPT_AS_INFINITY = datetime.min.replace(tzinfo=UTC)


def read_moment(text: str, *, received_at: datetime, offset_ms: float | None = None) -> Moment | None:
    """None when the text is no moment, or none that can be kept. Without an offset it is Asia/Shanghai time.

    `offset_ms`: the server's clock minus the device's, as the device knows it.
    """
    try:
        occurred_at = datetime.fromisoformat(text)
        if occurred_at.tzinfo is None:
            occurred_at = occurred_at.replace(tzinfo=SHANGHAI)
        # By way of the city's clock: what that cannot show (the last hours of the year 9999), no page could.
        local = occurred_at.astimezone(SHANGHAI)
        occurred_at = local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if occurred_at == _KEPT_AS_INFINITY:
        return None
    right = _set_right(occurred_at, received_at, offset_ms) if offset_ms else None
    if received_at - OLDEST <= occurred_at <= received_at + AHEAD:
        return Moment(occurred_at, local.date(), local.hour, (), right)
    return Moment(occurred_at, day_of(received_at), hour_of(received_at), _CLOCK, right)


def offset_told(said: object) -> float | None:
    """What a sender says of its clock; None when that is no number."""
    return said if isinstance(said, int | float) and not isinstance(said, bool) else None


def _set_right(occurred_at: datetime, received_at: datetime, offset_ms: float) -> datetime | None:
    """Never later than it came. None where the clock is near enough, or does not come right by what is said of it."""
    if not NOTICED_MS <= abs(offset_ms) <= LARGEST_OFFSET_MS:
        return None
    try:
        right = min(occurred_at + timedelta(milliseconds=offset_ms), received_at)
    except OverflowError:
        return None
    return right if received_at - OLDEST <= right else None


def id_is_of_its_time(uuid: UUID, *, received_ms: int) -> bool:
    """Whether the id is a UUIDv7 of the last 60 days (or at most two days ahead)."""
    millis = millis_of(uuid)
    return millis is not None and received_ms - ID_OLDEST_MS <= millis <= received_ms + ID_AHEAD_MS
