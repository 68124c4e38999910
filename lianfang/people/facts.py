"""What is said about a person and a door: sealed as canonical JSON, and read for what can be looked up."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from lianfang.kernel import documents, phones
from lianfang.kernel.sealing import IndexKey


class DocumentTold(msgspec.Struct, frozen=True, omit_defaults=True):
    """A document as it was told: its kind and its number, as typed."""

    type: str
    number: str = ""


class Earlier(msgspec.Struct, frozen=True, omit_defaults=True):
    """What stood before an amendment: by field, as it was; who amended it, when, and why."""

    at: datetime
    by: UUID
    reason: str
    before: dict[str, Any]


class PersonTold(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What is said about a person. `born_on` as 2020-02-13; `age_told` of the day `told_on`, where nobody knows the birth date.

    `remarks` are codes such as LIVES_ALONE; `note` is somebody's words, with whatever else was told and has no field;
    `earlier` is what amendments replaced, the newest last.
    """

    name: str = ""
    sex: str | None = None
    born_on: str | None = None
    age_told: int | None = None
    told_on: str | None = None
    nationality: str | None = None
    occupation: str | None = None
    document: DocumentTold | None = None
    phone: str = ""
    other_phones: tuple[str, ...] = ()
    address: str = ""
    remarks: tuple[str, ...] = ()
    note: str = ""
    earlier: tuple[Earlier, ...] = ()


class DoorTold(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What is said about a door."""

    address: str = ""
    note: str = ""


REMARKS = ("LIVES_ALONE", "PREGNANT", "CHRONIC", "DISABLED", "INFANT", "AWAY", "FROM_HUBEI", "OTHER")
FIELDS = frozenset(PersonTold.__struct_fields__) - {"earlier"}
canonical = msgspec.json.Encoder(order="deterministic").encode


class MatchKeys(NamedTuple):
    """What somebody is found by: the document's match key, the first telephone's and those of the others, where there are any."""

    document: str | None
    phone: str | None
    other_phones: tuple[str, ...] = ()

    @property
    def phones(self) -> tuple[str, ...]:
        return ((self.phone,) if self.phone else ()) + self.other_phones


def keys_of(facts: PersonTold, *, on: date) -> MatchKeys:
    told = facts.document
    document = documents.normalise(told.type, told.number, on=on).match_key if told and told.number else ""
    first = _phone_key(facts.phone)
    others = dict.fromkeys(key for phone in facts.other_phones if (key := _phone_key(phone)) and key != first)
    return MatchKeys(document or None, first, tuple(others))


def _phone_key(phone: str) -> str | None:
    key = phones.read(phone).key if phone else ""
    return f"PHONE:{key}" if key else None


class Indexes(NamedTuple):
    """The blind indexes of MatchKeys, under the key of the month in which the file was opened."""

    document: bytes | None
    phone: bytes | None
    other_phones: tuple[bytes, ...]


def indexes(month: IndexKey, keys: MatchKeys) -> Indexes:
    others = tuple(month.index(key) for key in keys.other_phones)
    return Indexes(month.optional_index(keys.document), month.optional_index(keys.phone), others)


def changed(facts: PersonTold, fields: Mapping[str, Any]) -> PersonTold:
    """The facts with these fields (as JSON has them) in place of theirs; None takes one away."""
    told = {**msgspec.to_builtins(facts), **fields}
    return msgspec.convert({name: value for name, value in told.items() if value is not None}, PersonTold)


class Call(NamedTuple):
    """What calls for somebody's file, a value from above: e.g. REGISTRATION and its id, and the row of the rule set."""

    kind: str
    reference: str
    rule_set: str | None = None
    rule_row: str | None = None


class WantedFile(NamedTuple):
    """Whose file is called for, and the home division (6 to 18 digits) in which it is opened if there is none yet."""

    call: Call
    facts: PersonTold
    division: str


class FileOpened(NamedTuple):
    """The file that answers a call. `jurisdiction`: where it lies, which may be elsewhere than was asked.

    `is_new`: it was opened now. `is_cleared`: it was forgotten on schedule, and nothing brings it back.
    """

    id: UUID
    jurisdiction: int
    is_new: bool = False
    is_cleared: bool = False
