"""Duty as it is looked at: who is there now and who comes next, a week by group, an officer's own slots.

A headquarters is asked about as `headquarters_in_sight` or `headquarters_over` hand it out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, Max, Q, QuerySet

from lianfang.command.models import DutySlot
from lianfang.command.queries.headquarters import GroupLine, HeadquartersLine, groups_of, in_sight
from lianfang.command.rules.duty import (
    DAY,
    Gap,
    duty_day_hours,
    gaps,
    is_due,
    is_there,
    may_sign_in,
    monday_of,
)
from lianfang.kernel.reach import Reach

LOOKED_AHEAD = timedelta(hours=36)
OVERDUE_FOR = timedelta(
    days=2
)  # who has not handed over by then stands in the plan, not among those of today
MY_SLOTS = 5


@dataclass(frozen=True, slots=True)
class SlotLine:
    """A slot as it is listed. `planned`: who was written down first, where it is another. `handed_at`: waits for a successor."""

    id: UUID
    group: UUID
    person: UUID
    name: str
    phone: str
    planned: str
    on: date
    part: str
    role: str
    begins_at: datetime
    ends_at: datetime
    state: str
    mine: bool
    handed_at: datetime | None
    group_zh: str
    group_en: str

    def is_late(self, at: datetime) -> bool:
        """On duty beyond the hours: nobody has taken over."""
        return self.state == "ON_DUTY" and self.ends_at <= at

    def may_sign_in(self, at: datetime) -> bool:
        return may_sign_in(self, at)

    def never_came(self, at: datetime) -> bool:
        return self.state == "PLANNED" and self.ends_at <= at


@dataclass(frozen=True, slots=True)
class GroupNow:
    group: GroupLine
    now: list[SlotLine]
    next: list[SlotLine]


@dataclass(frozen=True, slots=True)
class DutyNow:
    """The groups of a headquarters at a moment. 在岗率 is `there` of `due`; `empty` are the slots that make the difference."""

    at: datetime
    groups: list[GroupNow]
    due: int
    there: int
    empty: list[SlotLine]


@dataclass(frozen=True, slots=True)
class WeekCell:
    day: date
    slots: list[SlotLine]
    gaps: list[Gap]


@dataclass(frozen=True, slots=True)
class WeekRow:
    group: GroupLine
    cells: list[WeekCell]


@dataclass(frozen=True, slots=True)
class DutyWeek:
    """Seven duty days by group; every minute without a lead or without somebody on duty is a gap."""

    monday: date
    days: list[date]
    rows: list[WeekRow] = field(default_factory=list)

    @property
    def gaps(self) -> int:
        return sum(len(cell.gaps) for row in self.rows for cell in row.cells)

    @property
    def slots(self) -> int:
        return sum(len(cell.slots) for row in self.rows for cell in row.cells)


def duty_now(reach: Reach, headquarters: HeadquartersLine, *, at: datetime) -> DutyNow:
    """For desks, and for screens."""
    lines = _lines(reach, _slots(reach, headquarters, since=at - OVERDUE_FOR, until=at + LOOKED_AHEAD))
    groups = groups_of(reach, headquarters.id)
    order = {group.id: place for place, group in enumerate(groups)}
    due = sorted((one for one in lines if is_due(one, at)), key=lambda one: order[one.group])
    there = [one for one in due if is_there(one, at)]
    return DutyNow(
        at=at,
        groups=[_group_now(group, [one for one in lines if one.group == group.id], at) for group in groups],
        due=len(due),
        there=len(there),
        empty=[one for one in due if one not in there],
    )


def _group_now(group: GroupLine, lines: Sequence[SlotLine], at: datetime) -> GroupNow:
    """Whoever is still there because nobody took over, and whoever came early, is there now."""
    now = [one for one in lines if is_due(one, at) or one.state == "ON_DUTY"]
    ahead = [one for one in lines if one.begins_at > at and one.state == "PLANNED"]
    first = min((one.begins_at for one in ahead), default=None)
    return GroupNow(group, now, [one for one in ahead if one.begins_at == first])


def duty_week(reach: Reach, headquarters: HeadquartersLine, *, day: date) -> DutyWeek:
    """The week in which the day lies."""
    monday = monday_of(day)
    days = [monday + n * DAY for n in range(7)]
    since, until = duty_day_hours(days[0]).begins_at, duty_day_hours(days[-1]).ends_at
    lines = _lines(reach, _slots(reach, headquarters, since=since, until=until))
    week = DutyWeek(monday, days)
    for group in groups_of(reach, headquarters.id):
        own = [one for one in lines if one.group == group.id]
        week.rows.append(WeekRow(group, [_cell(day, own) for day in days]))
    return week


def _cell(day: date, own: Sequence[SlotLine]) -> WeekCell:
    hours = duty_day_hours(day)
    inside = [one for one in own if one.on == day]
    return WeekCell(day, inside, gaps(inside, since=hours.begins_at, until=hours.ends_at))


def my_slots(reach: Reach, *, at: datetime) -> list[SlotLine]:
    """The officer's own: those he is on, then those that come."""
    reach.require("VIEW_DUTY")
    rows = DutySlot.objects.filter(
        Q(ends_at__gt=at, state__in=["PLANNED", "ON_DUTY", "ABSENT"]) | Q(ends_at__gt=at - OVERDUE_FOR, state="ON_DUTY"),
        in_sight(reach, "group__headquarters__"),
        person__officer=reach.officer_id,
        withdrawn_at=None,
    )  # fmt: skip
    return _lines(reach, rows)[:MY_SLOTS]


def duty_version(reach: Reach) -> str:
    """Changes with whatever is done to a slot: a tile that is the same is not sent again."""
    reach.require("VIEW_WALL")
    last = DutySlot.objects.aggregate(last=Max("changed_at"))["last"]
    return f"{last.timestamp():.6f}" if last else ""


def _slots(
    reach: Reach, headquarters: HeadquartersLine, *, since: datetime, until: datetime
) -> QuerySet[DutySlot]:
    if not reach.may("VIEW_WALL"):
        reach.require("VIEW_DUTY")
    return DutySlot.objects.filter(
        group__headquarters=headquarters.id, ends_at__gt=since, begins_at__lt=until, withdrawn_at=None
    )


def slot_lines(reach: Reach, rows: QuerySet[DutySlot]) -> list[SlotLine]:
    """Of a question that has asked who may see them."""
    return _lines(reach, rows)


def _lines(reach: Reach, rows: QuerySet[DutySlot]) -> list[SlotLine]:
    """By hours, leads first."""
    found = (
        rows.select_related("person", "planned_person", "group")
        .annotate(handed=F("handover__handed_at"))
        .order_by("begins_at", "-role", "person__name", "id")
    )
    return [_line(reach, row) for row in found]


def _line(reach: Reach, row: DutySlot) -> SlotLine:
    changed = row.planned_person_id != row.person_id
    return SlotLine(
        id=row.id,
        group=row.group_id,
        person=row.person_id,
        name=row.person.name,
        phone=row.person.phone,
        planned=row.planned_person.name if changed else "",
        on=row.on_date,
        part=row.part,
        role=row.role,
        begins_at=row.begins_at,
        ends_at=row.ends_at,
        state=row.state,
        mine=row.person.officer_id is not None and row.person.officer_id == reach.officer_id,
        handed_at=row.handed if row.state == "ON_DUTY" else None,  # type: ignore[attr-defined]  # annotated
        group_zh=row.group.name_zh,
        group_en=row.group.name_en,
    )
