"""Who it is, and who acted: the files of those who are handed over, and the names in a referral's history.

A file lies where its person lives; whoever has him on the way, or sent him there, reads it too, and PostgreSQL asks for that.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from lianfang.command.models import Officer, RosterToken
from lianfang.kernel.days import day_of
from lianfang.kernel.masking import MASKED, Sight
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import NotFound
from lianfang.people.queries.kept import rows_kept
from lianfang.people.queries.shown import PersonInView, person_shown
from lianfang.referrals.models import Referral, ReferralEvent
from lianfang.referrals.queries import EventTold, referral


class Hands(NamedTuple):
    """By id: officers, and grid workers' phones by what they are called."""

    officers: Mapping[UUID, str]
    phones: Mapping[UUID, str]

    def name(self, event: ReferralEvent) -> str:
        """Empty where the program did it by itself."""
        if event.roster_id is not None:
            return self.phones.get(event.roster_id, "")
        return self.officers.get(event.officer_id, "") if event.officer_id else ""


def people_of(
    reach: Reach, referrals: Iterable[Referral], *, at: datetime, sight: Sight = MASKED
) -> dict[UUID, PersonInView]:
    """Person → who it is, of referrals that the officer was shown: of a merged file, as the kept one says. One question,
    inside `reach()`.
    """
    reach.require("VIEW_REFERRALS")
    ids = {one.person_id for one in referrals if one.person_id}
    return {id: person_shown(row, sight, on=day_of(at)) for id, row in rows_kept(ids).items()}


def hands(told: Iterable[EventTold]) -> Hands:
    """Everybody who acted, in two questions."""
    events = [one.event for one in told]
    officers = {event.officer_id for event in events if event.officer_id}
    phones = {event.roster_id for event in events if event.roster_id}
    return Hands(
        dict(Officer.objects.filter(pk__in=officers).values_list("id", "name")),
        dict(RosterToken.objects.filter(pk__in=phones).values_list("id", "name")),
    )


def officer_names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    return dict(Officer.objects.filter(pk__in={id for id in ids if id}).values_list("id", "name"))


def known(reach: Reach, id: UUID) -> Referral:
    """The same sentence whether there is none or it is another county's."""
    found = referral(reach, id)
    if found is None:
        raise NotFound("REFERRAL_UNKNOWN", "辖区内没有这条移交。", "There is no such referral in your area.")
    return found
