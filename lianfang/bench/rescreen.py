"""bench rescreen: what deciding a million arrivals again takes, and what the gates notice of it.

An installation of its own with sixty days of arrivals. The worker's own steps count those of one area and carry it out, the
same with an area in which one in five stayed, and count all; then single passages are sent without a re-screening, while one is
counted and while one is written, in windows that alternate.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from statistics import median
from typing import Any

from lianfang.bench.installation import BenchDevice, Installation, Server, environment, installation
from lianfang.bench.processes import Watched
from lianfang.bench.rounds import Job, Round, client_process, run
from lianfang.bench.surroundings import versions
from lianfang.bench.tables import Tables
from lianfang.machine.progress import Telling
from lianfang.machine.trouble import Trouble

ROWS = 1_000_000
CONNECTIONS = 32
WARM_UP = 3.0
COUNTING, WRITING = "counting", "writing"
SPARE = 2.0  # seconds a re-screening goes on beyond its window
QUICK = {"rows": 20_000, "seconds": 2.0, "rounds": 2}
BARS = {
    "decide_seconds": ("最多", 3.0),
    "slowest_slice_ms": ("最多", 500),
    "slowest_slice_ms_beside": ("最多", 500),
    "singles_share": ("至少", 0.7),
    "pages_read_share": ("最多", 0.05),
    "python_us": ("最多", 20.0),
}


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rows", type=int, default=ROWS, help="多少人 / arrivals")
    parser.add_argument("--seconds", type=float, default=10.0, help="每轮秒数 / seconds a window")
    parser.add_argument("--rounds", type=int, default=4, help="轮数 / windows of each")
    parser.add_argument("--quick", action="store_true", help="约一分钟的试运行 / a smoke run of a minute")


def measure(options: argparse.Namespace, progress: Telling) -> dict[str, Any]:
    """Everything, in an installation of its own."""
    if options.quick:
        options = argparse.Namespace(**{**vars(options), **QUICK})
    with installation(progress) as site, client_process() as pool:
        server = site.serve()
        devices = site.devices()
        server.stop()  # its worker would lay and decide beside the bench
        figures = _decided(site, options.rows, progress)
        server.start()
        gates = _Gates(site, server, pool, devices, options, progress)
        figures |= gates.shares()
        figures["versions"] = versions(site.cluster)
    figures["ok"] = {name: is_good(name, figures[name]) for name in BARS}
    return figures


def _decided(site: Installation, rows: int, progress: Telling) -> dict[str, Any]:
    progress.step(f"{rows:,} 人，重新筛查", f"{rows:,} arrivals, screened again")
    with _program(site, "rescreened", str(rows)) as running:
        said = ""
        for said in running.stdout or ():
            if not said.startswith("{"):
                progress.count(*map(int, said.split()))
    if running.returncode:
        raise Trouble("重新筛查没有算完。", "The arrivals could not be screened again.")
    figures: dict[str, Any] = json.loads(said)
    return figures


@contextmanager
def _program(site: Installation, name: str, *words: str) -> "Iterator[subprocess.Popen[str]]":
    command = [sys.executable, "-m", f"lianfang.bench.{name}", *words]
    with subprocess.Popen(command, env=environment(site.data), stdout=subprocess.PIPE, text=True) as running:
        yield running


class _Gates:
    """Single passages at 32 connections: alone, and while the worker counts or writes beside them."""

    def __init__(
        self,
        site: Installation,
        server: Server,
        pool: ProcessPoolExecutor,
        devices: list[BenchDevice],
        options: argparse.Namespace,
        progress: Telling,
    ) -> None:
        self._site, self._server, self._pool, self._devices = site, server, pool, devices
        self._options, self._progress = options, progress
        self._tables = Tables(site.cluster.database)
        self._seed, self._lost, self._slowest_ms, self._written = 0, 0, 0, 0

    def shares(self) -> dict[str, Any]:
        self._progress.step("热身", "Warming up")
        rate = self._sent(WARM_UP, 4_000.0).per_second
        rounds: dict[str, list[Round]] = {"alone": [], COUNTING: [], WRITING: []}
        self._progress.step("边筛查边登记", "Passages while arrivals are decided")
        for done in range(1, self._options.rounds + 1):
            rounds["alone"].append(self._sent(self._options.seconds, rate))
            for what in (COUNTING, WRITING):
                rounds[what].append(self._beside(what, rate))
            self._progress.count(done, self._options.rounds)
        return self._figures(rounds)

    def _figures(self, rounds: dict[str, list[Round]]) -> dict[str, Any]:
        """`singles_share` is the smaller of the two."""
        figures: dict[str, Any] = {}
        for what in (COUNTING, WRITING):
            pairs = zip(rounds[what], rounds["alone"], strict=True)
            figures[f"singles_share_{what}"] = round(median(a.per_second / b.per_second for a, b in pairs), 3)
        figures["singles_share"] = min(figures.values())
        for what, some in rounds.items():
            figures[f"singles_per_s_{what}"] = round(median(one.per_second for one in some))
            figures[f"singles_p99_ms_{what}"] = round(median(one.p99_ms for one in some), 1)
        everything = [one for some in rounds.values() for one in some]
        return {
            **figures,
            "slowest_slice_ms_beside": self._slowest_ms,
            "written_beside": self._written,
            "others_share": round(median(one.others for one in everything), 2),
            "lost": self._lost,
        }

    def _beside(self, what: str, rate: float) -> Round:
        """A window that begins when the worker is at it."""
        with _program(self._site, "pressing", what, str(self._options.seconds + SPARE)) as pressing:
            said = pressing.stdout or iter(())
            if next(iter(said), "").strip() != "begun":
                raise Trouble("重新筛查没有开始。", "The re-screening did not begin.")
            sent = self._sent(self._options.seconds, rate)
            told = json.loads("".join(said) or "{}")
        self._slowest_ms = max(self._slowest_ms, told.get("slowest_ms", 0))
        self._written += told.get("written", 0)
        return sent

    def _sent(self, seconds: float, rate: float) -> Round:
        self._seed += 1
        job = Job(
            devices=self._devices,
            ports=[self._server.port],
            watched=Watched(self._server.pid, self._site.postmaster),
            seed=self._seed,
            connections=CONNECTIONS,
            seconds=seconds,
            count=int(seconds * rate * 2) + CONNECTIONS,
        )
        sent = self._pool.submit(run, job).result()
        self._lost += self._tables.lost(sent.acknowledged, people=sent.acknowledged_people)
        return sent


def is_good(name: str, value: float) -> bool:
    which, bar = BARS[name]
    return value <= bar if which == "最多" else value >= bar


def wrong(figures: dict[str, Any]) -> bool:
    """What must never happen: an acknowledged record lost, or somebody written whom the numbers did not have."""
    otherwise = any(figures[f"{which}gained"] != figures[f"{which}written"] for which in ("", "wide_"))
    return bool(figures["lost"]) or otherwise


def report(figures: dict[str, Any]) -> str:
    """The table people read."""
    lines = ["", f"{'':<26}{'bar':>12}{'measured':>12}"]
    for name, (which, bar) in BARS.items():
        sign = "≤" if which == "最多" else "≥"
        lines.append(
            f"{name:<26}{f'{sign} {bar}':>12}{figures[name]:>12}  {'✓' if figures['ok'][name] else '✗'}"
        )
    lines.append(
        f"{figures['people']:,} people, {figures['written']:,} and {figures['wide_written']:,} decided again, {figures['lost']} lost"
    )
    return "\n".join(lines)
