"""One day's figures of some checkpoints, from the board's cells: what heads a desk's page."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Sum

from lianfang.situation.models import Cell


class DayFigures(NamedTuple):
    """台次 and 人次 of a day; None where no record has come, which is not the same as 0."""

    vehicles: int | None
    people: int | None


def day_figures(codes: Iterable[str], *, day: date) -> DayFigures:
    """Of the checkpoints with these codes, whom the asker may know."""
    cells = Cell.objects.filter(cube="CHECKPOINT", day=day, key__in=list(codes))
    sums = cells.aggregate(Sum("passages"), Sum("vehicles"), Sum("people"))
    if not (sums["passages__sum"] or sums["people__sum"]):
        return DayFigures(None, None)
    return DayFigures(sums["vehicles__sum"], sums["people__sum"])
