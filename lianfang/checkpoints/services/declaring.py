"""What travellers leave for the barrier before they reach it: sealed declarations, and the rosters of coaches.

Nobody signs in for this, and nothing here is opened: what is sealed passes through to a phone of the checkpoint.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from lianfang.checkpoints.models import Declaration
from lianfang.kernel.ids import uuid7
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.kernel.tokens import new_code

LASTS = {
    Declaration.Kind.DECLARATION: timedelta(hours=24),
    Declaration.Kind.CARD: timedelta(days=7),  # a commuter's
}
ROSTER_LASTS = timedelta(hours=24)
ROSTER_CODE_LENGTH = 6
MOST_DECLARATIONS = 5_000  # kept for one checkpoint at a time: a busy day at a motorway exit, and room
MOST_ROSTERS = 500
_TRIES = (
    16  # random codes of which one must be free; at 5,000 of a million taken, practically always the first
)


@dataclass(frozen=True, slots=True)
class Given:
    """A declaration as it arrives. `roster` is the coach's code; `replaces` the id of the one its maker corrected."""

    id: UUID
    checkpoint: str
    kind: str
    people: int
    sealed: bytes
    roster: str = ""
    seat: str = ""
    replaces: UUID | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """The code it is found by, and when it is erased."""

    code: str
    expires_at: datetime


_KEEP = """
INSERT INTO declaration (id, checkpoint_id, kind, short_code, roster_id, seat, people, sealed, made_at, expires_at)
SELECT %(id)s, %(checkpoint)s, %(kind)s, code, %(roster)s, %(seat)s, %(people)s, %(sealed)s, %(at)s, %(until)s
FROM unnest(%(codes)s::text[]) code
WHERE NOT EXISTS (SELECT 1 FROM declaration d WHERE d.checkpoint_id = %(checkpoint)s AND d.short_code = code)
LIMIT 1
ON CONFLICT DO NOTHING
RETURNING short_code, expires_at
"""
_AS_KEPT = (
    "SELECT short_code, expires_at FROM declaration WHERE id = %(id)s AND checkpoint_id = %(checkpoint)s"
)
_REPLACED = "DELETE FROM declaration WHERE id = %(replaces)s AND checkpoint_id = %(checkpoint)s"
_KEPT_HERE = "SELECT count(*) FROM declaration WHERE checkpoint_id = %(checkpoint)s"


@transaction.atomic
def declare(*, given: Given, at: datetime) -> Kept:
    """Keeps a sealed declaration under six digits that are free at its checkpoint. The same id again changes nothing.

    Whoever knows the id of a declaration made it, so its maker may replace it. Raises CHECKPOINT_UNKNOWN,
    ROSTER_UNKNOWN, ROSTER_FULL, CHECKPOINT_FULL.
    """
    values: dict[str, Any] = {
        "id": given.id,
        "checkpoint": given.checkpoint,
        "kind": given.kind,
        "seat": given.seat,
        "people": given.people,
        "sealed": given.sealed,
        "replaces": given.replaces,
        "at": at,
        "until": at + LASTS[Declaration.Kind(given.kind)],
        "codes": [f"{secrets.randbelow(1_000_000):06d}" for _ in range(_TRIES)],
    }
    with connection.cursor() as cursor:
        cursor.execute(_AS_KEPT, values)
        if (again := cursor.fetchone()) is not None:
            return Kept(*again)
        cursor.execute(_REPLACED, values)
        values["roster"] = _roster_with_room(given, at) if given.roster else None
        cursor.execute(_KEPT_HERE, values)
        _room_for_one_more(cursor.fetchone(), MOST_DECLARATIONS)
        cursor.execute(_KEEP, values)
        found = cursor.fetchone()
    if found is None:  # of two at the same moment one took the id or the code; the next try finds either
        raise Refusal("BUSY", "请再试一次。", "Please try once more.", status=503)
    return Kept(*found)


_ROSTER = """
SELECT r.id, r.expected, coalesce((SELECT sum(d.people) FROM declaration d WHERE d.roster_id = r.id), 0)
FROM roster r WHERE r.code = %s AND r.checkpoint_id = %s AND r.expires_at > %s
"""


def _roster_with_room(given: Given, at: datetime) -> UUID:
    """Twice as many as expected may declare: seats are mistyped and mended. More is no coach."""
    with connection.cursor() as cursor:
        cursor.execute(_ROSTER, [given.roster, given.checkpoint, at])
        found = cursor.fetchone()
    if found is None:
        raise NotFound(
            "ROSTER_UNKNOWN",
            "没有这个乘客名单，或已过期。请向司机要新的二维码。",
            "There is no such roster, or it has expired: ask the driver for a new code.",
        )
    roster, expected, declared = found
    if declared + given.people > 2 * expected:
        zh = "这辆车的名单已满，请出示自己的二维码。"
        raise Refusal("ROSTER_FULL", zh, "This coach's roster is full: show your own code.", status=409)
    return UUID(str(roster))


_KEEP_ROSTER = """
INSERT INTO roster (id, code, checkpoint_id, expected, sealed, made_at, expires_at)
SELECT %(id)s, code, %(checkpoint)s, %(expected)s, %(sealed)s, %(at)s, %(until)s
FROM unnest(%(codes)s::text[]) code WHERE NOT EXISTS (SELECT 1 FROM roster r WHERE r.code = code.code)
LIMIT 1
ON CONFLICT DO NOTHING
RETURNING code, expires_at
"""
_ROSTERS_HERE = "SELECT count(*) FROM roster WHERE checkpoint_id = %(checkpoint)s"


@transaction.atomic
def open_roster(*, checkpoint: str, expected: int, sealed: bytes | None, at: datetime) -> Kept:
    """A list that a coach's passengers join by its code, until tomorrow. Raises CHECKPOINT_FULL."""
    values: dict[str, Any] = {
        "id": uuid7(at=at),
        "checkpoint": checkpoint,
        "expected": expected,
        "sealed": sealed,
        "at": at,
        "until": at + ROSTER_LASTS,
        "codes": [new_code(ROSTER_CODE_LENGTH) for _ in range(_TRIES)],
    }
    with connection.cursor() as cursor:
        cursor.execute(_ROSTERS_HERE, values)
        _room_for_one_more(cursor.fetchone(), MOST_ROSTERS)
        cursor.execute(_KEEP_ROSTER, values)
        found = cursor.fetchone()
    if found is None:
        raise Refusal("BUSY", "请再试一次。", "Please try once more.", status=503)
    return Kept(*found)


def _room_for_one_more(counted: tuple[int] | None, most: int) -> None:
    if counted is not None and counted[0] >= most:
        raise Refusal(
            "CHECKPOINT_FULL",
            "此卡口的申报暂时存满了。二维码照常可用，请直接出示。",
            "This checkpoint holds as many declarations as it can. The QR code works: show it.",
            status=503,
        )


@transaction.atomic
def erase_expired(*, at: datetime) -> None:
    """Whatever has expired goes, passed or not. A roster stays until the last that joined it is gone."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM declaration WHERE expires_at <= %s", [at])
        cursor.execute(
            "DELETE FROM roster r WHERE expires_at <= %s"
            " AND NOT EXISTS (SELECT 1 FROM declaration d WHERE d.roster_id = r.id)",
            [at],
        )
