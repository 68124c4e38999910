from array import array

import pytest

from lianfang.bench.rounds import percentile


@pytest.mark.parametrize(("share", "value"), [(1, 1), (50, 50), (99, 99), (100, 100)])
def test_a_percentile_is_the_value_that_so_many_per_cent_do_not_exceed(share: int, value: int) -> None:
    assert percentile(list(range(100, 0, -1)), share) == value


def test_a_few_values_have_percentiles_too() -> None:
    assert percentile(array("Q", [7]), 99) == 7
    assert percentile([10, 20], 50) == 10
    assert percentile([10, 20], 99) == 20


def test_no_values_are_no_delay() -> None:
    assert percentile([], 50) == 0.0
