"""Opening what was sealed, and laying corrections over it: a record as it stands now.

A record whose day key was destroyed, or whose blob was cleared, does not open any more; that is a state to be shown,
never an error. Callers hold the rows already, so row-level security has let them through.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Generic, TypeVar

import msgspec

from lianfang.checkpoints.intake.closed_lists import unique
from lianfang.checkpoints.intake.passages import read_fields
from lianfang.checkpoints.intake.people import read_person
from lianfang.checkpoints.intake.shapes import PassageFields, Person
from lianfang.checkpoints.models import ConflictItem, Correction, Passage, Registration
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.sealing import DayKey, Unreadable, is_kept

Sealed = Passage | Registration | Correction | ConflictItem
R = TypeVar("R", Passage, Registration)


class State(StrEnum):
    """Whether a record's sealed part can be read."""

    OPEN = "OPEN"
    DESTROYED = "DESTROYED"
    UNREADABLE = "UNREADABLE"


SAID = {
    State.OPEN: {"zh": "", "en": ""},
    State.DESTROYED: {"zh": "已按期销毁", "en": "destroyed on schedule"},
    State.UNREADABLE: {"zh": "内容无法打开，请联系管理员", "en": "cannot be opened; tell the administrator"},
}


@dataclass(frozen=True, slots=True)
class Opened:
    """A sealed part: the fields as the contract names them, none unless OPEN."""

    state: State
    fields: dict[str, Any]

    @property
    def say(self) -> dict[str, str]:
        """What people read in place of the fields: {"zh", "en"}, both empty when there is nothing to say."""
        return SAID[self.state]


def open_passage(row: Passage) -> Opened:
    """A passage's header (lane, plate, crew, trip …) as it was registered."""
    return _open(row, record_id=row.id.bytes)


def open_person(row: Registration) -> Opened:
    """A person (name, document, phone, address …) as they were registered."""
    return _open(row, record_id=row.id.bytes)


def open_correction(row: Correction) -> Opened:
    """A correction: `fields`, `reason`, `officer`."""
    return _open(row, record_id=row.id.bytes)


def _open(row: Sealed, *, record_id: bytes) -> Opened:
    if row.sealed is None:
        return Opened(State.DESTROYED, {})
    try:
        blob = bytes(row.sealed)
        key = _key_of(blob, row.captured_on)
        if key is None:
            return Opened(State.DESTROYED, {})
        return Opened(State.OPEN, msgspec.json.decode(key.unseal(blob, record_id)))
    except (Unreadable, msgspec.DecodeError):
        return Opened(State.UNREADABLE, {})


def _key_of(blob: bytes, captured_on: date) -> DayKey | None:
    """The day's key, or its kept key for what was sealed again; None once it was destroyed."""
    keys = key_folder()
    return keys.existing_kept(captured_on) if is_kept(blob) else keys.existing_day(captured_on)


@dataclass(frozen=True, slots=True)
class Standing(Generic[R]):
    """A record as it stands: the original with its corrections laid over it, in the order they happened.

    `fields` is the sealed part (none unless OPEN: later corrections do not outlive the original), `facts` the plain
    columns that corrections changed.
    """

    row: R
    state: State
    fields: dict[str, Any]
    facts: dict[str, Any]
    corrected: bool

    def fact(self, column: str) -> Any:
        """A plain column as corrected: the correction's where it names it (null included), else the row's own."""
        return self.facts[column] if column in self.facts else getattr(self.row, column)

    @property
    def day(self) -> date:
        """The day it counts on."""
        day = self.fact("captured_on")
        return date.fromisoformat(day) if isinstance(day, str) else day

    @property
    def flags(self) -> tuple[str, ...]:
        """What is odd or missing (待补) now: a correction takes flags away, or brings new ones."""
        given: tuple[str, ...] = tuple(receipt_of(self.row)["flags"])
        if not self.corrected or self.state != State.OPEN:
            return given
        return unique([*self._lasting(given), *_odd(self.row, self.fields)])

    def _lasting(self, given: Iterable[str]) -> list[str]:
        """The flags that do not come from the fields: of the clock, the id, the post."""
        lasting = {"ID_TIME", "CAPTURED_OUTSIDE_ENROLMENT"}
        if "captured_on" not in self.facts:
            lasting.add("CLOCK")
        if "checkpoint" not in self.facts:
            lasting |= {"UNKNOWN_CHECKPOINT", "OTHER_CHECKPOINT"}
        return [flag for flag in given if flag in lasting]


def standing(row: R, corrections: Sequence[Correction]) -> Standing[R]:
    """The record with its corrections, which come ordered by (occurred_at, id)."""
    opened = _open(row, record_id=row.id.bytes)
    fields, facts = dict(opened.fields), {}
    for correction in corrections:
        facts.update(correction.facts)
        if opened.state == State.OPEN:
            fields.update(open_correction(correction).fields.get("fields", {}))
    return Standing(row, opened.state, fields, facts, bool(corrections))


def receipt_of(row: Passage | Registration | Correction) -> dict[str, Any]:
    """What was answered when the record came: flags, and a person's measures."""
    return msgspec.json.decode(row.receipt)


def _odd(row: Passage | Registration, fields: dict[str, Any]) -> list[str]:
    """Everything odd about the fields, read as the intake reads them."""
    if isinstance(row, Registration):
        return read_person(msgspec.convert(fields, Person), on=row.captured_on).flags
    flags: list[str] = []
    read_fields(msgspec.convert(fields, PassageFields), flags)
    return flags
