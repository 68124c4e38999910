"""The shared cases, decided on the server and in the database; the phone's tests read the same file."""

from collections import defaultdict
from typing import Any

import pytest

from lianfang.checkpoints.intake.rows import array_literal
from lianfang.journeys.arrival import screen
from lianfang.journeys.engines import Batch, database
from lianfang.screening.book import RulesInForce
from lianfang.screening.compiling import compiled
from lianfang.screening.form import FACTS, OPERATORS, QUESTION_KINDS
from lianfang.screening.rules import RuleSet
from lianfang.screening.shipped import shipped
from tests.screening.shared import CASES, HASHES, SETS, facts_of, passage_of, person_of

RULE_SETS = {name: RuleSet(content) for name, content in SETS.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['set']}: {case['name']}")
def test_a_person_as_sent_is_decided_as_the_shared_case_says(case: dict[str, Any]) -> None:
    in_force = RulesInForce(RULE_SETS[case["set"]], lapsed=case.get("lapsed", False))
    facts = facts_of(case)
    decided = screen(person_of(case), passage_of(case), on=facts.on, in_force=in_force)
    assert decided.rows == array_literal(case["rows"])
    assert decided.rule_set == HASHES[case["set"]]


@pytest.mark.django_db
@pytest.mark.parametrize("name", SETS)
def test_the_database_decides_every_shared_case_alike(name: str) -> None:
    cases = defaultdict(list)
    for case in CASES:
        if case["set"] == name:
            cases[case.get("lapsed", False)].append(case)
    for lapsed, alike in cases.items():
        answers = database(Batch(SETS[name], [facts_of(case) for case in alike], lapsed))
        said = {case["name"]: list(answer.rows) for case, answer in zip(alike, answers, strict=True)}
        assert said == {case["name"]: case["rows"] for case in alike}


@pytest.mark.parametrize("name", SETS)
def test_the_sets_of_the_shared_cases_are_fit_to_decide(name: str) -> None:
    made = compiled(SETS[name])
    assert made.content is not None, made.findings
    assert RULE_SETS[name].hash == HASHES[name]


def test_the_first_of_them_is_the_one_that_comes_with_the_program() -> None:
    assert SETS["affected-areas"] == shipped("affected-areas").content


def test_every_row_of_every_set_has_cases_that_meet_it_and_cases_that_do_not() -> None:
    for name, rule_set in RULE_SETS.items():
        decided = [set(case["rows"]) for case in CASES if case["set"] == name]
        for row in rule_set.rows:
            assert {row.id in rows for rows in decided} == {True, False}, (name, row.id)


def test_every_fact_every_operator_and_every_kind_of_question_is_asked_in_some_set() -> None:
    asked = [
        (condition["fact"].partition(".")[0], condition["op"])
        for content in SETS.values()
        for row in content["rows"]
        for condition in (*row["when"], *row["unless"])
    ]
    assert {fact for fact, _ in asked} == {*FACTS, "answers"}
    assert {op for _, op in asked} == {op for ops in OPERATORS.values() for op in ops}
    kinds = {question["kind"] for content in SETS.values() for question in content["questions"]}
    assert kinds == set(QUESTION_KINDS)
