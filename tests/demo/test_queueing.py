"""The queue of the worst rush: faster ways and more lanes never make it longer."""

import pytest

from lianfang.demo.queueing import WAYS, Car, paper, prefilled, qr, queue, typed
from lianfang.demo.rush import CARS, LANES, MINUTES, PEOPLE, arrivals, simulated

SLOWEST_FIRST = ("paper", "typed", "prefilled", "qr")


def test_the_rush_is_the_one_on_record() -> None:
    cars = arrivals()
    assert (len(cars), sum(car.people for car in cars)) == (CARS, PEOPLE) == (390, 600)
    assert all(0 <= car.arrives <= MINUTES * 60 and 1 <= car.people <= 5 for car in cars)
    assert cars == sorted(cars)
    assert arrivals() == cars
    assert arrivals(seed=2) != cars


@pytest.mark.parametrize(
    ("cars", "lanes", "longest", "longest_wait"),
    [
        ([(0, 1)], 1, 0, 0.0),
        ([(0, 1), (0, 1)], 2, 0, 0.0),
        ([(0, 1), (0, 1)], 1, 1, paper(1)),
        ([(0, 1), (0, 1), (0, 1)], 1, 2, 2 * paper(1)),
        ([(0, 1), (paper(1), 1)], 1, 0, 0.0),  # in comes the next one as the first drives off
        ([(0, 4), (1, 1), (2, 1)], 1, 2, paper(4) + paper(1) - 2),
    ],
)
def test_who_waits_how_long(
    cars: list[tuple[float, int]], lanes: int, longest: int, longest_wait: float
) -> None:
    found = queue([Car(*car) for car in cars], way="paper", lanes=lanes)
    assert found.longest_queue == longest
    assert found.longest_wait_minutes == round(longest_wait / 60, 1)


@pytest.mark.parametrize("people", range(1, 7))
def test_each_way_is_quicker_than_the_one_before(people: int) -> None:
    seconds = [WAYS[way](people) for way in SLOWEST_FIRST]
    assert seconds == sorted(seconds, reverse=True)
    assert len(set(seconds)) == len(seconds)


def test_seconds_keep_to_the_touch_budget_of_a_car_of_four() -> None:
    stop = qr(4) - 25 * 0.6
    assert prefilled(4) == pytest.approx(stop + 40 * 0.6)
    assert typed(4) == pytest.approx(stop + 24 * 0.6 + 0.4 * (7 + 4 * 35))
    assert 120 < paper(1) < 180 < paper(2) < 260


@pytest.mark.parametrize("lanes", [1, 2, 4, 8])
def test_a_faster_way_never_makes_the_queue_longer(lanes: int) -> None:
    queues = [simulated(lanes=lanes)[way] for way in SLOWEST_FIRST]
    for what in ("longest_queue", "mean_wait_minutes", "longest_wait_minutes", "gone_after_minutes"):
        values = [getattr(one, what) for one in queues]
        assert values == sorted(values, reverse=True), what


@pytest.mark.parametrize("way", WAYS)
def test_more_lanes_make_the_queue_shorter(way: str) -> None:
    lengths = [simulated(lanes=lanes)[way].longest_queue for lanes in (1, 2, 4, 8)]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] > lengths[-1]


def test_paper_queues_for_hours_and_a_travellers_code_hardly_at_all() -> None:
    queues = simulated()
    assert queues["paper"].gone_after_minutes > 3 * MINUTES
    assert queues["paper"].longest_queue > CARS / 2
    assert queues["qr"].longest_wait_minutes < 3
    for one in queues.values():
        assert max(one.lengths) <= one.longest_queue
        assert one.lengths[-1] == 0
        assert len(one.lengths) >= MINUTES / 5
    assert LANES == 4
