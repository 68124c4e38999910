"""Tiles of places: whence people come and where they go. Exact by province, and by county of the city; small cells below
are left out.

People are counted from the first record on, not by the day: the difference of two such lists would show a small cell.
"""

from collections import Counter
from typing import Any

from lianfang.checkpoints.queries.city import city_code
from lianfang.kernel.divisions import level, prefix
from lianfang.regions.queries import names
from lianfang.situation.board import ByKey, by_key
from lianfang.situation.wall.asking import Asked
from lianfang.situation.wall.suppression import suppressed

LISTED = 20  # more than a screen can show


def by_province(by_origin: ByKey) -> dict[str, dict[str, int]]:
    """Province → people in all and today, the most first; people of an unknown place are left out."""
    all_: Counter[str] = Counter()
    today: Counter[str] = Counter()
    for code, (in_all, now) in by_origin.items():
        if code:
            all_[_province(code)] += in_all["people"]
            today[_province(code)] += now["people"]
    ranked = sorted(all_, key=lambda code: (-all_[code], code))
    return {code: {"people": all_[code], "today": today[code]} for code in ranked if all_[code] > 0}


def origins(asked: Asked) -> dict[str, Any]:
    """Counties whence people came; what is known no closer than a city or a province is a cell of its own."""
    by_origin = by_key("ORIGIN", asked.what, asked.today)
    cells = _people(by_origin)
    counties = dict(list(suppressed(_known(cells), _province).items())[:LISTED])
    provinces = by_province(by_origin)
    named = names([*counties, *provinces], asked.today)
    return {
        "people": sum(cells.values()),
        "unknown": cells.get("", 0),
        "provinces": [
            {"code": code, "name": named.get(code), **people} for code, people in provinces.items()
        ],
        "counties": [
            {"code": code, "name": named.get(code), "province": named.get(_province(code)), "people": people}
            for code, people in counties.items()
        ],
    }


def destinations(asked: Asked) -> dict[str, Any]:
    """Counties of the city by how many people went there; townships when the city is a county itself."""
    city = city_code(asked.seen)
    cells = _people(by_key("DESTINATION", asked.what, asked.today))
    within = prefix(city) if city else None
    inside = {code: people for code, people in _known(cells).items() if within and code.startswith(within)}
    of_townships = city is not None and level(city) == "COUNTY"
    rows = suppressed(inside, _county) if of_townships else _by_county(inside)
    listed = dict(list(rows.items())[:LISTED])
    named = names(listed, asked.today)
    return {
        "level": "TOWNSHIP" if of_townships else "COUNTY",
        "people": sum(cells.values()),
        "inside": sum(inside.values()),
        "unknown": cells.get("", 0),
        "places": [
            {"code": code, "name": named.get(code), "people": people} for code, people in listed.items()
        ],
    }


def _by_county(cells: dict[str, int]) -> dict[str, int]:
    """What goes to a whole county is told exactly, as the board tells it."""
    counties: Counter[str] = Counter()
    for code, people in cells.items():
        counties[_county(code)] += people
    return dict(sorted(counties.items(), key=lambda cell: (-cell[1], cell[0])))


def _people(by: ByKey) -> dict[str, int]:
    return {code: all_["people"] for code, (all_, _) in by.items() if all_["people"] > 0}


def _known(cells: dict[str, int]) -> dict[str, int]:
    return {code: people for code, people in cells.items() if code}


def _province(code: str) -> str:
    return code[:2].ljust(6, "0")


def _county(code: str) -> str:
    return code[:6]
