"""What a checkpoint's lead looks at: lanes with their phones, who is there, and how one crew handed over to the next."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Subquery

from lianfang.checkpoints.models import ClockIn, ShiftHandover
from lianfang.checkpoints.queries.within import held, held_written_out
from lianfang.command.models import Officer
from lianfang.kernel.days import day_of, hour_of
from lianfang.kernel.ids import floor_of
from lianfang.kernel.reach import Reach

ON_DUTY_FOR = timedelta(hours=16)  # whoever has not said that they left by then has forgotten to
HANDOVERS = 10
# A phone that told how it is within this time is in contact; it does every minute while it has a network.
IN_CONTACT = timedelta(minutes=10)


class LedCheckpoint(NamedTuple):
    """A checkpoint in the lead's list, with what its phones hold and who is there."""

    code: str
    name: str
    tier: str
    kind: str
    lanes: int
    opens_at: time | None
    closes_at: time | None
    closed_at: datetime | None
    phones: int
    in_contact: int
    unsent: int | None
    set_aside: int | None
    crew: int
    handed_at: datetime | None

    @property
    def is_waiting(self) -> bool:
        """Something on its phones was not delivered, or a handover was not accepted."""
        return bool(self.unsent or self.set_aside or self.handed_at)


_CHECKPOINTS = """
SELECT c.code, c.name, c.tier, c.kind, c.lanes, c.opens_at, c.closes_at, c.closed_at, d.phones, d.in_contact, d.unsent,
       d.set_aside, (SELECT count(*) FROM clock_in k WHERE k.checkpoint_id = c.code AND k.left_at IS NULL
                     AND k.came_at BETWEEN %(since)s AND %(at)s),
       (SELECT h.handed_at FROM shift_handover h WHERE h.checkpoint_id = c.code AND h.accepted_at IS NULL)
FROM checkpoint c LEFT JOIN LATERAL (
    SELECT count(*) AS phones, count(*) FILTER (WHERE r.seen_at > %(at)s - %(contact)s) AS in_contact,
           sum(r.unsent) AS unsent, sum(r.set_aside) AS set_aside
    FROM device d LEFT JOIN device_report r ON r.device_id = d.id
    WHERE d.checkpoint_id = c.code AND d.revoked_at IS NULL AND d.expires_at > %(at)s
) d ON true
WHERE {within} AND (c.closed_at IS NULL OR c.closed_at > %(at)s) AND (%(code)s::text IS NULL OR c.code = %(code)s)
ORDER BY c.tier, c.code
"""


