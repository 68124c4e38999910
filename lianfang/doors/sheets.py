"""Sheets that a bureau prints and files: a title, what it covers, a bordered table, notes below. As xlsx.

A text is always a text: what a traveller or an officer typed never becomes a formula, neither when the sheet is opened nor
when somebody edits the cell.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from urllib.parse import quote

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from lianfang.kernel.days import SHANGHAI
from lianfang.kernel.formulas import looks_like_one

Value = str | int | float | date | datetime | None

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TITLE, BODY = "方正小标宋简体", "仿宋"  # as official documents; another machine falls back on its own
_LINE = Side(style="thin", color="000000")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD = PatternFill("solid", fgColor="F2F2F2")
WIDEST = 40
LONGEST_CELL = 32_767
LONGEST_FOOT = 200  # of the 255 characters of a foot


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. Rows are as wide as `headings`; `totals` is the last row, in bold. `mark`: who took it, when, what for."""

    name: str
    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Value]]
    subtitle: Sequence[str] = ()
    totals: Sequence[Value] = ()
    notes: Sequence[str] = ()
    landscape: bool = True
    widths: Sequence[int] = field(default=())
    mark: str = ""


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as one xlsx file."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        _write(book.create_sheet(sheet.name[:31]), sheet)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def as_download(name: str, content: bytes) -> HttpResponse:
    """The file as an answer; `name` without its ending, Chinese allowed."""
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"lianfang.xlsx\"; filename*=UTF-8''{quote(name)}.xlsx"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def as_text_download(name: str, content: bytes) -> HttpResponse:
    """A csv file as an answer."""
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"lianfang.csv\"; filename*=UTF-8''{quote(name)}.csv"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _write(paper: Worksheet, sheet: Sheet) -> None:
    width = max(1, len(sheet.headings))
    line = _across(paper, 1, sheet.title, width, Font(name=TITLE, size=18, bold=True), "center")
    for text in sheet.subtitle:
        line = _across(paper, line, text, width, Font(name=BODY, size=11), "left")
    head = line
    for column, heading in enumerate(sheet.headings, 1):
        _put(paper, head, column, heading, Font(name=BODY, size=11, bold=True)).fill = _HEAD
    for row in sheet.rows:
        line += 1
        _row(paper, line, row, bold=False)
    if sheet.totals:
        line += 1
        _row(paper, line, sheet.totals, bold=True)
    for text in (*sheet.notes, *filter(None, [sheet.mark])):
        line = _across(paper, line + 1, text, width, Font(name=BODY, size=10), "left") - 1
    _page(paper, sheet, head)


def _across(paper: Worksheet, line: int, text: str, width: int, font: Font, side: str) -> int:
    cell = paper.cell(line, 1)
    _text(cell, text)
    cell.font, cell.alignment = font, Alignment(horizontal=side, vertical="center", wrap_text=True)
    if width > 1:
        paper.merge_cells(start_row=line, start_column=1, end_row=line, end_column=width)
    return line + 1


def _row(paper: Worksheet, line: int, values: Sequence[Value], *, bold: bool) -> None:
    for column, value in enumerate(values, 1):
        _put(paper, line, column, value, Font(name=BODY, size=11, bold=bold))


def _put(paper: Worksheet, line: int, column: int, value: Value, font: Font) -> Cell:
    cell: Cell = paper.cell(line, column)
    if isinstance(value, datetime):
        cell.value, cell.number_format = value.astimezone(SHANGHAI).replace(tzinfo=None), "yyyy-mm-dd hh:mm"
    elif isinstance(value, str):
        _text(cell, value)
    else:
        cell.value = value
        cell.number_format = "yyyy-mm-dd" if isinstance(value, date) else "#,##0"
    if isinstance(value, float):
        cell.number_format = "0.0"
    cell.font, cell.border = font, _BOX
    number = isinstance(value, int | float)
    cell.alignment = Alignment(horizontal="right" if number else "left", vertical="center", wrap_text=True)
    return cell


def _text(cell: Cell, text: str) -> None:
    """As text whatever it begins with."""
    cell.value = writable(text)[:LONGEST_CELL]
    cell.data_type = "s"
    # The apostrophe that Excel shows in the line of entry only: a cell that is edited stays a text as well.
    cell.quotePrefix = looks_like_one(cell.value)


def writable(text: str) -> str:
    """Without what a sheet's XML cannot hold."""
    return "".join(
        letter
        for letter in text
        if (letter >= " " or letter in "\t\n")
        and not "\ud800" <= letter <= "\udfff"
        and letter not in "\ufffe\uffff"
    )


def _page(paper: Worksheet, sheet: Sheet, head: int) -> None:
    """A4, as wide as the page, the headings on every page, page x of y at the foot."""
    paper.page_setup.paperSize = paper.PAPERSIZE_A4
    paper.page_setup.orientation = "landscape" if sheet.landscape else "portrait"
    paper.sheet_properties.pageSetUpPr.fitToPage = True
    paper.page_setup.fitToHeight = 0
    paper.print_title_rows = f"{head}:{head}"
    paper.oddFooter.left.text = writable(sheet.mark)[:LONGEST_FOOT].replace("&", "&&")
    paper.oddFooter.right.text = "第 &P 页，共 &N 页"
    paper.freeze_panes = f"B{head + 1}"
    for column, heading in enumerate(sheet.headings, 1):
        given = sheet.widths[column - 1] if column <= len(sheet.widths) else None
        texts = [heading, *(str(row[column - 1] or "") for row in sheet.rows if column <= len(row))]
        width = given or min(WIDEST, max(8, *(sum(2 if c > "ÿ" else 1 for c in text) + 2 for text in texts)))
        paper.column_dimensions[get_column_letter(column)].width = width
