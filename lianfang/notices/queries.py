"""Questions about notices: those of a desk's own area by state, and, for everybody, what a place is told."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from lianfang.kernel.reach import Reach
from lianfang.kernel.within import held
from lianfang.notices.models import PlaceNotice
from lianfang.notices.rules import NoticeState

PAGE = 20
SHOWN = 3  # on a page for the public: a fourth is not read
# What whoever has no session may ask: approved texts in force at the place or above it, the newest first.
PUBLIC = """
SELECT id, division, title, body, title_en, body_en, valid_from, valid_until FROM lianfang_place_notices(%s, %s) LIMIT %s
"""


class NoticeInForce(NamedTuple):
    """A public text. `division`: whose notice it is, the place's own or one above it."""

    id: UUID
    division: str
    title: str
    body: str
    title_en: str
    body_en: str
    valid_from: datetime
    valid_until: datetime


class NoticePage(NamedTuple):
    """`before`: what to ask for the next page with; None on the last."""

    notices: list[PlaceNotice]
    before: UUID | None


def in_force(jurisdiction: int, at: datetime, limit: int = SHOWN) -> list[NoticeInForce]:
    """What everybody at the place (18 digits) is told. Public: it needs no session."""
    with connection.cursor() as cursor:
        cursor.execute(PUBLIC, [jurisdiction, at, limit])
        return [NoticeInForce(*row) for row in cursor.fetchall()]


def place_notices(
    reach: Reach, *, at: datetime, state: NoticeState, before: UUID | None = None
) -> NoticePage:
    """Those of the officer's own area in that state, the newest first, PAGE at most; inside `reach()`."""
    rows = _own(reach).filter(_standing(at)[state])
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows.select_related("author", "approver", "withdrawn_by").order_by("-id")[: PAGE + 1])
    return NoticePage(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)


def count_place_notices(reach: Reach, *, at: datetime) -> Mapping[NoticeState, int]:
    """How many stand in each state; inside `reach()`."""
    return {state: _own(reach).filter(condition).count() for state, condition in _standing(at).items()}


def waiting_for_another(reach: Reach, *, at: datetime) -> list[PlaceNotice]:
    """Those that wait for a second officer, and for this one to be it: he wrote none of them. Inside `reach()`."""
    rows = _own(reach).filter(_standing(at)[NoticeState.WAITING]).exclude(author=reach.officer_id)
    return list(rows.select_related("author").order_by("id")[:PAGE])


def _own(reach: Reach) -> QuerySet[PlaceNotice]:
    reach.require("KEEP_NOTICES")
    return PlaceNotice.objects.filter(held(reach))


def _standing(at: datetime) -> Mapping[NoticeState, Q]:
    """The states of rules.state_of as conditions."""
    stands = Q(withdrawn_at=None, valid_until__gt=at)
    return {
        NoticeState.IN_FORCE: stands & Q(approved_at__isnull=False, valid_from__lte=at),
        NoticeState.WAITING: stands & Q(approved_at=None),
        NoticeState.TO_COME: stands & Q(approved_at__isnull=False, valid_from__gt=at),
        NoticeState.LAPSED: Q(withdrawn_at=None, valid_until__lte=at),
        NoticeState.WITHDRAWN: Q(withdrawn_at__isnull=False),
    }
