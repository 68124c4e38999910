"""What a destruction clears: one condition a table, by which a dry run counts and a purge clears the same rows.

The plain columns that docs/data.md names remain, with the writing transaction's number: the board's figures do not change.
All of it is asked and done by the purge's own role.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connections

PURGE = "purge"  # the connection of the purge's role


class DayStep(NamedTuple):
    """What goes in one transaction: the day's rows without a measure that goes on, or with `whole` all of them."""

    day: date
    whole: bool


@dataclass(frozen=True, slots=True)
class Table:
    """`holds`: rows with something to clear. `ends_on`: the day that takes a row along. `goes_on`: whether only a whole
    day does; `going_on` is the same where the few are looked for. `named`: rows of the records with the ids
    %(records)s. `t` is the table itself, `id` its key.
    """

    name: str
    columns: tuple[str, ...]
    holds: str
    ends_on: str
    goes_on: str
    named: str
    id: str = "id"
    looked_for: str = ""

    @property
    def going_on(self) -> str:
        return self.looked_for or self.goes_on


# As in the indexes registration_going_on and rescreened_going_on, word for word: the planner compares texts.
_MEASURE = "measures && '{FEVER_CLINIC,QUARANTINE}'::text[]"
_LATER = f"SELECT d.registration_id FROM rescreened d WHERE d.{_MEASURE}"


def _is_measured(person: str) -> str:
    """Whether a measure was decided at the gate, or by a re-screening later."""
    return f"({person}.{_MEASURE} OR EXISTS ({_LATER} AND d.registration_id = {person}.id))"


_OF_DAYS = "t.sealed IS NOT NULL AND t.captured_on = ANY(%(days)s::date[])"


def _person_goes_on(column: str, id: str) -> str:
    return f"EXISTS (SELECT 1 FROM registration r WHERE r.{column} = {id} AND r.sealed IS NOT NULL AND {_is_measured('r')})"


def _goes_on(id: str) -> str:
    """Whether `id` is a person with a measure that goes on, or the passage of one."""
    return f"({_person_goes_on('id', id)} OR {_person_goes_on('passage_id', id)})"


def _captured(id: str, *tables: str) -> str:
    """The days on which the records with that id were captured, after a comma each."""
    return "".join(f", (SELECT o.captured_on FROM {table} o WHERE o.id = {id})" for table in tables)


RECORDS = (
    Table(
        "registration",
        ("sealed", "digest", "document_index", "phone_index"),
        holds=_OF_DAYS,
        ends_on="t.captured_on",
        goes_on=_is_measured("t"),
        named="t.id = ANY(%(records)s)",
        looked_for=f"(t.{_MEASURE} OR t.id = ANY(ARRAY({_LATER})))",  # both sides by their indexes
    ),
    Table(
        "passage",
        ("sealed", "digest", "plate_index"),
        holds=_OF_DAYS,
        ends_on="t.captured_on",
        goes_on=_person_goes_on("passage_id", "t.id"),
        named="t.id = ANY(%(records)s)",
    ),
    # A correction goes with the record it corrects: it names the same person.
    Table(
        "correction",
        ("sealed", "digest", "plate_index", "document_index", "phone_index"),
        holds="t.sealed IS NOT NULL",
        ends_on=f"least(t.captured_on{_captured('t.of', 'registration', 'passage')})",
        goes_on=_goes_on("t.of"),
        named="t.of = ANY(%(records)s)",
    ),
    Table(
        "conflict_item",
        ("sealed", "digest"),
        holds="t.sealed IS NOT NULL",
        ends_on=f"least(t.captured_on{_captured('t.record_id', 'registration', 'passage', 'correction')})",
        goes_on="false",
        named="(t.record_id = ANY(%(records)s) OR t.record_id IN (SELECT c.id FROM correction c WHERE c.of = ANY(%(records)s)))",
    ),
)
PAPER = Table(
    "paper_line",
    ("plate_index",),
    holds="t.plate_index IS NOT NULL",
    ends_on="(t.occurred_at AT TIME ZONE 'Asia/Shanghai')::date",
    goes_on="false",
    named="t.passage_id = ANY(%(records)s)",
)
# Why somebody was turned back goes with what was recorded about them; that it was decided, by whom and when, remains.
TURN_BACKS = Table(
    "turn_back",
    ("reason",),
    holds="t.reason IS NOT NULL",
    ends_on=f"least((t.decided_at AT TIME ZONE 'Asia/Shanghai')::date{_captured('t.registration_id', 'registration')})",
    goes_on=_person_goes_on("id", "t.registration_id"),
    named="t.registration_id = ANY(%(records)s)",
    id="registration_id",
)
# What was written beside an answer goes with the record or the file of whoever it is about, whichever goes first.
NOTES = Table(
    "referral_event",
    ("wrapped_key", "sealed"),
    holds="t.sealed IS NOT NULL",
    ends_on="(SELECT f.captured_on FROM referral f WHERE f.id = t.referral_id)",
    goes_on=_person_goes_on("id", "(SELECT f.registration_id FROM referral f WHERE f.id = t.referral_id)"),
    named="t.referral_id IN (SELECT f.id FROM referral f WHERE f.registration_id = ANY(%(records)s)"
    " OR f.person_id = ANY(%(records)s))",
)
# Persons first: whether a passage goes on, or a note, is asked of the persons that are left.
TABLES = (*RECORDS, PAPER, TURN_BACKS, NOTES)

