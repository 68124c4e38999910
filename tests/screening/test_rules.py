"""What a rule set decides, as tables of cases: the table is the test and the explanation."""

import ast
import inspect
import json
import sys
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from lianfang.screening import conditions, form, rules
from lianfang.screening import facts as facts_module
from lianfang.screening.book import AFFECTED_AREAS, BASIC, NAMED_BEFORE, RuleBook
from lianfang.screening.drawing import draw_content
from lianfang.screening.drawing_people import People
from lianfang.screening.facts import Facts, Measure
from lianfang.screening.form import MEASURES, RESTRICTIVE
from lianfang.screening.rules import RuleSet, hash_of

DAY = date(2020, 2, 13)
NOBODY = Facts(
    on=DAY,
    direction="IN",
    stays=[],
    celsius_tenths=None,
    temperature_state=None,
    symptoms=[],
    transport="CAR",
)


def facts(**changes: Any) -> Facts:
    """Somebody in good health who comes in from the next city."""
    given = {
        "on": DAY,
        "direction": "IN",
        "stays": [("210302", None, None)],
        "celsius_tenths": 365,
        "temperature_state": "READ",
        "symptoms": [],
    }
    return Facts(**{**given, **changes})


def kinds(**changes: Any) -> list[str]:
    return [measure.kind for measure in AFFECTED_AREAS.decide(facts(**changes)).measures]


def rule_set(*rows: dict[str, Any], areas: tuple[dict[str, Any], ...] = ()) -> RuleSet:
    """Of rows that say what matters: everything else of the form is filled in."""
    whole = [
        {"row": f"row-{n}", "when": [], "unless": [], "say": {"zh": "好。", "en": "Fine."}, **row}
        for n, row in enumerate(rows, start=1)
    ]
    content = {"form": 2, "title": {"zh": "题", "en": "Title"}, "source": "", "areas": list(areas)}
    return RuleSet({**content, "questions": [], "rows": whole})


def quarantine(place: str, days: int) -> dict[str, Any]:
    return {"then": {"kind": "QUARANTINE", "place": place, "days": days}}


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
    stays = [("420100", None, DAY - timedelta(days=days_ago))]
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
    assert ("QUARANTINE" in kinds(stays=[(code, None, None)])) is quarantined
    assert ("QUARANTINE" in kinds(stays=[], from_code=code)) is quarantined


def test_one_stay_of_several_is_enough() -> None:
    stays = [("210302", None, None), ("420106", None, DAY - timedelta(days=9)), ("110105", None, None)]
    assert kinds(stays=stays) == ["QUARANTINE", "REGISTER"]


def test_quarantine_is_at_home_for_fourteen_days() -> None:
    (measure, _) = AFFECTED_AREAS.decide(facts(stays=[("420106", None, None)])).measures
    assert measure == Measure("QUARANTINE", "affected-area", place="HOME", days=14)


def test_every_matching_row_applies_and_the_strongest_measure_leads() -> None:
    ill = facts(stays=[("420106", None, None)], celsius_tenths=340, symptoms=["COUGH"])
    decision = AFFECTED_AREAS.decide(ill)
    assert [measure.kind for measure in decision.measures] == [
        "FEVER_CLINIC",
        "QUARANTINE",
        "RE_MEASURE",
        "REGISTER",
    ]
    assert decision.rows == ("symptom", "affected-area", "low-reading", "arrival")


@pytest.mark.parametrize(
    ("changes", "measures"),
    [
        ({}, []),
        ({"stays": [("420106", None, None)]}, []),
        ({"celsius_tenths": 340}, []),
        ({"celsius_tenths": 385}, ["FEVER_CLINIC"]),
        ({"symptoms": ["COUGH"]}, ["FEVER_CLINIC"]),
    ],
)
def test_whoever_leaves_is_only_asked_about_a_fever(changes: dict, measures: list[str]) -> None:
    assert kinds(direction="OUT", **changes) == measures


