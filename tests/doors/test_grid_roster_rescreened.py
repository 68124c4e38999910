"""Whoever was given a measure later stands on the list of the grid he went to, with the sentence of the rules that say so."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from lianfang.kernel.clock import now
from lianfang.kernel.ids import uuid7
from lianfang.screening.book import AFFECTED_AREAS
from tests.doors.desk import City
from tests.doors.test_grid_roster import enrol, invited, roster
from tests.factories import Json

VILLAGE = "210381101200"
HOME = {"kind": "QUARANTINE", "row": "affected-area", "place": "HOME", "days": 14}
_ASKED = """
INSERT INTO rescreening (id, state, rule_set, since, until, counts, done, position_tx, slice_size, known_tx, asked_by_id,
    asked_at, reason, answer)
SELECT %s, 'STOPPED', 'x', current_date, current_date, '{}', '{}', 0, 0, 0, id, now(), '', '' FROM officer LIMIT 1
"""
_DECIDED = """
INSERT INTO rescreened (rescreening_id, registration_id, captured_on, jurisdiction, destination_code, rule_set, rule_rows,
    measures, details, before, stands, at)
SELECT %s, id, captured_on, jurisdiction, destination_code, %s, '{}', %s, %s, '{}', %s, %s FROM registration WHERE id = %s
"""


def decide_later(person: Json, *details: Json, stands: list[str]) -> None:
    id = uuid7()
    values = [AFFECTED_AREAS.hash, [one["kind"] for one in details], json.dumps(details), stands]
    with connections["owner"].cursor() as cursor:
        cursor.execute(_ASKED, [id])
        cursor.execute(_DECIDED, [id, *values, now() - timedelta(minutes=1), person["id"]])


def arrive(city: City, **said: Any) -> Json:
    given = {"destination": {"code": VILLAGE, "address": "东区3号楼"}, **said}
    person: Json = city.register(people=[city.generated.person(**given)])["people"][0]
    return person


@pytest.fixture
def token(city: City) -> str:
    return str(enrol(invited(city.township)).json()["token"])


def test_a_measure_that_was_decided_later_is_on_the_list(city: City, token: str) -> None:
    person, _nobody = arrive(city), arrive(city)
    assert roster(token).json()["arrivals"] == []
    decide_later(
        person, HOME, {"kind": "REGISTER", "row": "arrival"}, stands=["QUARANTINE HOME 14", "REGISTER"]
    )
    (one,) = roster(token).json()["arrivals"]
    assert one["id"] == person["id"]
    (measure,) = one["measures"]
    assert (measure["kind"], measure["place"], measure["days"]) == ("QUARANTINE", "HOME", 14)
    assert measure["say"]["zh"] == AFFECTED_AREAS.say("affected-area")["zh"]


def test_what_stood_before_stands_beside_it(city: City, token: str) -> None:
    person = arrive(city, from_code="420100")
    notify = {"kind": "NOTIFY_GRID", "row": "notify"}
    decide_later(person, notify, stands=["QUARANTINE HOME 14", "NOTIFY_GRID", "REGISTER"])
    (one,) = roster(token).json()["arrivals"]
    assert [measure["kind"] for measure in one["measures"]] == ["QUARANTINE", "NOTIFY_GRID"]
    assert [measure["say"]["zh"] != "" for measure in one["measures"]] == [True, False], (
        "a row nobody knows has no sentence"
    )


def test_a_stricter_one_takes_the_place_of_the_first(city: City, token: str) -> None:
    person = arrive(city, from_code="420100")
    decide_later(person, {**HOME, "place": "FACILITY"}, stands=["QUARANTINE FACILITY 14", "REGISTER"])
    (one,) = roster(token).json()["arrivals"]
    assert [measure["place"] for measure in one["measures"]] == ["FACILITY"]


def test_who_goes_elsewhere_is_on_no_list_of_this_grid(city: City, token: str) -> None:
    person = arrive(city, destination={"code": "210381101201"})
    decide_later(person, HOME, stands=["QUARANTINE HOME 14"])
    assert roster(token).json()["arrivals"] == []
