"""bench checkins: what the check-in door is worth with three million people under observation, beside the machine's own limit.

An installation of its own. Single check-ins over 32 connections and pgbench's single-row inserts into the same table alternate;
then the server and the database are killed under load; then it is asked who must be reminded. Every commit is durable.
"""

import argparse
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Any
from uuid import UUID

from lianfang.bench.enrolled import enrol, lost, requests
from lianfang.bench.installation import Installation, installation, paused
from lianfang.bench.kills import PREPARED, kills_under
from lianfang.bench.limits import MINIMAL_CHECK_IN, minimal_inserts
from lianfang.bench.load import Load
from lianfang.bench.rounds import client_process, percentile
from lianfang.bench.surroundings import versions
from lianfang.bench.tables import Tables
from lianfang.machine.progress import Telling
from lianfang.quarantine.due import IN_ORDER, SELECT_DUE, due_now
from lianfang.quarantine.rules import SHIPPED

ENROLLED = 3_000_000
CONNECTIONS = 32
WARM_UP = 3.0  # seconds
MOST_A_SECOND = 6_000  # requests prepared for each second
QUICK = {"enrolled": 20_000, "seconds": 2.0, "rounds": 1, "kills": 1}
BARS = {"ratio_to_minimal_insert": ("≥", 0.1), "reminder_select_s": ("≤", 1.0)}

_SELECTED = f"CREATE TEMP TABLE due AS {SELECT_DUE}"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--enrolled", type=int, default=ENROLLED, help="多少人在观察 / people under observation"
    )
    parser.add_argument("--seconds", type=float, default=15.0, help="每轮秒数 / seconds a round")
    parser.add_argument("--rounds", type=int, default=3, help="轮数 / rounds of each")
    parser.add_argument("--kills", type=int, default=3, help="各断电次数 / kills of each")
    parser.add_argument("--quick", action="store_true", help="约一分钟的试运行 / a smoke run of a minute")


@dataclass(frozen=True, slots=True)
class PostJob:
    """Check-ins for so long; `first`: the household to begin with."""

    port: int
    people: int
    first: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Posted:
    """`failures`: answers that took nothing, and connections that broke."""

    per_second: float
    p50_ms: float
    p99_ms: float
    failures: int
    statuses: dict[str, int]
    acknowledged: tuple[UUID, ...]


def post(job: PostJob) -> Posted:
    """In the client's own process."""
    prepared = requests(int(job.seconds * MOST_A_SECOND), people=job.people, first=job.first)
    load = Load(iter(prepared), ports=[job.port], connections=CONNECTIONS)
    took = load.run(seconds=job.seconds)
    return Posted(
        per_second=load.in_time / took,
        p50_ms=percentile(load.latencies, 50) / 1e6,
        p99_ms=percentile(load.latencies, 99) / 1e6,
        failures=sum(count for status, count in load.statuses.items() if status != "200"),
        statuses=dict(load.statuses),
        acknowledged=tuple(request.passages[0] for request in load.acknowledged),
    )


def measure(options: argparse.Namespace, progress: Telling) -> dict[str, Any]:
    """Everything, in an installation of its own."""
    if options.quick:
        options = argparse.Namespace(**{**vars(options), **QUICK})
    with client_process() as pool, _installation(options, progress) as site:
        server, tables = site.servers[0], Tables(site.cluster.database)
        progress.step("打卡", "Check-ins")
        first, gone, posted, limits = 0, 0, [], []
        for number in range(options.rounds + 1):
            seconds = options.seconds if number else WARM_UP
            job = PostJob(server.port, options.enrolled, first, seconds)
            posted.append(pool.submit(post, job).result())
            first += len(posted[-1].acknowledged)
            gone += lost(tables, posted[-1].acknowledged)
            with paused(server.workers()):
                limits.append(
                    minimal_inserts(site.cluster, seconds=seconds, statement=MINIMAL_CHECK_IN, role="owner")
                )
            progress.count(number + 1, options.rounds + 1)
        killed = _killed(site, options, first, progress)
        progress.step("该提醒谁", "Who must be reminded")
        server.stop()  # its worker reminds in the same hours: it would be timed with it, and what it looks at cannot be tidied
        reminded, took = _due(tables, options.rounds)
        known = versions(site.cluster)
    rate, limit = median(one.per_second for one in posted[1:]), median(limits[1:])
    return {
        "checkins_per_s": round(rate, 1),
        "minimal_insert_per_s": round(limit, 1),
        "ratio_to_minimal_insert": round(rate / limit, 3),
        "failures": sum(one.failures for one in posted),
        "p50_ms": round(median(one.p50_ms for one in posted[1:]), 2),
        "p99_ms": round(median(one.p99_ms for one in posted[1:]), 2),
        "lost": gone + killed["lost"],
        "kills": killed,
        "reminder_select_s": round(took, 3),
        "reminded": reminded,
        "enrolled": options.enrolled,
        "versions": known,
    }


@contextmanager
def _installation(options: argparse.Namespace, progress: Telling) -> Iterator[Installation]:
    with installation(progress) as site:
        server = site.serve()
        server.stop()  # its worker would ask after everybody beside the loading
        progress.step(f"{options.enrolled:,} 人在观察", f"{options.enrolled:,} people under observation")
        enrol(Tables(site.cluster.database), options.enrolled, progress)
        server.start()
        yield site


def _killed(site: Installation, options: argparse.Namespace, first: int, progress: Telling) -> dict[str, Any]:
    progress.step("反复断电", "Killing server and database")
    tables = Tables(site.cluster.database)
    found = kills_under(
        site,
        site.servers[0],
        requests(PREPARED, people=options.enrolled, first=first),
        lambda acknowledged: lost(tables, [request.passages[0] for request in acknowledged]),
        each=options.kills,
        progress=progress,
    )
    return {**found._asdict(), "longest": round(found.longest, 2)}


def _due(tables: Tables, rounds: int) -> tuple[int, float]:
    """How many must be reminded, and the seconds it takes to select them all into a table: the median, all of it in memory, and
    nothing beside it.
    """
    times, count = [], 0
    with tables.connect() as connection:
        connection.execute("VACUUM ANALYZE check_in, quarantine_order")
        for _ in range(rounds + 1):
            begun = time.monotonic()
            with connection.transaction():
                connection.execute(IN_ORDER)
                selected = connection.execute(_SELECTED, due_now(datetime.now(UTC), SHIPPED))
            times.append(time.monotonic() - begun)
            count = selected.rowcount
            connection.execute("DROP TABLE due")
    return count, median(times[1:])


def wrong(figures: Mapping[str, Any]) -> bool:
    """What must never happen: a check-in that was acknowledged and is not there."""
    return bool(figures["lost"])


def report(figures: Mapping[str, Any]) -> str:
    """The table people read."""
    shown = (
        "enrolled", "checkins_per_s", "minimal_insert_per_s", "ratio_to_minimal_insert", "p50_ms", "p99_ms", "failures", "lost",
        "reminded", "reminder_select_s",
    )  # fmt: skip
    lines = ["", f"{'':<26}{'bar':>10}{'':>14}"]
    for name in shown:
        sign, bar = BARS.get(name, ("", None))
        good = "" if bar is None else "✓" if is_good(name, figures[name]) else "✗"
        lines.append(
            f"{name:<26}{'' if bar is None else f'{sign} {bar}':>10}{figures[name]:>14,} {good}".rstrip()
        )
    return "\n".join(lines)


def is_good(name: str, value: float) -> bool:
    sign, bar = BARS[name]
    return value >= bar if sign == "≥" else value <= bar
