"""The rule sets that come with the program: every worked case comes out as it says, and an officer can trust the page."""

from datetime import date
from typing import Any

import pytest

from lianfang.journeys.worked import facts_of_case
from lianfang.screening.compiling import compiled
from lianfang.screening.explaining import explain
from lianfang.screening.form import EXEMPT, MAX_DAYS, TURN_BACK_UNLESS
from lianfang.screening.rules import RuleSet, hash_of
from lianfang.screening.shipped import SHIPPED, shipped

CASES = [
    pytest.param(code, case, id=f"{code}: {case['name']['en']}")
    for code in SHIPPED
    for case in shipped(code).cases
]


@pytest.mark.parametrize(("code", "case"), CASES)
def test_a_worked_case_comes_out_as_it_says(code: str, case: dict[str, Any]) -> None:
    decision = RuleSet(shipped(code).content).decide(facts_of_case(case))
    assert list(decision.rows) == case["rows"]


@pytest.mark.parametrize(("code", "case"), CASES)
def test_the_explanation_of_a_worked_case_says_what_was_decided(code: str, case: dict[str, Any]) -> None:
    content, facts = shipped(code).content, facts_of_case(case)
    explained, decision = explain(content, facts), RuleSet(content).decide(facts)
    assert (explained.rows, explained.measures) == (decision.rows, decision.measures)


@pytest.mark.parametrize("code", SHIPPED)
def test_every_row_is_shown_by_a_case_and_every_case_has_its_name_in_both_languages(code: str) -> None:
    content, cases = shipped(code).content, shipped(code).cases
    decided = {row for case in cases for row in case["rows"]}
    assert decided == {row["row"] for row in content["rows"]}
    assert all(case["name"]["zh"] and case["name"]["en"] for case in cases)
    assert len({case["name"]["zh"] for case in cases}) == len(cases)


@pytest.mark.parametrize("code", SHIPPED)
def test_dated_rows_end_within_thirty_days_and_turning_back_spares_whom_it_must(code: str) -> None:
    for row in shipped(code).content["rows"]:
        if row.get("from"):
            days = (date.fromisoformat(row["to"]) - date.fromisoformat(row["from"])).days + 1
            assert 0 < days <= MAX_DAYS, row["row"]
        if row["then"]["kind"] == "TURN_BACK_PROPOSED":
            assert all(spared in row["unless"] for spared in TURN_BACK_UNLESS)
        assert row["then"]["kind"] != EXEMPT or row["then"]["lifts"]


def test_what_tests_and_the_demo_rest_on_has_not_changed() -> None:
    assert hash_of(shipped("affected-areas").content) == "790d1560d325924d"
    assert hash_of(shipped("basic").content) == "83778933736ddc4e"


@pytest.mark.parametrize("code", SHIPPED)
def test_the_first_digits_of_an_identity_number_decide_nothing(code: str) -> None:
    """The same person with a number issued in Hubei, in Liaoning, or without one."""
    rule_set = RuleSet(shipped(code).content)
    base = {"on": "2020-02-10", "direction": "IN", "transport": "CAR", "purpose": "COMMUTE"}
    said = {"from_code": "210103", "temperatures": [{"celsius": 36.5, "state": "READ"}]}
    numbers = ("420106199001010000", "210103199001010000", None)
    decided = {
        rule_set.decide(
            facts_of_case(base | {"person": said | {"document": {"type": "RESIDENT_ID", "number": number}}})
        ).rows
        for number in numbers
    }
    assert len(decided) == 1


@pytest.mark.parametrize("code", SHIPPED)
def test_the_compiler_finds_nothing_wrong_and_changes_nothing(code: str) -> None:
    """So that HQ can propose a shipped set as it is, and phones know it by the same hash."""
    content = shipped(code).content
    found = compiled(content)
    assert [one for one in found.findings if one.severity == "ERROR"] == []
    assert found.content is not None
    assert hash_of(found.content) == hash_of(content)
