"""Noting what a page shows of people: one entry a page, never one a person. Inside `with reach(…)`, with the reading."""

from typing import Any
from uuid import UUID

from lianfang.kernel.audit import Act, note
from lianfang.kernel.reach import Reach


def list_read(seen: Reach, page: str, *, count: int, **details: Any) -> None:
    """A page of lines was read; `details` are codes and days, never what somebody typed."""
    note(
        Act.LIST_READ,
        by=seen,
        count=count,
        jurisdiction=area_of(seen),
        details={"page": page, **through_glass(seen), **details},
    )


def file_read(seen: Reach, passage: UUID, *, purpose: str = "", **details: Any) -> None:
    """A passage with its people was read."""
    note(
        Act.FILE_READ,
        by=seen,
        subject=f"PASSAGE {passage}",
        purpose=purpose,
        details={**through_glass(seen), **details},
    )


def person_read(seen: Reach, person: UUID) -> None:
    """Somebody's file was opened."""
    note(Act.FILE_READ, by=seen, subject=f"PERSON {person}", details=through_glass(seen))


def household_read(seen: Reach, household: UUID, *, count: int) -> None:
    """A household was opened, with the names of so many people."""
    note(Act.FILE_READ, by=seen, subject=f"HOUSEHOLD {household}", count=count, details=through_glass(seen))


def referral_read(seen: Reach, referral: UUID) -> None:
    """Somebody who is handed over was looked at."""
    note(Act.FILE_READ, by=seen, subject=f"REFERRAL {referral}", details=through_glass(seen))


def order_read(seen: Reach, order: UUID) -> None:
    """Somebody under observation was looked at."""
    note(Act.FILE_READ, by=seen, subject=f"QUARANTINE_ORDER {order}", details=through_glass(seen))


def area_of(seen: Reach) -> int | None:
    """The division an officer is posted over, if it is one."""
    return seen.spans[0][0] if len(seen.spans) == 1 else None


def through_glass(seen: Reach) -> dict[str, bool]:
    """Says so while more than the officer's own area can be read."""
    return {"glass": True} if seen.glass else {}
