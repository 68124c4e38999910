"""The plan's totals are exact whatever the clock; nothing is loaded here."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from lianfang.demo.plan import LATEST, PEOPLE, VEHICLES, Party, Plan
from lianfang.kernel.days import SHANGHAI, day_of

AFOOT = ("TRAIN", "FOOT")
CLOCKS = (
    "2020-02-13T18:00+08:00",
    "2020-02-13T00:00+08:00",  # the last day has not begun
    "2020-03-01T00:02:30+08:00",  # it is half a minute old
    "2020-02-29T05:59:59+08:00",  # the small roads are still closed
    "2023-12-31T23:59:59.999+08:00",
    "2026-11-25T09:40:00+00:00",
)


def everybody(plan: Plan) -> list[Party]:
    return [party for day in plan.listed_days for party in plan.of_day(day)]


def totals(parties: list[Party]) -> tuple[int, int]:
    coming = [party for party in parties if party.direction == "IN"]
    vehicles = sum(party.transport not in AFOOT for party in coming)
    return vehicles, sum(party.size for party in coming)


@pytest.mark.parametrize("clock", CLOCKS)
def test_the_source_figures_come_out_exactly_whatever_the_clock(clock: str) -> None:
    plan = Plan(datetime.fromisoformat(clock))
    parties = everybody(plan)
    assert (plan.vehicles, plan.people) == (VEHICLES, PEOPLE) == (122_992, 263_239)
    assert totals(parties) == (VEHICLES, PEOPLE)
    assert min(party.size for party in parties) >= 1
    latest = max(party.millis for party in parties) / 1000
    assert latest <= (plan.at - LATEST).timestamp()
    assert plan.listed_days[-1] == day_of(plan.at)


@pytest.mark.parametrize(("vehicles", "people"), [(10, 40), (50, 60), (300, 700), (1_000, 9_000), (7, 9)])
@pytest.mark.parametrize("clock", ["2020-02-13T18:00+08:00", "2020-02-13T00:03:00+08:00"])
def test_a_small_city_comes_out_exactly_too(vehicles: int, people: int, clock: str) -> None:
    plan = Plan(datetime.fromisoformat(clock), vehicles, people)
    parties = everybody(plan)
    assert totals(parties) == (vehicles, people)
    assert all(party.size >= 1 for party in parties)


def test_the_same_seed_gives_the_same_plan_and_another_seed_another() -> None:
    at = datetime.fromisoformat(CLOCKS[0])
    assert everybody(Plan(at, 500, 1_100)) == everybody(Plan(at, 500, 1_100))
    assert everybody(Plan(at, 500, 1_100)) != everybody(Plan(at, 500, 1_100, seed=1))


def test_days_grow_at_first_and_return_in_waves_and_nights_are_quiet() -> None:
    plan = Plan(datetime.fromisoformat(CLOCKS[0]))
    parties = everybody(plan)
    days = Counter(day_of(_moment(party)) for party in parties)
    counts = [days[day] for day in plan.listed_days]
    assert counts[0] < counts[2] < counts[4]
    assert all(later > 2 * counts[0] for later in counts[5:])
    assert any(one > two for one, two in pairwise(counts[4:9]))
    hours = Counter(_moment(party).hour for party in parties)
    assert hours[3] * 4 < hours[8]
    assert hours[13] < hours[8] > hours[22]


def test_small_roads_are_closed_at_night_and_stations_have_no_vehicles() -> None:
    for party in everybody(Plan(datetime.fromisoformat(CLOCKS[0]), 20_000, 42_000)):
        assert party.gate.is_open(_moment(party).hour)
        assert (party.gate.kind == "STATION") == (party.transport == "TRAIN")


def test_railway_passengers_are_about_a_seventh() -> None:
    parties = everybody(Plan(datetime.fromisoformat(CLOCKS[0])))
    rail = sum(party.size for party in parties if party.transport == "TRAIN")
    assert 0.12 < rail / PEOPLE < 0.18


def test_commuters_come_and_go_on_workdays_with_the_same_people() -> None:
    plan = Plan(datetime.fromisoformat(CLOCKS[0]))
    for day in plan.listed_days[:-1]:
        ways: dict[object, list[Party]] = {}
        for party in plan.of_day(day):
            if party.regular and party.regular.commutes:
                ways.setdefault(party.regular, []).append(party)
        assert bool(ways) == (day.weekday() < 5)
        for both in ways.values():
            assert sorted(party.direction for party in both) == ["IN", "OUT"]
            assert both[0].size == both[1].size
            assert abs(both[0].millis - both[1].millis) < timedelta(hours=10).total_seconds() * 1000


def _moment(party: Party) -> datetime:
    return datetime.fromtimestamp(party.millis / 1000, SHANGHAI)
