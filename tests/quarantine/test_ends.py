"""Ends: released after the last day, by an officer; ill, handed over, lifted. A negative test ends nothing."""

from datetime import datetime
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from lianfang.kernel.days import start_of
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.quarantine import services
from lianfang.quarantine.models import CareNeed, FollowUp, OrderEvent, QuarantineOrder
from lianfang.quarantine.queries.orders import counted, orders
from lianfang.quarantine.queries.releasing import count_due_for_release, due_for_release
from lianfang.quarantine.services import (
    CareAnswers,
    CareTold,
    WrittenBeside,
    answer_care,
    hand_over,
    lift,
    move_to_isolation,
    put_in_place,
    release,
    release_all,
    report_broken,
    settle_care,
    transfer,
)
from lianfang.quarantine.services.writing import opened
from lianfang.quarantine.states import Done
from tests import factories
from tests.noted import noted
from tests.people.town import NEXT_COUNTY, NOW, OTHER_GRID, TODAY
from tests.quarantine.ward import DAY, GRANDSON, HOUR, WHY, Ward

OVER = start_of(TODAY + 15 * DAY)  # 24:00 of day 14
COUNTY = "210381"


def code_of(ward: Ward, order: UUID, at: datetime) -> str:
    with pytest.raises(Refusal) as refused:
        release(by=ward.desk, at=at, id=uuid7(), order=order)
    return refused.value.code


def on_care_list(ward: Ward, at: datetime) -> list[UUID]:
    """Who is on it, which is as many as it says."""
    with reach(ward.desk) as seen:
        found = [one.id for one in orders(seen, which="CARE", at=at).orders]
        assert counted(seen, at=at).care == len(found)
        assert counted(seen, at=at, division=COUNTY).care == len(found)
    return found


def test_he_is_released_when_day_fourteen_is_over_and_not_a_minute_earlier(ward: Ward) -> None:
    made = ward.in_place()
    assert code_of(ward, made.id, OVER - HOUR / 60) == "OBSERVATION_GOES_ON"
    id = uuid7()
    assert release(by=ward.desk, at=OVER, id=id, order=made.id).state == "RELEASED"
    assert release(by=ward.desk, at=OVER + HOUR, id=id, order=made.id).repeated
    assert ward.again(made).ended_at == OVER
    assert ward.done(made) == ["ORDERED", "IN_PLACE", "RELEASED"]
    assert [entry.act for entry in noted("QUARANTINE_RELEASED")] == ["QUARANTINE_RELEASED"]


def test_a_negative_test_is_no_act_and_the_refusal_says_so(ward: Ward) -> None:
    made = ward.in_place()
    assert not [name for name in (*services.__all__, *Done) if "test" in name.lower()]
    with pytest.raises(Refusal, match="negative test does not end it") as refused:
        release(by=ward.desk, at=NOW + 3 * DAY, id=uuid7(), order=made.id)
    assert "核酸阴性不能代替观察期满" in refused.value.zh


def test_the_database_itself_lets_nobody_go_earlier(ward: Ward) -> None:
    made = ward.in_place()
    with (
        reach(ward.desk),
        pytest.raises(IntegrityError, match="order_is_released_after_its_last_day"),
        transaction.atomic(),
    ):
        QuarantineOrder.objects.filter(pk=made.id).update(state="RELEASED", ended_at=OVER - HOUR)


def test_whoever_waits_for_the_clinic_is_not_released_and_whoever_was_found_well_is(ward: Ward) -> None:
    made = ward.in_place()
    ward.reported(made, "SYMPTOMATIC", OVER - 5 * HOUR)
    waiting = ward.followed(made, "CLINIC", OVER - 4 * HOUR)
    assert code_of(ward, made.id, OVER) == "CLINIC_OPEN"
    FollowUp.objects.using("owner").filter(pk=waiting).update(closed_at=OVER, outcome="AT_CLINIC")
    assert code_of(ward, made.id, OVER) == "SYMPTOMATIC"
    FollowUp.objects.using("owner").filter(pk=waiting).update(outcome="NOT_ILL")
    assert release(by=ward.desk, at=OVER + HOUR, id=uuid7(), order=made.id).state == "RELEASED"


@pytest.mark.parametrize(
    ("reports", "may"),
    [
        ([("SYMPTOMATIC", 20), ("WELL", 2)], True),
        ([("WELL", 20), ("SYMPTOMATIC", 2)], False),
        ([("SYMPTOMATIC", 5), ("WELL", 4)], False),  # in one half-day: whoever was symptomatic in it is
        ([("SYMPTOMATIC", 20), ("NOT_READ", 2)], False),
        ([], True),
    ],
)
def test_the_last_report_decides_whether_he_is_well(
    ward: Ward, reports: list[tuple[str, int]], may: bool
) -> None:
    made = ward.in_place()
    for verdict, hours in reports:
        ward.reported(made, verdict, OVER - hours * HOUR)
    if may:
        assert release(by=ward.desk, at=OVER, id=uuid7(), order=made.id).state == "RELEASED"
    else:
        assert code_of(ward, made.id, OVER) == "SYMPTOMATIC"


