"""What is allowed and perhaps not meant is told before anybody approves it."""

import re
from datetime import date, timedelta
from itertools import combinations
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianfang.screening.compiling import Finding, compiled
from lianfang.screening.compiling.findings import MOST_OF_ONE_KIND
from lianfang.screening.facts import Facts
from lianfang.screening.rules import RuleSet
from tests.screening.written import HOME, condition, people, row, rule_sets, written

FACILITY = {"kind": "QUARANTINE", "place": "FACILITY", "days": 14}
HUBEI = condition("stays", "UNDER", ["42"], 14)
FREIGHT = condition("purpose", "ONE_OF", ["FREIGHT"])
HIGH = condition("areas", "LEVEL", ["HIGH"], 14)
YES_NO = {"key": "cold", "kind": "YES_NO", "zh": "冷链？", "en": "Cold chain?"}


def warned(*rows: dict[str, Any], on: date | None = None, **more: Any) -> list[Finding]:
    found = compiled(written(*rows, **more), on=on)
    assert found.content is not None, found.findings
    return list(found.findings)


def codes(*rows: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    return [(finding.row, finding.code) for finding in warned(*rows, **more)]


c = condition
NEVER = [
    ([c("celsius_tenths", "AT_LEAST", 380), c("celsius_tenths", "BELOW", 370)], []),
    ([c("celsius_tenths", "ABOVE", 372), c("celsius_tenths", "BELOW", 374), c("celsius_tenths", "AT_LEAST", 374)], []),
    ([c("celsius_tenths", "ABOVE", 372), c("celsius_tenths", "BELOW", 373)], []),  # no tenth lies between
    ([c("celsius_tenths", "ABOVE", 450)], []),
    ([c("purpose", "ONE_OF", ["FREIGHT"]), c("purpose", "ONE_OF", ["TRANSIT"])], []),
    ([c("purpose", "ONE_OF", ["FREIGHT"]), c("purpose", "NONE_OF", ["FREIGHT", "VISIT"])], []),
    ([c("purpose", "ONE_OF", ["FREIGHT"]), c("purpose", "MISSING")], []),
    ([c("direction", "MISSING")], []),
    ([c("case_contact", "IS", True), c("case_contact", "IS", False)], []),
    ([c("resident", "IS", True), c("resident", "MISSING")], []),
    ([c("from_code", "UNDER", ["42"]), c("from_code", "OUTSIDE", ["42"])], []),
    ([c("from_code", "UNDER", ["4201"]), c("from_code", "OUTSIDE", ["42"])], []),
    ([c("from_code", "UNDER", ["42"]), c("from_code", "UNDER", ["21", "31"])], []),
    ([c("stays", "MISSING"), HUBEI], []),
    ([c("stays", "MISSING"), c("from_code", "OUTSIDE", ["21"])], []),
    ([c("temperature_state", "ONE_OF", ["LOW"]), c("celsius_tenths", "BELOW", 350)], []),
    ([HIGH], []),  # no area is
    ([FREIGHT], [FREIGHT]),
    ([FREIGHT], [c("purpose", "ONE_OF", ["FREIGHT", "SUPPLIES"])]),
    ([c("age", "BELOW", 18)], [c("age", "BELOW", 60)]),
    ([c("age", "AT_LEAST", 1)], [c("age", "BELOW", 60), c("age", "AT_LEAST", 60)]),
    ([c("resident", "IS", False)], [c("resident", "IS", False)]),
    ([c("age", "MISSING")], [c("age", "MISSING")]),
    ([c("from_code", "UNDER", ["4201"])], [c("from_code", "UNDER", ["42"])]),
    ([c("stays", "UNDER", ["4201"], 7)], [HUBEI]),
    ([c("stays", "OUTSIDE", ["21"], 7)], [c("stays", "OUTSIDE", ["2103"], 14)]),
    ([c("symptoms", "ANY_OF", ["COUGH"])], [c("symptoms", "ANY")]),
    ([c("symptoms", "ANY_OF", ["COUGH"])], [c("symptoms", "ANY_OF", ["FEVER", "COUGH"])]),
    ([], [c("direction", "ONE_OF", ["IN", "OUT"])]),
    ([c("answers.cold", "IS", True)], [c("answers.cold", "IS", True)]),
]  # fmt: skip

SOMETIMES = [
    ([c("celsius_tenths", "AT_LEAST", 370), c("celsius_tenths", "BELOW", 380)], []),
    ([c("from_code", "UNDER", ["42"]), c("from_code", "OUTSIDE", ["4201"])], []),
    ([c("from_code", "UNDER", ["42", "21"]), c("from_code", "OUTSIDE", ["42"])], []),
    ([HUBEI, c("stays", "OUTSIDE", ["42"], 14)], []),  # two stays
    ([c("stays", "UNDER", ["4201"], 21)], [HUBEI]),  # longer ago than the exception reaches
    ([HUBEI], [c("stays", "UNDER", ["4201"], 14)]),
    ([FREIGHT], [c("purpose", "ONE_OF", ["SUPPLIES"])]),
    ([], [c("purpose", "ONE_OF", ["SUPPLIES"]), c("purpose", "NONE_OF", ["SUPPLIES"])]),  # when nobody said
    ([c("age", "BELOW", 18)], [c("age", "BELOW", 6)]),
    ([c("symptoms", "ANY")], [c("symptoms", "ANY_OF", ["COUGH"])]),
    ([c("purpose", "MISSING"), c("age", "MISSING")], []),
    ([c("temperature_state", "ONE_OF", ["READ", "LOW"]), c("celsius_tenths", "BELOW", 350)], []),
    ([c("answers.cold", "IS", True)], [c("answers.cold", "IS", False)]),
]  # fmt: skip


@pytest.mark.parametrize(("when", "unless"), NEVER)
def test_a_row_that_can_never_apply_is_told(when: list[dict[str, Any]], unless: list[dict[str, Any]]) -> None:
    found = codes(row("odd", *when, unless=unless), questions=[YES_NO])
    assert ("odd", "NEVER_FIRES") in found


@pytest.mark.parametrize(("when", "unless"), SOMETIMES)
def test_a_row_that_can_apply_is_not(when: list[dict[str, Any]], unless: list[dict[str, Any]]) -> None:
    found = codes(row("fine", *when, unless=unless), questions=[YES_NO])
    assert ("fine", "NEVER_FIRES") not in found


def test_turning_back_the_ill_can_never_apply() -> None:
    back = {"kind": "TURN_BACK_PROPOSED"}
    for one in (c("symptoms", "ANY"), c("celsius_tenths", "AT_LEAST", 373), c("resident", "IS", True)):
        assert codes(row("back", one, then=back)) == [("back", "NEVER_FIRES")]
    assert codes(row("back", c("from_code", "OUTSIDE", ["21"]), then=back)) == []


def test_rows_that_order_different_quarantines_for_one_person_are_told_and_the_stricter_named() -> None:
    home, facility = (
        row("home", HUBEI, then=HOME),
        row("facility", c("case_contact", "IS", True), then=FACILITY),
    )
    (finding,) = warned(home, facility)
    assert (finding.row, finding.column, finding.code) == ("facility", "then", "DECIDES_OTHERWISE")
    assert "集中 14 天" in finding.zh
    assert "Facility, 14 days" in finding.en
    assert "home" in finding.en
    longer = row("longer", HUBEI, c("age", "AT_LEAST", 60), then={**HOME, "days": 21})
    assert "Home, 21 days" in warned(home, longer)[0].en
    assert codes(home, row("same", c("case_contact", "IS", True), then=HOME)) == []


def test_rows_that_no_person_and_no_day_share_are_not() -> None:
    home, facility = (
        row("home", FREIGHT, then=HOME),
        row("facility", c("purpose", "ONE_OF", ["VISIT"]), then=FACILITY),
    )
    assert codes(home, facility) == []
    first = {"from": "2020-02-01", "to": "2020-02-10"}
    second = {"from": "2020-02-11", "to": "2020-02-20"}
    assert codes({**home, **first}, {**facility, "when": home["when"], **second}) == []
    assert codes(home, {**facility, "when": [HUBEI], "unless": [FREIGHT]}) == []


def exempting(*when: dict[str, Any], **more: Any) -> dict[str, Any]:
    return row("free", *when, then={"kind": "EXEMPT", "lifts": ["home"]}, **more)


def test_a_row_that_is_always_lifted_is_told() -> None:
    home = row("home", FREIGHT, HUBEI, then=HOME)
    for free in (
        exempting(FREIGHT),
        exempting(c("purpose", "NONE_OF", ["VISIT"])),
        exempting(c("stays", "UNDER", ["42", "31"], 21)),
        exempting(FREIGHT, unless=[c("purpose", "ONE_OF", ["VISIT"])]),
    ):
        assert codes(home, free) == [("home", "ALWAYS_LIFTED")]
    assert ("home", "ALWAYS_LIFTED") in codes(home, exempting())


def test_a_row_that_is_lifted_for_some_or_for_a_time_is_not() -> None:
    home = row("home", FREIGHT, HUBEI, then=HOME)
    for free in (
        exempting(c("purpose", "ONE_OF", ["SUPPLIES"])),
        exempting(FREIGHT, c("age", "BELOW", 60)),
        exempting(FREIGHT, unless=[c("symptoms", "ANY")]),
        exempting(FREIGHT, unless=[c("age", "BELOW", 60)]),
        exempting(c("stays", "UNDER", ["4201"], 14)),
        exempting(FREIGHT, **{"from": "2020-02-01", "to": "2020-02-20"}),
    ):
        assert codes(home, free) == []
    cautious = {**home, "unless": [c("symptoms", "ANY"), c("age", "BELOW", 70)]}
    for free in (exempting(FREIGHT, unless=[c("symptoms", "ANY_OF", ["COUGH"]), c("age", "BELOW", 60)]),):
        assert codes(cautious, free) == [("home", "ALWAYS_LIFTED")]


def test_rows_that_say_the_same_are_told() -> None:
    assert codes(row("one", FREIGHT, HUBEI), row("two", HUBEI, FREIGHT, unless=[])) == [
        ("two", "SAME_AS_ANOTHER")
    ]
    assert codes(row("one", FREIGHT), row("two", FREIGHT, then={"kind": "RE_MEASURE"})) == []


def test_a_row_without_conditions_is_told_unless_it_registers() -> None:
    assert codes(row("all", then=HOME)) == [("all", "FOR_EVERYBODY")]
    assert codes(row("all", then={"kind": "REGISTER"})) == []


def area(code: str, level: str = "HIGH", **dates: str) -> dict[str, str]:
    return {"code": code, "level": level, **dates}


def test_areas_that_overlap_are_told_where_they_were_written() -> None:
    asks = row("area", c("areas", "LEVEL", ["HIGH", "LOW"], 14))
    assert codes(asks, areas=[area("4201"), area("21"), area("42")]) == [("areas #1", "AREAS_OVERLAP")]
    (finding,) = warned(asks, areas=[area("420106", "LOW"), area("42")])
    assert finding.zh == "420106（低风险）与42重叠，那里是高风险，到过的人两级都算。"
    assert codes(asks, areas=[area("42"), area("42", "LOW")]) == [("areas #2", "AREAS_OVERLAP")]
    assert codes(asks, areas=[area("42"), area("420000")]) == [("areas #2", "AREA_TWICE")]
    first, second = {"from": "2020-02-01", "to": "2020-02-10"}, {"from": "2020-02-11", "to": "2020-02-20"}
    assert codes(asks, areas=[area("42", **first), area("4201", **second)]) == []
    assert codes(asks, areas=[area("42", **first), area("42", **second)]) == []


def test_a_level_that_no_row_asks_for_is_told_once() -> None:
    asks = row("area", HIGH)
    found = codes(asks, areas=[area("21", "LOW"), area("42"), area("31", "LOW")])
    assert found == [("areas #1", "ASKED_BY_NOBODY")]
    assert codes(areas=[area("42")]) == [("areas #1", "ASKED_BY_NOBODY")]
    assert codes(row("out", FREIGHT, unless=[HIGH]), areas=[area("42")]) == []


def test_a_question_that_no_row_uses_is_fine() -> None:
    assert codes(questions=[YES_NO]) == []


def test_what_is_over_is_told_to_whoever_says_when_it_would_decide() -> None:
    dates = {"from": "2020-02-01", "to": "2020-02-10"}
    rows = [row("goods", FREIGHT, **dates), row("area", HIGH)]
    areas = [area("42", **dates)]
    assert codes(*rows, areas=areas) == []
    assert codes(*rows, areas=areas, on=date(2020, 2, 10)) == []
    assert codes(*rows, areas=areas, on=date(2020, 2, 11)) == [("goods", "OVER"), ("areas #1", "OVER")]


def test_twenty_warnings_of_a_kind_are_told_and_then_how_many_more() -> None:
    asks = row("area", HIGH)
    found = warned(asks, areas=[area("42"), *(area(f"4201{n}") for n in range(10, 60))])
    assert len(found) == MOST_OF_ONE_KIND + 1
    assert "30" in found[-1].zh


def test_two_hundred_rows_that_all_overlap_are_read_in_a_moment() -> None:
    rows = [
        row(
            f"row-{n}",
            c("age", "AT_LEAST", n % 90),
            HUBEI,
            then={**HOME, "days": n % 28 + 1},
            unless=[FREIGHT],
        )
        for n in range(199)
    ]
    assert len(warned(*rows)) == MOST_OF_ONE_KIND + 1


def test_where_rows_name_too_many_places_to_compare_that_is_said_and_nobody_waits() -> None:
    counties = [f"{city}{n:02}" for city in range(1101, 1106) for n in range(1, 99)]
    rows = [
        row(f"row-{n}", c("from_code", "UNDER", counties), then={**HOME, "days": n % 28 + 1}, **{
            "unless": [c("destination_code", "OUTSIDE", counties[:n])]
        })
        for n in range(1, 190)
    ]  # fmt: skip
    began = perf_counter()
    found = warned(*rows)
    assert perf_counter() - began < 10
    assert [(one.row, one.column) for one in found if one.code == "NOT_ALL_COMPARED"] == [("", "rows")]
    assert sum(one.code == "DECIDES_OTHERWISE" for one in found) == MOST_OF_ONE_KIND + 1


def test_two_thousand_entries_of_one_division_are_told_once_each() -> None:
    days = [(date(2020, 1, 1) + timedelta(days=n // 30), n % 30) for n in range(2_000)]
    spans = [{"from": str(first), "to": str(first + timedelta(days=more))} for first, more in days]
    began = perf_counter()
    found = warned(row("area", HIGH), areas=[area("42", **one) for one in spans])
    assert perf_counter() - began < 10
    assert len(found) == MOST_OF_ONE_KIND + 1


def test_places_and_levels_are_named_and_not_coded() -> None:
    asks = row("area", c("areas", "LEVEL", ["HIGH", "MEDIUM"], 14))
    names = {"420100": "武汉市", "420000": "湖北省"}
    (finding,) = compiled(written(asks, areas=[area("4201", "MEDIUM"), area("42")]), names=names).findings
    assert finding.zh == "武汉市（中风险）与湖北省重叠，那里是高风险，到过的人两级都算。"
    assert finding.en.startswith("武汉市 (medium risk) overlaps 湖北省, which is of high risk")
    (finding,) = warned(row("low", c("areas", "LEVEL", ["LOW"], 14)))
    assert "低风险" in finding.zh
    assert not re.search("[A-Z_]{3,}", finding.zh)


@given(rule_sets(), st.lists(people(), min_size=5, max_size=20))
@settings(max_examples=150, deadline=None)
def test_warnings_are_true_of_the_engine(raw: dict[str, Any], persons: list[Facts]) -> None:
    """Whoever comes: no row told to be idle decides, and no two quarantines differ without having been told."""
    found = compiled(raw)
    assert found.content is not None
    rules = RuleSet(found.content)
    told = {(finding.row, finding.code) for finding in found.findings}
    thens = {one["row"]: one["then"] for one in found.content["rows"]}
    for person in persons:
        fired, decided = rules.fired(person), rules.decide(person).rows
        assert not {(name, "NEVER_FIRES") for name in fired} & told
        assert not {(name, "ALWAYS_LIFTED") for name in decided} & told
        quarantines = [name for name in fired if thens[name]["kind"] == "QUARANTINE"]
        for one, other in combinations(quarantines, 2):
            assert thens[one] == thens[other] or (other, "DECIDES_OTHERWISE") in told
