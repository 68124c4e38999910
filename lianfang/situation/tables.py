"""Classified summary tables (分类汇总): one dimension with today, yesterday and all days, or two crossed; at any moment.

Read from the cells alone. Counties and townships stand in tables of their own and by day; crossed with anything else
they are told by province and by county, as the pairs are kept (see cubes.py).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from lianfang.kernel.days import day_of, quarter_of
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Refusal
from lianfang.situation.cells import FIGURES, Figures, Known, add, figures, known, read
from lianfang.situation.cubes import DIMENSIONS, PAIRS


@dataclass(frozen=True, slots=True)
class View:
    """A dimension at one level: the cube that tells it, and its key as an expression over a cell of that cube.

    `of_people`: it belongs to a person, so vehicles cannot be counted by it. `crossed`: the pairs know this level.
    """

    dimension: str
    cube: str
    key: str = "key"
    crossed: bool = True

    @property
    def of_people(self) -> bool:
        return self.dimension in DIMENSIONS and DIMENSIONS[self.dimension].of_people

    @property
    def is_disjoint(self) -> bool:
        """Whether nobody stands in two of its rows: a person may have several measures."""
        return self.dimension != "MEASURE"


_HOUR = "lpad(hour::text, 2, '0')"
_WITHIN = "coalesce(rpad(nullif(left(key, {}), ''), 6, '0'), '')"
VIEWS: Mapping[str, View] = {
    "CHECKPOINT": View("CHECKPOINT", "CHECKPOINT"),
    "HOUR": View("HOUR", "CHECKPOINT", _HOUR),
    "DAY": View("DAY", "CHECKPOINT", "day::text"),
    "PURPOSE": View("PURPOSE", "PURPOSE"),
    "TRANSPORT": View("TRANSPORT", "TRANSPORT"),
    "MEASURE": View("MEASURE", "MEASURE"),
    "ORIGIN": View("ORIGIN", "ORIGIN", _WITHIN.format(2)),
    "ORIGIN_CITY": View("ORIGIN", "ORIGIN", _WITHIN.format(4), crossed=False),
    "ORIGIN_COUNTY": View("ORIGIN", "ORIGIN", crossed=False),
    "DESTINATION": View("DESTINATION", "DESTINATION", "left(key, 6)"),
    "DESTINATION_TOWNSHIP": View("DESTINATION", "DESTINATION", crossed=False),
}
IN_ORDER = frozenset({"CHECKPOINT", "HOUR", "DAY"})  # rows stand by key, others by people, the most first
# (rows, columns) told by a BOARD cube: which, and the two keys.
_TOLD = {
    ("CHECKPOINT", "HOUR"): ("CHECKPOINT", "key", _HOUR),
    ("CHECKPOINT", "MEASURE"): ("MEASURE", "across", "key"),
    ("HOUR", "MEASURE"): ("MEASURE", _HOUR, "key"),
}


@dataclass(frozen=True, slots=True)
class TableMoment:
    """What is asked about: the figures of `day` and of all days up to it, as known at `as_of` (None: now)."""

    at: datetime
    as_of: datetime | None
    day: date

    @classmethod
    def of(cls, *, at: datetime, as_of: datetime | None, day: date | None = None) -> "TableMoment":
        return cls(at, as_of, day or day_of(as_of or at))

    @property
    def a_day_before(self) -> datetime:
        """The same time of the day before, in whole quarter-hours: what was known then can be compared with now."""
        return quarter_of(self.as_of or self.at) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TableRow:
    """A key with its figures: of the day, of the day before as known at the same time, of all days."""

    key: str
    today: Figures
    before: Figures
    all: Figures


@dataclass(frozen=True, slots=True)
class ListedTable:
    """A table of one dimension. `total` is counted by itself: it is right where rows overlap, too."""

    view: View
    what: Known
    rows: list[TableRow]
    total: TableRow


@dataclass(frozen=True, slots=True)
class CrossedTable:
    """A table of two dimensions: the keys of rows and columns, and the figures where they meet."""

    rows: list[str]
    columns: list[str]
    what: Known
    cells: dict[tuple[str, str], Figures]
    row_totals: dict[str, Figures]
    column_totals: dict[str, Figures]
    total: Figures


def listed(seen: Reach, *, rows: str, moment: TableMoment) -> ListedTable:
    """One dimension: today, the same time yesterday, and all days."""
    seen.require("VIEW_BOARD")
    view, what = view_of(rows), known(moment.as_of)
    by_key = dict(_rows(view, what, moment))
    total = dict(_rows(View("ALL", "CHECKPOINT", "''"), what, moment))
    keys = sorted(by_key) if rows in IN_ORDER else list(by_key)
    nothing = TableRow("", *(dict.fromkeys(FIGURES, 0) for _ in range(3)))
    return ListedTable(view, what, [by_key[key] for key in keys], total.get("", nothing))


def _rows(view: View, what: Known, moment: TableMoment) -> Iterator[tuple[str, TableRow]]:
    of_day = [
        f"coalesce(sum({name}) FILTER (WHERE day = %(day)s), 0)::bigint AS {name}_today" for name in FIGURES
    ]
    until = {"where": "day <= %(day)s", "day": moment.day}
    yesterday = moment.day - timedelta(days=1)
    earlier = known(moment.a_day_before)
    then = read(view.cube, [f"{view.key} AS key"], earlier, where="day = %(day)s", day=yesterday)
    before = {row["key"]: figures(row) for row in then}
    for row in read(view.cube, [f"{view.key} AS key"], what, further=of_day, **until):  # type: ignore[arg-type]
        key = row["key"]
        today = {name: row[f"{name}_today"] for name in FIGURES}
        yield key, TableRow(key, today, before.get(key, dict.fromkeys(FIGURES, 0)), figures(row))


def crossed(seen: Reach, *, rows: str, columns: str, span: str, moment: TableMoment) -> CrossedTable:
    """Two dimensions, of the day or (`span` "all") of all days up to it. Refused where the pair is not kept."""
    seen.require("VIEW_BOARD")
    if columns not in columns_for(rows):
        raise Refusal(
            "NOT_CROSSED",
            "这两项不能交叉：区县和乡镇只能单独或按日汇总。",
            "These two cannot be crossed: counties and townships are told alone or by day.",
        )
    cube, row_key, column_key = _source(rows, columns)
    what = known(moment.as_of)
    where = "day <= %(day)s" if span == "all" else "day = %(day)s"
    found = read(cube, [f"{row_key} AS one", f"{column_key} AS other"], what, where=where, day=moment.day)
    cells = {(row["one"], row["other"]): figures(row) for row in found}
    alone = {"where": where, "day": moment.day}
    row_totals = _totals(rows, columns, cells, 0, what, alone)
    column_totals = _totals(columns, rows, cells, 1, what, alone)
    whole = row_totals if VIEWS[rows].is_disjoint else column_totals
    return CrossedTable(
        _ordered(rows, row_totals),
        _ordered(columns, column_totals),
        what,
        cells,
        row_totals,
        column_totals,
        add(whole.values()),
    )


def _totals(
    name: str,
    across: str,
    cells: Mapping[tuple[str, str], Figures],
    place: int,
    what: Known,
    alone: dict[str, Any],
) -> dict[str, Figures]:
    """By adding up the cells, or counted alone where the keys across overlap."""
    view = VIEWS[name]
    if not VIEWS[across].is_disjoint:
        keys = {pair[place] for pair in cells}
        return {
            row["key"]: figures(row)
            for row in read(view.cube, [f"{view.key} AS key"], what, **alone)
            if row["key"] in keys
        }
    by_key: dict[str, Figures] = {}
    for pair, found in cells.items():
        by_key[pair[place]] = add([by_key.get(pair[place], dict.fromkeys(FIGURES, 0)), found])
    return by_key


def _ordered(name: str, totals: Mapping[str, Figures]) -> list[str]:
    if name in IN_ORDER:
        return sorted(totals)
    return sorted(totals, key=lambda key: (-totals[key]["people"], -totals[key]["passages"], key))


def view_of(name: str) -> View:
    try:
        return VIEWS[name]
    except KeyError:
        raise Refusal("NO_SUCH_TABLE", "没有这一项汇总。", "There is no such table.") from None


def columns_for(rows: str) -> list[str]:
    """The dimensions that one can be crossed with, in the order of VIEWS."""
    view = view_of(rows)
    return [name for name in VIEWS if _may_cross(rows, view, name)]


def _may_cross(rows: str, view: View, columns: str) -> bool:
    other = VIEWS[columns]
    if view.dimension == other.dimension:
        return False
    if "DAY" in (rows, columns):
        return True
    return view.crossed and other.crossed


def _source(rows: str, columns: str) -> tuple[str, str, str]:
    """The cube that tells the pair, and the expressions of the two keys."""
    if rows == "DAY":
        return VIEWS[columns].cube, VIEWS["DAY"].key, VIEWS[columns].key
    if columns == "DAY":
        return VIEWS[rows].cube, VIEWS[rows].key, VIEWS["DAY"].key
    if (rows, columns) in _TOLD:
        return _TOLD[rows, columns]
    if (columns, rows) in _TOLD:
        cube, one, other = _TOLD[columns, rows]
        return cube, other, one
    if (rows, columns) in PAIRS:
        return f"{rows}/{columns}", "key", "across"
    return f"{columns}/{rows}", "across", "key"
