"""From shapes to rows: normalised, flagged, sealed, indexed. Nothing here waits, and nothing is refused.

A record is never lost for a missing or odd field: it is stored and flagged, and 待补 (INCOMPLETE) asks for the rest.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

import msgspec

from lianfang.checkpoints.intake.moments import Moment, id_is_of_its_time
from lianfang.checkpoints.intake.shapes import Header, PassageFields, Person, Temperature
from lianfang.kernel import divisions, documents, phones, plates
from lianfang.kernel.key_folder import KeyFolder
from lianfang.kernel.sealing import DayKey, IndexKey

DIRECTIONS = frozenset({"IN", "OUT"})
TRANSPORTS = frozenset(
    {"CAR", "TRUCK", "COACH", "BUS", "TAXI", "MOTORCYCLE", "TRAIN", "FOOT", "OTHER_VEHICLE", "OTHER"}
)
# What counts as one 台次: everything that stops at a lane. Train passengers and walkers count as people only.
VEHICLES = frozenset({"CAR", "TRUCK", "COACH", "BUS", "TAXI", "MOTORCYCLE", "OTHER_VEHICLE"})
PURPOSES = frozenset(
    {
        "RESIDENT_RETURN",
        "COMMUTE",
        "FREIGHT",
        "SUPPLIES",
        "TRANSIT",
        "MEDICAL",
        "EMERGENCY",
        "OFFICIAL",
        "VISIT",
        "OTHER",
    }
)
SOURCES = frozenset({"OFFICER", "DECLARATION", "PAPER", "IMPORT"})
DOCUMENT_TYPES = frozenset(
    {
        "RESIDENT_ID",
        "HMT_RESIDENCE",
        "HM_PASS",
        "TW_PASS",
        "PERMANENT_RESIDENCE",
        "PASSPORT",
        "OTHER",
        "NONE",
    }
)
TEMPERATURE_STATES = frozenset({"READ", "LOW", "NOT_TAKEN"})
_IS_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,63}").fullmatch
LOWEST_BODY_TENTHS, HIGHEST_BODY_TENTHS = (
    200,
    450,
)  # outside this a reading is a slip of the finger, not a fact


@dataclass(frozen=True, slots=True)
class Post:
    """What the intake knows of a checkpoint."""

    code: str
    jurisdiction: int


@dataclass(frozen=True, slots=True)
class Sender:
    """The device a token belongs to. `items_per_second` None: no budget."""

    id: UUID
    checkpoint: str
    enrolled_at: datetime
    expires_at: datetime
    revoked: bool
    items_per_second: int | None


@dataclass(frozen=True, slots=True)
class Reception:
    """What one request's records are made with: who sends, when it was received, under which keys, which posts exist."""

    sender: Sender
    received_at: datetime
    keys: KeyFolder
    posts: Mapping[str, Post]
    received_ms: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "received_ms", int(self.received_at.timestamp() * 1000))


class PassageRow(NamedTuple):
    """One row of `passage`, in the order of the insert."""

    id: UUID
    digest: bytes
    receipt: str
    received_at: datetime
    occurred_at: datetime
    captured_on: date
    captured_hour: int
    checkpoint: str
    jurisdiction: int
    device_id: UUID
    direction: str
    transport: str
    purpose: str | None
    source: str
    officer: str | None
    roster_expected: int | None
    plate_index: bytes | None
    sealed: bytes


class RegistrationRow(NamedTuple):
    """One row of `registration`, in the order of the insert. Lists travel as text and are cast by the statement."""

    id: UUID
    digest: bytes
    receipt: str
    received_at: datetime
    occurred_at: datetime
    captured_on: date
    captured_hour: int
    checkpoint: str
    jurisdiction: int
    device_id: UUID
    passage_id: UUID
    place_in_party: int
    direction: str
    transport: str
    purpose: str | None
    from_code: str | None
    destination_code: str | None
    document_type: str
    age: int | None
    stays: str
    celsius_tenths: int | None
    temperature_state: str | None
    symptoms: str
    case_contact: bool | None
    rule_set: str
    rule_rows: str
    measures: str
    document_index: bytes | None
    phone_index: bytes | None
    sealed: bytes


