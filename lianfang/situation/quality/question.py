"""What a question about the quality of records is made of, and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

LONGEST = 7


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days up to and with `last`; `count` of them, at most LONGEST."""

    last: date
    count: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "count", max(1, min(self.count, LONGEST)))

    @property
    def first(self) -> date:
        return self.last - timedelta(days=self.count - 1)


@dataclass(frozen=True, slots=True)
class Finding:
    """One group of records worth a second look. `key` says which one, and stays the same while it grows.

    `about` is an officer's own number or a device's name (staff's words, or empty), `checkpoint` where it lies. What
    `count`, `of`, `seconds`, `at` and `further` say differs: see the question's statement. None: does not apply.
    """

    key: str
    checkpoint: str
    about: str
    count: int
    of: int | None
    seconds: int | None
    at: datetime | None
    further: int | None


@dataclass(frozen=True, slots=True)
class Question:
    """`found` selects the columns of Finding, `behind` the ids of one key's passages; `order` puts the worst first.

    Both read `passing` and `people` (RECORDS), and limit what else they read by `{p}`, `{r}`, `{c}`, `{x}` and `{k}`:
    passages, registrations, corrections, conflicts and checkpoints within reach. `key` reads a key into parameters, and
    answers None for what is no key.
    """

    found: str
    behind: str
    order: str
    key: Callable[[str], dict[str, Any] | None]


def id_of(key: str, name: str = "id") -> dict[str, Any] | None:
    try:
        return {name: UUID(key)}
    except ValueError:
        return None


DAYS = "captured_on BETWEEN %(first)s AND %(last)s"
# The records of the days within reach, read once for however many questions, without what is sealed.
RECORDS = f"""
WITH passing AS MATERIALIZED (
    SELECT p.id, p.checkpoint, p.device_id, coalesce(p.officer, '') AS officer, p.direction, p.plate_index, p.occurred_at,
           p.received_at, p.source NOT IN ('PAPER', 'IMPORT') AS live, p.receipt LIKE %(incomplete)s AS incomplete,
           p.receipt LIKE %(clock)s AS clock, p.receipt LIKE %(unknown)s OR p.receipt LIKE %(other)s AS elsewhere
    FROM passage p WHERE p.{DAYS} AND {{p}}
), people AS MATERIALIZED (
    SELECT r.id, r.passage_id, r.checkpoint, r.device_id, r.occurred_at, r.document_index, r.phone_index,
           r.receipt LIKE %(document)s AS odd, r.receipt LIKE %(incomplete)s AS incomplete
    FROM registration r WHERE r.{DAYS} AND {{r}}
)"""
# How an officer's own number stands in a key, and so in addresses: it is typed freely and might be a name.
OFFICER = "left(encode(sha256(convert_to(p.officer, 'UTF8')), 'hex'), 16)"


def officer_of(key: str) -> dict[str, Any] | None:
    """GATE.9f86d081884c7d65: a checkpoint, and an officer there."""
    checkpoint, dot, officer = key.rpartition(".")
    return {"checkpoint": checkpoint, "officer": officer} if dot else None
