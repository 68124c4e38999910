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


class PersonFacts(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
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


class DoorFacts(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What is said about a door."""

    address: str = ""
    note: str = ""


REMARKS = ("LIVES_ALONE", "PREGNANT", "CHRONIC", "DISABLED", "INFANT", "AWAY", "FROM_HUBEI", "OTHER")
FIELDS = frozenset(PersonFacts.__struct_fields__) - {"earlier"}
canonical = msgspec.json.Encoder(order="deterministic").encode


class Keys(NamedTuple):
    """What somebody is found by: the document's and the telephone's match keys, where there are any."""

    document: str | None
    phone: str | None


def keys_of(facts: PersonFacts, *, on: date) -> Keys:
    told = facts.document
    document = documents.normalise(told.type, told.number, on=on).match_key if told and told.number else ""
    phone = phones.read(facts.phone).key if facts.phone else ""
    return Keys(document or None, f"PHONE:{phone}" if phone else None)


def indexes(month: IndexKey, keys: Keys) -> tuple[bytes | None, bytes | None]:
    """The blind indexes of a document and a telephone, under the key of the month in which the file was opened."""
    return month.optional_index(keys.document), month.optional_index(keys.phone)


def changed(facts: PersonFacts, fields: Mapping[str, Any]) -> PersonFacts:
    """The facts with these fields (as JSON has them) in place of theirs; None takes one away."""
    told = {**msgspec.to_builtins(facts), **fields}
    return msgspec.convert({name: value for name, value in told.items() if value is not None}, PersonFacts)


class Call(NamedTuple):
    """What calls for somebody's file, a value from above: e.g. REGISTRATION and its id, and the row of the rule set."""

    kind: str
    reference: str
    rule_set: str | None = None
    rule_row: str | None = None


class Wanted(NamedTuple):
    """Whose file is called for, and the home division (6 to 18 digits) in which it is opened if there is none yet."""

    call: Call
    facts: PersonFacts
    division: str


class Opened(NamedTuple):
    """The file that answers a call. `jurisdiction`: where it lies, which may be elsewhere than was asked.

    `is_new`: it was opened now. `is_cleared`: it was forgotten on schedule, and nothing brings it back.
    """

    id: UUID
    jurisdiction: int
    is_new: bool = False
    is_cleared: bool = False
