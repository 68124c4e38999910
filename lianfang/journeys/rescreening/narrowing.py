"""Who has to be looked at when only areas changed: who stayed in them. Pure.

A rule set's areas are asked about by one fact alone. Where two rule sets differ in nothing else that decides, nobody but
those who stayed in, or came from, an area that is not in both is decided otherwise.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

Content = Mapping[str, Any]


def places_that_changed(now: Content, before: Iterable[Content]) -> list[str] | None:
    """First digits of the areas in which the rule set differs from those that decided last; None: in more than areas."""
    places: set[str] = set()
    for one in before:
        if _deciding(one) != _deciding(now):
            return None
        places |= {area[0] for area in _areas(one) ^ _areas(now)}
    return _without_those_within(places)


def areas_added(now: Content, before: Content) -> list[dict[str, Any]]:
    """Areas of the rule set that the other has not, or not so."""
    known = _areas(before)
    return [dict(area) for area in now["areas"] if _area(area) not in known]


def _deciding(content: Content) -> str:
    """What decides besides areas: the rows without their sentences."""
    rows = [{name: value for name, value in row.items() if name != "say"} for row in content["rows"]]
    return json.dumps(rows, sort_keys=True)


def _areas(content: Content) -> set[tuple[str, ...]]:
    return {_area(area) for area in content["areas"]}


def _area(area: Mapping[str, Any]) -> tuple[str, ...]:
    return area["code"], area["level"], area.get("from") or "", area.get("to") or ""


def _without_those_within(places: Iterable[str]) -> list[str]:
    kept: list[str] = []
    for place in sorted(places):
        if not kept or not place.startswith(kept[-1]):
            kept.append(place)
    return kept
