"""Who was asked to clear up what: tasks within reach, and the officers whom one may ask."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet

from lianfang.checkpoints.models import Checkpoint
from lianfang.checkpoints.queries.within import within
from lianfang.command.models import Officer
from lianfang.command.queries import Colleague, colleagues
from lianfang.kernel.reach import Reach
from lianfang.situation.models import QualityTask
from lianfang.situation.quality.question import Days
from lianfang.situation.quality.thresholds import TASK_DUE_AFTER

LISTED = 50
MAY_BE_ASKED = ("TOWNSHIP_DESK", "COUNTY_DESK", "HEADQUARTERS")


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task with the names of its checkpoint and its officers. `mine`: the reader was asked. `due_at`: from then on it is overdue."""

    id: UUID
    finding: str
    key: str
    checkpoint: str
    day: date
    days: int
    assigned_to: str
    assigned_by: str
    assigned_at: datetime
    due_at: datetime
    note: str
    done_by: str
    done_at: datetime | None
    outcome: str
    mine: bool

    def is_overdue(self, at: datetime) -> bool:
        return self.done_at is None and self.due_at <= at


def tasks(reach: Reach) -> tuple[list[TaskLine], list[TaskLine], list[TaskLine]]:
    """Open ones given to the reader and open ones the reader gave, the oldest first; done ones, the newest first."""
    reach.require("VIEW_PASSAGES")
    rows = QualityTask.objects.filter(within(reach))
    me = reach.officer_id
    waiting = rows.filter(Q(assigned_to=me) | Q(assigned_by=me), done_at=None).order_by("assigned_at", "id")
    done = rows.exclude(done_at=None).order_by("-done_at", "-id")
    lines = _lines(reach, [*waiting[: 2 * LISTED], *done[:LISTED]])
    open_ones = [line for line in lines if line.done_at is None]
    given = [line for line in open_ones if not line.mine]
    return [line for line in open_ones if line.mine], given, [line for line in lines if line.done_at]


def my_tasks(reach: Reach) -> list[TaskLine]:
    """What the reader was asked to clear up and has not yet, the oldest first."""
    reach.require("VIEW_PASSAGES")
    rows = QualityTask.objects.filter(within(reach), assigned_to=reach.officer_id, done_at=None)
    return _lines(reach, rows.order_by("assigned_at", "id")[:LISTED])


def tasks_about(reach: Reach, finding: str, keys: Iterable[str], days: Days) -> dict[str, TaskLine]:
    """The open task about each finding; if there is none, the newest that was done about some of the days."""
    reach.require("VIEW_PASSAGES")
    meets = Q(day__gte=days.first, first_day__lte=days.last)
    rows = QualityTask.objects.filter(
        within(reach), Q(done_at=None) | meets, finding=finding, key__in=list(keys)
    )
    newest_last = rows.order_by(F("done_at").asc(nulls_last=True), "assigned_at")
    return {line.key: line for line in _lines(reach, newest_last)}


def assignees(reach: Reach, checkpoint: str) -> Sequence[Colleague]:
    """Whom the reader may ask about a checkpoint: officers at desks whose posting covers it and lies within reach."""
    reach.require("ASSIGN_FINDINGS")
    post = Checkpoint.objects.filter(within(reach), pk=checkpoint).first()
    if post is None:
        return ()
    reach.require_own(post.jurisdiction)
    return colleagues(reach, jurisdiction=post.jurisdiction, roles=MAY_BE_ASKED)


def _lines(reach: Reach, rows: Iterable[QualityTask] | QuerySet[QualityTask]) -> list[TaskLine]:
    rows = list(rows)
    ids = {id for row in rows for id in (row.assigned_to, row.assigned_by, row.done_by) if id}
    posts = dict(Checkpoint.objects.filter(within(reach)).values_list("code", "name"))
    names = dict(Officer.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [
        TaskLine(
            id=row.id,
            finding=row.finding,
            key=row.key,
            checkpoint=posts.get(row.checkpoint, row.checkpoint),
            day=row.day,
            days=(row.day - row.first_day + timedelta(days=1)).days,
            assigned_to=names.get(row.assigned_to, ""),
            assigned_by=names.get(row.assigned_by, ""),
            assigned_at=row.assigned_at,
            due_at=row.assigned_at + TASK_DUE_AFTER,
            note=row.note,
            done_by=names.get(row.done_by, "") if row.done_by else "",
            done_at=row.done_at,
            outcome=row.outcome,
            mine=row.assigned_to == reach.officer_id,
        )
        for row in rows
    ]
