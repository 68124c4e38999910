"""Days, half-days and verdicts as tables of cases, at the edges of Asia/Shanghai."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from lianfang.kernel.days import SHANGHAI
from lianfang.quarantine.rules import (
    SHIPPED,
    Half,
    HalfDay,
    day_number,
    ends_at,
    half_day,
    last_day,
    may_release,
    thresholds_of,
    verdict,
)

FEB = date(2020, 2, 10)


@pytest.mark.parametrize(
    ("moment", "day", "half"),
    [
        (datetime(2020, 2, 9, 15, 59, 59, tzinfo=UTC), date(2020, 2, 9), Half.EVENING),
        (datetime(2020, 2, 9, 16, 0, tzinfo=UTC), date(2020, 2, 10), Half.MORNING),
        (datetime(2020, 2, 10, 11, 59, 59, tzinfo=SHANGHAI), date(2020, 2, 10), Half.MORNING),
        (datetime(2020, 2, 10, 12, tzinfo=SHANGHAI), date(2020, 2, 10), Half.EVENING),
    ],
)
def test_a_half_day_is_one_of_the_city(moment: datetime, day: date, half: Half) -> None:
    assert half_day(moment) == HalfDay(day, half)


def test_day_fourteen_is_counted_from_the_last_contact_over_the_end_of_february() -> None:
    assert last_day(date(2020, 2, 20)) == date(2020, 3, 5)  # 29 days in 2020
    assert last_day(date(2021, 2, 20)) == date(2021, 3, 6)


@pytest.mark.parametrize(
    ("at", "over"),
    [
        (datetime(2020, 2, 24, 23, 59, 59, tzinfo=SHANGHAI), False),
        (datetime(2020, 2, 25, 0, 0, tzinfo=SHANGHAI), True),
        (datetime(2020, 2, 24, 16, 0, tzinfo=UTC), True),
    ],
)
def test_observation_ends_with_day_fourteen_and_not_before(at: datetime, over: bool) -> None:
    last = last_day(FEB)
    assert may_release(last, at) is over
    assert ends_at(last) == datetime(2020, 2, 25, tzinfo=SHANGHAI)
    assert day_number(FEB, at) == (15 if over else 14)


@pytest.mark.parametrize(
    ("celsius", "symptoms", "said"),
    [
        ("36.5", [], "WELL"),
        ("37.2", [], "WELL"),
        ("37.3", [], "SYMPTOMATIC"),
        ("36.5", ["COUGH"], "SYMPTOMATIC"),
        (None, ["COUGH"], "SYMPTOMATIC"),
        (None, [], "NOT_READ"),
        ("33.9", [], "NOT_READ"),
        ("43.1", [], "NOT_READ"),
    ],
)
def test_a_report_is_judged_by_the_thresholds(celsius: str | None, symptoms: list[str], said: str) -> None:
    assert verdict(Decimal(celsius) if celsius else None, symptoms, SHIPPED) == said


def test_thresholds_are_one_content_under_one_hash() -> None:
    assert thresholds_of(SHIPPED.content) == SHIPPED
    stricter = thresholds_of({**SHIPPED.content, "fever": "37.0"})
    assert stricter.hash != SHIPPED.hash
    assert verdict(Decimal("37.0"), [], stricter) == "SYMPTOMATIC"


def test_before_this_half_day_came_the_other() -> None:
    morning = HalfDay(FEB, Half.MORNING)
    assert morning.before == HalfDay(FEB - timedelta(days=1), Half.EVENING)
    assert morning.before.before == HalfDay(FEB - timedelta(days=1), Half.MORNING)
    assert SHIPPED.deadline(morning) == datetime(2020, 2, 10, 10, tzinfo=SHANGHAI)
