"""Who keeps the fold waiting: the oldest transaction still writing, in any database of the server."""

from dataclasses import dataclass

from django.db import connection

_HOLDING = "SELECT program, role, database FROM lianfang_holding_back()"


@dataclass(frozen=True, slots=True)
class Holder:
    """The session of the oldest open writer, as the server knows it: never what it writes."""

    program: str
    role: str
    database: str


def holding_back() -> Holder | None:
    """None when nobody but the asker is writing."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDING)
        found = cursor.fetchone()
    return Holder(*(text or "" for text in found)) if found else None
