"""Orders: one for a person, with reasons; told, in place, gone; and the decent order."""

import pytest
from django.db import IntegrityError, connection, transaction

from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import grid_reach, reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.quarantine.models import CareNeed, QuarantineOrder
from lianfang.quarantine.services import (
    CareAnswers,
    CareTold,
    OrderReason,
    WrittenBeside,
    add_reason,
    answer_care,
    notify,
    order,
    put_in_place,
    report_broken,
    settle_care,
)
from lianfang.quarantine.services.writing import opened
from tests import factories
from tests.people.town import GRID, NEXT_COUNTY, NOW, TODAY
from tests.quarantine.ward import DAY, GRANDSON, HOUR, NOBODY_DEPENDS, Ward


def test_an_order_runs_from_the_last_exposure_to_the_end_of_day_fourteen(ward: Ward) -> None:
    made = ward.ordered(day0=TODAY - 2 * DAY)
    assert (made.state, made.last_on, made.number > 0) == ("ORDERED", TODAY + 12 * DAY, True)
    assert ward.done(made) == ["ORDERED"]


def test_a_person_has_one_order_and_a_further_reason_only_makes_it_longer(ward: Ward) -> None:
    first = ward.ordered(day0=TODAY)
    second = order(
        by=ward.desk,
        at=NOW,
        id=uuid7(),
        person=first.person_id,
        division=GRID,
        why=OrderReason("CONTACT", TODAY - 5 * DAY),
    )
    third = order(
        by=ward.desk,
        at=NOW,
        id=uuid7(),
        person=first.person_id,
        division=GRID,
        why=OrderReason("CONTACT", TODAY, 21),
    )
    assert first.id == second.id == third.id
    assert third.last_on == TODAY + 21 * DAY
    assert ward.done(first) == ["ORDERED", "REASON_ADDED", "REASON_ADDED"]


def test_the_same_act_again_orders_nothing_again(ward: Ward) -> None:
    person, id = ward.person(), uuid7()
    made = [
        order(by=ward.desk, at=NOW, id=id, person=person, division=GRID, why=OrderReason("OFFICER", TODAY))
        for _ in range(2)
    ]
    assert made[0].id == made[1].id
    assert QuarantineOrder.objects.using("owner").count() == 1
    with pytest.raises(Refusal, match="id stands with another"):
        order(
            by=ward.desk,
            at=NOW,
            id=id,
            person=ward.person(),
            division=GRID,
            why=OrderReason("OFFICER", TODAY),
        )


@pytest.mark.parametrize(
    "why",
    [
        OrderReason("OFFICER", TODAY + DAY),
        OrderReason("OFFICER", TODAY - 29 * DAY),
        OrderReason("OFFICER", TODAY, 0),
        OrderReason("OFFICER", TODAY, 29),
    ],
)
def test_days_that_cannot_be_are_refused(ward: Ward, why: OrderReason) -> None:
    with pytest.raises(Refusal):
        order(by=ward.desk, at=NOW, id=uuid7(), person=ward.person(), division=GRID, why=why)


def test_whoever_is_observed_in_the_next_county_gets_no_second_order(ward: Ward) -> None:
    made = ward.ordered()
    with pytest.raises(Refusal) as refused:
        order(
            by=ward.town.stranger,
            at=NOW,
            id=uuid7(),
            person=made.person_id,
            division=NEXT_COUNTY,
            why=OrderReason("OFFICER", TODAY),
        )
    assert refused.value.code == "ORDER_STANDS_ELSEWHERE"


def test_nobody_is_in_place_while_nobody_asked_who_depends_on_him(ward: Ward) -> None:
    made = ward.ordered()
    acted = put_in_place(by=ward.desk, at=NOW, id=uuid7(), order=made.id)
    assert (acted.state, acted.blocked_by) == ("ORDERED", ("DEPENDANTS",))
    with reach(ward.desk):
        (task,) = CareNeed.objects.filter(order_id=made.id)
        assert (task.kind, task.has_carer, task.settled_at) == ("DEPENDANTS", False, None)
    assert ward.done(made) == ["ORDERED", "BLOCKED"]


def test_the_database_itself_refuses_who_was_never_asked(ward: Ward) -> None:
    made = ward.ordered()
    with (
        reach(ward.desk),
        pytest.raises(IntegrityError, match="order_in_place_has_its_dependants_answered"),
        transaction.atomic(),
    ):
        QuarantineOrder.objects.filter(pk=made.id).update(
            state="IN_PLACE", in_place_at=NOW, observed_from=NOW
        )


def test_a_grandson_needs_somebody_by_name_before_she_is_in_place(ward: Ward) -> None:
    made = ward.ordered()
    nobody = CareAnswers(needed={"DEPENDANTS": CareTold("三岁的孙子")})
    assert put_in_place(by=ward.desk, at=NOW, id=uuid7(), order=made.id, answers=nobody).blocked_by == (
        "DEPENDANTS",
    )
    with pytest.raises(Refusal, match="sees to it"):
        settle_care(by=ward.desk, at=NOW, id=uuid7(), order=made.id, kind="DEPENDANTS")
    acted = put_in_place(by=ward.desk, at=NOW + HOUR, id=uuid7(), order=made.id, answers=GRANDSON)
    assert (acted.state, acted.blocked_by) == ("IN_PLACE", ())
    settle_care(by=ward.desk, at=NOW + HOUR, id=uuid7(), order=made.id, kind="DEPENDANTS")
    with reach(ward.desk):
        need = CareNeed.objects.get(order_id=made.id)
        told = opened(CareTold, id=need.id, at=need.sealed_at, wrapped=need.wrapped_key, blob=need.sealed)
    assert told == CareTold("三岁的孙子", "邻居王婶", "13900000001")
    assert need.settled_at == NOW + HOUR
    assert "王婶" not in repr(told)


