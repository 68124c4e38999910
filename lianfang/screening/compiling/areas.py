"""Affected areas: a place, a level, and from when to when."""

from collections.abc import Mapping
from typing import Any

from lianfang.screening.compiling.dates import dates
from lianfang.screening.compiling.findings import Spot
from lianfang.screening.compiling.limits import LONGEST_SOURCE, MAX_AREAS
from lianfang.screening.compiling.texts import text
from lianfang.screening.compiling.values import Register, code, fields, listed, place
from lianfang.screening.form import AREA_LEVELS

Area = dict[str, Any]
FIELDS = ("code", "level", "from", "to", "source")


def areas(spot: Spot, raw: object, register: Register) -> list[tuple[Spot, Area]]:
    """Each once, by place, and where it stood: their order says nothing."""
    entries = listed(spot, raw, most=MAX_AREAS, optional=True)
    by_key: dict[tuple[str, ...], tuple[Spot, Area]] = {}
    for n, one in enumerate(entries, 1):
        place = spot.of(f"areas #{n}")
        area = _area(place, one, register)
        if area is None:
            continue
        first, _ = by_key.setdefault(_key(area), (place, area))
        if first != place:
            place.warn(
                "AREA_TWICE",
                f"{area['code']} 已经写过（{first.row}），只算一次。",
                f"{area['code']} stands there already ({first.row}); it counts once.",
            )
    return [by_key[key] for key in sorted(by_key)]


def _key(area: Mapping[str, Any]) -> tuple[str, ...]:
    """What one area is told from another by, its source aside."""
    return area["code"], area.get("from", ""), area.get("to", ""), area["level"]


def _area(spot: Spot, raw: object, register: Register) -> Area | None:
    entry = fields(spot, raw, FIELDS)
    if entry is None:
        return None
    found = len(spot.found)
    read = {
        "code": place(spot.at("code"), entry.get("code"), register),
        "level": code(spot.at("level"), entry.get("level"), AREA_LEVELS),
        "source": text(spot.at("source"), entry.get("source"), longest=LONGEST_SOURCE, empty=True),
        **dates(spot, entry, both=True),
    }
    return read if len(spot.found) == found else None
