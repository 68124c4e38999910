"""From rounds to figures: medians, ratios, the bars they are held against, and the table people read."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, NamedTuple

from lianfang.bench.kills import Kills
from lianfang.bench.rounds import Round
from lianfang.bench.storm import PASSAGES, TIMES, Storm


class Paired(NamedTuple):
    """A round and the machine's limit measured right beside it (single inserts, or people copied, a second)."""

    ours: Round
    limit: float


@dataclass(frozen=True, slots=True)
class Results:
    """All that was measured. `singles` by number of connections; `lost`: acknowledged in a round and not there."""

    singles: dict[int, Sequence[Round]]
    empty: Sequence[Paired]
    present: Sequence[Paired]
    batches: Sequence[Paired]
    storm: Storm
    kills: Kills
    people: int
    lost: int
    lost_at_256: int
    versions: dict[str, str | int]


class Bar(NamedTuple):
    """A figure held against what it must reach."""

    name: str
    value: str
    bar: str
    reached: bool


def figures(results: Results) -> dict[str, Any]:
    """The last line of the bench: plain numbers by name."""
    singles = {**results.singles, 32: [pair.ours for pair in results.empty]}
    present = [pair.ours for pair in results.present]
    ratio = median(pair.ours.per_second / pair.limit for pair in results.empty)
    at_32 = summary(singles[32])
    return {
        "singles_per_s_32": at_32["per_s"],
        "singles_p99_ms_32": at_32["p99_ms"],
        "singles_cpu_us": at_32["cpu_us"]["server"] + at_32["cpu_us"]["postgresql"],
        "minimal_insert_per_s": round(median(pair.limit for pair in results.empty)),
        "singles_ratio": round(ratio, 3),
        "share_of_empty_263k": round(
            median(pair.ours.per_second / pair.limit for pair in results.present) / ratio, 3
        ),
        "people_present": results.people,
        "batch_people_per_s": round(median(pair.ours.people_per_second for pair in results.batches)),
        "copy_people_per_s": round(median(pair.limit for pair in results.batches)),
        "batch_ratio": round(median(p.ours.people_per_second / p.limit for p in results.batches), 3),
        "connections_256": {
            "statuses": _statuses(singles[256]),
            "p99_ms": summary(singles[256])["p99_ms"],
            "lost": results.lost_at_256,
        },
        "storm_successes": results.storm.successes,
        "storm_rows": results.storm.rows,
        "kills": results.kills.kills,
        "lost_after_kill": results.kills.lost,
        "acknowledged_under_kills": results.kills.acknowledged,
        "longest_silence_s": round(results.kills.longest, 1),
        "lost_in_rounds": results.lost,
        "others_share": round(_of([*singles[32], *present], lambda r: r.others), 2),
        "singles": {str(count): summary(singles[count]) for count in sorted(singles)},
        "singles_32_present": summary(present),
        "batches": summary([pair.ours for pair in results.batches]),
        "versions": results.versions,
    }


def summary(rounds: Sequence[Round]) -> dict[str, Any]:
    """Medians over the rounds: requests a second, milliseconds, CPU microseconds a passage."""
    return {
        "per_s": round(_of(rounds, lambda r: r.per_second)),
        "p50_ms": round(_of(rounds, lambda r: r.p50_ms), 1),
        "p99_ms": round(_of(rounds, lambda r: r.p99_ms), 1),
        "cpu_us": {
            "server": round(_of(rounds, lambda r: r.cpu_us(r.cost.server))),
            "postgresql": round(_of(rounds, lambda r: r.cpu_us(r.cost.postgresql))),
            "postgresql_intake": round(_of(rounds, lambda r: r.cpu_us(r.cost.intake))),
            "postgresql_fold": round(_of(rounds, lambda r: r.cpu_us(r.cost.fold))),
            "worker": round(_of(rounds, lambda r: r.cpu_us(r.cost.worker))),
            "client": round(_of(rounds, lambda r: r.cpu_us(r.client))),
        },
    }


