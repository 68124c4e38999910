"""A grid's doors on paper: printed with a number, walked without a phone, typed back in one pass."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from lianfang.kernel.audit import Act, note
from lianfang.kernel.audit.references import new_reference
from lianfang.kernel.divisions import canonical, is_code, level, span
from lianfang.kernel.histories import id_taken, write_once
from lianfang.kernel.ids import derived
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.kernel.within import held
from lianfang.people.opening import open_person
from lianfang.people.queries.kept import rows_kept
from lianfang.referrals.models import Referral, ReferralSheet
from lianfang.referrals.services.answering import Acted, answer
from lianfang.referrals.services.placing import move_on
from lianfang.referrals.services.writing import ReferralNote
from lianfang.referrals.states import ANSWERS, Kind, ReferralState

MOST_ROWS, ROWS_A_PAGE = 200, 20
TOO_LARGE = ("PROVINCE", "CITY", "COUNTY")
# Whose door somebody still goes to.
WALKED = (ReferralState.SENT, ReferralState.ACCEPTED, ReferralState.NOT_HERE, ReferralState.WRONG_ADDRESS)
A_MINUTE = timedelta(minutes=1)  # times are typed to the minute


@dataclass(frozen=True, slots=True)
class Mark:
    """One row as it was marked. Where he went on to: `destination`, whether that place is `vacant`."""

    row: int
    kind: str
    destination: str = ""
    vacant: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class TypedMark:
    """What became of a row: done, or refused in words."""

    row: int
    kind: str
    acted: Acted | None
    refusal: Refusal | None = None


def print_sheet(*, by: Reach, at: datetime, id: UUID, division: str) -> ReferralSheet:
    """The list with a number of its own; asked for again under the same id it is the same list, and is noted again: names
    and telephones leave the program with every print. Inside `reach()`.
    """
    by.require("ANSWER_REFERRALS")
    if not is_code(division) or level(division) in TOO_LARGE:
        raise Refusal(
            "SHEET_PLACE", "请选择网格、村（社区）或乡镇街道。", "Choose a grid, a village or a township."
        )
    by.require_cover(division)
    before = ReferralSheet.objects.filter(held(by), id=id).first()
    if before is not None and before.division != canonical(division):
        raise id_taken()
    if before is not None:
        _note_print(by, before)
        return before
    rows = _in_walking_order(by, division)
    if not rows:
        raise Refusal("SHEET_EMPTY", "这里今天没有要上门的人。", "Nobody is to be called on there today.")
    made = ReferralSheet(
        id=id, division=canonical(division), jurisdiction=span(division)[0], printed_at=at, printed_by=by.officer_id,
        reference=new_reference(), referrals=[row.id for row in rows],
    )  # fmt: skip
    write_once(made)
    _note_print(by, made)
    return made


def _note_print(by: Reach, sheet: ReferralSheet) -> None:
    note(
        Act.EXPORTED, by=by, subject=f"REFERRAL_SHEET {sheet.id}", count=len(sheet.referrals),
        jurisdiction=sheet.jurisdiction, details={"division": sheet.division, "reference": sheet.reference},
    )  # fmt: skip


def type_in(
    *,
    by: Reach,
    at: datetime,
    sheet: ReferralSheet,
    walked_at: datetime,
    marks: Sequence[Mark],
    city: str | None,
) -> list[TypedMark]:
    """Each row an act of its own, under an id made from the sheet's: typed again it is done once, and a refused one hinders
    no other. What was answered later in another way meanwhile stays as it is. Inside `reach()`.
    """
    by.require_own(sheet.jurisdiction)
    if not sheet.printed_at - A_MINUTE < walked_at <= at:
        raise Refusal(
            "WALKED_WHEN", "上门时间应在打印之后、现在之前。", "The round was after printing and before now."
        )
    # All of them by id before the first is acted on: whoever hands over locks in that order too, and neither waits for the other.
    list(Referral.objects.select_for_update().filter(pk__in=sheet.referrals).order_by("id").values_list("id"))
    typed = [_typed(by, at, sheet, walked_at, mark, city) for mark in marks]
    done = sum(one.acted is not None and not one.acted.repeated for one in typed)
    note(
        Act.PAPER_TYPED, by=by, subject=f"REFERRAL_SHEET {sheet.id}", count=done, jurisdiction=sheet.jurisdiction,
        details={"division": sheet.division, "rows": len(marks)},
    )  # fmt: skip
    return typed


def act_of(sheet: UUID, row: int, kind: str) -> UUID:
    """The id of the act that a mark on paper is."""
    return derived(sheet, row * 10 + ANSWERS.index(Kind(kind)))


def walking(address: str) -> tuple[tuple[bool, int, str], ...]:
    """House 3 before house 12: figures in an address by what they count."""
    parts = re.findall(r"[0-9]+|[^0-9]+", address)
    return tuple((part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts)


def unknown_sheet() -> NotFound:
    return NotFound("SHEET_UNKNOWN", "辖区内没有这张清单。", "There is no such list in your area.")


def _in_walking_order(by: Reach, division: str) -> list[Referral]:
    """Door by door, those who came together together."""
    lo, hi = span(division)
    rows = list(
        Referral.objects.filter(held(by), state__in=WALKED, jurisdiction__gte=lo, jurisdiction__lte=hi)
        .order_by("due_at", "id")[:MOST_ROWS]
    )  # fmt: skip
    files = rows_kept({row.person_id for row in rows if row.person_id})
    address = {id: open_person(file).facts.address for id, file in files.items()}

    def place(row: Referral) -> tuple[int, tuple[tuple[bool, int, str], ...], UUID, UUID]:
        told = address.get(row.person_id, "") if row.person_id else ""
        return row.jurisdiction, walking(told), row.passage_id, row.registration_id

    return sorted(rows, key=place)


def _typed(
    by: Reach, at: datetime, sheet: ReferralSheet, walked_at: datetime, mark: Mark, city: str | None
) -> TypedMark:
    try:
        with transaction.atomic():
            return TypedMark(mark.row, mark.kind, _act(by, at, sheet, walked_at, mark, city))
    except Refusal as refusal:
        return TypedMark(mark.row, mark.kind, None, refusal)


def _act(
    by: Reach, at: datetime, sheet: ReferralSheet, walked_at: datetime, mark: Mark, city: str | None
) -> Acted:
    if mark.kind not in ANSWERS or not 1 <= mark.row <= len(sheet.referrals):
        raise Refusal("ANSWER_UNKNOWN", "请选择一种答复。", "Choose one of the answers.")
    known: dict[str, Any] = {
        "by": by, "at": at, "id": act_of(sheet.id, mark.row, mark.kind), "referral": sheet.referrals[mark.row - 1],
        "occurred_at": walked_at, "written": ReferralNote(note=mark.note) if mark.note else None, "from_paper": True,
    }  # fmt: skip
    if mark.kind == Kind.MOVED_ON:
        return move_on(destination=mark.destination, city=city, vacant=mark.vacant, **known)
    return answer(kind=mark.kind, **known)
