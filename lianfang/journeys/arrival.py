"""A vehicle stops at a checkpoint: what was sent is read, screened, stored, and answered record by record.

The one journey that must never be slow. Checkpoints read and store; screening decides; neither knows the other.
"""

from collections.abc import Awaitable, Callable, Iterable
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec

from lianfang.checkpoints.intake.corrections import (
    Author,
    correction_content,
    correction_row,
    read_correction,
)
from lianfang.checkpoints.intake.entries import SET_ASIDE, Entry
from lianfang.checkpoints.intake.moments import Moment, read_moment
from lianfang.checkpoints.intake.passages import PassageFacts, header_content, passage_row, read_header
from lianfang.checkpoints.intake.people import PersonFacts, person_content, read_person, registration_row
from lianfang.checkpoints.intake.reading import ReadItem, ReadPassage, Unread, read
from lianfang.checkpoints.intake.reception import Reception
from lianfang.checkpoints.intake.rows import Decided, array_literal
from lianfang.checkpoints.intake.shapes import Correction, Header, Person
from lianfang.checkpoints.intake.writer import Writer
from lianfang.screening.book import RuleBook, RulesInForce
from lianfang.screening.facts import Facts, Measure
from lianfang.screening.rules import RuleSet

Receipt = dict[str, Any]
BookAnew = Callable[[], Awaitable[RuleBook]]
UNKNOWN_SENTENCE = {"zh": "", "en": ""}


class Arrival:
    """One passage, correction or unreadable item of a parcel, with the entries it became."""

    __slots__ = ("item", "people", "record")

    def __init__(self, item: ReadItem) -> None:
        self.item = item
        self.record: Entry | Unread | None = None
        self.people: list[Entry | Unread] = []

    def entries(self) -> list[Entry]:
        return [entry for entry in (self.record, *self.people) if isinstance(entry, Entry)]


async def take_parcel(
    body: bytes, *, reception: Reception, writer: Writer, book: RuleBook, book_anew: BookAnew | None = None
) -> bytes:
    """The answer to a parcel as JSON bytes, when everything acknowledged in it is durable.

    `book_anew` is asked when another server decided a record by rules this book does not know yet. Raises a Refusal (400, 413) when there is no parcel to read, and Busy when the store cannot take it now.
    """
    parcel = read(body, reception.unsealer)
    arrivals = [arrive(item, reception, book, parcel.clock_offset_ms) for item in parcel.items]
    entries = [entry for arrival in arrivals for entry in arrival.entries()]
    if entries:
        await writer.write(entries)
        if book_anew is not None and _unknown(entries, book):
            book = await book_anew()
    return msgspec.json.encode(
        {
            "parcel_id": parcel.parcel_id,
            "receipts": [receipt(arrival, reception, book) for arrival in arrivals],
        }
    )


def _unknown(entries: Iterable[Entry], book: RuleBook) -> bool:
    """Whether a stored record was decided by a rule set that is not in the book."""
    return not {one.outcome.rule_set for one in entries if one.outcome} - {""} <= book.by_hash.keys()


def arrive(item: ReadItem, reception: Reception, book: RuleBook, offset_ms: float | None = None) -> Arrival:
    """`offset_ms`: the server's clock minus the sender's. By it the rules are chosen; what was told stays as told."""
    arrival = Arrival(item)
    if isinstance(item, ReadPassage):
        _passage(arrival, item, reception, book, offset_ms)
    elif isinstance(item, Correction):
        arrival.record = _correction(item, reception)
    else:
        arrival.record = item
    return arrival


def _passage(
    arrival: Arrival, item: ReadPassage, reception: Reception, book: RuleBook, offset_ms: float | None
) -> None:
    header = item.header
    moment = read_moment(header.occurred_at, received_at=reception.received_at, offset_ms=offset_ms)
    if moment is None:
        arrival.record = _no_moment(header)
        return
    facts = read_header(header, moment, reception)
    content = header_content(header)
    in_force = book.at(moment.ruled_at(reception.received_at))
    arrival.record = Entry("PASSAGE", passage_row(header, moment, facts, content, reception), content)
    for place, person in enumerate(item.people):
        arrival.people.append(
            person
            if isinstance(person, Unread)
            else _person(person, place, header, moment, facts, in_force, reception)
        )


def _person(
    person: Person,
    place: int,
    header: Header,
    moment: Moment,
    passage: PassageFacts,
    in_force: RulesInForce,
    reception: Reception,
) -> Entry:
    read_facts = read_person(person, on=moment.captured_on)
    content = person_content(person)
    row = registration_row(
        person=person,
        place=place,
        header=header,
        moment=moment,
        passage=passage,
        read=read_facts,
        decided=screen(read_facts.facts, passage, on=moment.captured_on, in_force=in_force),
        content=content,
        reception=reception,
    )
    return Entry("REGISTRATION", row, content, parent=header.id.bytes)


