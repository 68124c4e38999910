"""One slot with what became of it; handovers that wait, and those there were; swaps to decide."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from lianfang.command.models import DutyHandover, DutySlot, DutySwap, Officer
from lianfang.command.queries.duty import SlotLine, slot_lines
from lianfang.command.queries.headquarters import HeadquartersLine, in_sight, is_kept
from lianfang.command.rules.duty import SIGNED_IN_FROM, may_take_over
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import NotFound

HANDOVERS_A_PAGE = 30


@dataclass(frozen=True, slots=True)
class DutyHandoverLine:
    """A handover with the names of both. `mine`: the reader signed it, so somebody else accepts."""

    id: UUID
    slot: UUID
    group: UUID
    group_zh: str
    group_en: str
    role: str
    on: Any
    part: str
    giver: str
    taker: str
    note: str
    open_items: list[dict[str, Any]]
    added_items: list[dict[str, Any]]
    handed_by: str
    handed_at: datetime
    accepted_by: str
    accepted_at: datetime | None
    mine: bool
    lo: int
    hi: int


@dataclass(frozen=True, slots=True)
class HandoverPage:
    lines: list[DutyHandoverLine]
    next_before: UUID | None


@dataclass(frozen=True, slots=True)
class SwapLine:
    """A request with the slots it is about. `mine`: the reader asked, so somebody else decides."""

    id: UUID
    slot: SlotLine
    from_name: str
    to_name: str
    in_return: SlotLine | None
    reason: str
    state: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    mine: bool


@dataclass(frozen=True, slots=True)
class SlotFile:
    """A slot with its story. `kept`: the reader writes the plan; `instead`: whom he replaces, or who replaced him."""

    line: SlotLine
    headquarters: UUID
    headquarters_name: str
    division: str
    lo: int
    hi: int
    kept: bool
    planned_by: str
    planned_at: datetime
    signed_in_by: str
    signed_in_at: datetime | None
    absent_reason: str
    replacement: UUID | None
    replaced_by: str
    instead_of: UUID | None
    handover: DutyHandoverLine | None
    swaps: list[SwapLine]


def duty_slot_file(reach: Reach, id: UUID) -> SlotFile:
    """NotFound where there is none in sight, or it was taken back."""
    reach.require("VIEW_DUTY")
    rows = DutySlot.objects.filter(in_sight(reach, "group__headquarters__"), pk=id, withdrawn_at=None)
    row = (
        rows.select_related("group__headquarters", "replacement__person")
        .annotate(planner=_name_of("planned_by"), signer=_name_of("signed_in_by"))
        .first()
    )
    if row is None:
        raise NotFound(
            "DUTY_UNKNOWN",
            "辖区内没有这个值班，或者已经撤销。",
            "There is no such slot, or it was taken back.",
        )
    replacement = getattr(row, "replacement", None)
    of = row.group.headquarters
    return SlotFile(
        line=slot_lines(reach, rows)[0],
        headquarters=of.id,
        headquarters_name=of.name,
        division=of.division,
        lo=of.lo,
        hi=of.hi,
        kept=is_kept(reach, of),
        planned_by=row.planner or "",
        planned_at=row.planned_at,
        signed_in_by=row.signer or "",
        signed_in_at=row.signed_in_at,
        absent_reason=row.absent_reason,
        replacement=replacement.id if replacement else None,
        replaced_by=replacement.person.name if replacement else "",
        instead_of=row.instead_of_id,
        handover=next(iter(_handover_lines(reach, DutyHandover.objects.filter(slot=id))), None),
        swaps=_swap_lines(reach, DutySwap.objects.filter(slot=id).order_by("asked_at", "id")),
    )


def handovers_waiting(reach: Reach, headquarters: HeadquartersLine) -> list[DutyHandoverLine]:
    """Handed over and not accepted, who waits longest first."""
    reach.require("VIEW_DUTY")
    rows = DutyHandover.objects.filter(slot__group__headquarters=headquarters.id, accepted_at=None)
    return _handover_lines(reach, rows.order_by("handed_at", "id"))


def handover_page(
    reach: Reach, headquarters: HeadquartersLine, *, before: UUID | None = None
) -> HandoverPage:
    """Those there were, the newest first."""
    reach.require("VIEW_DUTY")
    rows = DutyHandover.objects.filter(slot__group__headquarters=headquarters.id)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    lines = _handover_lines(reach, rows.order_by("-pk")[: HANDOVERS_A_PAGE + 1])
    shown = lines[:HANDOVERS_A_PAGE]
    return HandoverPage(shown, shown[-1].id if len(lines) > len(shown) else None)


def duty_handover(reach: Reach, id: UUID) -> DutyHandoverLine:
    reach.require("VIEW_DUTY")
    rows = DutyHandover.objects.filter(in_sight(reach, "slot__group__headquarters__"), pk=id)
    found = next(iter(_handover_lines(reach, rows)), None)
    if found is None:
        raise NotFound(
            "DUTY_HANDOVER_UNKNOWN", "辖区内没有这次交班。", "There is no such handover in your area."
        )
    return found


def successors(reach: Reach, handover: DutyHandoverLine, *, at: datetime) -> list[SlotLine]:
    """The slots that may take it over now, of which the reader may act for."""
    given = DutySlot.objects.select_related("group__headquarters").get(pk=handover.slot)
    rows = DutySlot.objects.filter(
        group=given.group_id, role=given.role, withdrawn_at=None, ends_at__gt=at, begins_at__lte=at + SIGNED_IN_FROM,
    ).exclude(person=given.person_id)  # fmt: skip
    kept = is_kept(reach, given.group.headquarters)
    return [one for one in slot_lines(reach, rows) if may_take_over(one, at) and (kept or one.mine)]


def swaps_waiting(reach: Reach, headquarters: HeadquartersLine, *, at: datetime) -> list[SwapLine]:
    """Requests about slots that can still change hands, who asked first first."""
    reach.require("VIEW_DUTY")
    rows = DutySwap.objects.filter(
        slot__group__headquarters=headquarters.id, state="ASKED", slot__withdrawn_at=None, slot__state="PLANNED",
        slot__ends_at__gt=at,
    )  # fmt: skip
    return _swap_lines(reach, rows.order_by("asked_at", "id"))


def _handover_lines(reach: Reach, rows: QuerySet[DutyHandover]) -> list[DutyHandoverLine]:
    found = rows.select_related(
        "slot__person", "slot__group__headquarters", "accepted_slot__person"
    ).annotate(giver=_name_of("handed_by"), taker=_name_of("accepted_by"))
    return [_handover_line(reach, row) for row in found]


def _handover_line(reach: Reach, row: Any) -> DutyHandoverLine:
    slot, group = row.slot, row.slot.group
    return DutyHandoverLine(
        id=row.id,
        slot=slot.id,
        group=group.id,
        group_zh=group.name_zh,
        group_en=group.name_en,
        role=slot.role,
        on=slot.on_date,
        part=slot.part,
        giver=slot.person.name,
        taker=row.accepted_slot.person.name if row.accepted_slot else "",
        note=row.note,
        open_items=row.open_items,
        added_items=row.added_items,
        handed_by=row.giver or "",
        handed_at=row.handed_at,
        accepted_by=row.taker or "",
        accepted_at=row.accepted_at,
        mine=row.handed_by == reach.officer_id,
        lo=group.headquarters.lo,
        hi=group.headquarters.hi,
    )


def _swap_lines(reach: Reach, rows: QuerySet[DutySwap]) -> list[SwapLine]:
    found: list[Any] = list(
        rows.select_related("from_person", "to_person").annotate(
            asker=_name_of("asked_by"), decider=_name_of("decided_by")
        )
    )
    ids = {one for row in found for one in (row.slot_id, row.in_return_id) if one}
    about = {line.id: line for line in slot_lines(reach, DutySlot.objects.filter(pk__in=ids))}
    return [
        SwapLine(
            row.id, about[row.slot_id], row.from_person.name, row.to_person.name, about.get(row.in_return_id), row.reason,
            row.state, row.asker or "", row.asked_at, row.decider or "", row.decided_at,
            mine=row.asked_by == reach.officer_id,
        )
        for row in found
    ]  # fmt: skip


def slots_to_give(reach: Reach, slot: SlotLine, *, at: datetime) -> list[SlotLine]:
    """What others of the group could give in return for a slot: theirs that nobody has begun."""
    reach.require("VIEW_DUTY")
    rows = DutySlot.objects.filter(
        ~Q(person=slot.person), group=slot.group, state="PLANNED", withdrawn_at=None, begins_at__gt=at
    )
    return slot_lines(reach, rows)[:50]


def _name_of(column: str) -> Subquery:
    return Subquery(Officer.objects.filter(pk=OuterRef(column)).values("name"))
