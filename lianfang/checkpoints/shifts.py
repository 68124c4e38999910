"""The three shifts of a day, for which of them a checkpoint owes a closing, and how it stands (日清日结). Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol

from lianfang.checkpoints.rules import Hours
from lianfang.kernel.days import SHANGHAI, day_of, start_of

CLOSED_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Shift:
    """Hours of a day, `to_hour` excluded."""

    code: str
    from_hour: int
    to_hour: int

    def begins_at(self, day: date) -> datetime:
        return start_of(day) + timedelta(hours=self.from_hour)

    def ends_at(self, day: date) -> datetime:
        return start_of(day) + timedelta(hours=self.to_hour)

    @property
    def hours(self) -> range:
        return range(self.from_hour, self.to_hour)


SHIFTS = (Shift("NIGHT", 0, 8), Shift("DAY", 8, 16), Shift("EVENING", 16, 24))
BY_CODE = {shift.code: shift for shift in SHIFTS}


class ClosingState(StrEnum):
    """How a shift of a checkpoint stands."""

    NOT_OPEN = "NOT_OPEN"
    NOT_DUE = "NOT_DUE"
    OPEN = "OPEN"
    CLOSED = "CLOSED"
    ZERO = "ZERO"
    CHANGED = "CHANGED"


class Tally(NamedTuple):
    """台次 and 人次, counted by hand or from the records."""

    vehicles: int
    people: int

    def minus(self, other: "Tally | None") -> "Tally":
        vehicles, people = other or (0, 0)
        return Tally(self.vehicles - vehicles, self.people - people)


class Recorded(NamedTuple):
    """The board's figures of a shift as known at `as_of`; None where no record has come, which is not the same as 0."""

    vehicles: int | None
    people: int | None
    as_of: datetime | None


class Lasting(Hours, Protocol):
    """A checkpoint: from when until when it exists, and its hours."""

    @property
    def opened_at(self) -> datetime: ...


def shift_of(hour: int) -> Shift:
    return next(shift for shift in SHIFTS if hour in shift.hours)


def was_open(post: Lasting, day: date, shift: Shift) -> bool:
    """Whether the checkpoint was, or will be, open for any part of the shift."""
    begins = max(shift.begins_at(day), post.opened_at)
    ends = min(shift.ends_at(day), post.closed_at or shift.ends_at(day))
    return any(max(begins, opens) < min(ends, closes) for opens, closes in _open_hours(post, day))


def _open_hours(post: Hours, day: date) -> Iterator[tuple[datetime, datetime]]:
    midnight, next_midnight = start_of(day), start_of(day + timedelta(days=1))
    if post.opens_at is None or post.closes_at is None:
        yield midnight, next_midnight
        return
    opens = datetime.combine(day, post.opens_at, SHANGHAI)
    closes = datetime.combine(day, post.closes_at, SHANGHAI)
    if opens <= closes:
        yield opens, closes
    else:
        yield midnight, closes
        yield opens, next_midnight


def is_over(day: date, shift: Shift, at: datetime) -> bool:
    return shift.ends_at(day) <= at


def is_recent(day: date, at: datetime) -> bool:
    """Not ahead, and not so long ago that nobody has the hand count any more."""
    return day_of(at) - CLOSED_WITHIN <= day <= day_of(at)


def state_without_closing(post: Lasting, day: date, shift: Shift, at: datetime) -> ClosingState:
    """A shift that nobody has closed. One in which the checkpoint was shut is owed to nobody."""
    if not was_open(post, day, shift):
        return ClosingState.NOT_OPEN
    return ClosingState.OPEN if is_over(day, shift, at) else ClosingState.NOT_DUE


def state_of_closing(*, zero: bool, then: Tally, now: Tally | None) -> ClosingState:
    """A shift that was closed: records that came or were corrected afterwards show."""
    if then != (now or Tally(0, 0)):
        return ClosingState.CHANGED
    return ClosingState.ZERO if zero else ClosingState.CLOSED
