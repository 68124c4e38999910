"""A rule set as a workbook: in people's words, with the guide beside it."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from lianfang.screening import words
from lianfang.screening.form import FACTS, NUMBER
from lianfang.screening.sheets.columns import (
    AREA_COLUMNS,
    AREAS,
    FACT_COLUMNS,
    GUIDE,
    QUESTION_COLUMNS,
    QUESTIONS,
    RULE_COLUMNS,
    RULES,
    TITLE_WORDS,
    Column,
)
from lianfang.screening.sheets.conditions import condition_cell
from lianfang.screening.sheets.guide import guide
from lianfang.screening.sheets.several import InWords, several_cell
from lianfang.screening.words import Words, word_of

Entry = Mapping[str, str | int]
_LINE = Side(style="thin", color="808080")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD = PatternFill("solid", fgColor="F2F2F2")
_FONT, _BOLD = Font(name="等线", size=11), Font(name="等线", size=11, bold=True)
SPARE_ROWS = 200  # below what is written, still with the lists to choose from
_CHOSEN: Mapping[str, Mapping[str, Words]] = {
    RULES: {"kind": words.MEASURES, "place": words.PLACES, "direction": words.DIRECTIONS},
    AREAS: {"level": words.LEVELS},
    QUESTIONS: {"kind": words.QUESTION_KINDS},
}


def workbook(content: Mapping[str, Any], names: Mapping[str, str], in_words: InWords) -> bytes:
    """`in_words`: whether a condition can be said so that it is read back the same."""
    book = Workbook()
    book.remove(book.worksheets[0])
    rules = book.create_sheet(RULES)
    titles = {**content["title"], "source": content["source"]}
    for line, (key, word) in enumerate(TITLE_WORDS, 1):
        _put(rules.cell(line, 1), word, _BOLD)
        _put(rules.cell(line, 2), titles[key], _FONT).alignment = Alignment(wrap_text=False)
    _table(rules, len(TITLE_WORDS) + 2, RULE_COLUMNS, [_row(row, in_words) for row in content["rows"]])
    areas = [_area(area, names) for area in content["areas"]]
    _table(book.create_sheet(AREAS), 1, AREA_COLUMNS, areas)
    asked = [line for question in content["questions"] for line in _question(question)]
    _table(book.create_sheet(QUESTIONS), 1, QUESTION_COLUMNS, asked)
    _guide(book.create_sheet(GUIDE))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _row(row: Mapping[str, Any], in_words: InWords) -> Entry:
    then = row["then"]
    columns, more = _split(row["when"], in_words)
    return {
        "row": row["row"],
        "from": row.get("from", ""),
        "to": row.get("to", ""),
        **columns,
        "more": several_cell(more, in_words),
        "unless": several_cell(row["unless"], in_words),
        "kind": word_of(then["kind"], words.MEASURES),
        "place": word_of(then.get("place", ""), words.PLACES),
        "days": then.get("days", ""),
        "lifts": "、".join(then.get("lifts", ())),
        **row["say"],
    }


def _split(
    when: Sequence[Mapping[str, Any]], in_words: InWords
) -> tuple[dict[str, str], list[Mapping[str, Any]]]:
    """The cell of each fact, and what has no column or finds it taken. Several numbers share one: ≥37.3、<38."""
    cells: dict[str, str] = {}
    more: list[Mapping[str, Any]] = []
    known = {column.key for column in FACT_COLUMNS}
    for one in when:
        fact = one.get("fact")
        if fact not in known or not in_words(one):
            more.append(one)
        elif fact not in cells:
            cells[fact] = condition_cell(one)
        elif FACTS[fact].kind == NUMBER and one["op"] != "MISSING" and cells[fact][0] in "≥>≤<":
            cells[fact] += f"、{condition_cell(one)}"
        else:
            more.append(one)
    return cells, more


def _area(area: Mapping[str, Any], names: Mapping[str, str]) -> Entry:
    return {
        **{key: area.get(key, "") for key in ("code", "from", "to", "source")},
        "level": word_of(area["level"], words.LEVELS),
        "name": names.get(area["code"], ""),
    }


def _question(question: Mapping[str, Any]) -> list[Entry]:
    """A row, and one more for each further choice."""
    first = {
        **{key: question[key] for key in ("key", "zh", "en")},
        "kind": word_of(question["kind"], words.QUESTION_KINDS),
        "directions": "、".join(word_of(one, words.DIRECTIONS) for one in question["directions"]),
    }
    choices = [
        {"choice": one["code"], "choice_zh": one["zh"], "choice_en": one["en"]}
        for one in question.get("choices", ())
    ]
    return [{**first, **(choices[0] if choices else {})}, *choices[1:]]


def _table(sheet: Worksheet, head: int, columns: Sequence[Column], entries: Sequence[Entry]) -> None:
    for number, column in enumerate(columns, 1):
        cell = _put(sheet.cell(head, number), column.names[0], _BOLD)
        cell.fill, cell.border = _HEAD, _BOX
        sheet.column_dimensions[get_column_letter(number)].width = column.width
        _choose(sheet, column.key, number, head + 1, head + len(entries) + SPARE_ROWS)
        for line, entry in enumerate(entries, head + 1):
            said = entry.get(column.key, "")
            cell = sheet.cell(line, number)
            cell.border = _BOX
            if said != "":
                _put(cell, said, _FONT)
    sheet.freeze_panes = sheet.cell(head + 1, 2)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A3 if sheet.title == RULES else sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0
    sheet.print_title_rows = f"{head}:{head}"


def _choose(sheet: Worksheet, key: str, column: int, first: int, last: int) -> None:
    """A list to choose from, which does not forbid to write 非 返乡 or a code."""
    known = _CHOSEN[sheet.title].get(key)
    if known is None:
        return
    letter = get_column_letter(column)
    listed = ",".join(word_of(code, known) for code in known)
    choice = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=False)
    choice.add(f"{letter}{first}:{letter}{last}")
    sheet.add_data_validation(choice)


def _put(cell: Cell, said: str | int, font: Font) -> Cell:
    """A text is a text, whatever it begins with: nothing becomes a formula, and 42 no number."""
    cell.value = said
    if isinstance(said, str):
        cell.data_type, cell.number_format = "s", "@"
        cell.quotePrefix = said[:1] in "=+-@"
    cell.font = font
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _guide(sheet: Worksheet) -> None:
    for line, (name, said) in enumerate(guide(), 1):
        _put(sheet.cell(line, 1), name, _BOLD if not said else _FONT)
        if said:
            _put(sheet.cell(line, 2), said, _FONT)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 22, 110
