"""What a grid phone saw hours ago is written down, and moves what nothing that happened later has moved."""

import pytest

from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import GridReach
from lianfang.quarantine.models import CareNeed, QuarantineOrder
from lianfang.quarantine.services import (
    CareAnswers,
    CareTold,
    OrderActed,
    answer_care,
    lift,
    notify,
    put_in_place,
    report_broken,
    settle_care,
    transfer,
)
from lianfang.quarantine.services.writing import opened
from tests.people.town import GRID, NOW, OTHER_GRID
from tests.quarantine.ward import GRANDSON, HOUR, NOBODY_DEPENDS, WHY, Ward

NOBODY_CARES = CareAnswers(needed={"DEPENDANTS": CareTold("三岁的孙子")})
HER_SISTER = CareTold("三岁的孙子", "她的妹妹", "13900000002")


def synced(by: GridReach, made: QuarantineOrder, answers: CareAnswers | None) -> OrderActed:
    """What the worker saw at NOW comes three hours later."""
    return put_in_place(by=by, at=NOW + 3 * HOUR, id=uuid7(), order=made.id, answers=answers, occurred_at=NOW)


def needs(made: QuarantineOrder) -> dict[str, CareNeed]:
    return {one.kind: one for one in CareNeed.objects.using("owner").filter(order_id=made.id)}


def told(need: CareNeed) -> CareTold | None:
    return opened(CareTold, id=need.id, at=need.sealed_at, wrapped=need.wrapped_key, blob=need.sealed)


def test_told_at_the_desk_says_nothing_about_where_he_is(ward: Ward) -> None:
    made = ward.ordered(at=NOW - HOUR)
    notify(by=ward.desk, at=NOW + HOUR, id=uuid7(), order=made.id)
    acted = synced(ward.phone(), made, NOBODY_DEPENDS)
    again = ward.again(made)
    assert (acted.late, again.state, again.observed_from) == (False, "IN_PLACE", NOW)
    assert again.notified_at == NOW  # whoever was put in place was told by then


def test_told_again_at_the_desk_he_is_away_as_the_worker_saw(ward: Ward) -> None:
    made, phone = ward.in_place(at=NOW - HOUR), ward.phone()
    notify(by=ward.desk, at=NOW + HOUR, id=uuid7(), order=made.id)
    acted = report_broken(by=phone, at=NOW + 2 * HOUR, id=uuid7(), order=made.id, occurred_at=NOW)
    assert (acted.late, ward.again(made).state) == (False, "BROKEN")


@pytest.mark.parametrize("before", [NOBODY_DEPENDS, NOBODY_CARES], ids=["nobody", "nobody cares"])
def test_what_the_desk_learned_since_of_who_depends_on_him_stands(ward: Ward, before: CareAnswers) -> None:
    made = ward.ordered(at=NOW - HOUR)
    since = CareAnswers(needed={"DEPENDANTS": HER_SISTER})
    put_in_place(by=ward.desk, at=NOW + HOUR, id=uuid7(), order=made.id, answers=since)
    acted = synced(ward.phone(), made, before)
    need = needs(made)["DEPENDANTS"]
    assert (acted.late, acted.state, acted.blocked_by) == (True, "IN_PLACE", ())
    assert (ward.again(made).dependants, need.has_carer, need.settled_at) == ("YES", True, None)
    assert told(need) == HER_SISTER


def test_what_the_desk_answered_without_putting_him_in_place_stands_too(ward: Ward) -> None:
    made = ward.ordered(at=NOW - HOUR)
    since = CareAnswers(needed={"DEPENDANTS": HER_SISTER})
    answer_care(by=ward.desk, at=NOW + HOUR, id=uuid7(), order=made.id, answers=since)
    acted = synced(ward.phone(), made, NOBODY_CARES)
    assert (acted.late, acted.state, told(needs(made)["DEPENDANTS"])) == (False, "IN_PLACE", HER_SISTER)


def test_what_was_settled_since_stays_settled(ward: Ward) -> None:
    made = ward.ordered(at=NOW - HOUR)
    answer_care(by=ward.desk, at=NOW - HOUR, id=uuid7(), order=made.id, answers=GRANDSON)
    settle_care(by=ward.desk, at=NOW + HOUR, id=uuid7(), order=made.id, kind="DEPENDANTS")
    synced(ward.phone(), made, NOBODY_CARES)
    assert needs(made)["DEPENDANTS"].settled_at == NOW + HOUR


def test_what_nobody_answered_since_is_taken_from_the_door(ward: Ward) -> None:
    made = ward.ordered(at=NOW - HOUR)
    put_in_place(by=ward.desk, at=NOW + HOUR, id=uuid7(), order=made.id)  # it did not ask: he is blocked
    medicine = {"MEDICINE": CareTold("降压药", "邻居王婶", "13900000001")}
    acted = synced(ward.phone(), made, CareAnswers(needed=medicine, not_needed=("DEPENDANTS",)))
    assert (acted.late, acted.state, ward.again(made).dependants) == (False, "IN_PLACE", "NO")
    assert told(needs(made)["MEDICINE"]) == medicine["MEDICINE"]
    assert needs(made)["DEPENDANTS"].settled_at == NOW + 3 * HOUR


def test_of_an_order_that_was_lifted_since_nothing_is_opened_again(ward: Ward) -> None:
    made = ward.ordered(at=NOW - HOUR)
    lift(by=ward.desk, at=NOW + HOUR, id=uuid7(), order=made.id, written=WHY)
    phone = ward.phone()
    for answers in (NOBODY_CARES, None):
        assert synced(phone, made, answers).late
    assert needs(made) == {}


def test_who_was_moved_since_names_anew_who_sees_to_her_child(ward: Ward) -> None:
    made = ward.ordered(at=NOW - HOUR)
    answer_care(by=ward.desk, at=NOW - HOUR, id=uuid7(), order=made.id, answers=NOBODY_DEPENDS)
    transfer(by=ward.desk, at=NOW + HOUR, id=uuid7(), order=made.id, to=OTHER_GRID, written=WHY)
    acted = synced(ward.phone(GRID[:12]), made, GRANDSON)
    assert (acted.late, acted.blocked_by, ward.again(made).dependants) == (True, ("DEPENDANTS",), None)
    need = needs(made)["DEPENDANTS"]
    assert (need.has_carer, need.settled_at) == (False, None)
