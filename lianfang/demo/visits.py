"""Passages as a phone would send them, made of the parties of the plan."""

from datetime import date, datetime, timedelta
from functools import cache
from random import Random

from lianfang.demo import people
from lianfang.demo.chance import Weighted, new_id, pick
from lianfang.demo.checkpoints import Gate
from lianfang.demo.flows import flow, purpose
from lianfang.demo.numbers import plate, telephone
from lianfang.demo.people import Json
from lianfang.demo.places import HAICHENG
from lianfang.demo.plan import Party
from lianfang.demo.regulars import Regular
from lianfang.kernel.days import SHANGHAI

OFFICERS = 6  # of each gate; who is on duty changes every eight hours, two at a time
_LOCAL_PLATES = {"NEAR": 0.72, "PROVINCE": 0.4, "COUNTRY": 0.3, "HUBEI": 0.3}
_FAMILY_CARS = 0.72
_OF_COMPANY = 0.12  # coaches whose driver gave one telephone for everybody
_TRACTORS = ("农用三轮车", "拖拉机", "工程车")
_KINDS_OF_TRAIN = {"HC06": ("K", "T", "Z"), "HC07": ("G", "D")}
_HOURS_OF_TRAINS = Weighted(
    zip(range(6, 24), (3, 4, 5, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 5, 4, 4, 3, 2), strict=True)
)
_TRAINS, _CARRIAGES = 60, 16
_DRAWN_ON = date(2020, 2, 1)  # regulars are of working age on any day near this one


class Visits:
    """Makes passages of parties; whatever is drawn comes from one stream, so a day's seed decides all of it."""

    def __init__(self, chance: Random, *, seed: int) -> None:
        self.chance = chance
        self._seed = seed

    def passage(self, party: Party) -> Json:
        chance = self.chance
        at = datetime.fromtimestamp(party.millis / 1000, SHANGHAI)
        distance = flow(party.gate).distances.draw(chance)
        made: Json = {
            "id": new_id(chance, party.millis),
            "checkpoint": party.gate.code,
            "lane": str(lane(chance, party.gate)),
            "officer": officer(chance, party.gate, at),
            "direction": party.direction,
            "transport": party.transport,
            "purpose": purpose(chance, transport=party.transport, distance=distance),
            "occurred_at": at.isoformat(timespec="milliseconds"),
        }
        if party.regular:
            travellers = self._regular(made, party.regular, at.date())
        else:
            travellers = self._drawn(made, party, distance, at)
        made["people"] = self._registered(
            travellers, party, cold=party.gate.kind != "STATION" and not 10 <= at.hour < 16
        )
        return made

    def _drawn(self, made: Json, party: Party, distance: str, at: datetime) -> list[Json]:
        chance = self.chance
        origin = flow(party.gate).origin(chance, distance)
        if party.transport == "TRAIN":
            made["trip"] = trip(chance, party.gate, party.millis)
        elif party.transport != "FOOT":
            made["plate"] = plate(chance, origin=origin, local=_LOCAL_PLATES[distance])
        if party.transport == "OTHER_VEHICLE":
            made["vehicle_note"] = pick(chance, _TRACTORS)
        related = party.transport in ("CAR", "TRAIN", "FOOT", "TAXI") and chance.random() < _FAMILY_CARS
        travellers = people.party(chance, size=party.size, origin=origin, related=related, on=at.date())
        if party.transport == "COACH":
            self._coach(made, travellers)
        return travellers

    def _coach(self, made: Json, travellers: list[Json]) -> None:
        made["roster_expected"] = len(travellers)
        made["trip"] = {"number": f"客运{1 + int(self.chance.random() * 60):02d}班"}
        if self.chance.random() < _OF_COMPANY:
            company = telephone(Random(f"{self._seed} {made['plate'][-1]}"))
            for traveller in travellers:
                traveller["phone"] = company

    def _regular(self, made: Json, regular: Regular, on: date) -> list[Json]:
        known = household(regular, self._seed)
        made["plate"], made["purpose"] = known["plate"], known["purpose"]
        since = (on - timedelta(days=13)).isoformat()
        stays = [{"code": known["origin"], "from": since, "to": on.isoformat()}]
        return [{**traveller, "stays": stays} for traveller in known["people"]]

    def _registered(self, travellers: list[Json], party: Party, *, cold: bool) -> list[Json]:
        made: list[Json] = []
        for traveller in travellers:
            guardian = made[0]["id"] if made else None
            made.append(
                people.registered(self.chance, traveller, millis=party.millis, cold=cold, guardian=guardian)
            )
        return made


@cache
def household(regular: Regular, seed: int) -> Json:
    """The plate, purpose and people of a regular: the same each time."""
    chance = Random(f"{seed} {regular.gate.code} {regular.transport} {regular.number}")
    distance = "NEAR" if regular.commutes else flow(regular.gate).distances.draw(chance)
    origin = HAICHENG if regular.lives_here else flow(regular.gate).origin(chance, distance)
    travellers = people.party(chance, size=regular.size, origin=origin, related=False, on=_DRAWN_ON)
    return {
        "plate": plate(chance, origin=origin, local=0.5),
        "purpose": "COMMUTE" if regular.commutes else pick(chance, ("FREIGHT", "FREIGHT", "SUPPLIES")),
        "origin": origin,
        "people": travellers,
    }


def lane(chance: Random, gate: Gate) -> int:
    return 1 + int(chance.random() * gate.lanes)


def officer(chance: Random, gate: Gate, at: datetime) -> str:
    """The code of one of the two on duty: three shifts a day of two each."""
    return f"{gate.code}-{at.hour // 8 * 2 + 1 + int(chance.random() * 2)}"


@cache
def timetable(station: str) -> tuple[tuple[int, str], ...]:
    """(minute of the day, number) of the station's trains, in order."""
    chance = Random(station)
    kinds = _KINDS_OF_TRAIN.get(station, ("K",))
    trains = {
        _HOURS_OF_TRAINS.draw(chance) * 60
        + int(chance.random() * 60): f"{pick(chance, kinds)}{chance.randrange(100, 8000)}"
        for _ in range(_TRAINS)
    }
    return tuple(sorted(trains.items()))


def trip(chance: Random, gate: Gate, millis: int) -> Json:
    """The train that has just come in."""
    minute = (millis // 60_000 + 480) % 1440  # Asia/Shanghai
    trains = timetable(gate.code)
    number = next((number for at, number in reversed(trains) if at <= minute), trains[-1][1])
    carriage = 1 + int(chance.random() * _CARRIAGES)
    return {
        "number": number,
        "carriage": f"{carriage:02d}",
        "seat": f"{1 + int(chance.random() * 18):02d}{pick(chance, 'ABCDF')}",
    }
