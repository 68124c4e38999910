"""Acts on what lies over a division and who works in it: overlays and grid staff are placed and ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from lianfang.command.models import GridStaff, Overlay
from lianfang.command.rules.responsibility import DUTIES, OVERLAY_KINDS, STAFF_KINDS
from lianfang.command.services.responsibility import (
    LONGEST_OFFICIAL,
    LONGEST_UNIT,
    required_division,
    required_phone,
    typed,
)
from lianfang.kernel.audit import Act, note
from lianfang.kernel.divisions import level, span
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import NotFound, Refusal

WORKED_IN = ("VILLAGE", "GRID", "MICRO_GRID")


@dataclass(frozen=True, slots=True)
class Worker:
    """What is said of somebody who works in a grid: of which kind, sent by which unit, with which of the five duties."""

    kind: str
    name: str
    phone: str
    home_unit: str = ""
    duties: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Laid:
    """What is said of an overlay: its kind, what it is called, who holds it."""

    kind: str
    title: str
    name: str
    phone: str


@transaction.atomic
def place_staff(*, by: Reach, at: datetime, division: str, worker: Worker) -> GridStaff:
    """Somebody works in a village, community or grid from now on."""
    by.require("KEEP_RESPONSIBILITY")
    division = required_division(by, division, at)
    worker = required_worker(division, worker)
    lo, hi = span(division)
    _require_once(GridStaff, division, name=worker.name, phone=worker.phone)
    made = GridStaff.objects.create(
        division=division, lo=lo, hi=hi, kind=worker.kind, name=worker.name, phone=worker.phone,
        home_unit=worker.home_unit, duties=list(worker.duties), from_at=at, placed_by=by.officer_id,
    )  # fmt: skip
    _note(Act.STAFF_PLACED, by, f"STAFF {made.id}", made)
    return made


@transaction.atomic
def end_staff(*, by: Reach, at: datetime, id: UUID) -> GridStaff:
    """He works there no longer. Again: nothing changes."""
    by.require("KEEP_RESPONSIBILITY")
    found = GridStaff.objects.select_for_update(no_key=True).filter(pk=id).first()
    if found is None or not by.covers(found.division):
        raise NotFound(
            "STAFF_UNKNOWN", "辖区内没有这名网格人员。", "There is nobody of that id in your area."
        )
    if _ended(found, by, at):
        _note(Act.STAFF_ENDED, by, f"STAFF {found.id}", found)
    return found


@transaction.atomic
def place_overlay(*, by: Reach, at: datetime, division: str, laid: Laid) -> Overlay:
    """A responsibility area or vanguard post lies over the division from now on."""
    by.require("KEEP_RESPONSIBILITY")
    division = required_division(by, division, at)
    laid = required_overlay(laid)
    lo, hi = span(division)
    _require_once(Overlay, division, kind=laid.kind, title=laid.title)
    made = Overlay.objects.create(
        division=division, lo=lo, hi=hi, kind=laid.kind, title=laid.title, name=laid.name, phone=laid.phone, from_at=at,
        placed_by=by.officer_id,
    )  # fmt: skip
    _note(Act.OVERLAY_PLACED, by, f"OVERLAY {made.id}", made)
    return made


@transaction.atomic
def end_overlay(*, by: Reach, at: datetime, id: UUID) -> Overlay:
    """It lies there no longer. Again: nothing changes."""
    by.require("KEEP_RESPONSIBILITY")
    found = Overlay.objects.select_for_update(no_key=True).filter(pk=id).first()
    if found is None or not by.covers(found.division):
        raise NotFound(
            "OVERLAY_UNKNOWN", "辖区内没有这个责任区或先锋岗。", "There is none such in your area."
        )
    if _ended(found, by, at):
        _note(Act.OVERLAY_ENDED, by, f"OVERLAY {found.id}", found)
    return found


def required_worker(division: str, worker: Worker) -> Worker:
    """With what was typed cleaned."""
    if level(division) not in WORKED_IN:
        raise Refusal(
            "GRID_UNKNOWN", "请选择一个村、社区或网格。", "Choose a village, a community or a grid."
        )
    if worker.kind not in STAFF_KINDS:
        raise Refusal("KIND_UNKNOWN", "请选人员类别。", "Choose of which kind he is.")
    if not set(worker.duties) <= set(DUTIES):
        raise Refusal("DUTY_UNKNOWN", "职责只有五大员的五项。", "There are five duties and no others.")
    name, duties = typed(worker.name, LONGEST_OFFICIAL), [one for one in DUTIES if one in worker.duties]
    if not name:
        raise Refusal("NAME_MISSING", "请填写姓名。", "The name is missing.")
    return Worker(
        worker.kind, name, required_phone(worker.phone), typed(worker.home_unit, LONGEST_UNIT), duties
    )


def required_overlay(laid: Laid) -> Laid:
    """With what was typed cleaned."""
    if laid.kind not in OVERLAY_KINDS:
        raise Refusal("KIND_UNKNOWN", "请选责任区或先锋岗。", "Choose an area or a post.")
    title, name = typed(laid.title, LONGEST_UNIT), typed(laid.name, LONGEST_OFFICIAL)
    if not title or not name:
        raise Refusal("NAME_MISSING", "请填写名称和姓名。", "Say what it is called and who holds it.")
    return Laid(laid.kind, title, name, required_phone(laid.phone))


def _require_once(model: type[GridStaff | Overlay], division: str, **said: str) -> None:
    """A form sent twice is one: two at once take turns until the first has ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"lianfang places {division}"])
    if model.objects.filter(division=division, until_at=None, **said).exists():
        raise Refusal(
            "STANDS_ALREADY", "这里已经有了，没有重复加入。", "This stands here already.", status=409
        )


def _ended(found: GridStaff | Overlay, by: Reach, at: datetime) -> bool:
    if found.until_at is not None or found.from_at >= at:
        return False
    found.until_at, found.ended_by = at, by.officer_id
    found.save(update_fields=["until_at", "ended_by"])
    return True


def _note(act: Act, by: Reach, subject: str, row: GridStaff | Overlay) -> None:
    note(
        act, by=by, subject=subject, jurisdiction=row.lo, details={"division": row.division, "kind": row.kind}
    )
