"""Fever that arrives late: after somebody was released, or told after an answer that was given before it."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from asgiref.sync import sync_to_async

from lianfang.journeys.observing.keeping_up import keep_up
from lianfang.kernel.days import start_of
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import reach
from lianfang.quarantine.models import FollowUp, QuarantineOrder
from lianfang.quarantine.queries.follow_ups import asked_for
from lianfang.quarantine.rules import Half, HalfDay
from lianfang.quarantine.services import WrittenBeside, close_follow_up, hand_over, lift, release, release_all
from lianfang.quarantine.services.reporting import check_in
from tests.people.town import NOW, TODAY
from tests.quarantine.checking import Household
from tests.quarantine.test_following_up import at, come_of, follow_ups, open_one
from tests.quarantine.test_lists import reported
from tests.quarantine.ward import DAY, HOUR, WHY, Ward

DAY14, DAY15 = TODAY + 14 * DAY, TODAY + 15 * DAY
RELEASED_AT = start_of(DAY15) + 8 * HOUR
MINUTE = timedelta(minutes=1)


@pytest.fixture
def released(ward: Ward) -> QuarantineOrder:
    made = ward.in_place()
    release_all(by=ward.desk, at=RELEASED_AT, division="210381")
    return ward.again(made)


def fever_by_phone(ward: Ward, one: QuarantineOrder, received: datetime) -> None:
    """Measured at the door on the evening of day 14, without network."""
    check_in(
        by=ward.phone(at=received), at=received, id=uuid7(), order=one.id, half_day=HalfDay(DAY14, Half.EVENING),
        celsius=Decimal("38.4"), symptoms=[], way="GRID_DOOR", occurred_at=at(20, DAY14),
    )  # fmt: skip


def listed(ward: Ward) -> list[FollowUp]:
    with reach(ward.desk) as seen:
        return [asked.one for asked in asked_for(seen, "CLINIC").asked]


class TestAfterTheRelease:
    def test_fever_of_before_it_calls_for_a_clinic_until_somebody_answers(
        self, ward: Ward, released: QuarantineOrder
    ) -> None:
        assert released.state == "RELEASED"
        fever_by_phone(ward, released, RELEASED_AT + HOUR / 2)
        assert keep_up(ward.town.worker, at=RELEASED_AT + HOUR / 2) == 1
        for minutes in range(1, 4):
            assert keep_up(ward.town.worker, at=RELEASED_AT + HOUR / 2 + minutes * MINUTE) == 0
        (asked,) = listed(ward)
        assert (asked.order_id, asked.since_day, asked.closed_at) == (released.id, DAY14, None)
        assert come_of(ward, asked, "AT_CLINIC", RELEASED_AT + HOUR).outcome == "AT_CLINIC"
        assert come_of(ward, asked, "ADMITTED", RELEASED_AT + 2 * HOUR).outcome == "ADMITTED"
        assert listed(ward) == []
        assert keep_up(ward.town.worker, at=RELEASED_AT + 3 * HOUR) == 0

    def test_fever_that_was_being_taken_while_he_was_released_does(
        self, ward: Ward, released: QuarantineOrder
    ) -> None:
        reported(released, DAY14, "EVENING", "SYMPTOMATIC", at=RELEASED_AT - timedelta(seconds=1))
        assert keep_up(ward.town.worker, at=RELEASED_AT + MINUTE) == 1

    def test_so_does_fever_of_somebody_whose_order_was_lifted(self, ward: Ward) -> None:
        made = ward.in_place()
        lift(by=ward.desk, at=NOW + HOUR, id=uuid7(), order=made.id, written=WHY)
        reported(made, TODAY, "MORNING", "SYMPTOMATIC", at=NOW + 2 * HOUR)
        assert keep_up(ward.town.worker, at=NOW + 2 * HOUR) == 1

    def test_whom_another_city_observes_is_followed_there(self, ward: Ward) -> None:
        made = ward.in_place()
        written = WrittenBeside("回家")
        hand_over(by=ward.desk, at=NOW + HOUR, id=uuid7(), order=made.id, city="210100", written=written)
        reported(made, TODAY, "MORNING", "SYMPTOMATIC", at=NOW + 2 * HOUR)
        assert keep_up(ward.town.worker, at=NOW + 2 * HOUR) == 0

    @pytest.mark.parametrize(("days", "calls"), [(1, ["VISIT", "CLINIC"]), (3, ["VISIT"])])
    def test_a_worker_who_found_him_unwell_and_tells_it_after_the_release_calls_for_a_clinic(
        self, ward: Ward, days: int, calls: list[str]
    ) -> None:
        made = ward.in_place()
        visit = FollowUp.objects.using("owner").get(pk=ward.followed(made, "VISIT", RELEASED_AT - 12 * HOUR))
        release(by=ward.desk, at=RELEASED_AT, id=uuid7(), order=made.id)
        told = RELEASED_AT + days * DAY
        done = close_follow_up(
            by=ward.phone(at=told), at=told, id=visit.id, order=made.id, kind="VISIT", outcome="UNWELL",
            occurred_at=RELEASED_AT - 10 * HOUR,
        )  # fmt: skip
        assert done.outcome == "UNWELL"
        keep_up(ward.town.worker, at=told + MINUTE)
        assert [kind for kind, _ in follow_ups(made)] == calls
        assert [one.order_id for one in listed(ward)] == [made.id] * (len(calls) - 1)


async def test_whoever_is_told_that_he_will_be_called_is_on_a_list_though_he_was_released(
    household: Household,
) -> None:
    ward, one = household.ward, household.orders[0]
    taken, ended = household.at[0], household.at[0] + timedelta(hours=10)

    def let_go() -> None:
        QuarantineOrder.objects.using("owner").filter(pk=one.pk).update(
            day0_on=TODAY - 15 * DAY, last_on=TODAY - DAY
        )
        release(by=ward.desk, at=ended, id=uuid7(), order=one.id)

    await sync_to_async(let_go)()
    household.later(hours=11)
    (receipt,) = await household.receipts(household.well(celsius=38.4, at=taken.isoformat()))
    assert (receipt["status"], receipt["verdict"]) == ("ACCEPTED", "SYMPTOMATIC")
    assert "打电话给您" in receipt["say"]["zh"]

    def asked() -> list[FollowUp]:
        for minutes in range(2):
            keep_up(ward.town.worker, at=household.at[0] + minutes * MINUTE)
        return listed(ward)

    assert [found.order_id for found in await sync_to_async(asked)()] == [one.id]


def test_an_answer_of_before_a_fever_that_is_told_after_it_asks_again(ward: Ward) -> None:
    made = ward.in_place(at=at(7))
    reported(made, TODAY, "MORNING", "SYMPTOMATIC", at=at(8))
    keep_up(ward.town.worker, at=at(8))
    reported(made, TODAY, "EVENING", "SYMPTOMATIC", at=at(14))
    assert keep_up(ward.town.worker, at=at(14)) == 0, "somebody is on his way already"
    clinic = open_one(made, "CLINIC")
    close_follow_up(
        by=ward.phone(at=at(16)), at=at(16), id=clinic.id, order=made.id, kind="CLINIC", outcome="NOT_ILL", occurred_at=at(10)
    )  # fmt: skip
    assert keep_up(ward.town.worker, at=at(16.1)) == 1
    assert follow_ups(made) == [("CLINIC", "NOT_ILL"), ("CLINIC", None)]
