"""An xlsx file as papers. Nothing is evaluated; what a formula would say is not known here."""

import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.functions import iterparse

from lianfang.screening.compiling.findings import WARNING, Finding
from lianfang.screening.sheets.columns import GUIDE, SHEETS, heading
from lianfang.screening.sheets.paper import MOST_COLUMNS, MOST_ROWS, NotRead, Paper, Value

LARGEST_UNPACKED = 30 * 1024 * 1024
MOST_PARTS = 300
MOST_MERGED = 20_000  # cells
NO_WORKBOOK = NotRead(
    "NOT_A_WORKBOOK",
    "这不是能打开的 xlsx 表格，请在 Excel 或 WPS 里打开，另存为 xlsx。",
    "This is no xlsx workbook that can be opened. Open it in Excel or WPS and save it as xlsx.",
)


def papers(data: bytes) -> tuple[list[Paper], list[Finding]]:
    """The sheets we know, and what was odd about the others. Raises NotRead for what is no workbook."""
    book = opened_book(data)
    found: list[Finding] = []
    read: dict[str, Paper] = {}
    for sheet in book.worksheets:
        title = _title(sheet, alone=len(book.worksheets) == 1)
        if title == GUIDE:
            continue
        if (odd := _not_read(sheet, title, read)) is not None:
            found.append(odd)
        else:
            read[title] = paper_of(sheet, title)
    return list(read.values()), found


def opened_book(data: bytes) -> Workbook:
    """Nothing that is too large when unpacked is opened. Raises NotRead."""
    _require_small(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about extensions we do not read
            return load_workbook(BytesIO(data), keep_links=False)
    except Exception:  # openpyxl raises whatever a broken file makes it stumble on
        raise NO_WORKBOOK from None


def _require_small(data: bytes) -> None:
    """Before anything is unpacked: how much it would be, and how many cells merged ranges would make."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as parts:
            infos = parts.infolist()
            if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > LARGEST_UNPACKED:
                raise NotRead(
                    "TOO_LARGE",
                    "表格解开后太大，不读取。",
                    "The workbook is too large when unpacked; it is not read.",
                )
            merged = sum(_merged_cells(parts, info) for info in infos if "worksheets/" in info.filename)
    except NotRead:
        raise
    except Exception:  # zipfile and the XML parser raise many things for a broken file
        raise NO_WORKBOOK from None
    if merged > MOST_MERGED:
        raise NotRead(
            "TOO_MUCH_MERGED",
            f"合并的单元格太多（{merged} 个），请取消合并。",
            f"Too many cells are merged ({merged}); please unmerge them.",
        )


def _merged_cells(parts: zipfile.ZipFile, info: zipfile.ZipInfo) -> int:
    if not info.filename.endswith(".xml"):
        return 0
    count = 0
    with parts.open(info) as part:
        for _, node in iterparse(part):
            if node.tag.endswith("}mergeCell"):
                left, top, right, bottom = range_boundaries(node.get("ref"))
                count += (right - left + 1) * (bottom - top + 1)
            node.clear()
    return count


def _title(sheet: Worksheet, *, alone: bool) -> str:
    """Which of our sheets it is; one that stands alone holds the rules. "" for another."""
    return SHEETS.get(heading(sheet.title), SHEETS["规则"] if alone else "")


def _not_read(sheet: Worksheet, title: str, read: dict[str, Paper]) -> Finding | None:
    if sheet.sheet_state != "visible":
        return Finding(
            WARNING, sheet.title, "", "SHEET_HIDDEN",
            "这张工作表是隐藏的，没有读取；需要的话请取消隐藏。",
            "This sheet is hidden and was not read; unhide it if it counts.",
        )  # fmt: skip
    if not title or title in read:
        return Finding(
            WARNING, sheet.title, "", "SHEET_UNKNOWN",
            "没有读取这张工作表；读取的是：规则、重点地区、提问。",
            "This sheet was not read; those read are 规则, 重点地区 and 提问.",
        )  # fmt: skip
    return None


def paper_of(sheet: Worksheet, title: str, *, most: int = MOST_ROWS) -> Paper:
    """What is written on it, at most so many rows, merged cells spread over all they cover."""
    paper = Paper(title)
    for row, column, cell in _written(sheet):
        if row > most or column > MOST_COLUMNS:
            paper.refuse(
                row, column, "OUT_OF_SHEET",
                f"单元格太远：最多 {most} 行、{MOST_COLUMNS} 列。",
                f"The cell lies too far out: at most {most} rows and {MOST_COLUMNS} columns.",
            )  # fmt: skip
            return paper
        paper.cells[row, column] = _value(paper, row, column, cell)
    _merged(paper, sheet, most)
    _hidden(paper, sheet)
    return paper


def _written(sheet: Worksheet) -> Iterator[tuple[int, int, Cell]]:
    """Cells that hold something. By what was stored: one cell in the last corner does not make millions."""
    for (row, column), cell in sorted(sheet._cells.items()):
        if not isinstance(cell, MergedCell) and cell.value is not None and str(cell.value).strip():
            yield row, column, cell


def _value(paper: Paper, row: int, column: int, cell: Cell) -> Value:
    value: Any = cell.value
    if cell.data_type == "f":
        paper.refuse(
            row, column, "FORMULA",
            "这里是公式，不计算；请把结果写成数值或文字（复制，选择性粘贴为“值”）。",
            "This is a formula, which is never evaluated: write the value (copy, then paste as values).",
        )  # fmt: skip
        return str(getattr(value, "text", value))
    if cell.data_type == "e":
        paper.refuse(
            row, column, "BROKEN_VALUE", f"这里是错误值 {value}。", f"This is an error value: {value}."
        )
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        return value.date()
    return value if isinstance(value, str | bool | int | float | date) else str(value)


def _merged(paper: Paper, sheet: Worksheet, most: int) -> None:
    for area in sheet.merged_cells.ranges:
        value = paper.cells.get((area.min_row, area.min_col))
        if value is None or area.max_row > most or area.max_col > MOST_COLUMNS:
            continue
        paper.warn(
            area.min_row, area.min_col, "MERGED",
            f"{area.coord} 是合并的单元格，它的内容对其中每一格都算。",
            f"{area.coord} is merged: what it says counts for each of its cells.",
        )  # fmt: skip
        for row in range(area.min_row, area.max_row + 1):
            for column in range(area.min_col, area.max_col + 1):
                paper.cells[row, column] = value


def _hidden(paper: Paper, sheet: Worksheet) -> None:
    """Hidden and filtered rows and columns count, since a rule set must not depend on what is on the screen."""
    rows = [row for row, shape in sheet.row_dimensions.items() if shape.hidden]
    written = {row for row, _ in paper.cells}
    for row in sorted(written.intersection(rows)):
        paper.warn(
            row, 0, "ROW_HIDDEN", "这一行是隐藏的，仍然算数。", "This row is hidden; it counts all the same."
        )
    if any(shape.hidden for shape in sheet.column_dimensions.values()):
        paper.warn(
            0, 0, "COLUMN_HIDDEN", "有隐藏的列，仍然算数。", "A column is hidden; it counts all the same."
        )