def led_checkpoints(reach: Reach, *, at: datetime, code: str | None = None) -> list[LedCheckpoint]:
    """The checkpoints within reach that have not been closed, or the one of that code."""
    reach.require("LEAD_CHECKPOINTS")
    given: dict[str, Any] = {"at": at, "since": at - ON_DUTY_FOR, "contact": IN_CONTACT, "code": code}
    statement = _CHECKPOINTS.format(within=held_written_out(reach, "c.jurisdiction"))
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return [LedCheckpoint(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Lane:
    """A phone with its lane and officer as it last told them; None where it has told nothing.

    `passages`: both ways, recorded in this hour and arrived. `clock_ms`: the server's clock minus the phone's.
    """

    device_id: UUID
    device: str
    expires_at: datetime
    lane: str
    officer: str
    seen_at: datetime | None
    unsent: int | None
    set_aside: int | None
    oldest_unsent_at: datetime | None
    battery_percent: int | None
    clock_ms: int | None
    passages: int

    def in_contact(self, at: datetime) -> bool:
        return self.seen_at is not None and self.seen_at > at - IN_CONTACT


# One hour of one checkpoint, by the end of an index: ids carry the moment at which a form was opened.
_LANES = """
SELECT d.id, d.name, d.expires_at, coalesce(r.lane, ''), coalesce(r.officer, ''), r.seen_at, r.unsent, r.set_aside,
       r.oldest_unsent_at, r.battery_percent, r.clock_offset_ms, coalesce(n.passages, 0)
FROM device d JOIN checkpoint c ON c.code = d.checkpoint_id AND {c_within}
LEFT JOIN device_report r ON r.device_id = d.id
LEFT JOIN (
    SELECT p.device_id, count(*) AS passages FROM passage p
    WHERE p.checkpoint = %(code)s AND p.captured_on = %(day)s AND p.id >= %(since)s AND p.captured_hour = %(hour)s AND {p_within}
    GROUP BY p.device_id
) n ON n.device_id = d.id
WHERE d.checkpoint_id = %(code)s AND d.revoked_at IS NULL AND d.expires_at > %(at)s
ORDER BY coalesce(nullif(r.lane, ''), '~'), d.name, d.id
"""
_SLOW_FORM = timedelta(minutes=30)  # a form opened before the hour and finished in it


def lanes(reach: Reach, code: str, *, at: datetime) -> list[Lane]:
    """Every phone that may send for the checkpoint, by lane."""
    reach.require("LEAD_CHECKPOINTS")
    hour = at.replace(minute=0, second=0, microsecond=0)
    given: dict[str, Any] = {
        "code": code, "at": at, "day": day_of(at), "hour": hour_of(at), "since": floor_of(hour - _SLOW_FORM)
    }  # fmt: skip
    limits = {f"{alias}_within": held_written_out(reach, f"{alias}.jurisdiction") for alias in "cp"}
    statement = _LANES.format(**limits)
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return [Lane(*row) for row in cursor.fetchall()]


class Duty(NamedTuple):
    """Somebody at a lane, from a moment until another. `forgotten`: nobody stays that long."""

    officer: str
    lane: str
    came_at: datetime
    left_at: datetime | None
    forgotten: bool

    @property
    def is_here(self) -> bool:
        return self.left_at is None and not self.forgotten


def crew(reach: Reach, code: str, *, at: datetime) -> list[Duty]:
    """Who is there, then who left, of the last hours of duty."""
    reach.require("LEAD_CHECKPOINTS")
    rows = ClockIn.objects.filter(
        held(reach, "checkpoint__jurisdiction"),
        checkpoint=code,
        came_at__gte=at - 2 * ON_DUTY_FOR,
        came_at__lte=at,
    ).values_list("officer", "lane", "came_at", "left_at")
    duties = [
        Duty(*row, forgotten=row[3] is None and row[2] <= at - ON_DUTY_FOR)
        for row in rows.order_by("came_at", "id")
    ]
    return sorted(duties, key=lambda duty: not duty.is_here)


@dataclass(frozen=True, slots=True)
class HandoverLine:
    """A handover with its officers' names. `mine`: the reader handed over, so somebody else accepts."""

    id: UUID
    day: date
    shift: str
    note: str
    open_items: list[dict[str, Any]]
    handed_by: str
    handed_at: datetime
    accepted_by: str
    accepted_at: datetime | None
    mine: bool


def handovers(reach: Reach, code: str) -> list[HandoverLine]:
    """The open one first, then the last ones that were accepted."""
    reach.require("LEAD_CHECKPOINTS")
    rows = (
        ShiftHandover.objects.filter(held(reach, "checkpoint__jurisdiction"), checkpoint=code)
        .annotate(giver=_name_of("handed_by"), taker=_name_of("accepted_by"))
        .order_by("-handed_at", "-id")[: HANDOVERS + 1]
    )
    return [
        HandoverLine(
            row.id, row.day, row.shift, row.note, row.open_items, row.giver or "", row.handed_at, row.taker or "",
            row.accepted_at, row.handed_by == reach.officer_id,
        )
        for row in rows
    ]  # fmt: skip


def _name_of(column: str) -> Subquery:
    return Subquery(Officer.objects.filter(pk=OuterRef(column)).values("name"))
