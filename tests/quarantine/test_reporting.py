"""Reports that somebody else writes down: once under an id, of a half-day that was observed, and judged by what holds."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.ids import uuid7
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.quarantine.models import CheckIn, QuarantineOrder
from lianfang.quarantine.queries.orders import days_of
from lianfang.quarantine.rules import Half, HalfDay
from lianfang.quarantine.services import CareAnswers, put_in_place, release, report_broken
from lianfang.quarantine.services.reporting import CheckedIn, check_in
from tests.people.town import NOW, OTHER_GRID, TODAY
from tests.quarantine.ward import DAY, HOUR, Ward

MORNING = HalfDay(TODAY, Half.MORNING)


def report(ward: Ward, order: QuarantineOrder, **said: Any) -> CheckedIn:
    told = {
        "by": ward.desk, "at": NOW, "id": uuid7(), "half_day": MORNING, "celsius": Decimal("36.5"), "symptoms": [],
        "way": "DESK", "occurred_at": NOW,
    }  # fmt: skip
    return check_in(order=order.id, **{**told, **said})


def kept() -> list[CheckIn]:
    return list(CheckIn.objects.using("owner").order_by("received_at", "id"))


def test_a_report_is_kept_with_its_verdict_and_what_judged_it(ward: Ward) -> None:
    one = ward.in_place()
    assert report(ward, one).verdict == "WELL"
    assert (
        report(ward, one, celsius=Decimal("37.25"), way="GRID_PHONE", by=ward.phone()).verdict
        == "SYMPTOMATIC"
    )
    assert report(ward, one, symptoms=["COUGH", "FEVER"]).verdict == "SYMPTOMATIC"
    assert report(ward, one, celsius=None).verdict == "NOT_READ"
    first, by_phone, coughing, _ = sorted(kept(), key=lambda row: row.id)
    assert (first.officer_id, first.roster_id) == (ward.desk.officer_id, None)
    assert (by_phone.officer_id, by_phone.roster_id is not None) == (None, True)
    assert coughing.symptoms == ["FEVER", "COUGH"]
    assert AuditEntry.objects.using("owner").filter(act="CHECKED_IN").count() == 4


def test_the_same_report_again_is_once_and_another_under_its_id_is_refused(ward: Ward) -> None:
    one, id = ward.in_place(), uuid7()
    assert report(ward, one, id=id) == CheckedIn("WELL")
    assert report(ward, one, id=id, at=NOW + HOUR) == CheckedIn("WELL", repeated=True)
    for other in ({"celsius": Decimal("36.6")}, {"symptoms": ["COUGH"]}, {"way": "PASTED"}):
        with pytest.raises(Refusal) as refused:
            report(ward, one, id=id, **other)
        assert refused.value.code == "CHECK_IN_CONFLICT"
    with pytest.raises(Refusal, match="another report"):
        report(ward, ward.in_place(), id=id)
    assert len(kept()) == 1


@pytest.mark.parametrize(
    ("half", "occurred", "code"),
    [
        (HalfDay(TODAY, Half.EVENING), NOW, "CHECK_IN_WHEN"),
        (HalfDay(TODAY + DAY, Half.MORNING), NOW, "CHECK_IN_WHEN"),
        (MORNING, NOW + HOUR, "CHECK_IN_WHEN"),
        (HalfDay(TODAY - 31 * DAY, Half.MORNING), NOW, "CHECK_IN_WHEN"),
        (HalfDay(TODAY - DAY, Half.EVENING), NOW, "NOT_OBSERVED_THEN"),
    ],
)
def test_a_half_day_to_come_long_ago_or_not_observed_is_refused(
    ward: Ward, half: HalfDay, occurred: Any, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        report(ward, ward.in_place(), half_day=half, occurred_at=occurred)
    assert refused.value.code == code


def test_who_is_not_in_place_yet_is_not_observed_and_who_left_and_came_back_was(ward: Ward) -> None:
    with pytest.raises(Refusal, match="not under observation"):
        report(ward, ward.ordered())
    one = ward.in_place(at=NOW - DAY, day0=TODAY - DAY)
    report_broken(by=ward.desk, at=NOW - HOUR, id=uuid7(), order=one.id)
    assert report(ward, one).verdict == "WELL"


def test_after_the_last_day_reports_are_taken_until_he_is_released(ward: Ward) -> None:
    ill, well = (ward.in_place(at=NOW - 15 * DAY, day0=TODAY - 15 * DAY) for _ in range(2))
    assert report(ward, ill, celsius=Decimal("38.5")).verdict == "SYMPTOMATIC"
    assert report(ward, well).verdict == "WELL"
    day = days_of(ward.again(ill), kept())[-1]
    assert (day.on, day.number) == (TODAY, 15), "and stand on his page"
    release(by=ward.desk, at=NOW + HOUR, id=uuid7(), order=well.id)
    at_the_door = {"by": ward.phone(), "way": "GRID_DOOR"}
    late = report(ward, well, at=NOW + 2 * HOUR, celsius=Decimal("38.4"), **at_the_door)
    assert late.verdict == "SYMPTOMATIC", "measured before he was released"
    with pytest.raises(Refusal, match="Observation is over"):
        report(ward, well, at=NOW + 2 * HOUR, occurred_at=NOW + HOUR, **at_the_door)


def test_fever_of_whoever_is_not_in_place_yet_is_written_down(ward: Ward) -> None:
    blocked, told = ward.ordered(), ward.ordered()
    put_in_place(by=ward.desk, at=NOW, id=uuid7(), order=blocked.id, answers=CareAnswers())
    assert ward.again(blocked).in_place_at is None
    assert (
        report(ward, blocked, by=ward.phone(), way="GRID_DOOR", celsius=Decimal("38.5")).verdict
        == "SYMPTOMATIC"
    )
    assert report(ward, told, symptoms=["COUGH"]).verdict == "SYMPTOMATIC"
    for one in (blocked, told):
        with pytest.raises(Refusal, match="not under observation"):
            report(ward, one)


def test_after_the_end_nothing_is_reported_but_what_was_taken_before_it(ward: Ward) -> None:
    one = ward.in_place(at=NOW - 2 * DAY, day0=TODAY - 3 * DAY)
    QuarantineOrder.objects.using("owner").filter(pk=one.pk).update(state="LIFTED", ended_at=NOW - HOUR)
    with pytest.raises(Refusal, match="Observation is over"):
        report(ward, one)
    assert report(ward, one, occurred_at=NOW - timedelta(minutes=61)).verdict == "WELL"


def test_reports_are_taken_within_reach_and_in_words_that_are_known(ward: Ward) -> None:
    one = ward.in_place()
    for stranger in (ward.town.stranger, ward.phone(OTHER_GRID)):
        with pytest.raises(NotFound):
            report(ward, one, by=stranger)
    with pytest.raises(Refusal, match="not known"):
        report(ward, one, way="SELF")
    assert kept() == []
