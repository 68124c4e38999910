"""One hands the duty of a group to the next (交班): nothing that is open may be missing, and the successor accepts it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction

from lianfang.command.models import DutyHandover, DutySlot
from lianfang.command.queries.headquarters import in_sight
from lianfang.command.rules.duty import may_take_over
from lianfang.command.services.duty_slots import (
    locked_slot,
    locked_slots,
    note_slot,
    put_on_duty,
    require_own_or_kept,
    wrong_state,
)
from lianfang.command.services.writing import as_a_note
from lianfang.kernel.audit import Act
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import NotFound, Refusal

LONGEST_DUTY_NOTE = 1000


class Open(Protocol):
    """Something that waits, as rooms above find it. `key` names it among the others."""

    @property
    def key(self) -> str: ...
    @property
    def as_json(self) -> dict[str, Any]: ...


@transaction.atomic
def hand_duty_over(
    *, by: Reach, id: UUID, note: str, open_items: Sequence[Open], listed: Collection[str], at: datetime
) -> DutyHandover:
    """Writes the note; the slot is over when somebody accepts it.

    `open_items` is what the program finds at this moment, `listed` the keys of what stood in the note when it was
    signed: whatever opened in between is read first.
    """
    slot = locked_slot(by, id)
    require_own_or_kept(by, slot)
    if slot.state != "ON_DUTY":
        raise wrong_state(slot)
    if DutyHandover.objects.filter(slot=slot).exists():
        raise Refusal(
            "DUTY_HANDED_ALREADY",
            "已经交班，等接班的人接班。",
            "It is handed over already and waits to be accepted.",
            status=409,
        )
    _require_listed(open_items, listed)
    made = DutyHandover.objects.create(
        slot=slot, note=as_a_note(note, longest=LONGEST_DUTY_NOTE), open_items=[item.as_json for item in open_items],
        handed_by=by.officer_id, handed_at=at,
    )  # fmt: skip
    _changed(slot, at)
    note_slot(Act.DUTY_HANDED_OVER, by, slot, handover=str(made.id), items=len(open_items))
    return made


@transaction.atomic
def accept_duty(
    *, by: Reach, id: UUID, slot: UUID, open_items: Sequence[Open], listed: Collection[str], at: datetime
) -> DutyHandover:
    """The successor takes over, and is on duty with it. The same again: nothing changes.

    `slot` is the successor's, of the same group and role. Two officers: nobody accepts what he handed over.
    """
    known = DutyHandover.objects.filter(in_sight(by, "slot__group__headquarters__"), pk=id)
    giving = known.values_list("slot_id", flat=True).first()
    if giving is None:
        raise NotFound(
            "DUTY_HANDOVER_UNKNOWN", "辖区内没有这次交班。", "There is no such handover in your area."
        )
    given, taken = locked_slots(by, [giving, slot])
    found = DutyHandover.objects.select_for_update().get(pk=id)
    require_own_or_kept(by, taken)
    if found.accepted_at is not None:
        return _accepted_before(found, taken)
    if found.handed_by == by.officer_id:
        raise Refusal(
            "OWN_HANDOVER",
            "交班和接班要两个人，请接班的人用自己的账号接班。",
            "It takes two: whoever takes over accepts under their own name.",
        )
    _require_successor(given, taken, at)
    _require_listed(open_items, [*listed, *(_key(item) for item in found.open_items)])
    handed = {_key(item) for item in found.open_items}
    if taken.state != "ON_DUTY":
        put_on_duty(by, taken, at)
    found.accepted_slot, found.accepted_by, found.accepted_at = taken, by.officer_id, at
    found.added_items = [item.as_json for item in open_items if item.key not in handed]
    found.save()
    given.state = "HANDED_OVER"
    _changed(given, at)
    note_slot(Act.DUTY_TAKEN_OVER, by, taken, handover=str(found.id), from_slot=str(given.id))
    return found


def _accepted_before(found: DutyHandover, taken: DutySlot) -> DutyHandover:
    if found.accepted_slot_id != taken.id:
        raise Refusal("HANDOVER_TAKEN", "别人已经接班了。", "Somebody else has accepted it.", status=409)
    return found


def _require_successor(given: DutySlot, taken: DutySlot, at: datetime) -> None:
    """Of another person: of the two slots a person may have one after the other, he hands none to himself."""
    fits = (
        taken.group_id == given.group_id and taken.role == given.role and taken.person_id != given.person_id
    )
    if not fits or not may_take_over(taken, at):
        raise Refusal(
            "NOT_THE_SUCCESSOR",
            "接班的要是同一组、同为带班或值班、现在到岗的另一个人。",
            "The successor is somebody else of the same group and role whose hours have come.",
        )


def _require_listed(open_items: Sequence[Open], listed: Collection[str]) -> None:
    missing = [item for item in open_items if item.key not in listed]
    if missing:
        raise Refusal(
            "OPEN_ITEMS_MISSING",
            f"有 {len(missing)} 项未了的事没有列在交班里，请看过下面的清单再办。",
            f"{len(missing)} open items are not in the note: read the list below and sign again.",
            status=409,
        )


def _key(item: dict[str, Any]) -> str:
    return f"{item['kind']} {item['about']}"


def _changed(slot: DutySlot, at: datetime) -> None:
    slot.changed_at = at
    slot.save(update_fields=["state", "changed_at"])
