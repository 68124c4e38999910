"""The rule set in force, as tables of cases: the table is the test and the explanation."""

import ast
import inspect
import json
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianfang.screening import rules
from lianfang.screening.rules import IN_FORCE, SENTENCES, Facts, rule_set

DAY = date(2020, 2, 13)


def facts(**changes) -> Facts:
    """Somebody in good health who comes in from the next city."""
    given = {
        "on": DAY,
        "direction": "IN",
        "stays": [("210302", None)],
        "celsius_tenths": 365,
        "temperature_state": "READ",
        "symptoms": [],
    }
    return Facts(**{**given, **changes})


def kinds(**changes) -> list[str]:
    return [measure.kind for measure in IN_FORCE.decide(facts(**changes)).measures]


def test_whoever_arrives_is_registered() -> None:
    assert kinds() == ["REGISTER"]


@pytest.mark.parametrize(
    ("tenths", "measures"),
    [
        (None, ["REGISTER"]),
        (349, ["RE_MEASURE", "REGISTER"]),
        (350, ["REGISTER"]),
        (365, ["REGISTER"]),
        (372, ["REGISTER"]),
        (373, ["FEVER_CLINIC", "REGISTER"]),
        (374, ["FEVER_CLINIC", "REGISTER"]),
        (420, ["FEVER_CLINIC", "REGISTER"]),
    ],
)
def test_a_fever_begins_at_37_3_and_a_reading_below_35_0_says_nothing(
    tenths: int | None, measures: list[str]
) -> None:
    assert kinds(celsius_tenths=tenths) == measures


def test_a_thermometer_that_shows_low_asks_for_another_reading_too() -> None:
    assert kinds(celsius_tenths=None, temperature_state="LOW") == ["RE_MEASURE", "REGISTER"]
    assert kinds(celsius_tenths=None, temperature_state="NOT_TAKEN") == ["REGISTER"]


def test_a_symptom_is_a_fever_whatever_the_thermometer_says() -> None:
    assert kinds(symptoms=["COUGH"]) == ["FEVER_CLINIC", "REGISTER"]
    assert kinds(symptoms=["COUGH"], celsius_tenths=340) == ["FEVER_CLINIC", "RE_MEASURE", "REGISTER"]


@pytest.mark.parametrize(
    ("days_ago", "quarantined"), [(0, True), (1, True), (13, True), (14, True), (15, False), (60, False)]
)
def test_a_stay_counts_until_its_fourteenth_day(days_ago: int, quarantined: bool) -> None:
    stays = [("420100", DAY - timedelta(days=days_ago))]
    assert ("QUARANTINE" in kinds(stays=stays)) is quarantined


@pytest.mark.parametrize(
    ("code", "quarantined"),
    [
        ("420000", True),  # the province
        ("420106", True),  # a county
        ("420106001002", True),  # a village
        ("210381", False),
        ("350402", False),  # 42 stands in the middle
        ("142", False),
    ],
)
def test_an_affected_area_is_a_province_with_everything_under_it(code: str, quarantined: bool) -> None:
    assert ("QUARANTINE" in kinds(stays=[(code, None)])) is quarantined


def test_a_stay_without_an_end_goes_on_until_now() -> None:
    assert kinds(stays=[("420106", None)]) == ["QUARANTINE", "REGISTER"]


def test_one_stay_of_several_is_enough() -> None:
    stays = [("210302", None), ("420106", DAY - timedelta(days=9)), ("110105", None)]
    assert kinds(stays=stays) == ["QUARANTINE", "REGISTER"]


def test_quarantine_is_at_home_for_fourteen_days() -> None:
    (measure, _) = IN_FORCE.decide(facts(stays=[("420106", None)])).measures
    assert (measure.place, measure.days) == ("HOME", 14)


def test_every_matching_row_applies_and_the_strongest_measure_leads() -> None:
    decision = IN_FORCE.decide(facts(stays=[("420106", None)], celsius_tenths=340, symptoms=["COUGH"]))
    assert [measure.kind for measure in decision.measures] == [
        "FEVER_CLINIC",
        "QUARANTINE",
        "RE_MEASURE",
        "REGISTER",
    ]
    assert decision.rows == ("fever", "affected-area", "low-reading", "arrival")


