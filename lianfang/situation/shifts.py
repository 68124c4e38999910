"""What the board's cells say of a day's shifts, and of one checkpoint's day: beside the hand count, and on its sheet."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from lianfang.checkpoints.shifts import Tally, shift_of
from lianfang.situation.cells import Figures, Known, add, figures, read

_OF_A_DAY = "day = %(day)s AND (%(checkpoint)s::text IS NULL OR key = %(checkpoint)s)"
_HERE = "day = %(day)s AND key = %(checkpoint)s"
_ACROSS_HERE = "day = %(day)s AND across = %(checkpoint)s"


def recorded_by_shift(
    what: Known, *, day: date, checkpoint: str | None = None
) -> dict[tuple[str, str], Tally]:
    """By (checkpoint, shift), of one checkpoint or of all; absent where no record has come, which is not the same as 0."""
    sums: dict[tuple[str, str], list[Figures]] = defaultdict(list)
    for row in read("CHECKPOINT", ["key", "hour"], what, where=_OF_A_DAY, day=day, checkpoint=checkpoint):
        sums[row["key"], shift_of(row["hour"]).code].append(figures(row))
    totals = {key: add(rows) for key, rows in sums.items()}
    return {
        key: Tally(total["vehicles"], total["people"])
        for key, total in totals.items()
        if total["passages"] or total["people"]
    }


@dataclass(frozen=True, slots=True)
class DaySheet:
    """A checkpoint's day: `hours` without those of which no record has come; measures by people; the pairs by both.

    `behind`: the pairs, which the clerk counts, have not caught up with the hours yet.
    """

    day: date
    hours: dict[int, Tally]
    measures: dict[str, int]
    purposes: dict[str, Tally]
    transports: dict[str, Tally]
    as_of: datetime | None

    @property
    def total(self) -> Tally | None:
        return _total(self.hours.values()) if self.hours else None

    @property
    def behind(self) -> bool:
        totals = (_total(pair.values()) for pair in (self.purposes, self.transports))
        return any(total != (self.total or Tally(0, 0)) for total in totals)


def day_sheet(what: Known, checkpoint: str, *, day: date) -> DaySheet:
    hours = read("CHECKPOINT", ["hour"], what, where=_HERE, day=day, checkpoint=checkpoint)
    measures = read("MEASURE", ["key"], what, where=_ACROSS_HERE, day=day, checkpoint=checkpoint)
    return DaySheet(
        day=day,
        hours={row["hour"]: _tally(row) for row in hours if row["passages"] or row["people"]},
        measures={row["key"]: row["people"] for row in measures if row["people"]},
        purposes=_pair("CHECKPOINT/PURPOSE", what, checkpoint, day),
        transports=_pair("CHECKPOINT/TRANSPORT", what, checkpoint, day),
        as_of=what.watermark,
    )


def _pair(cube: str, what: Known, checkpoint: str, day: date) -> dict[str, Tally]:
    rows = read(cube, ["across"], what, where=_HERE, day=day, checkpoint=checkpoint)
    return {row["across"]: _tally(row) for row in rows if row["vehicles"] or row["people"]}


def _tally(row: Figures) -> Tally:
    return Tally(row["vehicles"], row["people"])


def _total(tallies: Iterable[Tally]) -> Tally:
    listed = list(tallies)
    return Tally(sum(tally.vehicles for tally in listed), sum(tally.people for tally in listed))
