"""What is different between two rule sets, however unfinished either is."""

from typing import Any

import pytest

from lianfang.screening.differences import differences
from lianfang.screening.shipped import SHIPPED, shipped

ROW = {"row": "a", "when": [], "unless": [], "then": {"kind": "REGISTER"}, "say": {"zh": "好", "en": "Fine"}}


def content(*rows: Any, **changes: Any) -> dict[str, Any]:
    return {"title": {"zh": "甲"}, "source": "", "areas": [], "questions": [], "rows": list(rows)} | changes


def row(name: str, **changes: Any) -> dict[str, Any]:
    return {**ROW, "row": name, **changes}


def told(old: Any, new: Any) -> list[tuple[str, str]]:
    return [(one.kind, one.name) for one in differences(old, new).rows]


@pytest.mark.parametrize("code", SHIPPED)
def test_a_set_is_not_different_from_itself(code: str) -> None:
    assert not differences(shipped(code).content, shipped(code).content)


def test_rows_are_added_changed_and_removed() -> None:
    old = content(row("a"), row("b"), row("c"))
    new = content(row("c"), row("a", then={"kind": "QUARANTINE"}), row("d"))
    assert told(old, new) == [("CHANGED", "a"), ("ADDED", "d"), ("REMOVED", "b")]
    found = differences(old, new)
    assert found.reordered
    assert found.rows[0].fields == ("then",)
    assert found.rows[0].was == row("a")


def test_what_is_left_out_says_as_much_as_what_is_empty() -> None:
    assert not differences(content(row("a")), content(row("a", **{"from": None, "to": ""})))


def test_rows_of_one_name_are_told_apart() -> None:
    assert told(content(row("a")), content(row("a"), row("a", say={}))) == [("ADDED", "a #2")]


def test_the_order_of_rows_alone_is_said() -> None:
    found = differences(content(row("a"), row("b")), content(row("b"), row("a")))
    assert found
    assert not found.rows
    assert found.reordered


def test_an_area_may_have_several_periods() -> None:
    one = {"code": "42", "level": "HIGH", "from": "2020-01-23", "to": "2020-02-05"}
    two = {**one, "from": "2020-02-10", "to": "2020-03-01"}
    found = differences(content(areas=[one]), content(areas=[one, two]))
    assert [(area.kind, area.name) for area in found.areas] == [("ADDED", "42 #2")]


@pytest.mark.parametrize(
    "broken", [{}, {"rows": None}, {"rows": "x"}, {"rows": [None, 1, {}]}, {"title": 3, "areas": {"a": 1}}]
)
def test_an_unfinished_draft_is_compared_as_far_as_it_goes(broken: dict[str, Any]) -> None:
    whole = shipped("basic").content
    assert differences(broken, whole)
    assert differences(whole, broken)
    assert not differences(broken, broken)
