"""What a destruction clears of files: of people, with what ties them to others, of doors, and what was written beside
answers about them or sent to them. By the purge's own role.

A file is forgotten by clearing its wrapped key with its blob; a day's key goes when no file opened on it is left.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connections

from lianfang.custody.clearing import PURGE, some

_NOTHING = {
    "person": "wrapped_key = NULL, sealed = NULL, document_index = NULL, phone_index = NULL",
    "household": "wrapped_key = NULL, sealed = NULL",
}
# A file that is left in a merge with another's is left whole; its reason is about both.
_TIES = {
    "person_phone": "DELETE FROM person_phone t WHERE t.person_id IN ({of})",
    "stay_in_household": "DELETE FROM stay_in_household t WHERE t.person_id IN ({of})",
    "kinship": "DELETE FROM kinship t WHERE t.person_id IN ({of}) OR t.other_id IN ({of})",
    "person_merge": "UPDATE person_merge t SET reason = NULL WHERE t.reason IS NOT NULL"
    " AND (t.kept_id IN ({of}) OR t.merged_id IN ({of}))",
    "not_the_same": "UPDATE not_the_same t SET reason = NULL WHERE t.reason IS NOT NULL"
    " AND (t.one_id IN ({of}) OR t.other_id IN ({of}))",
    "household_join": "UPDATE household_join t SET reason = NULL WHERE t.reason IS NOT NULL"
    " AND (t.kept_id IN ({doors}) OR t.joined_id IN ({doors}))",
}
_NAMED, _UNTIL = "f.id = ANY(%(files)s)", "f.opened_on <= %(day)s"
# What is written beside an answer has a key like a file's, wrapped on the day on which it came.
_CAME_ON = "(t.received_at AT TIME ZONE 'Asia/Shanghai')::date"
_ABOUT = "t.referral_id IN (SELECT r.id FROM referral r WHERE r.person_id = ANY(%(files)s))"
_WRITTEN_ON = "(t.written_at AT TIME ZONE 'Asia/Shanghai')::date"
_TO = "t.person_id = ANY(%(files)s)"
_WRITTEN = {
    "referral_event": {
        _NAMED: f"t.sealed IS NOT NULL AND {_ABOUT}",
        _UNTIL: f"t.sealed IS NOT NULL AND {_CAME_ON} <= %(day)s",
    },
    "message": {
        _NAMED: f"t.sealed IS NOT NULL AND {_TO}",
        _UNTIL: f"t.sealed IS NOT NULL AND {_WRITTEN_ON} <= %(day)s",
    },
}
_CLOSED = "(f.closed_at AT TIME ZONE 'Asia/Shanghai')::date <= %(day)s"
_OVER = " UNION ALL ".join(
    f"SELECT f.id FROM {table} f WHERE f.sealed IS NOT NULL AND {_CLOSED}" for table in _NOTHING
)
_DAYS = " UNION ".join(
    f"SELECT f.opened_on FROM {table} f WHERE f.sealed IS NOT NULL AND NOT {_NAMED}" for table in _NOTHING
)
_DAYS += f" UNION SELECT {_CAME_ON} FROM referral_event t WHERE t.sealed IS NOT NULL AND NOT {_ABOUT}"
_DAYS += (
    f" UNION SELECT {_WRITTEN_ON} FROM message t WHERE t.sealed IS NOT NULL AND {_WRITTEN_ON} > %(messages)s"
)
_DAYS += f" AND ({_TO}) IS NOT TRUE"
_MONTHS = "SELECT DISTINCT date_trunc('month', f.opened_on)::date FROM person f WHERE f.sealed IS NOT NULL"


def files_over(closed_until: date) -> tuple[UUID, ...]:
    """Files that were closed on that day or before and can still be read."""
    with connections[PURGE].cursor() as cursor:
        cursor.execute(_OVER, {"day": closed_until})
        return tuple(sorted(id for (id,) in cursor.fetchall()))


def days_needed(without: Sequence[UUID], *, messages_until: date) -> set[date]:
    """The days whose key still wraps that of a file, a note or a message, when these files are gone with what was written about
    them, and the messages that were written until that day.
    """
    with connections[PURGE].cursor() as cursor:
        cursor.execute(_DAYS, {"files": list(without), "messages": messages_until})
        return {day for (day,) in cursor.fetchall()}


def months_needed() -> set[date]:
    """The months (by their first days) under whose index key somebody with a file must be found."""
    with connections[PURGE].cursor() as cursor:
        cursor.execute(_MONTHS)
        return {month for (month,) in cursor.fetchall()}


def count_files(files: Sequence[UUID] = (), *, opened_until: date | None = None) -> dict[str, int]:
    """What `clear_files` would clear; what ties files is not counted."""
    which, values = _which(files, opened_until)
    statements = {
        table: f"SELECT count(*) FROM {table} f WHERE f.sealed IS NOT NULL AND {which}" for table in _NOTHING
    }
    statements |= {
        table: f"SELECT count(*) FROM {table} t WHERE {rows[which]}" for table, rows in _WRITTEN.items()
    }
    counts = {}
    with connections[PURGE].cursor() as cursor:
        for table, statement in statements.items():
            cursor.execute(statement, values)
            counts[table] = cursor.fetchone()[0]
    return some(counts)


def clear_files(files: Sequence[UUID] = (), *, opened_until: date | None = None) -> dict[str, int]:
    """Clears the named files, or all that were opened until a day, inside the caller's transaction. The rows by table."""
    which, values = _which(files, opened_until)
    of, doors = (f"SELECT f.id FROM {table} f WHERE {which}" for table in ("person", "household"))
    for statement in _TIES.values():
        _run(statement.format(of=of, doors=doors), values)
    statements = {
        table: f"UPDATE {table} f SET {nothing} WHERE f.sealed IS NOT NULL AND {which}"
        for table, nothing in _NOTHING.items()
    }
    statements |= {
        table: f"UPDATE {table} t SET wrapped_key = NULL, sealed = NULL WHERE {rows[which]}"
        for table, rows in _WRITTEN.items()
    }
    return some({table: _run(statement, values) for table, statement in statements.items()})


def _which(files: Sequence[UUID], opened_until: date | None) -> tuple[str, dict[str, Any]]:
    if opened_until is not None:
        return _UNTIL, {"day": opened_until}
    return _NAMED, {"files": list(files)}


def _run(statement: str, values: Mapping[str, Any]) -> int:
    with connections[PURGE].cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
