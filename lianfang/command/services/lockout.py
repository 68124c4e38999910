"""Failures in a row at a name and from an address: who fails too often is not heard for a while, longer each time.

They are counted in the database, since several processes serve one site. An attempt is counted before anything is
compared and taken back when it was right, so that many made at the same moment do not slip through together.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from lianfang.command.models import SignInFailures
from lianfang.kernel.audit import REFUSED, Act, note
from lianfang.kernel.refusals import Refusal
from lianfang.kernel.tokens import hashed

FIRST_LOCK, LONGEST_LOCK = timedelta(minutes=1), timedelta(hours=1)


class Tolerance(NamedTuple):
    """How many failures in a row lock, and after how long a quiet they are forgotten."""

    kind: str
    failures: int
    quiet: timedelta


A_NAME = Tolerance("NAME", 5, timedelta(days=1))
# Behind one address may sit a whole office, whose slips of a day are no attack.
A_PLACE = Tolerance("PLACE", 20, timedelta(minutes=30))

# No row comes back where nobody is heard yet.
_COUNT = """
INSERT INTO sign_in_failures AS f (whose, failures, last_at) VALUES (%(whose)s, 1, %(at)s)
ON CONFLICT (whose) DO UPDATE SET (failures, locked_until, last_at) = (
    SELECT n, CASE WHEN n >= %(tolerated)s
                   THEN %(at)s + least(%(longest)s, %(first)s * power(2, least(n - %(tolerated)s, 20))) END, %(at)s
    FROM (SELECT CASE WHEN coalesce(f.locked_until, f.last_at) < %(at)s - %(quiet)s THEN 1 ELSE f.failures + 1 END) c (n))
WHERE f.locked_until IS NULL OR f.locked_until <= %(at)s
RETURNING failures
"""
_TAKE_BACK = """
UPDATE sign_in_failures SET failures = greatest(failures - 1, 0), locked_until = NULL WHERE whose = ANY(%s)
"""


class LockedOut(Refusal):
    """`seconds`: for how long nothing is compared here."""

    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(
            "LOCKED_OUT",
            f"试错次数太多，请 {seconds} 秒后再试。",
            f"Too many failed attempts. Please try again in {seconds} seconds.",
        )
        self.seconds = seconds


class WrongGuess(Refusal):
    """What was given is not the secret that was asked for. Raised inside `attempt`, it is counted."""

    status = 403


@contextmanager
def attempt(
    *, place: str, at: datetime, step: str, name: str | None = None, officer: UUID | None = None
) -> Iterator[None]:
    """What is compared inside is counted as a failure unless it goes well. Stands in no transaction of its caller.

    `step` and `officer` are for the audit log: what was asked for, and of whom if the name is somebody's.
    """
    whose = {_hash(A_PLACE, place): A_PLACE}
    if name is not None:
        whose = {_hash(A_NAME, name): A_NAME} | whose
    locks = _count(whose, at)
    try:
        yield
    except WrongGuess:
        _note(step, officer, locks)
        raise
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_BACK, [list(whose)])


def forget_failures_of(name: str) -> None:
    """Whoever signed in all the way, or begins anew, has failed at nothing."""
    SignInFailures.objects.filter(pk=_hash(A_NAME, name)).delete()


def forget_old_failures(*, at: datetime) -> None:
    """By the clock: what is forgotten anyway need not lie here."""
    old = at - max(A_NAME.quiet, A_PLACE.quiet)
    SignInFailures.objects.filter(Q(locked_until=None) | Q(locked_until__lt=old), last_at__lt=old).delete()


def _hash(tolerance: Tolerance, of: str) -> bytes:
    return hashed(f"{tolerance.kind}:{of.strip()}")


@transaction.atomic
def _count(whose: dict[bytes, Tolerance], at: datetime) -> list[str]:
    """Which of them are locked by this failure, should it be one. Raises LockedOut, and then counts nothing."""
    return [
        tolerance.kind
        for key, tolerance in whose.items()
        if _count_at(key, tolerance, at) >= tolerance.failures
    ]


def _count_at(key: bytes, tolerance: Tolerance, at: datetime) -> int:
    values: dict[str, Any] = {
        "whose": key,
        "at": at,
        "tolerated": tolerance.failures,
        "quiet": tolerance.quiet,
        "first": FIRST_LOCK,
        "longest": LONGEST_LOCK,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        row = cursor.fetchone()
    if row is None:
        until = SignInFailures.objects.filter(pk=key).values_list("locked_until", flat=True).first()
        raise LockedOut(max(1, math.ceil(((until or at) - at).total_seconds())))
    return int(row[0])


@transaction.atomic
def _note(step: str, officer: UUID | None, locks: list[str]) -> None:
    subject = f"OFFICER {officer}" if officer else ""
    note(Act.SIGN_IN_FAILED, by=None, subject=subject, result=REFUSED, details={"step": step})
    if locks:
        note(Act.LOCKED_OUT, by=None, subject=subject, details={"locked": locks})
