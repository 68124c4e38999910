"""Acts on who answers for a division: somebody is assigned, acknowledged, replaced, ended. Nothing is rewritten.

What is said of a person is added once; to replace is to end and to begin in one act. Two desks at once: the database lets
one principal stand at any instant, and the second is told.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from lianfang.command.models import Officer, ResponsiblePerson
from lianfang.command.rules.responsibility import ANSWERABLE, ENDED, PRINCIPAL, REPLACED, RESPONSIBLE_KINDS
from lianfang.kernel import phones
from lianfang.kernel.audit import Act, note
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import canonical, is_code, level, span
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.regions.queries import find

LONGEST_OFFICIAL = 40
LONGEST_UNIT = 80


@dataclass(frozen=True, slots=True)
class Official:
    """What is said of somebody who is given a division: name, unit and title, duty telephone; his account, if any."""

    name: str
    unit: str
    phone: str
    officer_id: UUID | None = None


@transaction.atomic
def assign_responsible(
    *, by: Reach, at: datetime, division: str, kind: str, official: Official, acknowledged: bool = False
) -> ResponsiblePerson:
    """Somebody is to answer for a division, as its principal or a further deputy.

    `acknowledged`: he has said yes already, on the telephone or in person; until he does, the division is vacant.
    """
    by.require("KEEP_RESPONSIBILITY")
    division = required_division(by, division, at)
    if kind not in RESPONSIBLE_KINDS:
        raise Refusal("KIND_UNKNOWN", "请选责任人或副责任人。", "Choose principal or deputy.")
    made = _begin(by, at, division, kind, required_official(official), acknowledged)
    _note(Act.RESPONSIBLE_ASSIGNED, by, made, acknowledged=acknowledged)
    return made


@transaction.atomic
def acknowledge_responsible(*, by: Reach, at: datetime, id: UUID) -> ResponsiblePerson:
    """He has taken it on: he says so himself, or a desk he told. Again: nothing changes."""
    found = _standing(by, at, id, himself=True)
    if found.acknowledged_at is None:
        found.acknowledged_at, found.acknowledged_by = at, by.officer_id
        found.save(update_fields=["acknowledged_at", "acknowledged_by"])
        _note(Act.RESPONSIBLE_ACKNOWLEDGED, by, found)
    return found


@transaction.atomic
def replace_responsible(
    *, by: Reach, at: datetime, id: UUID, official: Official, acknowledged: bool = False
) -> ResponsiblePerson:
    """The one ends and another begins in his place, both or neither."""
    by.require("KEEP_RESPONSIBILITY")
    found = _standing(by, at, id)
    _end(by, at, found, REPLACED)
    made = _begin(by, at, found.division, found.kind, required_official(official), acknowledged)
    _note(Act.RESPONSIBLE_REPLACED, by, made, acknowledged=acknowledged, before=str(found.id))
    return made


@transaction.atomic
def end_responsible(*, by: Reach, at: datetime, id: UUID) -> ResponsiblePerson:
    """From now on he answers for it no longer, and nobody does in his place: the division is vacant."""
    by.require("KEEP_RESPONSIBILITY")
    found = _standing(by, at, id)
    _end(by, at, found, ENDED)
    _note(Act.RESPONSIBLE_ENDED, by, found)
    return found


def required_division(by: Reach, division: str, at: datetime) -> str:
    """The code as the register keeps it, of a division that stands there today and lies within the officer's own area."""
    known = find(division, day_of(at)) if is_code(division) else None
    if known is None or known.level not in ANSWERABLE:
        raise Refusal(
            "DIVISION_UNKNOWN", "登记里没有这个地方，请在列表里选。", "There is no such division: choose one."
        )
    by.require_cover(known.code)
    return known.code


