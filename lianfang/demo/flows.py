"""What passes at which kind of gate: vehicles, how many people are in them, where they come from and why."""

from dataclasses import dataclass
from functools import cache
from random import Random

from lianfang.demo import places
from lianfang.demo.chance import Weighted
from lianfang.demo.checkpoints import GATES, Gate

SIZES: dict[str, Weighted[int]] = {
    "CAR": Weighted([(1, 57), (2, 27), (3, 10), (4, 4.5), (5, 1.5)]),
    "TRUCK": Weighted([(1, 70), (2, 28), (3, 2)]),
    "TAXI": Weighted([(2, 62), (3, 28), (4, 10)]),
    "MOTORCYCLE": Weighted([(1, 82), (2, 18)]),
    "OTHER_VEHICLE": Weighted([(1, 80), (2, 20)]),
    "COACH": Weighted((size, 1) for size in range(20, 41)),
    "BUS": Weighted((size, 1) for size in range(6, 19)),
    "TRAIN": Weighted([(1, 64), (2, 23), (3, 9), (4, 4)]),
    "FOOT": Weighted([(1, 70), (2, 24), (3, 6)]),
}
# How far one party of this kind may be stretched or squeezed so that a day's people come out exactly.
LARGEST = {"CAR": 5, "TAXI": 4, "TRUCK": 3, "MOTORCYCLE": 2, "OTHER_VEHICLE": 2, "COACH": 49, "BUS": 30}

_TRANSPORTS: dict[str, dict[str, float]] = {
    "STATION": {"TRAIN": 1},
    "TOLL_GATE": {"CAR": 74, "TRUCK": 19, "COACH": 0.85, "TAXI": 3.5, "OTHER_VEHICLE": 0.6, "BUS": 0.1},
    "ROAD": {"CAR": 70, "TRUCK": 13, "COACH": 0.2, "TAXI": 5.5, "MOTORCYCLE": 7, "OTHER_VEHICLE": 2.6, "BUS": 0.5},
    "BOUNDARY": {"CAR": 67, "TRUCK": 16, "COACH": 0.3, "TAXI": 4, "MOTORCYCLE": 8, "OTHER_VEHICLE": 4, "BUS": 0.4},
}  # fmt: skip
# How near: the gate's own neighbours, the province, the country, Hubei.
_DISTANCES: dict[str, dict[str, float]] = {
    "TOLL_GATE": {"NEAR": 34, "PROVINCE": 42, "COUNTRY": 23, "HUBEI": 0.9},
    "STATION": {"NEAR": 16, "PROVINCE": 40, "COUNTRY": 42, "HUBEI": 1.6},
    "ROAD": {"NEAR": 82, "PROVINCE": 14, "COUNTRY": 3.6, "HUBEI": 0.3},
    "BOUNDARY": {"NEAR": 78, "PROVINCE": 17, "COUNTRY": 4.6, "HUBEI": 0.4},
}
_CARS: dict[str, dict[str, float]] = {
    "NEAR": {"RESIDENT_RETURN": 30, "COMMUTE": 30, "VISIT": 9, "MEDICAL": 8, "SUPPLIES": 4, "OFFICIAL": 5, "EMERGENCY": 0.4, "TRANSIT": 6, "OTHER": 4},
    "PROVINCE": {"RESIDENT_RETURN": 50, "COMMUTE": 12, "VISIT": 8, "MEDICAL": 4, "OFFICIAL": 6, "TRANSIT": 13, "SUPPLIES": 2, "OTHER": 3},
    "COUNTRY": {"RESIDENT_RETURN": 66, "COMMUTE": 2, "VISIT": 6, "OFFICIAL": 5, "TRANSIT": 16, "OTHER": 3},
}  # fmt: skip
_OF_LORRIES = {"FREIGHT": 74, "SUPPLIES": 17, "TRANSIT": 8, "OTHER": 1}
# Roads and the counties that lie at their other end; village roads know few others.
_NEIGHBOURS: dict[str, tuple[str, ...]] = {
    "HC01": ("210302", "210303", "210321", "210882"), "HC02": ("210302", "210804", "210882", "211104"),
    "HC03": ("210302", "210304", "211003"), "HC04": ("210302", "210303", "211003"), "HC05": ("210323",),
    "HC06": ("210302", "210303", "210882"), "HC07": ("210302", "210303", "210804"), "HC08": ("210882", "211104"),
    "HC09": ("210321", "210303"), "HC10": ("210321", "211104"), "HC11": ("210321", "210303"),
    "HC12": ("210882", "210804"), "HC13": ("210882", "210323"), "HC14": ("210323",), "HC15": ("210323", "211021"),
    "HC16": ("210302", "210304"), "HC17": ("210882",), "HC18": ("210323", "210681"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RoadFlow:
    """One gate's traffic."""

    transports: Weighted[str]
    distances: Weighted[str]
    neighbours: tuple[str, ...]

    def origin(self, chance: Random, distance: str) -> str:
        if distance == "NEAR":  # one in four has only been out of town for the day
            return (
                places.HAICHENG
                if chance.random() < 0.25
                else self.neighbours[int(chance.random() * len(self.neighbours))]
            )
        return _FARTHER[distance]().draw(chance)


_FARTHER = {"PROVINCE": places.province, "COUNTRY": places.country, "HUBEI": places.hubei}
_PURPOSES = {distance: Weighted(weights.items()) for distance, weights in _CARS.items()}
_PURPOSES["HUBEI"] = _PURPOSES["COUNTRY"]
_FREIGHT = Weighted(_OF_LORRIES.items())


@cache
def flow(gate: Gate) -> RoadFlow:
    transports = {"TRAIN": 1} if gate.kind == "STATION" else _TRANSPORTS[gate.kind]
    return RoadFlow(
        Weighted(transports.items()), Weighted(_DISTANCES[gate.kind].items()), _NEIGHBOURS[gate.code]
    )


def purpose(chance: Random, *, transport: str, distance: str) -> str:
    return (_FREIGHT if transport == "TRUCK" else _PURPOSES[distance]).draw(chance)


ROADSIDE = tuple(gate for gate in GATES if gate.kind != "STATION")
STATIONS = tuple(gate for gate in GATES if gate.kind == "STATION")
WALKED_TO = tuple(gate for gate in GATES if gate.kind in ("ROAD", "BOUNDARY"))
