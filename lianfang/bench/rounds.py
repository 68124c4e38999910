"""One measured round: prepared requests, sent for a while, with what it cost. Runs in a process of its own."""

import os
import time
from array import array
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from uuid import UUID

from lianfang.bench.installation import BenchDevice
from lianfang.bench.load import Load
from lianfang.bench.parcels import Parcels, Request
from lianfang.bench.processes import Cost, Watched, look


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be sent. At most `count` requests of `passages` each, or exactly `people` people if that is given."""

    devices: Sequence[BenchDevice]
    ports: Sequence[int]
    watched: Watched
    seed: int
    connections: int
    seconds: float
    count: int = 0
    passages: int = 1
    people: int = 0


@dataclass(frozen=True, slots=True)
class Round:
    """What came back. Rates count what was acknowledged before the time was up, `acknowledged` counts all; CPU seconds."""

    seconds: float
    requests: int
    passages: int
    people: int
    p50_ms: float
    p99_ms: float
    statuses: dict[str, int]
    acknowledged: tuple[UUID, ...]
    acknowledged_people: int
    cost: Cost
    client: float

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds

    @property
    def people_per_second(self) -> float:
        return self.people / self.seconds

    @property
    def others(self) -> float:
        """The share of the machine that went to processes that are none of ours."""
        ours = self.cost.server + self.cost.worker + self.cost.postgresql + self.client
        return max(0.0, self.cost.machine - ours) / (self.seconds * (os.cpu_count() or 1))

    def cpu_us(self, seconds: float) -> float:
        """CPU seconds of this round as microseconds a passage."""
        return seconds / max(1, len(self.acknowledged)) * 1e6


@contextmanager
def client_process() -> Iterator[ProcessPoolExecutor]:
    """The process the client lives in, so that its CPU is told apart; give it `run` and a Job."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        yield pool


def run(job: Job) -> Round:
    requests = _requests(job)
    load = Load(iter(requests), ports=job.ports, connections=job.connections)
    before, client = look(job.watched), time.process_time()
    took = load.run(seconds=job.seconds)
    client = time.process_time() - client
    cost = look(job.watched) - before
    in_time = load.acknowledged[: load.in_time]
    return Round(
        seconds=took,
        requests=len(in_time),
        passages=sum(len(request.passages) for request in in_time),
        people=sum(request.people for request in in_time),
        p50_ms=percentile(load.latencies, 50) / 1e6,
        p99_ms=percentile(load.latencies, 99) / 1e6,
        statuses=dict(load.statuses),
        acknowledged=tuple(id_ for request in load.acknowledged for id_ in request.passages),
        acknowledged_people=sum(request.people for request in load.acknowledged),
        cost=cost,
        client=client,
    )


def percentile(values: "Sequence[int] | array[int]", share: int) -> float:
    """The value that `share` per cent do not exceed (nearest rank); 0 when there are none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def _requests(job: Job) -> list[Request]:
    parcels = Parcels(job.devices, seed=job.seed)
    if job.people:
        return list(parcels.of_people(job.people, passages=job.passages))
    return parcels.requests(job.count, passages=job.passages, spread_ms=int(job.seconds * 1000))