def test_answers_can_be_given_before_he_is_in_place_and_the_last_ones_stand(ward: Ward) -> None:
    made = ward.ordered()
    answer_care(by=ward.desk, at=NOW, id=uuid7(), order=made.id, answers=GRANDSON)
    answer_care(by=ward.desk, at=NOW, id=uuid7(), order=made.id, answers=NOBODY_DEPENDS)
    assert ward.again(made).dependants == "NO"
    assert put_in_place(by=ward.desk, at=NOW, id=uuid7(), order=made.id).state == "IN_PLACE"


def test_who_left_and_came_back_is_asked_for_check_ins_from_then_on(ward: Ward) -> None:
    made = ward.in_place()
    report_broken(by=ward.desk, at=NOW + HOUR, id=uuid7(), order=made.id, written=WrittenBeside("去了超市"))
    assert ward.again(made).state == "BROKEN"
    put_in_place(by=ward.desk, at=NOW + DAY, id=uuid7(), order=made.id)
    again = ward.again(made)
    assert (again.state, again.in_place_at, again.observed_from) == ("IN_PLACE", NOW, NOW + DAY)
    assert ward.done(made) == ["ORDERED", "IN_PLACE", "BROKEN", "IN_PLACE"]


def test_the_slip_is_handed_over_and_the_first_time_stands(ward: Ward) -> None:
    made = ward.ordered()
    notify(by=ward.desk, at=NOW, id=uuid7(), order=made.id)
    notify(by=ward.desk, at=NOW + HOUR, id=uuid7(), order=made.id)
    assert (ward.again(made).state, ward.again(made).notified_at) == ("NOTIFIED", NOW)


def test_a_grid_phone_acts_on_its_own_grid_late_and_once(ward: Ward) -> None:
    made, phone = ward.ordered(at=NOW - 3 * HOUR), ward.phone()
    other = ward.phone("210381101001002", token="other")
    id = uuid7()
    at_the_door = {"order": made.id, "answers": NOBODY_DEPENDS, "occurred_at": NOW - 2 * HOUR}
    assert put_in_place(by=phone, at=NOW, id=id, **at_the_door).state == "IN_PLACE"  # type: ignore[arg-type]
    assert put_in_place(by=phone, at=NOW, id=id, **at_the_door).repeated  # type: ignore[arg-type]
    assert ward.again(made).in_place_at == NOW - 2 * HOUR
    report_broken(by=ward.desk, at=NOW, id=uuid7(), order=made.id)
    late = put_in_place(by=phone, at=NOW, id=uuid7(), order=made.id, occurred_at=NOW - HOUR)
    assert (late.late, ward.again(made).state) == (True, "BROKEN")
    with pytest.raises(NotFound):
        notify(by=other, at=NOW, id=uuid7(), order=made.id)


def test_the_next_county_sees_nothing_and_does_nothing(ward: Ward) -> None:
    made = ward.in_place(care=GRANDSON)
    with reach(ward.town.stranger), connection.cursor() as cursor:
        for table in (
            "quarantine_order",
            "quarantine_reason",
            "order_event",
            "care_need",
            "check_in",
            "check_in_link",
            "follow_up",
        ):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,), table
    with pytest.raises(NotFound):
        notify(by=ward.town.stranger, at=NOW, id=uuid7(), order=made.id)
    with grid_reach(ward.phone(NEXT_COUNTY, token="next")):
        assert not QuarantineOrder.objects.exists()


def test_roles_without_the_permission_are_refused(ward: Ward) -> None:
    lead = factories.officer("CHECKPOINT_LEAD", "210381")
    with pytest.raises(Forbidden):
        order(
            by=lead,
            at=NOW,
            id=uuid7(),
            person=ward.person(),
            division=GRID,
            why=OrderReason("OFFICER", TODAY),
        )


def test_what_is_written_down_names_nobody(ward: Ward) -> None:
    made = ward.in_place(care=GRANDSON)
    add_reason(
        by=ward.desk,
        at=NOW,
        id=uuid7(),
        order=made.id,
        why=OrderReason("CONTACT", TODAY),
        written=WrittenBeside("同桌吃饭"),
    )
    entries = AuditEntry.objects.using("owner").filter(subject=f"QUARANTINE_ORDER {made.id}")
    assert {entry.act for entry in entries} == {
        "QUARANTINE_ORDERED",
        "QUARANTINE_PLACED",
        "QUARANTINE_CHANGED",
    }
    assert not any("王婶" in str(vars(entry)) or "同桌" in str(vars(entry)) for entry in entries)
