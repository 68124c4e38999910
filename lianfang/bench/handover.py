"""bench handover: what the lists of hand-over are worth at the source's figures, and with everybody handed over.

For each size an installation of its own: 5,478 grids, 54,000 people screened through the intake, 2,800 of them handed over and
answered for; then the same with all 54,000. Desks of the city, a county and a town open every list in turn; between them
an empty page is opened, which is what every page costs on this machine at this hour.
"""

import argparse
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from lianfang.bench.asking import BenchQuestion, Desk
from lianfang.bench.handover_pages import EMPTY, later_pages, pages
from lianfang.bench.installation import Installation, environment, installation
from lianfang.bench.rounds import percentile
from lianfang.bench.surroundings import versions
from lianfang.machine.progress import Telling
from lianfang.machine.trouble import Trouble

SIZES = {"source": (54_000, 3_000, 200), "everybody": (54_000, 54_000, 0)}
QUICK_SIZES = {"source": (2_000, 300, 20), "everybody": (2_000, 2_000, 0)}
BAR_MS, US = 60, 1000
REFERRING_US = 1_500  # a person: 54,000 within a minute and a half
PAGES = ("list", "sent", "day", "waiting", "work", "sheets", "person", "households", "tiles", "responsibility", "vacancies", "duty", "people")  # fmt: skip
Took = dict[str, dict[BenchQuestion, list[float]]]


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rounds", type=int, default=15, help="每页几次 / times each page is opened")
    parser.add_argument("--quick", action="store_true", help="约两分钟的试运行 / a smoke run of two minutes")


def measure(options: argparse.Namespace, progress: Telling) -> dict[str, Any]:
    """Both sizes; figures of the source's at the top."""
    sizes, known = {}, {}
    for name, size in (QUICK_SIZES if options.quick else SIZES).items():
        with installation(progress) as site:
            site.serve().stop()  # its worker would hand over beside the bench
            standing = _handed_over(site, size, progress)
            sizes[name] = _opened(site, standing, 3 if options.quick else options.rounds, progress)
            known = versions(site.cluster)
    everybody = sizes["everybody"]
    referring = {key: everybody[key] for key in ("referring_s", "referring_us", "referring_cpu_us")}
    return {**sizes["source"], **referring, "sizes": sizes, "versions": known}


def _handed_over(site: Installation, size: Sequence[int], progress: Telling) -> dict[str, Any]:
    """By a program of its own: what stands then, and signed-in sessions."""
    progress.step(f"排查 {size[0]:,} 人", f"Screening {size[0]:,} people")
    command = [sys.executable, "-m", "lianfang.bench.handed", *map(str, size)]
    with subprocess.Popen(command, env=environment(site.data), stdout=subprocess.PIPE, text=True) as running:
        said = ""
        for said in running.stdout or ():
            if not said.startswith("{"):
                progress.count(*map(int, said.split()))
    if running.returncode:
        raise Trouble("造不出移交的人。", "Nobody could be handed over.")
    standing: dict[str, Any] = json.loads(said)
    return standing


def _opened(site: Installation, standing: dict[str, Any], rounds: int, progress: Telling) -> dict[str, Any]:
    """Every page of every desk, so many times in turn."""
    server = site.servers[0]
    server.start()
    desks = {name: Desk(server.port, session) for name, session in standing.pop("sessions").items()}
    asked = {name: [*questions] for name, questions in pages(standing).items()}
    for name, desk in desks.items():
        asked[name] += [
            later for one in asked[name] if one.kind == "list" for later in later_pages(desk, one)
        ]
    took: Took = {name: defaultdict(list) for name in desks}
    bad: list[str] = []
    progress.step("逐页打开", "Opening every page")
    for done in range(rounds):
        for name, desk in desks.items():
            bad += _round(desk, asked[name], took[name])
        progress.count(done + 1, rounds)
    for desk in desks.values():
        desk.close()
    counts = {name: value for name, value in standing.items() if not isinstance(value, str)}
    return {**_told(took), **counts, "bad_answers": len(bad), "bad": sorted(set(bad))}


def _round(desk: Desk, asked: Sequence[BenchQuestion], took: dict[BenchQuestion, list[float]]) -> list[str]:
    """The addresses that did not answer 200."""
    bad = []
    for question in asked:
        for one in (EMPTY, question):
            answer = desk.ask(one)
            took[one].append(answer.ms)
            if answer.status != 200:
                bad.append(one.path)
    return bad


def _told(took: Took) -> dict[str, Any]:
    """p50, p95 and p99 of each kind of page over all desks; p95 beside that of an empty page; the slowest addresses."""
    by_kind: dict[str, list[float]] = defaultdict(list)
    slowest = {}
    for name, of_desk in took.items():
        for question, times in of_desk.items():
            by_kind[question.kind] += times
            slowest[f"{name} {question.path}"] = round(median(times), 1)
    empty = median(by_kind["empty"])
    shares = {
        kind: {f"p{share}_ms": _share(times, share) for share in (50, 95, 99)}
        for kind, times in by_kind.items()
    }
    ranked = sorted(slowest, key=lambda address: -slowest[address])[:12]
    return {
        "p95_ms": max(shares[kind]["p95_ms"] for kind in PAGES if kind in shares),
        "list_p95_ms": shares["list"]["p95_ms"],
        "pages": shares,
        "times_empty": {kind: round(median(times) / empty, 2) for kind, times in by_kind.items()},
        "slowest": {address: slowest[address] for address in ranked},
    }


def _share(times: Sequence[float], share: int) -> float:
    return round(percentile([round(ms * US) for ms in times], share) / US, 1)


def wrong(figures: Mapping[str, Any]) -> bool:
    """What must never happen: somebody who was not handed over or twice, or a page that does not open."""
    return any(
        size["referrals"] != size["wanted"] or size["bad_answers"] for size in figures["sizes"].values()
    )


def report(figures: Mapping[str, Any]) -> str:
    """The table people read: a line a kind of page, p95 of each size."""
    sizes = figures["sizes"]
    lines = ["", f"{'p95, ms':<26}{'bar':>10}" + "".join(f"{name:>14}" for name in sizes)]
    for kind in ("empty", *PAGES):
        values = [size["pages"][kind]["p95_ms"] for size in sizes.values() if kind in size["pages"]]
        lines.append(
            f"{kind:<26}{f'≤ {BAR_MS}':>10}"
            + "".join(f"{f'{ms} {_sign(ms <= BAR_MS)}':>14}" for ms in values)
        )
    good = figures["referring_us"] <= REFERRING_US
    lines.append(f"{'handing over, µs a person':<26}{f'≤ {REFERRING_US}':>10}{'':>14}{figures['referring_us']:>12} {_sign(good)}")  # fmt: skip
    for name, size in sizes.items():
        lines.append(f"{name}: {size['screened']:,} screened, {size['referrals']:,} handed over, {size['open']:,} open, {size['grids']:,} grids")  # fmt: skip
        lines += [f"✗ {address} does not open" for address in size["bad"]]
    return "\n".join(lines)


def _sign(good: bool) -> str:
    return "✓" if good else "✗"
