"""The hours of the day that a vacancy counts, as a table of cases."""

from datetime import datetime, timedelta

import pytest

from lianfang.command.rules.responsibility import awake_before, red_since, upwards
from lianfang.kernel.days import SHANGHAI

H = timedelta(hours=1)


def on(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2020, 2, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("at", "much", "before"),
    [
        (on(13, 12), 2 * H, on(13, 10)),
        (on(13, 9), 2 * H, on(13, 7)),
        (on(13, 8), 2 * H, on(12, 21)),
        (on(13, 3), 2 * H, on(12, 20)),  # by night the evening before counts
        (on(13, 23, 30), 2 * H, on(13, 20)),
        (on(13, 7), 15 * H, on(12, 7)),  # a whole day is fifteen hours
        (on(13, 7), 30 * H, on(11, 7)),
        (on(13, 12), 0 * H, on(13, 12)),
    ],
)
def test_so_many_hours_of_the_day_before(at: datetime, much: timedelta, before: datetime) -> None:
    assert awake_before(at, much) == before


def test_the_clock_of_another_zone_is_read_as_the_citys() -> None:
    from datetime import UTC  # noqa: PLC0415 -- used here only

    assert awake_before(on(13, 8).astimezone(UTC), 2 * H) == on(12, 21)


def test_what_lies_deeper_climbs_longer() -> None:
    limits = red_since("210381", on(13, 20), 2 * H)
    assert limits == {
        "COUNTY": on(13, 18),
        "TOWNSHIP": on(13, 18),
        "VILLAGE": on(13, 16),
        "GRID": on(13, 14),
        "MICRO_GRID": on(13, 12),
    }


def test_the_way_up_ends_at_the_city() -> None:
    assert upwards("210381101200001") == ("210381101200001", "210381101200", "210381101", "210381", "210300")
    assert upwards("210000") == ()