def required_official(official: Official) -> Official:
    """With what was typed cleaned."""
    name, unit = typed(official.name, LONGEST_OFFICIAL), typed(official.unit, LONGEST_UNIT)
    if not name:
        raise Refusal("NAME_MISSING", "请填写姓名。", "The name is missing.")
    if official.officer_id is not None:
        known = Officer.objects.filter(pk=official.officer_id, left_at=None)
        if not known.exclude(sign_in_name__startswith="system:").exists():
            raise Refusal("OFFICER_UNKNOWN", "没有这个账号，请重新选。", "There is no such account.")
    return replace(official, name=name, unit=unit, phone=required_phone(official.phone))


def required_phone(text: str) -> str:
    """As it is dialled; an odd one is kept, for many a duty room has a number of its own."""
    number = phones.read(text).key
    if not any(mark.isdigit() for mark in number):
        raise Refusal(
            "PHONE_MISSING", "请填写值班电话。", "The telephone is missing: somebody has to be called."
        )
    return number[:LONGEST_OFFICIAL]


def typed(text: str, longest: int) -> str:
    return "".join(mark for mark in text if mark.isprintable()).strip()[:longest]


def changed_meanwhile() -> Refusal:
    return Refusal(
        "CHANGED_MEANWHILE",
        "刚才有人改过这里的责任人，请重新打开再办。",
        "Somebody has just changed who answers for this place: open the page again.",
        status=409,
    )


def _begin(
    by: Reach, at: datetime, division: str, kind: str, official: Official, acknowledged: bool
) -> ResponsiblePerson:
    lo, hi = span(division)
    row = ResponsiblePerson(
        division=canonical(division), level=level(division), lo=lo, hi=hi, kind=kind, name=official.name,
        unit=official.unit, phone=official.phone, officer_id=official.officer_id, from_at=at, assigned_by=by.officer_id,
        acknowledged_at=at if acknowledged else None, acknowledged_by=by.officer_id if acknowledged else None,
    )  # fmt: skip
    _require_free(row, at)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise changed_meanwhile() from error
    return row


def _require_free(row: ResponsiblePerson, at: datetime) -> None:
    """One principal, and no deputy twice. The database asks the first again for two desks at once."""
    standing = ResponsiblePerson.objects.filter(division=row.division, kind=row.kind, until_at=None)
    if row.kind == PRINCIPAL and standing.exists():
        raise Refusal(
            "PRINCIPAL_STANDS",
            "这里已有责任人，要换人请用“更换”。",
            "There is a principal already: replace him instead.",
            status=409,
        )
    if row.kind != PRINCIPAL and standing.filter(name=row.name, phone=row.phone).exists():
        raise Refusal(
            "DEPUTY_STANDS", "这个人已经是这里的副责任人。", "He is a deputy here already.", status=409
        )


def _standing(by: Reach, at: datetime, id: UUID, *, himself: bool = False) -> ResponsiblePerson:
    """One who stands still, held until the transaction ends: of the officer's own area, or `himself`, the officer."""
    found = ResponsiblePerson.objects.select_for_update(no_key=True).filter(pk=id).first()
    own = himself and found is not None and found.officer_id == by.officer_id
    if found is None or not (own or by.covers(found.division)):
        raise NotFound(
            "RESPONSIBLE_UNKNOWN", "辖区内没有这名责任人。", "There is no such person in your area."
        )
    if not own:
        by.require("KEEP_RESPONSIBILITY")
    if found.until_at is not None or found.from_at >= at:
        raise changed_meanwhile()
    return found


def _end(by: Reach, at: datetime, found: ResponsiblePerson, how: str) -> None:
    found.until_at, found.ended_by, found.ended_as = at, by.officer_id, how
    found.save(update_fields=["until_at", "ended_by", "ended_as"])


def _note(act: Act, by: Reach, row: ResponsiblePerson, **details: object) -> None:
    said = {"division": row.division, "kind": row.kind, **details}
    note(act, by=by, subject=f"RESPONSIBLE {row.id}", jurisdiction=row.lo, details=said)
