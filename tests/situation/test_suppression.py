"""No small cell below province is shown, and none can be worked out from what is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianfang.situation.wall.suppression import SMALLEST_SHOWN, shown_of, suppressed


@pytest.mark.parametrize(
    ("group", "shown"),
    [
        pytest.param({}, {}, id="nobody"),
        pytest.param({"a": 4}, {}, id="one small cell"),
        pytest.param({"a": 5}, {"a": 5}, id="just large enough"),
        pytest.param({"a": 9, "b": 5}, {"a": 9, "b": 5}, id="nothing is small, nothing is left"),
        pytest.param({"a": 9, "b": 0}, {"a": 9}, id="an empty cell hides nobody"),
        pytest.param({"a": 9, "b": 1}, {}, id="the only large cell would tell the small one"),
        pytest.param(
            {"a": 90, "b": 9, "c": 1}, {"a": 90}, id="the smallest shown one goes with the small one"
        ),
        pytest.param({"a": 90, "b": 2, "c": 2}, {}, id="two small cells together are still too small"),
        pytest.param({"a": 90, "b": 2, "c": 3}, {"a": 90}, id="small cells that hide each other"),
        pytest.param({"a": 5, "b": 5, "c": 4}, {"b": 5}, id="of equals the first goes"),
        pytest.param({"a": 1, "b": 1, "c": 1}, {}, id="a province of which nothing is shown"),
    ],
)
def test_what_is_shown_of_a_province(group: dict[str, int], shown: dict[str, int]) -> None:
    assert shown_of(group) == shown


def test_provinces_do_not_hide_for_each_other() -> None:
    cells = {"420106": 3, "420102": 40, "210302": 50, "210381": 60, "110105": 4, "110101": 4}
    kept = suppressed(cells, lambda code: code[:2])
    assert list(kept.items()) == [("210381", 60), ("210302", 50)]


groups = st.dictionaries(st.integers(0, 30).map(str), st.integers(0, 30), max_size=12)


@given(groups)
def test_neither_a_shown_cell_nor_the_rest_is_small(group: dict[str, int]) -> None:
    shown = shown_of(group)
    assert all(group[code] == people >= SMALLEST_SHOWN for code, people in shown.items())
    rest = sum(group.values()) - sum(shown.values())
    assert not shown or rest == 0 or rest >= SMALLEST_SHOWN


@given(groups)
def test_a_hidden_cell_is_hidden_with_another_one(group: dict[str, int]) -> None:
    """Whoever subtracts what is shown from the total never ends with the figure of one small cell."""
    shown = shown_of(group)
    hidden = [people for code, people in group.items() if people and code not in shown]
    assert not shown or not hidden or len(hidden) > 1


@given(groups)
def test_no_more_is_hidden_than_must_be(group: dict[str, int]) -> None:
    small = sum(people for people in group.values() if people < SMALLEST_SHOWN)
    large = [people for people in group.values() if people >= SMALLEST_SHOWN]
    hidden = len(large) - len(shown_of(group))
    assert hidden == (1 if large and 0 < small < SMALLEST_SHOWN else 0)
