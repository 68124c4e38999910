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
DAY = timedelta(days=1)
HOME = {"kind": "QUARANTINE", "row": "affected-area", "place": "HOME", "days": 14}
NOTIFY = {"kind": "NOTIFY_GRID", "row": "notify"}
_ASKED = """
INSERT INTO rescreening (id, state, rule_set, since, until, counts, done, position, began_tx, slice_size, known_tx, asked_by_id,
    asked_at, reason, answer)
SELECT %s, 'STOPPED', 'x', current_date, current_date, '{}', '{}', 0, 0, 0, 0, id, now(), '', '' FROM officer LIMIT 1
"""
_DECIDED = """
INSERT INTO rescreened (rescreening_id, registration_id, captured_on, jurisdiction, destination_code, rule_set, rule_rows,
    measures, details, before, stands, at)
SELECT %s, id, captured_on, jurisdiction, destination_code, %s, '{}', %s, %s, '{}', %s, %s FROM registration WHERE id = %s
"""
_TURNED = """
INSERT INTO turn_back (registration_id, verdict, reason, decided_by, decided_at, jurisdiction)
SELECT r.id, %s, 'x', o.id, now(), r.jurisdiction FROM registration r, (SELECT id FROM officer LIMIT 1) o WHERE r.id = %s
"""


def decide_later(
    person: Json, *details: Json, stands: list[str], ago: timedelta = timedelta(minutes=1)
) -> None:
    id = uuid7()
    values = [AFFECTED_AREAS.hash, [one["kind"] for one in details], json.dumps(details), stands]
    with connections["owner"].cursor() as cursor:
        cursor.execute(_ASKED, [id])
        cursor.execute(_DECIDED, [id, *values, now() - ago, person["id"]])


def arrive(city: City, *, days_ago: int = 0, **said: Any) -> Json:
    given = {"destination": {"code": VILLAGE, "address": "东区3号楼"}, **said}
    happened = {} if not days_ago else {"occurred_at": (now() - days_ago * DAY).isoformat()}
    person: Json = city.register(people=[city.generated.person(**given)], **happened)["people"][0]
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
    decide_later(person, NOTIFY, stands=["QUARANTINE HOME 14", "NOTIFY_GRID", "REGISTER"])
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


def kinds(token: str) -> list[list[tuple[str, bool]]]:
    """The measures of each arrival on the list, and whether they were decided later."""
    arrivals = roster(token).json()["arrivals"]
    return [[(measure["kind"], measure["later"]) for measure in one["measures"]] for one in arrivals]


def test_it_says_what_the_traveller_was_told_at_the_gate_and_what_nobody_has_told_yet(
    city: City, token: str
) -> None:
    person = arrive(city, from_code="420100")
    (one,) = roster(token).json()["arrivals"]
    assert (one["later"], one["decided_at"]) == (False, one["occurred_at"])
    # What was asked again unchanged is not told anew.
    decide_later(person, HOME, NOTIFY, stands=["QUARANTINE HOME 14", "NOTIFY_GRID", "REGISTER"])
    assert kinds(token) == [[("QUARANTINE", False), ("NOTIFY_GRID", True)]]
    (one,) = roster(token).json()["arrivals"]
    assert one["later"]
    assert one["measures"][0]["decided_at"] == one["occurred_at"]
    assert one["decided_at"] == one["measures"][1]["decided_at"]


def test_a_measure_of_an_earlier_re_screening_stays_when_the_newest_does_not_ask_for_it(
    city: City, token: str
) -> None:
    person = arrive(city)
    decide_later(person, HOME, stands=["QUARANTINE HOME 14", "REGISTER"], ago=DAY)
    decide_later(person, NOTIFY, stands=["QUARANTINE HOME 14", "NOTIFY_GRID", "REGISTER"])
    assert kinds(token) == [[("QUARANTINE", True), ("NOTIFY_GRID", True)]]


@pytest.mark.parametrize(
    ("days_ago", "details", "stands", "listed"),
    [
        (14, HOME, "QUARANTINE HOME 14", True),
        (15, HOME, "QUARANTINE HOME 14", False),
        (20, {**HOME, "days": 28}, "QUARANTINE HOME 28", True),
        (29, {**HOME, "days": 28}, "QUARANTINE HOME 28", False),
        (29, NOTIFY, "NOTIFY_GRID", True),
    ],
)
def test_whoever_came_long_ago_is_listed_while_the_measure_goes_on(
    city: City, token: str, days_ago: int, details: Json, stands: str, listed: bool
) -> None:
    person = arrive(city, days_ago=days_ago)
    decide_later(person, details, stands=[stands, "REGISTER"])
    assert len(roster(token).json()["arrivals"]) == listed


def test_a_notice_leaves_the_list_after_fourteen_days(city: City, token: str) -> None:
    person = arrive(city, days_ago=20)
    decide_later(person, NOTIFY, stands=["NOTIFY_GRID"], ago=13 * DAY)
    assert kinds(token) == [[("NOTIFY_GRID", True)]]
    other = arrive(city, days_ago=20)
    decide_later(other, NOTIFY, stands=["NOTIFY_GRID"], ago=14 * DAY)
    assert len(kinds(token)) == 1


def test_whoever_was_given_a_measure_last_stands_first(city: City, token: str) -> None:
    early, today = arrive(city, days_ago=9), arrive(city, days_ago=1, from_code="420100")
    assert [one["id"] for one in roster(token).json()["arrivals"]] == [today["id"]]
    decide_later(early, HOME, stands=["QUARANTINE HOME 14"])
    assert [one["id"] for one in roster(token).json()["arrivals"]] == [early["id"], today["id"]]


def test_whoever_was_turned_back_at_the_barrier_is_not_on_the_way(city: City, token: str) -> None:
    gone, let_in = arrive(city, from_code="420100"), arrive(city, from_code="420100")
    with connections["owner"].cursor() as cursor:
        for person, verdict in ((gone, "TURNED_BACK"), (let_in, "ADMITTED")):
            cursor.execute(_TURNED, [verdict, person["id"]])
    assert [one["id"] for one in roster(token).json()["arrivals"]] == [let_in["id"]]
