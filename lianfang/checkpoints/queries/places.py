"""Checkpoints and their devices. They name no traveller, but an officer sees those within reach only."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import connection

from lianfang.checkpoints.models import Checkpoint, Device
from lianfang.checkpoints.queries.within import covered, within
from lianfang.kernel.reach import Reach

NEWEST_DEVICES = 500


@dataclass(frozen=True, slots=True)
class CheckpointLine:
    """A checkpoint with its newest record: when that happened, when it came in, and how long ago that is."""

    code: str
    name: str
    tier: str
    kind: str
    division: str
    lanes: int
    opens_at: time | None
    closes_at: time | None
    longitude: float | None
    latitude: float | None
    opened_at: datetime
    closed_at: datetime | None
    last_occurred_at: datetime | None
    last_received_at: datetime | None
    silent_for: timedelta | None


# The newest by day and id: one look at the end of an index for each checkpoint.
_CHECKPOINTS = """
SELECT c.code, c.name, c.tier, c.kind, c.division, c.lanes, c.opens_at, c.closes_at, c.longitude, c.latitude,
       c.opened_at, c.closed_at, p.occurred_at, p.received_at, %(at)s - p.received_at
FROM checkpoint c LEFT JOIN LATERAL (
    SELECT occurred_at, received_at FROM passage
    WHERE checkpoint = c.code AND {within}
    ORDER BY captured_on DESC, id DESC LIMIT 1
) p ON true
WHERE {c_within}
ORDER BY c.closed_at NULLS FIRST, c.tier, c.code
"""


def checkpoints(reach: Reach, *, at: datetime) -> list[CheckpointLine]:
    """Every checkpoint within reach: the open ones first, borders before local posts."""
    reach.require("VIEW_PASSAGES")
    statement = _CHECKPOINTS.format(within=covered(reach), c_within=covered(reach, "c.jurisdiction"))
    with connection.cursor() as cursor:
        cursor.execute(statement, {"at": at})
        return [CheckpointLine(*row) for row in cursor.fetchall()]


def checkpoint_labels() -> dict[str, str]:
    """Code → name of every checkpoint. Names of places are no secret; who may see what passes there is asked elsewhere."""
    return dict(Checkpoint.objects.order_by("code").values_list("code", "name"))


def invitable_checkpoints(reach: Reach) -> list[Checkpoint]:
    """The open checkpoints for which this officer may enrol a device."""
    reach.require("MANAGE_DEVICES")
    return list(Checkpoint.objects.filter(within(reach), closed_at=None).order_by("tier", "code"))


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A device and when its token ends. `revoked_at`: it may not send any more."""

    id: UUID
    name: str
    checkpoint: str
    checkpoint_name: str
    tier: str
    enrolled_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


def devices(reach: Reach) -> list[DeviceLine]:
    """The devices of the checkpoints within reach, newest first (at most NEWEST_DEVICES)."""
    reach.require("MANAGE_DEVICES")
    rows = (
        Device.objects.filter(within(reach, "checkpoint__jurisdiction"))
        .order_by("-enrolled_at", "-id")
        .values_list(
            "id",
            "name",
            "checkpoint_id",
            "checkpoint__name",
            "checkpoint__tier",
            "enrolled_at",
            "expires_at",
            "revoked_at",
        )
    )
    return [DeviceLine(*row) for row in rows[:NEWEST_DEVICES]]
