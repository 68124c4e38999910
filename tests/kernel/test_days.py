from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianfang.kernel.days import SHANGHAI, day_of, hour_of, quarter_of, start_of

moments = st.datetimes(datetime(1992, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds are naive


@pytest.mark.parametrize(
    ("moment", "day", "hour"),
    [
        (datetime(2020, 2, 12, 15, 59, 59, 999_999, tzinfo=UTC), date(2020, 2, 12), 23),
        (datetime(2020, 2, 12, 16, tzinfo=UTC), date(2020, 2, 13), 0),
        (datetime(2020, 2, 13, 0, tzinfo=SHANGHAI), date(2020, 2, 13), 0),
        (datetime(2020, 2, 29, 12, tzinfo=SHANGHAI), date(2020, 2, 29), 12),
        (datetime(2019, 12, 31, 16, tzinfo=UTC), date(2020, 1, 1), 0),
    ],
)
def test_a_day_begins_at_midnight_in_shanghai(moment: datetime, day: date, hour: int) -> None:
    assert day_of(moment) == day
    assert hour_of(moment) == hour


def test_a_day_starts_at_four_in_the_afternoon_of_the_day_before_in_utc() -> None:
    assert start_of(date(2020, 2, 13)) == datetime(2020, 2, 12, 16, tzinfo=UTC)


@given(st.dates(date(1992, 1, 1), date(2100, 1, 1)))
def test_the_first_and_the_last_instant_of_a_day_lie_on_it(day: date) -> None:
    start = start_of(day)
    assert day_of(start) == day
    assert day_of(start + timedelta(days=1) - timedelta(microseconds=1)) == day
    assert day_of(start - timedelta(microseconds=1)) == day - timedelta(days=1)


@pytest.mark.parametrize(
    ("moment", "quarter"),
    [
        ((8, 0, 0), (8, 0)),
        ((8, 14, 59), (8, 0)),
        ((8, 15, 0), (8, 15)),
        ((23, 59, 59), (23, 45)),
    ],
)
def test_a_quarter_hour_begins_at_or_before_its_moments(moment: tuple, quarter: tuple) -> None:
    assert quarter_of(datetime(2020, 2, 13, *moment, tzinfo=UTC)) == datetime(
        2020, 2, 13, *quarter, tzinfo=UTC
    )


@given(moments)
def test_a_quarter_hour_holds_its_moment_and_is_its_own_quarter_hour(moment: datetime) -> None:
    quarter = quarter_of(moment)
    assert quarter <= moment < quarter + timedelta(minutes=15)
    assert quarter_of(quarter) == quarter
    assert quarter == quarter_of(moment.astimezone(SHANGHAI))
