"""The demo city's own order: whom it proposes to turn back, and whom never."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from lianfang.checkpoints.models import Registration
from lianfang.demo.orders import LATELY, ordered
from lianfang.screening.facts import Facts
from lianfang.screening.queries import book
from lianfang.screening.rules import RuleSet
from lianfang.screening.shipped import shipped
from tests.demo.conftest import Built

PROPOSED = "TURN_BACK_PROPOSED"
VISITOR: dict[str, Any] = {
    "direction": "IN", "purpose": "VISIT", "from_code": "220100", "resident": None, "stays": [], "celsius_tenths": 365,
    "temperature_state": "READ", "symptoms": (),
}  # fmt: skip


def kinds(**said: Any) -> list[str]:
    facts = Facts(on=date(2020, 2, 13), **{**VISITOR, **said})
    return [one.kind for one in RuleSet(ordered()).decide(facts).measures]


def test_who_comes_from_another_province_to_visit_waits_for_an_officer() -> None:
    assert PROPOSED in kinds()


@pytest.mark.parametrize(
    "said",
    [
        {"purpose": "COMMUTE"},
        {"purpose": "MEDICAL"},
        {"from_code": "210100"},
        {"from_code": None},
        {"direction": "OUT"},
        {"resident": True},
        {"celsius_tenths": 373},
        {"symptoms": ("COUGH",)},
    ],
)
def test_nobody_else_does(said: dict[str, Any]) -> None:
    assert PROPOSED not in kinds(**said)


def test_it_came_lately_and_before_it_the_shipped_rules_decided(built: Built) -> None:
    at = datetime.fromisoformat("2020-02-13T18:00:00+08:00")
    built(at.isoformat())
    rules = book(anew=True)
    assert rules.at(at).rule_set.hash == RuleSet(ordered()).hash
    before = rules.at(at - LATELY - timedelta(seconds=1)).rule_set
    assert before.hash == RuleSet(shipped("affected-areas").content).hash
    proposed = Registration.objects.using("owner").filter(measures__contains=[PROPOSED])
    for row in proposed:
        assert row.occurred_at >= at - LATELY
        assert (row.from_code or "21")[:2] != "21"