def test_who_left_may_be_released_by_name_and_who_was_never_there_is_not(ward: Ward) -> None:
    gone, never = ward.in_place(), ward.ordered()
    report_broken(by=ward.desk, at=NOW, id=uuid7(), order=gone.id)
    assert release(by=ward.desk, at=OVER, id=uuid7(), order=gone.id).state == "RELEASED"
    assert code_of(ward, never.id, OVER) == "ORDER_STATE"


def test_everybody_who_is_due_goes_at_once_and_who_is_left_out_is_told_why(ward: Ward) -> None:
    well = [ward.in_place() for _ in range(3)]
    ill, clinic, broken, never = ward.in_place(), ward.in_place(), ward.in_place(), ward.ordered()
    later, elsewhere = ward.in_place(days=15), ward.in_place(division=OTHER_GRID)
    ward.reported(ill, "SYMPTOMATIC", OVER - HOUR)
    ward.followed(clinic, "CLINIC", NOW)
    ward.followed(well[0], "CALL", NOW)
    report_broken(by=ward.desk, at=NOW, id=uuid7(), order=broken.id)
    with reach(ward.desk) as seen:
        due = due_for_release(seen, at=OVER)
        assert (len(due), count_due_for_release(seen, at=OVER)) == (8, 8)
        assert count_due_for_release(seen, at=OVER - HOUR) == 0
    done = release_all(by=ward.desk, at=OVER, division=COUNTY)
    assert sorted(done.released) == sorted(one.id for one in [*well, elsewhere])
    assert {one.order: one.why for one in done.left_out} == {
        ill.id: "SYMPTOMATIC", clinic.id: "CLINIC_OPEN", broken.id: "BROKEN", never.id: "NOT_IN_PLACE"
    }  # fmt: skip
    assert {one.order: one.hindrance for one in due if one.hindrance} == {
        one.order: str(one.why) for one in done.left_out
    }
    assert ward.again(later).ended_at is None
    assert ward.done(well[0]) == ["ORDERED", "IN_PLACE", "RELEASED"]
    assert FollowUp.objects.using("owner").get(order_id=well[0].id).outcome == "OVERTAKEN"
    (entry,) = noted("QUARANTINE_RELEASED")
    assert (entry.subject, entry.count, entry.details["left_out"]) == ("QUARANTINE_ORDER", 4, 4)
    again = release_all(by=ward.desk, at=OVER, division=COUNTY)
    assert (again.released, len(again.left_out), len(noted("QUARANTINE_RELEASED"))) == ((), 4, 1)


def test_an_officer_releases_within_his_own_area(ward: Ward) -> None:
    made = ward.in_place()
    with pytest.raises(Forbidden):
        release_all(by=ward.town.stranger, at=OVER, division=COUNTY)
    assert release_all(by=ward.town.stranger, at=OVER, division="210323").released == ()
    with pytest.raises(Forbidden):
        release_all(by=factories.officer("CHECKPOINT_LEAD", COUNTY), at=OVER, division=COUNTY)
    assert ward.again(made).ended_at is None


def test_whoever_is_ill_goes_to_isolation_and_the_clinics_question_is_answered_by_it(ward: Ward) -> None:
    made = ward.in_place(care=GRANDSON)
    ward.followed(made, "CLINIC", NOW)
    ward.followed(made, "CALL", NOW)
    with pytest.raises(Refusal, match="hospital"):
        move_to_isolation(by=ward.desk, at=NOW, id=uuid7(), order=made.id, where=" ")
    id = uuid7()
    acted = move_to_isolation(
        by=ward.desk, at=NOW + HOUR, id=id, order=made.id, where="市传染病医院", written=WrittenBeside("发热")
    )
    assert acted.state == "MOVED_TO_ISOLATION"
    outcomes = FollowUp.objects.using("owner").filter(order_id=made.id).values_list("kind", "outcome")
    assert dict(outcomes) == {"CLINIC": "ADMITTED", "CALL": "OVERTAKEN"}
    event = OrderEvent.objects.using("owner").get(pk=id)
    told = opened(WrittenBeside, id=id, at=event.received_at, wrapped=event.wrapped_key, blob=event.sealed)
    assert told == WrittenBeside("市传染病医院；发热")
    assert "医院" not in str(event.details)
    # Her grandson is at home still: who sees to him goes on being asked.
    assert CareNeed.objects.using("owner").get(order_id=made.id).settled_at is None


