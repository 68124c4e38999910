"""What became of a record: registered, corrected (who, when, why, from what to what), met by another one of its id.

Values are put into words here, as far as whoever looks may see them: a page shows them as they are.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from lianfang.checkpoints.models import ConflictItem, Correction, Passage, Registration
from lianfang.checkpoints.opening import State, open_correction, open_passage, open_person
from lianfang.kernel.masking import OPENED, Sight

ANSWERS = "answers"
_YES_NO = {True: "YES", False: "NO"}
REGISTERED, CORRECTED, CONFLICT = "REGISTERED", "CORRECTED", "CONFLICT"


class Who(NamedTuple):
    """kind DEVICE or OFFICER, and the name people know them by."""

    kind: str
    name: str


class Change(NamedTuple):
    """One field of the contract, or one question (`answers.KEY`), before and after, in words. Empty text: nothing there."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a record; `person` is the place in the party (1 is the first), None the passage itself.

    `reason` and `changes` belong to corrections; `state` says why a correction shows none. `rule_set` decided about the
    person, and has the words of its questions.
    """

    kind: str
    occurred_at: datetime
    received_at: datetime
    who: Who
    person: int | None
    reason: str | None = None
    changes: tuple[Change, ...] = ()
    state: State = State.OPEN
    rule_set: str = ""


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
    sight: Sight,
) -> list[Event]:
    """The events of one record, as they were received. Corrections come ordered by (occurred_at, id)."""
    opened = open_person(record) if isinstance(record, Registration) else open_passage(record)
    registered = Event(REGISTERED, record.occurred_at, record.received_at, names.of(record), person)
    corrected = _corrected(dict(opened.fields), opened.state, corrections, person, names, sight)
    rule_set = record.rule_set if isinstance(record, Registration) else ""
    met = (
        Event(CONFLICT, conflict.received_at, conflict.received_at, names.of(conflict), person)
        for conflict in conflicts
    )
    events = (replace(event, rule_set=rule_set) for event in (registered, *corrected, *met))
    return sorted(events, key=lambda event: event.received_at)


def _corrected(
    fields: dict[str, Any],
    state: State,
    corrections: Sequence[Correction],
    person: int | None,
    names: Names,
    sight: Sight,
) -> Iterator[Event]:
    """Each correction with what it changed in what stood before it; nothing of that once the original is destroyed."""
    for row in corrections:
        opened = open_correction(row)
        if state == State.OPEN:
            given = opened.fields.get("fields", {})
            shown, reason = opened.state, sight.text(opened.fields.get("reason")) or None
        else:
            given, shown, reason = {}, state, None
        changes = tuple(
            change
            for name, value in given.items()
            for change in _changes(name, fields.get(name), value, sight)
        )
        fields.update(given)
        yield Event(
            CORRECTED, row.occurred_at, row.received_at, names.of(row), person, reason, changes, shown
        )


def _changes(name: str, before: Any, after: Any, sight: Sight) -> Iterator[Change]:
    """Of the answers, those to questions that were answered otherwise."""
    if name != ANSWERS:
        yield Change(name, in_words(name, before, sight), in_words(name, after, sight))
        return
    earlier, later = dict(before or {}), dict(after or {})
    for key in earlier | later:
        words = [answer_in_words(key, told.get(key), sight) for told in (earlier, later)]
        if words[0] != words[1]:
            yield Change(f"{ANSWERS}.{key}", *words)


def answer_in_words(question: str, answer: Any, sight: Sight) -> str:
    """YES, NO, a code or a number as they are, for the page to word; anybody's own words as far as they may be seen."""
    if answer is None:
        return ""
    if isinstance(answer, bool):
        return _YES_NO[answer]
    # The destination as it was read on paper is an address.
    return (sight.address if question == "paper_to" else sight.text)(answer)


def in_words(field: str, value: Any, sight: Sight = OPENED) -> str:
    """A field's value on one line. Codes of closed lists stay codes: the page has their words."""
    if value is None or value == [] or value == {}:
        return ""
    if field in _WORDS:
        return _WORDS[field](value, sight)
    if isinstance(value, list):
        return "、".join(str(part) for part in value)
    return str(value)


def _joined(*parts: Any) -> str:
    return " ".join(str(part) for part in parts if part not in (None, ""))


def _each(word: Callable[[Mapping[str, Any]], str]) -> "Word":
    return lambda values, _sight: "；".join(word(value) for value in values)


Word = Callable[[Any, Sight], str]
_WORDS: dict[str, Word] = {
    "name": lambda value, sight: sight.name(value),
    "document": lambda value, sight: _joined(value.get("type"), sight.document(value.get("number"))),
    "phone": lambda value, sight: sight.phone(value),
    "born_on": lambda value, sight: sight.born_on(value),
    "occupation": lambda value, sight: sight.text(value),
    "vehicle_note": lambda value, sight: sight.text(value),
    "stays": _each(
        lambda stay: _joined(stay.get("code"), f"{stay.get('from') or ''}–{stay.get('to') or ''}".strip("–"))
    ),
    "destination": lambda value, sight: _joined(value.get("code"), sight.address(value.get("address"))),
    "temperatures": _each(
        lambda reading: _joined(reading.get("celsius"), reading.get("state"), reading.get("site"))
    ),
    "trip": lambda value, _sight: _joined(value.get("number"), value.get("carriage"), value.get("seat")),
    "case_contact": lambda value, _sight: _YES_NO[bool(value)],
    "resident": lambda value, _sight: _YES_NO[bool(value)],
    "shown": lambda value, _sight: _joined(*(value.get("measures") or ())),
}
