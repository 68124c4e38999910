"""Opening what is sealed in a file. Callers hold the row already, so row-level security has let them through."""

from enum import StrEnum
from typing import NamedTuple, TypeVar

import msgspec

from lianfang.kernel.file_keys import FileKey, file_key
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.sealing import Unreadable
from lianfang.people.facts import DoorFacts, PersonFacts, canonical
from lianfang.people.models import Household, Person

F = TypeVar("F", PersonFacts, DoorFacts)


class FileState(StrEnum):
    """Whether what is sealed in a file can be read."""

    OPEN = "OPEN"
    DESTROYED = "DESTROYED"
    UNREADABLE = "UNREADABLE"


class OpenPerson(NamedTuple):
    state: FileState
    facts: PersonFacts


class OpenDoor(NamedTuple):
    state: FileState
    facts: DoorFacts


def open_person(row: Person) -> OpenPerson:
    """Facts without anything in them unless OPEN."""
    return OpenPerson(*_open(row, PersonFacts))


def open_door(row: Household) -> OpenDoor:
    return OpenDoor(*_open(row, DoorFacts))


def sealed_again(row: Person | Household, facts: PersonFacts | DoorFacts) -> bytes | None:
    """The facts under the file's own key; None where the file was forgotten."""
    key = _key(row)
    return key.seal(canonical(facts)) if key else None


def _key(row: Person | Household) -> FileKey | None:
    wrapped = bytes(row.wrapped_key) if row.wrapped_key is not None else None
    return file_key(key_folder(), row.opened_on, row.id, wrapped)


def _open(row: Person | Household, facts: type[F]) -> tuple[FileState, F]:
    try:
        key = _key(row)
        if key is None or row.sealed is None:
            return FileState.DESTROYED, facts()
        return FileState.OPEN, msgspec.json.decode(key.unseal(bytes(row.sealed)), type=facts)
    except (Unreadable, msgspec.DecodeError):
        return FileState.UNREADABLE, facts()
