"""Checkpoints. They name no traveller, but an officer sees those within reach only."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import connection

from lianfang.checkpoints.models import Checkpoint
from lianfang.checkpoints.queries.within import covered, held
from lianfang.kernel.reach import Reach


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
    return list(Checkpoint.objects.filter(held(reach), closed_at=None).order_by("tier", "code"))