@pytest.mark.parametrize(
    ("changes", "measures"),
    [
        ({}, []),
        ({"stays": [("420106", None)]}, []),
        ({"celsius_tenths": 340}, []),
        ({"celsius_tenths": 385}, ["FEVER_CLINIC"]),
        ({"symptoms": ["COUGH"]}, ["FEVER_CLINIC"]),
    ],
)
def test_whoever_leaves_is_only_asked_about_a_fever(changes: dict, measures: list[str]) -> None:
    assert kinds(direction="OUT", **changes) == measures


CODES = st.sampled_from(["420106", "420000", "210381", "110105", "35"])
DATES = st.one_of(st.none(), st.dates(date(2019, 12, 1), date(2020, 3, 1)))
FACTS = st.builds(
    Facts,
    on=st.dates(date(2020, 1, 1), date(2020, 3, 1)),
    direction=st.sampled_from(["IN", "OUT"]),
    stays=st.lists(st.tuples(CODES, DATES), max_size=4),
    celsius_tenths=st.one_of(st.none(), st.integers(200, 450)),
    temperature_state=st.sampled_from([None, "READ", "LOW", "NOT_TAKEN"]),
    symptoms=st.lists(st.sampled_from(["COUGH", "FATIGUE"]), max_size=2),
)


@given(FACTS)
def test_every_decision_can_be_explained_in_two_languages_by_its_own_rule_set(given: Facts) -> None:
    decision = IN_FORCE.decide(given)
    assert decision.rows == tuple(measure.row for measure in decision.measures)
    assert len(set(decision.rows)) == len(decision.rows)
    for row in decision.rows:
        said = rule_set(decision.rule_set).say(row)
        assert said["zh"]
        assert said["en"]


@given(FACTS, st.randoms(use_true_random=False))
def test_the_order_in_which_stays_were_told_changes_nothing(given: Facts, chance) -> None:
    turned = list(given.stays)
    chance.shuffle(turned)
    again = Facts(
        on=given.on,
        direction=given.direction,
        stays=turned,
        celsius_tenths=given.celsius_tenths,
        temperature_state=given.temperature_state,
        symptoms=given.symptoms,
    )
    assert IN_FORCE.decide(again) == IN_FORCE.decide(given)


def test_the_hash_is_of_the_content_and_of_nothing_else() -> None:
    assert rules._content_hash() == IN_FORCE.hash
    assert IN_FORCE.decide(facts()).rule_set == IN_FORCE.hash
    assert len(IN_FORCE.hash) == 16


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FEVER_TENTHS", 372),
        ("LOW_TENTHS", 351),
        ("INCUBATION", timedelta(days=10)),
        ("AFFECTED_AREAS", ("42", "33")),
        ("ROWS", rules.ROWS[:-1]),
        ("ROWS", rules.ROWS[::-1]),
        ("SENTENCES", {**SENTENCES, "arrival": {"zh": "请过。", "en": "Pass."}}),
    ],
)
def test_the_hash_changes_with_every_part_of_the_content(
    monkeypatch: pytest.MonkeyPatch, name: str, value: object
) -> None:
    monkeypatch.setattr(rules, name, value)
    assert rules._content_hash() != IN_FORCE.hash


def test_a_decision_is_never_explained_by_another_set_than_its_own() -> None:
    with pytest.raises(KeyError):
        rule_set("0000000000000000")


def test_a_decision_stored_before_rows_counted_into_the_hash_is_still_explained() -> None:
    assert rule_set("96cfde8c6341840a").say("fever") == SENTENCES["fever"]


def test_the_content_is_a_copy_that_travels_as_json() -> None:
    content = IN_FORCE.content()
    content["rows"].clear()
    content["thresholds"]["fever_tenths"] = 0
    again = IN_FORCE.content()
    assert json.loads(json.dumps(again)) == again
    assert again["rows"]
    assert again["thresholds"]["fever_tenths"] == 373


def test_the_rules_know_neither_database_nor_clock() -> None:
    """Facts in, measures out: the standard library only, and no call that tells the time."""
    source = inspect.getsource(rules)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom | ast.Import):
            names = [node.module] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
            assert all((name or "").split(".")[0] in sys.stdlib_module_names for name in names)
    assert "now(" not in source
    assert "today(" not in source
