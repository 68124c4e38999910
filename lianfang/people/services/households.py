"""Doors: opened in walking order, verified with one tap, marked as vacant or rented, closed."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from lianfang.kernel.audit import Act, note
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import LEVELS, as_integer, canonical, is_code, level, prefix
from lianfang.kernel.file_keys import FileKey
from lianfang.kernel.ids import uuid7
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.reach import Hand, Reach, hand_id, hand_reach, reach
from lianfang.kernel.refusals import Refusal
from lianfang.kernel.within import held
from lianfang.people.facts import DoorTold
from lianfang.people.facts import canonical as as_json
from lianfang.people.models import Household, Occupancy, StayInHousehold, StayState
from lianfang.people.opening import open_door, sealed_again
from lianfang.people.services.keeping import noted, own_household, require_keeping
from lianfang.people.services.opening import TAKING_TURNS

_LEVELS = LEVELS[LEVELS.index("VILLAGE") :]
_LAST_NUMBERS = """
SELECT division, max(substring(code FROM '[0-9]+$')::int), max(walking_order) FROM household
WHERE division = ANY(%s) GROUP BY division
"""


class Door(NamedTuple):
    """A door to be opened in a village, community, grid or micro-grid; without an order it comes last."""

    division: str
    facts: DoorTold
    occupancy: str = Occupancy.OCCUPIED
    walking_order: int | None = None


def open_households(*, by: Reach, at: datetime, doors: Sequence[Door]) -> list[Household]:
    """New doors, in their order. Their codes are their grid's with a running number, which no other door ever gets."""
    require_keeping(by)
    for division in {door.division for door in doors}:
        _require_division(by, division)
    with reach(by) as seen:
        with connection.cursor() as cursor:
            cursor.execute(TAKING_TURNS)
        made = Household.objects.bulk_create(_rows(doors, at))
        note(Act.HOUSEHOLD_OPENED, by=seen, subject="HOUSEHOLD", count=len(made))
    return made


def verify_household(*, by: Hand, at: datetime, id: UUID) -> bool:
    """无变化: everything about this door was as it stands at `at`. False where somebody has stood before it on a later day."""
    require_keeping(by)
    with hand_reach(by) as seen:
        row = own_household(seen, id)
        late = _is_late(row, at)
        if not late:
            Household.objects.filter(pk=id).update(verified_on=day_of(at), verified_by=hand_id(seen))
        _noted(seen, Act.HOUSEHOLD_VERIFIED, row, **_told_late(late))
    return not late


def tell_occupancy(*, by: Hand, at: datetime, id: UUID, occupancy: str) -> bool:
    """What became of this door, as somebody saw who stood before it at `at`. False where somebody was there on a later day."""
    require_keeping(by)
    _require_occupancy(occupancy)
    with hand_reach(by) as seen:
        row = own_household(seen, id)
        late = _is_late(row, at)
        if not late:
            if occupancy in (Occupancy.VACANT, Occupancy.MOVED):
                _require_nobody(row)
            Household.objects.filter(pk=id).update(
                occupancy=occupancy, verified_on=day_of(at), verified_by=hand_id(seen)
            )
        _noted(seen, Act.HOUSEHOLD_CHANGED, row, occupancy=occupancy, **_told_late(late))
    return not late


def verify_households(*, by: Reach, at: datetime, ids: Sequence[UUID]) -> int:
    """The same for a day's list typed back in one pass; answers how many there were within the officer's own area."""
    require_keeping(by)
    with reach(by) as seen:
        rows = Household.objects.filter(held(seen), pk__in=ids, closed_at=None)
        verified = rows.update(verified_on=day_of(at), verified_by=seen.officer_id)
        note(Act.HOUSEHOLD_VERIFIED, by=seen, subject="HOUSEHOLD", count=verified)
    return verified


