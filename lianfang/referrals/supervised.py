"""Which places are asked about: how many stand there now whom nobody has taken over, and whether the first one was since."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from lianfang.kernel.divisions import from_integer, parent, prefix
from lianfang.kernel.reach import Reach
from lianfang.referrals.models import Referral, WaitingFact

# The first nine digits are a township; where none is known, the county that let it lie.
UNIT = "jurisdiction / 1000000000 * 1000000000"
_LATE = f"""
SELECT {UNIT}, count(*) FROM referral
WHERE state = 'SENT' AND city_due_at <= %(at)s AND {UNIT} = ANY(%(units)s) GROUP BY 1
"""


class PlaceSupervised(NamedTuple):
    """A place that did not go. `first_accepted_at`: the one by whom it was noticed was taken over after all; `went_elsewhere`:
    he was placed elsewhere, or nobody is handed over any more. `may_close`: whoever is asked above the place.
    """

    code: str
    late: int
    first_accepted_at: datetime | None
    went_elsewhere: bool
    may_close: bool


def supervised(reach: Reach, facts: Sequence[WaitingFact], *, at: datetime) -> dict[UUID, PlaceSupervised]:
    """Of those facts that are about a place, in two questions."""
    reach.require("VIEW_REFERRALS")
    asked = [fact for fact in facts if fact.room == WaitingFact.Room.SUPERVISION]
    first = Referral.objects.in_bulk([fact.referral_id for fact in asked])
    late = _late([fact.jurisdiction for fact in asked], at) if asked else {}
    return {fact.id: _place(reach, fact, first.get(fact.referral_id), late) for fact in asked}


def closes(reach: Reach, jurisdiction: int) -> bool:
    """Whoever answers for the division above, and headquarters: nobody closes what is asked about himself."""
    code = from_integer(jurisdiction)
    above = parent(code)
    return reach.covers(code) and (
        "HEADQUARTERS" in reach.roles or (above is not None and reach.covers(above))
    )


def _place(reach: Reach, fact: WaitingFact, first: Referral | None, late: dict[int, int]) -> PlaceSupervised:
    code = from_integer(fact.jurisdiction)
    there = first is not None and from_integer(first.jurisdiction).startswith(prefix(code))
    return PlaceSupervised(
        code=code,
        late=late.get(fact.jurisdiction, 0),
        first_accepted_at=first.accepted_at if first is not None and there else None,
        went_elsewhere=first is None or not there or first.state == "WITHDRAWN",
        may_close=closes(reach, fact.jurisdiction),
    )


def _late(units: Sequence[int], at: datetime) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_LATE, {"at": at, "units": list(units)})
        return dict(cursor.fetchall())
