"""Duty in the demo city: headquarters with people in every group, two weeks of slots round today, signed in but for one.

Everybody is generated. A place is left empty, a swap waits, and one hand-over waits to be accepted.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from django.db.models import F

from lianfang.command.models import (
    DutyHandover,
    DutyPerson,
    DutySlot,
    DutySwap,
    Headquarters,
    Membership,
    WorkGroup,
)
from lianfang.command.rules.duty import DAY, duty_day, hours_of
from lianfang.command.services.duty_swaps import ask_for_swap
from lianfang.command.services.headquarters import open_headquarters
from lianfang.demo.names import given_name, surname
from lianfang.demo.numbers import telephone
from lianfang.kernel.reach import Reach

CITY, NAME = "210381", "海城市疫情防控指挥部"
BEFORE, AHEAD = 4, 10  # days of duty round today: two weeks
LEADS, OTHERS = 3, 4
OFFICE_PARTS = ("EARLY", "MIDDLE", "LATE")
EMPTY = "COMPLAINTS"  # the group in which nobody has signed in
READER = "STATISTICS"  # the group of the county's desk
NOTES = (
    "高速口 2 道测温枪已换；两个村卡点下午要补登记纸。",
    "晚八点前催齐各镇日报，差接文镇。",
    "夜里有雪，国道卡口可能封半幅，已告诉交警。",
)
LEAD_TITLES = {"OFFICE": ("总指挥", "常务副总指挥")}


def duties_of_the_city(
    keeper: Reach, other: Reach, *, at: datetime, city: str = CITY, name: str = NAME
) -> None:
    """The people once; at every start the days that are not planned yet, and whoever is due has signed in."""
    if not Headquarters.objects.filter(division=city).exists():
        made = open_headquarters(by=keeper, division=city, name=name, at=at - timedelta(days=30))
        _fill(made, keeper, at)
    _plan_ahead(city, keeper, at=at)
    _sign_in(city, keeper, at=at)
    _hand_over(city, keeper, other, at=at)
    _ask(city, other, at=at)


def _fill(made: Headquarters, keeper: Reach, at: datetime) -> None:
    """Leads and others of every group, written at once; whoever signs in at the desk has no account here."""
    chance = Random(20200213)
    for group in WorkGroup.objects.filter(headquarters=made).order_by("position"):
        people = [_person(chance) for _ in range(LEADS + OTHERS)]
        if group.code == READER:  # so that who opens the demo's desk has duty today
            people[LEADS + duty_day(at).toordinal() % OTHERS].officer_id = keeper.officer_id
            people[LEADS + duty_day(at).toordinal() % OTHERS].name = keeper.officer_name
        DutyPerson.objects.bulk_create(people)
        Membership.objects.bulk_create(
            [
                Membership(
                    group=group, person=person, role=_role(n), title=_title(group.code, n), from_at=at - timedelta(days=30, seconds=-n)
                )
                for n, person in enumerate(people)
            ]
        )  # fmt: skip


def _person(chance: Random) -> DutyPerson:
    male = chance.random() < 0.6
    born_on = date(1966 + chance.randrange(30), 1, 1)
    return DutyPerson(
        name=surname(chance) + given_name(chance, male=male, born_on=born_on), phone=telephone(chance)
    )


def _role(n: int) -> str:
    if n == 0:
        return "LEADER"
    return "DEPUTY_LEADER" if n < LEADS else "LIAISON" if n == LEADS else "MEMBER"


def _title(group: str, n: int) -> str:
    titles = LEAD_TITLES.get(group, ())
    return titles[n] if n < len(titles) else ""


def _plan_ahead(city: str, keeper: Reach, *, at: datetime) -> None:
    """Every group for the days round today that have no duty yet."""
    today = duty_day(at)
    days = [today + n * DAY for n in range(-BEFORE, AHEAD)]
    groups = WorkGroup.objects.filter(headquarters__division=city).order_by("position")
    planned = set(DutySlot.objects.filter(on_date__in=days).values_list("on_date", flat=True))
    members = _members(city)
    DutySlot.objects.bulk_create(
        [
            slot
            for group in groups
            for day in days
            if day not in planned
            for slot in _slots(group, members[group.id], day, keeper, at)
        ],
        batch_size=500,
    )


def _members(city: str) -> dict[UUID, list[UUID]]:
    """By group, leads first, as they were put in."""
    found: dict[UUID, list[UUID]] = {}
    rows = Membership.objects.filter(group__headquarters__division=city, until_at=None).order_by("from_at")
    for group, person in rows.values_list("group_id", "person_id"):
        found.setdefault(group, []).append(person)
    return found


def _slots(
    group: WorkGroup, people: list[UUID], day: date, keeper: Reach, at: datetime
) -> Iterator[DutySlot]:
    """A lead for the whole day; the Office in three parts, other groups for the whole day. Nobody has two days running."""
    leads, others = people[:LEADS], people[LEADS:]
    number = day.toordinal()
    yield _slot(group, leads[number % LEADS], day, "FULL", "LEAD", keeper, at)
    parts = OFFICE_PARTS if group.code == "OFFICE" else ("FULL",)
    for n, part in enumerate(parts):
        if group.code == "LEGAL" and number % 7 == 3:
            continue  # a gap that the week shows
        yield _slot(group, others[(number + n) % OTHERS], day, part, "DUTY", keeper, at)


def _slot(
    group: WorkGroup, person: UUID, day: date, part: str, role: str, keeper: Reach, at: datetime
) -> DutySlot:
    hours = hours_of(day, part)
    past = hours.ends_at <= at
    return DutySlot(
        group=group, person_id=person, planned_person_id=person, on_date=day, part=part, role=role,
        begins_at=hours.begins_at, ends_at=hours.ends_at, planned_by=keeper.officer_id, planned_at=at - timedelta(days=30),
        state="HANDED_OVER" if past else "PLANNED", signed_in_at=hours.begins_at if past else None,
        signed_in_by=keeper.officer_id if past else None, changed_at=at,
    )  # fmt: skip


def _sign_in(city: str, keeper: Reach, *, at: datetime) -> None:
    """Whoever is due, but for one place; who had duty while the demo was not running has handed over."""
    here = DutySlot.objects.filter(group__headquarters__division=city, withdrawn_at=None)
    here.filter(ends_at__lte=at, state="ON_DUTY", handover=None).update(state="HANDED_OVER", changed_at=at)
    due = here.filter(state="PLANNED", begins_at__lte=at, ends_at__gt=at)
    due.exclude(group__code=EMPTY, role="DUTY").update(
        state="ON_DUTY", signed_in_at=F("begins_at"), signed_in_by=keeper.officer_id, changed_at=at
    )


def _hand_over(city: str, keeper: Reach, other: Reach, *, at: datetime) -> None:
    """The Office's parts that are over, one after the other: the last waits for its successor. Of a part that went by
    while the demo was not running there is nothing to hand over.
    """
    parts = DutySlot.objects.filter(group__headquarters__division=city, group__code="OFFICE", role="DUTY")
    parts = parts.exclude(signed_in_at=None)
    over = list(parts.filter(ends_at__lte=at, begins_at__gte=at - BEFORE * DAY).order_by("begins_at"))
    if DutyHandover.objects.filter(slot__in=over).exists() or not over:
        return
    followers = [*over[1:], None]
    DutyHandover.objects.bulk_create(
        [
            _handover(slot, then, n, keeper, other)
            for n, (slot, then) in enumerate(zip(over, followers, strict=True))
        ]
    )
    DutySlot.objects.filter(pk=over[-1].pk).update(state="ON_DUTY", changed_at=at)


def _handover(slot: DutySlot, then: DutySlot | None, n: int, keeper: Reach, other: Reach) -> DutyHandover:
    silent = {"kind": "SILENT_CHECKPOINT", "about": "接文镇卡口 HC14", "amount": 38 + n}
    accepted = {
        "accepted_slot": then, "accepted_by": keeper.officer_id, "accepted_at": slot.ends_at + timedelta(minutes=4),
    }  # fmt: skip
    return DutyHandover(
        slot=slot, note=NOTES[n % len(NOTES)], open_items=[silent] if n % 2 else [], handed_by=other.officer_id,
        handed_at=slot.ends_at - timedelta(minutes=6), **(accepted if then else {}),
    )  # fmt: skip


def _ask(city: str, other: Reach, *, at: datetime) -> None:
    """Somebody would rather not have the day after tomorrow."""
    here = DutySlot.objects.filter(group__headquarters__division=city, group__code="STATISTICS", role="DUTY")
    slot = here.filter(on_date=duty_day(at) + 2 * DAY, state="PLANNED").first()
    if slot is None or DutySwap.objects.filter(state="ASKED", slot__ends_at__gt=at).exists():
        return
    resting = here.filter(on_date=duty_day(at) + 4 * DAY).first()
    if resting is not None and resting.person_id != slot.person_id:
        ask_for_swap(by=other, id=slot.id, person=resting.person_id, reason="家里老人住院", at=at)
