"""Two files of one person: joined with a trail, parted as they were, or said to be two people's for good."""

import pytest
from django.db import IntegrityError, transaction

from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Forbidden, Refusal
from lianfang.people.models import Person, PersonMerge
from lianfang.people.queries import duplicates, roster
from lianfang.people.services import amend, join, merge, not_the_same, undo_merge
from tests.noted import noted
from tests.people.conftest import GRID, MINUTE, NEXT_COUNTY, NOW, Town


def two(town: Town) -> tuple:
    phone = town.made.phone()
    return tuple(town.open(town.facts(name="王小明", phone=phone)).id for _ in range(2))


def sealed(id: object) -> bytes:
    return bytes(Person.objects.using("owner").get(pk=id).sealed)


def test_a_merge_leaves_the_merged_file_as_it_was_and_shows_the_way(town: Town) -> None:
    kept, merged = two(town)
    before = sealed(merged)
    merge(by=town.desk, at=NOW, kept=kept, merged=merged, reason="同一人，证件抄错")
    assert sealed(merged) == before
    assert town.file(merged).merged_into == kept
    (trail,) = town.file(kept).merges
    assert (trail.other, trail.this_was_kept, trail.reason, trail.undone_at) == (
        merged,
        True,
        "同一人，证件抄错",
        None,
    )
    with pytest.raises(Refusal, match="FILE_MERGED"):
        amend(by=town.desk, at=NOW, id=merged, fields={"name": "王"}, reason="x")


def test_an_undone_merge_leaves_two_files_and_its_trail(town: Town) -> None:
    kept, merged = two(town)
    id = merge(by=town.desk, at=NOW, kept=kept, merged=merged, reason="同一人")
    undo_merge(by=town.desk, at=NOW + MINUTE, id=id)
    assert town.file(merged).merged_into is None
    (trail,) = town.file(kept).merges
    assert (trail.undone_at, trail.undone_by) == (NOW + MINUTE, town.desk.officer_name)
    with pytest.raises(Refusal, match="MERGE_UNDONE"):
        undo_merge(by=town.desk, at=NOW, id=id)
    merge(by=town.desk, at=NOW + 2 * MINUTE, kept=merged, merged=kept, reason="反过来才对")
    assert len(town.file(kept).merges) == 2


def test_the_kept_file_takes_the_place_in_the_household_and_gives_it_back(town: Town) -> None:
    (home,) = town.doors(1)
    kept, merged = two(town)
    join(by=town.desk, at=NOW, person=merged, household=home.id, relation="HEAD")
    id = merge(by=town.desk, at=NOW + MINUTE, kept=kept, merged=merged, reason="同一人")

    def who() -> list:
        with reach(town.desk) as seen:
            return [(one.id, one.relation, one.state) for one in roster(seen, GRID, at=NOW)[0].members]

    assert who() == [(kept, "HEAD", "PRESENT")]
    undo_merge(by=town.desk, at=NOW + 2 * MINUTE, id=id)
    assert who() == [(merged, "HEAD", "PRESENT")]


def test_of_two_presences_the_kept_files_counts(town: Town) -> None:
    one, other = town.doors(2)
    kept, merged = two(town)
    join(by=town.desk, at=NOW, person=kept, household=one.id, relation="HEAD")
    join(by=town.desk, at=NOW, person=merged, household=other.id, relation="CHILD")
    id = merge(by=town.desk, at=NOW + MINUTE, kept=kept, merged=merged, reason="同一人")
    with reach(town.desk) as seen:
        assert [[m.id for m in door.members] for door in roster(seen, GRID, at=NOW)] == [[kept], []]
    undo_merge(by=town.desk, at=NOW + 2 * MINUTE, id=id)
    with reach(town.desk) as seen:
        assert [[m.id for m in door.members] for door in roster(seen, GRID, at=NOW)] == [[kept], [merged]]


def test_who_is_not_the_same_is_never_proposed_again(town: Town) -> None:
    one, other = two(town)

    def proposed() -> int:
        with reach(town.desk) as seen:
            return len(duplicates(seen, at=NOW).pairs)

    assert proposed() == 1
    for pair in ((one, other), (other, one)):
        not_the_same(by=town.desk, at=NOW, one=pair[0], other=pair[1], reason="兄弟二人，共用一个电话")
    assert proposed() == 0
    assert town.file(one).others == (other,)
    assert town.file(other).others == (one,)


def test_a_merged_pair_is_not_proposed_and_an_undone_one_is(town: Town) -> None:
    kept, merged = two(town)
    id = merge(by=town.desk, at=NOW, kept=kept, merged=merged, reason="同一人")
    with reach(town.desk) as seen:
        assert duplicates(seen, at=NOW).pairs == ()
    undo_merge(by=town.desk, at=NOW + MINUTE, id=id)
    with reach(town.desk) as seen:
        assert len(duplicates(seen, at=NOW).pairs) == 1


def test_merges_in_a_ring_are_refused(town: Town) -> None:
    one, other = two(town)
    merge(by=town.desk, at=NOW, kept=one, merged=other, reason="同一人")
    with pytest.raises(Refusal, match="FILE_MERGED"):
        merge(by=town.desk, at=NOW, kept=other, merged=one, reason="同一人")
    with pytest.raises(Refusal, match="FILE_MERGED"):
        merge(by=town.desk, at=NOW, kept=town.open().id, merged=other, reason="同一人")
    with pytest.raises(Refusal, match="SAME_FILE"):
        merge(by=town.desk, at=NOW, kept=one, merged=one, reason="同一人")
    made = PersonMerge(
        id=uuid7(), kept_id=one, merged_id=other, merged_by=town.desk.officer_id, merged_at=NOW, reason="x"
    )
    with pytest.raises(IntegrityError), transaction.atomic(using="owner"):
        made.save(using="owner", force_insert=True)


def test_merging_takes_a_permission_a_reason_and_both_files(town: Town) -> None:
    one, other = two(town)
    beyond = town.open(by=town.stranger, division=NEXT_COUNTY).id
    with pytest.raises(Forbidden):
        merge(by=town.township, at=NOW, kept=one, merged=other, reason="同一人")
    with pytest.raises(Refusal, match="REASON_MISSING"):
        merge(by=town.desk, at=NOW, kept=one, merged=other, reason=" \n")
    with pytest.raises(Refusal, match="FILE_UNKNOWN"):
        merge(by=town.desk, at=NOW, kept=one, merged=beyond, reason="同一人")
    id = merge(by=town.headquarters, at=NOW, kept=one, merged=beyond, reason="同一人")
    with pytest.raises(Refusal):
        undo_merge(by=town.stranger, at=NOW, id=id)
    assert [entry.subject for entry in noted("FILES_MERGED")] == [f"PERSON {one}"]