class Decided(NamedTuple):
    """What screening decided for a person, as the row keeps it: few decisions are ever made, so each is worded once.

    `rows` and `kinds` are array literals; `measures` is the receipt's list as JSON, sentences apart.
    """

    rule_set: str
    rows: str
    kinds: str
    measures: str


class PersonFacts(NamedTuple):
    """The plain facts of a person: what rules and counters read, and what a correction may supersede."""

    from_code: str | None
    destination_code: str | None
    document_type: str
    age: int | None
    stays: list[tuple[str, date | None, date | None]]
    celsius_tenths: int | None
    temperature_state: str | None
    symptoms: list[str]
    case_contact: bool | None


class PersonRead(NamedTuple):
    """A person's facts with what is searched exactly and what is odd."""

    facts: PersonFacts
    document_key: str | None
    phone_key: str | None
    flags: list[str]


@dataclass(frozen=True, slots=True)
class PassageFacts:
    """A header read: what its people inherit."""

    post: Post
    direction: str
    transport: str
    purpose: str | None
    source: str
    plate_key: str | None
    flags: tuple[str, ...]


_canonical = msgspec.json.Encoder(order="deterministic").encode


def header_content(header: Header) -> bytes:
    """The canonical bytes of a passage without its people: digested, and sealed as they are."""
    people, header.people = getattr(header, "people", None), None  # type: ignore[attr-defined]
    try:
        return _canonical(header)
    finally:
        header.people = people  # type: ignore[attr-defined]


def person_content(person: Person) -> bytes:
    return _canonical(person)


def digest_of(key: DayKey, kind: bytes, parent: bytes, content: bytes) -> bytes:
    """An HMAC under the day's key over kind, parent (a person's passage) and canonical content."""
    return key.digest(kind + parent + content)


def one_of(value: str | None, known: frozenset[str], otherwise: str, flags: list[str]) -> str:
    """A value of a closed list; an unknown one becomes `otherwise`, flagged (its raw text stays sealed)."""
    if value is None:
        flags.append("INCOMPLETE")
        return otherwise
    if value in known:
        return value
    flags.append("UNKNOWN_VALUE")
    return otherwise


def read_header(header: Header, moment: Moment, reception: Reception) -> PassageFacts:
    """The plain facts of a passage and everything odd about it."""
    flags = list(moment.flags)
    post = _post(header.checkpoint, reception, flags)
    read = read_fields(header, flags)
    if (
        not reception.sender.enrolled_at <= moment.occurred_at <= reception.sender.expires_at
        and not moment.flags
    ):
        flags.append("CAPTURED_OUTSIDE_ENROLMENT")
    if not id_is_of_its_time(header.id, received_ms=reception.received_ms):
        flags.append("ID_TIME")
    return PassageFacts(post, *read, unique(flags))


def read_fields(header: PassageFields, flags: list[str]) -> tuple[str, str, str | None, str, str | None]:
    """Direction, transport, purpose, source and plate key: what a passage's own fields say, whoever sent them."""
    direction = one_of(header.direction, DIRECTIONS, "IN", flags)
    transport = one_of(header.transport, TRANSPORTS, "OTHER", flags)
    purpose = one_of(header.purpose, PURPOSES, "OTHER", flags) if header.purpose else None
    source = one_of(header.source or "OFFICER", SOURCES, "OFFICER", flags)
    plate_key = read_plate(header.plate, flags) if header.plate else None
    if not header.plate and transport in VEHICLES and not header.vehicle_note:
        flags.append("INCOMPLETE")
    return direction, transport, purpose, source, plate_key


def read_plate(text: str, flags: list[str]) -> str | None:
    """The key a plate is found again by; None for 无牌 and the like, or all such vehicles would be one vehicle."""
    plate = plates.read(text)
    flags.extend(plate.flags)
    return "PLATE:" + plate.key if plate.key else None


