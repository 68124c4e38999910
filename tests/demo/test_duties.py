"""The demo city's duty: two weeks round today, everybody there but one, a hand-over and a swap that wait; again, the same."""

from datetime import UTC, datetime, timedelta

import pytest

from lianfang.command.models import DutyHandover, DutySlot, DutySwap, Headquarters
from lianfang.command.queries.duty import duty_now, duty_week, my_slots
from lianfang.command.queries.headquarters import headquarters_in_sight
from lianfang.command.rules.duty import duty_day
from lianfang.demo.duties import BEFORE, EMPTY, duties_of_the_city
from lianfang.kernel.reach import Reach
from lianfang.machine.postgres import Database
from tests import factories
from tests.factories import ANSHAN, HAICHENG

HOURS = [timedelta(hours=hour) for hour in (0, 7, 8, 15, 23)]


@pytest.fixture
def desks(clean: Database) -> tuple[Reach, Reach]:
    return factories.officer("COUNTY_DESK", HAICHENG, name="海城市值班员"), factories.officer(
        "HEADQUARTERS", ANSHAN
    )


@pytest.mark.parametrize("hour", HOURS)
def test_today_everybody_is_there_but_one_whatever_the_hour(
    desks: tuple[Reach, Reach], hour: timedelta
) -> None:
    at = datetime.now(UTC).replace(hour=0, minute=20) + hour
    duties_of_the_city(*desks, at=at)
    (line,) = headquarters_in_sight(desks[0])
    now = duty_now(desks[0], line, at=at)
    assert (now.due, now.there) == (20, 19) or (now.due, now.there) == (19, 18)  # a gap of the legal group
    assert [one.group for one in now.empty] == [
        group.group.id for group in now.groups if group.group.code == EMPTY
    ]
    assert [one.state for one in my_slots(desks[0], at=at)][:1] == ["ON_DUTY"]
    waiting = DutyHandover.objects.filter(accepted_at=None)
    assert waiting.count() == 1
    assert DutySwap.objects.filter(state="ASKED").count() == 1
    days = DutySlot.objects.values_list("on_date", flat=True).distinct()
    assert len(days) == 14
    assert min(days) == duty_day(at) - timedelta(days=BEFORE)
    assert 0 < duty_week(desks[0], line, day=duty_day(at)).gaps < 120


def test_opened_again_it_goes_on_and_nothing_stands_twice(desks: tuple[Reach, Reach]) -> None:
    at = datetime.now(UTC)
    for later in (timedelta(0), timedelta(minutes=5), timedelta(days=1), timedelta(days=3)):
        duties_of_the_city(*desks, at=at + later)
    assert Headquarters.objects.count() == 1
    assert len(DutySlot.objects.values_list("on_date", flat=True).distinct()) == 17
    (line,) = headquarters_in_sight(desks[0])
    now = duty_now(desks[0], line, at=at + timedelta(days=3))
    assert now.due - now.there == 1


@pytest.mark.parametrize("pause", [5, 9, 14])
def test_opened_after_a_pause_of_days_no_part_that_nobody_signed_in_for_waits_to_be_handed_over(
    desks: tuple[Reach, Reach], pause: int
) -> None:
    at = datetime.now(UTC)
    for later in (timedelta(0), timedelta(days=pause)):
        duties_of_the_city(*desks, at=at + later)
    assert not DutySlot.objects.filter(state="ON_DUTY", signed_in_at=None).exists()
    (line,) = headquarters_in_sight(desks[0])
    now = duty_now(desks[0], line, at=at + timedelta(days=pause))
    assert now.due - now.there == 1
