"""Whom a re-screening has put under observation is held as long as anybody with a measure; facts go with the records."""

import json
from datetime import date, timedelta
from uuid import UUID

from django.db import connections

from lianfang.command.services import worker_session
from lianfang.custody.kept import reseal
from lianfang.custody.subjects import SubjectCard, subject_file
from lianfang.journeys.rescreening.laying import lay_all, lay_anew
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Reach, reach
from lianfang.screening.models import ScreeningFact
from tests.custody.conftest import NOW, OLD, TODAY, YOUNG, Gate
from tests.factories import Json

DETAILS = [{"kind": "QUARANTINE", "row": "affected-area", "place": "HOME", "days": 14}]
_ASKED = """
INSERT INTO rescreening (id, state, rule_set, since, until, counts, done, position_tx, slice_size, known_tx, asked_by_id,
    asked_at, reason, answer)
VALUES (%s, 'STOPPED', 'x', %s, %s, '{}', '{}', 0, 0, 0, %s, %s, '', '')
"""
_DECIDED = """
INSERT INTO rescreened (rescreening_id, registration_id, captured_on, jurisdiction, rule_set, rule_rows, measures, details,
    before, stands, at)
SELECT %s, id, captured_on, jurisdiction, 'x', '{affected-area}', '{QUARANTINE}', %s, '{}', '{}', %s FROM registration
WHERE id = ANY(%s::uuid[])
"""


def decide_later(by: Reach, *people: Json) -> None:
    """What a re-screening leaves."""
    id = uuid7()
    with connections["owner"].cursor() as cursor:
        cursor.execute(_ASKED, [id, OLD, TODAY, by.officer_id, NOW])
        cursor.execute(_DECIDED, [id, json.dumps(DETAILS), NOW, [person["id"] for person in people]])


def opens(gate: Gate, person: Json) -> str:
    with reach(gate.desk) as seen:
        file = subject_file(seen, SubjectCard(person["document"]["number"]), at=NOW)
    return "" if not file.records else file.records[0].person.name


def facts_of(person: Json) -> int:
    return ScreeningFact.objects.using("owner").filter(registration_id=person["id"]).count()


def lay(day: date = OLD) -> None:
    lay_all(worker_session(), at=NOW)


def test_whoever_was_decided_later_outlives_the_days_key_with_the_passage(gate: Gate) -> None:
    passage = gate.register(OLD, {}, {})
    later, other = passage["people"]
    decide_later(gate.headquarters, later)
    gate.correct(OLD + timedelta(days=1), later["id"], {"name": "王改名"})
    certificate = gate.purge()
    assert certificate["counts"] == {"registration": 1}
    assert (opens(gate, later), opens(gate, other)) == ("王改名", "")
    assert gate.keys.days() == []
    assert OLD in gate.keys.kept_days()


def test_sealing_again_finds_them_by_their_decision(gate: Gate) -> None:
    passage = gate.register(OLD, {}, {})
    assert reseal(OLD) == 0
    decide_later(gate.headquarters, passage["people"][0])
    assert reseal(OLD) == 2, "the person and the passage"
    assert reseal(OLD) == 0


def test_facts_go_with_the_day_and_with_a_subject_and_are_not_laid_again(gate: Gate) -> None:
    old, young = gate.register(OLD, {}, {}), gate.register(YOUNG, {}, {})
    lay()
    people = [*old["people"], *young["people"]]
    assert [facts_of(person) for person in people] == [1, 1, 1, 1]
    decide_later(gate.headquarters, people[1])
    gate.purge()
    assert [facts_of(person) for person in people] == [0, 1, 1, 1]
    gate.purge("SUBJECT", records=[UUID(people[2]["id"])])
    lay_anew(worker_session(), at=NOW)
    assert [facts_of(person) for person in people] == [0, 1, 0, 1]


def test_a_subjects_file_says_what_was_decided_later_and_how_long_it_is_held(gate: Gate) -> None:
    (person,) = gate.register(YOUNG)["people"]
    decide_later(gate.headquarters, person)
    with reach(gate.desk) as seen:
        (record,) = subject_file(seen, SubjectCard(person["document"]["number"]), at=NOW).records
    assert [[made.kind for made in one.measures] for one in record.later] == [["QUARANTINE"]]
    assert record.observed_until == YOUNG + timedelta(days=14)
    assert record.kept_until == YOUNG + timedelta(days=74)
