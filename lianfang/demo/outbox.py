"""When what was registered reaches the city: mostly within a minute, after hours when a phone had no network, the next
day when it was written on paper.
"""

import heapq
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import groupby
from random import Random
from typing import NamedTuple

from lianfang.demo import dirt
from lianfang.demo.checkpoints import Gate
from lianfang.demo.people import Json
from lianfang.demo.plan import HOUR_MS, Party, Plan
from lianfang.demo.visits import Visits
from lianfang.kernel.days import start_of

SENDS_EVERY = 90_000  # a phone gathers what was registered within so many milliseconds
AT_ONCE = 200  # items of a parcel; a phone that was offline for hours sends several
_OFFLINE = 0.03  # of phones, each day
_PAPER_AT_FIRST, _PAPER_LATER = 0.05, 0.006
_PHONES_SINCE = 4  # days before the last: phones came on 10 February, the figures end on the 13th
_TYPED_FROM = 8 * HOUR_MS + HOUR_MS // 2


class Sender(NamedTuple):
    """A phone of a gate's lane."""

    gate: str
    lane: int


class Parcel(NamedTuple):
    """What a phone sends at one moment."""

    received: int
    sender: Sender
    items: list[Json]


class Outbox:
    """Everything that has been registered and not yet received."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._until = int(plan.at.timestamp() * 1000) - 1000
        self._waiting: list[tuple[int, Sender, int, Json]] = []
        self._count = 0

    def fill(self, party: Party, visits: Visits, day: date) -> None:
        """Registers a party, with whatever goes wrong."""
        chance = visits.chance
        passage = visits.passage(party)
        dirt.soil(chance, passage)
        sender = Sender(party.gate.code, int(passage["lane"]))
        received = self._received(sender, party.millis, day)
        typed = self._typed(chance, day)
        if typed is not None:
            passage["source"], received = "PAPER", typed
        extras = dirt.besides(chance, passage, received)
        for extra in extras:
            if not extra.later:
                self._put(received, sender, extra.item)
        self._put(received, sender, {"kind": "PASSAGE", "passage": passage})
        for extra in extras:
            if extra.later and received + extra.later < self._until:
                self._put(received + extra.later, sender, extra.item)

    def due(self, before: int) -> Iterator[Parcel]:
        """What is received before that moment, in the order in which it is."""
        due = []
        while self._waiting and self._waiting[0][0] < before:
            due.append(heapq.heappop(self._waiting))
        for (received, sender), waiting in groupby(due, key=lambda entry: entry[:2]):
            items = [item for *_, item in waiting]
            for start in range(0, len(items), AT_ONCE):
                yield Parcel(received, sender, items[start : start + AT_ONCE])

    def _put(self, received: int, sender: Sender, item: Json) -> None:
        self._count += 1
        heapq.heappush(self._waiting, (received, sender, self._count, item))

    def _received(self, sender: Sender, millis: int, day: date) -> int:
        gone, back = _offline(sender, day, self._plan.seed)
        seen = back if gone <= millis < back else (millis // SENDS_EVERY + 1) * SENDS_EVERY
        return min(seen + 1000 * sender.lane, self._until)

    def _typed(self, chance: Random, day: date) -> int | None:
        """When a sheet of paper is typed in: the next morning. None for what was registered by phone."""
        early = (self._plan.listed_days[-1] - day).days >= _PHONES_SINCE
        if chance.random() >= (_PAPER_AT_FIRST if early else _PAPER_LATER):
            return None
        morning = int(start_of(day).timestamp() * 1000) + 24 * HOUR_MS + _TYPED_FROM
        typed = morning + int(chance.random() * 60) * 150_000
        return typed if typed < self._until else None


def senders(gate: Gate) -> list[Sender]:
    return [Sender(gate.code, lane + 1) for lane in range(gate.lanes)]


@cache
def _offline(sender: Sender, day: date, seed: int) -> tuple[int, int]:
    """From when to when the phone has no network on that day; an empty span for most."""
    chance = Random(f"{seed} {sender} {day}")
    if chance.random() >= _OFFLINE:
        return 0, 0
    gone = int(start_of(day).timestamp() * 1000) + int((6 + 12 * chance.random()) * HOUR_MS)
    return gone, gone + int((1 + 3 * chance.random()) * HOUR_MS)
