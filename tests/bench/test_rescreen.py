"""bench rescreen: what it calls good, what it calls wrong, and the table people read."""

from typing import Any

import pytest

from lianfang.bench.rescreen import BARS, is_good, report, wrong

GOOD: dict[str, Any] = {
    "decide_seconds": 2.9, "slowest_slice_ms": 400, "slowest_slice_ms_beside": 450, "singles_share": 0.8, "pages_read_share": 0.02, "python_us": 17.2,
    "people": 1_000_000, "gained": 1185, "written": 1185, "wide_gained": 164_000, "wide_written": 164_000,
    "lost": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "good"),
    [
        ("decide_seconds", 3.0, True), ("decide_seconds", 3.01, False), ("singles_share", 0.7, True),
        ("singles_share", 0.69, False), ("pages_read_share", 0.051, False), ("slowest_slice_ms", 501, False),
        ("slowest_slice_ms_beside", 501, False),
        ("python_us", 20.1, False),
    ],
)  # fmt: skip
def test_bars_are_upper_bounds_but_for_the_share_of_the_gates(name: str, value: float, good: bool) -> None:
    assert is_good(name, value) is good


@pytest.mark.parametrize(("change", "is_wrong"), [({}, False), ({"lost": 1}, True), ({"written": 1184}, True), ({"wide_written": 1}, True), ({"decide_seconds": 99}, False)])  # fmt: skip
def test_slow_is_not_wrong_but_lost_and_otherwise_written_are(change: dict[str, Any], is_wrong: bool) -> None:
    assert wrong({**GOOD, **change}) is is_wrong


def test_the_table_has_every_bar() -> None:
    figures = {**GOOD, "ok": {name: is_good(name, GOOD[name]) for name in BARS}}
    table = report(figures)
    assert all(name in table for name in BARS)
    assert table.count("✓") == len(BARS)
    assert "1,185" in table
