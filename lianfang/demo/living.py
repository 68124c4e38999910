"""A demo city that goes on living: people keep arriving at the gates' usual rhythm, and what a pause left out is made up.

Every minute is drawn from its own seed, so the same minute always brings the same people.
"""

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random

from asgiref.sync import sync_to_async
from django.db.models import Max

from lianfang.checkpoints.models import Device
from lianfang.demo.checkpoints import GATES, Gate
from lianfang.demo.crews import phones_report
from lianfang.demo.flows import SIZES, flow
from lianfang.demo.loading import HOUR, Steps, steps_between
from lianfang.demo.outbox import LanePhone, Outbox
from lianfang.demo.plan import HOURS, LEAVING, RAIL_SHARE, SEED, Party
from lianfang.demo.regulars import Regulars
from lianfang.demo.sending import ReceiptTally, intake
from lianfang.demo.visits import Visits
from lianfang.kernel.days import QUARTER_HOUR, SHANGHAI, day_of
from lianfang.machine.progress import Telling
from lianfang.situation.cells import known, read
from lianfang.situation.models import LastRecord

LIVELY = 3_000  # passages a day, at least: a wall on which nothing moves explains nothing
LOOKED_BACK = timedelta(days=14)
LONGEST_GAP = timedelta(days=2)  # what is made up at a start; a longer pause stays a pause
TICK = 1.0
SENDS_EVERY = 5_000  # milliseconds: on the wall they arrive one by one
SHORTEST_GAP = timedelta(minutes=10)
MINUTE = timedelta(minutes=1)
_MINUTE_MS = 60_000
_REGULARS = 200


class Rhythm:
    """Who arrives in a minute, when so many do on a usual day."""

    def __init__(self, *, usual: int, seed: int = SEED) -> None:
        self._usual = usual
        self._seed = seed

    def fill(self, outbox: Outbox, minute: datetime) -> None:
        """Registers the people of the minute that begins then."""
        local = minute.astimezone(SHANGHAI)
        chance = Random(f"{self._seed} minute {int(minute.timestamp()) // 60}")
        visits = Visits(chance, seed=self._seed)
        expected = self._usual * HOURS[local.hour] / sum(HOURS) / 60
        for millis in self._moments(chance, int(minute.timestamp() * 1000), expected):
            outbox.fill(self._party(chance, millis, local), visits, local.date())

    def _moments(self, chance: Random, start: int, expected: float) -> Iterator[int]:
        """One after the other at random, as a Poisson process does."""
        at = chance.expovariate(expected / _MINUTE_MS)
        while at < _MINUTE_MS:
            yield start + int(at)
            at += chance.expovariate(expected / _MINUTE_MS)

    def _party(self, chance: Random, millis: int, local: datetime) -> Party:
        gate = _gate(chance, local.hour)
        transport = flow(gate).transports.draw(chance)
        if gate.kind == "STATION":
            return Party(millis, gate, "IN", transport, SIZES[transport].draw(chance))
        turns = Regulars(gate, [2 * chance.randrange(_REGULARS), 2 * chance.randrange(_REGULARS) + 1])
        regular = turns.due(transport, local.hour, workday=local.weekday() < 5, chance=chance)
        direction = "OUT" if chance.random() < LEAVING / (1 + LEAVING) else "IN"
        size = regular.size if regular else SIZES[transport].draw(chance)
        return Party(millis, gate, direction, transport, size, regular)


def _gate(chance: Random, hour: int) -> Gate:
    gates = [gate for gate in GATES if gate.is_open(hour)]
    # Railway passengers come with fewer companions than cars do, so their share of the parties is larger.
    weights = [gate.share * (1 + RAIL_SHARE if gate.kind == "STATION" else 1) for gate in gates]
    return chance.choices(gates, weights)[0]


def rhythm(at: datetime) -> Rhythm:
    """As many as on the days before, and never so few that nothing moves."""
    since, today = day_of(at - LOOKED_BACK), day_of(at)
    where = "day >= %(since)s AND day < %(today)s"
    days = read("CHECKPOINT", ["day"], known(None), where=where, since=since, today=today)
    usual = sum(row["passages"] for row in days) // max(1, len(days))
    return Rhythm(usual=max(LIVELY, round(usual, -2)))


def made_up(at: datetime, progress: Telling) -> Steps:
    """The time since the last record in steps, with what was received in each; nothing when there was no pause."""
    last = LastRecord.objects.aggregate(Max("received_at"))["received_at__max"]
    if last is None or at - last < SHORTEST_GAP:
        return ()
    progress.step("补上停机期间的通行", "Making up for the pause")
    return _made_up(rhythm(at), max(last, at - LONGEST_GAP), at, progress)


def _made_up(drawn: Rhythm, since: datetime, at: datetime, progress: Telling) -> Steps:
    coming, now = _whole(since) + MINUTE, _whole(at)
    outbox = Outbox(seed=SEED, phones_since=day_of(coming), until=at)
    ends = list(steps_between(coming, at, QUARTER_HOUR if at - since < HOUR * 6 else HOUR))
    for n, end in enumerate(ends):
        while coming < min(end, now):
            drawn.fill(outbox, coming)
            coming += MINUTE
        progress.count(n + 1, len(ends))
        yield end, list(outbox.due(int(end.timestamp() * 1000)))


async def live(
    devices: dict[LanePhone, Device],
    drawn: Rhythm,
    *,
    clock: Callable[[], datetime],
    stopping: Callable[[], bool],
) -> ReceiptTally:
    """Sends what happens now, second by second, until told to stop."""
    coming = _whole(clock())
    outbox = Outbox(seed=SEED, phones_since=day_of(coming), sends_every=SENDS_EVERY)
    async with intake(devices, flushers=1) as door:
        while not stopping():
            if coming <= clock():
                await sync_to_async(phones_report)(devices, at=clock())
            while coming <= clock():
                drawn.fill(outbox, coming)
                coming += MINUTE
            await door.send(outbox.due(int(clock().timestamp() * 1000)))
            await asyncio.sleep(TICK)
    return door.receipts


def _whole(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