def test_who_depends_on_somebody_taken_to_hospital_stands_on_the_list_until_somebody_sees_to_them(
    ward: Ward,
) -> None:
    made = ward.in_place(care=GRANDSON)
    transfer(
        by=ward.desk, at=NOW, id=uuid7(), order=made.id, to=OTHER_GRID, written=WHY
    )  # her carer is unnamed
    move_to_isolation(by=ward.desk, at=NOW + HOUR, id=uuid7(), order=made.id, where="市传染病医院")
    much_later = NOW + 20 * DAY
    assert on_care_list(ward, much_later) == [made.id]
    with pytest.raises(Refusal, match="sees to it"):
        settle_care(by=ward.desk, at=much_later, id=uuid7(), order=made.id, kind="DEPENDANTS")
    acted = answer_care(by=ward.desk, at=much_later, id=uuid7(), order=made.id, answers=GRANDSON)
    assert (acted.state, acted.blocked_by) == ("MOVED_TO_ISOLATION", ())
    settle_care(by=ward.desk, at=much_later, id=uuid7(), order=made.id, kind="DEPENDANTS")
    assert on_care_list(ward, much_later) == []


def test_what_a_worker_saw_before_she_was_taken_to_hospital_stands_on_the_list(ward: Ward) -> None:
    made, phone = ward.ordered(at=NOW - HOUR), ward.phone()
    move_to_isolation(by=ward.desk, at=NOW + HOUR, id=uuid7(), order=made.id, where="市传染病医院")
    needed = {"DEPENDANTS": CareTold("三岁的孙子"), "MEDICINE": CareTold("降压药")}
    put_in_place(
        by=phone, at=NOW + 2 * HOUR, id=uuid7(), order=made.id, answers=CareAnswers(needed), occurred_at=NOW
    )
    assert on_care_list(ward, NOW + 2 * HOUR) == [made.id]
    assert [one.kind for one in CareNeed.objects.using("owner").filter(order_id=made.id)] == ["DEPENDANTS"]


def test_whoever_went_home_is_asked_about_care_no_more(ward: Ward) -> None:
    made = ward.in_place(care=GRANDSON)
    lift(by=ward.desk, at=NOW, id=uuid7(), order=made.id, written=WHY)
    assert on_care_list(ward, NOW) == []
    with pytest.raises(Refusal, match="as it stands now"):
        answer_care(by=ward.desk, at=NOW, id=uuid7(), order=made.id, answers=GRANDSON)


def test_another_city_takes_over_and_the_order_ends_here(ward: Ward) -> None:
    made = ward.in_place()
    for city, code in (("210381", "SAME_CITY"), ("21", "CITY_UNKNOWN"), ("x", "CITY_UNKNOWN")):
        with pytest.raises(Refusal) as refused:
            hand_over(by=ward.desk, at=NOW, id=uuid7(), order=made.id, city=city, written=WHY)
        assert refused.value.code == code
    assert (
        hand_over(by=ward.desk, at=NOW, id=uuid7(), order=made.id, city="210100", written=WHY).state
        == "HANDED_OVER"
    )
    event = OrderEvent.objects.using("owner").get(order_id=made.id, kind="HANDED_OVER")
    assert event.details["city"] == "210100"
    assert ward.ordered(person=made.person_id).state == "ORDERED", "another may stand after it"


def test_what_should_not_stand_is_lifted_with_a_reason_and_fever_stays_in_sight(ward: Ward) -> None:
    made = ward.in_place(care=GRANDSON)
    with pytest.raises(Refusal, match="Say why"):
        lift(by=ward.desk, at=NOW, id=uuid7(), order=made.id, written=WrittenBeside(" "))
    clinic = ward.followed(made, "CLINIC", NOW)
    with pytest.raises(Refusal, match="clinic has not answered"):
        lift(by=ward.desk, at=NOW, id=uuid7(), order=made.id, written=WHY)
    with pytest.raises(Refusal, match="clinic has not answered"):
        hand_over(by=ward.desk, at=NOW, id=uuid7(), order=made.id, city="210100", written=WHY)
    FollowUp.objects.using("owner").filter(pk=clinic).update(closed_at=NOW, outcome="NOT_ILL")
    assert lift(by=ward.desk, at=NOW + HOUR, id=uuid7(), order=made.id, written=WHY).state == "LIFTED"
    assert CareNeed.objects.using("owner").get(order_id=made.id).settled_at == NOW + HOUR
    with pytest.raises(Refusal) as refused:
        put_in_place(by=ward.desk, at=NOW + HOUR, id=uuid7(), order=made.id)
    assert refused.value.code == "ORDER_STATE"


def test_the_next_county_ends_nothing(ward: Ward) -> None:
    made, stranger = ward.in_place(), ward.town.stranger
    with pytest.raises(NotFound):
        release(by=stranger, at=OVER, id=uuid7(), order=made.id)
    with pytest.raises(NotFound):
        lift(by=stranger, at=OVER, id=uuid7(), order=made.id, written=WHY)
    with reach(stranger) as seen:
        assert due_for_release(seen, at=OVER) == []
    assert NEXT_COUNTY[:6] != COUNTY
