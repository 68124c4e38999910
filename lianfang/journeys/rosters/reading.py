"""A file as rows under headings, whatever the file is: the same reading as that of rule sheets."""

from typing import NamedTuple

from lianfang.journeys.rosters.columns import COLUMNS, NEEDED, heading
from lianfang.kernel.formulas import as_it_was
from lianfang.kernel.refusals import Refusal
from lianfang.screening.sheets import text_file
from lianfang.screening.sheets.paper import NotRead, Paper, SheetLine
from lianfang.screening.sheets.workbook import opened_book, paper_of

MOST_ROWS = 12_000  # a large community, and its headings
LARGEST_FILE = 2 * 1024 * 1024
HEADINGS_WITHIN = 20  # rows from the top
ZIP = b"PK\x03\x04"


class RosterTable(NamedTuple):
    """`headings`: column → what stands above it; `columns`: what we call it → column. `broken`: row → why it cannot be read."""

    headings: dict[int, str]
    columns: dict[str, int]
    lines: list[SheetLine]
    broken: dict[int, str]
    is_workbook: bool


def read_roster(data: bytes, name: str) -> RosterTable:
    """Refuses what is no table, has no row of headings, or is too large: then no row was read."""
    if len(data) > LARGEST_FILE:
        raise Refusal(
            "FILE_TOO_LARGE", "文件超过 2 MB，请分成几份。", "The file is larger than 2 MB: split it."
        )
    try:
        is_workbook = data.startswith(ZIP)
        papers = _of_workbook(data) if is_workbook else [_of_text(data)]
    except NotRead as what:
        raise Refusal(what.code, what.zh, what.en) from None
    written = [paper for paper in papers if paper.cells]
    if len(written) > 1:
        raise Refusal(
            "SEVERAL_SHEETS",
            f"有 {len(written)} 张写了内容的工作表，请一张存成一份再导入。",
            f"{len(written)} sheets hold something: save each as a file of its own.",
        )
    for paper in written:
        if any(one.code == "OUT_OF_SHEET" for one in paper.found):
            raise Refusal(
                "SHEET_TOO_LARGE",
                f"表格太大，最多 {MOST_ROWS} 行，请分成几份。",
                f"The table is too large: {MOST_ROWS} rows at most.",
            )
        found = _under_headings(paper, is_workbook)
        if found is not None:
            return found
    raise Refusal(
        "NO_HEADINGS",
        "找不到标题行：前 20 行里要有一行写着“姓名”和“门牌”（或“住址”）。",
        "No row of headings: within the first 20 rows one must say 姓名 and 门牌 (or 住址).",
    )


def _of_text(data: bytes) -> Paper:
    paper = text_file.paper(data, most=MOST_ROWS)
    for place, said in paper.cells.items():
        if isinstance(said, str):
            paper.cells[place] = as_it_was(said)
    return paper


def _of_workbook(data: bytes) -> list[Paper]:
    return [paper_of(sheet, sheet.title, most=MOST_ROWS) for sheet in opened_book(data).worksheets]


def _under_headings(paper: Paper, is_workbook: bool) -> RosterTable | None:
    lines = list(paper.lines())
    for place, line in enumerate(lines):
        if line.number > HEADINGS_WITHIN:
            return None
        columns: dict[str, int] = {}
        for column in sorted(line.cells):
            key = COLUMNS.get(heading(line.text(column)))
            if key:
                columns.setdefault(key, column)
        if set(columns) >= NEEDED:
            headings = {column: line.text(column) for column in line.cells}
            return RosterTable(headings, columns, lines[place + 1 :], _broken(paper, lines), is_workbook)
    return None


def _broken(paper: Paper, lines: list[SheetLine]) -> dict[int, str]:
    """Rows with a formula, or with an error's value: what they mean is not known."""
    places = {paper.place(line.number): line.number for line in lines}
    return {places[one.row]: one.code for one in paper.found if one.severity == "ERROR" and one.row in places}
