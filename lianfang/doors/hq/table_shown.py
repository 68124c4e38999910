"""A table as it is shown: names instead of keys, figures with the records behind them, shades where one would rather look."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from lianfang.checkpoints.queries.places import checkpoint_labels
from lianfang.doors.hq.table_words import labels, records_address
from lianfang.situation.cells import FIGURES, Figures
from lianfang.situation.tables import CrossedTable, ListedTable, TableRow

SHADES = 5


@dataclass(frozen=True, slots=True)
class FigureShown:
    """One figure. `value` None: no report, which is not 0. `shade` 0 to SHADES, by the largest of the table."""

    value: int | None
    address: str = ""
    shade: int = 0


@dataclass(frozen=True, slots=True)
class LineShown:
    """A row of a table of one dimension; `vehicles` are left out where vehicles cannot be counted."""

    name: str
    today_vehicles: FigureShown
    vehicles_more: int | None
    today_people: FigureShown
    people_more: int | None
    all_vehicles: FigureShown
    all_people: FigureShown
    share: float


@dataclass(frozen=True, slots=True)
class ListShown:
    """`by_day`: rows are days, so that today and yesterday say nothing of a row. `overlaps`: rows add up to more."""

    of_people: bool
    by_day: bool
    overlaps: bool
    lines: list[LineShown]
    total: LineShown
    most: int


@dataclass(frozen=True, slots=True)
class CrossLine:
    name: str
    cells: list[FigureShown]
    total: FigureShown


@dataclass(frozen=True, slots=True)
class CrossShown:
    figure: str
    overlaps: bool
    columns: list[str]
    lines: list[CrossLine]
    totals: list[FigureShown]
    total: FigureShown


Address = Callable[[str, Mapping[str, str], Mapping[str, str]], str]


def _no_address(figure: str, days: Mapping[str, str], keys: Mapping[str, str]) -> str:
    return ""


def list_shown(found: ListedTable, *, rows: str, day: date, opens: bool) -> ListShown:
    address = records_address if opens else _no_address
    counted = _with_silent(found.rows) if rows == "CHECKPOINT" else found.rows
    named = labels(rows, [row.key for row in counted], day)
    most = max((row.all["people"] for row in found.rows), default=0)
    return ListShown(
        of_people=found.view.of_people,
        by_day=rows == "DAY",
        overlaps=not found.view.is_disjoint,
        lines=[_line(named[row.key], row, {rows: row.key}, found, day, address) for row in counted],
        total=_line("", found.total, {}, found, day, address),
        most=most,
    )


def _with_silent(rows: list[TableRow]) -> list[TableRow]:
    """Every checkpoint, those that never reported too: they are not forgotten because they are silent."""
    known = {row.key for row in rows}
    silent = [
        TableRow(code, *(dict.fromkeys(FIGURES, 0) for _ in range(3)))
        for code in checkpoint_labels()
        if code not in known
    ]
    return sorted([*rows, *silent], key=lambda row: row.key)


def _line(
    name: str, row: TableRow, keys: Mapping[str, str], found: ListedTable, day: date, address: Address
) -> LineShown:
    on, until = {"day": day.isoformat()}, {"from": "all", "to": day.isoformat()}

    def shown(figures: Figures, figure: str, days: Mapping[str, str]) -> FigureShown:
        if not (figures["passages"] or figures["people"]):
            return FigureShown(None)
        return FigureShown(figures[figure], address(figure, days, keys) if figures[figure] else "")

    whole = found.total.all["people"]
    return LineShown(
        name=name,
        today_vehicles=shown(row.today, "vehicles", on),
        vehicles_more=_more(row, "vehicles"),
        today_people=shown(row.today, "people", on),
        people_more=_more(row, "people"),
        all_vehicles=shown(row.all, "vehicles", until),
        all_people=shown(row.all, "people", until),
        share=100 * row.all["people"] / whole if whole else 0.0,
    )


def _more(row: TableRow, figure: str) -> int | None:
    """The difference to yesterday at the same time; None where neither day has a report."""
    if not any(figures["passages"] or figures["people"] for figures in (row.today, row.before)):
        return None
    return row.today[figure] - row.before[figure]


def cross_shown(
    found: CrossedTable, *, rows: str, columns: str, figure: str, span: str, day: date, opens: bool
) -> CrossShown:
    address = records_address if opens else _no_address
    days = {"from": "all", "to": day.isoformat()} if span == "all" else {"day": day.isoformat()}
    row_names, column_names = labels(rows, found.rows, day), labels(columns, found.columns, day)
    most = max((figures[figure] for figures in found.cells.values()), default=0)

    def shown(figures: Figures | None, keys: Mapping[str, str], *, shaded: bool = False) -> FigureShown:
        if figures is None or not (figures["passages"] or figures["people"]):
            return FigureShown(None)
        value = figures[figure]
        return FigureShown(
            value, address(figure, days, keys) if value else "", _shade(value, most) if shaded else 0
        )

    lines = [
        CrossLine(
            row_names[row],
            [
                shown(found.cells.get((row, column)), {rows: row, columns: column}, shaded=True)
                for column in found.columns
            ],
            shown(found.row_totals[row], {rows: row}),
        )
        for row in found.rows
    ]
    return CrossShown(
        figure=figure,
        overlaps="MEASURE" in (rows, columns),
        columns=[column_names[column] for column in found.columns],
        lines=lines,
        totals=[shown(found.column_totals[column], {columns: column}) for column in found.columns],
        total=shown(found.total, {}),
    )


def _shade(value: int, most: int) -> int:
    return min(SHADES, 1 + SHADES * value // (most + 1)) if value > 0 else 0
