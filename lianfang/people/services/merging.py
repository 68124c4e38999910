"""Two files of one person: joined with a trail, parted again, or said to be two people's for good."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from lianfang.kernel.audit import Act, note
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.people.models import NotTheSame, PersonMerge
from lianfang.people.services.keeping import given, own_person
from lianfang.people.services.opening import TAKING_TURNS

# The merged file's stretches end; the kept one goes on with them, unless it is told there, or present elsewhere, already.
_END = "UPDATE stay_in_household SET until_at = %(at)s WHERE person_id = %(person)s AND until_at IS NULL AND from_at < %(at)s"
_GO_ON = """
INSERT INTO stay_in_household (id, person_id, household_id, jurisdiction, relation, state, from_at, told_by)
SELECT gen_random_uuid(), %(kept)s, s.household_id, s.jurisdiction, s.relation, s.state, %(at)s, %(by)s
FROM stay_in_household s WHERE s.person_id = %(merged)s AND s.until_at = %(at)s
  AND NOT EXISTS (SELECT FROM stay_in_household o WHERE o.person_id = %(kept)s AND o.until_at IS NULL
                  AND (o.household_id = s.household_id OR (o.state = ANY(%(present)s) AND s.state = ANY(%(present)s))))
"""
_PRESENT = ["PRESENT", "RETURNED", "QUARANTINED"]
# Parted again: what the kept file got from the merged one ends, and the merged one goes on with what it had.
_GIVE_BACK = """
UPDATE stay_in_household SET until_at = %(at)s
WHERE person_id = %(kept)s AND from_at = %(merged_at)s AND until_at IS NULL AND EXISTS (
    SELECT FROM stay_in_household s
    WHERE s.person_id = %(merged)s AND s.household_id = stay_in_household.household_id AND s.until_at = %(merged_at)s)
"""
_TAKE_BACK = """
INSERT INTO stay_in_household (id, person_id, household_id, jurisdiction, relation, state, from_at, told_by)
SELECT gen_random_uuid(), person_id, household_id, jurisdiction, relation, state, %(at)s, %(by)s
FROM stay_in_household WHERE person_id = %(merged)s AND until_at = %(merged_at)s
"""


def merge(*, by: Reach, at: datetime, kept: UUID, merged: UUID, reason: str) -> UUID:
    """From now on whoever asks for the merged file is shown the kept one; its fields stay as they were. Answers the merge."""
    by.require("MERGE_PEOPLE")
    said = given(reason)
    if kept == merged:
        raise Refusal("SAME_FILE", "这是同一份档案。", "This is one file.")
    with reach(by) as seen:
        _take_turns()
        first, second = own_person(seen, kept), own_person(seen, merged)
        made = PersonMerge.objects.create(
            id=uuid7(at=at), kept=first, merged=second, merged_by=seen.officer_id, merged_at=at, reason=said
        )
        who: dict[str, Any] = {
            "kept": kept,
            "merged": merged,
            "at": at,
            "by": seen.officer_id,
            "present": _PRESENT,
        }
        _run(_END, {"at": at, "person": merged})
        _run(_GO_ON, who)
        note(
            Act.FILES_MERGED, by=seen, subject=f"PERSON {kept}", jurisdiction=first.jurisdiction,
            details={"merged": str(merged), "merge": str(made.id)},
        )  # fmt: skip
    return made.id


def undo_merge(*, by: Reach, at: datetime, id: UUID) -> None:
    """The merged file stands on its own again, as it was."""
    by.require("MERGE_PEOPLE")
    with reach(by) as seen:
        _take_turns()
        made = PersonMerge.objects.select_for_update().filter(pk=id).select_related("kept", "merged").first()
        if made is None:
            raise NotFound("MERGE_UNKNOWN", "辖区内没有这次合并。", "There is no such merge in your area.")
        for file in (made.kept, made.merged):
            seen.require_own(file.jurisdiction)
        if made.undone_at is not None:
            raise Refusal("MERGE_UNDONE", "这次合并已经撤销。", "This merge was undone already.", status=409)
        PersonMerge.objects.filter(pk=id).update(undone_by=seen.officer_id, undone_at=at)
        who = {"kept": made.kept_id, "merged": made.merged_id, "merged_at": made.merged_at, "at": at}
        _run(_GIVE_BACK, who)
        _run(_TAKE_BACK, {**who, "by": seen.officer_id})
        note(
            Act.MERGE_UNDONE, by=seen, subject=f"PERSON {made.kept_id}", jurisdiction=made.kept.jurisdiction,
            details={"merged": str(made.merged_id), "merge": str(id)},
        )  # fmt: skip


def not_the_same(*, by: Reach, at: datetime, one: UUID, other: UUID, reason: str) -> None:
    """These are two people: the pair is never proposed again. Said again, nothing changes."""
    by.require("MERGE_PEOPLE")
    said = given(reason)
    if one == other:
        raise Refusal("SAME_FILE", "这是同一份档案。", "This is one file.")
    first, second = sorted((one, other))
    with reach(by) as seen:
        rows = [own_person(seen, id) for id in (first, second)]
        pair = NotTheSame(one=rows[0], other=rows[1], said_by=seen.officer_id, said_at=at, reason=said)
        NotTheSame.objects.bulk_create([pair], ignore_conflicts=True)
        note(
            Act.SAID_NOT_THE_SAME, by=seen, subject=f"PERSON {first}", jurisdiction=rows[0].jurisdiction,
            details={"other": str(second)},
        )  # fmt: skip


def _take_turns() -> None:
    _run(TAKING_TURNS, None)


def _run(statement: str, values: dict[str, Any] | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
