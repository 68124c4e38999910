"""No file lives for ever because no room closed it, and none is closed while something needs it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianfang.custody import retention
from lianfang.journeys.closing_files import OBSERVED, close_by_hand, close_settled
from lianfang.kernel.ids import uuid7
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.people.models import Person
from lianfang.people.services import close_file, close_household, join, mark_state, merge, undo_merge
from lianfang.quarantine.services import (
    OrderReason,
    WrittenBeside,
    answer_correction,
    ask_correction,
    lift,
    order,
)
from lianfang.referrals.models import Referral, ReferralEvent, WaitingFact
from lianfang.referrals.states import OPEN
from tests.noted import noted
from tests.people.town import GRID, MINUTE, NOW, Town

DAY = timedelta(days=1)
LONG_AGO = NOW - 40 * DAY
HERE = int(GRID.ljust(18, "0"))
HOME = [{"kind": "QUARANTINE", "place": "HOME", "days": 14}]


def opened(town: Town, at: datetime = LONG_AGO) -> UUID:
    return town.open(at=at).id


def handed_over(person: UUID, state: str = "ARRIVED", *, settled: datetime | None = None, at: datetime = LONG_AGO,
                details: list[dict[str, Any]] | None = None) -> Referral:  # fmt: skip
    return Referral.objects.using("owner").create(
        id=uuid7(at=at), registration_id=uuid7(at=at), passage_id=uuid7(at=at), person_id=person, because="ARRIVAL",
        measures=["QUARANTINE"], details=HOME if details is None else details, origin=HERE, destination=GRID,
        jurisdiction=HERE, outside=False, urgent=True, vacant=False, captured_on=at.date(), sent_at=at, due_at=at,
        county_due_at=at, city_due_at=at, state=state, settled_at=settled,
    )  # fmt: skip


def run(town: Town, at: datetime = NOW) -> tuple[int, int]:
    return close_settled(town.worker, at=at)


def is_closed(id: UUID) -> bool:
    return Person.objects.using("owner").get(pk=id).closed_at is not None


def test_observation_runs_here_as_long_as_in_retention() -> None:
    assert OBSERVED == retention.OBSERVED


@pytest.mark.parametrize(
    ("details", "days", "closed"),
    [(HOME, 14, True), (HOME, 13, False), ([{"kind": "NOTIFY_GRID"}], 14, True), ([{"kind": "NOTIFY_GRID"}], 13, False),
     ([{"kind": "QUARANTINE", "days": 21}], 20, False), ([{"kind": "QUARANTINE", "days": 21}], 21, True), ([], 13, False),
     ([], 15, True)],
)  # fmt: skip
@pytest.mark.parametrize("state", ["ARRIVED", "WITHDRAWN", "MOVED_ON"])
def test_a_settled_referral_holds_a_file_for_its_days(
    town: Town, state: str, details: list[dict[str, Any]], days: int, closed: bool
) -> None:
    id = opened(town)
    handed_over(id, state, settled=NOW - days * DAY, details=details)
    assert run(town) == (int(closed), 0)
    assert is_closed(id) == closed
    assert run(town) == (0, 0)


@pytest.mark.parametrize("state", OPEN)
def test_an_open_referral_holds_a_file_however_old_it_is(town: Town, state: str) -> None:
    id = opened(town)
    handed_over(id, "ARRIVED", settled=LONG_AGO)
    handed_over(id, state)
    assert run(town, NOW + 300 * DAY) == (0, 0)


def test_a_measure_that_was_added_later_runs_from_then(town: Town) -> None:
    id = opened(town)
    one = handed_over(id, settled=LONG_AGO)
    ReferralEvent.objects.using("owner").create(
        id=uuid7(at=NOW), referral_id=one.id, kind="ADDED", state="ARRIVED", occurred_at=NOW - DAY, received_at=NOW - DAY,
        jurisdiction=HERE,
    )  # fmt: skip
    assert run(town) == (0, 0)
    assert run(town, NOW + 13 * DAY) == (1, 0)


def test_a_fact_that_waits_for_a_room_holds_a_file(town: Town) -> None:
    id = opened(town)
    one = handed_over(id, settled=LONG_AGO)
    WaitingFact.objects.using("owner").create(
        room="CLINIC", referral_id=one.id, jurisdiction=HERE, since=LONG_AGO
    )
    assert run(town) == (0, 0)
    WaitingFact.objects.using("owner").update(closed_by=town.desk.officer_id, closed_at=NOW)
    assert run(town) == (1, 0)


@pytest.mark.parametrize("state", ["PRESENT", "AWAY", "HOSPITALISED"])
def test_who_belongs_to_a_household_has_a_file_until_some_days_after_he_left(town: Town, state: str) -> None:
    (home,) = town.doors(1)
    id = opened(town)
    join(by=town.desk, at=LONG_AGO, person=id, household=home.id, relation="HEAD", state=state)
    assert run(town) == (0, 0)
    mark_state(by=town.desk, at=NOW, person=id, household=home.id, state="MOVED_OUT")
    close_household(by=town.desk, at=NOW, id=home.id)
    assert run(town, NOW + 13 * DAY) == (0, 0)
    assert run(town, NOW + 14 * DAY) == (1, 0)


def test_a_file_opened_at_the_desk_for_nothing_closes_after_some_days(town: Town) -> None:
    id = opened(town, NOW)
    assert run(town, NOW + 13 * DAY) == (0, 0)
    assert run(town, NOW + 14 * DAY) == (1, 0)
    (entry,) = noted("FILE_CLOSED")
    assert (entry.subject, entry.count) == ("PERSON", 1)
    assert is_closed(id)


def test_files_that_are_one_persons_are_held_together(town: Town) -> None:
    kept, merged, alone = (opened(town) for _ in range(3))
    made = merge(by=town.desk, at=LONG_AGO + MINUTE, kept=kept, merged=merged, reason="同一人")
    one = handed_over(merged, "SENT")
    assert run(town) == (1, 0)
    assert is_closed(alone)
    undo_merge(by=town.desk, at=LONG_AGO + 2 * MINUTE, id=made)
    assert run(town) == (1, 0)
    assert (is_closed(kept), is_closed(merged)) == (True, False)
    Referral.objects.using("owner").filter(pk=one.id).update(state="WITHDRAWN", settled_at=NOW)
    assert run(town, NOW + 14 * DAY) == (1, 0)


def test_what_is_needed_again_is_open_again(town: Town) -> None:
    (home,) = town.doors(1)
    lives, handed = opened(town), opened(town)
    for id in (lives, handed):
        close_file(by=town.desk, at=LONG_AGO + MINUTE, id=id)
    join(by=town.desk, at=NOW, person=lives, household=home.id, relation="HEAD")
    assert not is_closed(lives)
    handed_over(handed, "SENT")
    assert run(town) == (0, 1)
    assert not is_closed(handed)
    assert [entry.count for entry in noted("FILE_REOPENED")] == [1]


def test_what_was_forgotten_stays_forgotten(town: Town) -> None:
    id = opened(town)
    handed_over(id, "SENT")
    Person.objects.using("owner").filter(pk=id).update(wrapped_key=None, sealed=None, closed_at=LONG_AGO)
    assert run(town) == (0, 0)


def test_an_officer_closes_no_file_that_is_needed(town: Town) -> None:
    (home,) = town.doors(1)
    id = opened(town)
    one = handed_over(id, "SENT")
    with pytest.raises(Refusal, match="FILE_NEEDED"):
        close_by_hand(by=town.desk, at=NOW, id=id)
    Referral.objects.using("owner").filter(pk=one.id).update(state="ARRIVED", settled_at=NOW)
    join(by=town.desk, at=NOW, person=id, household=home.id, relation="HEAD", state="AWAY")
    with pytest.raises(Refusal, match="FILE_LIVED_IN"):
        close_by_hand(by=town.desk, at=NOW, id=id)
    mark_state(by=town.desk, at=NOW + MINUTE, person=id, household=home.id, state="MOVED_OUT")
    with pytest.raises(NotFound):
        close_by_hand(by=town.stranger, at=NOW, id=id)
    close_by_hand(by=town.desk, at=NOW, id=id)
    assert is_closed(id)


def test_nobody_but_the_background_program_closes_them_all(town: Town) -> None:
    with pytest.raises(Forbidden):
        close_settled(town.desk, at=NOW)


@pytest.mark.parametrize("people", [1, 3])
def test_one_or_three_take_as_many_questions(town: Town, people: int) -> None:

    for _ in range(people):
        handed_over(opened(town), settled=LONG_AGO)
    with CaptureQueriesContext(connection) as asked:
        assert run(town) == (people, 0)
    assert len(asked) == 6


def observed(town: Town, person: UUID, *, at: datetime = LONG_AGO) -> UUID:
    why = OrderReason("OFFICER", at.date())
    return order(by=town.desk, at=at, id=uuid7(), person=person, division=GRID, why=why).id


def test_an_order_holds_a_file_until_it_has_ended_however_long_that_is(town: Town) -> None:
    id = opened(town)
    stands = observed(town, id)
    assert run(town, NOW + 300 * DAY) == (0, 0)
    with pytest.raises(Refusal, match="order of quarantine"):
        close_by_hand(by=town.desk, at=NOW, id=id)
    close_file(by=town.desk, at=NOW, id=id)
    assert run(town) == (0, 1), "whoever closed it, it is open again"
    lift(by=town.desk, at=NOW, id=uuid7(), order=stands, written=WrittenBeside("弄错了"))
    assert run(town) == (1, 0)


def test_what_is_open_about_an_order_that_ended_holds_a_file(town: Town) -> None:
    id = opened(town)
    stands = observed(town, id)
    lift(by=town.desk, at=NOW, id=uuid7(), order=stands, written=WrittenBeside("弄错了"))
    ask_correction(by=town.desk, at=NOW, id=uuid7(), order=stands, written=WrittenBeside("要书面答复"))
    assert run(town) == (0, 0)
    answer_correction(
        by=town.desk, at=NOW, id=uuid7(), order=stands, verdict="UPHELD", written=WrittenBeside("已书面答复")
    )
    assert run(town) == (1, 0)


def test_the_days_of_a_referral_end_with_the_order_that_came_of_it(town: Town) -> None:
    id = opened(town)
    one = handed_over(id, settled=NOW - 2 * DAY)
    why = OrderReason("RULE", LONG_AGO.date(), reference=one.id)
    stands = order(by=town.desk, at=LONG_AGO, id=uuid7(), person=id, division=GRID, why=why).id
    assert run(town) == (0, 0)
    lift(by=town.desk, at=NOW, id=uuid7(), order=stands, written=WrittenBeside("弄错了"))
    assert run(town) == (1, 0)
