"""What a destruction clears of files: of people, with what ties them to others, of doors, and what was written beside
answers and acts about them or sent to them. By the purge's own role.

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
# What is written beside something has a key like a file's, wrapped on the day on which it came. Table → when that was, and
# whose file it goes with.
_OF_REFERRALS = "t.referral_id IN (SELECT r.id FROM referral r WHERE r.person_id = ANY(%(files)s))"
_OF_ORDERS = "t.order_id IN (SELECT o.id FROM quarantine_order o WHERE o.person_id = ANY(%(files)s))"
_BESIDE = {
    "referral_event": ("received_at", _OF_REFERRALS),
    "order_event": ("received_at", _OF_ORDERS),
    "care_need": ("sealed_at", _OF_ORDERS),
    "follow_up": ("sealed_at", _OF_ORDERS),
    "message": ("written_at", "(t.person_id IS NOT NULL AND t.person_id = ANY(%(files)s))"),
}
_CLOSED = "(f.closed_at AT TIME ZONE 'Asia/Shanghai')::date <= %(day)s"
# Whoever is under observation has his file, whoever closed it.
_OBSERVED = "EXISTS (SELECT FROM quarantine_order o WHERE o.person_id = f.id AND o.ended_at IS NULL)"
_OVER = " UNION ALL ".join(
    f"SELECT f.id FROM {table} f WHERE f.sealed IS NOT NULL AND {_CLOSED} AND NOT {_OBSERVED}"
    for table in _NOTHING
)
_DAYS = " UNION ".join(
    f"SELECT f.opened_on FROM {table} f WHERE f.sealed IS NOT NULL AND NOT {_NAMED}" for table in _NOTHING
)


def _came_on(table: str) -> str:
    return f"(t.{_BESIDE[table][0]} AT TIME ZONE 'Asia/Shanghai')::date"


def _notes(table: str, which: str) -> str:
    about = _BESIDE[table][1] if which == _NAMED else f"{_came_on(table)} <= %(day)s"
    return f"t.sealed IS NOT NULL AND {about}"


# A message is held for a time of its own, whoever it went to.
_HELD_FOR = {"message": f" AND {_came_on('message')} > %(messages)s"}
_DAYS += "".join(
    f" UNION SELECT {_came_on(table)} FROM {table} t WHERE t.sealed IS NOT NULL AND NOT {about}{_HELD_FOR.get(table, '')}"
    for table, (_, about) in _BESIDE.items()
)
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
    statements |= {table: f"SELECT count(*) FROM {table} t WHERE {_notes(table, which)}" for table in _BESIDE}
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
        table: f"UPDATE {table} t SET wrapped_key = NULL, sealed = NULL WHERE {_notes(table, which)}"
        for table in _BESIDE
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
