"""A row of paper that belongs to the vehicle of the row above (同上), typed in after it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from lianfang.checkpoints.models import PaperLine, PaperPad, Passage, Registration
from lianfang.checkpoints.opening import State, open_passage, open_person
from lianfang.checkpoints.queries.lists import people_of
from lianfang.checkpoints.queries.within import held
from lianfang.checkpoints.services.paper import RowTyped
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Refusal


def row_above(*, by: Reach, pad: PaperPad, row: int) -> PaperLine:
    """The nearest row before this one, locked until the transaction ends. Raises RowTyped when this one was typed."""
    if not 1 <= row <= pad.rows:
        raise Refusal(
            "ROW_UNKNOWN", f"这本登记簿只有 1–{pad.rows} 行。", f"This pad has rows 1 to {pad.rows}."
        )
    lines = PaperLine.objects.filter(pad=pad, row__lte=row).order_by("-row")
    above = lines.filter(row__lt=row).select_for_update().first()
    here = lines.filter(row=row).first()
    if here is not None and _passage_of(by, here) is not None:
        raise RowTyped(pad.number, row)
    if above is None:
        raise _nothing_above()
    return above


def party_above(*, by: Reach, line: PaperLine) -> tuple[UUID, dict[str, Any], list[dict[str, Any]]]:
    """The id of its passage, the header and the people, as they were sent."""
    passage = _passage_of(by, line)
    if passage is None:
        raise _nothing_above()
    party: list[Registration] = people_of(by, [passage.id])[passage.id]
    opened = [open_passage(passage), *(open_person(person) for person in party)]
    if any(part.state != State.OPEN for part in opened):
        raise Refusal(
            "RECORD_CLOSED",
            "上一行的记录已按期销毁，不能再加人。",
            "The record of the row above was destroyed on schedule: nobody can be added to it.",
        )
    header, *people = (part.fields for part in opened)
    return passage.id, header, people


def add_to_vehicle(*, by: Reach, at: datetime, above: PaperLine, row: int, people: int) -> None:
    """The row's line. The vehicle is to be looked at again: it is not what the second look has seen."""
    PaperLine.objects.update_or_create(
        pad_id=above.pad_id,
        row=row,
        defaults={
            "passage_id": above.passage_id,
            "plate_index": above.plate_index,
            "occurred_at": above.occurred_at,
            "people": people,
            "typed_by": by.officer_id,
            "typed_at": at,
        },
    )
    PaperLine.objects.filter(pad_id=above.pad_id, passage_id=above.passage_id).update(
        checked_by=None, checked_at=None, explanation=""
    )


def _passage_of(by: Reach, line: PaperLine) -> Passage | None:
    return Passage.objects.filter(held(by), pk__in=[line.passage_id]).first()


def _nothing_above() -> Refusal:
    return Refusal(
        "NOTHING_ABOVE",
        "上面没有录入过的行，“同上”不知道是哪辆车。",
        "No row above was typed in: “same as above” names no vehicle.",
    )
