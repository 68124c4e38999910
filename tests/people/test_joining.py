"""Two doors that are one: joined with a trail, parted again with everybody as he is now, no code given again."""

from uuid import UUID

import pytest

from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.people.models import Household, HouseholdJoin, StayInHousehold
from lianfang.people.queries import household, joins_of, roster
from lianfang.people.services import (
    join,
    join_households,
    mark_state,
    merge,
    move,
    part_households,
    verify_household,
)
from tests import factories
from tests.factories import HAICHENG
from tests.noted import noted
from tests.people.town import GRID, MINUTE, NEXT_COUNTY, NOW, OTHER_GRID, Town

LATER, LATER_STILL = NOW + MINUTE, NOW + 2 * MINUTE


def lives(town: Town, home: Household, state: str = "PRESENT", *, person: UUID | None = None) -> UUID:
    id = person or town.open().id
    join(by=town.desk, at=NOW, person=id, household=home.id, relation="CHILD", state=state)
    return id


def joined(town: Town, kept: Household, double: Household, **given: object) -> UUID:
    told = {"by": town.desk, "at": LATER, "reason": "同一户登记了两次", **given}
    return join_households(kept=kept.id, joined=double.id, **told)


def who(home: Household) -> set[tuple[UUID, str]]:
    stays = StayInHousehold.objects.using("owner").filter(household=home.id, until_at=None)
    return set(stays.values_list("person_id", "state"))


def test_everybody_goes_on_in_the_kept_one_and_the_other_is_closed(town: Town) -> None:
    kept, double = town.doors(2)
    one = lives(town, kept)
    lives(town, double, "AWAY", person=one)
    other, third = lives(town, double, "HOSPITALISED"), lives(town, double)
    joined(town, kept, double)
    assert who(kept) == {(one, "PRESENT"), (other, "HOSPITALISED"), (third, "PRESENT")}
    assert who(double) == set()
    with reach(town.desk) as seen:
        assert [door.door.id for door in roster(seen, GRID, at=LATER)] == [kept.id]
        assert household(seen, double.id, at=LATER).closed
        (trail,) = joins_of(seen, kept.id)
        (back,) = joins_of(seen, double.id)
    assert (trail.code, trail.this_was_kept, trail.reason, trail.undone_at) == (
        double.code, True, "同一户登记了两次", None,
    )  # fmt: skip
    assert (back.code, back.this_was_kept) == (kept.code, False)
    with pytest.raises(Refusal, match="HOUSEHOLD_CLOSED"):
        verify_household(by=town.desk, at=LATER, id=double.id)
    (entry,) = noted("HOUSEHOLDS_JOINED")
    assert (entry.details["kept"], entry.details["joined"]) == (kept.code, double.code)


def test_parted_again_each_goes_back_as_he_is_now(town: Town) -> None:
    kept, double = town.doors(2)
    own, came, newcomer = lives(town, kept), lives(town, double), town.open().id
    id = joined(town, kept, double)
    mark_state(by=town.desk, at=LATER_STILL, person=came, household=kept.id, state="QUARANTINED")
    join(by=town.desk, at=LATER_STILL, person=newcomer, household=kept.id, relation="TENANT")
    part_households(by=town.township, at=LATER_STILL + MINUTE, id=id)
    assert who(kept) == {(own, "PRESENT"), (newcomer, "PRESENT")}
    assert who(double) == {(came, "QUARANTINED")}
    (stay,) = StayInHousehold.objects.using("owner").filter(household=double.id, until_at=None)
    assert stay.relation == "CHILD"
    with reach(town.desk) as seen:
        assert not household(seen, double.id, at=LATER).closed
        (trail,) = joins_of(seen, kept.id)
    assert trail.undone_by == town.township.officer_name
    with pytest.raises(Refusal, match="JOIN_UNDONE"):
        part_households(by=town.desk, at=LATER_STILL + 2 * MINUTE, id=id)
    assert town.doors(1)[0].code not in (kept.code, double.code)
    joined(town, double, kept, at=LATER_STILL + 3 * MINUTE)
    assert who(double) == {(own, "PRESENT"), (newcomer, "PRESENT"), (came, "QUARANTINED")}


