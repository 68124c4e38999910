"""Corrections: which fields of which kind of record they replace, and the plain facts that change with them.

Devices send them to the intake, officers make them at the desk; both are read and kept by the same code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from lianfang.checkpoints.intake.closed_lists import DIRECTIONS, PURPOSES, TRANSPORTS, one_of, unique
from lianfang.checkpoints.intake.moments import Moment, id_is_of_its_time, read_moment
from lianfang.checkpoints.intake.passages import read_plate
from lianfang.checkpoints.intake.people import PersonRead, read_person
from lianfang.checkpoints.intake.reading import Unread
from lianfang.checkpoints.intake.reception import Post
from lianfang.checkpoints.intake.rows import digest_of
from lianfang.checkpoints.intake.shapes import Correction, PassageFields, Person, PersonFields
from lianfang.kernel.key_folder import KeyFolder

PASSAGE_FIELDS = frozenset(PassageFields.__struct_encode_fields__)
PERSON_FIELDS = frozenset(PersonFields.__struct_encode_fields__)

# Which plain facts follow from which field a person's correction names.
_FACTS_OF_FIELD = {
    "document": ("document_type", "age"),
    "born_on": ("age",),
    "from_code": ("from_code",),
    "stays": ("stays",),
    "destination": ("destination_code",),
    "temperatures": ("celsius_tenths", "temperature_state"),
    "symptoms": ("symptoms",),
    "case_contact": ("case_contact",),
    "resident": ("resident",),
    "answers": ("answer_codes",),
}


class CorrectionRow(NamedTuple):
    """One row of `correction`, in the order of the insert."""

    id: UUID
    digest: bytes
    receipt: str
    received_at: datetime
    occurred_at: datetime
    captured_on: date
    captured_hour: int
    checkpoint: str
    jurisdiction: int
    device_id: UUID | None
    officer_id: UUID | None
    of: UUID
    target: str
    facts: str
    plate_index: bytes | None
    document_index: bytes | None
    phone_index: bytes | None
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Author:
    """Who corrects, and where the correction lies: a device at its own checkpoint, an officer where the record lies."""

    post: Post
    device_id: UUID | None = None
    officer_id: UUID | None = None


class CorrectionRead(NamedTuple):
    """What a correction changes: the kind of record, the plain facts, and what is searched exactly afterwards."""

    target: str
    facts: dict[str, Any]
    plate_key: str | None
    document_key: str | None
    phone_key: str | None
    flags: list[str]


_canonical = msgspec.json.Encoder(order="deterministic").encode


def correction_content(correction: Correction) -> bytes:
    return _canonical(correction)


def read_correction(
    correction: Correction, moment: Moment, *, posts: Mapping[str, Post], received_at: datetime
) -> CorrectionRead | Unread:
    """What the correction changes, or why it cannot be read. An unknown field is ignored and flagged."""
    flags = list(moment.flags)
    named = correction.fields.keys() & (PASSAGE_FIELDS | PERSON_FIELDS)
    if named != correction.fields.keys():
        flags.append("UNKNOWN_FIELD")
    if not named:
        flags.append("INCOMPLETE")
    if named & PASSAGE_FIELDS and named & PERSON_FIELDS:
        return _mixed(correction)
    fields = {name: correction.fields[name] for name in named}
    try:
        if named & PERSON_FIELDS:
            return _of_person(fields, moment, flags)
        return _of_passage(fields, posts, received_at, flags)
    except msgspec.ValidationError as error:
        return Unread(
            correction.id, "UNREADABLE", f"更正无法读取：{error}", f"The correction cannot be read: {error}"
        )


def _mixed(correction: Correction) -> Unread:
    return Unread(
        correction.id,
        "MIXED_FIELDS",
        "一次更正只能改车辆或只能改一个人，请分开发送。",
        "One correction changes either the passage or one person: send two.",
    )


def _of_person(fields: dict[str, Any], moment: Moment, flags: list[str]) -> CorrectionRead:
    given = msgspec.convert(fields, PersonFields)
    read = read_person(_as_person(given), on=moment.captured_on)
    odd = set(read.flags) - {"INCOMPLETE"}  # a correction names only what changes
    facts = {
        name: value
        for field in fields
        for name, value in _plain_person_facts(read, _FACTS_OF_FIELD.get(field, ())).items()
    }
    return CorrectionRead("REGISTRATION", facts, None, read.document_key, read.phone_key, [*flags, *odd])


def _as_person(given: PersonFields) -> Person:
    return Person(id=UUID(int=0), **{name: getattr(given, name) for name in given.__struct_fields__})


def _plain_person_facts(read: PersonRead, names: tuple[str, ...]) -> dict[str, Any]:
    facts = read.facts._asdict()
    facts["stays"] = [{"code": c, "from": f, "to": t} for c, f, t in read.facts.stays]
    return {name: facts[name] for name in names}


def _of_passage(
    fields: dict[str, Any], posts: Mapping[str, Post], received_at: datetime, flags: list[str]
) -> CorrectionRead:
    given = msgspec.convert(fields, PassageFields)
    facts: dict[str, Any] = {}
    if "direction" in fields:
        _turn(given.direction, facts, flags)
    if "transport" in fields:
        facts["transport"] = one_of(given.transport, TRANSPORTS, "OTHER", flags)
    if "purpose" in fields:
        facts["purpose"] = one_of(given.purpose, PURPOSES, "OTHER", flags) if given.purpose else None
    if given.checkpoint is not None:
        _move(given.checkpoint, posts, facts, flags)
    if given.occurred_at is not None:
        _redate(given.occurred_at, received_at, facts, flags)
    plate_key = read_plate(given.plate, flags) if given.plate else None
    return CorrectionRead("PASSAGE", facts, plate_key, None, None, flags)


def _turn(direction: str | None, facts: dict[str, Any], flags: list[str]) -> None:
    if direction in DIRECTIONS:
        facts["direction"] = direction
    else:
        flags.append("UNKNOWN_VALUE")  # there is no third way: it stays as it was


def _move(code: str, posts: Mapping[str, Post], facts: dict[str, Any], flags: list[str]) -> None:
    post = posts.get(code)
    if post is None:
        flags.append("UNKNOWN_CHECKPOINT")
    else:
        facts["checkpoint"] = post.code


def _redate(text: str, received_at: datetime, facts: dict[str, Any], flags: list[str]) -> None:
    moment = read_moment(text, received_at=received_at)
    if moment is None or moment.flags:
        flags.append("CLOCK")  # the day it counts on stays as it was
    else:
        facts["captured_on"] = moment.captured_on
        facts["captured_hour"] = moment.captured_hour


def correction_row(
    correction: Correction,
    read: CorrectionRead,
    moment: Moment,
    *,
    author: Author,
    received_at: datetime,
    keys: KeyFolder,
) -> CorrectionRow:
    """The row of a correction, sealed under the day it was made on."""
    content = correction_content(correction)
    day = keys.day(moment.captured_on)
    month = keys.month(moment.captured_on)
    flags = list(read.flags)
    if not id_is_of_its_time(correction.id, received_ms=int(received_at.timestamp() * 1000)):
        flags.append("ID_TIME")
    return CorrectionRow(
        id=correction.id,
        digest=digest_of(day, b"CORRECTION", b"", content),
        receipt=msgspec.json.encode({"flags": unique(flags)}).decode(),
        received_at=received_at,
        occurred_at=moment.occurred_at,
        captured_on=moment.captured_on,
        captured_hour=moment.captured_hour,
        checkpoint=author.post.code,
        jurisdiction=author.post.jurisdiction,
        device_id=author.device_id,
        officer_id=author.officer_id,
        of=correction.of,
        target=read.target,
        facts=msgspec.json.encode(read.facts).decode(),
        plate_index=month.optional_index(read.plate_key),
        document_index=month.optional_index(read.document_key),
        phone_index=month.optional_index(read.phone_key),
        sealed=day.seal(content, correction.id.bytes),
    )
