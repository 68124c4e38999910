"""Objections that wait for an answer: one for each order, since an answer answers all that was asked about it."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from lianfang.kernel.reach import Reach
from lianfang.kernel.within import held_written_out
from lianfang.quarantine.queries.objected import WAITS
from lianfang.quarantine.services.writing import WrittenBeside, opened

ANSWERED_WITHIN = timedelta(hours=24)

_OPEN = f"""
SELECT a.order_id, o.number, o.person_id, min(a.occurred_at), count(*) FROM order_event a
JOIN quarantine_order o ON o.id = a.order_id WHERE {WAITS} AND {{held}}
GROUP BY a.order_id, o.number, o.person_id ORDER BY 4, 1 LIMIT %(limit)s
"""
_COUNT = f"""
SELECT count(DISTINCT a.order_id), count(DISTINCT a.order_id) FILTER (WHERE a.occurred_at < %(late)s)
FROM order_event a JOIN quarantine_order o ON o.id = a.order_id WHERE {WAITS} AND {{held}}
"""
_OBJECTIONS = f"""
SELECT a.id, a.occurred_at, a.received_at, a.wrapped_key, a.sealed FROM order_event a WHERE a.order_id = %s AND {WAITS}
ORDER BY a.occurred_at, a.id
"""


class CorrectionWaiting(NamedTuple):
    """An order about which somebody objects: since when, how often he said so, and by when he is answered."""

    order: UUID
    number: int
    person: UUID
    asked_at: datetime
    times: int

    @property
    def due_at(self) -> datetime:
        return self.asked_at + ANSWERED_WITHIN


class Objection(NamedTuple):
    """What somebody said against his order, and when."""

    at: datetime
    note: str


class CorrectionsCounted(NamedTuple):
    open: int
    late: int


def open_corrections(reach: Reach, *, at: datetime, limit: int = 200) -> list[CorrectionWaiting]:
    """Those that this officer's area answers, the longest waiting first. Inside `reach()`."""
    reach.require("VIEW_QUARANTINE")
    with connection.cursor() as cursor:
        cursor.execute(_OPEN.format(held=_held(reach)), {"limit": limit})
        return [CorrectionWaiting(*row) for row in cursor.fetchall()]


def count_corrections(reach: Reach, *, at: datetime) -> CorrectionsCounted:
    """How many wait for this officer's area, and how many for longer than a day. Inside `reach()`."""
    reach.require("VIEW_QUARANTINE")
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(held=_held(reach)), {"late": at - ANSWERED_WITHIN})
        return CorrectionsCounted(*cursor.fetchone())


def objections(order: UUID) -> list[Objection]:
    """What waits for an answer, in his words, the oldest first. Inside `reach()`."""
    with connection.cursor() as cursor:
        cursor.execute(_OBJECTIONS, [order])
        rows = cursor.fetchall()
    told = [
        (asked_at, opened(WrittenBeside, id=id, at=received_at, wrapped=wrapped, blob=blob))
        for id, asked_at, received_at, wrapped, blob in rows
    ]
    return [Objection(asked_at, written.note if written else "") for asked_at, written in told]


def _held(reach: Reach) -> str:
    return held_written_out(reach, "o.jurisdiction")
