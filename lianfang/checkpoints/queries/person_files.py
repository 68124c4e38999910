"""One of the people of a passage as a file shows them: as they stand after their corrections."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from lianfang.checkpoints.history import ANSWERS, answer_in_words, in_words
from lianfang.checkpoints.models import Registration
from lianfang.checkpoints.opening import Standing, State, receipt_of
from lianfang.checkpoints.queries.turn_backs import TurnBackDecided
from lianfang.kernel import documents
from lianfang.kernel.masking import Sight


class MeasureShown(NamedTuple):
    """A measure decided at the gate; `row` names the sentence in the rule set of `PersonFile.rule_set`."""

    kind: str
    row: str
    place: str | None
    days: int | None


class Answered(NamedTuple):
    """An answer by the key of its question. `text`: YES, NO, a code, a number, or somebody's words as far as they are shown."""

    key: str
    text: str


class Told(NamedTuple):
    """What the phone told the traveller before the server could: measures, strongest first, by which rule set."""

    rule_set: str
    measures: tuple[str, ...]


class Stay(NamedTuple):
    code: str
    from_on: str | None
    to_on: str | None


@dataclass(frozen=True, slots=True)
class PersonFile:
    """A person of the party; `place` 1 is the first. How much of them is shown was decided by who asked.

    `captured_on` is the day under whose key they lie, whatever was corrected. `state` is OPEN, or why what is sealed is missing; plain facts (codes, age, temperature, measures, what was chosen as an answer) stay.
    `told_otherwise`: the phone had told other measures than were decided.
    """

    id: UUID
    place: int
    captured_on: date
    state: State
    name: str
    sex: str | None
    born_on: str | None
    age: int | None
    nationality: str | None
    occupation: str | None
    document_type: str
    document: str
    phone: str
    guardian: int | None
    from_code: str | None
    stays: tuple[Stay, ...]
    destination_code: str | None
    address: str | None
    temperatures: str
    celsius_tenths: int | None
    temperature_state: str | None
    symptoms: tuple[str, ...]
    case_contact: bool | None
    resident: bool | None
    answers: tuple[Answered, ...]
    answer_codes: Mapping[str, Any]
    rule_set: str
    measures: tuple[MeasureShown, ...]
    told: Told | None
    told_otherwise: bool
    turn_back: TurnBackDecided | None
    flags: tuple[str, ...]
    corrected: bool


def person_file(
    person: Standing[Registration],
    place: int,
    places: Mapping[str, int],
    sight: Sight,
    turn_back: TurnBackDecided | None,
) -> PersonFile:
    """`places`: record id → place in the party, of all of it."""
    fields, fact = person.fields, person.fact
    document, destination = fields.get("document") or {}, fields.get("destination") or {}
    return PersonFile(
        id=person.row.id,
        place=place,
        captured_on=person.row.captured_on,
        state=person.state,
        name=sight.name(fields.get("name")),
        sex=fields.get("sex") or _sex(document, person.row.captured_on),
        born_on=sight.born_on(fields.get("born_on")) or None,
        age=fact("age"),
        nationality=fields.get("nationality"),
        occupation=sight.text(fields.get("occupation")) or None,
        document_type=fact("document_type"),
        document=sight.document(document.get("number")),
        phone=sight.phone(fields.get("phone")),
        guardian=places.get(fields.get("guardian_id") or ""),
        from_code=fact("from_code"),
        stays=tuple(Stay(stay["code"], stay["from"], stay["to"]) for stay in fact("stays")),
        destination_code=fact("destination_code"),
        address=sight.address(destination.get("address")) or None,
        temperatures=in_words("temperatures", fields.get("temperatures")),
        celsius_tenths=fact("celsius_tenths"),
        temperature_state=fact("temperature_state"),
        symptoms=tuple(fact("symptoms")),
        case_contact=fact("case_contact"),
        resident=fact("resident"),
        answers=_answered(fields.get(ANSWERS) or fact("answer_codes") or {}, sight),
        answer_codes=fact("answer_codes") or {},
        rule_set=person.row.rule_set,
        measures=tuple(measure_of(measure) for measure in receipt_of(person.row).get("measures", ())),
        told=phone_told(fields.get("shown")),
        told_otherwise=bool(person.row.shown_otherwise),
        turn_back=turn_back,
        flags=person.flags,
        corrected=person.corrected,
    )


def _sex(document: Mapping[str, Any], on: date) -> str | None:
    """As the document's number says it, where it says it."""
    return documents.normalise(document.get("type") or "", document.get("number") or "", on=on).sex


def _answered(answers: Mapping[str, Any], sight: Sight) -> tuple[Answered, ...]:
    told = (Answered(key, answer_in_words(key, answer, sight)) for key, answer in answers.items())
    return tuple(one for one in told if one.text)


def phone_told(shown: Mapping[str, Any] | None) -> Told | None:
    """Of what a phone sent as `shown`; None where nothing of it can be read."""
    if not shown or shown.get("measures") is None:
        return None
    return Told(shown.get("rule_set") or "", tuple(map(str, shown["measures"])))


def measure_of(measure: Mapping[str, Any]) -> MeasureShown:
    """Of a receipt."""
    return MeasureShown(measure["kind"], measure["row"], measure.get("place"), measure.get("days"))
