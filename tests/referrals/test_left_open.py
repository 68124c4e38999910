"""What of hand-over is open when duty changes hands: who must not wait by place, the others by their number."""

from typing import Any

import pytest

from lianfang.doors.hq.duty_open import open_items, open_items_of
from lianfang.kernel.divisions import span
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Reach, reach
from lianfang.machine.postgres import Database
from lianfang.referrals.models import Referral, WaitingFact
from lianfang.referrals.services import close_waiting, write_letter
from lianfang.situation.waiting import not_taken_over
from tests import factories
from tests.factories import ANSHAN, HAICHENG
from tests.referrals.test_acts import HOUR, NEXT, NOW, XIUYAN, Town

FEVER = [{"celsius": 38.5, "site": "FOREHEAD", "state": "READ"}]
NOT_URGENT: dict[str, Any] = {"measures": ["NOTIFY_GRID"], "urgent": False}
BEYOND = "210782106253"


@pytest.fixture
def town(clean: Database) -> Town:
    return Town(clean)


def items(by: Reach, hours: float = 1) -> dict[str, int]:
    with reach(by) as seen:
        return {item.key: item.amount for item in not_taken_over(seen, NOW + hours * HOUR)}


def change(one: Referral, **said: Any) -> None:
    Referral.objects.using("owner").filter(pk=one.pk).update(**said)


def test_who_must_not_wait_stands_by_township_until_he_is_taken_over(town: Town) -> None:
    one, other = town.refer(), town.refer(destination={"code": NEXT})
    assert set(items(town.county).values()) == {1}
    assert sorted(key.split()[-1] for key in items(town.county)) == ["210381101", "210381112"]
    assert {key.split()[0] for key in items(town.county)} == {"REFERRAL_URGENT"}
    town.answer(town.county, one, "CALLED")
    assert sorted(key.split()[0] for key in items(town.county)) == ["REFERRAL_CALLED", "REFERRAL_URGENT"]
    town.answer(town.county, one, "ACCEPTED")
    town.answer(town.county, other, "NOT_HERE")
    assert items(town.county) == {}


def test_a_call_counts_for_the_place_he_is_headed_for_now(town: Town) -> None:
    one = town.refer()
    town.answer(town.county, one, "CALLED")
    change(one, sent_at=NOW + HOUR)  # placed elsewhere since
    assert [key.split()[0] for key in items(town.county)] == ["REFERRAL_URGENT"]


def test_the_others_are_late_by_the_clock_of_the_desk_that_hands_over(town: Town) -> None:
    change(town.refer(), **NOT_URGENT)
    assert items(town.township, hours=1) == {}
    assert items(town.township, hours=2) == {"REFERRAL_LATE ": 1}
    assert items(town.county, hours=2) == {}
    assert items(town.county, hours=4) == {"REFERRAL_LATE ": 1}
    assert items(factories.officer("HEADQUARTERS", ANSHAN), hours=4) == {}


def test_beyond_the_city_it_is_the_senders(town: Town) -> None:
    one = town.refer(destination={"code": BEYOND})
    assert items(town.county, hours=6) == {"REFERRAL_OUTSIDE ": 1}
    assert items(town.stranger, hours=6) == {}
    with reach(town.county) as by:
        write_letter(by=by, at=NOW, id=uuid7(), referral=one.id, kind="LETTER_ANSWERED")
    assert items(town.county, hours=6) == {}


def test_what_waits_for_a_clinic_or_supervision_stands_by_room(town: Town) -> None:
    town.answer(town.township, town.refer(temperatures=FEVER), "ACCEPTED")
    assert items(town.county) == {"WAITING_OPEN CLINIC": 1}
    (fact,) = WaitingFact.objects.using("owner").all()
    with reach(town.county) as by:
        close_waiting(by=by, at=NOW, id=fact.id, outcome="SEEN")
    assert items(town.county) == {}


def test_the_city_counts_by_county_and_nobody_hands_over_the_next_ones(town: Town) -> None:
    town.refer(), town.refer(destination={"code": XIUYAN})
    city = factories.officer("HEADQUARTERS", ANSHAN)
    assert [key.split()[-1] for key in items(city)] == ["210323", "210381"]
    found = open_items_of(city, *span(HAICHENG), NOW + HOUR)
    assert [item.about.split()[-1] for item in found if item.kind == "REFERRAL_URGENT"] == ["210381101"]
    kinds = {item.kind for item in open_items(city, NOW + HOUR)}
    assert "REFERRAL_URGENT" in kinds, "one of the questions that are asked when duty changes hands"


def test_more_of_the_same_stays_one_item(town: Town) -> None:
    town.refer()
    before = set(items(town.county))
    town.refer()
    assert set(items(town.county)) == before
    assert set(items(town.county).values()) == {2}


def test_whoever_may_not_see_them_is_asked_nothing(town: Town) -> None:
    town.refer()
    assert items(town.lead) == {}


def test_it_asks_as_often_for_three_as_for_one(town: Town, django_assert_max_num_queries: Any) -> None:
    asked = []
    for _ in range(2):
        town.refer(), town.refer(destination={"code": NEXT})
        with django_assert_max_num_queries(100) as counted:
            items(town.county, hours=7)
        asked.append(len(counted))
    assert asked[0] == asked[1]
