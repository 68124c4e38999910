"""What lies in a database, in figures: to be written into a backup's manifest, and compared after a restore.

Asked on the owner's connection, which sees every row.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.backends.utils import CursorWrapper
from psycopg import sql

from lianfang.kernel.key_folder import KeyFolder

# In the first byte of a blob that was sealed again under its day's kept key (kernel/sealing.py).
_KEPT = 0x80
_TABLES = """
SELECT relname FROM pg_class
WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = current_schema()::regnamespace ORDER BY relname
"""
_ROWS = sql.SQL("SELECT {} AS name, count(*) AS rows FROM {}")
_SPAN = "SELECT min(received_at), max(received_at) FROM passage"
_BYTES = """
SELECT coalesce(sum(pg_table_size(oid)), 0)::bigint FROM pg_class
WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
"""
_SEALED = """
SELECT captured_on, get_byte(sealed, 0) & %(kept)s > 0 AS kept, count(*) FROM (
    SELECT captured_on, sealed FROM passage UNION ALL SELECT captured_on, sealed FROM registration
    UNION ALL SELECT captured_on, sealed FROM correction UNION ALL SELECT captured_on, sealed FROM conflict_item
) r WHERE length(sealed) > 0 GROUP BY 1, 2 ORDER BY 1, 2
"""
# Files have a key each, which their day's key wraps; so has what was written beside an answer, by the day it
# came, and an SMS, by the day it was written.
_KEYED = """
SELECT opened_on, id, wrapped_key FROM person UNION ALL SELECT opened_on, id, wrapped_key FROM household
UNION ALL SELECT (received_at AT TIME ZONE 'Asia/Shanghai')::date, id, wrapped_key FROM referral_event
UNION ALL SELECT (written_at AT TIME ZONE 'Asia/Shanghai')::date, id, wrapped_key FROM message
"""
_WRAPPED = f"SELECT opened_on, count(*) FROM ({_KEYED}) f WHERE wrapped_key IS NOT NULL GROUP BY 1 ORDER BY 1"
_ONE_FILE_A_DAY = f"""
SELECT DISTINCT ON (opened_on) opened_on, id, wrapped_key FROM ({_KEYED}) f
WHERE wrapped_key IS NOT NULL ORDER BY opened_on, id DESC
"""
_ONE_A_DAY = """
SELECT DISTINCT ON (captured_on) captured_on, id, sealed FROM (
    SELECT captured_on, id, sealed FROM passage UNION ALL SELECT captured_on, id, sealed FROM registration
) r WHERE length(sealed) > 0 ORDER BY captured_on, id DESC
"""


@dataclass(frozen=True, slots=True)
class Sealed:
    """Rows of a day that are sealed under the same key file."""

    day: date
    key: str
    rows: int


@dataclass(frozen=True, slots=True)
class Sample:
    """One sealed record of a day, or the wrapped key of one file."""

    day: date
    key: str
    id: bytes
    blob: bytes


def rows_by_table(cursor: CursorWrapper) -> dict[str, int]:
    """Every table of ours; partitions are counted with the table they belong to."""
    cursor.execute(_TABLES)
    names = [name for (name,) in cursor.fetchall()]
    each = [_ROWS.format(sql.Literal(name), sql.Identifier(name)) for name in names]
    cursor.execute(sql.SQL(" UNION ALL ").join(each))
    return dict(sorted(cursor.fetchall()))


def span(cursor: CursorWrapper) -> tuple[datetime | None, datetime | None]:
    """When the oldest and the newest passage were received."""
    cursor.execute(_SPAN)
    oldest, newest = cursor.fetchone()
    return oldest, newest


def bytes_of_tables(cursor: CursorWrapper) -> int:
    """Without their indexes, which a dump leaves out."""
    cursor.execute(_BYTES)
    return int(cursor.fetchone()[0])


def sealed_rows(cursor: CursorWrapper) -> list[Sealed]:
    cursor.execute(_SEALED, {"kept": _KEPT})
    found = [Sealed(day, _key_file(day, kept), rows) for day, kept, rows in cursor.fetchall()]
    cursor.execute(_WRAPPED)
    return found + [Sealed(day, f"files-{day}.key", rows) for day, rows in cursor.fetchall()]


def days_without_key(cursor: CursorWrapper, keys: KeyFolder) -> dict[str, int]:
    """Sealed rows by day whose key file is not there or opens with no master; none in good order."""
    missing: dict[str, int] = {}
    for group in sealed_rows(cursor):
        if keys.key_in(group.key) is None:
            missing[group.day.isoformat()] = missing.get(group.day.isoformat(), 0) + group.rows
    return missing


def samples(cursor: CursorWrapper) -> list[Sample]:
    """The newest record of each day, and of files the newest's key."""
    cursor.execute(_ONE_A_DAY)
    found = [
        Sample(day, _key_file(day, bool(bytes(blob)[0] & _KEPT)), id.bytes, bytes(blob))
        for day, id, blob in cursor.fetchall()
    ]
    cursor.execute(_ONE_FILE_A_DAY)
    return found + [
        Sample(day, f"files-{day}.key", id.bytes, bytes(key)) for day, id, key in cursor.fetchall()
    ]


def _key_file(day: date, kept: bool) -> str:
    return f"{'kept' if kept else 'day'}-{day.isoformat()}.key"
