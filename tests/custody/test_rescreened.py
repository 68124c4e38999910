"""Whom a re-screening has put under observation is held as long as anybody with a measure; facts go with the records."""

import json
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connections

from lianfang.command.services import worker_session
from lianfang.custody.kept import reseal
from lianfang.custody.retention import set_retention
from lianfang.custody.subjects import SubjectCard, subject_file
from lianfang.journeys.rescreening.laying import lay_all, lay_anew
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Reach, reach
from lianfang.screening.models import ScreeningFact
from tests.custody.conftest import NOW, OLD, TODAY, YOUNG, Gate
from tests.factories import Json

HOME = {"kind": "QUARANTINE", "row": "affected-area", "place": "HOME", "days": 14}
CLINIC = {"kind": "FEVER_CLINIC", "row": "fever"}
DAY = timedelta(days=1)
_ASKED = """
INSERT INTO rescreening (id, state, rule_set, since, until, counts, done, position, began_tx, slice_size, known_tx, asked_by_id,
    asked_at, reason, answer)
VALUES (%s, 'STOPPED', 'x', %s, %s, '{}', '{}', 0, 0, 0, 0, %s, %s, '', '')
"""
_DECIDED = """
INSERT INTO rescreened (rescreening_id, registration_id, captured_on, jurisdiction, rule_set, rule_rows, measures, details,
    before, stands, at)
SELECT %s, id, captured_on, jurisdiction, 'x', '{affected-area}', %s, %s, '{}', '{}', %s FROM registration
WHERE id = ANY(%s::uuid[])
"""


def decide_later(by: Reach, *people: Json, details: Json = HOME, at: datetime = NOW) -> None:
    """What a re-screening leaves."""
    id, kinds = uuid7(), [details["kind"], "REGISTER"]
    with connections["owner"].cursor() as cursor:
        cursor.execute(_ASKED, [id, OLD, TODAY, by.officer_id, NOW])
        cursor.execute(_DECIDED, [id, kinds, json.dumps([details]), at, [person["id"] for person in people]])


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


@pytest.mark.parametrize(
    ("day", "details", "until"),
    [
        (TODAY - 16 * DAY, {**HOME, "days": 28}, TODAY + 12 * DAY),
        (TODAY - 16 * DAY, HOME, None),
        (TODAY - 26 * DAY, CLINIC, TODAY + 14 * DAY),
    ],
)
def test_nothing_is_deleted_while_what_was_decided_later_goes_on(
    gate: Gate, day: date, details: Json, until: date | None
) -> None:
    (person,) = gate.register(day)["people"]
    decide_later(gate.headquarters, person, details=details)
    with reach(gate.desk) as seen:
        (record,) = subject_file(seen, SubjectCard(person["document"]["number"]), at=NOW).records
    assert record.observed_until == until
    assert record.kept_until >= (until or record.kept_until)


@pytest.mark.parametrize(("ago", "held"), [(13 * DAY, True), (15 * DAY, False)])
def test_a_day_stays_while_somebody_of_it_was_sent_to_the_clinic_lately(
    gate: Gate, ago: timedelta, held: bool
) -> None:
    """Even where a city keeps passages and measures for the shortest time it may."""
    for code in ("passing", "measure"):
        set_retention(by=gate.security, at=NOW, code=code, days=1, reason="最短")
    sent, other = gate.register(OLD, {}, {})["people"]
    decide_later(gate.headquarters, sent, details=CLINIC, at=NOW - ago)
    reseal(OLD)
    gate.purge()
    assert (opens(gate, sent) != "", opens(gate, other)) == (held, "")
    if held:
        gate.purge(at=NOW + 15 * DAY)
        assert opens(gate, sent) == ""
