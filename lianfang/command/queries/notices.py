"""What an officer was told at the desk, and whether it still goes on."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import connection

from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach
from lianfang.regions.queries import paths

NEWEST_NOTICES = 100


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice as it is told. Of broken glass: who looks where, since when, why, until when; it is `open` until closed.

    Of a grid phone that was locked: `who` is what the township calls it, `place` its grid; the rest is empty.
    """

    id: UUID
    kind: str
    about: UUID
    made_at: datetime
    read_at: datetime | None
    who: str
    place: str
    reason: str
    ends_at: datetime | None
    closed_at: datetime | None
    closed_by: str

    def is_open(self, at: datetime) -> bool:
        return self.ends_at is not None and self.closed_at is None and self.ends_at > at


_NOTICES = """
SELECT n.id, n.kind, n.about, n.made_at, n.read_at, coalesce(o.name, r.name, ''), coalesce(g.division, r.division, ''),
       coalesce(g.reason, ''), g.ends_at, g.closed_at, coalesce(c.name, ''), count(*) OVER ()
FROM officer_notice n
LEFT JOIN glass g ON n.kind = 'GLASS_BROKEN' AND g.id = n.about
LEFT JOIN officer o ON o.id = g.officer_id LEFT JOIN officer c ON c.id = g.closed_by
LEFT JOIN roster_token r ON n.kind = 'ROSTER_LOCKED' AND r.id = n.about
WHERE n.officer_id = %(me)s AND (n.read_at IS NULL OR NOT %(unread)s) ORDER BY n.made_at DESC, n.id DESC LIMIT %(limit)s
"""


def notices(reach: Reach, *, at: datetime) -> list[NoticeLine]:
    """Everything the officer was told, the newest first."""
    return _told(reach, at=at, unread=False, limit=NEWEST_NOTICES)[0]


def unread_notices(reach: Reach, *, at: datetime, limit: int) -> tuple[list[NoticeLine], int]:
    """What he has not read yet, the newest first, and how many there are. One question, on every page of the desk."""
    return _told(reach, at=at, unread=True, limit=limit)


def _told(reach: Reach, *, at: datetime, unread: bool, limit: int) -> tuple[list[NoticeLine], int]:
    with connection.cursor() as cursor:
        cursor.execute(_NOTICES, {"me": reach.officer_id, "unread": unread, "limit": limit})
        rows = cursor.fetchall()
    lines = [NoticeLine(*row[:-1]) for row in rows]
    names = paths({line.place for line in lines}, day_of(at)) if lines else {}
    lines = [replace(line, place=names.get(line.place, line.place)) for line in lines]
    return lines, rows[0][-1] if rows else 0