def _post(code: str | None, reception: Reception, flags: list[str]) -> Post:
    own = reception.posts[reception.sender.checkpoint]
    if code == own.code:
        return own
    found = reception.posts.get(code) if code else None
    flags.append("OTHER_CHECKPOINT" if found else "UNKNOWN_CHECKPOINT")
    return found or own


def unique(flags: list[str]) -> tuple[str, ...]:
    """Each flag once, in alphabetical order: the same record always shows the same flags."""
    return tuple(sorted(set(flags))) if flags else ()


@lru_cache(maxsize=4096)
def passage_receipt(flags: tuple[str, ...]) -> str:
    """What a retry of a passage is answered from."""
    return _json({"flags": flags})


@lru_cache(maxsize=4096)
def person_receipt(flags: tuple[str, ...], measures: str) -> str:
    """What a retry of a person is answered from; `measures` is JSON already."""
    return f'{{"flags":{_json(flags)},"measures":{measures}}}'


def passage_row(
    header: Header, moment: Moment, facts: PassageFacts, content: bytes, reception: Reception
) -> PassageRow:
    day = reception.keys.day(moment.captured_on)
    month = reception.keys.month(moment.captured_on)
    return PassageRow(
        header.id,
        digest_of(day, b"PASSAGE", b"", content),
        passage_receipt(facts.flags),
        reception.received_at,
        moment.occurred_at,
        moment.captured_on,
        moment.captured_hour,
        facts.post.code,
        facts.post.jurisdiction,
        reception.sender.id,
        facts.direction,
        facts.transport,
        facts.purpose,
        facts.source,
        header.officer[:64] if header.officer else None,
        small(header.roster_expected),
        _index(month, facts.plate_key),
        day.seal(content, header.id.bytes),
    )


def _index(month: IndexKey, match_key: str | None) -> bytes | None:
    return None if match_key is None else month.index(match_key)


def small(value: int | None) -> int | None:
    """A count that fits its column; a nonsensical one stays in the sealed part only."""
    return value if value is not None and 0 <= value <= 32_767 else None


def read_person(person: Person, *, on: date) -> PersonRead:
    """The plain facts of a person on the day of capture, and everything odd or missing about them."""
    flags: list[str] = []
    document_type, document_key, born_on = _document(person, on, flags)
    phone_key = _phone(person, flags)
    tenths, state = _temperature(person.temperatures, flags)
    facts = PersonFacts(
        from_code=_code(person.from_code, flags),
        destination_code=_code(person.destination.code, flags) if person.destination else None,
        document_type=document_type,
        age=_age(born_on, on),
        stays=_stays(person, flags),
        celsius_tenths=tenths,
        temperature_state=state,
        symptoms=[_symptom(symptom, flags) for symptom in person.symptoms or ()],
        case_contact=person.case_contact,
    )
    if not (person.name and facts.from_code and person.temperatures):
        flags.append("INCOMPLETE")
    return PersonRead(facts, document_key, phone_key, flags)


def _document(person: Person, on: date, flags: list[str]) -> tuple[str, str | None, date | None]:
    given = person.document
    kind = one_of(given.type if given else None, DOCUMENT_TYPES, "OTHER" if given else "NONE", flags)
    told = _date(person.born_on, flags)
    if given is None or not given.number:
        if kind != "NONE":
            flags.append("INCOMPLETE")
        return kind, None, told
    read = documents.normalise(kind, given.number, on=on)
    flags.extend(read.flags)
    return kind, read.match_key or None, read.born_on or told


def _phone(person: Person, flags: list[str]) -> str | None:
    if not person.phone:
        if person.guardian_id is None:
            flags.append("INCOMPLETE")
        return None
    phone = phones.read(person.phone)
    flags.extend(phone.flags)
    return "PHONE:" + phone.key if phone.key else None


