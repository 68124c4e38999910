"""Sealing again what outlives its day: persons with a measure that goes on, their passages, corrections over them.

Two days after its capture such a record is sealed under a second key of its day, so that the day's key can go on time for
everybody else. Only blobs change, one statement a slice, each only if it is still the one that was read: a record that
was cleared or sealed again meanwhile stays as it is, and whatever stops halfway goes on from there.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from lianfang.custody.alone import alone
from lianfang.custody.clearing import PURGE, RECORDS, Table, forget
from lianfang.kernel.days import day_of
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.sealing import KEPT, DayKey, Unreadable

SETTLED = timedelta(days=2)  # what a phone had to send, it mostly has sent
SLICE = 500

# A blob under the day's key: its first byte does not say that it was sealed again.
_UNDER_ITS_DAY = f"get_byte(t.sealed, 0) < {KEPT}"
_NEXT = """
SELECT t.id, t.sealed FROM {name} t
WHERE t.captured_on = %(day)s AND t.sealed IS NOT NULL AND {goes_on} AND {under_its_day}
  AND (%(after)s::uuid IS NULL OR t.id > %(after)s::uuid)
ORDER BY t.id LIMIT %(slice)s
"""
_RESEAL = """
UPDATE {name} t SET sealed = n.fresh
FROM unnest(%(ids)s::uuid[], %(olds)s::bytea[], %(news)s::bytea[]) n(id, old, fresh) WHERE t.id = n.id AND t.sealed = n.old
"""
# Of a conflict the blob is bound to the id that both records have.
_LEFT = """
SELECT t.id, {bound} AS bound, t.captured_on, t.sealed FROM {name} t
WHERE t.captured_on = ANY(%(days)s::date[]) AND t.sealed IS NOT NULL AND {under_its_day}
"""
_CLEAR = "UPDATE {name} t SET {nothing} WHERE t.id = ANY(%(ids)s)"


def reseal_settled(*, at: datetime) -> int:
    """What the schedule does: all days of two days ago and earlier. Answers how many blobs were sealed again."""
    settled = day_of(at) - SETTLED
    days = [day for day in key_folder().days() if day <= settled]
    if not days:
        return 0
    with alone():
        return sum(reseal(day) for day in days)


def reseal(day: date) -> int:
    """Seals again what of the day must outlive its key. Inside `alone()`."""
    return sum(_reseal_table(table, day) for table in RECORDS[:3])


def _reseal_table(table: Table, day: date) -> int:
    sealed_again = 0
    for rows in _slices(table, day):
        key, kept = key_folder().existing_day(day), key_folder().kept
        if key is None:
            break
        fresh = [(id, old, kept(day).seal(plain, id.bytes)) for id, old, plain in _opened(rows, key)]
        if fresh:
            ids, olds, news = (list(column) for column in zip(*fresh, strict=True))
            sealed_again += _run(_RESEAL.format(name=table.name), {"ids": ids, "olds": olds, "news": news})
    return sealed_again


def _slices(table: Table, day: date) -> Iterator[list[tuple[UUID, bytes]]]:
    statement = _NEXT.format(name=table.name, goes_on=table.going_on, under_its_day=_UNDER_ITS_DAY)
    after: UUID | None = None
    while True:
        with connections[PURGE].cursor() as cursor:
            cursor.execute(statement, {"day": day, "after": after, "slice": SLICE})
            rows = [(id, bytes(sealed)) for id, sealed in cursor.fetchall()]
        if rows:
            after = rows[-1][0]
            yield rows
        if len(rows) < SLICE:
            return


def _opened(rows: Sequence[tuple[UUID, bytes]], key: DayKey) -> Iterator[tuple[UUID, bytes, bytes]]:
    """What opens; a blob that does not was changed, or is one of a key that went, and is left to be seen."""
    for id, sealed in rows:
        try:
            yield id, sealed, key.unseal(sealed, id.bytes)
        except Unreadable:
            continue


def sweep(days: Sequence[date]) -> dict[str, int]:
    """Clears what no key opens any more of days that were purged: records on their way in while the key went, and those
    of an old backup. Inside `alone()`; answers the rows by table.
    """
    with transaction.atomic(using=PURGE):
        swept = {table.name: _sweep_table(table, days) for table in RECORDS} if days else {}
    return {table: rows for table, rows in swept.items() if rows}


def _sweep_table(table: Table, days: Sequence[date]) -> int:
    bound = "t.record_id" if table.name == "conflict_item" else "t.id"
    with connections[PURGE].cursor() as cursor:
        cursor.execute(
            _LEFT.format(name=table.name, bound=bound, under_its_day=_UNDER_ITS_DAY), {"days": list(days)}
        )
        dead = [id for id, to, day, sealed in cursor.fetchall() if not _opens(bytes(sealed), to, day)]
    nothing = ", ".join(f"{column} = NULL" for column in table.columns)
    if table.name == "registration" and dead:
        forget(dead)
    return _run(_CLEAR.format(name=table.name, nothing=nothing), {"ids": dead}) if dead else 0


def _opens(sealed: bytes, bound_to: UUID, day: date) -> bool:
    key = key_folder().existing_day(day)
    try:
        return key is not None and bool(key.unseal(sealed, bound_to.bytes))
    except Unreadable:
        return False


def _run(statement: str, values: Mapping[str, Any]) -> int:
    with connections[PURGE].cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
