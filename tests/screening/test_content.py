"""The rule set as data says what the engine says: a phone decides by the one, the server by the other."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import example, given

from lianfang.checkpoints.intake.people import read_person
from lianfang.checkpoints.intake.rows import array_literal
from lianfang.checkpoints.intake.shapes import Person
from lianfang.journeys.arrival import screen
from lianfang.screening.rules import IN_FORCE, Facts
from tests.screening.by_content import CONDITIONS, rows_by_content
from tests.screening.test_rules import FACTS

# The same file is read by the phone's tests.
SHARED = json.loads(Path(__file__).with_name("cases.json").read_text(encoding="utf-8"))
PERSON_ID = "01a20000-0000-7000-8000-000000000002"


@pytest.mark.parametrize("case", SHARED["cases"], ids=lambda case: case["name"])
def test_a_person_as_sent_is_decided_as_the_shared_case_says(case: dict[str, Any]) -> None:
    on = date.fromisoformat(case["on"])
    person = msgspec.convert({"id": PERSON_ID, **case["person"]}, Person)
    decided = screen(read_person(person, on=on).facts, case["direction"], on=on)
    assert decided.rows == array_literal(case["rows"])
    assert decided.rule_set == SHARED["rules"]["hash"]


def test_the_shared_cases_are_decided_by_the_rules_in_force() -> None:
    assert SHARED["rules"] == {"hash": IN_FORCE.hash, **IN_FORCE.content()}
    assert len(SHARED["cases"]) >= 60


def test_every_row_and_every_condition_has_cases_that_meet_it_and_cases_that_do_not() -> None:
    fired = [set(case["rows"]) for case in SHARED["cases"]]
    for row in IN_FORCE.content()["rows"]:
        assert {row["row"] in rows for rows in fired} == {True, False}
        assert set(row["when"]) <= set(CONDITIONS)


LAST_DAY = Facts(
    on=date(2020, 2, 13),
    direction="IN",
    stays=[("420106", date(2020, 1, 30))],
    celsius_tenths=373,
    temperature_state="READ",
    symptoms=[],
)


@given(FACTS)
@example(LAST_DAY)
def test_the_engine_and_the_content_decide_alike(given: Facts) -> None:
    content = json.loads(json.dumps(IN_FORCE.content()))
    decision = IN_FORCE.decide(given)
    assert decision.rows == rows_by_content(content, given)
    shown = {row["row"]: row for row in content["rows"]}
    for measure in decision.measures:
        row = shown[measure.row]
        assert (measure.kind, measure.place, measure.days) == (row["kind"], row.get("place"), row.get("days"))
        assert IN_FORCE.say(measure.row) == content["sentences"][measure.row]
