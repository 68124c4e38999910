"""Releasing everybody whose last day is over, at once: who is well and in place goes, whoever must be looked at stays."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from lianfang.kernel.audit import Act, note
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import as_integer, is_code, span
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Refusal
from lianfang.kernel.within import held_written_out
from lianfang.quarantine.queries.hindering import HINDRANCE
from lianfang.quarantine.services.ending import close_what_is_left
from lianfang.quarantine.states import Done, ReleaseHindrance

_DUE = f"""
SELECT o.id, {HINDRANCE} FROM quarantine_order o
WHERE o.ended_at IS NULL AND o.last_on < %(today)s AND o.jurisdiction BETWEEN %(lo)s AND %(hi)s AND {{held}}
ORDER BY o.id FOR UPDATE OF o
"""
_RELEASE = """
UPDATE quarantine_order SET state = 'RELEASED', ended_at = %(at)s WHERE id = ANY(%(orders)s)
"""
_TELL = """
INSERT INTO order_event (id, order_id, kind, state, details, occurred_at, received_at, officer_id, jurisdiction)
SELECT n.event, o.id, 'RELEASED', o.state, jsonb_build_object('last_on', o.last_on::text), %(at)s, %(at)s, %(by)s, o.jurisdiction
FROM unnest(%(events)s::uuid[], %(orders)s::uuid[]) n(event, order_id) JOIN quarantine_order o ON o.id = n.order_id
"""


class LeftOut(NamedTuple):
    order: UUID
    why: ReleaseHindrance


@dataclass(frozen=True, slots=True)
class AllReleased:
    """Who may go, and who was left out and why."""

    released: tuple[UUID, ...]
    left_out: tuple[LeftOut, ...]


def release_all(*, by: Reach, at: datetime, division: str) -> AllReleased:
    """Everybody in the division, within the officer's own area, whose last day is over. Again, nobody is left to release."""
    by.require("KEEP_QUARANTINE")
    if not is_code(division):
        raise Refusal("DIVISION_UNKNOWN", "请选择所在的村（社区）或网格。", "Choose the village or grid.")
    by.require_cover(division)
    with reach(by) as seen:
        due = _due(seen, division, day_of(at))
        free = [id for id, why in due if why is None]
        left_out = tuple(LeftOut(id, ReleaseHindrance(why)) for id, why in due if why is not None)
        if free:
            _release(seen, free, at)
            figures = {"division": division, "left_out": len(left_out)}
            note(
                Act.QUARANTINE_RELEASED, by=seen, subject="QUARANTINE_ORDER", count=len(free),
                jurisdiction=as_integer(division), details=figures,
            )  # fmt: skip
    return AllReleased(tuple(free), left_out)


def _due(seen: Reach, division: str, today: date) -> list[tuple[UUID, str | None]]:
    lo, hi = span(division)
    statement = _DUE.format(held=held_written_out(seen, "o.jurisdiction"))
    with connection.cursor() as cursor:
        cursor.execute(statement, {"today": today, "lo": lo, "hi": hi})
        return list(cursor.fetchall())


def _release(seen: Reach, orders: list[UUID], at: datetime) -> None:
    values: dict[str, Any] = {
        "orders": orders,
        "events": [uuid7(at=at) for _ in orders],
        "at": at,
        "by": seen.officer_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_RELEASE, values)
        cursor.execute(_TELL, values)
    close_what_is_left(seen, orders, Done.RELEASED, at=at)
