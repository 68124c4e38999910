"""Paper is typed in: the rows of a vehicle become a passage, as the checkpoint's own device, through the intake's journey."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from lianfang.checkpoints.intake.reception import Sender
from lianfang.checkpoints.models import Checkpoint, PaperPad
from lianfang.checkpoints.services.joining import add_to_vehicle, party_above, row_above
from lianfang.checkpoints.services.paper import (
    MOST_PEOPLE,
    Written,
    hold_rows,
    note_paper,
    pad_within,
    paper_device,
    refuse_written,
    reserve_rows,
)
from lianfang.journeys.receiving import receive
from lianfang.kernel.audit import Act
from lianfang.kernel.days import SHANGHAI
from lianfang.kernel.ids import derived
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Refusal

Fields = Mapping[str, Any]


class Typed(NamedTuple):
    """A vehicle that was typed in: its passage, and what was odd or missing about it and its people."""

    passage_id: UUID
    flags: tuple[str, ...]


def type_rows(
    *, by: Reach, at: datetime, pad: int, written: Written, header: Fields, people: Sequence[Fields]
) -> Typed:
    """`header` and `people` as the contract names them, without ids; `written.rows` says on which row each person stands.

    The id of the passage stands in the rows' lines before anything is sent, so whatever is lost on the way, typing the
    rows again makes no second passage. Raises RowTyped when it stands already.
    """
    by.require("TRANSCRIBE_PAPER")
    found = pad_within(by, pad, PaperPad.Purpose.ENTRY)
    refuse_written(found, written, at)
    sender = _sender(found.checkpoint)
    reserve_rows(by=by, at=at, pad=found, written=written)
    with reach(by) as seen:
        passage_id = hold_rows(by=seen, at=at, pad=found, written=written)
        passage = _passage(found.checkpoint, passage_id, written, header, people)
        (receipt,) = receive(_parcel(passage), sender=sender, at=at)
        _note(found, seen, passage_id, rows=sorted(set(written.rows)), people=len(people))
    return Typed(passage_id, _flags(receipt))


def join_row(*, by: Reach, at: datetime, pad: int, row: int, people: Sequence[Fields]) -> Typed:
    """A row whose people sat in the vehicle of the row above (同上), which was typed in without them.

    The passage is sent again as it was, with the new people at its end: what stands is met, what is new is kept.
    """
    by.require("TRANSCRIBE_PAPER")
    found = pad_within(by, pad, PaperPad.Purpose.ENTRY)
    with reach(by) as seen:
        above = row_above(by=seen, pad=found, row=row)
        passage_id, header, party = party_above(by=seen, line=above)
        new = _numbered(passage_id, [row] * len(people), people)
        known = [person for person in party if person["id"] not in {one["id"] for one in new}]
        passage = {**header, "people": [*known, *new]}
        (receipt,) = receive(_parcel(passage), sender=_sender(found.checkpoint), at=at)
        add_to_vehicle(by=seen, at=at, above=above, row=row, people=len(people))
        _note(found, seen, passage_id, rows=[row], people=len(people))
    return Typed(passage_id, _flags(receipt))


def _note(pad: PaperPad, by: Reach, passage_id: UUID, *, rows: list[int], people: int) -> None:
    note_paper(Act.PAPER_TYPED, pad, by=by, count=people, rows=rows, passage=str(passage_id))


def _sender(checkpoint: Checkpoint) -> Sender:
    device = paper_device(checkpoint)
    return Sender(device.id, checkpoint.code, device.enrolled_at, device.expires_at, False, None)


def _passage(
    checkpoint: Checkpoint, passage_id: UUID, written: Written, header: Fields, people: Sequence[Fields]
) -> dict[str, Any]:
    return {
        **header,
        "id": str(passage_id),
        "checkpoint": checkpoint.code,
        "source": "PAPER",
        "plate": written.plate or None,
        "occurred_at": written.occurred_at.astimezone(SHANGHAI).isoformat(),
        "people": _numbered(passage_id, written.rows, people),
    }


def _numbered(passage_id: UUID, rows: Sequence[int], people: Sequence[Fields]) -> list[dict[str, Any]]:
    """People with ids that belong to their rows: typed again, they are the same people."""
    on_row: Counter[int] = Counter()
    party = []
    for row, person in zip(rows, people, strict=True):
        party.append({**person, "id": str(derived(passage_id, row * MOST_PEOPLE + on_row[row]))})
        on_row[row] += 1
    return party


def _parcel(passage: dict[str, Any]) -> bytes:
    return msgspec.json.encode({"items": [{"kind": "PASSAGE", "passage": passage}]})


def _flags(receipt: dict[str, Any]) -> tuple[str, ...]:
    """Of the passage and of everybody in it. What could not be kept is said, and nothing is then."""
    records = [receipt, *receipt["people"]]
    for record in records:
        if record["status"] == "SET_ASIDE":
            error = record["error"]
            raise Refusal(error["code"], error["zh"], error["en"])
    return tuple(sorted({flag for record in records for flag in record["flags"]}))
