"""Which narrow cubes there are. One wide cube would be as large as the records; many narrow ones answer in milliseconds.

BOARD cubes are counted by the fold, within a second: what the wall shows. TABLES cubes are the pairs that a pivot may
cross; the clerk counts them a few seconds later, in the quarter-hours of the very same folds.
"""

import hashlib
from itertools import combinations
from typing import NamedTuple

HOURLY = ("CHECKPOINT", "MEASURE")
BOARD = ("CHECKPOINT", "MEASURE", "ORIGIN", "DESTINATION", "PURPOSE", "TRANSPORT")


class Dimension(NamedTuple):
    """One way to divide the figures. `of_people`: it belongs to a person, so vehicles (台次) cannot be counted by it.

    `expression` is its key in a cube of its own, `coarse` the key in a pair: a county and a township crossed with
    everything would make cubes as large as the records.
    """

    of_people: bool
    expression: str
    coarse: str


DIMENSIONS = {
    "HOUR": Dimension(False, "lpad(hour::text, 2, '0')", "lpad(hour::text, 2, '0')"),
    "CHECKPOINT": Dimension(False, "checkpoint", "checkpoint"),
    "TRANSPORT": Dimension(False, "transport", "transport"),
    "PURPOSE": Dimension(False, "purpose", "purpose"),
    "ORIGIN": Dimension(
        True, "origin", "coalesce(rpad(nullif(left(origin, 2), ''), 6, '0'), '')"
    ),  # county · province
    "DESTINATION": Dimension(True, "destination", "left(destination, 6)"),  # township · county
    "MEASURE": Dimension(True, "measure", "measure"),
}
# Pairs that a BOARD cube tells already: CHECKPOINT by hour, MEASURE by hour and across checkpoints.
_TOLD = ({"HOUR", "CHECKPOINT"}, {"HOUR", "MEASURE"}, {"CHECKPOINT", "MEASURE"})
PAIRS = tuple(pair for pair in combinations(DIMENSIONS, 2) if set(pair) not in _TOLD)
TABLES = tuple(f"{one}/{other}" for one, other in PAIRS)


def definition() -> str:
    """A short digest of what the cubes hold: cells counted by another one are counted anew."""
    said = repr((BOARD, HOURLY, PAIRS, DIMENSIONS))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def lines(*, of_people: bool, cubes: str) -> list[str]:
    """VALUES rows (cube, hour, key, across) that one counted record adds to; measures stand in `measure_lines`."""
    if cubes == "BOARD":
        return _board(of_people)
    return [
        f"('{one}/{other}', -1, {DIMENSIONS[one].coarse}, {DIMENSIONS[other].coarse})"
        for one, other in PAIRS
        if "MEASURE" not in (one, other)
        and (of_people or not (DIMENSIONS[one].of_people or DIMENSIONS[other].of_people))
    ]


def measure_lines(*, cubes: str) -> list[str]:
    """The same for each measure of a person."""
    if cubes == "BOARD":
        return ["('MEASURE', hour, measure, checkpoint)"]
    return [
        f"('{one}/{other}', -1, {DIMENSIONS[one].coarse}, {DIMENSIONS[other].coarse})"
        for one, other in PAIRS
        if "MEASURE" in (one, other)
    ]


def _board(of_people: bool) -> list[str]:
    return [
        f"('{name}', {'hour' if name in HOURLY else '-1'}, {DIMENSIONS[name].expression}, '')"
        for name in BOARD
        if name != "MEASURE" and (of_people or not DIMENSIONS[name].of_people)
    ]
