"""The figures of some checkpoints on some days, from the board's cells: what heads a desk's page."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from lianfang.situation.cells import Rebuilding, known, read


class DayFigures(NamedTuple):
    """台次 and 人次, and passages both ways; None where no record has come, which is not the same as 0."""

    vehicles: int | None
    people: int | None
    passages: int | None = None


def day_figures(codes: Iterable[str], *, day: date) -> DayFigures:
    return figures_of(codes, first=day, last=day)


def figures_of(
    codes: Iterable[str], *, first: date | None, last: date | None, hour: int | None = None
) -> DayFigures:
    """Of the checkpoints with these codes, whom the asker may know; of all days without a first one.

    Nothing while the cells are counted anew.
    """
    try:
        what = known(None)
    except Rebuilding:
        return DayFigures(None, None)
    here = ["key = ANY(%(codes)s)"]
    if first is not None:
        here.append("day BETWEEN %(first)s AND %(last)s")
    if hour is not None:
        here.append("hour = %(hour)s")
    (sums,) = read(
        "CHECKPOINT", [], what, where=" AND ".join(here), codes=list(codes), first=first, last=last, hour=hour
    )
    if not (sums["passages"] or sums["people"]):
        return DayFigures(None, None)
    return DayFigures(sums["vehicles"], sums["people"], sums["passages"])
