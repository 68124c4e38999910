"""What became of a door that was joined with another."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from lianfang.command.models import Officer
from lianfang.kernel.masking import OPENED
from lianfang.kernel.reach import Reach
from lianfang.people.models import HouseholdJoin


class JoinShown(NamedTuple):
    """A joining with another door, which was kept or joined to this one."""

    id: UUID
    other: UUID
    code: str
    this_was_kept: bool
    at: datetime
    by: str
    reason: str
    undone_at: datetime | None
    undone_by: str


def joins_of(reach: Reach, household: UUID) -> list[JoinShown]:
    """The oldest first, undone ones too."""
    reach.require("VIEW_PEOPLE")
    found = HouseholdJoin.objects.filter(Q(kept=household) | Q(joined=household))
    rows = list(found.order_by("joined_at").select_related("kept", "joined"))
    ids = {id for one in rows for id in (one.joined_by, one.undone_by) if id}
    names = dict(Officer.objects.filter(pk__in=ids).values_list("id", "name"))
    return [_shown(one, household, names) for one in rows]


def _shown(one: HouseholdJoin, household: UUID, names: dict[UUID, str]) -> JoinShown:
    kept = one.kept_id == household
    other = one.joined if kept else one.kept
    return JoinShown(
        id=one.id,
        other=other.pk,
        code=other.code,
        this_was_kept=kept,
        at=one.joined_at,
        by=names.get(one.joined_by, ""),
        reason=OPENED.text(one.reason),
        undone_at=one.undone_at,
        undone_by=names.get(one.undone_by, "") if one.undone_by else "",
    )
