"""What phones, importers and side doors send: the contract's request as structs.

Types are as wide as a record may be and still be read: a wrong type sets the record aside, an odd value does not.
Moments and dates stay text here, so that a retry is compared with what was sent and an odd date costs a flag only.
Field order is the canonical order: a struct encodes to the same bytes whatever order its fields arrived in.
"""

from typing import Any
from uuid import UUID

from msgspec import Raw, Struct


class Trip(Struct, omit_defaults=True):
    """A train or coach service: its number, carriage and seat."""

    number: str | None = None
    carriage: str | None = None
    seat: str | None = None


class Document(Struct, omit_defaults=True):
    type: str | None = None
    number: str | None = None


class Stay(Struct, omit_defaults=True, rename={"from_": "from"}):
    """A place stayed in, as a division code, from one day to another (both inclusive)."""

    code: str | None = None
    from_: str | None = None
    to: str | None = None


class Destination(Struct, omit_defaults=True):
    code: str | None = None
    address: str | None = None


class Temperature(Struct, omit_defaults=True):
    """One reading; `celsius` is null when it was too low to show or not taken."""

    celsius: float | None = None
    site: str | None = None
    state: str | None = None
    at: str | None = None


class Shown(Struct, omit_defaults=True):
    """What the phone told the traveller before the server could."""

    rule_set: str | None = None
    rows: list[str] | None = None
    measures: list[str] | None = None


class PersonFields(Struct, omit_defaults=True):
    """The fields of a person that a correction may replace."""

    name: str | None = None
    sex: str | None = None
    born_on: str | None = None
    nationality: str | None = None
    occupation: str | None = None
    document: Document | None = None
    guardian_id: UUID | None = None
    phone: str | None = None
    from_code: str | None = None
    stays: list[Stay] | None = None
    destination: Destination | None = None
    temperatures: list[Temperature] | None = None
    symptoms: list[str] | None = None
    case_contact: bool | None = None
    resident: bool | None = None
    answers: dict[str, Any] | None = None
    shown: Shown | None = None


class Person(PersonFields, omit_defaults=True, kw_only=True):
    id: UUID


class PassageFields(Struct, omit_defaults=True):
    """The fields of a passage that a correction may replace."""

    checkpoint: str | None = None
    lane: str | int | None = None
    officer: str | None = None
    crew: list[str] | None = None
    direction: str | None = None
    source: str | None = None
    form: str | None = None
    seq: int | None = None
    declaration_id: UUID | None = None
    transport: str | None = None
    plate: str | None = None
    vehicle_note: str | None = None
    trip: Trip | None = None
    roster_expected: int | None = None
    purpose: str | None = None
    occurred_at: str | None = None


class Header(PassageFields, omit_defaults=True, kw_only=True):
    """A passage without its people: a record of its own."""

    id: UUID
    occurred_at: str


class Passage(Header, omit_defaults=True, kw_only=True):
    people: list[Person] | None = None


class LoosePassage(Header, omit_defaults=True, kw_only=True):
    """A passage whose people are read one by one, since one of them could not be read."""

    people: list[Raw] | None = None


class Correction(Struct, omit_defaults=True, kw_only=True):
    """A later event that supersedes fields of the record `of`."""

    id: UUID
    of: UUID
    fields: dict[str, Any]
    occurred_at: str
    reason: str | None = None
    officer: str | None = None


class SealingSession(Struct, kw_only=True):
    """The key a phone sealed records with, itself sealed to the outbox key `key_id` names. Bytes travel as base64."""

    key_id: str
    wrapped_key: bytes


class Item(Struct, kw_only=True):
    """A record by its kind; SEALED holds one of the two others, bound to `id`, which is that record's own."""

    kind: str
    passage: Passage | None = None
    correction: Correction | None = None
    id: UUID | None = None
    session: SealingSession | None = None
    nonce: bytes | None = None
    ciphertext: bytes | None = None


class LooseItem(Struct, kw_only=True):
    kind: str
    passage: LoosePassage | None = None


class Parcel(Struct, kw_only=True):
    items: list[Item]
    parcel_id: str | None = None
    sent_at: str | None = None
    clock_offset_ms: float | None = None
    device_seq: int | None = None


class LooseParcel(Struct, kw_only=True):
    """The same with everything unread: what remains when one bad record would sink the whole."""

    items: list[Raw] | None = None
    parcel_id: Any = None
    clock_offset_ms: Any = None
