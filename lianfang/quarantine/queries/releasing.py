"""Who may be released now, and who must be looked at first though his last day is over."""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import span_of
from lianfang.kernel.reach import Reach
from lianfang.kernel.within import held_written_out
from lianfang.quarantine.queries.hindering import HINDRANCE
from lianfang.quarantine.rules import order_number

_DUE = f"""
SELECT o.id, o.number, o.person_id, o.kind, o.division, o.ordered_at, o.last_on, {HINDRANCE} FROM quarantine_order o
WHERE o.ended_at IS NULL AND o.last_on < %(today)s AND o.jurisdiction BETWEEN %(lo)s AND %(hi)s AND {{held}}
ORDER BY o.last_on, o.division, o.id LIMIT %(limit)s
"""
_COUNT = """
SELECT count(*) FROM quarantine_order o WHERE o.ended_at IS NULL AND o.last_on < %(today)s AND {held}
"""


class DueForRelease(NamedTuple):
    """An order whose last day is over. `hindrance`: why he does not go with everybody else; None: he does."""

    order: UUID
    number: int
    person: UUID
    kind: str
    division: str
    ordered_at: datetime
    last_on: date
    hindrance: str | None

    @property
    def shown_number(self) -> str:
        return order_number(self.number, self.ordered_at)


def due_for_release(
    reach: Reach, *, at: datetime, division: str | None = None, limit: int = 500
) -> list[DueForRelease]:
    """In the officer's own area, those who wait longest first. Inside `reach()`."""
    reach.require("VIEW_QUARANTINE")
    lo, hi = span_of(division)
    values: dict[str, Any] = {"today": day_of(at), "lo": lo, "hi": hi, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_DUE.format(held=held_written_out(reach, "o.jurisdiction")), values)
        return [DueForRelease(*row) for row in cursor.fetchall()]


def count_due_for_release(reach: Reach, *, at: datetime) -> int:
    """Inside `reach()`."""
    reach.require("VIEW_QUARANTINE")
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(held=held_written_out(reach, "o.jurisdiction")), {"today": day_of(at)})
        return int(cursor.fetchone()[0])
