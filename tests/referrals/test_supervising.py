"""Supervision is asked for about the place that did not go: once, from above, naming nobody, and an officer closes it."""

from datetime import timedelta
from typing import Any

import pytest

from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.divisions import span
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.machine.postgres import Database
from lianfang.project import schedule
from lianfang.referrals.models import Referral, WaitingFact
from lianfang.referrals.queries import waiting
from lianfang.referrals.services import accept_waiting, ask_for_supervision, close_waiting, place
from lianfang.referrals.supervised import PlaceSupervised, supervised
from tests import factories
from tests.factories import ANSHAN
from tests.referrals.test_acts import HOUR, NEXT, NOW, XIUYAN, Town

TOWNSHIP, OTHER = span("210381101")[0], span("210381112")[0]


@pytest.fixture
def town(clean: Database) -> Town:
    return Town(clean)


def ask(town: Town, hours: float) -> int:
    with reach(town.worker) as worker:
        return ask_for_supervision(worker=worker, at=NOW + hours * HOUR)


def facts() -> list[WaitingFact]:
    return list(
        WaitingFact.objects.using("owner").filter(room="SUPERVISION").order_by("jurisdiction", "since")
    )


def close(by: Reach, fact: WaitingFact, *, hours: float, outcome: str = "URGED") -> None:
    with reach(by) as seen:
        close_waiting(by=seen, at=NOW + hours * HOUR, id=fact.id, outcome=outcome)


def seen_by(by: Reach, hours: float) -> list[PlaceSupervised]:
    with reach(by) as seen:
        found = waiting(seen, room="SUPERVISION")
        return list(supervised(seen, found, at=NOW + hours * HOUR).values())


def test_not_before_the_township_and_its_county_have_had_their_hours(town: Town) -> None:
    one = town.refer()
    assert [ask(town, hours) for hours in (1, 3, 5.9, 6, 6, 7)] == [0, 0, 0, 1, 0, 0]
    (fact,) = facts()
    assert (fact.referral_id, fact.jurisdiction, fact.since) == (one.id, TOWNSHIP, NOW + 6 * HOUR)


@pytest.mark.parametrize("kind", ["ACCEPTED", "ARRIVED", "NOT_HERE", "WRONG_ADDRESS"])
def test_whoever_answered_in_time_is_not_asked_about(town: Town, kind: str) -> None:
    town.answer(town.township, town.refer(), kind)
    assert ask(town, 48) == 0


def test_a_call_is_no_answer(town: Town) -> None:
    town.answer(town.county, town.refer(), "CALLED")
    assert ask(town, 6) == 1


def test_one_fact_for_a_place_however_many_wait_there(town: Town) -> None:
    (
        town.refer(),
        town.refer(),
        town.refer(destination={"code": NEXT}),
        town.refer(destination={"code": XIUYAN}),
    )
    assert ask(town, 6) == 3
    assert [fact.jurisdiction for fact in facts()] == [span(XIUYAN)[0], TOWNSHIP, OTHER]
    assert {one.code: one.late for one in seen_by(town.county, 6)} == {"210381101": 2, "210381112": 1}


def test_where_no_township_is_known_it_is_the_countys(town: Town) -> None:
    town.refer(destination=None)
    ask(town, 6)
    (fact,) = facts()
    assert fact.jurisdiction == span("210381")[0]
    with pytest.raises(Forbidden):
        close(town.county, fact, hours=7)
    close(factories.officer("HEADQUARTERS", ANSHAN), fact, hours=7)


def test_beyond_the_city_nobody_is_supervised(town: Town) -> None:
    town.refer(destination={"code": "210782106253"})
    assert ask(town, 48) == 0


def test_what_is_not_urgent_sleeps_as_its_clock_does(town: Town) -> None:
    town.refer()
    late = NOW + 12 * HOUR
    Referral.objects.using("owner").update(urgent=False, city_due_at=late)
    assert [ask(town, 11), ask(town, 12)] == [0, 1]


def test_the_unit_sees_it_and_whoever_is_above_closes_it(town: Town) -> None:
    town.refer()
    ask(town, 6)
    (fact,) = facts()
    assert [one.may_close for one in seen_by(town.township, 6)] == [False]
    assert [one.may_close for one in seen_by(town.county, 6)] == [True]
    assert seen_by(town.stranger, 6) == []
    for act in (accept_waiting, lambda **said: close_waiting(**said, outcome="URGED")):
        with pytest.raises(Forbidden), reach(town.township) as by:
            act(by=by, at=NOW, id=fact.id)
        with pytest.raises(NotFound), reach(town.stranger) as by:
            act(by=by, at=NOW, id=fact.id)
    with pytest.raises(Refusal, match="OUTCOME_UNKNOWN"):
        close(town.county, fact, hours=7, outcome="SEEN")
    close(town.county, fact, hours=7)
    assert facts()[0].outcome == "URGED"


def test_taken_over_after_all_it_says_when_and_stays_until_it_is_closed(town: Town) -> None:
    one = town.refer()
    ask(town, 6)
    assert seen_by(town.county, 7)[0].first_accepted_at is None
    town.answer(town.township, one, "ACCEPTED", at=NOW + 8 * HOUR)
    (told,) = seen_by(town.county, 9)
    assert (told.late, told.first_accepted_at, told.went_elsewhere) == (0, NOW + 8 * HOUR, False)
    assert facts()[0].closed_at is None


def test_given_to_the_next_township_it_says_so_and_that_one_is_asked_about_in_its_turn(town: Town) -> None:
    one = town.refer()
    ask(town, 6)
    with reach(town.county) as by:
        place(by=by, at=NOW + 7 * HOUR, id=uuid7(), referral=one.id, destination=NEXT, city=ANSHAN)
    (told,) = seen_by(town.county, 8)
    assert (told.code, told.late, told.went_elsewhere) == ("210381101", 0, True)
    assert ask(town, 13) == 1
    assert [fact.jurisdiction for fact in facts()] == [TOWNSHIP, OTHER]


def test_closed_it_is_asked_again_only_about_what_falls_due_afterwards(town: Town) -> None:
    town.refer()
    ask(town, 6)
    town.refer()
    Referral.objects.using("owner").exclude(pk=facts()[0].referral_id).update(city_due_at=NOW + 9 * HOUR)
    close(town.county, facts()[0], hours=8)
    assert [ask(town, hours) for hours in (8, 9, 10)] == [0, 1, 0]
    assert len(facts()) == 2


def test_that_it_was_asked_for_is_noted_and_names_nobody(town: Town) -> None:
    town.refer(name="王小明")
    schedule._supervision(town.worker, NOW + 6 * HOUR)
    (entry,) = AuditEntry.objects.using("owner").filter(act="SUPERVISION_ASKED")
    assert (entry.count, entry.subject) == (1, "REFERRAL")
    assert any(one.name.startswith("asking for supervision") for one in schedule.SCHEDULE)
    assert timedelta(minutes=1) == next(e.every for e in schedule.SCHEDULE if e.act is schedule._supervision)


def test_three_places_ask_as_often_as_one(town: Town, django_assert_max_num_queries: Any) -> None:
    asked = []
    for codes in ((NEXT,), ("210381101201", "210381113201")):
        for code in codes:
            town.refer(destination={"code": code})
        ask(town, 6)
        with django_assert_max_num_queries(100) as counted:
            seen_by(town.county, 7)
        asked.append(len(counted))
    assert asked[0] == asked[1]
