"""What of hand-over stands open within an area: asked when duty changes hands, so that nobody is left out of a note."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import Count

from lianfang.kernel.divisions import canonical
from lianfang.kernel.reach import Reach
from lianfang.kernel.within import held, held_written_out
from lianfang.referrals.models import WaitingFact
from lianfang.referrals.queries import level_of_desk

_CLOCK = {"TOWNSHIP": "due_at", "COUNTY": "county_due_at", "CITY": "city_due_at"}
_DIGITS = {"TOWNSHIP": 12, "COUNTY": 9, "CITY": 6}  # of the places one level down
# Sent since when nobody has rung whoever answers for the place.
_CALLED = "EXISTS (SELECT FROM referral_event e WHERE e.referral_id = f.id AND e.kind = 'CALLED' AND e.received_at >= f.sent_at)"
_URGENT = """
SELECT lpad((jurisdiction / %(scale)s)::text, %(digits)s, '0') AS code, count(*) FILTER (WHERE NOT called),
       count(*) FILTER (WHERE called)
FROM (SELECT f.jurisdiction, {called} AS called FROM referral f WHERE f.state = 'SENT' AND f.urgent AND {here}) waiting
GROUP BY 1 ORDER BY 1
"""
# Of the others; beyond the city nobody has a desk here, so whoever sent them there answers for them.
_LATE = """
SELECT count(*) FILTER (WHERE NOT outside AND NOT urgent), count(*) FILTER (WHERE outside) FROM referral
WHERE state IN ('SENT', 'OUTSIDE') AND {clock} <= %(at)s AND ((NOT outside AND {here}) OR (outside AND ({origin} OR {placed})))
"""


class UrgentAt(NamedTuple):
    """A place one level down, and how many there must not wait and are not taken over."""

    code: str
    not_called: int
    called: int


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """`late` and `outside` by the clock of this area's own desk; `waiting` by the room that is waited for."""

    urgent: tuple[UrgentAt, ...]
    late: int
    outside: int
    waiting: tuple[tuple[str, int], ...]


def left_open(reach: Reach, *, at: datetime) -> LeftOpen:
    """Within the officer's own postings."""
    reach.require("VIEW_REFERRALS")
    widest = max(reach.spans, key=lambda span: span[1] - span[0], default=(0, 0))
    level = level_of_desk(*widest)
    late, outside = _late(reach, level, at)
    rooms = WaitingFact.objects.filter(held(reach), closed_at=None).values_list("room")
    return LeftOpen(_urgent(reach, level), late, outside, tuple(rooms.annotate(Count("id")).order_by("room")))


def _urgent(reach: Reach, level: str) -> tuple[UrgentAt, ...]:
    digits = _DIGITS[level]
    statement = _URGENT.format(called=_CALLED, here=held_written_out(reach, "f.jurisdiction"))
    with connection.cursor() as cursor:
        cursor.execute(statement, {"digits": digits, "scale": 10 ** (18 - digits)})
        return tuple(UrgentAt(canonical(code), *people) for code, *people in cursor.fetchall())


def _late(reach: Reach, level: str, at: datetime) -> tuple[int, int]:
    statement = _LATE.format(
        clock=_CLOCK[level], here=held_written_out(reach), origin=held_written_out(reach, "origin"),
        placed=held_written_out(reach, "placed_from"),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement, {"at": at})
        late, outside = cursor.fetchone()
        return late, outside
