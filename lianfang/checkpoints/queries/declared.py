"""What may be asked about declarations: where one can declare, how full a coach is, and, by a device, what was sealed.

Nobody is signed in here. Counts and seats name nobody; sealed bytes go to a device of the checkpoint alone, which the
database itself makes sure of (migrations/sql/phone.sql).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import connection

from lianfang.checkpoints.models import Checkpoint
from lianfang.kernel.tokens import hashed


def declaring_checkpoint(code: str) -> Checkpoint | None:
    """The checkpoint of a poster; None when there is none of that code, or no longer."""
    return Checkpoint.objects.filter(code=code, closed_at=None).first()


@dataclass(frozen=True, slots=True)
class RosterCount:
    """How a coach fills: declarations, the people in them, and their seats in order."""

    expected: int
    declared: int
    people: int
    seats: list[str]


_COUNTS = """
SELECT r.expected, count(d.id), coalesce(sum(d.people), 0),
       coalesce(array_agg(d.seat ORDER BY length(d.seat), d.seat) FILTER (WHERE d.seat <> ''), '{}')
FROM roster r LEFT JOIN declaration d ON d.roster_id = r.id AND d.expires_at > %(at)s
WHERE r.code = %(code)s AND r.expires_at > %(at)s GROUP BY r.id
"""


def roster_count(code: str, *, at: datetime) -> RosterCount | None:
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"code": code, "at": at})
        found = cursor.fetchone()
    return RosterCount(*found) if found else None


@dataclass(frozen=True, slots=True)
class SealedDeclaration:
    """As its maker sealed it: the binary of phone/src/declaration/codec.ts."""

    id: UUID
    kind: Literal["DECLARATION", "CARD"]
    people: int
    sealed: bytes
    expires_at: datetime


def declaration_for(token: str, short_code: str, *, at: datetime) -> SealedDeclaration | None:
    """The declaration with this short code at the checkpoint of the device that bears the token."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM lianfang_declaration(%s, %s, %s)", [hashed(token), short_code, at])
        found = cursor.fetchone()
    return SealedDeclaration(*found) if found else None


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One passenger's declaration, or a family's."""

    id: UUID
    seat: str
    people: int
    sealed: bytes


@dataclass(frozen=True, slots=True)
class RosterSheet:
    """A coach's passengers by seat; `sealed` is what the driver said."""

    expected: int
    sealed: bytes | None
    declarations: list[RosterLine]


_SHEET = """
SELECT id, seat, people, sealed FROM lianfang_roster_sheet(%s, %s, %s) ORDER BY seat NULLS FIRST, id
"""


def roster_sheet(token: str, code: str, *, at: datetime) -> RosterSheet | None:
    """The roster that stops at the checkpoint of the device that bears the token."""
    with connection.cursor() as cursor:
        cursor.execute(_SHEET, [hashed(token), code, at])
        rows = cursor.fetchall()
    if not rows:
        return None
    (_, _, expected, sealed), *lines = rows
    ordered = sorted((RosterLine(*line) for line in lines), key=lambda line: (len(line.seat), line.seat))
    return RosterSheet(expected, sealed, ordered)
