"""What villages that check in by themselves came to: figures by half-day, and none of fewer than five households."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from lianfang.kernel.reach import Reach
from lianfang.quarantine.rules import Half, HalfDay

# The newest poster of each village; those that are good at the moment before those that are not.
_POSTERS = """
SELECT DISTINCT ON (division) id, division, jurisdiction, opened_at, until, closed_at
FROM village_check_in ORDER BY division, opened_at DESC, id DESC
"""
_COUNTS = """
SELECT division, on_day, half, households, people, unwell, somebody, is_full
FROM lianfang_village_counts(%(villages)s::text[], %(since)s) ORDER BY division, on_day, half DESC
"""


@dataclass(frozen=True, slots=True)
class VillagePoster:
    """The newest poster of a village."""

    id: UUID
    division: str
    jurisdiction: int
    opened_at: datetime
    until: datetime
    closed_at: datetime | None

    def is_good(self, at: datetime) -> bool:
        return self.closed_at is None and self.until > at


class VillageHalfDay(NamedTuple):
    """What households of a village said of a half-day. Figures are None where fewer than five did.

    `somebody`: somebody is unwell, also where there are no figures. `full`: as many phones as the village has.
    """

    households: int | None
    people: int | None
    unwell: int | None
    somebody: bool
    full: bool


VillageCounts = dict[str, dict[HalfDay, VillageHalfDay]]


def village_posters(reach: Reach) -> list[VillagePoster]:
    """Every village within reach that ever opened a check-in, by its code."""
    reach.require("VIEW_QUARANTINE")
    with connection.cursor() as cursor:
        cursor.execute(_POSTERS)
        return [VillagePoster(*row) for row in cursor.fetchall()]


def village_counts(reach: Reach, villages: Iterable[str], *, since: date) -> VillageCounts:
    """Village → half-day → what it came to. A half-day of which nobody said anything is left out."""
    reach.require("VIEW_QUARANTINE")
    counts: VillageCounts = {}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"villages": list(villages), "since": since})
        for division, day, half, *figures in cursor.fetchall():
            counts.setdefault(division, {})[HalfDay(day, Half(half))] = VillageHalfDay(*figures)
    return counts
