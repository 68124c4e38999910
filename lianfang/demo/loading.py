"""Loading a past: every quarter-hour of it is received, then folded at its end, so that the board can be asked as of it.

Bounded memory: a day's plan, and whatever waits in the outbox. While one quarter-hour is folded the next is generated.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from random import Random

from django.db import connection

from lianfang.checkpoints.models import Device
from lianfang.command.services import worker_session
from lianfang.demo.outbox import Outbox, Parcel, Sender
from lianfang.demo.plan import Plan
from lianfang.demo.sending import Receipts, intake
from lianfang.demo.visits import Visits
from lianfang.kernel.days import QUARTER_HOUR, start_of
from lianfang.kernel.reach import Reach
from lianfang.machine.progress import Telling
from lianfang.situation import clerk
from lianfang.situation.fold import catch_up

# A quarter-hour's fold is dated within it: what was received in it was known at its end.
BEFORE_ITS_END = timedelta(seconds=2)


def load(plan: Plan, devices: dict[Sender, Device], progress: Telling) -> Receipts:
    """Sends the whole plan; the board is caught up with it quarter by quarter, the tables day by day."""
    return asyncio.run(_load(plan, devices, worker_session(), progress))


async def _load(plan: Plan, devices: dict[Sender, Device], worker: Reach, progress: Telling) -> Receipts:
    outbox = Outbox(plan)
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1) as folding:
        progress.count(0, plan.people)
        async with intake(devices) as door:
            folded = loop.run_in_executor(folding, _nothing)
            for day in plan.listed_days:
                for end, parcels in _quarters(plan, outbox, day):
                    await folded
                    await door.send(parcels)
                    folded = loop.run_in_executor(folding, _fold, worker, end)
                folded = loop.run_in_executor(folding, _end_of_day, worker, day, plan.at)
                progress.count(plan.people_until(day), plan.people)
            await folded
        await loop.run_in_executor(folding, lambda: connection.close())  # the thread's own
    return door.receipts


def _quarters(plan: Plan, outbox: Outbox, day: date) -> Iterator[tuple[datetime, list[Parcel]]]:
    """Each quarter-hour's end, and what is received in it."""
    visits = Visits(Random(f"{plan.seed} people {plan.listed_days.index(day)}"), seed=plan.seed)
    parties = deque(plan.of_day(day))
    end, midnight = start_of(day), start_of(day + timedelta(days=1))
    while end < min(midnight, plan.at):
        end += QUARTER_HOUR
        before = int(end.timestamp() * 1000)
        while parties and parties[0].millis < before:
            outbox.fill(parties.popleft(), visits, day)
        yield min(end, plan.at), list(outbox.due(before))


def _nothing() -> None: ...


def _fold(worker: Reach, end: datetime) -> None:
    catch_up(worker, at=end - BEFORE_ITS_END)


def _end_of_day(worker: Reach, day: date, at: datetime) -> None:
    """The tables, and the different people of the day; the day is settled if it is over."""
    midnight = start_of(day + timedelta(days=1))
    if midnight <= at:
        catch_up(worker, at=midnight)
    clerk.count_all_tables(worker)
    clerk.count_different_people(worker, at=min(midnight, at) - BEFORE_ITS_END)
    while clerk.settle(worker) is not None:
        continue
