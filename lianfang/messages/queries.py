"""Questions about the outbox: what was sent and what was not, which robots serve."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Max

from lianfang.command.models import Officer
from lianfang.kernel.reach import Reach
from lianfang.kernel.within import held, within
from lianfang.messages.models import Message, MessageAttempt, Robot
from lianfang.regions.queries import paths

FAILURES_SHOWN = 100


class MessageCount(NamedTuple):
    """How many messages of a channel stand in a state."""

    channel: str
    state: str
    messages: int


class FailedTry(NamedTuple):
    """A try that came to nothing, about nobody by name."""

    at: datetime
    channel: str
    purpose: str
    code: str
    attempts: int
    state: str
    robot: str


class RobotLine(NamedTuple):
    robot: Robot
    place: str
    added_by: str
    last_sent_at: datetime | None


class Serving(NamedTuple):
    """A robot that a journey may speak through."""

    id: UUID
    division: str
    jurisdiction: int


def counted(reach: Reach, *, day: date) -> list[MessageCount]:
    """What is to be told on that day, by channel and state. Inside `reach()`."""
    reach.require("KEEP_REMINDERS")
    rows = Message.objects.filter(held(reach), on_day=day).values_list("channel", "state")
    return [MessageCount(*row) for row in rows.annotate(Count("id")).order_by("channel", "state")]


def failures(reach: Reach, *, day: date) -> list[FailedTry]:
    """The newest first, of messages of that day. Inside `reach()`."""
    reach.require("KEEP_REMINDERS")
    of_day = Message.objects.filter(held(reach), on_day=day)
    tries = MessageAttempt.objects.filter(ok=False, message_id__in=of_day.values("id"))
    tries = tries.exclude(code="OVERTAKEN")  # it was needed no more, and did not fail
    newest = list(tries.order_by("-at", "-id")[:FAILURES_SHOWN])
    known = Message.objects.in_bulk({one.message_id for one in newest})
    names = dict(Robot.objects.filter(held(reach)).values_list("id", "name"))
    return [_failure(one, known[one.message_id], names) for one in newest]


def robots(reach: Reach, *, day: date) -> list[RobotLine]:
    """Those that serve first. Inside `reach()`."""
    reach.require("KEEP_REMINDERS")
    rows = list(Robot.objects.filter(held(reach)).defer("webhook").order_by("-added_at", "id"))
    last = dict(
        Message.objects.filter(held(reach), robot_id__isnull=False)
        .values_list("robot_id")
        .annotate(Max("sent_at"))
    )
    return sorted(_lines(rows, last, day), key=lambda line: line.robot.retired_at is not None)


def serving(*, worker: Reach) -> list[Serving]:
    """Every robot that serves, for whoever writes to them. Inside `reach(worker)`."""
    rows = Robot.objects.filter(within(worker), retired_at=None).order_by("jurisdiction", "id")
    return [Serving(*row) for row in rows.values_list("id", "division", "jurisdiction")]


def _lines(rows: Sequence[Robot], last: dict[UUID, datetime], day: date) -> list[RobotLine]:
    officers = dict(Officer.objects.filter(pk__in={row.added_by for row in rows}).values_list("id", "name"))
    places = paths({row.division for row in rows}, day)
    return [
        RobotLine(
            row, places.get(row.division, row.division), officers.get(row.added_by, ""), last.get(row.id)
        )
        for row in rows
    ]


def _failure(one: MessageAttempt, message: Message, robots: dict[UUID, str]) -> FailedTry:
    robot = robots.get(message.robot_id, "") if message.robot_id else ""
    return FailedTry(
        one.at, message.channel, message.purpose, one.code, message.attempts, message.state, robot
    )
