"""What a row says: a door, a person, and everything about it that is odd. What has no place of its own goes into the note."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import msgspec

from lianfang.journeys.rosters.columns import (
    COLUMNS,
    OCCUPANCIES,
    RELATIONS,
    ROW_NUMBER,
    SEXES,
    STATES,
    code_of,
    heading,
)
from lianfang.journeys.rosters.reading import RosterTable
from lianfang.kernel import documents, phones
from lianfang.kernel.as_typed import plain
from lianfang.people.facts import DocumentTold, PersonTold
from lianfang.screening.sheets.paper import SheetLine, Value, as_text

_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE).fullmatch
_DAY = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?(?:00:00:00)?|(\d{4})(\d{2})(\d{2})").fullmatch
_AGE = re.compile(r"(\d{1,3})(?:周?岁)?").fullmatch
_BETWEEN_PHONES = re.compile(r"[、,，;；/\n|]|\s{1,}|或")
PERSONAL = tuple(key for key in dict.fromkeys(COLUMNS.values()) if key != "note")
EXACT = 10**15  # above it a number in a cell has lost its last digits


@dataclass(slots=True)
class RosterRow:
    """A row. `door` is as it is written, `person` None where nobody is named; `note` is then the door's. `flags` and `refused`
    are codes.
    """

    line: SheetLine
    door: str = ""
    grid: str = ""
    person: PersonTold | None = None
    relation: str = "UNKNOWN"
    state: str = "PRESENT"
    occupancy: str = "OCCUPIED"
    note: str = ""
    flags: list[str] = field(default_factory=list)
    refused: str = ""


class _Note(NamedTuple):
    """What had no place of its own: by heading."""

    said: list[str]

    def add(self, sheet: RosterTable, line: SheetLine, column: int) -> None:
        self.said.append(f"{sheet.headings.get(column, '')}：{line.text(column)}".lstrip("："))


def told_of(sheet: RosterTable, line: SheetLine, *, on: date, above: RosterRow | None) -> RosterRow:
    """`above`: the row before it, whose door counts where this one's is blank."""
    row = RosterRow(line)
    if line.number in sheet.broken:
        row.refused = "FORMULA"
        return row
    note = _Note([])
    row.door, row.grid = _text(sheet, line, "door"), _text(sheet, line, "grid")
    row.occupancy = _word(sheet, row, note, "occupancy", OCCUPANCIES, "OCCUPIED", "OCCUPANCY_UNKNOWN")
    name, number = _text(sheet, line, "name"), _text(sheet, line, "document")
    if name or number:
        row.person = _person(sheet, row, note, on)
    else:
        _rest(sheet, line, note, read=("door", "occupancy"))
        row.note = "；".join(note.said)
    if not row.door and row.person and above is not None and above.door:
        row.door, row.grid = above.door, row.grid or above.grid
        row.flags.append("DOOR_CARRIED")
    if row.person:
        row.person = msgspec.structs.replace(row.person, address=row.door)
    row.refused = _refused(row)
    if not row.refused and row.person is None and row.occupancy in ("OCCUPIED", "RENTED"):
        row.flags.append("DOOR_ONLY")
    return row


def _refused(row: RosterRow) -> str:
    if row.person is None and not row.door:
        return "EMPTY_ROW"
    return "" if row.door else "NO_DOOR"


def _person(sheet: RosterTable, row: RosterRow, note: _Note, on: date) -> PersonTold:
    line = row.line
    document = _document(sheet, row, note, on)
    born, age = _born(sheet, row, note), _age(sheet, row, note)
    several = _phones(sheet, row)
    relation = _word(sheet, row, note, "relation", RELATIONS, "UNKNOWN", "RELATION_UNKNOWN")
    row.relation = _headed(sheet, row, note, relation)
    row.state = _word(sheet, row, note, "state", STATES, "PRESENT", "STATE_UNKNOWN")
    sex = code_of(_text(sheet, line, "sex"), SEXES)
    if sex is None and _text(sheet, line, "sex"):
        note.add(sheet, line, sheet.columns["sex"])
    _rest(sheet, line, note, read=PERSONAL)
    if isinstance(born, int):  # an age where a birth date should stand
        born, age = None, age or born
    if born is None and age is not None and not (document and _says_birth(document, on)):
        row.flags.append("AGE_ONLY")
    return PersonTold(
        name=_text(sheet, line, "name"),
        sex=sex,
        born_on=born,
        age_told=age,
        told_on=on.isoformat() if age is not None else None,
        occupation=_text(sheet, line, "occupation") or None,
        document=document,
        phone=several[0] if several else "",
        other_phones=tuple(several[1:]),
        note="；".join(note.said),
    )


