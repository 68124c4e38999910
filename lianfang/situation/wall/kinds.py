"""Tiles of what happened to people and what they came for: measures, purposes, transports, and the way through quarantine."""

from typing import Any

from lianfang.situation.board import by_key
from lianfang.situation.cells import read
from lianfang.situation.wall.asking import Asked
from lianfang.situation.wall.observed import check_ins, released_ever


def measures(asked: Asked) -> dict[str, Any]:
    """Today's measures; `arrived` tells whether anybody came in, so that a zero can be told from no report."""
    by_measure = by_key("MEASURE", asked.what, asked.today)
    return {
        "arrived": _arrived(asked)["people_today"],
        "measures": [
            {"kind": kind, "people": all_["people"], "today": today["people"]}
            for kind, (all_, today) in by_measure.items()
        ],
    }


def purposes(asked: Asked) -> dict[str, Any]:
    return {"purposes": _today("purpose", "PURPOSE", asked)}


def transports(asked: Asked) -> dict[str, Any]:
    return {"transports": _today("transport", "TRANSPORT", asked)}


def funnel(asked: Asked) -> dict[str, Any]:
    """From everybody who came in to those released from observation; null before anybody came, or where they are `few`.

    Of those observed now, the one number of the tile of check-ins.
    """
    by_measure = {row["key"]: row["people"] for row in read("MEASURE", ["key"], asked.what)}
    arrived = _arrived(asked)["people"]
    steps = {
        "ARRIVED": arrived,
        "AFFECTED_AREA": by_measure.get("QUARANTINE", 0),
        "FEVER_CLINIC": by_measure.get("FEVER_CLINIC", 0),
    }
    people = {"UNDER_OBSERVATION": check_ins(asked)["observed"], "RELEASED": released_ever(asked)}
    return {
        "steps": [
            *(_step(step, n if arrived else None) for step, n in steps.items()),
            *(_step(step, told["n"] if arrived else None, few=told["few"]) for step, told in people.items()),
        ]
    }


def _step(step: str, people: int | None, *, few: bool = False) -> dict[str, Any]:
    return {"step": step, "people": people, "few": few}


def _arrived(asked: Asked) -> dict[str, int]:
    today = "coalesce(sum(people) FILTER (WHERE day = %(today)s), 0)::bigint AS people_today"
    (row,) = read("CHECKPOINT", [], asked.what, further=[today], today=asked.today)
    return {"people": row["people"] or 0, "people_today": row["people_today"]}


def _today(name: str, cube: str, asked: Asked) -> list[dict[str, Any]]:
    """The most people first; a code that is not known is null."""
    rows = [(key or None, today) for key, (_, today) in by_key(cube, asked.what, asked.today).items()]
    counted = [(key, today) for key, today in rows if any(today.values())]
    ranked = sorted(counted, key=lambda row: (-row[1]["people"], -row[1]["vehicles"], row[0] or ""))
    return [{name: key, **today} for key, today in ranked]
