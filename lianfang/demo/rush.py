"""The worst rush on record: in 75 minutes 390 vehicles and 600 people at one gate with four lanes. Replayed at all eighteen."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from lianfang.checkpoints.models import Device
from lianfang.demo.checkpoints import GATES, Gate
from lianfang.demo.flows import SIZES
from lianfang.demo.outbox import LanePhone, Parcel, senders
from lianfang.demo.plan import Party
from lianfang.demo.queueing import WAYS, Car, Queue, queue
from lianfang.demo.sending import ReceiptTally, intake
from lianfang.demo.visits import Visits
from lianfang.machine.progress import Telling

MINUTES, CARS, PEOPLE, LANES = 75, 390, 600, 4
PEAK = 0.45  # of the time: the queue is worst shortly after
GATHERED = 250  # parcels sent between two looks at the progress


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the intake made of the rush."""

    receipts: ReceiptTally
    passages: int
    people: int
    seconds: float


def arrivals(*, seed: int = 1) -> list[Car]:
    """Exactly so many cars and people, most of them in the middle."""
    chance = Random(seed)
    sizes = [min(SIZES["CAR"].draw(chance), 4) for _ in range(CARS)]
    while (missing := PEOPLE - sum(sizes)) != 0:
        place = chance.randrange(CARS)
        sizes[place] += (missing > 0) - (missing < 0 and sizes[place] > 1)
    moments = sorted(chance.triangular(0, MINUTES * 60, PEAK * MINUTES * 60) for _ in range(CARS))
    return [Car(moment, size) for moment, size in zip(moments, sizes, strict=True)]


def simulated(*, lanes: int = LANES) -> dict[str, Queue]:
    """The queue for each way of registering."""
    cars = arrivals()
    return {way: queue(cars, way=way, lanes=lanes) for way in WAYS}


def replay(
    devices: dict[LanePhone, Device], *, at: datetime, speed: float | None, progress: Telling
) -> Replayed:
    """Sends the rush of every gate, each car a request of its own; it ends at `at` plus what the replay takes.

    `speed`: so many times as fast as it was; None: as fast as it goes.
    """
    return asyncio.run(_replay(devices, at, speed, progress))


async def _replay(
    devices: dict[LanePhone, Device], at: datetime, speed: float | None, progress: Telling
) -> Replayed:
    start = at - timedelta(minutes=MINUTES)
    parcels = sorted(_parcels(start), key=lambda parcel: parcel.received)
    begun = time.monotonic()
    async with intake(devices) as door:
        for n in range(0, len(parcels), GATHERED):
            group = parcels[n : n + GATHERED]
            if speed:
                due = (group[-1].received - start.timestamp() * 1000) / 1000 / speed
                await asyncio.sleep(max(0.0, due - (time.monotonic() - begun)))
            await door.send(group)
            progress.count(n + len(group), len(parcels))
    seconds = time.monotonic() - begun
    return Replayed(door.receipts, len(parcels), PEOPLE * len(GATES), seconds)


def _parcels(start: datetime) -> Iterator[Parcel]:
    for gate in GATES:
        yield from _of_gate(gate, int(start.timestamp() * 1000))


def _of_gate(gate: Gate, start: int) -> Iterator[Parcel]:
    """Cars in the order of their arrival, lane by lane; its people are others at every replay."""
    chance = Random(f"{gate.code} {start}")
    visits, lanes = Visits(chance, seed=start), senders(gate)
    for n, car in enumerate(arrivals(seed=GATES.index(gate) + 1)):
        millis = start + int(car.arrives * 1000)
        passage = visits.passage(Party(millis, gate, "IN", "CAR", car.people))
        sender = lanes[n % len(lanes)]
        passage["lane"] = str(sender.lane)
        yield Parcel(millis, sender, [{"kind": "PASSAGE", "passage": passage}])
