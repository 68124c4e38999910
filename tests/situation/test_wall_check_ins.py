"""The wall's one number of quarantine: the whole city's, of the half-day, for a display that sees no row; no small figure."""

from datetime import timedelta

import pytest

from lianfang.command.queries import display_of_token
from lianfang.command.services import issue_display_token, worker_session
from lianfang.kernel.reach import Reach, reach
from lianfang.quarantine.models import QuarantineOrder
from lianfang.quarantine.queries.lists import counts
from lianfang.situation.fold import catch_up
from lianfang.situation.wall.asking import asked
from lianfang.situation.wall.observed import released_ever
from lianfang.situation.wall.tiles import tile
from tests import factories
from tests.people.town import NOW, TODAY, own_keys, town  # noqa: F401 -- fixtures
from tests.quarantine.test_lists import reported
from tests.quarantine.ward import HOUR, Ward, ward  # noqa: F401 -- a fixture

EARLY = NOW - HOUR


@pytest.fixture
def screen(ward: Ward) -> Reach:  # noqa: F811
    factories.checkpoint("GATE")
    token, _ = issue_display_token(name="大厅", lasts=timedelta(days=1), at=NOW)
    found = display_of_token(token, at=NOW)
    assert found is not None
    catch_up(worker_session())
    return found


def shown(screen: Reach, at: object = NOW) -> dict[str, object]:
    with reach(screen) as seen:
        told = tile("check_ins", asked(seen, at=at))["data"]  # type: ignore[arg-type]
    return {
        name: "few" if isinstance(n, dict) and n["few"] else n["n"] if isinstance(n, dict) else n
        for name, n in told.items()
    }


def test_a_display_tells_who_reported_of_whom_it_is_asked_and_no_small_figure(
    ward: Ward,  # noqa: F811
    screen: Reach,
) -> None:
    people = [ward.in_place(at=EARLY) for _ in range(7)]
    for one in people[:5]:
        reported(one, TODAY, "MORNING")
    reported(people[5], TODAY, "MORNING", "SYMPTOMATIC")
    assert shown(screen) == {
        "day": TODAY.isoformat(), "half": "MORNING", "observed": 7, "called_for": 7, "checked_in": 6, "symptomatic": "few",
        "released_today": 0, "due_tomorrow": 0,
    }  # fmt: skip
    evening = shown(screen, NOW + 6 * HOUR)
    assert (evening["half"], evening["called_for"], evening["checked_in"]) == ("EVENING", 7, 0)


def test_the_wall_says_what_the_desk_says(ward: Ward, screen: Reach) -> None:  # noqa: F811
    people = [ward.in_place(at=EARLY) for _ in range(6)]
    for one in people:
        reported(one, TODAY, "MORNING", "SYMPTOMATIC" if one is people[0] else "WELL")
    with reach(ward.town.headquarters) as seen:
        told = counts(seen, NOW)
    wall = shown(screen)
    assert (wall["observed"], wall["called_for"], wall["checked_in"]) == (
        told.observed, told.called_for, told.checked_in,
    )  # fmt: skip


def test_nobody_elsewhere_is_counted_and_without_a_city_nobody(ward: Ward, screen: Reach) -> None:  # noqa: F811
    for _ in range(5):
        ward.in_place(at=EARLY)
    orders = QuarantineOrder.objects.using("owner")
    orders.update(jurisdiction=110105000000000000)
    assert shown(screen)["observed"] == 0


def test_it_tells_who_was_released_today_and_whose_last_day_it_is(ward: Ward, screen: Reach) -> None:  # noqa: F811
    people = [ward.in_place(at=EARLY).id for _ in range(17)]
    orders = QuarantineOrder.objects.using("owner")
    orders.filter(id__in=people[:5]).update(last_on=TODAY)
    over = {"state": "RELEASED", "day0_on": TODAY - timedelta(days=16), "last_on": TODAY - timedelta(days=2)}
    orders.filter(id__in=people[5:11]).update(ended_at=EARLY, **over)
    orders.filter(id__in=people[11:15]).update(ended_at=EARLY - timedelta(days=1), **over)
    orders.filter(id__in=people[15:16]).update(state="LIFTED", ended_at=EARLY)
    told = shown(screen)
    assert (told["observed"], told["due_tomorrow"], told["released_today"]) == (6, 5, 6)
    with reach(screen) as seen:
        assert released_ever(asked(seen, at=NOW)) == {"n": 10, "few": False}
    orders.filter(id__in=people[5:13]).update(jurisdiction=110105000000000000)
    with reach(screen) as seen:
        assert released_ever(asked(seen, at=NOW)) == {"n": None, "few": True}
