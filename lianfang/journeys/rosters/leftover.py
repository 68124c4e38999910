"""The rows that somebody must look at again, as a table of the same columns with the reasons at its end."""

import csv
from collections.abc import Callable
from io import BytesIO, StringIO

from openpyxl import Workbook

from lianfang.journeys.rosters.importing import ACCEPTED, Imported

RISKY = ("=", "@")  # what a program might take for a formula


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
    book = Workbook()
    sheet = book.worksheets[0]
    for number, cells in enumerate(rows, 1):
        for column, said in enumerate(cells, 1):
            cell = sheet.cell(number, column)
            cell.value, cell.data_type, cell.number_format = said, "s", "@"
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _text(rows: list[list[str]]) -> bytes:
    """With a mark at its beginning, by which Excel knows UTF-8."""
    file = StringIO(newline="")
    csv.writer(file).writerows(
        [[f"'{said}" if said.startswith(RISKY) else said for said in row] for row in rows]
    )
    return b"\xef\xbb\xbf" + file.getvalue().encode()
