"""A paper as a table: the row of headings found, and below it what each row says by the name of its column."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from lianfang.screening.sheets.columns import MARKS, OF_SHEET, TITLES, column_of, heading, is_ignored
from lianfang.screening.sheets.paper import NotRead, Paper, SheetLine, Value, as_text
from lianfang.screening.sheets.whereabouts import Whereabouts
from lianfang.screening.words import plain

HEADINGS_WITHIN = 30  # rows from the top
_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})")


class SheetRow(NamedTuple):
    """A row of the table."""

    paper: Paper
    line: SheetLine
    columns: dict[str, int]

    def text(self, key: str) -> str:
        return self.line.text(self.columns.get(key))

    def whole_cell(self, key: str) -> str:
        """With its line breaks."""
        column = self.columns.get(key)
        return as_text(self.line.cells[column]).strip() if column in self.line.cells else ""

    def day(self, key: str) -> str | None:
        """A day as 2020-02-05; what is none stays as it was written, refused."""
        if not self.text(key):
            return None
        value = self.line.cells[self.columns[key]]
        if (day := read_day(value)) is not None:
            return day.isoformat()
        self.refuse(
            key,
            NotRead(
                "NOT_A_DAY",
                f"“{as_text(value)[:30]}”不是日期，请写 2020-02-05 或 2020年2月5日。",
                f"“{as_text(value)[:30]}” is not a day; write 2020-02-05 or 2020年2月5日.",
            ),
        )
        return self.text(key)

    def refuse(self, key: str, what: NotRead) -> None:
        self.paper.refuse(self.line.number, self.columns.get(key, 0), what.code, what.zh, what.en)

    def note(self, places: Whereabouts, rows: tuple[str, ...], way: str, key: str) -> None:
        """Where a field of this row stands: in which column."""
        column = self.columns.get(key)
        letter = get_column_letter(column) if column else ""
        places.note(rows, way, self.paper.place(self.line.number), letter)


def read_day(value: Value) -> date | None:
    if isinstance(value, date):
        return value if type(value) is date else None  # a moment within a day is no day
    match = _DAY.fullmatch(plain(as_text(value)))
    if match is None:
        return None
    try:
        return date(*(int(part) for part in match.groups() if part))
    except ValueError:
        return None


Above = dict[str, tuple[tuple[str, str], str]]


class SheetTable(NamedTuple):
    """`above`: name → (where, what), over the headings."""

    above: Above
    entries: list[SheetRow]


def table(paper: Paper) -> SheetTable | None:
    """None, refused, where no row of headings is found."""
    lines = paper.lines()
    above: Above = {}
    for line in lines:
        if line.number > HEADINGS_WITHIN:
            break
        columns = _headings(paper, line)
        if columns is not None:
            return SheetTable(above, list(_entries(paper, columns, lines)))
        _title(paper, line, above)
    names = "、".join(one.names[0] for one in OF_SHEET[paper.title])
    paper.refuse(
        0, 0, "NO_HEADINGS",
        f"找不到标题行；标题行要有：{names}。",
        f"No row of headings was found; it should hold: {names}.",
    )  # fmt: skip
    return None


def _title(paper: Paper, line: SheetLine, above: Above) -> None:
    first, *rest = sorted(line.cells)
    name = TITLES.get(heading(line.text(first)))
    if name and rest:
        above.setdefault(name, ((paper.place(line.number), get_column_letter(rest[0])), line.text(rest[0])))
    elif not is_ignored(line.first()) and not name:
        paper.warn(
            line.number, first, "ROW_IGNORED",
            "标题行以上的这一行没有读取。",
            "This row above the headings was not read.",
        )  # fmt: skip


def _headings(paper: Paper, line: SheetLine) -> dict[str, int] | None:
    """Columns by their keys, those that are unknown by ""; None when the row is not the one of headings."""
    known = {column: column_of(line.text(column), OF_SHEET[paper.title]) for column in line.cells}
    keys = {one.key for one in known.values() if one is not None}
    if not keys.issuperset(MARKS[paper.title]):
        return None
    columns: dict[str, int] = {}
    for column, one in sorted(known.items()):
        if one is not None and one.key not in columns:
            columns[one.key] = column
        elif not is_ignored(line.text(column)):
            _odd_heading(paper, line, column, twice=one is not None)
    return columns


def _odd_heading(paper: Paper, line: SheetLine, column: int, *, twice: bool) -> None:
    """A column nobody reads must be empty: what an officer wrote there would otherwise be lost, and a rule wider."""
    said = line.text(column)[:30]
    if twice:
        zh, en = f"“{said}”这一列已经有了", f"There is a column “{said}” already"
    else:
        zh, en = f"不认识“{said}”这一列", f"There is no column called “{said}”"
    filled = any(row > line.number and at == column for row, at in paper.cells)
    say = paper.refuse if filled else paper.warn
    say(
        line.number, column, "UNKNOWN_COLUMN",
        f"{zh}；请改成说明里的名称。只给人看的列，名称用“备注”开头。",
        f"{en}; use a name of the guide. A column for readers only begins with 备注.",
    )  # fmt: skip


def _entries(paper: Paper, columns: dict[str, int], lines: Iterator[SheetLine]) -> Iterator[SheetRow]:
    named = set(columns.values())
    for line in lines:
        if is_ignored(line.first()):
            continue
        if named.intersection(line.cells):
            yield SheetRow(paper, line, columns)
        _without_heading(paper, line, max(named))


def _without_heading(paper: Paper, line: SheetLine, last: int) -> None:
    """What stands right of the last heading belongs to nothing."""
    for column in line.cells:
        if column > last and not any(row < line.number and at == column for row, at in paper.cells):
            paper.refuse(
                line.number, column, "NO_COLUMN",
                "这一格上面没有列名，不知道是什么。",
                "No heading stands above this cell, so it means nothing.",
            )  # fmt: skip
