"""The plan: slots written down, taken back, a week copied into another."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from lianfang.command.models import DutySlot
from lianfang.command.queries.headquarters import kept_headquarters, require_kept
from lianfang.command.rules.duty import COPIED_AT_MOST, PARTS, ROLES, duty_day, hours_of, monday_of
from lianfang.command.services.duty_slots import (
    locked_slot,
    member_to_plan,
    note_slot,
    overlaps_refused,
    wrong_state,
)
from lianfang.command.services.headquarters import kept_group
from lianfang.kernel.audit import Act, note
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Refusal

PLANNED_AT_MOST = timedelta(days=120)
WEEK = timedelta(days=7)


class Copied(NamedTuple):
    """How many slots of the week were written into the other; the rest would overlap, or be of nobody in the group."""

    slots: int
    left_out: int


@transaction.atomic
def plan_slot(
    *, by: Reach, group: UUID, person: UUID, on: date, part: str, role: str, at: datetime
) -> DutySlot:
    """Somebody of the group has duty. What is over is not planned any more."""
    of = kept_group(by, group)
    if part not in PARTS or role not in ROLES:
        raise Refusal("PART_UNKNOWN", "请选择时段和带班或值班。", "Choose the hours, and lead or duty.")
    # The last day of the calendar has no next one: whatever lies too far ahead is refused before its hours are asked.
    if on > duty_day(at) + PLANNED_AT_MOST or (hours := hours_of(on, part)).ends_at <= at:
        raise Refusal(
            "DAY_OUT_OF_PLAN",
            f"只能排还没有结束的、{PLANNED_AT_MOST.days} 天以内的值班。",
            f"Plan what is not over yet, within {PLANNED_AT_MOST.days} days.",
        )
    who = member_to_plan(of.id, person, at)
    with overlaps_refused():
        made = DutySlot.objects.create(
            group=of, person=who, planned_person=who, on_date=on, part=part, role=role, begins_at=hours.begins_at,
            ends_at=hours.ends_at, planned_by=by.officer_id, planned_at=at, changed_at=at,
        )  # fmt: skip
    note_slot(Act.DUTY_PLANNED, by, made, person=str(who.id), role=role)
    return made


@transaction.atomic
def withdraw_slot(*, by: Reach, id: UUID, at: datetime) -> DutySlot:
    """Takes a slot back to which nobody has signed in and that is not over; the row stays."""
    slot = locked_slot(by, id)
    require_kept(by, slot.group.headquarters)
    if slot.state != "PLANNED":
        raise wrong_state(slot)
    if slot.ends_at <= at:
        raise Refusal("DUTY_OVER", "这个值班已经过去。", "This slot is over.")
    if slot.instead_of_id is not None:
        raise Refusal(
            "DUTY_IS_REPLACEMENT",
            "这是顶班，撤销会让缺口没有人补：请记缺勤，再安排别人。",
            "This replaces somebody: mark it absent and name another, or the gap stays.",
        )
    slot.withdrawn_at, slot.withdrawn_by, slot.changed_at = at, by.officer_id, at
    slot.save(update_fields=["withdrawn_at", "withdrawn_by", "changed_at"])
    note_slot(Act.DUTY_WITHDRAWN, by, slot)
    return slot


_OF_THE_WEEK = """s.on_date >= %(monday)s AND s.on_date < %(monday)s + 7 AND s.withdrawn_at IS NULL
AND s.instead_of_id IS NULL"""
# Who was planned first is planned again: a swap was of that day only. Of somebody who took the place of one who was
# absent, nothing is copied. What would overlap, or lies behind, or is of nobody in the group any more, is left out; of
# two of one person (the second was planned when a swap had freed him) the first stays.
_COPY = f"""
INSERT INTO duty_slot (id, group_id, person_id, planned_person_id, on_date, part, role, begins_at, ends_at, state,
    planned_by, planned_at, signed_in_at, absent_reason, changed_at)
SELECT gen_random_uuid(), s.group_id, s.planned_person_id, s.planned_person_id, s.on_date + %(days)s, s.part, s.role,
    s.begins_at + %(shift)s, s.ends_at + %(shift)s, 'PLANNED', %(by)s, %(at)s, NULL, '', %(at)s
FROM duty_slot s JOIN work_group g ON g.id = s.group_id AND g.headquarters_id = %(headquarters)s
WHERE {_OF_THE_WEEK} AND s.ends_at + %(shift)s > %(at)s
AND EXISTS (SELECT FROM membership m JOIN duty_person p ON p.id = m.person_id LEFT JOIN officer o ON o.id = p.officer_id
    WHERE m.group_id = s.group_id AND m.person_id = s.planned_person_id AND m.from_at <= %(at)s
    AND (m.until_at IS NULL OR m.until_at > %(at)s) AND o.left_at IS NULL)
AND NOT EXISTS (SELECT FROM duty_slot other WHERE other.person_id = s.planned_person_id AND other.withdrawn_at IS NULL
    AND other.state NOT IN ('ABSENT', 'REPLACED')
    AND other.begins_at < s.ends_at + %(shift)s AND other.ends_at > s.begins_at + %(shift)s)
AND NOT EXISTS (SELECT FROM duty_slot twin WHERE twin.planned_person_id = s.planned_person_id AND twin.id < s.id
    AND twin.withdrawn_at IS NULL AND twin.instead_of_id IS NULL
    AND twin.begins_at < s.ends_at AND twin.ends_at > s.begins_at)
"""
_COUNT = f"""
SELECT count(*) FROM duty_slot s JOIN work_group g ON g.id = s.group_id AND g.headquarters_id = %(headquarters)s
WHERE {_OF_THE_WEEK}
"""


@transaction.atomic
def copy_week(*, by: Reach, headquarters: UUID, from_: date, to: date, at: datetime) -> Copied:
    """The slots of one week in another, later one: what is there already stays."""
    of = kept_headquarters(by, headquarters)
    source, target = monday_of(from_), monday_of(to)
    if not source < target <= source + COPIED_AT_MOST:
        raise Refusal(
            "WEEK_ODD",
            f"复制到后面 {COPIED_AT_MOST.days // 7} 周以内的一周。",
            f"Copy into one of the {COPIED_AT_MOST.days // 7} weeks that follow.",
        )
    shift = target - source
    given: dict[str, Any] = {
        "headquarters": of.id, "monday": source, "days": shift.days, "shift": shift, "by": by.officer_id, "at": at,
    }  # fmt: skip
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_COPY, given)
            slots = cursor.rowcount
            cursor.execute(_COUNT, given)
            there = int(cursor.fetchone()[0])
    except IntegrityError as error:
        raise Refusal(
            "CHANGED_MEANWHILE",
            "刚才有人改过排班，请重新复制。",
            "Somebody has just changed the plan: copy again.",
            status=409,
        ) from error
    note(
        Act.DUTY_COPIED, by=by, subject=f"HEADQUARTERS {of.id}", count=slots, jurisdiction=of.lo,
        details={"from": source.isoformat(), "to": target.isoformat()},
    )  # fmt: skip
    return Copied(slots, there - slots)
