"""Acts on findings: asking an officer to clear one up, and saying what came of it."""

from datetime import UTC, datetime
from uuid import UUID

from django.db import connection

from lianfang.checkpoints.models import Checkpoint
from lianfang.checkpoints.queries.within import held
from lianfang.kernel import audit
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.situation.models import QualityTask
from lianfang.situation.quality.queries import one, unknown_finding
from lianfang.situation.quality.question import Days
from lianfang.situation.quality.tasks import assignees

LONGEST_TEXT = 200


def assign(
    *, by: Reach, finding: str, key: str, days: Days, to: UUID, note: str, at: datetime
) -> QualityTask:
    """Asks an officer to clear up a finding that stands now. While it is open nobody is asked again."""
    by.require("ASSIGN_FINDINGS")
    with reach(by) as seen:
        stands = one(seen, finding, key, days, at=at)
        if stands is None:
            raise unknown_finding()
        if to not in {officer.id for officer in assignees(seen, stands.checkpoint)}:
            raise Refusal(
                "ASSIGNEE_OUT_OF_REACH",
                "请选择管辖这个卡口的值班员。",
                "Choose an officer whose posting covers this checkpoint.",
            )
        _take_turns(finding, key)
        if QualityTask.objects.filter(finding=finding, key=key, done_at=None).exists():
            raise Refusal(
                "ALREADY_ASSIGNED",
                "这个问题已经交办，正在处理。",
                "Somebody has been asked to clear this up already.",
                status=409,
            )
        made = QualityTask.objects.create(
            id=uuid7(at=at.astimezone(UTC)),
            finding=finding,
            key=key,
            day=days.last,
            first_day=days.first,
            checkpoint=stands.checkpoint,
            jurisdiction=Checkpoint.objects.get(held(seen), pk=stands.checkpoint).jurisdiction,
            assigned_to=to,
            assigned_by=by.officer_id,
            assigned_at=at,
            note=note.strip()[:LONGEST_TEXT],
        )
        _write_down(audit.Act.FINDING_ASSIGNED, made, by, to=str(to))
        return made


def finish(*, by: Reach, task: UUID, outcome: str, at: datetime) -> QualityTask:
    """Who was asked says in a sentence what came of it. Once."""
    by.require("VIEW_PASSAGES")
    outcome = outcome.strip()[:LONGEST_TEXT]
    if not outcome:
        raise Refusal("OUTCOME_MISSING", "请写一句处理结果。", "Say in a sentence what came of it.")
    with reach(by) as seen:
        row = QualityTask.objects.select_for_update().filter(held(seen), pk=task).first()
        if row is None:
            raise NotFound("TASK_UNKNOWN", "辖区内没有这项交办。", "There is no such task in your area.")
        if row.assigned_to != by.officer_id:
            raise Forbidden(
                "NOT_YOURS", "这项工作交办给了别人，由对方办结。", "Somebody else was asked to do this."
            )
        if row.done_at is not None:
            raise Refusal("ALREADY_DONE", "这项工作已经办结。", "This has been done already.", status=409)
        row.done_by, row.done_at, row.outcome = by.officer_id, at, outcome
        row.save(update_fields=["done_by", "done_at", "outcome"])
        _write_down(audit.Act.FINDING_CLEARED, row, by)
        return row


def _write_down(act: audit.Act, task: QualityTask, by: Reach, **details: str) -> None:
    """The kind of finding and where; its key may be the hash of a number and is left out."""
    audit.note(
        act, by=by, subject=f"CHECKPOINT {task.checkpoint}", jurisdiction=task.jurisdiction,
        details={"task": str(task.id), "finding": task.finding, "day": task.day.isoformat(), **details},
    )  # fmt: skip


def _take_turns(finding: str, key: str) -> None:
    """Whoever assigns this finding takes turns, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"lianfang quality {finding} {key}"])
