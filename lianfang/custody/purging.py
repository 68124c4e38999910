"""Purging: proposed by one officer, signed by another, carried out by the clock, certified by what it did."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from lianfang.custody.models import Purge
from lianfang.kernel.reach import Reach


def propose(
    *,
    by: Reach,
    at: datetime,
    kind: str,
    reason: str,
    up_to: date | None = None,
    records: Sequence[UUID] = (),
) -> Purge:
    """Asks for a destruction. RETENTION and EVERYTHING ask for PROPOSE_PURGES, SUBJECT for ANSWER_SUBJECTS.

    `records`: of a SUBJECT, ids of registrations, and of passages where those are meant as well.
    """
    raise NotImplementedError


def sign(*, by: Reach, at: datetime, id: UUID) -> Purge:
    """The second officer agrees; the clock does the rest."""
    raise NotImplementedError


def refuse(*, by: Reach, at: datetime, id: UUID) -> Purge:
    """It is not done, as long as it has not begun."""
    raise NotImplementedError


def carry_out(*, id: UUID, at: datetime) -> dict[str, Any]:
    """Does what was signed, and answers the certificate. Interrupted and called again it ends the same."""
    raise NotImplementedError