_COUNT = """
WITH step AS (SELECT * FROM unnest(%(days)s::date[], %(wholes)s::boolean[]) WITH ORDINALITY s(day, whole, number)),
    held AS (SELECT t.{id} AS id, {ends_on} AS ends_on, {goes_on} AS goes_on FROM {name} t WHERE {holds})
SELECT number, count(*) FROM (
    SELECT min(s.number) AS number FROM held h JOIN step s ON h.ends_on <= s.day AND (s.whole OR NOT h.goes_on) GROUP BY h.id
) taken GROUP BY number
"""
_CLEAR = """
UPDATE {name} t SET {nothing} WHERE {holds} AND EXISTS (
    SELECT 1 FROM unnest(%(days)s::date[], %(wholes)s::boolean[]) s(day, whole)
    WHERE {ends_on} <= s.day AND (s.whole OR NOT {goes_on})
)
"""
# What stays open under its kept key has no use for a digest under the day's: a late retry is answered as a duplicate.
_BLUNT = (
    "UPDATE {name} t SET digest = NULL WHERE t.captured_on = ANY(%(days)s::date[]) AND t.digest IS NOT NULL"
)
# Facts for re-screening are kept of nobody who was cleared: they are copies, and no certificate counts them.
_FORGET = """
DELETE FROM screening_fact f USING registration r
WHERE r.id = f.registration_id AND r.captured_on = ANY(%(days)s::date[]) AND r.sealed IS NULL
"""
_FORGET_NAMED = "DELETE FROM screening_fact f WHERE f.registration_id = ANY(%(records)s)"
_COUNT_NAMED = "SELECT count(*) FROM {name} t WHERE {any} AND {named}"
_CLEAR_NAMED = "UPDATE {name} t SET {nothing} WHERE {any} AND {named}"


def count(steps: Sequence[DayStep]) -> list[dict[str, int]]:
    """For each step what it would clear, by table, if they were done in this order."""
    counts: list[dict[str, int]] = [{} for _ in steps]
    with connections[PURGE].cursor() as cursor:
        for table in TABLES:
            cursor.execute(_worded(_COUNT, table), _of(steps))
            for number, rows in cursor.fetchall():
                counts[number - 1][table.name] = rows
    return counts


def clear(steps: Sequence[DayStep]) -> dict[str, int]:
    """Clears what the steps take, inside the caller's transaction; answers the rows by table, none named without any."""
    cleared = {table.name: _run(_worded(_CLEAR, table), _of(steps)) for table in TABLES}
    for table in RECORDS[:3]:
        _run(_BLUNT.format(name=table.name), _of(steps))
    _run(_FORGET, _of(steps))
    return some(cleared)


def count_named(records: Sequence[UUID]) -> dict[str, int]:
    """What clearing these records would clear."""
    counts = {}
    with connections[PURGE].cursor() as cursor:
        for table in TABLES:
            cursor.execute(_worded(_COUNT_NAMED, table), {"records": list(records)})
            counts[table.name] = cursor.fetchone()[0]
    return some(counts)


