"""Broken glass: what an officer looks through now, what he broke, and, for the auditor, all there was."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import connection

from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach
from lianfang.regions.queries import paths

MINE_LISTED = 20
ALL_LISTED = 200


@dataclass(frozen=True, slots=True)
class GlassLine:
    """Broken glass as it is listed. `told`: how many officers were told of it; `seen`: how many of them have read it."""

    id: UUID
    who: str
    place: str
    division: str
    reason: str
    broken_at: datetime
    ends_at: datetime
    closed_at: datetime | None
    closed_by: str
    told: int
    seen: int

    def is_open(self, at: datetime) -> bool:
        return self.closed_at is None and self.ends_at > at


_GLASS = """
SELECT g.id, o.name, g.division, g.division, g.reason, g.broken_at, g.ends_at, g.closed_at, coalesce(c.name, ''), n.told, n.seen
FROM glass g JOIN officer o ON o.id = g.officer_id LEFT JOIN officer c ON c.id = g.closed_by
CROSS JOIN LATERAL (
    SELECT count(*) AS told, count(read_at) AS seen FROM officer_notice WHERE kind = 'GLASS_BROKEN' AND about = g.id
) n
WHERE (%(officer)s::uuid IS NULL OR g.officer_id = %(officer)s)
  AND (NOT %(open)s OR g.closed_at IS NULL AND g.ends_at > %(at)s)
ORDER BY g.broken_at DESC, g.id DESC LIMIT %(limit)s
"""


def my_open_glass(reach: Reach, *, at: datetime) -> list[GlassLine]:
    """What the officer looks through now. Nobody is asked where the session says that there is none."""
    return _lines(officer=reach.officer_id, at=at, open_only=True, limit=MINE_LISTED) if reach.glass else []


def my_glass(reach: Reach, *, at: datetime) -> list[GlassLine]:
    """What he broke, the newest first."""
    reach.require("BREAK_GLASS")
    return _lines(officer=reach.officer_id, at=at, open_only=False, limit=MINE_LISTED)


def all_glass(reach: Reach, *, at: datetime) -> list[GlassLine]:
    """Every time it was broken, the newest first, for the auditor."""
    reach.require("READ_AUDIT")
    return _lines(officer=None, at=at, open_only=False, limit=ALL_LISTED)


def _lines(*, officer: UUID | None, at: datetime, open_only: bool, limit: int) -> list[GlassLine]:
    with connection.cursor() as cursor:
        cursor.execute(_GLASS, {"officer": officer, "at": at, "open": open_only, "limit": limit})
        lines = [GlassLine(*row) for row in cursor.fetchall()]
    names = paths({line.division for line in lines}, day_of(at)) if lines else {}
    return [replace(line, place=names.get(line.division, line.division)) for line in lines]
