"""A slot on its way: signed in, marked absent, replaced. Its own officer acts, or a desk that keeps the plan for him."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from lianfang.command.models import DutyPerson, DutySlot, Membership
from lianfang.command.queries.headquarters import in_sight, is_kept, is_member, require_kept
from lianfang.command.rules.duty import SIGNED_IN_FROM, may_sign_in
from lianfang.command.services.writing import on_one_line
from lianfang.kernel.audit import Act, note
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal

LONGEST_REASON = 200


@transaction.atomic
def sign_in_for_duty(*, by: Reach, id: UUID, at: datetime) -> DutySlot:
    """He is there (签到). Again: nothing changes. Whoever came after he was marked absent signs in as well."""
    slot = locked_slot(by, id)
    require_own_or_kept(by, slot)
    if slot.state != "ON_DUTY":
        put_on_duty(by, slot, at)
    return slot


def put_on_duty(by: Reach, slot: DutySlot, at: datetime) -> None:
    """Signs a locked slot in, in the transaction at hand."""
    if not may_sign_in(slot, at):
        raise _not_now(slot, at)
    with overlaps_refused():
        slot.state, slot.absent_reason = "ON_DUTY", ""
        slot.signed_in_at, slot.signed_in_by, slot.changed_at = at, by.officer_id, at
        slot.save(update_fields=["state", "absent_reason", "signed_in_at", "signed_in_by", "changed_at"])
    note_slot(Act.DUTY_SIGNED_IN, by, slot, own=slot.person.officer_id == by.officer_id)


def _not_now(slot: DutySlot, at: datetime) -> Refusal:
    if slot.state not in ("PLANNED", "ABSENT"):
        return wrong_state(slot)
    if at < slot.begins_at:
        hour = int(SIGNED_IN_FROM.total_seconds()) // 3600
        return Refusal(
            "DUTY_NOT_YET",
            f"还没有到时间：开始前 {hour} 小时起可以签到。",
            f"Not yet: one signs in from {hour} hour before it begins.",
        )
    return Refusal(
        "DUTY_OVER", "这个值班已经过去，不能再签到。", "This slot is over: nobody signs in to it any more."
    )


@transaction.atomic
def mark_absent(*, by: Reach, id: UUID, reason: str, at: datetime) -> DutySlot:
    """He does not come, or has not: the slot is due and empty until somebody replaces him."""
    slot = locked_slot(by, id)
    require_kept(by, slot.group.headquarters)
    reason = on_one_line(reason, longest=LONGEST_REASON)
    if not reason:
        raise Refusal("REASON_MISSING", "请写明缺勤原因。", "Say why he does not come.")
    if slot.state != "PLANNED":
        raise wrong_state(slot)
    slot.state, slot.absent_reason, slot.changed_at = "ABSENT", reason, at
    slot.save(update_fields=["state", "absent_reason", "changed_at"])
    note_slot(Act.DUTY_ABSENT, by, slot)
    return slot


@transaction.atomic
def replace_absent(*, by: Reach, id: UUID, person: UUID, at: datetime) -> DutySlot:
    """Another takes the place of one who is absent: a slot of its own, in which the first one's name stays."""
    slot = locked_slot(by, id)
    require_kept(by, slot.group.headquarters)
    if slot.state != "ABSENT":
        raise wrong_state(slot)
    if slot.ends_at <= at:
        raise Refusal("DUTY_OVER", "这个值班已经过去。", "This slot is over.")
    other = able_member(slot, person, at)
    with overlaps_refused():
        made = DutySlot.objects.create(
            group=slot.group, person=other, planned_person=slot.planned_person, instead_of=slot, on_date=slot.on_date,
            part=slot.part, role=slot.role, begins_at=slot.begins_at, ends_at=slot.ends_at, planned_by=by.officer_id,
            planned_at=at, changed_at=at,
        )  # fmt: skip
    slot.state, slot.changed_at = "REPLACED", at
    slot.save(update_fields=["state", "changed_at"])
    note_slot(Act.DUTY_REPLACED, by, slot, replacement=str(made.id), person=str(other.id))
    return made


def locked_slot(by: Reach, id: UUID) -> DutySlot:
    """A slot in sight that was not taken back, held until the transaction ends."""
    return locked_slots(by, [id])[0]


def locked_slots(by: Reach, ids: list[UUID]) -> list[DutySlot]:
    """In the order asked for, locked in the order of their ids, so that nobody waits for one who waits for him."""
    by.require("VIEW_DUTY")
    rows = DutySlot.objects.select_for_update(of=("self",)).select_related("group__headquarters", "person")
    here = rows.filter(in_sight(by, "group__headquarters__"), pk__in=ids, withdrawn_at=None)
    found = {row.id: row for row in here.order_by("id")}
    if len(found) < len(set(ids)):
        raise NotFound(
            "DUTY_UNKNOWN",
            "辖区内没有这个值班，或者已经撤销。",
            "There is no such slot, or it was taken back.",
        )
    return [found[id] for id in ids]


def require_own_or_kept(by: Reach, slot: DutySlot) -> None:
    if slot.person.officer_id != by.officer_id and not is_kept(by, slot.group.headquarters):
        raise Forbidden(
            "DUTY_OF_ANOTHER",
            "这是别人的值班，由本人或管排班的值班员来办。",
            "This is another's slot: he does this himself, or a desk that keeps the plan.",
        )


def able_member(slot: DutySlot, person: UUID, at: datetime) -> DutyPerson:
    """Somebody else of the same group who can do duty."""
    if person == slot.person_id:
        raise Refusal("SAME_PERSON", "请选择另一个人。", "Choose somebody else.")
    return member_to_plan(slot.group_id, person, at)


def member_to_plan(group: UUID, person: UUID, at: datetime) -> DutyPerson:
    found = (
        Membership.objects.filter(is_member(at), group=group, person=person)
        .exclude(person__officer__left_at__isnull=False)
        .select_related("person")
        .first()
    )
    if found is None:
        raise Refusal(
            "NOT_A_MEMBER",
            "这个组里没有这个人，请先编入。",
            "Nobody like that is in the group: add him first.",
        )
    return found.person


@contextmanager
def overlaps_refused() -> Iterator[None]:
    """The database keeps a person's slots apart; what it refuses is said in words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "one_at_a_time" not in str(error):
            raise
        raise Refusal(
            "DUTY_OVERLAPS",
            "这个人这段时间已有值班，一个人不能同时值两处。",
            "This person has duty during these hours already: nobody is in two places at once.",
            status=409,
        ) from error


def wrong_state(slot: DutySlot) -> Refusal:
    return Refusal(
        "DUTY_STATE",
        f"现在的状态是“{DutySlot.State(slot.state).label}”，不能这样办，请刷新页面。",
        f"It stands at {slot.state}, where this cannot be done: open the page again.",
        status=409,
    )


def note_slot(act: Act, by: Reach, slot: DutySlot, **details: object) -> None:
    note(
        act, by=by, subject=f"DUTY_SLOT {slot.id}", jurisdiction=slot.group.headquarters.lo,
        details={"group": slot.group.code, "day": slot.on_date.isoformat(), "part": slot.part, **details},
    )  # fmt: skip
