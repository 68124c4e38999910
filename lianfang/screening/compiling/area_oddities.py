"""Affected areas that overlap, and those no row asks for."""

from collections.abc import Mapping
from typing import Any

from lianfang.kernel.divisions import canonical
from lianfang.screening.compiling.areas import Area
from lianfang.screening.compiling.findings import Spot
from lianfang.screening.words import LEVELS, both

Placed = list[tuple[Spot, Area]]


def area_oddities(areas: Placed, content: Mapping[str, Any], names: Mapping[str, str]) -> None:
    _overlapping(areas, names)
    _asked_by_nobody(areas, content)


def _overlapping(areas: Placed, names: Mapping[str, str]) -> None:
    by_code: dict[str, Placed] = {}
    for spot, area in areas:
        by_code.setdefault(area["code"], []).append((spot, area))
    for spot, area in areas:
        for length in range(2, len(area["code"])):
            for _, wider in by_code.get(area["code"][:length], ()):
                if _meet(area, wider):
                    _say(spot, area, wider, names)
    for same in by_code.values():
        _twice(same, names)


def _twice(same: Placed, names: Mapping[str, str]) -> None:
    """Entries of one division: each is told against the first it overlaps."""
    for place, (spot, area) in enumerate(same):
        earlier = next((one for _, one in same[:place] if _meet(area, one)), None)
        if earlier is not None:
            _say(spot, area, earlier, names)


def _meet(area: Area, other: Area) -> bool:
    """Whether there is a day on which both are affected."""
    return area.get("from", "") <= other.get("to", "9999") and other.get("from", "") <= area.get("to", "9999")


def _say(spot: Spot, area: Area, wider: Area, names: Mapping[str, str]) -> None:
    (level, level_en), (other, other_en) = (both(one["level"], LEVELS) for one in (area, wider))
    if level == other:
        zh, en = "级别也一样，有一个多余", " with the same level: one of the two is not needed"
    else:
        zh, en = (
            f"那里是{other}，到过的人两级都算",
            f", which is of {other_en}: who has been there counts as both",
        )
    inner, outer = (names.get(canonical(one["code"])) or one["code"] for one in (area, wider))
    spot.at("code").warn(
        "AREAS_OVERLAP",
        f"{inner}（{level}）与{'另一段' if inner == outer else outer}重叠，{zh}。",
        f"{inner} ({level_en}) overlaps {'another entry of it' if inner == outer else outer}{en}.",
    )


def _asked_by_nobody(areas: Placed, content: Mapping[str, Any]) -> None:
    asked = {
        level
        for row in content["rows"]
        for one in (*row["when"], *row["unless"])
        if one["fact"] == "areas"
        for level in one["value"]
    }
    unasked: dict[str, list[Spot]] = {}
    for spot, area in areas:
        if area["level"] not in asked:
            unasked.setdefault(area["level"], []).append(spot)
    for level, spots in unasked.items():
        zh, en = both(level, LEVELS)
        spots[0].at("level").warn(
            "ASKED_BY_NOBODY",
            f"{len(spots)} 个重点地区是{zh}，但没有一行问到这一级，不起作用。",
            f"{len(spots)} affected areas are of {en}, which no row asks for: they have no effect.",
        )
