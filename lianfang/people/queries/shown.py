"""A person and a door as they are shown: masked in lists, opened in a file, unmasked for a purpose that is noted."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from lianfang.kernel import documents
from lianfang.kernel.masking import Sight, as_recorded
from lianfang.people.facts import DoorTold, PersonTold
from lianfang.people.models import Household, Person
from lianfang.people.opening import FileState, open_door, open_person


@dataclass(frozen=True, slots=True)
class PersonInView:
    """Somebody as far as whoever asks may see. `age` as of the day asked, None where nobody knows."""

    id: UUID
    state: FileState
    name: str
    sex: str | None
    born_on: str
    age: int | None
    nationality: str | None
    occupation: str
    document_type: str
    document: str
    phone: str
    other_phones: tuple[str, ...]
    address: str
    remarks: tuple[str, ...]
    note: str
    closed: bool


class DoorShown(NamedTuple):
    """A door: where it is and what is noted of it. The address is shown whole: who walks a grid must find its doors."""

    id: UUID
    code: str
    division: str
    address: str
    note: str


def person_shown(row: Person, sight: Sight, *, on: date) -> PersonInView:
    opened = open_person(row)
    return shown(row, opened.state, opened.facts, sight, on=on)


def shown(row: Person, state: FileState, facts: PersonTold, sight: Sight, *, on: date) -> PersonInView:
    """The same of a file that was opened already."""
    told = facts.document
    read = documents.normalise(told.type, told.number, on=on) if told else None
    born = facts.born_on or (read.born_on.isoformat() if read and read.born_on else None)
    return PersonInView(
        id=row.id,
        state=state,
        name=sight.name(facts.name),
        sex=facts.sex or (read.sex if read else None),
        born_on=sight.born_on(born),
        age=_age(born, on) if born else _age_told(facts, on),
        nationality=facts.nationality,
        occupation=sight.text(facts.occupation),
        document_type=told.type if told else documents.NONE,
        document=sight.document(told.number if told else ""),
        phone=sight.phone(facts.phone),
        other_phones=tuple(sight.phone(phone) for phone in facts.other_phones),
        address=sight.address(facts.address),
        remarks=facts.remarks,
        note=sight.text(facts.note),
        closed=row.closed_at is not None,
    )


def door_shown(row: Household, sight: Sight) -> DoorShown:
    facts: DoorTold = open_door(row).facts
    return DoorShown(row.id, row.code, row.division, as_recorded(facts.address), sight.text(facts.note))


def _age(born: str, on: date) -> int | None:
    try:
        day = date.fromisoformat(born)
    except ValueError:
        return None
    age = on.year - day.year - ((on.month, on.day) < (day.month, day.day))
    return age if 0 <= age <= 130 else None


def _age_told(facts: PersonTold, on: date) -> int | None:
    """What was told then, with the years since."""
    if facts.age_told is None:
        return None
    return facts.age_told + (on.year - date.fromisoformat(facts.told_on).year if facts.told_on else 0)
