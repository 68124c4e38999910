"""Questions about officers by name."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import Now

from lianfang.command.models import Officer, Posting
from lianfang.kernel.reach import Reach

MOST_COLLEAGUES = 50


class Colleague(NamedTuple):
    """An officer by name, and nothing else about them."""

    id: UUID
    name: str


def colleagues(reach: Reach, *, jurisdiction: int, roles: Sequence[str]) -> list[Colleague]:
    """Officers in service whose posting covers the division and lies within reach, the closest first.

    Postings are in force by the database's clock, as for sessions.
    """
    reach.require("ASSIGN_FINDINGS")
    here = Q(pk__in=[])
    for lo, hi in reach.spans:
        here |= Q(lo__gte=lo, hi__lte=hi)
    in_force = Q(from_at__lte=Now()) & (Q(until_at=None) | Q(until_at__gt=Now()))
    postings = (
        Posting.objects.filter(here, in_force, role__in=roles, officer__left_at=None)
        .filter(lo__lte=jurisdiction, hi__gte=jurisdiction)
        .order_by(F("hi") - F("lo"), "officer__name", "officer_id")
        .values_list("officer_id", "officer__name")
    )
    found = dict(postings[: 2 * MOST_COLLEAGUES])
    return [Colleague(*row) for row in found.items()][:MOST_COLLEAGUES]


def names_for_audit(reach: Reach) -> dict[UUID, str]:
    """Everybody there ever was, by name: whoever acted is named long after they left."""
    reach.require("READ_AUDIT")
    people = Officer.objects.exclude(sign_in_name__startswith="system:").order_by("name", "sign_in_name")
    return dict(people.values_list("id", "name"))
