"""Arrivals from outside found by screening: exactly so many, so many of them from Hubei, within the last fourteen days.

Who came home to the city from Hubei is registered and no more (凡四); everybody else from there is under observation.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from itertools import groupby
from random import Random
from typing import NamedTuple

from lianfang.demo import people, places
from lianfang.demo.chance import Weighted, new_id, pick
from lianfang.demo.checkpoints import Gate
from lianfang.demo.flows import SIZES
from lianfang.demo.loading import steps_between
from lianfang.demo.numbers import plate
from lianfang.demo.outbox import LanePhone, Parcel
from lianfang.demo.people import Json
from lianfang.demo.visits import lane, officer, trip
from lianfang.kernel.days import QUARTER_HOUR, day_of, start_of
from lianfang.machine.progress import Telling
from lianfang.regions.queries import Division, names, under
from lianfang.regions.rules import shares

DAYS, SEED = 14, 20200214
STEP = timedelta(hours=3)
SENT_AFTER = timedelta(
    minutes=2
)  # nobody stops later than this before the end: he has to be registered and sent
HOURS = Weighted(enumerate((1, 1, 1, 1, 2, 4, 7, 11, 13, 12, 10, 9, 8, 8, 9, 10, 11, 12, 9, 6, 4, 3, 2, 1)))
WEIGHTS = (60, 78, 104, 118, 100, 88, 84, 88, 108, 132, 126, 104, 96, 100)
# Where to: as far down as the traveller says; in words alone; or to another city, which is asked to take him over.
GOALS = Weighted([("GRID", 74), ("VILLAGE", 18), ("TOWNSHIP", 3), ("WORDS", 2.5), ("BEYOND", 2.5)])
BY_ROAD = Weighted([("CAR", 80), ("TAXI", 4), ("COACH", 1)])
PURPOSES = Weighted([("RESIDENT_RETURN", 62), ("VISIT", 18), ("COMMUTE", 8), ("MEDICAL", 4), ("OFFICIAL", 4), ("OTHER", 4)])  # fmt: skip
FEVER_ONE_IN = 110  # of those under observation: they are taken to a clinic first
AT_ONCE = 100


class Screened(NamedTuple):
    """How many people from outside; of them from Hubei; of those residents of the city who came home (`back`)."""

    people: int = 54_000
    hubei: int = 3_000
    back: int = 200

    @property
    def handed_over(self) -> int:
        return self.hubei - self.back


class DoorGoal(NamedTuple):
    """Where a party is headed: a code as far down as it said, and the address in words."""

    code: str | None
    address: str


def steps(
    screened: Screened, gates: Sequence[Gate], city: str, *, at: datetime, progress: Telling, seed: int = SEED
) -> Iterator[tuple[datetime, list[Parcel]]]:
    """Each step's end, and what is received in it; the last day by the quarter-hour."""
    # The register is asked now: what follows is drawn while a loop runs.
    return _steps(screened, tuple(gates), _Goals(city, day_of(at)), at, progress, seed)


def _steps(
    screened: Screened, gates: tuple[Gate, ...], goals: "_Goals", at: datetime, progress: Telling, seed: int
) -> Iterator[tuple[datetime, list[Parcel]]]:
    first, until = day_of(at) - timedelta(days=DAYS - 1), at - SENT_AFTER
    ahead: list[_Arrival] = []
    done = 0
    progress.count(0, screened.people)
    for n, found in enumerate(_parties(screened, first, until, seed)):
        start = start_of(first + timedelta(days=n))
        ahead = sorted([*ahead, *found], key=lambda one: one.millis)
        every = QUARTER_HOUR if n == DAYS - 1 else STEP
        for end in steps_between(start, min(start + timedelta(days=1), at), every):
            before = end.timestamp() * 1000
            due = [one for one in ahead if one.millis < before]
            ahead = ahead[len(due) :]
            done += sum(one.size for one in due)
            yield end, list(_parcels(due, gates, goals, Random(f"{seed} {end}"), end))
        progress.count(done, screened.people)


class _Arrival(NamedTuple):
    """A party that stops once. `back`: for each of its people, whether he comes home; None: it is not from Hubei."""

    millis: int
    size: int
    back: tuple[bool, ...] | None


def _parties(screened: Screened, first: date, until: datetime, seed: int) -> Iterator[list[_Arrival]]:
    """Of each day. The totals are shared out over the days, so that the last brings them to the full number."""
    chance = Random(f"{seed} parties")
    home = set(chance.sample(range(screened.hubei), screened.back))
    others = shares(weights=WEIGHTS, count=screened.people - screened.hubei)
    counted = 0
    for n, (from_hubei, other) in enumerate(
        zip(shares(weights=WEIGHTS, count=screened.hubei), others, strict=True)
    ):
        day = first + timedelta(days=n)
        found = [_Arrival(_moment(chance, day, until), size, None) for size in _sizes(chance, other)]
        for size in _sizes(chance, from_hubei):
            back = tuple(counted + k in home for k in range(size))
            found.append(_Arrival(_moment(chance, day, until), size, back))
            counted += size
        yield found


def _sizes(chance: Random, count: int) -> Iterator[int]:
    while count:
        size = min(SIZES["CAR"].draw(chance), count)
        count -= size
        yield size