def test_who_stood_in_both_is_present_once_and_stands_in_both_again(town: Town) -> None:
    kept, double = town.doors(2)
    person = lives(town, kept, "AWAY")
    lives(town, double, "PRESENT", person=person)
    id = joined(town, kept, double)
    assert who(kept) == {(person, "PRESENT")}
    part_households(by=town.desk, at=LATER_STILL, id=id)
    assert (who(kept), who(double)) == ({(person, "AWAY")}, {(person, "PRESENT")})


def test_who_moved_away_since_is_on_both_lists_as_moved_out(town: Town) -> None:
    kept, double, third = town.doors(3)
    person = lives(town, double)
    id = joined(town, kept, double)
    move(by=town.desk, at=LATER_STILL, person=person, household=third.id, relation="HEAD")
    part_households(by=town.desk, at=LATER_STILL + MINUTE, id=id)
    assert (who(double), who(third)) == ({(person, "MOVED_OUT")}, {(person, "PRESENT")})


def test_whose_file_was_merged_since_goes_on_in_the_kept_file(town: Town) -> None:
    kept, double = town.doors(2)
    person, same = lives(town, double), town.open().id
    id = joined(town, kept, double)
    merge(by=town.desk, at=LATER_STILL, kept=same, merged=person, reason="同一人")
    part_households(by=town.desk, at=LATER_STILL + MINUTE, id=id)
    assert (who(kept), who(double)) == ({(same, "PRESENT")}, set())


def test_of_a_chain_the_last_is_undone_first(town: Town) -> None:
    one, two, three = town.doors(3)
    person = lives(town, one)
    first = joined(town, two, one)
    second = joined(town, three, two, at=LATER_STILL)
    with pytest.raises(Refusal, match="JOINED_AGAIN"):
        part_households(by=town.desk, at=LATER_STILL + MINUTE, id=first)
    part_households(by=town.desk, at=LATER_STILL + MINUTE, id=second)
    part_households(by=town.desk, at=LATER_STILL + 2 * MINUTE, id=first)
    assert (who(one), who(two), who(three)) == ({(person, "PRESENT")}, set(), set())


def test_what_is_refused(town: Town) -> None:
    kept, double = town.doors(2)
    for given, code in (({"reason": " "}, "REASON_MISSING"), ({"by": town.stranger}, "HOUSEHOLD_UNKNOWN")):
        with pytest.raises(Refusal, match=code):
            joined(town, kept, double, **given)
    with pytest.raises(Refusal, match="SAME_HOUSEHOLD"):
        joined(town, kept, kept)
    with pytest.raises(Forbidden):
        joined(town, kept, double, by=factories.officer("CHECKPOINT_LEAD", HAICHENG))
    (elsewhere,) = town.doors(1, division=NEXT_COUNTY, by=town.stranger)
    with pytest.raises(NotFound):
        joined(town, kept, elsewhere)
    id = joined(town, kept, double)
    with reach(town.stranger) as seen:
        assert joins_of(seen, kept.id) == []
    with pytest.raises(NotFound, match="JOIN_UNKNOWN"):
        part_households(by=town.stranger, at=LATER_STILL, id=id)
    Household.objects.using("owner").filter(pk=double.id).update(sealed=None, wrapped_key=None)
    with pytest.raises(Refusal, match="FILE_DESTROYED"):
        part_households(by=town.desk, at=LATER_STILL, id=id)
    assert HouseholdJoin.objects.using("owner").get().undone_at is None


def test_doors_of_two_grids_are_joined_and_each_is_seen_in_its_own(town: Town) -> None:
    (kept,), (double,) = town.doors(1), town.doors(1, division=OTHER_GRID)
    person = lives(town, double)
    id = joined(town, kept, double)
    assert StayInHousehold.objects.using("owner").get(until_at=None).jurisdiction == kept.jurisdiction
    part_households(by=town.desk, at=LATER_STILL, id=id)
    assert who(double) == {(person, "PRESENT")}
