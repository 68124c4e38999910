"""bench intake: what the intake is worth here, beside the machine's own limit.

Rounds of one thing and its limit alternate, so that a change in the machine's mood meets both; figures are medians of
the rounds after a warm-up. Client, server and PostgreSQL share the machine, and every commit is durable.
"""

import argparse
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager
from typing import Any

from lianfang.bench.figures import Paired, Results, figures, report, wrong
from lianfang.bench.installation import BenchDevice, Installation, Server, installation, paused
from lianfang.bench.kills import kills
from lianfang.bench.limits import copied, minimal_inserts, rows_that_stand
from lianfang.bench.parcels import Parcels
from lianfang.bench.processes import Watched
from lianfang.bench.rounds import Job, Round, client_process, run
from lianfang.bench.storm import PASSAGES, Storm, storm
from lianfang.bench.surroundings import versions
from lianfang.bench.tables import Tables
from lianfang.machine.progress import Telling

__all__ = ["add", "measure", "report", "wrong"]

CONNECTIONS, OTHERS, MANY = 32, (1, 8), 256
BATCH, BATCH_CONNECTIONS = 100, 8
KILLS_EACH = 20
PEOPLE = 263_239  # Haicheng's by 13 February 2020
WARM_UP = 3.0  # seconds
SLICE = 20_000  # people loaded at a time
QUICK = {"seconds": 1.0, "rounds": 1, "people": 3_000, "kills": 2}


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=float, default=20.0, help="每轮秒数 / seconds a round")
    parser.add_argument("--rounds", type=int, default=5, help="轮数 / rounds of each")
    parser.add_argument("--people", type=int, default=PEOPLE, help="已有人数 / people already there")
    parser.add_argument("--kills", type=int, default=KILLS_EACH, help="各断电次数 / kills of each")
    parser.add_argument("--quick", action="store_true", help="约 40 秒的试运行 / a smoke run of about 40 s")


def measure(options: argparse.Namespace, progress: Telling) -> dict[str, Any]:
    """Everything, in an installation of its own; figures as `figures.figures` names them."""
    if options.quick:
        options = argparse.Namespace(**{**vars(options), **QUICK})
    with installation(progress) as site, client_process() as pool:
        progress.step("正在启动服务器", "Starting the server")
        server = site.serve()
        bench = _Bench(site, server, pool, site.devices(), options, progress)
        return figures(bench.results())


class _Bench:
    """One run: the installation, its server, the client's process, and what has been lost so far."""

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
        self._seed = 0
        self._lost = 0

    def results(self) -> Results:
        self._progress.step("热身", "Warming up")
        singles_rate = self._sent(CONNECTIONS, seconds=WARM_UP, count=30_000).per_second
        batch_rate = self._sent(BATCH_CONNECTIONS, seconds=WARM_UP, count=1_000, passages=BATCH).per_second
        empty = self._beside_inserts("空库单条登记", "Singles, empty", singles_rate, self._tables.empty)
        others = {count: self._alone(count, singles_rate) for count in OTHERS}
        before = self._lost
        many = self._alone(MANY, singles_rate)
        lost_at_256 = self._lost - before
        batches = self._batches(batch_rate)
        stormed = self._storm()
        self._load_people()
        present = self._beside_inserts(
            "已有记录时单条登记", "Singles, loaded", singles_rate, self._tables.put_back
        )
        self._progress.step("反复断电", "Killing server and database")
        killed = kills(
            self._site, self._server, self._devices, each=self._options.kills, progress=self._progress
        )
        return Results(
            singles={**others, MANY: many},
            empty=empty,
            present=present,
            batches=batches,
            storm=stormed,
            kills=killed,
            people=self._options.people,
            lost=self._lost,
            lost_at_256=lost_at_256,
            versions=versions(self._site.cluster),
        )

    def _beside_inserts(self, zh: str, en: str, rate: float, start: Callable[[], None]) -> list[Paired]:
        """Singles at 32 and pgbench in turn, each from the tables as `start` leaves them."""
        pairs = []
        for _ in self._rounds(zh, en):
            start()
            ours = self._timed(CONNECTIONS, rate)
            start()
            with self._no_worker():
                limit = minimal_inserts(self._site.cluster, seconds=self._options.seconds)
            pairs.append(Paired(ours, limit))
        return pairs

    def _alone(self, connections: int, rate: float) -> list[Round]:
        measured = []
        for _ in self._rounds(f"{connections} 个连接", f"{connections} connections"):
            self._tables.empty()
            measured.append(self._timed(connections, rate))
        return measured

    def _batches(self, rate: float) -> list[Paired]:
        """Batches of 100, and COPY of the very rows they became."""
        pairs = []
        for _ in self._rounds("成批登记", "Batches"):
            self._tables.empty()
            ours = self._timed(BATCH_CONNECTIONS, rate, passages=BATCH)
            copies = rows_that_stand(self._tables, passages=BATCH)
            self._tables.empty()
            with self._no_worker():
                pairs.append(Paired(ours, copies.people / copied(self._tables, copies)))
        return pairs

    def _storm(self) -> Storm:
        """Over two server processes on the same data folder."""
        self._progress.step("两个进程同时收到相同记录", "A storm of copies over two servers")
        second = self._site.serve()
        requests = Parcels(self._devices, seed=self._seed).requests(PASSAGES)
        found = storm(requests, ports=[self._server.port, second.port], tables=self._tables)
        second.stop()
        return found

    def _load_people(self) -> None:
        """Exactly so many people, through the intake itself, counted by the board too."""
        self._progress.step("装入已有记录", "Loading people through the intake")
        self._tables.empty()
        left = self._options.people
        while left:
            people = min(left, SLICE)
            self._sent(BATCH_CONNECTIONS, seconds=600.0, people=people, passages=BATCH)
            left -= people
            self._progress.count(self._options.people - left, self._options.people)
        self._tables.wait_for_the_fold()
        self._tables.keep()

    def _rounds(self, zh: str, en: str) -> Iterator[int]:
        self._progress.step(zh, en)
        for done in range(1, self._options.rounds + 1):
            yield done
            self._progress.count(done, self._options.rounds)

    def _timed(self, connections: int, rate: float, *, passages: int = 1) -> Round:
        """One round; twice as many requests are prepared as the warm-up promised."""
        count = int(self._options.seconds * rate * 2) + connections
        return self._sent(connections, seconds=self._options.seconds, count=count, passages=passages)

    def _sent(
        self, connections: int, *, seconds: float, count: int = 0, people: int = 0, passages: int = 1
    ) -> Round:
        self._seed += 1
        job = Job(
            devices=self._devices,
            ports=[self._server.port],
            watched=Watched(self._server.pid, self._site.postmaster),
            seed=self._seed,
            connections=connections,
            seconds=seconds,
            count=count,
            passages=passages,
            people=people,
        )
        sent = self._pool.submit(run, job).result()
        self._lost += self._tables.lost(sent.acknowledged, people=sent.acknowledged_people)
        return sent

    def _no_worker(self) -> AbstractContextManager[None]:
        """A limit does not fold: the server's worker stands still meanwhile."""
        return paused(self._server.workers())
