"""How many came from an affected area: the board's cells, added up by division."""

from datetime import timedelta

import pytest

from lianfang.command.services import worker_session
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Forbidden
from lianfang.situation.arrivals import ArrivalsFrom, arrivals_from
from lianfang.situation.fold import catch_up
from tests import factories
from tests.doors.desk import City


def test_a_division_counts_all_who_came_from_within_it() -> None:
    found = ArrivalsFrom({"420106": 2, "420100": 3, "420000": 5, "421102": 7, "210381": 1})
    assert [found.within(code) for code in ("42", "4201", "420106", "4211", "43")] == [17, 5, 2, 7, 0]
    assert found.within("420106001") is None  # the cells know no townships


def test_they_are_the_board_s_of_those_days_and_only_for_who_sees_the_board(city: City) -> None:
    today = factories.today()
    city.register(people=[city.generated.person(from_code=code) for code in ("420106", "420106", "210103")])
    city.register(people=[city.generated.person(from_code="420106")], direction="OUT")
    catch_up(worker_session())
    with reach(factories.officer()) as seen:
        found = arrivals_from(seen, first=today, last=today)
        assert found is not None
        assert (found.within("42"), found.within("21")) == (2, 1)
        before = arrivals_from(seen, first=today - timedelta(days=9), last=today - timedelta(days=1))
        assert before is not None
        assert before.within("42") == 0
    with reach(factories.officer("TOWNSHIP_DESK", "210381101")) as seen, pytest.raises(Forbidden):
        arrivals_from(seen, first=today, last=today)
