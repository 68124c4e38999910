"""Kin: told once of two people from whichever side, seen from both, taken back with a trail."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.people.models import Kinship, Person
from lianfang.people.queries import living_with
from lianfang.people.services import join, merge, take_back_kinship, tell_kinship, undo_merge
from tests import factories
from tests.factories import HAICHENG
from tests.noted import noted
from tests.people.town import MINUTE, NEXT_COUNTY, NOW, Town


def mother_and_child(town: Town) -> tuple:
    return tuple(town.open(town.facts(name=name)).id for name in ("张母", "张子"))


def kin(town: Town, id: object) -> list[tuple]:
    file = town.file(id)
    return [(one.person, one.name, one.kind, one.other_way) for one in file.kin] if file else []


def gone_to_the_next_county(id: object) -> None:
    Person.objects.using("owner").filter(pk=id).update(jurisdiction=int(NEXT_COUNTY.ljust(18, "0")))


@pytest.mark.parametrize(
    ("kind", "back"),
    [("CHILD", "PARENT"), ("PARENT", "CHILD"), ("GRANDCHILD", "GRANDPARENT"), ("SPOUSE", "SPOUSE"), ("SIBLING", "SIBLING")],
)  # fmt: skip
def test_both_sides_see_it(town: Town, kind: str, back: str) -> None:
    one, other = mother_and_child(town)
    tell_kinship(by=town.desk, at=NOW, person=one, other=other, kind=kind)
    assert kin(town, one) == [(other, "张子", kind, back)]
    assert kin(town, other) == [(one, "张母", back, kind)]


def test_told_again_from_the_other_side_the_newest_counts_and_there_is_one(town: Town) -> None:
    one, other = mother_and_child(town)
    tell_kinship(by=town.desk, at=NOW, person=one, other=other, kind="SPOUSE")
    tell_kinship(by=town.desk, at=NOW + MINUTE, person=other, other=one, kind="PARENT")
    assert kin(town, one) == [(other, "张子", "CHILD", "PARENT")]
    assert Kinship.objects.using("owner").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic(using="owner"):
        Kinship.objects.using("owner").create(
            person_id=other, other_id=one, kind="SPOUSE", at=NOW, told_by=town.desk.officer_id
        )


def test_taken_back_it_is_gone_from_both_and_stays_in_the_line_of_time(town: Town) -> None:
    one, other = mother_and_child(town)
    tell_kinship(by=town.desk, at=NOW, person=one, other=other, kind="CHILD")
    take_back_kinship(by=town.township, at=NOW + MINUTE, person=other, other=one)
    assert kin(town, one) == kin(town, other) == []
    happened = [(line.what, line.by) for line in town.file(one).time_line if line.what.startswith("KIN")]
    assert happened == [
        ("KIN_TOLD", town.desk.officer_name),
        ("KIN_TAKEN_BACK", town.township.officer_name),
    ]
    assert [entry.act for entry in noted("KINSHIP_TOLD", "KINSHIP_TAKEN_BACK")] == [
        "KINSHIP_TOLD",
        "KINSHIP_TAKEN_BACK",
    ]
    with pytest.raises(NotFound, match="KINSHIP_NOT_TOLD"):
        take_back_kinship(by=town.desk, at=NOW, person=one, other=other)
    tell_kinship(by=town.desk, at=NOW + 2 * MINUTE, person=one, other=other, kind="CHILD")
    assert kin(town, one) == [(other, "张子", "CHILD", "PARENT")]


def test_a_kept_file_has_the_kin_of_those_merged_into_it_and_is_the_kin_of_theirs(town: Town) -> None:
    mother, child = mother_and_child(town)
    kept, between = (town.open(town.facts(name="张子")).id for _ in range(2))
    tell_kinship(by=town.desk, at=NOW, person=mother, other=child, kind="CHILD")
    first = merge(by=town.desk, at=NOW, kept=between, merged=child, reason="同一人")
    merge(by=town.desk, at=NOW, kept=kept, merged=between, reason="同一人")
    assert kin(town, kept) == [(mother, "张母", "PARENT", "CHILD")]
    assert kin(town, mother) == [(kept, "张子", "CHILD", "PARENT")]
    # Told again of the kept file there is one, the newest; taken back, there is none.
    tell_kinship(by=town.desk, at=NOW + MINUTE, person=mother, other=kept, kind="GRANDCHILD")
    assert kin(town, kept) == [(mother, "张母", "GRANDPARENT", "GRANDCHILD")]
    take_back_kinship(by=town.desk, at=NOW + 2 * MINUTE, person=kept, other=mother)
    assert kin(town, kept) == kin(town, mother) == kin(town, child) == []
    undo_merge(by=town.desk, at=NOW + 3 * MINUTE, id=first)
    tell_kinship(by=town.desk, at=NOW + 4 * MINUTE, person=mother, other=child, kind="CHILD")
    assert kin(town, kept) == []
    assert kin(town, mother) == [(child, "张子", "CHILD", "PARENT")]


def test_kin_beyond_reach_is_there_without_a_name_and_may_be_taken_back(town: Town) -> None:
    one, other = mother_and_child(town)
    tell_kinship(by=town.desk, at=NOW, person=one, other=other, kind="CHILD")
    gone_to_the_next_county(other)
    assert kin(town, one) == [(other, None, "CHILD", "PARENT")]
    with pytest.raises(NotFound):
        tell_kinship(by=town.desk, at=NOW, person=one, other=other, kind="SPOUSE")
    with pytest.raises(NotFound):
        take_back_kinship(by=town.stranger, at=NOW, person=one, other=other)
    take_back_kinship(by=town.desk, at=NOW, person=one, other=other)
    assert kin(town, one) == []


def test_who_is_refused_and_what(town: Town) -> None:
    one, other = mother_and_child(town)
    for kind in ("HEAD", "TENANT", "UNKNOWN", ""):
        with pytest.raises(Refusal, match="KINSHIP_UNKNOWN"):
            tell_kinship(by=town.desk, at=NOW, person=one, other=other, kind=kind)
    with pytest.raises(Refusal, match="SAME_FILE"):
        tell_kinship(by=town.desk, at=NOW, person=one, other=one, kind="CHILD")
    with pytest.raises(NotFound):
        tell_kinship(by=town.stranger, at=NOW, person=one, other=other, kind="CHILD")
    with pytest.raises(Forbidden):
        tell_kinship(
            by=factories.officer("CHECKPOINT_LEAD", HAICHENG), at=NOW, person=one, other=other, kind="CHILD"
        )
    merge(by=town.desk, at=NOW, kept=one, merged=other, reason="同一人")
    with pytest.raises(Refusal, match="FILE_MERGED"):
        tell_kinship(by=town.desk, at=NOW, person=one, other=other, kind="CHILD")


@pytest.mark.parametrize("people", [1, 3])
def test_those_he_lives_with_are_offered_with_as_many_questions(town: Town, people: int) -> None:
    home, elsewhere = town.doors(2)
    person = town.open().id
    others = [town.open().id for _ in range(people)]
    for id in (person, *others):
        join(by=town.desk, at=NOW, person=id, household=home.id, relation="HEAD")
    join(by=town.desk, at=NOW, person=town.open().id, household=elsewhere.id, relation="HEAD")
    with reach(town.desk) as seen, CaptureQueriesContext(connection) as asked:
        assert {one.person.id for one in living_with(seen, person, at=NOW)} == {*others}
    assert len(asked) == 2
    gone_to_the_next_county(others[0])
    with reach(town.desk) as seen:
        assert len(living_with(seen, person, at=NOW)) == people - 1
