"""Where people come from and go to: codes and names of the registers that come with the product, weighted by distance."""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from lianfang.demo.chance import Weighted
from lianfang.regions.register_file import Unit, read_register
from lianfang.regions.services import REGISTERS

HAICHENG = "210381"
# Cities of the province by nearness and size, and the other provinces.
_CITIES = {
    "2101": 30, "2102": 22, "2103": 10, "2104": 5, "2105": 5, "2106": 5, "2107": 6, "2108": 14, "2109": 3, "2110": 10,
    "2111": 8, "2112": 4, "2113": 3, "2114": 4,
}  # fmt: skip
_PROVINCES = {
    "11": 9, "12": 5, "13": 12, "14": 2, "15": 9, "22": 16, "23": 18, "31": 3, "32": 3, "33": 3, "34": 2, "35": 1.2,
    "36": 1, "37": 9, "41": 3, "43": 1, "44": 4, "45": 0.6, "46": 0.8, "50": 0.8, "51": 1.5, "52": 0.5, "53": 0.6,
    "54": 0.05, "61": 1.5, "62": 0.4, "63": 0.1, "64": 0.3, "65": 0.5,
}  # fmt: skip
_HUBEI = {
    "4201": 45, "4202": 6, "4203": 5, "4205": 5, "4206": 8, "4207": 4, "4208": 4, "4209": 7, "4210": 6, "4211": 8,
    "4212": 3, "4213": 3,
}  # fmt: skip
# Beyond the city: people who only pass through, or whose checkpoint lies on the way.
_ELSEWHERE = {
    "210321": 20, "210323": 22, "210302": 10, "210303": 8, "210882": 12, "210804": 8, "211104": 6, "211003": 6,
    "210102": 4, "210202": 4,
}  # fmt: skip


class Goal(NamedTuple):
    """A destination: its code, and what an address there begins with."""

    code: str
    stem: str


@cache
def province() -> Weighted[str]:
    """Counties of Liaoning outside the city."""
    return _counties(_CITIES, 4)


@cache
def country() -> Weighted[str]:
    """Counties of the other provinces, without Hubei."""
    return _counties(_PROVINCES, 2)


@cache
def hubei() -> Weighted[str]:
    return _counties(_HUBEI, 4)


@cache
def villages() -> Weighted[Goal]:
    """Villages and communities of Haicheng."""
    units = {unit.code: unit for unit in _read("divisions_jinzhou_anshan_2019-10-31.csv")}
    return Weighted(
        (
            Goal(unit.code, units[unit.code[:9]].short_name + unit.short_name),
            2 if unit.kind == "village" else 1,
        )
        for unit in units.values()
        if unit.level == "VILLAGE" and unit.code.startswith(HAICHENG)
    )


@cache
def elsewhere() -> Weighted[Goal]:
    names = {unit.code: unit.name for unit in _read("divisions_china_county_2019-10-31.csv")}
    return Weighted((Goal(code, names[code]), weight) for code, weight in _ELSEWHERE.items())


def _counties(weights: Mapping[str, float], length: int) -> Weighted[str]:
    found: dict[str, list[str]] = {stem: [] for stem in weights}
    for unit in _read("divisions_china_county_2019-10-31.csv"):
        if unit.level == "COUNTY" and unit.code[:length] in found and unit.code != HAICHENG:
            found[unit.code[:length]].append(unit.code)
    return Weighted(
        (code, weight / len(found[stem])) for stem, weight in weights.items() for code in found[stem]
    )


@cache
def _read(name: str) -> list[Unit]:
    return read_register(REGISTERS / name)
