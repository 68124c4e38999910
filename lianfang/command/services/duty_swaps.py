"""Swaps: another takes a slot, perhaps against one of his; who was planned first stays written down."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Case, F, Value, When

from lianfang.command.models import DutySlot, DutySwap
from lianfang.command.queries.headquarters import in_sight, require_kept
from lianfang.command.services.duty_slots import (
    LONGEST_REASON,
    able_member,
    locked_slots,
    member_to_plan,
    note_slot,
    overlaps_refused,
    require_own_or_kept,
    wrong_state,
)
from lianfang.command.services.writing import on_one_line
from lianfang.kernel.audit import Act
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal


@transaction.atomic
def ask_for_swap(
    *, by: Reach, id: UUID, person: UUID, in_return: UUID | None = None, reason: str, at: datetime
) -> DutySwap:
    """Asks that somebody of the same group take the slot; `in_return`: a slot of his that is taken for it."""
    slots = locked_slots(by, [id, in_return] if in_return else [id])
    slot, other = slots[0], slots[1] if in_return else None
    require_own_or_kept(by, slot)
    reason = on_one_line(reason, longest=LONGEST_REASON)
    if not reason:
        raise Refusal("REASON_MISSING", "请写明换班原因。", "Say why.")
    who = able_member(slot, person, at)
    _require_ahead(slot, at)
    if other is not None:
        _require_ahead(other, at)
        if other.person_id != who.id or other.group_id != slot.group_id:
            raise Refusal(
                "NOT_HIS_SLOT",
                "换来的要是对方在同一组的值班。",
                "In return one takes a slot of his in the same group.",
            )
    try:
        with transaction.atomic():
            made = DutySwap.objects.create(
                slot=slot, from_person=slot.person, to_person=who, in_return=other, reason=reason,
                asked_by=by.officer_id, asked_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refusal(
            "SWAP_ASKED", "这个值班已经在申请换班。", "A swap of this slot is asked for already.", status=409
        ) from error
    note_slot(Act.DUTY_SWAP_ASKED, by, slot, swap=str(made.id), person=str(who.id))
    return made


@transaction.atomic
def decide_swap(*, by: Reach, id: UUID, granted: bool, at: datetime) -> DutySwap:
    """Another officer than the one who asked grants or refuses it. Granted, both slots change hands at once."""
    by.require("KEEP_DUTY")
    known = DutySwap.objects.filter(
        in_sight(by, "slot__group__headquarters__"), pk=id, slot__withdrawn_at=None
    )
    ids = known.values_list("slot_id", "in_return_id").first()
    if ids is None:
        raise NotFound("SWAP_UNKNOWN", "没有这个换班申请。", "There is no such request.")
    # What was to be given in return may have been taken back meanwhile: refused it can be all the same.
    slots = locked_slots(by, [one for one in (ids if granted else ids[:1]) if one])
    swap = DutySwap.objects.select_for_update().get(pk=id)
    require_kept(by, slots[0].group.headquarters)
    if swap.state != "ASKED":
        raise Refusal("SWAP_DECIDED", "这个申请已经批过了。", "It has been decided already.", status=409)
    if swap.asked_by == by.officer_id:
        raise Forbidden(
            "OWN_SWAP", "自己提的换班由别人来批。", "Somebody else decides about what you asked for."
        )
    if granted:
        _change_hands(swap, slots, at)
    swap.state = "GRANTED" if granted else "REFUSED"
    swap.decided_by, swap.decided_at = by.officer_id, at
    swap.save(update_fields=["state", "decided_by", "decided_at"])
    note_slot(Act.DUTY_SWAP_DECIDED, by, slots[0], swap=str(swap.id), granted=granted)
    return swap


def _change_hands(swap: DutySwap, slots: list[DutySlot], at: datetime) -> None:
    """In one statement, at whose end the database looks whether anybody is in two places."""
    for slot, holder in zip(slots, (swap.from_person_id, swap.to_person_id), strict=False):
        _require_ahead(slot, at)
        if slot.person_id != holder:
            raise wrong_state(slot)
    member_to_plan(slots[0].group_id, swap.to_person_id, at)
    takers = {slots[0].id: swap.to_person_id}
    if len(slots) > 1:
        takers[slots[1].id] = swap.from_person_id
    person = Case(*(When(pk=id, then=Value(taker)) for id, taker in takers.items()), default=F("person_id"))
    with overlaps_refused():
        DutySlot.objects.filter(pk__in=takers).update(person_id=person, changed_at=at)


def _require_ahead(slot: DutySlot, at: datetime) -> None:
    if slot.state != "PLANNED" or slot.ends_at <= at:
        raise wrong_state(slot)
