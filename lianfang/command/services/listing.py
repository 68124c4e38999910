"""A list of responsible persons, overlays or grid staff is taken as a whole: every row is accounted for, none is guessed.

Whoever stands already as the row says goes on standing; who is another ends, and the one of the row begins, in this one act.
Nobody is ended because a list does not name him.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from lianfang.command.models import GridStaff, Overlay, ResponsiblePerson
from lianfang.command.rules.listed import (
    ACCEPTED,
    FLAGGED,
    REFUSED,
    Accounted,
    ListedPerson,
    RowOutcome,
    place_read,
)
from lianfang.command.rules.responsibility import ANSWERABLE, OVERLAY_KINDS, REPLACED
from lianfang.command.services.grid_staff import Laid, Worker, required_overlay, required_worker
from lianfang.command.services.responsibility import Official, changed_meanwhile, required_official
from lianfang.kernel import phones
from lianfang.kernel.audit import Act, note
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import level, span
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Refusal
from lianfang.regions.gazetteer import Gazetteer
from lianfang.regions.queries import gazetteer_within

Row = ResponsiblePerson | Overlay | GridStaff
BATCH = 5_000


@dataclass(slots=True)
class _Changes:
    """What a list changes: who begins, who ends, who is acknowledged; and which of its rows said so first."""

    by: Reach
    at: datetime
    standing: dict[tuple[str, ...], Row]
    said: dict[tuple[str, ...], int] = field(default_factory=dict)
    begins: list[Row] = field(default_factory=list)
    ends: list[Row] = field(default_factory=list)
    taken: list[UUID] = field(default_factory=list)


@transaction.atomic
def take_list(
    *, by: Reach, at: datetime, listed: Sequence[ListedPerson], only_read: bool = False
) -> Accounted:
    """Takes every row it can, within the officer's own area. `only_read`: says what would become of each, and does nothing."""
    by.require("KEEP_RESPONSIBILITY")
    places = gazetteer_within(by.spans, day_of(at))
    found = [_placed(by, places, one) for one in listed]
    changes = _Changes(by, at, _standing({code for code in found if isinstance(code, str)}))
    rows = tuple(_outcome(changes, one, place) for one, place in zip(listed, found, strict=True))
    accounted = Accounted(rows)
    if not only_read:
        _write(changes)
        figures = {"began": len(changes.begins), "ended": len(changes.ends), **accounted.counts()}
        note(
            Act.RESPONSIBILITY_IMPORTED,
            by=by,
            count=len(rows) - figures["refused"],
            jurisdiction=by.spans[0][0] if len(by.spans) == 1 else None,
            details=figures,
        )
    return accounted


def _placed(by: Reach, places: Gazetteer, one: ListedPerson) -> str | Refusal:
    said = "".join(one.place.split())
    found = places.read(said)
    if refusal := place_read(said, found, map(places.path, found)):
        return refusal
    code = found[0]
    if not by.covers(code) or level(code) not in ANSWERABLE:
        return Refusal("OUT_OF_REACH", "不在您的管辖范围内。", "This lies outside your area.")
    return code


def _standing(codes: set[str]) -> dict[tuple[str, ...], Row]:
    """Whoever stands for these divisions now, held until the transaction ends."""
    rows: list[Row] = [
        *_held(ResponsiblePerson.objects.filter(division__in=codes)),
        *_held(Overlay.objects.filter(division__in=codes)),
        *_held(GridStaff.objects.filter(division__in=codes)),
    ]
    return {_stands_as(row): row for row in rows}


def _held(rows: QuerySet) -> Iterable[Row]:
    return rows.filter(until_at=None).select_for_update(no_key=True).order_by("id")


def _stands_as(row: Row) -> tuple[str, ...]:
    kind = row.kind if not isinstance(row, GridStaff) else ""
    title = row.title if isinstance(row, Overlay) else ""
    return ListedPerson(0, "", kind, row.name, row.phone, title=title).stands_as(row.division)


def _outcome(changes: _Changes, one: ListedPerson, place: str | Refusal) -> RowOutcome:
    try:
        if one.problem is not None:
            raise one.problem
        if isinstance(place, Refusal):
            raise place
        odd = _take(changes, one, place)
    except Refusal as refusal:
        return RowOutcome(one.line, REFUSED, refusal)
    return RowOutcome(one.line, FLAGGED if odd else ACCEPTED, odd)


