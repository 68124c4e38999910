"""A person of a passage: read, flagged, and made a row. Odd or missing fields cost a flag, never the record."""

import re
from datetime import date
from typing import NamedTuple

import msgspec

from lianfang.checkpoints.intake.closed_lists import DOCUMENT_TYPES, TEMPERATURE_STATES, one_of, unique
from lianfang.checkpoints.intake.moments import Moment, id_is_of_its_time
from lianfang.checkpoints.intake.passages import PassageFacts
from lianfang.checkpoints.intake.reception import Reception
from lianfang.checkpoints.intake.rows import (
    Decided,
    RegistrationRow,
    array_literal,
    digest_of,
    person_receipt,
    stays_json,
)
from lianfang.checkpoints.intake.shapes import Header, Person, Temperature
from lianfang.kernel import divisions, documents, phones

_IS_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,63}").fullmatch
_IS_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}").fullmatch
LARGEST_ANSWER = 1_000_000
MOST_ANSWERS = 40  # that rules may use; the rest stays sealed, and so does everything that was sent
LOWEST_BODY_TENTHS = 200  # below and above, a reading is a slip of the finger, not a fact
HIGHEST_BODY_TENTHS = 450


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
    resident: bool | None
    answer_codes: dict[str, bool | int | str]


class PersonRead(NamedTuple):
    """A person's facts with what is searched exactly and what is odd."""

    facts: PersonFacts
    document_key: str | None
    phone_key: str | None
    flags: list[str]


_canonical = msgspec.json.Encoder(order="deterministic").encode


def person_content(person: Person) -> bytes:
    return _canonical(person)


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
        resident=person.resident,
        answer_codes=_answers(person),
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


def _answers(person: Person) -> dict[str, bool | int | str]:
    """What was chosen: yes or no, a code, a whole number. Anybody's own words stay sealed, and so does what is odd.

    Of more than MOST_ANSWERS the first by their keys, whatever order they were sent in.
    """
    if not person.answers:
        return {}
    read = {key: _answer(answer) for key, answer in person.answers.items() if _IS_KEY(key)}
    chosen = {key: answer for key, answer in read.items() if answer is not None}
    return (
        chosen if len(chosen) <= MOST_ANSWERS else {key: chosen[key] for key in sorted(chosen)[:MOST_ANSWERS]}
    )


def _answer(answer: object) -> bool | int | str | None:
    if isinstance(answer, str):
        return answer if _IS_CODE(answer) else None
    if isinstance(answer, float) and answer.is_integer():
        answer = int(answer)  # 3.0 is how some programs write 3
    return answer if isinstance(answer, int) and abs(answer) <= LARGEST_ANSWER else None


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
        if "W" not in text:  # a week's day, which nobody here writes and the phone does not read
            return date.fromisoformat(text)
    except ValueError:
        pass
    flags.append("DATE_ODD")
    return None


def _age(born_on: date | None, on: date) -> int | None:
    if born_on is None:
        return None
    age = on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
    return age if 0 <= age <= 130 else None


def _shown_otherwise(person: Person, decided: Decided) -> bool | None:
    """Whether the phone asked something else of the traveller than was decided here; None: it told nothing."""
    if person.shown is None or person.shown.measures is None:
        return None
    return frozenset(person.shown.measures) != decided.acts


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _all_flags(person: Person, read: PersonRead, reception: Reception) -> tuple[str, ...]:
    if id_is_of_its_time(person.id, received_ms=reception.received_ms):
        return unique(read.flags)
    return unique([*read.flags, "ID_TIME"])


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
    return RegistrationRow(
        id=person.id,
        digest=digest_of(day, b"REGISTRATION", header.id.bytes, content),
        receipt=person_receipt(_all_flags(person, read, reception), decided.measures, moment.set_right),
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
        resident=facts.resident,
        answer_codes=_json(facts.answer_codes) if facts.answer_codes else None,
        rule_set=decided.rule_set,
        rule_rows=decided.rows,
        measures=decided.kinds,
        shown_otherwise=_shown_otherwise(person, decided),
        document_index=month.optional_index(read.document_key),
        phone_index=month.optional_index(read.phone_key),
        sealed=day.seal(content, person.id.bytes),
    )