def bars(figures: dict[str, Any]) -> list[Bar]:
    """The figures that have a bar to reach."""
    ratio, cpu = figures["singles_ratio"], figures["singles_cpu_us"]
    odd = set(figures["connections_256"]["statuses"]) - {"200", "503"}
    rows = f"{figures['storm_successes']} / {figures['storm_rows']}"
    return [
        Bar("singles at 32 ÷ single-row inserts", f"{ratio}", "≥ 0.22", ratio >= 0.22),
        Bar("  or CPU of server + PostgreSQL a passage", f"{cpu} µs", "≤ 350 µs", cpu <= 350),
        _least("p99 of singles at 32", -figures["singles_p99_ms_32"], -50, "ms"),
        _least(f"share of empty, {figures['people_present']:,} people", figures["share_of_empty_263k"], 0.9),
        _least("batches of 100 ÷ COPY", figures["batch_ratio"], 0.35),
        Bar("256 connections: answers", _listed(figures["connections_256"]["statuses"]), "200, 503", not odd),
        Bar("storm: right answers / rows", rows, f"{PASSAGES * TIMES} / {PASSAGES}", storm_is_right(figures)),
        _least("lost at 256 connections", -figures["connections_256"]["lost"], 0),
        _least(f"lost after {figures['kills']} kills", -figures["lost_after_kill"], 0),
    ]


def wrong(figures: dict[str, Any]) -> bool:
    """What must never happen anywhere: an acknowledged record is missing, or a retry got a wrong answer."""
    lost = figures["lost_in_rounds"] + figures["connections_256"]["lost"] + figures["lost_after_kill"]
    return bool(lost) or not storm_is_right(figures)


def storm_is_right(figures: dict[str, Any]) -> bool:
    return (figures["storm_successes"], figures["storm_rows"]) == (PASSAGES * TIMES, PASSAGES)


def report(figures: dict[str, Any]) -> str:
    """The table people read, and under it the bars."""
    rows = [(f"{count} connections", summary) for count, summary in figures["singles"].items()]
    rows.append((f"32, {figures['people_present']:,} people", figures["singles_32_present"]))
    rows.append(("8, batches of 100", figures["batches"]))
    head = f"{'':<24}{'req/s':>8}{'p50 ms':>8}{'p99 ms':>9}{'server':>9}{'PG':>7}{'of it fold':>12}{'worker':>8}{'client':>8}"
    lines = [
        "",
        f"{'':<24}{'':>25}CPU µs a passage",
        head,
        *(_row(name, values) for name, values in rows),
        "",
    ]
    lines += [
        f"minimal single-row inserts (pgbench, 32 connections)  {figures['minimal_insert_per_s']:,}/s",
        f"batches {figures['batch_people_per_s']:,} people/s, COPY {figures['copy_people_per_s']:,} people/s",
        f"longest silence after a kill  {figures['longest_silence_s']} s",
        f"other processes took {figures['others_share']:.0%} of the machine meanwhile",
        "",
    ]
    lines += [f"{'✓' if b.reached else '✗'} {b.name:<46}{b.value:>16}   {b.bar}" for b in bars(figures)]
    return "\n".join(lines)


def _row(name: str, values: dict[str, Any]) -> str:
    cpu = values["cpu_us"]
    return (
        f"{name:<24}{values['per_s']:>8,}{values['p50_ms']:>8}{values['p99_ms']:>9}{cpu['server']:>9}"
        f"{cpu['postgresql']:>7}{cpu['postgresql_fold']:>12}{cpu['worker']:>8}{cpu['client']:>8}"
    )


def _least(name: str, value: float, bar: float, unit: str = "") -> Bar:
    """A bar that may not be gone below; a negative one is said as what may not be exceeded."""
    sign = "≤" if bar < 0 or (bar == 0 and value <= 0) else "≥"
    return Bar(name, f"{abs(value)} {unit}".strip(), f"{sign} {abs(bar)} {unit}".strip(), value >= bar)


def _of(rounds: Sequence[Round], what: Callable[[Round], float]) -> float:
    return median(map(what, rounds))


def _statuses(rounds: Iterable[Round]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for round_ in rounds:
        total.update(round_.statuses)
    return dict(total)


def _listed(statuses: dict[str, int]) -> str:
    return ", ".join(f"{status}: {count:,}" for status, count in sorted(statuses.items()))
