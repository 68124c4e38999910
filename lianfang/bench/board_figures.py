"""From rounds to the figures of `bench board`: medians, the bars they are held against, and the table people read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, NamedTuple

from lianfang.bench.asking import BenchQuestion
from lianfang.bench.rounds import percentile

US = 1000  # milliseconds as whole microseconds, to be ranked


@dataclass(frozen=True, slots=True)
class Turn:
    """Milliseconds by question; seconds until a passage was on the wall, one for each that was acknowledged.

    `refused`: passages that were not acknowledged; `bad`: answers that were not 200; `others`: the share of the machine
    that went to processes that are none of ours.
    """

    answers: Mapping[BenchQuestion, Sequence[float]]
    waited: Sequence[float]
    acknowledged: int
    per_second: float
    refused: int
    bad: int
    others: float

    def of(self, kind: str) -> list[float]:
        return [ms for question, took in self.answers.items() if question.kind == kind for ms in took]

    @property
    def unseen(self) -> int:
        """Acknowledged, and never counted on the wall."""
        return self.acknowledged - len(self.waited)


@dataclass(frozen=True, slots=True)
class Size:
    """One size: what stood when it was loaded, the rounds, and what board and records said in the end."""

    standing: Mapping[str, Any]
    loading: float
    rounds: Sequence[Turn]
    board: Mapping[str, int]
    records: Mapping[str, int]
    lost: int


class Limit(NamedTuple):
    """A key of the figures, and what it may not exceed."""

    key: str
    most: float
    what: str


BARS = (
    Limit("board_p99_ms", 50, "GET /api/v1/board"),
    Limit("freshness_p99_s", 1, "acknowledged → on the wall"),
    Limit("tables_p95_ms", 300, "GET /tables"),
    Limit("list_p95_ms", 60, "GET /desk/passages, a day's pages"),
    Limit("search_p95_ms", 20, "POST /desk/search"),
)


def figures(sizes: Mapping[int, Size], versions: Mapping[str, Any]) -> dict[str, Any]:
    """The last line of the bench: the largest size's figures, then those of each."""
    each = {str(people): of_a_size(size) for people, size in sizes.items()}
    largest = each[str(max(sizes))]
    return {**largest, "sizes": each, "versions": dict(versions)}


def of_a_size(size: Size) -> dict[str, Any]:
    values = {
        "board_p50_ms": _share(size, "board", 50),
        "board_p99_ms": _share(size, "board", 99),
        "freshness_p50_s": _fresh(size, 50),
        "freshness_p99_s": _fresh(size, 99),
        "tables_p95_ms": _share(size, "tables", 95),
        "list_p95_ms": _share(size, "list", 95),
        "filtered_p95_ms": _share(size, "filtered", 95),
        "search_p95_ms": _share(size, "search", 95),
    }
    return {
        **values,
        "ok": {
            bar.key: value <= bar.most if (value := values[bar.key]) is not None else None for bar in BARS
        },
        "people": size.standing["registration"],
        "passages": size.standing["passage"],
        "corrections": size.standing["correction"],
        "settled_cells": size.standing["settled_cell"],
        "loading_s": round(size.loading),
        "rate_per_s": round(median(r.per_second for r in size.rounds), 1),
        "acknowledged": sum(r.acknowledged for r in size.rounds),
        "refused": sum(r.refused for r in size.rounds),
        "unseen": sum(r.unseen for r in size.rounds),
        "lost": size.lost,
        "bad_answers": sum(r.bad for r in size.rounds),
        "totals": {"board": dict(size.board), "records": dict(size.records)},
        "others_share": round(median(r.others for r in size.rounds), 2),
        "slowest": _slowest(size),
    }


def wrong(figures: Mapping[str, Any]) -> bool:
    """What must never happen: a figure that is not what the records add up to, or a passage lost or never counted."""
    return any(
        size["totals"]["board"] != size["totals"]["records"] or size["lost"] or size["unseen"]
        for size in figures["sizes"].values()
    )


def report(figures: Mapping[str, Any]) -> str:
    """The table people read: a column a size."""
    sizes = figures["sizes"]
    lines = ["", f"{'':<42}{'bar':>10}" + "".join(f"{int(people):>16,}" for people in sizes)]
    for bar in BARS:
        values = "".join(f"{_said(size, bar):>16}" for size in sizes.values())
        lines.append(f"{bar.what:<42}{f'≤ {bar.most:g}':>10}{values}")
    for key, what in (
        ("filtered_p95_ms", "lists behind a cell, p95 ms"),
        ("rate_per_s", "passages a second meanwhile"),
        ("loading_s", "loading, s"),
        ("others_share", "others' share of the machine"),
    ):
        lines.append(
            f"{what:<52}"
            + "".join(f"{size[key] if size[key] is not None else '–':>16}" for size in sizes.values())
        )
    lines += [
        "",
        *(f"✗ {people} people: the board is not what the records add up to" for people in _wrong(sizes)),
    ]
    if any(size["tables_p95_ms"] is None for size in sizes.values()):
        lines.append("/tables answers 404 here: not measured")
    return "\n".join(lines)


def _wrong(sizes: Mapping[str, Any]) -> Iterable[str]:
    return (people for people, size in sizes.items() if wrong({"sizes": {people: size}}))


def _said(size: Mapping[str, Any], bar: Limit) -> str:
    value = size[bar.key]
    return "–" if value is None else f"{value} {'✓' if size['ok'][bar.key] else '✗'}"


def _share(size: Size, kind: str, share: int) -> float | None:
    """Median over the rounds of what `share` per cent of the answers do not exceed; None when none was asked for."""
    found = [took for r in size.rounds if (took := r.of(kind))]
    return round(median(_percentile(took, share) for took in found), 1) if found else None


def _fresh(size: Size, share: int) -> float:
    found = [r.waited for r in size.rounds if r.waited]
    return (
        round(median(_percentile([s * 1000 for s in waited], share) for waited in found) / 1000, 3)
        if found
        else 0.0
    )


def _percentile(milliseconds: Iterable[float], share: int) -> float:
    return percentile([round(ms * US) for ms in milliseconds], share) / US


def _slowest(size: Size, how_many: int = 12) -> dict[str, float]:
    """The addresses that took longest, by the median of all their answers."""
    took: dict[str, list[float]] = {}
    for round_ in size.rounds:
        for question, times in round_.answers.items():
            if question.kind in ("list", "filtered", "tables"):
                took.setdefault(question.path, []).extend(times)
    ranked = sorted(took, key=lambda path: -median(took[path]))
    return {path: round(median(took[path]), 1) for path in ranked[:how_many]}
