"""Thresholds: one officer proposes, another approves, and what was judged stays judged by what held then."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.quarantine.models import CheckInThresholds
from lianfang.quarantine.queries.thresholds import forget_thresholds, thresholds_at, thresholds_kept
from lianfang.quarantine.rules import SHIPPED
from lianfang.quarantine.services.thresholds import approve_thresholds, propose_thresholds
from tests import factories
from tests.people.town import NOW
from tests.quarantine.test_reporting import kept, report
from tests.quarantine.ward import HOUR, Ward

STRICTER = replace(SHIPPED, fever=Decimal("37.0"))


@pytest.fixture(autouse=True)
def asked_anew() -> Iterator[None]:
    forget_thresholds()
    yield
    forget_thresholds()


def headquarters() -> Reach:
    return factories.officer("HEADQUARTERS")


def test_what_was_shipped_holds_until_another_is_approved_by_somebody_else(ward: Ward) -> None:
    one, other = headquarters(), headquarters()
    propose_thresholds(by=one, at=NOW, thresholds=STRICTER)
    assert thresholds_at(NOW) == SHIPPED
    with pytest.raises(Forbidden, match="somebody else"):
        approve_thresholds(by=one, at=NOW, hash=STRICTER.hash)
    approve_thresholds(by=other, at=NOW + HOUR, hash=STRICTER.hash)
    assert (thresholds_at(NOW), thresholds_at(NOW + HOUR)) == (SHIPPED, STRICTER)
    again = approve_thresholds(by=other, at=NOW + 2 * HOUR, hash=STRICTER.hash)
    assert again.from_at == NOW + HOUR


def test_proposed_again_it_is_one_and_it_waits_first_on_the_list(ward: Ward) -> None:
    for by in (headquarters(), headquarters()):
        propose_thresholds(by=by, at=NOW, thresholds=STRICTER)
    assert CheckInThresholds.objects.using("owner").count() == 2
    assert [one.hash for one in thresholds_kept()] == [STRICTER.hash, SHIPPED.hash]


@pytest.mark.parametrize(
    "odd",
    [
        {"fever": Decimal("36.4")}, {"fever": Decimal("38.6")}, {"lowest": Decimal(20)}, {"highest": Decimal(50)},
        {"morning_by": 300}, {"morning_by": 780}, {"evening_by": 600}, {"evening_by": 1440}, {"symptoms": ()},
        {"symptoms": ("HUNGRY",)},
    ],
)  # fmt: skip
def test_thresholds_by_which_nobody_or_everybody_has_a_fever_are_refused(
    ward: Ward, odd: dict[str, Any]
) -> None:
    with pytest.raises(Refusal, match="odd"):
        propose_thresholds(by=headquarters(), at=NOW, thresholds=replace(SHIPPED, **odd))


def test_what_holds_already_or_held_before_is_not_proposed(ward: Ward) -> None:
    one, other = headquarters(), headquarters()
    with pytest.raises(Refusal, match="holds already"):
        propose_thresholds(by=one, at=NOW, thresholds=SHIPPED)
    propose_thresholds(by=one, at=NOW, thresholds=STRICTER)
    approve_thresholds(by=other, at=NOW, hash=STRICTER.hash)
    with pytest.raises(Refusal, match="held before"):
        propose_thresholds(by=one, at=NOW + HOUR, thresholds=SHIPPED)


def test_a_desk_sets_no_thresholds(ward: Ward) -> None:
    for act in (
        lambda: propose_thresholds(by=ward.desk, at=NOW, thresholds=STRICTER),
        lambda: approve_thresholds(by=ward.desk, at=NOW, hash=SHIPPED.hash),
    ):
        with pytest.raises(Forbidden):
            act()
    with pytest.raises(NotFound):
        approve_thresholds(by=headquarters(), at=NOW, hash="0" * 64)


@pytest.mark.parametrize("way", ["DESK", "PASTED", "GRID_DOOR"])
def test_a_symptom_that_is_asked_no_more_is_a_symptom_still(ward: Ward, way: str) -> None:
    fewer = replace(SHIPPED, symptoms=("FEVER", "COUGH"))
    propose_thresholds(by=headquarters(), at=NOW - HOUR, thresholds=fewer)
    approve_thresholds(by=headquarters(), at=NOW - HOUR, hash=fewer.hash)
    one = ward.in_place()
    assert report(ward, one, symptoms=["DIARRHOEA"], way=way).verdict == "SYMPTOMATIC"
    assert report(ward, one, symptoms=["COUGH", "HUNGRY"], way=way).verdict == "SYMPTOMATIC"
    assert sorted(row.symptoms for row in kept()) == [["COUGH", "OTHER"], ["OTHER"]]