def clear_named(records: Sequence[UUID]) -> dict[str, int]:
    """Clears these records, with what corrects them and what conflicts with them."""
    named = {"records": list(records)}
    forget(records)
    return some({table.name: _run(_worded(_CLEAR_NAMED, table), named) for table in TABLES})


def forget(people: Sequence[UUID]) -> None:
    """Their facts for re-screening go."""
    _run(_FORGET_NAMED, {"records": list(people)})


def some(counts: Mapping[str, int]) -> dict[str, int]:
    return {table: rows for table, rows in counts.items() if rows}


_OUTSIDE = {
    "declaration": "declaration t WHERE t.made_at <= %(at)s",
    "roster": "roster t WHERE t.made_at <= %(at)s",
    "device": "device t WHERE t.revoked_at IS NULL AND t.enrolled_at <= %(at)s",
}
_END = {
    "declaration": f"DELETE FROM {_OUTSIDE['declaration']}",
    "roster": f"DELETE FROM {_OUTSIDE['roster']}",
    "device": "UPDATE device t SET revoked_at = %(at)s, revoked_by = %(by)s WHERE t.revoked_at IS NULL AND t.enrolled_at <= %(at)s",
}


def count_outside(at: datetime) -> dict[str, int]:
    """What the end of the emergency takes besides the records: declarations, rosters, the devices' tokens."""
    counts = {}
    with connections[PURGE].cursor() as cursor:
        for name, rows in _OUTSIDE.items():
            cursor.execute(f"SELECT count(*) FROM {rows}", {"at": at})
            counts[name] = cursor.fetchone()[0]
    return some(counts)


def clear_outside(at: datetime, *, by: UUID) -> dict[str, int]:
    """Takes it, inside the caller's transaction."""
    return some({name: _run(statement, {"at": at, "by": by}) for name, statement in _END.items()})


_GOING_ON = f"""
SELECT DISTINCT date_trunc('month', captured_on)::date FROM (
    SELECT t.captured_on FROM registration t
    WHERE t.captured_on > %(measure)s AND t.captured_on <= %(passing)s AND t.sealed IS NOT NULL AND t.{_MEASURE}
    UNION ALL
    SELECT t.captured_on FROM registration t
    WHERE t.captured_on > %(measure)s AND t.captured_on <= %(passing)s AND t.sealed IS NOT NULL AND t.id IN ({_LATER})
    UNION ALL
    SELECT t.captured_on FROM correction t WHERE t.captured_on <= %(passing)s AND t.sealed IS NOT NULL AND {_goes_on("t.of")}
) kept
"""


# The others of a re-screening's measures go on no longer than the longest quarantine, and as one begin with the arrival.
_SENT_LATER = f"""
SELECT DISTINCT d.captured_on FROM rescreened d WHERE d.{_MEASURE} AND 'FEVER_CLINIC' = ANY(d.measures) AND d.at > %(since)s
"""


def days_going_on(*, since: datetime) -> set[date]:
    """The days of arrivals whom a re-screening has sent to the fever clinic since then."""
    with connections[PURGE].cursor() as cursor:
        cursor.execute(_SENT_LATER, {"since": since})
        return {day for (day,) in cursor.fetchall()}


def months_going_on(*, passing: date, measure: date) -> set[date]:
    """The months (by their first days) in which a record with a measure that goes on must still be found by its indexes."""
    with connections[PURGE].cursor() as cursor:
        cursor.execute(_GOING_ON, {"passing": passing, "measure": measure})
        return {month for (month,) in cursor.fetchall()}


def _worded(statement: str, table: Table) -> str:
    nothing = ", ".join(f"{column} = NULL" for column in table.columns)
    any_of_it = " OR ".join(f"t.{column} IS NOT NULL" for column in table.columns)
    return statement.format(
        name=table.name, id=table.id, holds=table.holds, ends_on=table.ends_on, goes_on=table.goes_on, named=table.named,
        nothing=nothing, any=f"({any_of_it})",
    )  # fmt: skip


def _of(steps: Sequence[DayStep]) -> dict[str, Any]:
    return {"days": [step.day for step in steps], "wholes": [step.whole for step in steps]}


def _run(statement: str, values: Mapping[str, Any]) -> int:
    with connections[PURGE].cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
