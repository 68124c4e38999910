"""Who is whose kin: told once of two people from whichever side, and taken back with a trail."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from lianfang.kernel.audit import Act, note
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.people.models import Kinship
from lianfang.people.queries.kept import with_merged
from lianfang.people.rules import KINSHIPS, THE_OTHER_WAY
from lianfang.people.services.keeping import own_person, require_keeping


def tell_kinship(*, by: Reach, at: datetime, person: UUID, other: UUID, kind: str) -> None:
    """`other` is the spouse, child … of the person; told again, from either side, the newest counts."""
    require_keeping(by)
    if kind not in KINSHIPS:
        raise Refusal("KINSHIP_UNKNOWN", "请选择亲属关系。", "Choose how they are related.")
    if person == other:
        raise Refusal("SAME_FILE", "这是同一份档案。", "This is one file.")
    with reach(by) as seen:
        one, _ = (own_person(seen, id) for id in sorted((person, other)))
        first, second, said = person, other, kind
        if Kinship.objects.filter(person=other, other=person).exists():
            first, second, said = other, person, THE_OTHER_WAY.get(kind, kind)
        told = Kinship(person_id=first, other_id=second, kind=said, at=at, told_by=seen.officer_id)
        Kinship.objects.bulk_create(
            [told], update_conflicts=True, unique_fields=["person", "other"],
            update_fields=["kind", "at", "told_by", "taken_back_by", "taken_back_at"],
        )  # fmt: skip
        note(
            Act.KINSHIP_TOLD, by=seen, subject=f"PERSON {person}", jurisdiction=one.jurisdiction,
            details={"other": str(other), "kind": kind},
        )  # fmt: skip


def take_back_kinship(*, by: Reach, at: datetime, person: UUID, other: UUID) -> None:
    """It was told by mistake, of whichever files of the two. Whoever keeps one of them may say so, wherever the other lies."""
    require_keeping(by)
    with reach(by) as seen:
        row = own_person(seen, person)
        files = with_merged([person, other])
        mine, his = files[person], files[other]
        pair = Q(person__in=mine, other__in=his) | Q(person__in=his, other__in=mine)
        taken = Kinship.objects.filter(pair, taken_back_at=None)
        if not taken.update(taken_back_by=seen.officer_id, taken_back_at=at):
            raise NotFound("KINSHIP_NOT_TOLD", "没有登记过这个亲属。", "No such kin was told.")
        note(
            Act.KINSHIP_TAKEN_BACK, by=seen, subject=f"PERSON {person}", jurisdiction=row.jurisdiction,
            details={"other": str(other)},
        )  # fmt: skip
