"""Loading a past: each hour of it is received, then folded at its end, so that the board can be asked as of it.

The last day goes by the quarter-hour; for all days that would take twice as long. Bounded memory: a day's parties, and
whatever waits in the outbox. While one step is folded the next is generated.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from random import Random

from django.db import connection

from lianfang.checkpoints.models import Device
from lianfang.command.services import worker_session
from lianfang.demo.outbox import LanePhone, Outbox, Parcel
from lianfang.demo.plan import Plan
from lianfang.demo.sending import ReceiptTally, intake
from lianfang.demo.visits import Visits
from lianfang.kernel.days import QUARTER_HOUR, day_of, quarter_of, start_of
from lianfang.kernel.reach import Reach
from lianfang.machine.progress import Telling
from lianfang.situation import clerk
from lianfang.situation.fold import catch_up

HOUR = timedelta(hours=1)
# A step's fold is dated within it: what was received in it was known at its end.
BEFORE_ITS_END = timedelta(seconds=2)
PHONES_FOR = timedelta(days=3)  # phones came on 10 February, the figures end on the 13th


Steps = Iterable[tuple[datetime, list[Parcel]]]


def steps(
    plan: Plan, progress: Telling, *, step: timedelta = HOUR
) -> Iterator[tuple[datetime, list[Parcel]]]:
    """Each step's end, and what is received in it."""
    since = plan.listed_days[-1] - PHONES_FOR
    outbox = Outbox(seed=plan.seed, phones_since=since, until=plan.at)
    progress.count(0, plan.people)
    for n, day in enumerate(plan.listed_days):
        visits = Visits(Random(f"{plan.seed} people {n}"), seed=plan.seed)
        parties = deque(plan.of_day(day))
        every = QUARTER_HOUR if day == plan.listed_days[-1] else step
        for end in steps_between(start_of(day), min(start_of(day + timedelta(days=1)), plan.at), every):
            before = int(end.timestamp() * 1000)
            while parties and parties[0].millis < before:
                outbox.fill(parties.popleft(), visits, day)
            yield end, list(outbox.due(before))
        progress.count(plan.people_until(day), plan.people)


def steps_between(since: datetime, until: datetime, step: timedelta) -> Iterator[datetime]:
    """The ends of whole steps between two moments; the last may be cut short."""
    end = quarter_of(since)
    while end < until:
        end = min(end + step, until)
        yield end


def load(
    received: Steps,
    devices: dict[LanePhone, Device],
    *,
    then: Callable[[datetime], None] = lambda end: None,
) -> ReceiptTally:
    """Sends everything; the board is caught up with it step by step, the tables day by day. `then` is done after each step."""
    return asyncio.run(_load(received, devices, worker_session(), then))


async def _load(
    received: Steps, devices: dict[LanePhone, Device], worker: Reach, then: Callable[[datetime], None]
) -> ReceiptTally:
    loop = asyncio.get_running_loop()
    last: datetime | None = None
    with ThreadPoolExecutor(1) as folding:
        async with intake(devices) as door:
            folded = loop.run_in_executor(folding, _nothing)
            for end, parcels in received:
                await folded
                await door.send(parcels)
                folded = loop.run_in_executor(folding, _fold, worker, end, then)
                last = end
            await folded
        if last is not None:
            await loop.run_in_executor(folding, _settle, worker, last)
        await loop.run_in_executor(folding, lambda: connection.close())  # the thread's own
    return door.receipts


def _nothing() -> None: ...


def _fold(worker: Reach, end: datetime, then: Callable[[datetime], None]) -> None:
    """At midnight the day is settled too."""
    catch_up(worker, at=end - BEFORE_ITS_END)
    then(end)
    if end == start_of(day_of(end)):
        catch_up(worker, at=end)
        _settle(worker, end)


def _settle(worker: Reach, end: datetime) -> None:
    """The tables and the different people of the day that ends, or has come so far."""
    clerk.count_all_tables(worker)
    clerk.count_different_people(worker, at=end - BEFORE_ITS_END)
    while clerk.settle(worker) is not None:
        continue
