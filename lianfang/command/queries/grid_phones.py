"""Phones of grid workers, as the township lists them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from lianfang.command.models import RosterToken
from lianfang.command.rules import MOST_WRONG_PINS
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach
from lianfang.regions.queries import paths

NEWEST_GRID_PHONES = 200


@dataclass(frozen=True, slots=True)
class GridPhoneLine:
    """A grid phone. `state` is one of GRID_PHONE_STATES; `until` when the code or the token ends."""

    id: UUID
    name: str
    place: str
    division: str
    state: str
    until: datetime
    failures: int
    invited_by: str
    invited_at: datetime
    ended_at: datetime | None

    @property
    def is_good(self) -> bool:
        return self.state in ("INVITED", "READING")


def grid_phones(reach: Reach, *, at: datetime) -> list[GridPhoneLine]:
    """Those of the officer's own area, the newest first."""
    reach.require("INVITE_GRID_WORKERS")
    here = Q(pk__in=[])
    for lo, hi in reach.spans:
        here |= Q(lo__gte=lo, hi__lte=hi)
    rows = RosterToken.objects.filter(here).select_related("invited_by").order_by("-invited_at", "-id")
    listed = list(rows[:NEWEST_GRID_PHONES])
    names = paths({row.division for row in listed}, day_of(at)) if listed else {}
    return [
        GridPhoneLine(
            row.id, row.name, names.get(row.division, row.division), row.division, state_of(row, at),
            row.expires_at or row.code_expires_at, row.failures, row.invited_by.name, row.invited_at, row.revoked_at,
        )
        for row in listed
    ]  # fmt: skip


def state_of(row: RosterToken, at: datetime) -> str:
    if row.revoked_at is not None:
        return "LOCKED" if row.failures >= MOST_WRONG_PINS else "REVOKED"
    if row.expires_at is not None:
        return "READING" if row.expires_at > at else "EXPIRED"
    return "INVITED" if row.code_expires_at > at else "NOT_USED"