def _temperature(readings: list[Temperature] | None, flags: list[str]) -> tuple[int | None, str | None]:
    """The last reading that says something supersedes the earlier ones: re-measured indoors is what counts."""
    tenths: int | None = None
    state: str | None = None
    for reading in readings or ():
        known = one_of(reading.state or "READ", TEMPERATURE_STATES, "NOT_TAKEN", flags)
        if known == "READ" and reading.celsius is None:
            known = "NOT_TAKEN"
        if known == "READ" and reading.celsius is not None:
            read = reading.celsius * 10  # perhaps infinite, so rounded only when plausible
            if LOWEST_BODY_TENTHS <= read <= HIGHEST_BODY_TENTHS:
                tenths = round(read)
            else:
                flags.append("TEMPERATURE_ODD")
                known = "NOT_TAKEN"
        if state is None or known != "NOT_TAKEN":
            state = known
    return (tenths if state == "READ" else None), state


def _symptom(symptom: str, flags: list[str]) -> str:
    """A code of the list that headquarters extends; what is no code may be anybody's words and stays sealed."""
    if _IS_CODE(symptom):
        return symptom
    flags.append("UNKNOWN_VALUE")
    return "OTHER"


def _stays(person: Person, flags: list[str]) -> list[tuple[str, date | None, date | None]]:
    stays = []
    for stay in person.stays or ():
        code = _code(stay.code, flags)
        if code:
            stays.append((code, _date(stay.from_, flags), _date(stay.to, flags)))
    return stays


def _code(code: str | None, flags: list[str]) -> str | None:
    if not code:
        return None
    if divisions.is_code(code):
        return divisions.canonical(code)  # 2103 and 210300 are one place
    flags.append("UNKNOWN_CODE")
    return None


def _date(text: str | None, flags: list[str]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        flags.append("DATE_ODD")
        return None


def _age(born_on: date | None, on: date) -> int | None:
    if born_on is None:
        return None
    age = on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
    return age if 0 <= age <= 130 else None


def registration_row(
    *,
    person: Person,
    place: int,
    header: Header,
    moment: Moment,
    passage: PassageFacts,
    read: PersonRead,
    decided: Decided,
    content: bytes,
    reception: Reception,
) -> RegistrationRow:
    day = reception.keys.day(moment.captured_on)
    month = reception.keys.month(moment.captured_on)
    facts = read.facts
    flags = read.flags
    if not id_is_of_its_time(person.id, received_ms=reception.received_ms):
        flags = [*flags, "ID_TIME"]
    return RegistrationRow(
        id=person.id,
        digest=digest_of(day, b"REGISTRATION", header.id.bytes, content),
        receipt=person_receipt(unique(flags), decided.measures),
        received_at=reception.received_at,
        occurred_at=moment.occurred_at,
        captured_on=moment.captured_on,
        captured_hour=moment.captured_hour,
        checkpoint=passage.post.code,
        jurisdiction=passage.post.jurisdiction,
        device_id=reception.sender.id,
        passage_id=header.id,
        place_in_party=place,
        direction=passage.direction,
        transport=passage.transport,
        purpose=passage.purpose,
        from_code=facts.from_code,
        destination_code=facts.destination_code,
        document_type=facts.document_type,
        age=facts.age,
        stays=stays_json(facts.stays),
        celsius_tenths=facts.celsius_tenths,
        temperature_state=facts.temperature_state,
        symptoms=array_literal(facts.symptoms),
        case_contact=facts.case_contact,
        rule_set=decided.rule_set,
        rule_rows=decided.rows,
        measures=decided.kinds,
        document_index=_index(month, read.document_key),
        phone_index=_index(month, read.phone_key),
        sealed=day.seal(content, person.id.bytes),
    )


def stays_json(stays: list[tuple[str, date | None, date | None]]) -> str:
    """Dates and codes need no escaping, so the list is put together by hand."""
    listed = (f'{{"code":"{code}","from":{_day(first)},"to":{_day(last)}}}' for code, first, last in stays)
    return f"[{','.join(listed)}]" if stays else "[]"


def _day(day: date | None) -> str:
    return "null" if day is None else f'"{day.isoformat()}"'


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def array_literal(values: Sequence[str]) -> str:
    """A PostgreSQL array literal: arrays of arrays cannot be unnested row by row, so lists travel as text."""
    if not values:
        return "{}"
    escaped = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return '{"' + '","'.join(escaped) + '"}'
