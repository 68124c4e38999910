"""What the audit log holds, read past row-level security by the owner of the tables."""

import json
from typing import NamedTuple
from uuid import UUID

from django.db import connections


class Noted(NamedTuple):
    act: str
    officer_id: UUID | None
    subject: str
    count: int
    place: str
    result: str
    details: dict


def noted(*acts: str) -> list[Noted]:
    """Every entry in the order of writing; of these acts only, if any are named."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT act, officer_id, subject, count, place, result, details FROM audit_entry ORDER BY number"
        )
        rows = [
            Noted(*row[:-1], json.loads(row[-1]) if isinstance(row[-1], str) else row[-1])
            for row in cursor.fetchall()
        ]
    return [row for row in rows if not acts or row.act in acts]
