"""A subject's record in words: the same facts, in the same order, for the page, the sheet and the file for machines."""

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lianfang.checkpoints.history import CORRECTED, Event
from lianfang.checkpoints.queries import PersonFile
from lianfang.custody.subjects import SubjectRecord
from lianfang.doors import words
from lianfang.doors.hq.measure_words import measure_words
from lianfang.doors.hq.telling import FIELDS, Telling, sentence
from lianfang.doors.tags import celsius, day, day_as_text, moment_to_the_second, word


class Fact(NamedTuple):
    """`key` as the contract names it, the label people read, and what is held. Nothing held: no fact."""

    key: str
    label: str
    value: str


def facts(record: SubjectRecord, telling: Telling) -> list[Fact]:
    return [Fact(key, str(label), value) for key, label, value in _facts(record, telling) if value]


def _facts(record: SubjectRecord, telling: Telling) -> Iterator[tuple[str, object, str]]:
    yield from _of_passage(record)
    yield from _of_person(record.person, telling)
    yield "companions", _("同行的人"), "、".join(record.companions)
    yield from _decided(record.person)
    yield "later_measures", _("重新筛查的决定"), _("；").join(_later(record))
    yield "passed_on", _("按处置转告"), _passed_on(record, telling)
    yield "corrections", _("更正"), "；".join(_corrections(record.events, telling))
    yield "kept_until", _("保存到"), _until(record)


def _of_passage(record: SubjectRecord) -> Iterator[tuple[str, object, str]]:
    file = record.file
    yield "occurred_at", FIELDS["occurred_at"], moment_to_the_second(file.occurred_at)
    yield "received_at", _("服务器收到"), moment_to_the_second(file.received_at)
    yield "checkpoint", FIELDS["checkpoint"], file.checkpoint_name
    yield "direction", FIELDS["direction"], word(file.direction, "DIRECTIONS")
    yield "transport", FIELDS["transport"], word(file.transport, "TRANSPORTS")
    yield "plate", FIELDS["plate"], file.plate or ""
    yield "vehicle_note", FIELDS["vehicle_note"], file.vehicle_note or ""
    yield "trip", FIELDS["trip"], file.trip
    yield "purpose", FIELDS["purpose"], word(file.purpose, "PURPOSES") if file.purpose else ""
    yield "source", FIELDS["source"], word(file.source, "SOURCES")


def _of_person(one: PersonFile, telling: Telling) -> Iterator[tuple[str, object, str]]:
    yield "name", FIELDS["name"], one.name
    yield "document", FIELDS["document"], f"{word(one.document_type, 'DOCUMENTS')} {one.document}".strip()
    yield "phone", FIELDS["phone"], one.phone
    yield "sex", FIELDS["sex"], word(one.sex, "SEXES") if one.sex else ""
    yield "born_on", FIELDS["born_on"], one.born_on or ""
    yield "age", _("年龄"), "" if one.age is None else str(one.age)
    yield "nationality", FIELDS["nationality"], one.nationality or ""
    yield "occupation", FIELDS["occupation"], one.occupation or ""
    yield "from_code", FIELDS["from_code"], telling.place(one.from_code)
    stays = (
        f"{telling.place(stay.code)} {day_as_text(stay.from_on)}–{day_as_text(stay.to_on)}"
        for stay in one.stays
    )
    yield "stays", FIELDS["stays"], "；".join(stays)
    destination = f"{telling.place(one.destination_code)} {one.address or ''}".strip()
    yield "destination", FIELDS["destination"], destination
    yield "temperatures", FIELDS["temperatures"], _temperature(one)
    yield "symptoms", FIELDS["symptoms"], "、".join(word(code, "SYMPTOMS") for code in one.symptoms)
    contact = "" if one.case_contact is None else word(str(one.case_contact), "CONTACT")
    yield "case_contact", FIELDS["case_contact"], contact
    yield "resident", FIELDS["resident"], "" if one.resident is None else word(str(one.resident), "RESIDENT")
    for key, question, answer in telling.answers(one):
        yield f"answers.{key}", question, answer


def _temperature(one: PersonFile) -> str:
    if one.temperature_state == "READ" and one.celsius_tenths:
        return celsius(one.celsius_tenths)
    return word(one.temperature_state, "READINGS") if one.temperature_state else ""


def _decided(one: PersonFile) -> Iterator[tuple[str, object, str]]:
    """What was decided and said at the gate."""
    said = (f"{word(made.kind, 'MEASURES')}：{sentence(one, made)}".rstrip("：") for made in one.measures)
    yield "measures", FIELDS["shown"], " ".join(said)
    yield "turn_back", _("是否劝返"), _turn_back(one)


def _passed_on(record: SubjectRecord, telling: Telling) -> str:
    """Whom measures are passed on to, of the gate and of re-screenings."""
    made = [*record.person.measures, *(one for decision in record.later for one in decision.measures)]
    told = [str(words.PASSED_ON[one.kind]) for one in made if one.kind in words.PASSED_ON]
    where = telling.place(record.person.destination_code)
    passed = _("；").join(dict.fromkeys(told)) or _("没有转告")
    return f"{passed}{_('（%s）') % where}" if told and where else passed


def _later(record: SubjectRecord) -> Iterator[str]:
    """What re-screenings decided since, each with its moment."""
    for decision in record.later:
        yield f"{moment_to_the_second(decision.at)} {_('、').join(measure_words(made) for made in decision.measures)}"


def _turn_back(one: PersonFile) -> str:
    if one.turn_back is None:
        return ""
    verdict = f"{word(one.turn_back.verdict, 'VERDICTS')} {moment_to_the_second(one.turn_back.at)}"
    return f"{verdict} {one.turn_back.reason}" if one.turn_back.reason else verdict


def _corrections(events: tuple[Event, ...], telling: Telling) -> Iterator[str]:
    for event in events:
        if event.kind != CORRECTED:
            continue
        changes = "，".join("{} {} → {}".format(*change) for change in telling.changes(event))
        why = _("原因：") + event.reason if event.reason else ""
        yield " ".join(filter(None, [moment_to_the_second(event.received_at), changes, why]))


def _until(record: SubjectRecord) -> str:
    until = date_format(record.kept_until, _("Y年n月j日"))
    if record.observed_until is None:
        return until
    return _("%(day)s（隔离观察到 %(over)s）") % {"day": until, "over": day(record.observed_until)}