def _headed(sheet: RosterTable, row: RosterRow, note: _Note, relation: str) -> str:
    """Whose name stands as the household's head is the head; another's name there is kept in the note."""
    head = _text(sheet, row.line, "head")
    if head and head != _text(sheet, row.line, "name"):
        note.add(sheet, row.line, sheet.columns["head"])
    elif head and relation == "UNKNOWN":
        return "HEAD"
    return relation


def _document(sheet: RosterTable, row: RosterRow, note: _Note, on: date) -> DocumentTold | None:
    value = _cell(sheet, row.line, "document")
    if value is None:
        return None
    text = as_text(value)
    if (isinstance(value, int | float) and value >= EXACT) or _SCIENTIFIC(plain(text)):
        row.flags.append("DOCUMENT_SCIENTIFIC")
        note.add(sheet, row.line, sheet.columns["document"])
        return None
    for kind in (documents.RESIDENT_ID, documents.HM_PASS, documents.TW_PASS, documents.PASSPORT):
        if not documents.normalise(kind, text, on=on).flags:
            return DocumentTold(kind, text)
    row.flags.append("DOCUMENT_ODD")
    kind = documents.RESIDENT_ID if len(plain(text)) in (15, 17, 18, 19) else documents.OTHER
    return DocumentTold(kind, text)


def _says_birth(document: DocumentTold, on: date) -> bool:
    return documents.normalise(document.type, document.number, on=on).born_on is not None


def _phones(sheet: RosterTable, row: RosterRow) -> list[str]:
    said = as_text(_cell(sheet, row.line, "phone") or "").strip()
    several = [part for part in _BETWEEN_PHONES.split(said) if part]
    if any(phones.read(part).flags for part in several):
        several = [said]  # 139 0000 1234 and the like: one number, however it is spaced
    if len(several) > 1:
        row.flags.append("PHONES_SEVERAL")
    elif said and phones.read(said).flags:
        row.flags.append("PHONE_ODD")
    return [part for part in several if part]


def _born(sheet: RosterTable, row: RosterRow, note: _Note) -> str | int | None:
    """A birth date; an age that stands in its place; None where it says neither, which is noted as it stands."""
    value = _cell(sheet, row.line, "born_on")
    if value is None:
        return None
    if isinstance(value, date):
        return value.isoformat()
    said = plain(as_text(value))
    match = _DAY(said)
    if match:
        try:
            return date(*(int(part) for part in match.groups() if part)).isoformat()
        except ValueError:
            match = None
    if age := _AGE(said):
        return int(age[1])
    row.flags.append("BORN_ODD")
    note.add(sheet, row.line, sheet.columns["born_on"])
    return None


def _age(sheet: RosterTable, row: RosterRow, note: _Note) -> int | None:
    said = plain(_text(sheet, row.line, "age"))
    if not said:
        return None
    match = _AGE(said)
    if match and int(match[1]) <= 130:
        return int(match[1])
    note.add(sheet, row.line, sheet.columns["age"])
    return None


def _word(
    sheet: RosterTable, row: RosterRow, note: _Note, key: str, words: dict[str, str], usual: str, odd: str
) -> str:
    said = _text(sheet, row.line, key)
    if not said:
        return usual
    code = code_of(said, words)
    if code is None:
        row.flags.append(odd)
        note.add(sheet, row.line, sheet.columns[key])
    return code or usual


def _rest(sheet: RosterTable, line: SheetLine, note: _Note, *, read: Sequence[str]) -> None:
    """Remarks, and columns that nobody asked about: nothing that was written is lost."""
    done = {sheet.columns[key] for key in (*read, "grid") if key in sheet.columns}
    for column in sorted(line.cells):
        if column in done or heading(sheet.headings.get(column, "")) in ROW_NUMBER:
            continue
        if column == sheet.columns.get("note"):
            note.said.append(line.text(column))
        else:
            note.add(sheet, line, column)


def _cell(sheet: RosterTable, line: SheetLine, key: str) -> Value | None:
    column = sheet.columns.get(key)
    return line.cells.get(column) if column is not None else None


def _text(sheet: RosterTable, line: SheetLine, key: str) -> str:
    return line.text(sheet.columns.get(key))
