"""Whether an objection waits for an answer: one condition over an event `a`, for lists and for the act that answers."""

from uuid import UUID

from django.db import connection

# Answered is what had come when the answer was written: of what a phone sends later nobody knew.
WAITS = """
a.kind = 'CORRECTION_ASKED' AND NOT EXISTS (
    SELECT FROM order_event b WHERE b.order_id = a.order_id AND b.kind = 'CORRECTION_ANSWERED' AND b.received_at >= a.received_at)
"""
_ASKED = f"SELECT EXISTS (SELECT FROM order_event a WHERE a.order_id = %s AND {WAITS})"


def is_asked(order: UUID) -> bool:
    """Whether an objection waits for an answer. Inside `reach()`."""
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, [order])
        return bool(cursor.fetchone()[0])
