"""The rows that somebody must look at again, as a table of the same columns with the reasons at its end."""

import csv
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from lianfang.journeys.rosters.importing import ACCEPTED, Imported
from lianfang.kernel.formulas import harmless


def leftover(imported: Imported, *, reason: str, say: Callable[[str], str]) -> bytes:
    """xlsx where a workbook came, else csv. `reason`: the last heading; `say`: the words of a reason's code."""
    columns = sorted(imported.sheet.headings)
    lines = {line.number: line for line in imported.sheet.lines}
    rows = [[imported.sheet.headings[column] for column in columns] + [reason]]
    for row in imported.rows:
        if row.result != ACCEPTED:
            cells = [lines[row.number].text(column) for column in columns]
            rows.append([*cells, "；".join(say(code) for code in row.reasons)])
    return _workbook(rows) if imported.sheet.is_workbook else _text(rows)


def _workbook(rows: list[list[str]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for cells in rows:
        sheet.append([_cell(sheet, said) for said in cells])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: Any, said: str) -> WriteOnlyCell:
    """Text, whatever it looks like."""
    cell = WriteOnlyCell(sheet, said)
    cell.data_type, cell.number_format = "s", "@"
    return cell


def _text(rows: list[list[str]]) -> bytes:
    """With a mark at its beginning, by which Excel knows UTF-8."""
    file = StringIO(newline="")
    csv.writer(file).writerows([harmless(said) for said in row] for row in rows)
    return b"\xef\xbb\xbf" + file.getvalue().encode()