def screen(facts: PersonFacts, passage: PassageFacts, *, on: date, in_force: RulesInForce) -> Decided:
    """What the rule set in force decides about a person on a day."""
    decision = in_force.rule_set.decide(
        Facts(
            on=on,
            direction=passage.direction,
            transport=passage.transport,
            purpose=passage.purpose,
            stays=facts.stays,
            celsius_tenths=facts.celsius_tenths,
            temperature_state=facts.temperature_state,
            symptoms=facts.symptoms,
            from_code=facts.from_code,
            destination_code=facts.destination_code,
            document_type=facts.document_type,
            age=facts.age,
            case_contact=facts.case_contact,
            resident=facts.resident,
            answers=facts.answer_codes,
        ),
        lapsed=in_force.lapsed,
    )
    return _worded(in_force.rule_set, decision.rows)


@lru_cache(maxsize=4096)
def _worded(rule_set: RuleSet, rows: tuple[str, ...]) -> Decided:
    """A decision as rows and receipts keep it. Few are ever made, so each is worded once."""
    measures = rule_set.measures(rows)
    kinds = [measure.kind for measure in measures]
    return Decided(
        rule_set=rule_set.hash,
        rows=array_literal(rows),
        kinds=array_literal(kinds),
        measures=msgspec.json.encode([_shown(measure) for measure in measures]).decode(),
        acts=frozenset(kinds),
    )


def _shown(measure: Measure) -> dict[str, Any]:
    """A measure as the receipt keeps it; the sentence is looked up again from the rule set when it is answered."""
    shown: dict[str, Any] = {"kind": measure.kind, "row": measure.row}
    if measure.place is not None:
        shown["place"] = measure.place
    if measure.days is not None:
        shown["days"] = measure.days
    return shown


def _correction(correction: Correction, reception: Reception) -> Entry | Unread:
    moment = read_moment(correction.occurred_at, received_at=reception.received_at)
    if moment is None:
        return _no_moment(correction)
    received_at = reception.received_at
    found = read_correction(correction, moment, posts=reception.posts, received_at=received_at)
    if isinstance(found, Unread):
        return found
    sender = reception.sender
    author = Author(reception.posts[sender.checkpoint], device_id=sender.id)
    row = correction_row(
        correction, found, moment, author=author, received_at=received_at, keys=reception.keys
    )
    return Entry("CORRECTION", row, correction_content(correction))


def _no_moment(record: Header | Correction) -> Unread:
    return Unread(
        record.id,
        "UNREADABLE",
        "发生时间（occurred_at）无法识别。",
        "The moment it happened (occurred_at) cannot be read.",
    )


def receipt(arrival: Arrival, reception: Reception, book: RuleBook) -> Receipt:
    """The receipt of one item, its people's within it."""
    answer = _record_receipt(arrival.record, reception)
    answer["people"] = [_person_receipt(person, book) for person in arrival.people]
    return answer


def _record_receipt(record: Entry | Unread | None, reception: Reception) -> Receipt:
    unread = record if isinstance(record, Unread) else record.refused if record else None
    if unread is not None:
        return {**_set_aside(unread), "received_at": reception.received_at}
    if not isinstance(record, Entry) or record.outcome is None:
        raise RuntimeError("a record was neither stored nor set aside")
    kept = msgspec.json.decode(record.outcome.receipt)
    return {
        "id": record.row.id,
        "status": record.outcome.status,
        "flags": kept["flags"],
        "received_at": record.outcome.received_at,
    }


def _person_receipt(person: Entry | Unread, book: RuleBook) -> Receipt:
    unread = person if isinstance(person, Unread) else person.refused
    if unread is not None:
        return {**_set_aside(unread), "measures": []}
    if not isinstance(person, Entry) or person.outcome is None:
        raise RuntimeError("a person was neither stored nor set aside")
    kept = msgspec.json.decode(person.outcome.receipt)
    measures = kept.get("measures", [])
    for measure in measures:
        measure["say"] = _sentence(person.outcome.rule_set, measure["row"], book)
    return {
        "id": person.row.id,
        "status": person.outcome.status,
        "flags": kept["flags"],
        "measures": measures,
    }


def _sentence(rule_set: str, row: str, book: RuleBook) -> dict[str, str]:
    """From the rule set that decided. One whose content is lost has none, and no other set speaks for it."""
    try:
        return book.named(rule_set).say(row)
    except KeyError:
        return dict(UNKNOWN_SENTENCE)


def _set_aside(unread: Unread) -> Receipt:
    return {
        "id": unread.id,
        "status": SET_ASIDE,
        "flags": [],
        "error": {"code": unread.code, "zh": unread.zh, "en": unread.en},
    }
