"""Who is somebody's kin, whichever file of his and theirs it was told of; and whom it may be chosen from."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from lianfang.kernel.days import day_of
from lianfang.kernel.masking import OPENED
from lianfang.kernel.reach import Reach
from lianfang.kernel.within import within
from lianfang.people.models import Kinship, Person, StayInHousehold
from lianfang.people.opening import FileState
from lianfang.people.queries.kept import kept_of, with_merged
from lianfang.people.queries.shown import PersonInView, person_shown
from lianfang.people.rules import THE_OTHER_WAY


class Tie(NamedTuple):
    """`other`, whose kept file it is, is the `kind` (CHILD …) of the person, who is the `other_way` of him."""

    other: UUID
    kind: str
    other_way: str
    told: Kinship


def ties_of(people: Collection[UUID]) -> dict[UUID, list[Tie]]:
    """Everything that was told of these files and of those merged into them, taken back or not, the newest last."""
    mine = with_merged(people)
    every = [id for under in mine.values() for id in under]
    told = list(
        Kinship.objects.filter(Q(person__in=every) | Q(other__in=every)).order_by("at", "person", "other")
    )
    kept = kept_of({id for one in told for id in (one.person_id, one.other_id)})
    return {id: list(_seen_from(mine[id], told, kept)) for id in people}


def standing(ties: Iterable[Tie]) -> list[Tie]:
    """What was not taken back; told of two files of one person, the newest counts."""
    return list({tie.other: tie for tie in ties if tie.told.taken_back_at is None}.values())


def _seen_from(mine: Collection[UUID], told: Iterable[Kinship], kept: Mapping[UUID, UUID]) -> Iterable[Tie]:
    for one in told:
        back = THE_OTHER_WAY.get(one.kind, one.kind)
        if one.person_id in mine and one.other_id not in mine:
            yield Tie(kept.get(one.other_id, one.other_id), one.kind, back, one)
        elif one.other_id in mine and one.person_id not in mine:
            yield Tie(kept.get(one.person_id, one.person_id), back, one.kind, one)


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
