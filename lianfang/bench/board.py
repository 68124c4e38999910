"""bench board: what headquarters' screens are worth with millions of people registered, while registration goes on.

For each number of people an installation of its own with sixty days behind it. A steady stream of passages comes in by
the front door; meanwhile one desk asks for the board, tables, lists and searches in turn, each to the last byte.
"""

import argparse
import itertools
import json
import os
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from typing import Any

from lianfang.bench.asking import BOARD, BenchQuestion, Desk, filtered, lists, searches, tables
from lianfang.bench.board_figures import Size, Turn, figures, report, wrong
from lianfang.bench.installation import BenchDevice, Installation, Server, environment, installation
from lianfang.bench.parcels import Parcels, Request
from lianfang.bench.processes import Watched, look
from lianfang.bench.rounds import client_process
from lianfang.bench.rows import TOTALS
from lianfang.bench.steady import Sent, Stream, Wall, acknowledged, freshness, send
from lianfang.bench.surroundings import versions
from lianfang.bench.tables import Tables
from lianfang.checkpoints.intake.closed_lists import VEHICLES
from lianfang.kernel.days import day_of
from lianfang.machine.progress import Telling
from lianfang.machine.trouble import Trouble

__all__ = ["add", "measure", "report", "wrong"]

ROWS = "1000000,10000000"
QUICK = {"rows": [20_000, 60_000], "seconds": 4.0, "rounds": 1, "rate": 50.0}
PLANTED = 40  # passages whose numbers are searched for


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--rows", type=_numbers, default=_numbers(ROWS), help="人数，逗号分隔 / registrations, one run each"
    )
    parser.add_argument("--seconds", type=float, default=20.0, help="每轮秒数 / seconds a round")
    parser.add_argument("--rounds", type=int, default=5, help="轮数 / rounds of each")
    parser.add_argument(
        "--rate", type=float, default=200.0, help="同时每秒登记 / passages a second meanwhile"
    )
    parser.add_argument(
        "--quick", action="store_true", help="约三分钟的试运行 / a smoke run of three minutes"
    )


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def measure(options: argparse.Namespace, progress: Telling) -> dict[str, Any]:
    """Every size, the largest last; figures as `board_figures.figures` names them."""
    if options.quick:
        options = argparse.Namespace(**{**vars(options), **QUICK})
    sizes, known = {}, {}
    for people in sorted(options.rows):
        with installation(progress) as site, client_process() as pool:
            server = site.serve()
            devices = site.devices()
            server.stop()
            begun = time.monotonic()
            standing = live(site, people, progress)
            took = time.monotonic() - begun
            server.start()
            bench = _Bench(site, server, pool, devices, standing["session"], options, progress)
            sizes[people] = bench.size(standing, took)
            known = versions(site.cluster)
    return figures(sizes, known)


def live(site: Installation, people: int, progress: Telling) -> dict[str, Any]:
    """Sixty days of a city's life, by a program of its own: what stands then, and a signed-in session."""
    progress.step(f"六十天，{people:,} 人", f"Sixty days, {people:,} people")
    command = [sys.executable, "-m", "lianfang.bench.past", str(people)]
    with subprocess.Popen(command, env=environment(site.data), stdout=subprocess.PIPE, text=True) as running:
        said = ""
        for said in running.stdout or ():
            if not said.startswith("{"):
                done, total = map(int, said.split())
                progress.count(done, total)
    if running.returncode:
        raise Trouble("造不出六十天的记录。", "The sixty days could not be made.")
    standing: dict[str, Any] = json.loads(said)
    return standing


class _Bench:
    """One size: an installation that has lived, its server, and the desk that asks."""

    def __init__(
        self,
        site: Installation,
        server: Server,
        pool: ProcessPoolExecutor,
        devices: Sequence[BenchDevice],
        session: str,
        options: argparse.Namespace,
        progress: Telling,
    ) -> None:
        self._site, self._server, self._pool, self._devices = site, server, pool, devices
        self._options, self._progress = options, progress
        self._tables = Tables(site.cluster.database)
        self._desk = Desk(server.port, session)
        self._watched = Watched(server.pid, site.postmaster)
        self._acknowledged = 0
        self._seed = 0

    def size(self, standing: dict[str, Any], took: float) -> Size:
        loaded = standing["passage"]
        planted = self._plant()
        today = day_of(datetime.now(UTC))
        asked = {
            "list": list(lists(self._desk, today=today)),
            "filtered": filtered(today=today),
            "tables": [q for q in tables(today=today) if self._desk.ask(q).status != 404],
            "search": searches(planted),
        }
        rounds = []
        self._progress.step("边登记边看", "Asking while passages come in")
        for done in range(1, self._options.rounds + 1):
            rounds.append(self._round(_in_turn(asked), loaded + self._acknowledged))
            self._progress.count(done, self._options.rounds)
        self._tables.wait_for_the_fold()
        board = json.loads(self._desk.ask(BenchQuestion("board", BOARD)).body)["totals"]
        records = self._records()
        self._desk.close()
        return Size(
            standing=standing,
            loading=took,
            rounds=rounds,
            board=board,
            records=records,
            lost=loaded + self._acknowledged - records["passages"],
        )

    def _plant(self) -> list[Request]:
        """Passages whose plates, documents and telephones are searched for."""
        requests = Parcels(self._devices, seed=self._seed).requests(PLANTED)
        with socket.create_connection(("127.0.0.1", self._server.port), timeout=60.0) as line:
            self._acknowledged += sum(acknowledged(line, request) for request in requests)
        return requests

    def _round(self, questions: Iterator[BenchQuestion], counted: int) -> Turn:
        """Passages come in for so long; meanwhile one question follows the other."""
        self._seed += 1
        stream = Stream(
            self._devices, self._server.port, self._seed, self._options.seconds, self._options.rate
        )
        wall = Wall(self._server.port, self._desk.cookie)
        before, cpu = look(self._watched), time.process_time()
        sending = self._pool.submit(send, stream)
        answers: dict[BenchQuestion, list[float]] = defaultdict(list)
        bad = 0
        while not sending.done():
            question = next(questions)
            answer = self._desk.ask(question)
            answers[question].append(answer.ms)
            bad += answer.status != 200
        sent: Sent = sending.result()
        cost, cpu = look(self._watched) - before, time.process_time() - cpu
        wall.hears(counted + len(sent.times))
        wall.close()
        self._acknowledged += len(sent.times)
        waited = tuple(freshness(sent.times, wall.heard, before=counted))
        ours = cost.server + cost.worker + cost.postgresql + cpu + sent.cpu
        others = max(0.0, cost.machine - ours) / (sent.seconds * (os.cpu_count() or 1))
        return Turn(dict(answers), waited, len(sent.times), sent.per_second, sent.refused, bad, others)

    def _records(self) -> dict[str, int]:
        """What the records themselves add up to."""
        with self._tables.connect() as connection:
            row = connection.execute(TOTALS, [sorted(VEHICLES)]).fetchone() or ()
        return dict(zip(("passages", "vehicles", "people"), map(int, row), strict=True))


def _in_turn(asked: dict[str, list[BenchQuestion]]) -> Iterator[BenchQuestion]:
    """The board every other time, as screens ask for it; the rest one after the other."""
    board = BenchQuestion("board", BOARD)
    rings = [itertools.cycle(questions) for questions in asked.values() if questions]
    for ring in itertools.cycle(rings):
        yield board
        yield next(ring)
