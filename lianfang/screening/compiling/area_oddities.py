"""Affected areas that overlap, and those no row asks for."""

from collections.abc import Mapping
from itertools import combinations
from typing import Any

from lianfang.screening.compiling.areas import Area
from lianfang.screening.compiling.findings import Spot

Placed = list[tuple[Spot, Area]]


def area_oddities(areas: Placed, content: Mapping[str, Any]) -> None:
    _overlapping(areas)
    _asked_by_nobody(areas, content)


def _overlapping(areas: Placed) -> None:
    by_code: dict[str, Placed] = {}
    for spot, area in areas:
        by_code.setdefault(area["code"], []).append((spot, area))
    for spot, area in areas:
        for length in range(2, len(area["code"])):
            for _, wider in by_code.get(area["code"][:length], ()):
                _say(spot, area, wider)
    for same in by_code.values():
        for (_, one), (spot, other) in combinations(same, 2):
            _say(spot, other, one)


def _say(spot: Spot, area: Area, wider: Area) -> None:
    if area.get("from", "") > wider.get("to", "9999") or wider.get("from", "") > area.get("to", "9999"):
        return
    if area["level"] == wider["level"]:
        zh, en = "级别也一样，有一个多余", "with the same level: one of the two is not needed"
    else:
        zh, en = (
            f"级别是 {wider['level']}，到过那里的人两级都算",
            f"with the level {wider['level']}: who has been there counts as both",
        )
    spot.at("code").warn(
        "AREAS_OVERLAP",
        f"{area['code']}（{area['level']}）与 {wider['code']} 重叠，{zh}。",
        f"{area['code']} ({area['level']}) overlaps {wider['code']} {en}.",
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
        spots[0].at("level").warn(
            "ASKED_BY_NOBODY",
            f"{len(spots)} 个重点地区是 {level} 级，但没有一行问到这一级，不起作用。",
            f"{len(spots)} affected areas have the level {level}, which no row asks for: they have no effect.",
        )
