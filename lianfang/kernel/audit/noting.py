"""Noting an act: one row in the transaction that acts, so that neither stands without the other."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections

from lianfang.kernel.audit.acts import Act
from lianfang.kernel.reach import Reach

# The address a request comes from; empty for acts by the clock and at the server's command line.
_place: ContextVar[str] = ContextVar("place", default="")

_INSERT = """
INSERT INTO audit_entry (act, officer_id, device_id, subject, count, jurisdiction, purpose, place, result, details)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
DONE = "DONE"
REFUSED = "REFUSED"


@contextmanager
def from_place(place: str) -> Iterator[None]:
    """What is noted inside was done from this address."""
    token = _place.set(place)
    try:
        yield
    finally:
        _place.reset(token)


def place_noted() -> str:
    """The address that acts are noted from here, to be taken along where an act ends after its request did."""
    return _place.get()


def note(
    act: Act,
    *,
    by: Reach | None,
    device: UUID | None = None,
    subject: str = "",
    count: int = 1,
    jurisdiction: int | None = None,
    purpose: str = "",
    result: str = DONE,
    details: Mapping[str, Any] | None = None,
    using: str = DEFAULT_DB_ALIAS,
) -> None:
    """Writes down an act in the transaction at hand.

    `by` None: nobody in session (a failed sign-in, the server's command line). `device`: the phone that acts or is meant.
    `subject`: KIND and id, as in "PASSAGE 0192…", or a code. `count`: how many records it was about. `details`: codes and
    figures; never a name, a number or a search's words, nor anything else said about a traveller; of rules why somebody refused or ended
    them. `using`: the connection
    that acts.
    """
    words = json.dumps(dict(details or {}), ensure_ascii=False)
    values = [
        str(act), by.officer_id if by else None, device, subject, count, jurisdiction, purpose, _place.get(), result, words,
    ]  # fmt: skip
    with connections[using].cursor() as cursor:
        cursor.execute(_INSERT, values)