@pytest.mark.parametrize(
    ("rows", "chosen"),
    [
        ([quarantine("HOME", 14), quarantine("FACILITY", 7)], ("row-2", "FACILITY", 7)),
        ([quarantine("FACILITY", 7), quarantine("HOME", 14)], ("row-1", "FACILITY", 7)),
        ([quarantine("HOME", 7), quarantine("HOME", 14)], ("row-2", "HOME", 14)),
        ([quarantine("HOME", 14), quarantine("HOME", 14)], ("row-1", "HOME", 14)),
        ([quarantine("FACILITY", 14), quarantine("FACILITY", 21)], ("row-2", "FACILITY", 21)),
    ],
)
def test_of_two_measures_of_one_kind_the_stricter_is_told_and_both_rows_are_kept(
    rows: list[dict], chosen: tuple
) -> None:
    decision = rule_set(*rows).decide(NOBODY)
    assert decision.rows == ("row-1", "row-2")
    (measure,) = decision.measures
    assert (measure.row, measure.place, measure.days) == chosen


def test_measures_come_strongest_first_in_whatever_order_the_rows_stand() -> None:
    rows = [{"then": {"kind": kind}} for kind in reversed(MEASURES)]
    told = [measure.kind for measure in rule_set(*rows).decide(NOBODY).measures]
    assert told == list(MEASURES)


def test_an_exemption_alone_decides_nothing_and_is_kept() -> None:
    decision = rule_set({"then": {"kind": "EXEMPT", "lifts": ["row-9"]}}).decide(NOBODY)
    assert decision.rows == ("row-1",)
    assert decision.measures == ()


def test_fired_rows_are_all_of_them_and_decided_ones_without_those_lifted() -> None:
    made = rule_set(
        quarantine("HOME", 14),
        {"then": {"kind": "EXEMPT", "lifts": ["row-1"]}},
        {"then": {"kind": "REGISTER"}},
    )
    assert made.fired(NOBODY) == ("row-1", "row-2", "row-3")
    assert made.decide(NOBODY).rows == ("row-2", "row-3")
    assert [measure.kind for measure in made.measures(("row-2", "row-3"))] == ["REGISTER"]


def test_what_restricts_ends_with_its_rule_set_and_care_goes_on() -> None:
    made = rule_set(*({"then": {"kind": kind}} for kind in MEASURES))
    left = [measure.kind for measure in made.decide(NOBODY, lapsed=True).measures]
    assert left == [kind for kind in MEASURES if kind not in RESTRICTIVE]
    assert left == ["FEVER_CLINIC", "RE_MEASURE", "REGISTER"]


@pytest.mark.parametrize(
    ("fact", "op", "value"),
    [
        (name, op, value)
        for name, asked in form.FACTS.items()
        if name not in ("direction", "transport")
        for op, value in {
            "ONE_OF": ["FREIGHT"],
            "NONE_OF": ["FREIGHT"],
            "AT_LEAST": -1,
            "ABOVE": -1,
            "AT_MOST": 999,
            "BELOW": 999,
            "UNDER": ["42"],
            "OUTSIDE": ["42"],
            "LEVEL": ["HIGH"],
            "ANY": None,
            "ANY_OF": ["COUGH"],
            "IS": False,
        }.items()
        if op in form.OPERATORS[asked.kind]
    ],
)
def test_a_condition_about_something_nobody_said_does_not_hold(fact: str, op: str, value: object) -> None:
    condition = {"fact": fact, "op": op, "value": value, "days": 14}
    area = {"code": "42", "level": "HIGH"}
    asked = {"when": [condition], "then": {"kind": "REGISTER"}}
    spared = {"unless": [condition], "then": {"kind": "REGISTER"}}
    assert rule_set(asked, spared, areas=(area,)).decide(NOBODY).rows == ("row-2",)


@pytest.mark.parametrize(
    "fact", [name for name, one in form.FACTS.items() if "MISSING" in form.OPERATORS[one.kind]]
)
def test_only_missing_asks_for_what_nobody_said(fact: str) -> None:
    made = rule_set({"when": [{"fact": fact, "op": "MISSING"}], "then": {"kind": "REGISTER"}})
    assert made.decide(NOBODY).rows == (() if fact in ("direction", "transport") else ("row-1",))


def test_an_unknown_fact_or_operator_is_no_rule_set_at_all() -> None:
    for condition in ({"fact": "hometown", "op": "MISSING"}, {"fact": "age", "op": "ROUGHLY", "value": 1}):
        with pytest.raises(KeyError):
            rule_set({"when": [condition], "then": {"kind": "REGISTER"}})


