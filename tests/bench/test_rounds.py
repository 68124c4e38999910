import os
from array import array
from dataclasses import replace

import pytest

from lianfang.bench.rounds import percentile
from tests.bench.conftest import MakeRound


@pytest.mark.parametrize(("share", "value"), [(1, 1), (50, 50), (99, 99), (100, 100)])
def test_a_percentile_is_the_value_that_so_many_per_cent_do_not_exceed(share: int, value: int) -> None:
    assert percentile(list(range(100, 0, -1)), share) == value


def test_a_few_values_have_percentiles_too() -> None:
    assert percentile(array("Q", [7]), 99) == 7
    assert percentile([10, 20], 50) == 10
    assert percentile([10, 20], 99) == 20


def test_no_values_are_no_delay() -> None:
    assert percentile([], 50) == 0.0


def test_what_others_took_of_the_machine_is_what_is_left_of_its_work(make_round: MakeRound) -> None:
    usual = make_round()  # 0.34 s of CPU ours in one second
    cpus = os.cpu_count() or 1
    busy = make_round(cost=replace(usual.cost, machine=0.34 + 0.5 * cpus))
    assert busy.others == pytest.approx(0.5)
    idle = make_round(cost=replace(usual.cost, machine=0.0))
    assert idle.others == 0.0


def test_costs_are_told_a_passage(make_round: MakeRound) -> None:
    usual = make_round()
    assert usual.cpu_us(usual.cost.server) == pytest.approx(200)
    assert usual.people_per_second == 2 * usual.per_second
