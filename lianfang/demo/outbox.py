"""When what was registered reaches the city: mostly within a minute, after hours when a phone had no network, the next
day when it was written on paper.
"""

import heapq
import sys
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from itertools import groupby
from random import Random
from typing import NamedTuple

from lianfang.demo import dirt
from lianfang.demo.chance import pick
from lianfang.demo.checkpoints import GATES, Gate
from lianfang.demo.people import Json
from lianfang.demo.plan import HOUR_MS, Party
from lianfang.demo.visits import Visits
from lianfang.kernel.days import start_of

SENDS_EVERY = 90_000  # a phone gathers what was registered within so many milliseconds
AT_ONCE = 200  # items of a parcel; a phone that was offline for hours sends several
OFFLINE = 0.03  # of phones, each day
PAPER_AT_FIRST, PAPER_LATER = 0.05, 0.006
TYPED_FROM = 8 * HOUR_MS + HOUR_MS // 2
# A whole gate without a network, in each of these spans of the day: long enough for the silence to be seen.
OUTAGES = range(6, 22, 2)
OUTAGE_MINUTES = (55, 100)


class LanePhone(NamedTuple):
    """A phone of a gate's lane."""

    gate: str
    lane: int


class Parcel(NamedTuple):
    """What a phone sends at one moment."""

    received: int
    sender: LanePhone
    items: list[Json]


class Outbox:
    """Everything that has been registered and not yet received. `until`: nothing is received later than then.

    `phones_since`: the day from which on hardly anybody writes on paper.
    """

    def __init__(
        self, *, seed: int, phones_since: date, until: datetime | None = None, sends_every: int = SENDS_EVERY
    ) -> None:
        self._seed = seed
        self._phones_since = phones_since
        self._until = int(until.timestamp() * 1000) - 1000 if until else sys.maxsize
        self._sends_every = sends_every
        self._waiting: list[tuple[int, LanePhone, int, Json]] = []
        self._count = 0

    def fill(self, party: Party, visits: Visits, day: date) -> None:
        """Registers a party, with whatever goes wrong."""
        chance = visits.chance
        passage = visits.passage(party)
        dirt.soil(chance, passage)
        sender = LanePhone(party.gate.code, int(passage["lane"]))
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

    def _put(self, received: int, sender: LanePhone, item: Json) -> None:
        self._count += 1
        heapq.heappush(self._waiting, (received, sender, self._count, item))

    def _received(self, sender: LanePhone, millis: int, day: date) -> int:
        seen = (millis // self._sends_every + 1) * self._sends_every
        for gone, back in (offline(sender, day, self._seed), *outages(day, self._seed).get(sender.gate, ())):
            if gone <= millis < back:
                seen = max(seen, back)
        return min(seen + 1000 * sender.lane, self._until)

    def _typed(self, chance: Random, day: date) -> int | None:
        """When a sheet of paper is typed in: the next morning. None for what was registered by phone."""
        if chance.random() >= (PAPER_LATER if day >= self._phones_since else PAPER_AT_FIRST):
            return None
        typed = _midnight(day) + 24 * HOUR_MS + TYPED_FROM + int(chance.random() * 60) * 150_000
        return typed if typed < self._until else None


def senders(gate: Gate) -> list[LanePhone]:
    return [LanePhone(gate.code, lane + 1) for lane in range(gate.lanes)]


@cache
def offline(sender: LanePhone, day: date, seed: int) -> tuple[int, int]:
    """From when to when the phone has no network on that day; an empty span for most."""
    chance = Random(f"{seed} {sender} {day}")
    if chance.random() >= OFFLINE:
        return 0, 0
    gone = _midnight(day) + int((6 + 12 * chance.random()) * HOUR_MS)
    return gone, gone + int((1 + 3 * chance.random()) * HOUR_MS)


@cache
def outages(day: date, seed: int) -> dict[str, list[tuple[int, int]]]:
    """When all phones of a gate had no network, by gate."""
    chance = Random(f"{seed} {day}")
    found: dict[str, list[tuple[int, int]]] = {}
    for hour in OUTAGES:
        gone = _midnight(day) + int((hour + chance.random()) * HOUR_MS)
        back = gone + chance.randrange(*OUTAGE_MINUTES) * 60_000
        found.setdefault(pick(chance, GATES).code, []).append((gone, back))
    return found


def _midnight(day: date) -> int:
    return int(start_of(day).timestamp() * 1000)
