"""Doors in walking order, who is behind each, and that nobody is in two at once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Forbidden, Refusal
from lianfang.people.models import Household, StayInHousehold
from lianfang.people.queries import household, household_counts, roster
from lianfang.people.rules import HouseholdState, household_state, similar_names
from lianfang.people.services import (
    change_household,
    close_household,
    join,
    mark_state,
    move,
    open_households,
    verify_household,
)
from tests.people.town import GRID, MINUTE, NEXT_COUNTY, NOW, OTHER_GRID, TODAY, Town

DAY = timedelta(days=1)


def test_codes_run_by_grid_and_none_is_given_again(town: Town) -> None:
    first, second = town.doors(2)
    assert (first.code, second.code) == (f"{GRID}-0001", f"{GRID}-0002")
    close_household(by=town.desk, at=NOW, id=second.id)
    assert [door.code for door in town.doors(2)] == [f"{GRID}-0003", f"{GRID}-0004"]
    assert town.doors(1, division=OTHER_GRID)[0].code == f"{OTHER_GRID}-0001"
    with pytest.raises(IntegrityError), transaction.atomic(using="owner"):
        Household.objects.using("owner").filter(pk=second.id).update(code=first.code)


def test_a_door_says_nothing_plain(town: Town) -> None:
    town.doors(1)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT h::text FROM household h")
        ((said,),) = cursor.fetchall()
    assert "丰台路" not in said
    assert "丰台路".encode().hex() not in said


def test_the_roster_is_in_walking_order_with_its_members_the_head_first(town: Town) -> None:
    one, two = town.doors(2)
    people = [town.open(town.facts(name=name)).id for name in ("张三", "李四", "王五")]
    join(by=town.desk, at=NOW, person=people[1], household=one.id, relation="SPOUSE")
    join(by=town.desk, at=NOW, person=people[0], household=one.id, relation="HEAD")
    join(by=town.desk, at=NOW, person=people[2], household=two.id, relation="HEAD", state="AWAY")
    change_household(by=town.desk, at=NOW, id=two.id, walking_order=1)
    with reach(town.desk) as seen:
        doors = roster(seen, GRID, at=NOW)
    assert [[member.person.name for member in door.members] for door in doors] == [["王**"], ["张**", "李**"]]
    assert [door.door.code for door in doors] == [two.code, one.code]
    assert doors[1].door.address == "丰台路1号3单元201"


@pytest.mark.parametrize("people", [1, 3])
def test_a_roster_takes_as_many_questions_with_one_as_with_many(town: Town, people: int) -> None:
    for door in town.doors(people):
        join(by=town.desk, at=NOW, person=town.open().id, household=door.id, relation="HEAD")
    with reach(town.desk) as seen, CaptureQueriesContext(connection) as asked:
        assert len(roster(seen, GRID, at=NOW)) == people
    assert len(asked) == 3


def test_nobody_is_present_in_two_households_at_once(town: Town) -> None:
    one, two = town.doors(2)
    person = town.open().id
    join(by=town.desk, at=NOW, person=person, household=one.id, relation="HEAD")
    for state in ("PRESENT", "RETURNED", "QUARANTINED"):
        with pytest.raises(Refusal, match="PRESENT_ELSEWHERE"):
            join(
                by=town.desk, at=NOW + MINUTE, person=person, household=two.id, relation="CHILD", state=state
            )
    join(by=town.desk, at=NOW + MINUTE, person=person, household=two.id, relation="CHILD", state="AWAY")
    mark_state(by=town.desk, at=NOW + 2 * MINUTE, person=person, household=one.id, state="AWAY")
    mark_state(by=town.desk, at=NOW + 2 * MINUTE, person=person, household=two.id, state="PRESENT")
    with pytest.raises(Refusal, match="PRESENT_ELSEWHERE"):
        mark_state(by=town.desk, at=NOW + 3 * MINUTE, person=person, household=one.id, state="RETURNED")


def test_the_database_itself_refuses_two_presences(town: Town) -> None:
    one, two = town.doors(2)
    person = town.open().id
    join(by=town.desk, at=NOW, person=person, household=one.id, relation="HEAD")
    row = StayInHousehold.objects.using("owner").get()
    for from_at, until_at in ((NOW + DAY, None), (NOW - DAY, NOW + DAY)):
        row.pk, row.household_id, row.from_at, row.until_at = uuid7(), two.id, from_at, until_at
        with pytest.raises(IntegrityError), transaction.atomic(using="owner"):
            row.save(using="owner", force_insert=True)
    row.from_at, row.until_at = NOW - DAY, NOW
    row.save(using="owner", force_insert=True)


def test_a_move_closes_and_opens_at_one_moment_and_the_file_goes_along(town: Town) -> None:
    (here,), (there,) = town.doors(1), town.doors(1, division=OTHER_GRID)
    person = town.open().id
    join(by=town.desk, at=NOW, person=person, household=here.id, relation="HEAD")
    at = NOW + DAY
    move(by=town.desk, at=at, person=person, household=there.id, relation="CHILD")
    file = town.file(person, at=at)
    assert {(stay.state, stay.from_at, stay.until_at) for stay in file.stays} == {
        ("PRESENT", NOW, at), ("MOVED_OUT", at, None), ("PRESENT", at, None),
    }  # fmt: skip
    assert file.jurisdiction == int(OTHER_GRID.ljust(18, "0"))
    with reach(town.desk) as seen:
        assert [(door.members, door.moved_out) for door in roster(seen, GRID, at=at)] == [((), 1)]
    move(by=town.desk, at=at + DAY, person=person, household=here.id, relation="HEAD")
    stands = {stay.door.code: stay.state for stay in town.file(person).stays if stay.until_at is None}
    assert stands == {here.code: "PRESENT", there.code: "MOVED_OUT"}


def test_a_move_that_fails_halfway_leaves_everything(town: Town) -> None:
    (here,) = town.doors(1)
    (beyond,) = town.doors(1, division=NEXT_COUNTY, by=town.stranger)
    person = town.open().id
    join(by=town.desk, at=NOW, person=person, household=here.id, relation="HEAD")
    with pytest.raises(Refusal, match="HOUSEHOLD_UNKNOWN"):
        move(by=town.desk, at=NOW + DAY, person=person, household=beyond.id, relation="HEAD")
    assert [stay.until_at for stay in town.file(person).stays] == [None]
    move(by=town.headquarters, at=NOW + DAY, person=person, household=beyond.id, relation="HEAD")
    assert town.file(person) is None, "his file lies in the next county now"
    assert town.file(person, by=town.stranger).person.name
    with reach(town.desk) as seen:
        (door,) = roster(seen, GRID, at=NOW + DAY)
    assert door.moved_out == 1


def test_somebody_whose_file_lies_elsewhere_is_still_told_to_be_there(town: Town) -> None:
    (home,), (beyond,) = town.doors(1), town.doors(1, division=NEXT_COUNTY, by=town.stranger)
    person = town.open().id
    join(by=town.desk, at=NOW, person=person, household=home.id, relation="CHILD", state="AWAY")
    move(by=town.worker, at=NOW + DAY, person=person, household=beyond.id, relation="HEAD")
    with reach(town.desk) as seen:
        (member,) = roster(seen, GRID, at=NOW + DAY)[0].members
    assert (member.id, member.person, member.state) == (person, None, "AWAY")


def test_acts_before_what_stands_are_refused(town: Town) -> None:
    (home,) = town.doors(1)
    person = town.open().id
    join(by=town.desk, at=NOW, person=person, household=home.id, relation="HEAD")
    for at in (NOW, NOW - MINUTE):
        with pytest.raises(Refusal, match="TOLD_EARLIER"):
            mark_state(by=town.desk, at=at, person=person, household=home.id, state="AWAY")
    for state, relation, code in (("GONE", "HEAD", "STATE_UNKNOWN"), ("PRESENT", "BOSS", "RELATION_UNKNOWN")):
        with pytest.raises(Refusal, match=code):
            join(by=town.desk, at=NOW, person=person, household=home.id, relation=relation, state=state)


@pytest.mark.parametrize(
    ("occupancy", "days_ago", "state"),
    [
        ("OCCUPIED", None, "UNVERIFIED"), ("OCCUPIED", 0, "VERIFIED"), ("OCCUPIED", 6, "VERIFIED"),
        ("OCCUPIED", 7, "STALE"), ("VACANT", None, "VACANT"), ("RENTED", 0, "RENTED"), ("MOVED", 90, "MOVED"),
    ],
)  # fmt: skip
def test_how_a_door_stands(occupancy: str, days_ago: int | None, state: str) -> None:
    verified = None if days_ago is None else TODAY - days_ago * DAY
    assert household_state(occupancy, verified, on=TODAY) == HouseholdState(state)


def test_one_tap_verifies_and_the_count_knows_it(town: Town) -> None:
    doors = town.doors(4)
    verify_household(by=town.township, at=NOW, id=doors[0].id)
    change_household(by=town.township, at=NOW, id=doors[1].id, occupancy="VACANT")
    with reach(town.desk) as seen:
        (counts,) = household_counts(seen, "210381101001", on=TODAY)
        assert counts == (GRID, 4, 2, 2, 1, 0, 0)
        assert [door.state for door in roster(seen, GRID, at=NOW)] == [
            "VERIFIED",
            "VACANT",
            "UNVERIFIED",
            "UNVERIFIED",
        ]
        (later,) = household_counts(seen, GRID, on=TODAY + 7 * DAY)
        assert (later.fresh, later.unverified) == (0, 2)
        assert household_counts(seen, OTHER_GRID, on=TODAY) == []
    with reach(town.stranger) as seen:
        assert household_counts(seen, "210381", on=TODAY) == []


def test_the_figures_of_a_division_are_those_of_the_ones_below_it(town: Town) -> None:
    village, neighbour, far = "210381101001", "210381101002001", "210381112201"
    for division, doors in ((GRID, 3), (OTHER_GRID, 2), (village, 1), (neighbour, 4), (far, 5)):
        made = town.doors(doors, division=division)
        verify_household(by=town.desk, at=NOW, id=made[0].id)
    with reach(town.desk) as seen:
        found = {
            code: household_counts(seen, code, on=TODAY)
            for code in ("210000", "210300", "210381", "210381101", village, GRID)
        }
    assert [one[:3] for one in found[village]] == [(village, 1, 1), (GRID, 3, 1), (OTHER_GRID, 2, 1)]
    assert [one[:3] for one in found["210381101"]] == [(village, 6, 3), ("210381101002", 4, 1)]
    assert [one[:3] for one in found["210381"]] == [("210381101", 10, 4), ("210381112", 5, 1)]
    assert [one[:3] for one in found["210300"]] == [("210381", 15, 5)]
    assert [one[:3] for one in found["210000"]] == [("210300", 15, 5)]
    assert [one[:3] for one in found[GRID]] == [(GRID, 3, 1)]
    for parent, below in (("210381", "210381101"), ("210381101", village)):
        (line,) = (one for one in found[parent] if one.division == below)
        assert line[1:] == tuple(map(sum, zip(*(one[1:] for one in found[below]), strict=True)))


def test_a_door_with_people_is_neither_vacant_nor_closed(town: Town) -> None:
    (home,) = town.doors(1)
    person = town.open().id
    join(by=town.desk, at=NOW, person=person, household=home.id, relation="HEAD")
    with pytest.raises(Refusal, match="HOUSEHOLD_LIVED_IN"):
        change_household(by=town.desk, at=NOW, id=home.id, occupancy="VACANT")
    with pytest.raises(Refusal, match="HOUSEHOLD_LIVED_IN"):
        close_household(by=town.desk, at=NOW, id=home.id)
    mark_state(by=town.desk, at=NOW + MINUTE, person=person, household=home.id, state="MOVED_OUT")
    change_household(by=town.desk, at=NOW + MINUTE, id=home.id, occupancy="VACANT", note="门上贴了封条")
    with reach(town.desk) as seen:
        door = household(seen, home.id, at=NOW).door
    assert (door.note, door.address) == ("门上贴了封条", "丰台路1号3单元201")


def test_who_may_keep_doors(town: Town) -> None:
    (home,) = town.doors(1)
    with pytest.raises(Forbidden):
        town.doors(1, division=NEXT_COUNTY)
    with pytest.raises(Refusal, match="DIVISION_UNKNOWN"):
        town.doors(1, division="210381")
    for act in (verify_household, close_household):
        with pytest.raises(Refusal, match="HOUSEHOLD_UNKNOWN"):
            act(by=town.stranger, at=NOW, id=home.id)
    with reach(town.stranger) as seen:
        assert roster(seen, GRID, at=NOW) == []
    assert open_households(by=town.worker, at=NOW, doors=[]) == []


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("王小明", "王小明", True), ("王小明", "王 小 明", True), ("王小明", "王小民", True), ("王小明", "王明", True),
        ("王小明", "", True), ("王小明", "李小红", False), ("王明", "李红", False), ("王小明", "王大红", False),
        ("阿依古丽·买买提", "阿依古丽买买提", True), ("王", "李", False),
    ],
)  # fmt: skip
def test_which_names_may_be_one_persons(one: str, other: str, alike: bool) -> None:
    assert similar_names(one, other) is similar_names(other, one) is alike
