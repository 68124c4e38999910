"""The intake's statements: set-based, one round trip for whatever was gathered.

The intake's role may insert, and read back only what a retry's answer needs; it never sees a blob.
"""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import asyncpg

from lianfang.checkpoints.intake.corrections import CorrectionRow
from lianfang.checkpoints.intake.rows import PassageRow, RegistrationRow
from lianfang.kernel.audit.acts import Act

_TYPES = {
    "id": "uuid",
    "record_id": "uuid",
    "passage_id": "uuid",
    "device_id": "uuid",
    "officer_id": "uuid",
    "of": "uuid",
    "digest": "bytea",
    "sealed": "bytea",
    "plate_index": "bytea",
    "document_index": "bytea",
    "phone_index": "bytea",
    "received_at": "timestamptz",
    "occurred_at": "timestamptz",
    "captured_on": "date",
    "captured_hour": "int2",
    "jurisdiction": "int8",
    "roster_expected": "int2",
    "place_in_party": "int2",
    "age": "int2",
    "celsius_tenths": "int2",
    "case_contact": "bool",
    "resident": "bool",
    "shown_otherwise": "bool",
}
_CASTS = {
    "stays": "jsonb",
    "facts": "jsonb",
    "answer_codes": "jsonb",
    "symptoms": "text[]",
    "rule_rows": "text[]",
    "measures": "text[]",
}


class ConflictRow(NamedTuple):
    """One row of `conflict_item`: a record with a known id and other content, kept sealed for the desk."""

    id: UUID
    record_id: UUID
    kind: str
    digest: bytes
    received_at: object
    captured_on: object
    checkpoint: str
    jurisdiction: int
    device_id: UUID | None
    sealed: bytes


def insert(table: str, fields: Sequence[str], *, start: int = 1, returning: str = " RETURNING id") -> str:
    """INSERT … SELECT FROM unnest of one array a column; known ids are passed over."""
    arrays = ", ".join(f"${i}::{_TYPES.get(field, 'text')}[]" for i, field in enumerate(fields, start))
    values = ", ".join(f"u.{field}::{_CASTS[field]}" if field in _CASTS else f"u.{field}" for field in fields)
    columns = ", ".join(fields)
    return (
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM unnest({arrays}) AS u({columns}) "
        f"ON CONFLICT DO NOTHING{returning}"
    )


_WHOSE = " RETURNING id, device_id"
# One entry of the audit log a device for all that is new of it, in the statement that writes it; nothing for a retry.
_NOTED = (
    "INSERT INTO audit_entry (act, device_id, count, details) "
    f"SELECT '{Act.RECORDS_RECEIVED}', device_id, sum(n), jsonb_object_agg(kind, n) FROM ({{new}}) new (device_id, kind, n) "
    "GROUP BY device_id"
)
_NEW = "SELECT device_id, '{kind}', count(*)::int FROM {rows} GROUP BY device_id"
_NEW_VISITS = " UNION ALL ".join(
    (_NEW.format(kind="PASSAGE", rows="p"), _NEW.format(kind="REGISTRATION", rows="r"))
)
# Passages first: everything is written in the same order everywhere, so that two servers never wait in a circle.
_BOTH = (
    f"WITH p AS ({insert('passage', PassageRow._fields, returning=_WHOSE)}), "
    f"r AS ({insert('registration', RegistrationRow._fields, start=len(PassageRow._fields) + 1, returning=_WHOSE)}), "
    f"noted AS ({_NOTED.format(new=_NEW_VISITS)}) "
    "SELECT true, id FROM p UNION ALL SELECT false, id FROM r"
)
_CORRECTIONS = (
    f"WITH c AS ({insert('correction', CorrectionRow._fields, returning=_WHOSE)}), "
    f"noted AS ({_NOTED.format(new=_NEW.format(kind='CORRECTION', rows='c'))}) SELECT id FROM c"
)
_CONFLICTS = insert("conflict_item", ConflictRow._fields, returning="")
_STORED = {
    "PASSAGE": "SELECT id, digest, receipt, received_at, captured_on, '' AS rule_set FROM passage WHERE id = ANY($1)",
    "REGISTRATION": "SELECT id, digest, receipt, received_at, captured_on, rule_set FROM registration WHERE id = ANY($1)",
    "CORRECTION": "SELECT id, digest, receipt, received_at, captured_on, '' AS rule_set FROM correction WHERE id = ANY($1)",
}


def _columns(rows: Sequence[tuple], width: int) -> list:
    return list(zip(*rows, strict=True)) if rows else [()] * width


async def insert_visits(
    connection: asyncpg.Connection, passages: Sequence[PassageRow], registrations: Sequence[RegistrationRow]
) -> tuple[set[UUID], set[UUID]]:
    """Stores passages and registrations in one transaction; answers the ids of each that are new."""
    arguments = _columns(passages, len(PassageRow._fields)) + _columns(
        registrations, len(RegistrationRow._fields)
    )
    new: tuple[set[UUID], set[UUID]] = (set(), set())
    for is_passage, record_id in await connection.fetch(_BOTH, *arguments):
        new[0 if is_passage else 1].add(record_id)
    return new


async def insert_corrections(connection: asyncpg.Connection, rows: Sequence[CorrectionRow]) -> set[UUID]:
    return {
        record[0]
        for record in await connection.fetch(_CORRECTIONS, *_columns(rows, len(CorrectionRow._fields)))
    }


async def insert_conflicts(connection: asyncpg.Connection, rows: Sequence[ConflictRow]) -> None:
    await connection.execute(_CONFLICTS, *_columns(rows, len(ConflictRow._fields)))


async def stored(
    connection: asyncpg.Connection, kind: str, ids: Sequence[UUID]
) -> dict[UUID, asyncpg.Record]:
    """id, digest, receipt, received_at, captured_on, rule_set of the records that exist."""
    return {record["id"]: record for record in await connection.fetch(_STORED[kind], ids)}
