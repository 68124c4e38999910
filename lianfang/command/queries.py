"""Questions about officers and their sessions."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Now

from lianfang.command.models import Posting
from lianfang.command.roles import permissions_of
from lianfang.kernel.reach import Reach

MOST_COLLEAGUES = 50


class Colleague(NamedTuple):
    """An officer by name, and nothing else about them."""

    id: UUID
    name: str


def session_reach(session: str) -> Reach | None:
    """Who stands behind a session id, with their reach; None when unknown, closed, expired or idle for too long."""
    if not session or len(session) > 200 or not session.isascii() or "\0" in session:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT officer_id, officer_name, kind, expires_at, roles, los, his FROM lianfang_session(%s)",
            [session],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    officer_id, name, kind, expires_at, roles, los, his = row
    return Reach(
        session=session,
        officer_id=officer_id,
        officer_name=name,
        kind=kind,
        expires_at=expires_at,
        roles=tuple(roles),
        permissions=permissions_of(tuple(roles)),
        spans=tuple(zip(los, his, strict=True)),
    )


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
