"""One day's figures of some checkpoints, from the board's cells: what heads a desk's page."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from lianfang.situation.cells import Rebuilding, known, read


class DayFigures(NamedTuple):
    """台次 and 人次 of a day; None where no record has come, which is not the same as 0."""

    vehicles: int | None
    people: int | None


def day_figures(codes: Iterable[str], *, day: date) -> DayFigures:
    """Of the checkpoints with these codes, whom the asker may know. Nothing either while the cells are counted anew."""
    try:
        what = known(None)
    except Rebuilding:
        return DayFigures(None, None)
    here = "day = %(day)s AND key = ANY(%(codes)s)"
    (sums,) = read("CHECKPOINT", [], what, where=here, day=day, codes=list(codes))
    if not (sums["passages"] or sums["people"]):
        return DayFigures(None, None)
    return DayFigures(sums["vehicles"], sums["people"])
