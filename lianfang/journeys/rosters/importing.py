"""Rows become doors, files and stays, in one transaction; each row is accepted, flagged or refused, and says why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from lianfang.journeys.rosters.placing import Doors, RowsOfPeople
from lianfang.journeys.rosters.reading import RosterTable, read_roster
from lianfang.journeys.rosters.telling import RosterRow, told_of
from lianfang.kernel.audit import Act, note
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import LEVELS, as_integer, canonical, is_code, level
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Refusal

ACCEPTED, FLAGGED, REFUSED = "ACCEPTED", "FLAGGED", "REFUSED"
_LEVELS = LEVELS[LEVELS.index("VILLAGE") :]


class RowImported(NamedTuple):
    """What became of a row. `number` is that of the sheet; `reasons` are codes."""

    number: int
    result: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """Every row that was read, in order: accepted + flagged + refused = read. `done`: it stands, and was not only tried."""

    sheet: RosterTable
    rows: tuple[RowImported, ...]
    households: int
    people: int
    done: bool

    @property
    def counts(self) -> Mapping[str, int]:
        found = Counter(row.result for row in self.rows)
        return {result: found[result] for result in (ACCEPTED, FLAGGED, REFUSED)}


def import_roster(
    *, by: Reach, at: datetime, division: str, data: bytes, name: str, try_only: bool = False
) -> Imported:
    """The table of a village, community or grid within reach. `try_only`: everything is done and taken back but its note.

    A trial costs nothing, so it never says who has a file in another county: that is asked when the table is loaded.
    """
    by.require("KEEP_PEOPLE")
    if not is_code(division) or level(division) not in _LEVELS:
        raise Refusal("DIVISION_UNKNOWN", "请选择所在的村（社区）或网格。", "Choose the village or grid.")
    by.require_cover(division)
    sheet = read_roster(data, name)
    rows = _rows(sheet, at)
    with reach(by) as seen:
        households, people = _placed(seen, at, canonical(division), rows, try_only=try_only)
        if try_only:
            transaction.set_rollback(True)
        imported = Imported(sheet, tuple(map(_imported, rows)), households, people, done=not try_only)
        if not try_only:
            _note(seen, division, imported)
    if try_only:
        with reach(by) as seen:
            _note(seen, division, imported)
    return imported


def _rows(sheet: RosterTable, at: datetime) -> list[RosterRow]:
    rows: list[RosterRow] = []
    for line in sheet.lines:
        rows.append(told_of(sheet, line, on=day_of(at), above=rows[-1] if rows else None))
    return rows


def _placed(
    seen: Reach, at: datetime, division: str, rows: Sequence[RosterRow], *, try_only: bool
) -> tuple[int, int]:
    """How many doors and files are new."""
    going = [row for row in rows if not row.refused]
    doors = Doors.of(seen, division, at)
    homes: dict[int, UUID] = doors.open(seen, at, going)
    people = RowsOfPeople.of(seen, at, going, homes, doors, ask_elsewhere=not try_only)
    people.open(reference=str(uuid7(at=at)))
    people.settle(seen)
    return doors.opened, people.opened


def _imported(row: RosterRow) -> RowImported:
    result = REFUSED if row.refused else FLAGGED if row.flags else ACCEPTED
    reasons = (row.refused,) if row.refused else tuple(dict.fromkeys(row.flags))
    return RowImported(row.line.number, result, reasons)


def _note(seen: Reach, division: str, imported: Imported) -> None:
    details: dict[str, Any] = {"division": canonical(division), "new": imported.people, **imported.counts}
    if not imported.done:
        details["trial"] = True
    note(
        Act.ROSTER_IMPORTED, by=seen, subject="HOUSEHOLD", count=len(imported.rows),
        jurisdiction=as_integer(division), details=details,
    )  # fmt: skip
