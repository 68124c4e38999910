"""Whom somebody's kin may be chosen from: those who belong to his households, without a number being typed."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from lianfang.kernel.days import day_of
from lianfang.kernel.masking import OPENED
from lianfang.kernel.reach import Reach
from lianfang.kernel.within import within
from lianfang.people.models import Person, StayInHousehold
from lianfang.people.opening import FileState
from lianfang.people.queries.shown import PersonInView, person_shown


class LivesWith(NamedTuple):
    """Somebody of the same household. `relation`: to its head, which is not yet to the person."""

    person: PersonInView
    relation: str


def living_with(reach: Reach, person: UUID, *, at: datetime) -> list[LivesWith]:
    """Those of his households, by name as on the household's own page; without files beyond reach."""
    reach.require("VIEW_PEOPLE")
    homes = StayInHousehold.objects.filter(person=person, until_at=None).values("household")
    stays = StayInHousehold.objects.filter(household__in=homes, until_at=None).exclude(person=person)
    relations = dict(stays.order_by("from_at").values_list("person_id", "relation"))
    rows = Person.objects.filter(within(reach), pk__in=relations).order_by("id")
    shown = [person_shown(row, OPENED, on=day_of(at)) for row in rows]
    return [LivesWith(one, relations[one.id]) for one in shown if one.state == FileState.OPEN]
