"""bench handover: which pages it opens, what it tells of them, what it calls wrong, and the table people read."""

from typing import Any

import pytest
from django.urls import resolve

from lianfang.bench.asking import BenchQuestion
from lianfang.bench.handover import BAR_MS, PAGES, _told, report, wrong
from lianfang.bench.handover_pages import AREAS, EMPTY, pages

STANDING = {
    "village": "210781102200",
    "phone": "15400000000",
    "referral": "01a20000-0000-7000-8000-00000000000b",
}


def size(**changes: Any) -> dict[str, Any]:
    shares = {kind: {"p50_ms": 20.0, "p95_ms": 40.0, "p99_ms": 50.0} for kind in ("empty", *PAGES)}
    return {"pages": shares, "screened": 54_000, "referrals": 2_800, "wanted": 2_800, "open": 410, "grids": 5_478, "bad_answers": 0, "bad": [], **changes}  # fmt: skip


def figures(**changes: Any) -> dict[str, Any]:
    sizes = {"source": size(**changes), "everybody": size(referrals=54_000, wanted=54_000)}
    return {**sizes["source"], "referring_us": 900, "sizes": sizes}


def test_every_page_it_opens_is_a_page_of_the_desk_and_each_desk_opens_all_kinds() -> None:
    asked = pages(STANDING)
    assert set(asked) == set(AREAS)
    for questions in asked.values():
        assert {one.kind for one in questions} >= set(PAGES) - {"people"}
        for one in (EMPTY, *questions):
            assert resolve(one.path.partition("?")[0])
        assert len({one.path for one in questions}) == len(questions)


def test_a_page_is_told_by_its_kind_and_beside_an_empty_one() -> None:
    short, long = BenchQuestion("list", "/a"), BenchQuestion("day", "/b")
    told = _told({"city": {EMPTY: [10.0] * 20, short: [20.0] * 19 + [90.0], long: [30.0] * 20}})
    assert told["pages"]["list"] == {"p50_ms": 20.0, "p95_ms": 20.0, "p99_ms": 90.0}
    assert told["times_empty"] == {"empty": 1.0, "list": 2.0, "day": 3.0}
    assert (told["p95_ms"], told["list_p95_ms"]) == (30.0, 20.0)
    assert next(iter(told["slowest"])) == "city /b"


@pytest.mark.parametrize(("change", "is_wrong"), [({}, False), ({"referrals": 2_799}, True), ({"referrals": 2_801}, True), ({"bad_answers": 1}, True), ({"open": 9_999}, False)])  # fmt: skip
def test_slow_is_not_wrong_but_a_lost_person_and_a_page_that_does_not_open_are(
    change: dict[str, Any], is_wrong: bool
) -> None:
    assert wrong(figures(**change)) is is_wrong


def test_the_table_has_a_line_for_every_page_and_says_what_missed_the_bar() -> None:
    slow = size()
    slow["pages"]["tiles"]["p95_ms"] = BAR_MS + 1.0
    table = report({**figures(), "sizes": {"source": slow, "everybody": size()}})
    assert all(kind in table for kind in PAGES)
    assert "61.0 ✗" in table
    assert "2,800 handed over" in table
