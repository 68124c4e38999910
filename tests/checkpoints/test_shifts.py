"""Shifts as tables of cases: which are owed, over midnight and on the day a post opens or closes; how they stand."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest

from lianfang.checkpoints.shifts import (
    BY_CODE,
    SHIFTS,
    ClosingState,
    Tally,
    is_over,
    is_recent,
    shift_of,
    state_of_closing,
    state_without_closing,
    was_open,
)
from lianfang.kernel.days import SHANGHAI

DAY = date(2020, 2, 13)
NOON = datetime(2020, 2, 13, 12, tzinfo=SHANGHAI)


@dataclass
class Post:
    opens_at: time | None = None
    closes_at: time | None = None
    opened_at: datetime = datetime(2020, 1, 1, tzinfo=UTC)
    closed_at: datetime | None = None


def at(hour: int, minute: int = 0, *, day: date = DAY) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI)


def test_the_shifts_are_the_hours_of_a_day_each_once() -> None:
    assert [hour for shift in SHIFTS for hour in shift.hours] == list(range(24))
    assert [shift_of(hour).code for hour in (0, 7, 8, 15, 16, 23)] == [
        "NIGHT",
        "NIGHT",
        "DAY",
        "DAY",
        "EVENING",
        "EVENING",
    ]
    assert BY_CODE["EVENING"].ends_at(DAY) == at(0, day=DAY + timedelta(days=1))


NEXT = DAY + timedelta(days=1)
BEFORE = DAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("post", "open_in"),
    [
        (Post(), "NIGHT DAY EVENING"),
        (Post(time(8), time(16)), "DAY"),
        (Post(time(7, 59), time(16, 1)), "NIGHT DAY EVENING"),
        (Post(time(6), time(22)), "NIGHT DAY EVENING"),
        (Post(time(9), time(17)), "DAY EVENING"),
        (Post(time(16), time(0)), "EVENING"),
        (Post(time(0), time(8)), "NIGHT"),
        # over midnight: this morning's part belongs to the night that began yesterday
        (Post(time(22), time(6)), "NIGHT EVENING"),
        (Post(time(20), time(8)), "NIGHT EVENING"),
        (Post(time(20), time(8, 1)), "NIGHT DAY EVENING"),
        (Post(time(10), time(10)), ""),
        # one of the two hours is unknown: it never closes
        (Post(time(10), None), "NIGHT DAY EVENING"),
        # opened or closed in the middle of the day, at the very end of a shift, on another day
        (Post(opened_at=at(10)), "DAY EVENING"),
        (Post(opened_at=at(16)), "EVENING"),
        (Post(opened_at=at(15, 59)), "DAY EVENING"),
        (Post(opened_at=at(0, day=NEXT)), ""),
        (Post(closed_at=at(10)), "NIGHT DAY"),
        (Post(closed_at=at(8)), "NIGHT"),
        (Post(closed_at=at(23, day=BEFORE)), ""),
        (Post(opened_at=at(9), closed_at=at(10)), "DAY"),
        # there, and within its hours, but never both at once
        (Post(time(9), time(12), opened_at=at(13)), ""),
        (Post(time(9), time(17), closed_at=at(9)), ""),
        (Post(time(22), time(6), opened_at=at(7)), "EVENING"),
        (Post(time(22), time(6), opened_at=at(5)), "NIGHT EVENING"),
    ],
)
def test_a_shift_is_owed_when_the_post_was_open_for_any_part_of_it(post: Post, open_in: str) -> None:
    assert [shift.code for shift in SHIFTS if was_open(post, DAY, shift)] == open_in.split()


@pytest.mark.parametrize(
    ("moment", "over"),
    [
        (at(7, 59), ""),
        (at(8), "NIGHT"),
        (at(15, 59), "NIGHT"),
        (at(16), "NIGHT DAY"),
        (at(23, 59), "NIGHT DAY"),
        (at(0, day=NEXT), "NIGHT DAY EVENING"),
        (datetime(2020, 2, 13, 16, tzinfo=UTC), "NIGHT DAY EVENING"),
        (at(12, day=BEFORE), ""),
    ],
)
def test_a_shift_is_over_at_its_last_hour_in_shanghai(moment: datetime, over: str) -> None:
    assert [shift.code for shift in SHIFTS if is_over(DAY, shift, moment)] == over.split()


@pytest.mark.parametrize(
    ("back", "recent"), [(-1, False), (0, True), (1, True), (30, True), (31, False), (400, False)]
)
def test_thirty_days_back_and_no_day_ahead(back: int, recent: bool) -> None:
    assert is_recent(DAY - timedelta(days=back), NOON) is recent


def test_without_a_closing_a_shift_is_shut_or_to_come_or_open() -> None:
    by_day = Post(time(8), time(20))
    states = [state_without_closing(by_day, DAY, shift, at(16)) for shift in SHIFTS]
    assert states == [ClosingState.NOT_OPEN, ClosingState.OPEN, ClosingState.NOT_DUE]


@pytest.mark.parametrize(
    ("zero", "then", "now", "state"),
    [
        (False, (3, 5), (3, 5), ClosingState.CLOSED),
        (False, (3, 5), (4, 6), ClosingState.CHANGED),
        (False, (3, 5), (3, 4), ClosingState.CHANGED),
        (False, (3, 5), None, ClosingState.CHANGED),
        (True, (0, 0), None, ClosingState.ZERO),
        (True, (0, 0), (0, 0), ClosingState.ZERO),
        (True, (0, 0), (0, 1), ClosingState.CHANGED),
    ],
)
def test_a_closing_stands_until_the_records_change(
    zero: bool, then: tuple, now: tuple | None, state: ClosingState
) -> None:
    assert state_of_closing(zero=zero, then=Tally(*then), now=Tally(*now) if now else None) == state
