"""A csv file as the sheet of rules: UTF-8 with or without a mark, GB18030, or UTF-16 as Excel's "Unicode text"."""

import codecs
import csv
from io import StringIO

from lianfang.screening.sheets.columns import RULES
from lianfang.screening.sheets.paper import MOST_COLUMNS, MOST_ROWS, NotRead, Paper

SEPARATORS = ",\t;"


def paper(data: bytes, *, most: int = MOST_ROWS) -> Paper:
    """At most so many rows. Raises NotRead for what is no text."""
    text = _decoded(data)
    read = Paper(RULES)
    try:
        rows = csv.reader(StringIO(text, newline=""), delimiter=_separator(text))
        for number, cells in enumerate(rows, 1):
            if number > most or len(cells) > MOST_COLUMNS:
                read.refuse(
                    number, 0, "OUT_OF_SHEET",
                    f"太大：最多 {most} 行、{MOST_COLUMNS} 列。",
                    f"Too large: at most {most} rows and {MOST_COLUMNS} columns.",
                )  # fmt: skip
                break
            _take(read, number, cells)
    except csv.Error:
        raise _no_text() from None
    return read


def _take(read: Paper, number: int, cells: list[str]) -> None:
    for column, said in enumerate(cells, 1):
        if said.strip():
            read.cells[number, column] = said
        if said.lstrip().startswith("="):
            read.refuse(
                number, column, "FORMULA",
                "这里是公式，不计算；请写成数值或文字。",
                "This is a formula, which is never evaluated: write the value.",
            )  # fmt: skip


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _no_text()


def _no_text() -> NotRead:
    return NotRead(
        "NOT_A_TEXT",
        "读不出文字：csv 请存为 UTF-8 或 GB18030。",
        "No text can be read: save a csv file as UTF-8 or GB18030.",
    )


def _separator(text: str) -> str:
    head = text[:4_000]
    return max(SEPARATORS, key=head.count)
