"""Questions about officers, their sessions, and the displays that nobody signs in at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Now

from lianfang.command.models import DisplayToken, Officer, Posting
from lianfang.command.roles import Permission, permissions_of
from lianfang.kernel.reach import Reach
from lianfang.kernel.tokens import hashed

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


def display_of_token(token: str, *, at: datetime) -> Reach | None:
    """What a display's token opens: the wall. None when it is unknown, revoked or expired, without telling which.

    There is no session behind it, so row-level security shows it no personal row whatever a page asks. The token is
    found by its hash, so nothing is learnt from how long that takes; it has 256 bits, so guesses need no counting.
    """
    if not token or len(token) > 200 or not token.isascii():
        return None
    good = DisplayToken.objects.filter(token_hash=hashed(token), revoked_at=None, expires_at__gt=at)
    found = good.first()
    if found is None:
        return None
    return Reach(
        session="",
        officer_id=found.id,
        officer_name=found.name,
        kind="DISPLAY",
        expires_at=found.expires_at,
        permissions=frozenset({str(Permission.VIEW_WALL)}),
    )


@dataclass(frozen=True, slots=True)
class DisplayLine:
    """A display as it is listed. `made_by` is None when it was made at the server's command line."""

    id: UUID
    name: str
    made_at: datetime
    made_by: str | None
    expires_at: datetime
    revoked_at: datetime | None
    revoked_by: str | None


def displays(reach: Reach) -> list[DisplayLine]:
    """Every display token there was, the newest first."""
    reach.require("MANAGE_DISPLAYS")
    rows = DisplayToken.objects.order_by("-made_at", "-id").annotate(
        maker=_name_of("made_by"), revoker=_name_of("revoked_by")
    )
    return [
        DisplayLine(row.id, row.name, row.made_at, row.maker, row.expires_at, row.revoked_at, row.revoker)
        for row in rows
    ]


def _name_of(column: str) -> Subquery:
    people = Officer.objects.exclude(sign_in_name__startswith="system:")
    return Subquery(people.filter(pk=OuterRef(column)).values("name"))


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
