"""A sheet as read from a file, whatever the file is: cells by row and column, and what was odd about them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from lianfang.screening.compiling.findings import ERROR, WARNING, Finding

Value = str | int | float | bool | date
Cell = tuple[int, int]  # row and column, from 1
MOST_ROWS = 4_000
MOST_COLUMNS = 60
LARGEST_FILE = 2 * 1024 * 1024  # bytes; thirty times a sheet with two hundred rows and two thousand areas


class NotRead(Exception):
    """A cell, or a file, that says nothing we can read."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.code = code
        self.zh = zh
        self.en = en


class SheetLine(NamedTuple):
    """A row that is not blank."""

    number: int
    cells: dict[int, Value]

    def text(self, column: int | None) -> str:
        """The cell in one line, "" when it is blank or there is no such column."""
        return " ".join(as_text(self.cells[column]).split()) if column in self.cells else ""

    def first(self) -> str:
        return self.text(min(self.cells))


@dataclass(slots=True)
class Paper:
    """One sheet. `title` is one of columns.SHEETS. Findings name its rows and the letters of its columns."""

    title: str
    cells: dict[Cell, Value] = field(default_factory=dict)
    found: list[Finding] = field(default_factory=list)
    refused: set[Cell] = field(default_factory=set)

    def lines(self) -> Iterator[SheetLine]:
        rows: dict[int, dict[int, Value]] = {}
        for (row, column), value in sorted(self.cells.items()):
            rows.setdefault(row, {})[column] = value
        for row, cells in rows.items():
            yield SheetLine(row, cells)

    def refuse(self, row: int, column: int, code: str, zh: str, en: str) -> None:
        """Once a cell: what is a formula is not told again to be no number."""
        if (row, column) not in self.refused:
            self.refused.add((row, column))
            self.found.append(Finding(ERROR, self.place(row), _letter(column), code, zh, en))

    def warn(self, row: int, column: int, code: str, zh: str, en: str) -> None:
        self.found.append(Finding(WARNING, self.place(row), _letter(column), code, zh, en))

    def place(self, row: int) -> str:
        """规则 5; the sheet itself for row 0."""
        return f"{self.title} {row}" if row else self.title


def _letter(column: int) -> str:
    return get_column_letter(column) if column else ""


def as_text(value: Value) -> str:
    """What a cell says. 42.0, as a number in a cell may be, is 42."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)