def change_household(
    *, by: Reach, at: datetime, id: UUID, occupancy: str | None = None, address: str | None = None,
    note: str | None = None, walking_order: int | None = None,
) -> None:  # fmt: skip
    """What is said is put in place of what stood; whoever changes a door has stood before it, so it is verified."""
    require_keeping(by)
    if occupancy is not None:
        _require_occupancy(occupancy)
    with reach(by) as seen:
        row = own_household(seen, id)
        if occupancy in (Occupancy.VACANT, Occupancy.MOVED):
            _require_nobody(row)
        stood = open_door(row).facts
        facts = DoorTold(
            address=stood.address if address is None else address, note=stood.note if note is None else note
        )
        new: dict[str, Any] = {
            "occupancy": occupancy or row.occupancy,
            "walking_order": row.walking_order if walking_order is None else walking_order,
            "sealed": sealed_again(row, facts),
            "verified_on": day_of(at),
            "verified_by": seen.officer_id,
        }
        Household.objects.filter(pk=id).update(**new)
        _noted(seen, Act.HOUSEHOLD_CHANGED, row, occupancy=new["occupancy"])


def close_household(*, by: Reach, at: datetime, id: UUID) -> None:
    """The door is no more (torn down, a mistake). Its code is never given again."""
    require_keeping(by)
    with reach(by) as seen:
        row = own_household(seen, id)
        _require_nobody(row)
        Household.objects.filter(pk=id).update(closed_at=at)
        _noted(seen, Act.HOUSEHOLD_CLOSED, row)


def _is_late(row: Household, at: datetime) -> bool:
    """Whether somebody has stood before the door on a later day: what is told of an earlier one changes nothing."""
    return row.verified_on is not None and row.verified_on > day_of(at)


def _told_late(late: bool) -> dict[str, object]:
    return {"late": True} if late else {}


def _require_occupancy(occupancy: str) -> None:
    if occupancy not in Occupancy.values:
        raise Refusal("OCCUPANCY_UNKNOWN", "请选择这一户的居住情况。", "Choose how the door is lived in.")


def _require_nobody(row: Household) -> None:
    there = StayInHousehold.objects.filter(household=row, until_at=None).exclude(state=StayState.MOVED_OUT)
    if there.exists():
        raise Refusal(
            "HOUSEHOLD_LIVED_IN",
            "这一户还登记着人，请先把他们迁出或迁移。",
            "People are registered there: move them first.",
            status=409,
        )


def _require_division(by: Reach, division: str) -> None:
    if not is_code(division) or level(division) not in _LEVELS:
        raise Refusal("DIVISION_UNKNOWN", "请选择所在的村（社区）或网格。", "Choose the village or grid.")
    if by.kind != "WORK":
        by.require_cover(division)


def _rows(doors: Sequence[Door], at: datetime) -> list[Household]:
    keys, day = key_folder().files(day_of(at)), day_of(at)
    numbers, orders = _last(doors)
    rows = []
    for door in doors:
        division = canonical(door.division)
        numbers[division] += 1
        orders[division] += 10
        own = FileKey.new(keys, uuid7(at=at))
        row = Household(
            id=own.id,
            code=f"{prefix(division)}-{numbers[division]:04d}",
            division=division,
            jurisdiction=as_integer(division),
            opened_on=day,
            opened_at=at,
            occupancy=door.occupancy,
            walking_order=orders[division] if door.walking_order is None else door.walking_order,
            wrapped_key=own.wrapped,
            sealed=own.seal(as_json(door.facts)),
        )
        rows.append(row)
    return rows


def _last(doors: Sequence[Door]) -> tuple[dict[str, int], dict[str, int]]:
    """By division the last running number, and the last place in walking order."""
    numbers: dict[str, int] = defaultdict(int)
    orders: dict[str, int] = defaultdict(int)
    with connection.cursor() as cursor:
        cursor.execute(_LAST_NUMBERS, [sorted({canonical(door.division) for door in doors})])
        for division, number, order in cursor.fetchall():
            numbers[division], orders[division] = number, order
    return numbers, orders


def _noted(by: Hand, act: Act, row: Household, **details: object) -> None:
    noted(by, act, f"HOUSEHOLD {row.pk}", jurisdiction=row.jurisdiction, **details)
