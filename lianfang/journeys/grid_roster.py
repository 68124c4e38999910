"""A grid worker opens the list of his own grid: the PIN is asked, what is read is written down."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from lianfang.checkpoints.queries.arrivals import GridArrival, arrivals_in_grid
from lianfang.command.services import open_grid_phone
from lianfang.kernel.audit import Act, note


class GridRoster(NamedTuple):
    """Who is on the way into a division and has a measure that goes on."""

    division: str
    as_of: datetime
    expires_at: datetime
    arrivals: list[GridArrival]


def read_grid_roster(*, token: str, pin: str, at: datetime) -> GridRoster:
    """Refused like `open_grid_phone`."""
    phone = open_grid_phone(token=token, pin=pin, at=at)
    with transaction.atomic():
        found = arrivals_in_grid(token, at=at)
        note(Act.ROSTER_READ, by=None, subject=f"ROSTER {phone.id}", count=len(found), jurisdiction=phone.lo)
    return GridRoster(phone.division, at, phone.expires_at or at, found)
