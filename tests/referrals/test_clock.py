"""When a referral is due: by a clock that sleeps at night, except for whoever must not wait."""

from datetime import datetime, timedelta

import pytest

from lianfang.kernel.days import SHANGHAI
from lianfang.kernel.waking import later
from lianfang.referrals.rules import due, is_urgent

HOUR = timedelta(hours=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2020, 2, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("sent", "is_due"),
    [
        (at(10, 9), at(10, 11)),
        (at(10, 19, 59), at(10, 21, 59)),
        (at(10, 20), at(10, 22)),
        (at(10, 20, 30), at(11, 7, 30)),
        (at(10, 21, 59), at(11, 8, 59)),
        (at(10, 22), at(11, 9)),
        (at(10, 23, 30), at(11, 9)),
        (at(11, 3), at(11, 9)),
        (at(11, 7), at(11, 9)),
        (at(29, 22), datetime(2020, 3, 1, 9, tzinfo=SHANGHAI)),
    ],
)
def test_two_hours_are_two_hours_awake(sent: datetime, is_due: datetime) -> None:
    assert due(sent, urgent=False, vacant=False).township == is_due


@pytest.mark.parametrize("hour", [0, 3, 12, 21, 22, 23])
def test_who_must_not_wait_is_due_in_two_hours_at_any_hour(hour: int) -> None:
    assert due(at(10, hour), urgent=True, vacant=False).township == at(10, hour) + 2 * HOUR


def test_every_parent_has_as_long_as_the_one_below() -> None:
    assert due(at(10, 17), urgent=False, vacant=False) == (at(10, 19), at(10, 21), at(11, 8))
    assert due(at(10, 23), urgent=True, vacant=False) == (at(11, 1), at(11, 3), at(11, 5))


def test_a_place_for_which_nobody_answers_has_no_two_hours() -> None:
    assert due(at(10, 3), urgent=False, vacant=True) == (at(10, 3), at(10, 9), at(10, 11))


def test_a_wait_longer_than_a_day_sleeps_every_night() -> None:
    assert later(at(10, 21), 31 * HOUR, urgent=False) == at(12, 22)


@pytest.mark.parametrize(
    ("measures", "urgent"),
    [(["NOTIFY_GRID"], False), (["REGISTER", "QUARANTINE"], True), (["FEVER_CLINIC"], True), ([], False)],
)
def test_quarantine_and_fever_do_not_wait_for_the_morning(measures: list[str], urgent: bool) -> None:
    assert is_urgent(measures) is urgent
