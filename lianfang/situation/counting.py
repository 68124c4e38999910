"""Adding the records of a span of transactions to the cells of a quarter-hour; how large a span may be at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.backends.utils import CursorWrapper

from lianfang.situation.contribution import NEW, TOUCHED, contribution
from lianfang.situation.models import Fold

AT_ONCE = (
    10_000  # records of a table in one transaction: no writer of ours holds others back for half a second
)

_ADD = """
INSERT INTO cell (cube, quarter, day, hour, key, across, passages, vehicles, people)
SELECT cube, %(quarter)s, day, hour, key, across, {sign}passages, {sign}vehicles, {sign}people FROM ({contribution}) c
ON CONFLICT (cube, quarter, day, hour, key, across) DO UPDATE SET passages = cell.passages + excluded.passages,
    vehicles = cell.vehicles + excluded.vehicles, people = cell.people + excluded.people
"""
_ADD_NEW = {
    cubes: _ADD.format(sign="", contribution=contribution(NEW, cubes)) for cubes in ("BOARD", "TABLES")
}
_ADD_TOUCHED = {
    cubes: _ADD.format(sign="", contribution=contribution(TOUCHED, cubes)) for cubes in ("BOARD", "TABLES")
}
_TAKE_TOUCHED = {
    cubes: _ADD.format(sign="-", contribution=contribution(TOUCHED, cubes)) for cubes in ("BOARD", "TABLES")
}
_IN_SPAN = "SELECT 1 FROM {} WHERE tx >= %(from)s AND tx < %(to)s"
_ANYTHING = "SELECT " + " OR ".join(
    f"EXISTS ({_IN_SPAN.format(table)})" for table in ("passage", "registration", "correction")
)
_ANY_CORRECTION = f"SELECT EXISTS ({_IN_SPAN.format('correction')})"
_AFTER_SO_MANY = (
    "(SELECT tx FROM {} WHERE tx >= %(from)s AND tx < %(to)s ORDER BY tx OFFSET %(at_once)s LIMIT 1)"
)
_SLICE = "SELECT least({}, {}, {}, %(to)s::bigint)".format(
    *(_AFTER_SO_MANY.format(table) for table in ("passage", "registration", "correction"))
)


@dataclass(frozen=True, slots=True)
class Span:
    """Writing transactions from ≤ tx < to, which count in a quarter-hour (UTC)."""

    start: int
    to: int
    quarter: datetime

    @property
    def parameters(self) -> dict[str, Any]:
        return {"from": self.start, "to": self.to, "bound": self.to, "quarter": self.quarter}


def is_anything_in(cursor: CursorWrapper, start: int, to: int) -> bool:
    """Whether any record was written by these transactions."""
    cursor.execute(_ANYTHING, {"from": start, "to": to})
    return bool(cursor.fetchone()[0])


def end_of_slice(cursor: CursorWrapper, start: int, to: int) -> int:
    """Where a span must end that begins here, so that it is counted quickly."""
    cursor.execute(_SLICE, {"from": start, "to": to, "at_once": AT_ONCE})
    return min(max(int(cursor.fetchone()[0]), start + 1), to)


def remembered_span(cursor: CursorWrapper, start: int, until: int | None = None) -> Span | None:
    """The next span that some fold has counted before, in its quarter-hour; None when all of them lie behind `start`."""
    fold = Fold.objects.filter(tx_to__gt=start).order_by("quarter").first()
    if fold is None:
        return None
    to = fold.tx_to if until is None else min(fold.tx_to, until)
    begin = max(start, fold.tx_from)
    if to <= begin:
        return None
    return Span(begin, end_of_slice(cursor, begin, to), fold.quarter)


def count(cursor: CursorWrapper, span: Span, cubes: str) -> None:
    """Adds the span's records to the BOARD or the TABLES cubes, and moves what its corrections touched."""
    values = span.parameters
    cursor.execute(_ADD_NEW[cubes], values)
    cursor.execute(_ANY_CORRECTION, values)
    if cursor.fetchone()[0]:
        cursor.execute(_TAKE_TOUCHED[cubes], {**values, "bound": span.start})
        cursor.execute(_ADD_TOUCHED[cubes], values)
