"""Reading a table that people typed: xlsx, or csv as UTF-8 or GB18030. Texts only, nothing is evaluated, rows keep their numbers."""

import codecs
import csv
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

from openpyxl import load_workbook

from lianfang.kernel.refusals import Refusal

LARGEST_FILE = 2_000_000
LARGEST_UNPACKED = 30_000_000
MOST_ROWS, MOST_COLUMNS = 10_000, 40
HEADS_LOOKED_THROUGH = 10  # a title, a unit and a date may stand above the headings
SEPARATORS = ",\t;"


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row that is not blank: its number in the file, and its texts by heading."""

    number: int
    said: dict[str, str]

    @property
    def has_formula(self) -> bool:
        return any(text.startswith("=") for text in self.said.values())


def read_sheet(data: bytes, headings: Sequence[str]) -> list[ReadRow]:
    """The rows under the line in which the first of the headings stands. Refuses what is no table, or is too large."""
    if len(data) > LARGEST_FILE:
        raise Refusal(
            "SHEET_TOO_LARGE", "表格太大，最多 2 MB。", "The sheet is too large: 2 MB at most.", status=413
        )
    lines = _workbook(data) if data.startswith(b"PK") else _text(data)
    columns: dict[int, str] = {}
    rows = []
    for number, cells in lines:
        if number > MOST_ROWS + HEADS_LOOKED_THROUGH:
            raise _too_many()
        if columns:
            said = {heading: cells[place] for place, heading in columns.items() if place < len(cells)}
            if any(said.values()):
                rows.append(ReadRow(number, said))
        elif headings[0] in cells and number <= HEADS_LOOKED_THROUGH:
            columns = {place: text for place, text in enumerate(cells) if text in headings}
    if not columns:
        raise Refusal(
            "NO_HEADINGS",
            f"没有找到表头：要有一行写着“{'、'.join(headings)}”。请用空表来填。",
            f"No headings were found: a line has to say {', '.join(headings)}. Use the blank sheet.",
        )
    return rows


def _workbook(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The first sheet that can be seen."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > LARGEST_UNPACKED:
                raise _too_many()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about extensions we do not read
            book = load_workbook(BytesIO(data), read_only=True, keep_links=False)
            sheet = next(one for one in book.worksheets if one.sheet_state == "visible")
            sheet.reset_dimensions()  # what a program wrote about its size is not to be believed
            rows = sheet.iter_rows(
                max_row=MOST_ROWS + HEADS_LOOKED_THROUGH + 1, max_col=MOST_COLUMNS, values_only=True
            )
            lines = [(number, [_said(value) for value in row]) for number, row in enumerate(rows, 1)]
    except Refusal:
        raise
    except Exception:  # openpyxl, zipfile and the XML parser raise many things for a broken file
        raise Refusal(
            "NOT_A_WORKBOOK",
            "这不是能打开的 xlsx 表格，请在 Excel 或 WPS 里打开，另存为 xlsx。",
            "This is no xlsx workbook that can be opened. Open it in Excel or WPS and save it as xlsx.",
        ) from None
    yield from lines


def _text(data: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(data)
    separator = max(SEPARATORS, key=text[:4_000].count)
    try:
        for number, cells in enumerate(csv.reader(StringIO(text, newline=""), delimiter=separator), 1):
            yield number, [_said(cell) for cell in cells[:MOST_COLUMNS]]
    except csv.Error:
        raise _no_text() from None


def _decoded(data: bytes) -> str:
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _no_text()


def _said(value: Any) -> str:
    """In one line. 42.0, as a number in a cell may be, is 42."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e18:
        value = int(value)
    if isinstance(value, datetime | date):
        value = value.isoformat()
    return " ".join(str(value).split())


def _too_many() -> Refusal:
    return Refusal(
        "TOO_MANY_ROWS",
        f"太大：一次最多 {MOST_ROWS} 行，请分几次导入。",
        f"Too large: at most {MOST_ROWS} rows at once.",
        status=413,
    )


def _no_text() -> Refusal:
    return Refusal(
        "NOT_A_TEXT",
        "读不出文字：csv 请存为 UTF-8 或 GB18030。",
        "No text can be read: save a csv file as UTF-8 or GB18030.",
    )