def _take(changes: _Changes, one: ListedPerson, division: str) -> Refusal | None:
    """Notes what the row changes; answers what is odd about it."""
    made = _made(changes, one, division)
    key = replace(one, name=made.name, title=getattr(made, "title", "")).stands_as(division)
    if key in changes.said:
        line = changes.said[key]
        raise Refusal("ROW_TWICE", f"与第 {line} 行重复。", f"The same as line {line}.")
    before = changes.standing.get(key)
    if before is not None and before.from_at >= changes.at:
        raise changed_meanwhile()
    changes.said[key] = one.line
    odd = _odd_phone(one)
    if before is None:
        changes.begins.append(made)
    elif _is_same(before, made):
        if one.taken and isinstance(before, ResponsiblePerson) and before.acknowledged_at is None:
            changes.taken.append(before.id)
    else:
        _goes_on(changes, before, made)
        changes.ends.append(before)
        changes.begins.append(made)
        odd = odd or _replaces(before, made)
    return odd


def _goes_on(changes: _Changes, before: Row, made: Row) -> None:
    """Of the same person only particulars changed: what he took on he has still, and his account is his."""
    if (
        not isinstance(made, ResponsiblePerson)
        or not isinstance(before, ResponsiblePerson)
        or before.name != made.name
    ):
        return
    made.officer_id = before.officer_id
    if before.acknowledged_at is not None and made.acknowledged_at is None:
        made.acknowledged_at, made.acknowledged_by = changes.at, before.acknowledged_by


def _made(changes: _Changes, one: ListedPerson, division: str) -> Row:
    """The row of the table that this row of the list would begin; raises what it lacks."""
    lo, hi = span(division)
    common = {"division": division, "lo": lo, "hi": hi, "from_at": changes.at}
    by = changes.by.officer_id
    if one.is_official:
        official = required_official(Official(one.name, one.unit, one.phone))
        return ResponsiblePerson(
            **common, level=level(division), kind=one.kind, name=official.name, unit=official.unit, phone=official.phone,
            assigned_by=by, acknowledged_at=changes.at if one.taken else None, acknowledged_by=by if one.taken else None,
        )  # fmt: skip
    if one.kind in OVERLAY_KINDS:
        laid = required_overlay(Laid(one.kind, one.title, one.name, one.phone))
        return Overlay(
            **common, kind=laid.kind, title=laid.title, name=laid.name, phone=laid.phone, placed_by=by
        )
    worker = required_worker(division, Worker(one.kind, one.name, one.phone, one.unit, one.duties))
    return GridStaff(
        **common, kind=worker.kind, name=worker.name, phone=worker.phone, home_unit=worker.home_unit,
        duties=list(worker.duties), placed_by=by,
    )  # fmt: skip


def _is_same(before: Row, made: Row) -> bool:
    said = ("name", "phone", "unit", "title", "kind", "home_unit", "duties")
    return all(getattr(before, name, None) == getattr(made, name, None) for name in said)


def _odd_phone(one: ListedPerson) -> Refusal | None:
    if not phones.read(one.phone).flags:
        return None
    return Refusal("PHONE_ODD", "已收下，电话看着不对，请核对。", "Taken; the telephone looks odd: check it.")


def _replaces(before: Row, made: Row) -> Refusal:
    if before.name == made.name:
        return Refusal(
            "CHANGED",
            "同一个人，电话或单位等改了，改前的留在经过里。",
            "The same person with other particulars.",
        )
    return Refusal(
        "REPLACED",
        f"换下了 {before.name}，他的记录留在经过里。",
        f"Replaced {before.name}, whose record stays.",
    )


def _write(changes: _Changes) -> None:
    at, by = changes.at, changes.by.officer_id
    for model in (ResponsiblePerson, Overlay, GridStaff):
        over = [row.pk for row in changes.ends if isinstance(row, model)]
        how = {"ended_as": REPLACED} if model is ResponsiblePerson else {}
        model.objects.filter(pk__in=over).update(until_at=at, ended_by=by, **how)
    said_yes = ResponsiblePerson.objects.filter(pk__in=changes.taken)
    said_yes.update(acknowledged_at=at, acknowledged_by=by)
    try:
        with transaction.atomic():
            for model in (ResponsiblePerson, Overlay, GridStaff):
                begun: list[Any] = [row for row in changes.begins if isinstance(row, model)]
                model.objects.bulk_create(begun, batch_size=BATCH)
    except IntegrityError as error:
        raise changed_meanwhile() from error
