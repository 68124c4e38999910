"""What a destruction clears of the outbox: the number and the text of an SMS. That somebody was reminded, and when, stays.

By age, like a file that was closed on the day it was written; sooner with the file of its person (clearing_files.py). By the
purge's own role.
"""

from datetime import date

from django.db import connections

from lianfang.custody.clearing import PURGE, some

_OLD = "t.sealed IS NOT NULL AND (t.written_at AT TIME ZONE 'Asia/Shanghai')::date <= %(day)s"
_COUNT = f"SELECT count(*) FROM message t WHERE {_OLD}"
_CLEAR = f"UPDATE message t SET wrapped_key = NULL, sealed = NULL WHERE {_OLD}"


def count_messages(written_until: date) -> dict[str, int]:
    """What `clear_messages` would clear."""
    with connections[PURGE].cursor() as cursor:
        cursor.execute(_COUNT, {"day": written_until})
        return some({"message": cursor.fetchone()[0]})


def clear_messages(written_until: date) -> dict[str, int]:
    """Clears all that were written until that day, inside the caller's transaction. The rows by table."""
    with connections[PURGE].cursor() as cursor:
        cursor.execute(_CLEAR, {"day": written_until})
        return some({"message": int(cursor.rowcount)})
