"""What no destruction takes since somebody is under observation: his file, and the records that put him there.

A measure's time runs from the end of the order that came of it, so that of a day's records with a measure nothing goes while
one of its people is observed, or was released only lately. All of it is asked by the purge's own role.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connections

from lianfang.custody.clearing import PURGE
from lianfang.custody.retention import MEASURE, in_force
from lianfang.kernel.refusals import Refusal

# Which records called for an order: those of whoever is meant, and what a reason names (of a file that was merged, say).
_CAME_OF = """
SELECT {what} FROM quarantine_order o JOIN referral r ON r.person_id = o.person_id WHERE {of}
UNION SELECT {what} FROM quarantine_order o JOIN quarantine_reason q ON q.order_id = o.id JOIN referral r ON r.id = q.reference
WHERE {of}
"""
_DAYS = _CAME_OF.format(what="r.captured_on", of="(o.ended_at IS NULL OR o.ended_at > %(since)s)")
_HELD = _CAME_OF.format(
    what="r.registration_id", of="o.ended_at IS NULL AND r.registration_id = ANY(%(records)s)"
) + (
    "UNION SELECT o.person_id FROM quarantine_order o WHERE o.ended_at IS NULL AND o.person_id = ANY(%(records)s)"
)
_STANDING = "SELECT count(*) FROM quarantine_order o WHERE o.ended_at IS NULL"


def days_held(*, at: datetime) -> set[date]:
    """Days of arrivals of whom somebody is observed, or was until less than a measure's time ago."""
    since = at - timedelta(days=in_force()[MEASURE].days or 0)
    with connections[PURGE].cursor() as cursor:
        cursor.execute(_DAYS, {"since": since})
        return {day for (day,) in cursor.fetchall()}


def held(records: Sequence[UUID]) -> set[UUID]:
    """Those of the named registrations and files that are somebody's who is observed now."""
    with connections[PURGE].cursor() as cursor:
        cursor.execute(_HELD, {"records": list(records)})
        return {id for (id,) in cursor.fetchall()}


def require_nobody_observed() -> None:
    """The end of the emergency comes after the last release."""
    with connections[PURGE].cursor() as cursor:
        cursor.execute(_STANDING)
        (standing,) = cursor.fetchone()
    if standing:
        raise Refusal(
            "ORDERS_STAND",
            f"还有 {standing} 人在隔离观察，全部解除以后才能全部销毁。",
            f"{standing} people are under observation: everything is destroyed only after the last of them is released.",
            status=409,
        )