def _moment(chance: Random, day: date, until: datetime) -> int:
    """By the rhythm of a day; of one that is not over, within what has passed."""
    start = start_of(day)
    if until < start + timedelta(days=1):
        return int((start + chance.random() * max(until - start, timedelta())).timestamp() * 1000)
    return int((start + (HOURS.draw(chance) + chance.random()) * timedelta(hours=1)).timestamp() * 1000)


def _parcels(
    due: Sequence[_Arrival], gates: tuple[Gate, ...], goals: "_Goals", chance: Random, end: datetime
) -> Iterator[Parcel]:
    """As the phones of the lanes send them, at the end of the step."""
    received = int(end.timestamp() * 1000) - 1000
    made = [_passage(chance, one, _gate(chance, gates, one.millis), goals) for one in due]
    made.sort(key=lambda one: (one["checkpoint"], one["lane"]))
    for (gate, number), passages in groupby(made, key=lambda one: (one["checkpoint"], one["lane"])):
        items = [{"kind": "PASSAGE", "passage": passage} for passage in passages]
        for start in range(0, len(items), AT_ONCE):
            yield Parcel(received, LanePhone(gate, int(number)), items[start : start + AT_ONCE])


def _gate(chance: Random, gates: tuple[Gate, ...], millis: int) -> Gate:
    hour = (millis // 3_600_000 + 8) % 24  # Asia/Shanghai
    return _open_at(gates, hour).draw(chance)


@cache
def _open_at(gates: tuple[Gate, ...], hour: int) -> Weighted[Gate]:
    return Weighted((gate, gate.share) for gate in gates if gate.is_open(hour))


def _passage(chance: Random, one: _Arrival, gate: Gate, goals: "_Goals") -> Json:
    at = datetime.fromtimestamp(one.millis / 1000).astimezone()
    transport = "TRAIN" if gate.kind == "STATION" else BY_ROAD.draw(chance)
    origin = _origin(chance, one)
    made: Json = {
        "id": new_id(chance, one.millis), "checkpoint": gate.code, "lane": str(lane(chance, gate)),
        "officer": officer(chance, gate, at), "direction": "IN", "transport": transport, "purpose": PURPOSES.draw(chance),
        "occurred_at": at.isoformat(timespec="milliseconds"),
    }  # fmt: skip
    if transport == "TRAIN":
        made["trip"] = trip(chance, gate, one.millis)
    else:
        made["plate"] = plate(chance, origin=origin, local=0)
    family = people.party(chance, size=one.size, origin=origin, related=transport != "COACH", on=at.date())
    made["people"] = _registered(chance, family, one, goals.draw(chance), origin, at)
    return made


def _origin(chance: Random, one: _Arrival) -> str:
    if one.back is not None:
        return places.hubei().draw(chance)
    return (places.country() if chance.random() < 0.4 else places.province()).draw(chance)


def _registered(
    chance: Random, family: Sequence[Json], one: _Arrival, goal: DoorGoal, origin: str, at: datetime
) -> list[Json]:
    """One door for a family. Nobody is feverish but a few of those who are under observation anyway."""
    since = at.date() - timedelta(days=1 + int(chance.random() * 12))
    stays = [{"code": origin, "from": since.isoformat(), "to": at.date().isoformat()}]
    told = {"address": goal.address} | ({"code": goal.code} if goal.code else {})
    made: list[Json] = []
    for n, traveller in enumerate(family):
        guardian = {"guardian_id": made[0]["id"]} if traveller.get("minor") and made else {}
        known = {key: value for key, value in traveller.items() if key != "minor"}
        back = one.back is not None and one.back[n]
        fever = one.back is not None and not back and chance.random() * FEVER_ONE_IN < 1
        made.append(
            {
                **known, **guardian, "id": new_id(chance, one.millis), "stays": stays, "destination": told, "resident": back,
                "temperatures": [_reading(chance, fever=fever)], "symptoms": [], "case_contact": False,
            }
        )  # fmt: skip
    return made


def _reading(chance: Random, *, fever: bool) -> Json:
    celsius = 37.4 + chance.random() * 1.2 if fever else 35.9 + chance.random()
    return {"celsius": round(celsius, 1), "site": "FOREHEAD", "state": "READ"}


class _Goals:
    """Places of the city and beyond it, as people say where they are headed."""

    def __init__(self, city: str, on: date) -> None:
        self._grids, self._villages = under(city, "GRID", on), under(city, "VILLAGE", on)
        self._townships = under(city, "TOWNSHIP", on)
        above = {one.parent_code for one in self._grids if one.parent_code}
        self._names = names(above, on)

    def draw(self, chance: Random) -> DoorGoal:
        kind = GOALS.draw(chance)
        if kind == "BEYOND":
            goal = places.elsewhere().draw(chance)
            return DoorGoal(goal.code, goal.stem)
        if kind == "TOWNSHIP":
            township = pick(chance, self._townships)
            return DoorGoal(township.code, f"{township.short_name}{_door(chance)}")
        if kind == "GRID":
            grid = pick(chance, self._grids)
            return DoorGoal(grid.code, f"{self._names.get(grid.parent_code or '', '')}{_door(chance)}")
        village: Division = pick(chance, self._villages)
        return DoorGoal(village.code if kind == "VILLAGE" else None, f"{village.short_name}{_door(chance)}")


def _door(chance: Random) -> str:
    return f"{1 + int(chance.random() * 12)}组{1 + int(chance.random() * 90)}号"
