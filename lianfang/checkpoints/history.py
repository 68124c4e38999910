"""What became of a record: registered, corrected (who, when, why, from what to what), met by another one of its id.

Values are put into words here, numbers masked: a page shows them as they are.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from lianfang.checkpoints.models import ConflictItem, Correction, Passage, Registration
from lianfang.checkpoints.opening import State, open_correction, open_passage, open_person
from lianfang.kernel import phones, resident_id
from lianfang.kernel.as_typed import plain_number

REGISTERED, CORRECTED, CONFLICT = "REGISTERED", "CORRECTED", "CONFLICT"


class Who(NamedTuple):
    """kind DEVICE or OFFICER, and the name people know them by."""

    kind: str
    name: str


class Change(NamedTuple):
    """One field of the contract, before and after, in words; numbers are masked. Empty text: nothing stood there."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a record; `person` is the place in the party (1 is the first), None the passage itself.

    `reason` and `changes` belong to corrections; `state` says why a correction shows none.
    """

    kind: str
    occurred_at: datetime
    received_at: datetime
    who: Who
    person: int | None
    reason: str | None = None
    changes: tuple[Change, ...] = ()
    state: State = State.OPEN


class Names(NamedTuple):
    """Names of devices and officers by id."""

    devices: Mapping[UUID, str]
    officers: Mapping[UUID, str]

    def of(self, row: Passage | Registration | Correction | ConflictItem) -> Who:
        officer = row.officer_id if isinstance(row, Correction) else None
        if officer is not None:
            return Who("OFFICER", self.officers.get(officer, ""))
        return Who("DEVICE", self.devices.get(row.device_id, "") if row.device_id else "")


def history(
    *,
    record: Passage | Registration,
    person: int | None,
    corrections: Sequence[Correction],
    conflicts: Sequence[ConflictItem],
    names: Names,
) -> list[Event]:
    """The events of one record, as they were received. Corrections come ordered by (occurred_at, id)."""
    opened = open_person(record) if isinstance(record, Registration) else open_passage(record)
    registered = Event(REGISTERED, record.occurred_at, record.received_at, names.of(record), person)
    corrected = _corrected(dict(opened.fields), opened.state, corrections, person, names)
    met = (
        Event(CONFLICT, conflict.received_at, conflict.received_at, names.of(conflict), person)
        for conflict in conflicts
    )
    return sorted([registered, *corrected, *met], key=lambda event: event.received_at)


def _corrected(
    fields: dict[str, Any],
    state: State,
    corrections: Sequence[Correction],
    person: int | None,
    names: Names,
) -> Iterator[Event]:
    """Each correction with what it changed in what stood before it; nothing of that once the original is destroyed."""
    for row in corrections:
        opened = open_correction(row)
        if state == State.OPEN:
            given = opened.fields.get("fields", {})
            shown, reason = opened.state, opened.fields.get("reason")
        else:
            given, shown, reason = {}, state, None
        changes = tuple(
            Change(name, in_words(name, fields.get(name)), in_words(name, value))
            for name, value in given.items()
        )
        fields.update(given)
        yield Event(
            CORRECTED, row.occurred_at, row.received_at, names.of(row), person, reason, changes, shown
        )


def in_words(field: str, value: Any) -> str:
    """A field's value on one line. Codes of closed lists stay codes: the page has their words."""
    if value is None or value == [] or value == {}:
        return ""
    if field in _WORDS:
        return _WORDS[field](value)
    if isinstance(value, list):
        return "、".join(str(part) for part in value)
    return str(value)


def masked_document(document: Mapping[str, Any]) -> str:
    """210727********2019"""
    return resident_id.mask(plain_number(document.get("number") or ""))


def masked_phone(phone: str) -> str:
    """139****0001"""
    return phones.mask(phones.read(phone).key or plain_number(phone))


def _joined(*parts: Any) -> str:
    return " ".join(str(part) for part in parts if part not in (None, ""))


def _each(word: Callable[[Mapping[str, Any]], str]) -> Callable[[Any], str]:
    return lambda values: "；".join(word(value) for value in values)


_WORDS: dict[str, Callable[[Any], str]] = {
    "document": lambda value: _joined(value.get("type"), masked_document(value)),
    "phone": masked_phone,
    "stays": _each(
        lambda stay: _joined(stay.get("code"), f"{stay.get('from') or ''}–{stay.get('to') or ''}".strip("–"))
    ),
    "destination": lambda value: _joined(value.get("code"), value.get("address")),
    "temperatures": _each(
        lambda reading: _joined(reading.get("celsius"), reading.get("state"), reading.get("site"))
    ),
    "trip": lambda value: _joined(value.get("number"), value.get("carriage"), value.get("seat")),
    "case_contact": lambda value: "YES" if value else "NO",
    "answers": lambda value: "；".join(f"{question}: {answer}" for question, answer in value.items()),
    "shown": lambda value: _joined(*(value.get("measures") or ())),
}