SEEDS = range(30)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_decision_can_be_explained_in_two_languages_by_its_own_rule_set(seed: int) -> None:
    chance = Random(seed)
    content = draw_content(chance)
    people, made = People(content, chance), RuleSet(content)
    for _ in range(100):
        decision = made.decide(people.draw(), lapsed=chance.random() < 0.5)
        assert decision.rule_set == hash_of(content)
        assert len(set(decision.rows)) == len(decision.rows)
        assert [row.id for row in made.rows if row.id in decision.rows] == list(decision.rows)
        assert {measure.row for measure in decision.measures} <= set(decision.rows)
        assert made.measures(decision.rows) == decision.measures
        for row in decision.rows:
            assert made.say(row)["zh"]
            assert made.say(row)["en"]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_in_which_stays_and_symptoms_were_told_changes_nothing(seed: int) -> None:
    chance = Random(seed)
    content = draw_content(chance)
    people, made = People(content, chance), RuleSet(content)
    for _ in range(100):
        told = people.draw()
        turned = {field: getattr(told, field) for field in Facts.__dataclass_fields__}
        turned["stays"] = chance.sample(told.stays, len(told.stays))
        turned["symptoms"] = chance.sample(told.symptoms, len(told.symptoms))
        assert made.decide(Facts(**turned)) == made.decide(told)


def test_the_hash_is_of_the_content_and_of_nothing_else() -> None:
    assert AFFECTED_AREAS.hash == hash_of(AFFECTED_AREAS.content())
    assert len(AFFECTED_AREAS.hash) == 16
    assert hash_of({"b": "湖", "a": [1]}) == hash_of({"a": [1], "b": "湖"})
    assert hash_of({"a": 1}) == "015abd7f5cc57a2d"  # of {"a":1}


CONTENT = AFFECTED_AREAS.content()


@pytest.mark.parametrize(
    "change",
    [
        {"title": {**CONTENT["title"], "en": "Other"}},
        {"source": ""},
        {"areas": []},
        {"areas": [{**CONTENT["areas"][0], "from": "2020-01-23"}]},
        {"questions": [{"key": "met", "kind": "YES_NO", "zh": "问", "en": "Question"}]},
        {"rows": CONTENT["rows"][:-1]},
        {"rows": CONTENT["rows"][::-1]},
        {"rows": [*CONTENT["rows"][:-1], {**CONTENT["rows"][-1], "say": {"zh": "请过。", "en": "Pass."}}]},
        {"form": 3},
    ],
)
def test_the_hash_changes_with_every_part_of_the_content(change: dict[str, Any]) -> None:
    assert hash_of({**CONTENT, **change}) != AFFECTED_AREAS.hash


def test_a_decision_is_never_explained_by_another_set_than_its_own() -> None:
    with pytest.raises(KeyError):
        RuleBook().named("0000000000000000")
    with pytest.raises(KeyError):
        BASIC.say("affected-area")


@pytest.mark.parametrize("content_hash", NAMED_BEFORE)
def test_a_decision_stored_before_rules_were_data_is_still_explained(content_hash: str) -> None:
    assert RuleBook().named(content_hash).say("fever") == AFFECTED_AREAS.say("fever")


def test_the_content_is_a_copy_that_travels_as_json() -> None:
    content = AFFECTED_AREAS.content()
    content["rows"].clear()
    content["areas"][0]["code"] = "33"
    again = AFFECTED_AREAS.content()
    assert json.loads(json.dumps(again)) == again
    assert hash_of(again) == AFFECTED_AREAS.hash


@pytest.mark.parametrize("module", [rules, conditions, facts_module, form])
def test_the_rules_know_neither_database_nor_clock(module: Any) -> None:
    """Facts in, measures out: the standard library and each other only, and no call that tells the time."""
    source = inspect.getsource(module)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom | ast.Import):
            names = [node.module] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
            for name in names:
                own = (name or "").startswith("lianfang.screening.")
                assert own or (name or "").split(".")[0] in sys.stdlib_module_names, name
    assert "now(" not in source
    assert "today(" not in source
