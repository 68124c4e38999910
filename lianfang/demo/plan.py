"""The plan of a city's traffic: who arrives where and when, day by day, so that the totals are exact whatever the clock.

The source reports 122,992 vehicle passages and 263,239 people (railway passengers included) until 13 February 2020.
Every total is shared out over days by weight, then over the hours and gates of a day; the last share always brings it to
the full number. How many people sit in each car is drawn, then a few cars of the day are stretched or squeezed
until the day's people are exact. Who leaves (OUT) comes on top and is counted in neither total.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from random import Random
from typing import NamedTuple

from lianfang.demo.checkpoints import BY_DAY, Gate
from lianfang.demo.flows import LARGEST, ROADSIDE, SIZES, STATIONS, WALKED_TO, flow
from lianfang.demo.regulars import Regular, Regulars
from lianfang.kernel.days import day_of, start_of
from lianfang.regions.rules import shares

VEHICLES, PEOPLE, DAYS = 122_992, 263_239, 16
SEED = 20200213
RAIL_SHARE, WALKING_SHARE = 0.15, 0.012
# Growing while gates are set up, then the two waves back from the Spring Festival: the end of the (lengthened) holiday,
# and the Monday on which work began again.
DAY_WEIGHTS = (34, 46, 60, 78, 104, 118, 100, 88, 84, 88, 108, 132, 126, 104, 96, 100)
# Passages by hour of the day, from midnight: two rushes, quiet nights.
HOURS = (1, 1, 1, 1, 2, 4, 7, 11, 13, 12, 10, 9, 8, 8, 9, 10, 11, 12, 9, 6, 4, 3, 2, 1)
LEAVING = 0.22  # OUT passages for each IN passage of a vehicle
LATEST = timedelta(
    minutes=2
)  # nobody stops later than this before the clock's moment: it has to be registered and sent
REGULAR_SHARE = 0.16
HOUR_MS = 3_600_000


class Party(NamedTuple):
    """Whoever stops together once. `regular`: somebody who passes here again and again, with the same people."""

    millis: int
    gate: Gate
    direction: str
    transport: str
    size: int
    regular: Regular | None = None


@dataclass(frozen=True)
class Plan:
    """A period of whole days that ends on the day of `at`, at that moment."""

    at: datetime
    vehicles: int = VEHICLES
    people: int = PEOPLE
    days: int = DAYS
    seed: int = SEED

    @property
    def first_day(self) -> date:
        return day_of(self.at) - timedelta(days=self.days - 1)

    @property
    def listed_days(self) -> list[date]:
        return [self.first_day + timedelta(days=n) for n in range(self.days)]

    def of_day(self, day: date) -> list[Party]:
        """Everybody of a day, by the moment at which they stop."""
        n = (day - self.first_day).days
        return _Day(
            day,
            _millis(self.at - LATEST),
            Random(f"{self.seed} {n}"),
            *(column[n] for column in self._totals),
        ).parties()

    def people_until(self, day: date) -> int:
        """How many people come in until the end of a day."""
        through = (day - self.first_day).days + 1
        return sum(sum(column[:through]) for column in self._totals[1:])

    @cached_property
    def _totals(self) -> tuple[list[int], list[int], list[int], list[int]]:
        """Of each day: vehicles, people in them, railway passengers, walkers."""
        weights = self._weights(range(24))
        rail, walkers = round(self.people * RAIL_SHARE), round(self.people * WALKING_SHARE)
        vehicles = list(shares(weights=weights, count=self.vehicles))
        # By vehicles, so that no day has people without a vehicle to sit in; walkers come where it is open by day only.
        seated = list(shares(weights=vehicles, count=self.people - rail - walkers))
        return (
            vehicles,
            seated,
            list(shares(weights=weights, count=rail)),
            list(shares(weights=self._weights(range(*BY_DAY)), count=walkers)),
        )

    def _weights(self, hours: range) -> list[int]:
        """Of each day, as much of these hours as has passed."""
        until = _millis(self.at - LATEST)
        passed = [_hours_passed(day, until) for day in self.listed_days]
        return [
            round(100 * weight * sum(of_day[hour] for hour in hours))
            for weight, of_day in zip(DAY_WEIGHTS[-self.days :], passed, strict=True)
        ]


def _millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _hours_passed(day: date, until: int) -> list[float]:
    """The weight of each hour of the day, as much of it as has passed."""
    start = _millis(start_of(day))
    return [
        weight * min(max((until - start - hour * HOUR_MS) / HOUR_MS, 0), 1)
        for hour, weight in enumerate(HOURS)
    ]


@dataclass(slots=True)
class _Day:
    day: date
    until: int
    chance: Random
    vehicles: int
    seated: int
    rail: int
    walkers: int

    def parties(self) -> list[Party]:
        found = self._driving()
        found += self._leaving(found)
        found += self._afoot(self.rail, STATIONS, "TRAIN")
        found += self._afoot(self.walkers, WALKED_TO, "FOOT")
        return sorted(found, key=lambda party: party.millis)

    def _slots(self, count: int, gates: Sequence[Gate]) -> Iterator[tuple[Gate, int, int]]:
        """(gate, hour, how many): the count shared out by the gates' shares and the day's hours, with some noise."""
        hours = _hours_passed(self.day, self.until)
        cells = [(gate, hour) for gate in gates for hour in range(24)]
        noise = self.chance.uniform
        weights = [
            round(10_000 * gate.share * hours[hour] * noise(0.8, 1.2)) * gate.is_open(hour)
            for gate, hour in cells
        ]
        if not sum(weights):
            return
        for (gate, hour), share in zip(cells, shares(weights=weights, count=count), strict=True):
            if share:
                yield gate, hour, share

    def _moment(self, hour: int) -> int:
        start = _millis(start_of(self.day)) + hour * HOUR_MS
        return start + int(self.chance.random() * (min(start + HOUR_MS, self.until) - start))

    def _driving(self) -> list[Party]:
        coming = []
        workday = self.day.weekday() < 5
        regulars = {gate: Regulars(gate, [0, 1]) for gate in ROADSIDE}  # the same in the same order each day
        for gate, hour, count in self._slots(self.vehicles, ROADSIDE):
            draw = flow(gate).transports.draw
            for _ in range(count):
                moment, transport = self._moment(hour), draw(self.chance)
                regular = regulars[gate].due(transport, hour, workday=workday, chance=self.chance)
                size = regular.size if regular else SIZES[transport].draw(self.chance)
                coming.append(Party(moment, gate, "IN", transport, size, regular))
        return self._fitted(coming)

    def _fitted(self, parties: list[Party]) -> list[Party]:
        """Stretches or squeezes cars until the people in them are exactly the day's."""
        missing = self.seated - sum(party.size for party in parties)
        order = list(range(len(parties)))
        self.chance.shuffle(order)
        # Cars are enough, save on a day that has hardly begun.
        for bounds, freely in (({"CAR": LARGEST["CAR"]}, False), (LARGEST, False), (LARGEST, True)):
            before = None
            while missing and missing != before:
                before = missing
                for place in order:
                    if step := _step(parties[place], missing, bounds, freely=freely):
                        size = parties[place].size + step
                        parties[place] = parties[place]._replace(size=size, regular=None)
                        missing -= step
        return parties

    def _leaving(self, coming: list[Party]) -> list[Party]:
        """Commuters go home, and others leave."""
        leaving = [
            Party(moment, party.gate, "OUT", party.transport, party.size, party.regular)
            for party in coming
            if party.regular and party.regular.commutes
            for moment in [party.regular.other_way(party.millis)]
            if moment <= self.until
        ]
        others = max(0, round(len(coming) * LEAVING) - len(leaving))
        for gate, hour, count in self._slots(others, ROADSIDE):
            for _ in range(count):
                transport = flow(gate).transports.draw(self.chance)
                leaving.append(
                    Party(self._moment(hour), gate, "OUT", transport, SIZES[transport].draw(self.chance))
                )
        return leaving

    def _afoot(self, people: int, gates: Sequence[Gate], transport: str) -> list[Party]:
        """Parties without a vehicle, exactly so many people together."""
        parties = []
        for gate, hour, count in self._slots(people, gates):
            left = count
            while left:
                size = min(SIZES[transport].draw(self.chance), left)
                parties.append(Party(self._moment(hour), gate, "IN", transport, size))
                left -= size
        return parties


def _step(party: Party, missing: int, bounds: dict[str, int], *, freely: bool) -> int:
    """One person more, one fewer, or none. Regulars travel as always, unless it cannot come out otherwise (`freely`)."""
    if not missing or (party.regular and not freely) or party.transport not in bounds:
        return 0
    if missing > 0:
        return int(freely or party.size < bounds[party.transport])
    return -int(party.size > 1)
