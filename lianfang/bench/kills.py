"""Kills under load: the server and the database die at random moments, and nothing acknowledged may be missing."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from lianfang.bench.installation import BenchDevice, Installation, Server
from lianfang.bench.load import Load
from lianfang.bench.parcels import Parcels, Request
from lianfang.bench.tables import Tables
from lianfang.machine.progress import Telling

CONNECTIONS = 32
PREPARED = 60_000  # requests; the load ends before it has sent them all
RECOVERED_WITHIN = 90.0  # seconds until records are acknowledged again
CALM = (0.1, 1.2)  # seconds of acknowledgements between two kills, at random


class Kills(NamedTuple):
    """`longest` seconds between a kill and the next acknowledgement; `lost` records acknowledged and not there."""

    kills: int
    acknowledged: int
    lost: int
    longest: float
    statuses: dict[str, int]


class NoRecovery(RuntimeError):
    """After a kill nothing was acknowledged any more."""


def kills(
    site: Installation,
    server: Server,
    devices: Sequence[BenchDevice],
    *,
    each: int,
    progress: Telling,
    seed: int = 0,
) -> Kills:
    """Under passages that are sent one by one."""
    requests = Parcels(devices, seed=seed).requests(PREPARED, spread_ms=60_000)

    def lost(acknowledged: Sequence[Request]) -> int:
        told = [id_ for request in acknowledged for id_ in request.passages]
        people = sum(request.people for request in acknowledged)
        return Tables(site.cluster.database).lost(told, people=people)

    return kills_under(site, server, requests, lost, each=each, progress=progress, seed=seed)


def kills_under(
    site: Installation,
    server: Server,
    requests: Sequence[Request],
    lost: Callable[[Sequence[Request]], int],
    *,
    each: int,
    progress: Telling,
    seed: int = 0,
) -> Kills:
    """Kills of the server, in turn all of it (started again at once) and one web process, and as many of PostgreSQL.

    What was not started here, `serve` brings back by itself. `lost` counts what was acknowledged and is not there.
    """
    chance = random.Random(seed)
    victims = ["database"] * each + ["server", "web process"] * (each // 2) + ["server"] * (each % 2)
    chance.shuffle(victims)
    with _Under(server, requests) as load:
        longest = 0.0
        for done, victim in enumerate(victims, 1):
            load.wait_for_more(chance.uniform(*CALM))
            begun = time.monotonic()
            _kill(victim, site, server, chance)
            load.wait_for_more(0)
            longest = max(longest, time.monotonic() - begun)
            progress.count(done, len(victims))
    told = sum(len(request.passages) for request in load.acknowledged)
    return Kills(len(victims), told, lost(load.acknowledged), longest, load.statuses)


def _kill(victim: str, site: Installation, server: Server, chance: random.Random) -> None:
    if victim == "database":
        site.kill_postgres()
    elif victim == "web process":
        server.kill_one_web_process(chance)
    else:
        server.kill()
        server.start()


class _Under:
    """Load from 32 connections in a thread of its own, as long as the block lasts."""

    def __init__(self, server: Server, requests: Sequence[Request]) -> None:
        self._load = Load(iter(requests), ports=[server.port], connections=CONNECTIONS)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="load")

    def __enter__(self) -> "_Under":
        self._thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        self._load.run(seconds=3_600, stopped=self._over.is_set)

    @property
    def acknowledged(self) -> list[Request]:
        return self._load.acknowledged

    @property
    def statuses(self) -> dict[str, int]:
        return dict(self._load.statuses)

    def wait_for_more(self, seconds: float) -> None:
        """Until another record is acknowledged, and then so long again under load."""
        had, until = len(self.acknowledged), time.monotonic() + RECOVERED_WITHIN
        while len(self.acknowledged) == had:
            if time.monotonic() > until:
                raise NoRecovery(f"{self.statuses} after {had} acknowledgements")
            time.sleep(0.01)
        time.sleep(seconds)
