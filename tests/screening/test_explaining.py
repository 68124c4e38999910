"""A decision explained: which fact met each condition, what was lifted by what, and why a strong row did not apply."""

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lianfang.screening.explaining import Explanation, Failure, explain
from lianfang.screening.facts import Facts
from lianfang.screening.rules import RuleSet
from lianfang.screening.shipped import SHIPPED, shipped

ON = date(2020, 2, 10)
LIAONING = shipped("liaoning-2020-02-05").content
JINZHOU = shipped("jinzhou-2020").content
HEALTHY = Facts(
    on=ON, direction="IN", stays=[], celsius_tenths=365, temperature_state="READ", symptoms=[], transport="CAR",
    purpose="OTHER", from_code="210103",
)  # fmt: skip


def why(explained: Explanation, row: str) -> tuple[Failure | None, Any]:
    (found,) = [one for one in explained.missed if one.row["row"] == row]
    return found.failure, found.because and found.because.condition["fact"]


def test_the_stay_that_met_a_condition_is_named_and_not_another_one() -> None:
    stays = [
        ("110105", ON - timedelta(20), ON - timedelta(15)),
        ("420106", ON - timedelta(9), ON - timedelta(7)),
    ]
    explained = explain(JINZHOU, replace(HEALTHY, stays=stays))
    (row,) = [one for one in explained.applied if one.row["row"] == "from-hubei"]
    assert [(asked.said, asked.stay) for asked in row.met] == [("IN", None), (None, stays[1])]


def test_where_somebody_comes_from_is_a_stay_that_goes_on() -> None:
    explained = explain(JINZHOU, replace(HEALTHY, from_code="420106"))
    (row,) = [one for one in explained.applied if one.row["row"] == "from-hubei"]
    assert row.met[1].stay == ("420106", None, None)
    assert row.met[1].area is not None
    assert row.met[1].area["code"] == "42"


def test_a_lifted_row_names_the_exemption_that_lifted_it() -> None:
    driver = replace(HEALTHY, transport="TRUCK", purpose="FREIGHT", from_code="420106")
    explained = explain(LIAONING, driver)
    assert explained.rows == ("freight", "arrival")
    assert {one.row["row"]: one.lifted_by for one in explained.lifted} == {
        "affected-area": ("freight",),
        "other-province": ("freight",),
    }


@pytest.mark.parametrize(
    ("changes", "row", "failure", "fact"),
    [
        ({}, "other-province", Failure.WHEN, "stays"),
        ({}, "fever", Failure.WHEN, "celsius_tenths"),
        ({}, "contact", Failure.WHEN, "case_contact"),
        ({"direction": "OUT"}, "affected-area", Failure.WHEN, "direction"),
        ({"on": date(2020, 2, 4), "from_code": "130203"}, "other-province", Failure.BEFORE, None),
        ({"on": date(2020, 3, 6), "from_code": "130203"}, "other-province", Failure.AFTER, None),
        ({"resident": False, "purpose": "VISIT", "celsius_tenths": 375}, "visitor", Failure.UNLESS, "celsius_tenths"),
        ({"resident": False, "purpose": "MEDICAL"}, "visitor", Failure.WHEN, "purpose"),
    ],
)  # fmt: skip
def test_a_strong_row_that_did_not_apply_says_which_condition_decided_so(
    changes: dict[str, Any], row: str, failure: Failure, fact: str | None
) -> None:
    assert why(explain(LIAONING, replace(HEALTHY, **changes)), row) == (failure, fact)


def test_an_exemption_that_was_over_is_told_where_what_it_lifted_applied() -> None:
    late = replace(HEALTHY, on=date(2020, 2, 22), transport="TRUCK", purpose="FREIGHT", from_code="130203")
    assert why(explain(LIAONING, late), "freight") == (Failure.AFTER, None)
    assert "freight" not in {one.row["row"] for one in explain(LIAONING, HEALTHY).missed}


def test_what_lapsed_says_so_and_care_goes_on() -> None:
    ill = replace(HEALTHY, from_code="420106", celsius_tenths=380)
    explained = explain(LIAONING, ill, lapsed=True)
    assert why(explained, "affected-area") == (Failure.LAPSED, None)
    assert explained.rows == ("fever", "arrival")


def test_nobody_said_anything_and_nothing_is_made_up() -> None:
    silent = Facts(on=ON, direction="IN", stays=[], celsius_tenths=None, temperature_state=None, symptoms=[])
    explained = explain(LIAONING, silent)
    assert explained.rows == ("arrival",)
    assert all(one.because is None or one.because.said is None for one in explained.missed)


@pytest.mark.parametrize("code", SHIPPED)
def test_an_explanation_is_the_decision_whatever_was_said(code: str) -> None:
    content, chance = shipped(code).content, random.Random(7)
    rule_set = RuleSet(content)
    for _ in range(300):
        facts = _anybody(chance)
        lapsed = chance.random() < 0.2
        explained, decision = explain(content, facts, lapsed), rule_set.decide(facts, lapsed=lapsed)
        assert (explained.rows, explained.measures) == (decision.rows, decision.measures)


def _anybody(chance: random.Random) -> Facts:
    places = ["420106", "420000", "210103", "130203", "110105", "210000"]
    stays = [
        (chance.choice(places), None, chance.choice([None, ON - timedelta(chance.randrange(20))]))
        for _ in range(chance.randrange(3))
    ]
    return Facts(
        on=ON + timedelta(chance.randrange(-10, 40)),
        direction=chance.choice(["IN", "IN", "OUT"]),
        stays=stays,
        celsius_tenths=chance.choice([None, 341, 365, 372, 373, 390]),
        temperature_state=chance.choice([None, "READ", "LOW", "NOT_TAKEN"]),
        symptoms=chance.choice([[], [], ["COUGH"]]),
        transport=chance.choice([None, "CAR", "TRUCK"]),
        purpose=chance.choice(
            [None, "FREIGHT", "SUPPLIES", "TRANSIT", "MEDICAL", "VISIT", "RESIDENT_RETURN"]
        ),
        from_code=chance.choice([None, *places]),
        case_contact=chance.choice([None, True, False]),
        resident=chance.choice([None, True, False]),
    )
