"""Where those come from who are handed over to a grid, and whose child somebody is. Asked inside `grid_reach(phone)`.

The database hands a grid phone the records of those who are handed over to its own grid, and of a guardian who came in the
same vehicle (migrations/sql/grid_doors.sql).
"""

from collections import defaultdict
from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from lianfang.checkpoints.models import Correction, Registration
from lianfang.checkpoints.opening import Standing, standing
from lianfang.kernel.masking import as_recorded
from lianfang.kernel.reach import GridReach

_RECORDS = "SELECT * FROM lianfang_roster_records(%s, %s)"
_CORRECTIONS = "SELECT * FROM lianfang_roster_record_corrections(%s, %s)"


class CameFrom(NamedTuple):
    """Of somebody who was registered: `guardian` is the name of whoever is his, "" if nobody is named."""

    from_code: str | None
    guardian: str


def came_from(phone: GridReach, referrals: Collection[UUID]) -> dict[UUID, CameFrom]:
    """By registration, as corrections leave it, in four questions; nothing of a referral of another grid."""
    own = _standing(referrals, ())
    guardians = {id: guardian for id, one in own.items() if (guardian := _id(one.fields.get("guardian_id")))}
    others = _standing(referrals, set(guardians.values()))
    return {
        id: CameFrom(one.fact("from_code"), _name(others.get(guardians[id])) if id in guardians else "")
        for id, one in own.items()
    }


def _standing(referrals: Collection[UUID], guardians: Collection[UUID]) -> dict[UUID, Standing[Registration]]:
    asked = [list(referrals), list(guardians)]
    corrections: dict[UUID, list[Correction]] = defaultdict(list)
    for one in Correction.objects.raw(_CORRECTIONS, asked):
        corrections[one.of].append(one)
    return {row.id: standing(row, corrections[row.id]) for row in Registration.objects.raw(_RECORDS, asked)}


def _id(said: Any) -> UUID | None:
    try:
        return UUID(said) if isinstance(said, str) else None
    except ValueError:
        return None


def _name(one: Standing[Registration] | None) -> str:
    return as_recorded(one.fields.get("name")) if one else ""
