"""Whom no reminder reached and who has not reported since: somebody telephones (电话名单).

What is on the list is of the half-day that is running, and is asked, not kept: whoever reports, or is observed no more, is
gone from it. A household's message stands for those of it who are still due, wherever each of them is by now: whose place
is another than the message's stands on the list of his own place.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from lianfang.kernel.divisions import span_of
from lianfang.kernel.reach import Reach
from lianfang.kernel.within import covered, held_written_out
from lianfang.quarantine.due import SELECT_DUE
from lianfang.quarantine.models import QuarantineOrder
from lianfang.quarantine.queries.lists import asked

PURPOSE = "CHECK_IN_DUE"
MOST_LISTED = 500
Key = tuple[int, str, UUID]  # where a list goes on: place, household, order
# Orders for which something of this half-day was written: a link answers for whoever stands on its slip, replaced or not.
SELECT_WRITTEN = f"""
SELECT coalesce(p.order_id, m.subject_id) AS id, m.subject_id, m.channel, m.state, coalesce(m.given_up_at, m.written_at) AS since
FROM message m LEFT JOIN check_in_link k ON k.id = m.subject_id LEFT JOIN LATERAL unnest(k.orders) p(order_id) ON true
WHERE m.purpose = '{PURPOSE}' AND m.on_day = %(today)s AND m.half = %(h_half)s
"""
# What was taken back reached nobody either: whoever is due all the same (put in place since) would be told by nothing else.
# A message is seen where it lies. Of those for whom one was written that lies elsewhere a function answers, by visible orders.
_TO_CALL = f"""
FROM ({SELECT_DUE}) d JOIN (
    SELECT u.id, min(u.household::text) AS household, max(u.since) AS since FROM (
        SELECT w.id, w.subject_id AS household, w.since FROM ({SELECT_WRITTEN}) w
        WHERE w.channel <> 'ROBOT' AND w.state IN ('GIVEN_UP', 'OVERTAKEN')
        UNION ALL
        SELECT e.id, e.household, e.since FROM lianfang_not_reached_elsewhere('{PURPOSE}', %(today)s, %(h_half)s) e
    ) u GROUP BY u.id
) w ON w.id = d.id
WHERE d.jurisdiction BETWEEN %(lo)s AND %(hi)s AND
"""


class ToCall(NamedTuple):
    """Somebody to be telephoned, and since when that is known."""

    order: QuarantineOrder
    since: datetime
    household: str

    @property
    def key(self) -> Key:
        return self.order.jurisdiction, self.household, self.order.id


def to_call(
    reach: Reach,
    at: datetime,
    *,
    division: str | None = None,
    after: Key | None = None,
    most: int = MOST_LISTED,
) -> list[ToCall]:
    """By place, households together; `after`: the key of the last one known. Inside `reach()`."""
    reach.require("VIEW_QUARANTINE")
    place, household, id = after or (-1, "", UUID(int=0))
    rows = _asked(
        f"SELECT d.id, w.since, w.household {_TO_CALL} {covered(reach, 'd.jurisdiction')}"
        " AND (d.jurisdiction, w.household, d.id) > (%(place)s, %(household)s, %(id)s)"
        " ORDER BY d.jurisdiction, w.household, d.id LIMIT %(most)s",
        _values(at, division) | {"most": most, "place": place, "household": household, "id": id},
    )
    return _with_orders(rows)


def to_call_counted(reach: Reach, at: datetime, *, division: str | None = None) -> int:
    """How many people stand on it. Inside `reach()`."""
    reach.require("VIEW_QUARANTINE")
    return _counted(at, division, covered(reach, "d.jurisdiction"))


def to_call_held(reach: Reach, at: datetime) -> int:
    """How many of the officer's own area, for whoever keeps its reminders. Inside `reach()`."""
    reach.require("KEEP_REMINDERS")
    return _counted(at, None, held_written_out(reach, "d.jurisdiction"))


def _counted(at: datetime, division: str | None, here: str) -> int:
    ((people,),) = _asked(f"SELECT count(*) {_TO_CALL} {here}", _values(at, division))
    return int(people)


def _values(at: datetime, division: str | None) -> dict[str, Any]:
    lo, hi = span_of(division)
    return asked(at) | {"lo": lo, "hi": hi}


def _asked(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _with_orders(rows: Sequence[tuple[UUID, datetime, str]]) -> list[ToCall]:
    known = QuarantineOrder.objects.in_bulk([id for id, *_ in rows])
    return [ToCall(known[id], since, household) for id, since, household in rows if id in known]
