"""The months of the big tables: made ahead of time, never in the way of rows that came too early."""

import logging
from datetime import datetime

from django.db import connection

log = logging.getLogger(__name__)


def add_partitions(*, back: int, ahead: int, of: datetime) -> dict[str, str]:
    """Makes the missing months round that of `of`; answers partition → MADE, or HELD where DEFAULT has rows of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT partition, state FROM lianfang_add_partitions(%s, %s, %s)", [back, ahead, of])
        states = dict(cursor.fetchall())
    for partition in (name for name, state in states.items() if state == "HELD"):
        log.warning("partition %s is not made: DEFAULT holds rows of its month", partition)
    return states
