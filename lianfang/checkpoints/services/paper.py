"""Pads of the paper register, and the rows typed from them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from lianfang.checkpoints.intake.moments import AHEAD, OLDEST
from lianfang.checkpoints.models import Checkpoint, Device, PaperLine, PaperPad, Passage
from lianfang.checkpoints.paper import MOST_ROWS, ROWS_A_PAGE, label
from lianfang.checkpoints.queries.within import held
from lianfang.kernel import plates
from lianfang.kernel.audit import Act, note
from lianfang.kernel.days import day_of
from lianfang.kernel.ids import uuid7
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.kernel.tokens import hashed, new_token

PAPER_DEVICE = "纸质录入"
FOR_EVER = timedelta(days=36_500)
MOST_PEOPLE = 100


class RowTyped(Refusal):
    """The row was typed before; `row` is where what stands can be seen."""

    def __init__(self, pad: int, row: int) -> None:
        name = label(pad, row)
        super().__init__(
            "ROW_TYPED",
            f"{name} 已经录入过，下面是录入的内容。",
            f"{name} was typed before: this is what stands.",
            status=409,
        )
        self.row = row


@transaction.atomic
def make_pad(*, by: Reach, checkpoint: str, purpose: str, rows: int, at: datetime) -> PaperPad:
    """A pad with a number of its own, to be printed in sheets of twenty rows."""
    by.require("TRANSCRIBE_PAPER")
    post = Checkpoint.objects.filter(held(by), pk=checkpoint, closed_at=None).first()
    if post is None:
        raise NotFound(
            "CHECKPOINT_UNKNOWN", "辖区内没有这个卡口。", "There is no such checkpoint in your area."
        )
    if purpose not in PaperPad.Purpose.values:
        raise Refusal("PURPOSE_UNKNOWN", "请选择登记簿的用途。", "Choose what the pad is for.")
    if rows % ROWS_A_PAGE or not ROWS_A_PAGE <= rows <= MOST_ROWS:
        raise Refusal(
            "PAD_ROWS",
            f"行数是 {ROWS_A_PAGE} 的倍数，最多 {MOST_ROWS} 行。",
            f"A pad has a multiple of {ROWS_A_PAGE} rows, at most {MOST_ROWS}.",
        )
    made = PaperPad.objects.create(
        checkpoint=post, purpose=purpose, rows=rows, printed_by=by.officer_id, printed_at=at
    )
    note_paper(Act.PAPER_PRINTED, made, by=by, purpose=purpose, rows=rows)
    return made


def note_paper(act: Act, pad: PaperPad, *, by: Reach, count: int = 1, **details: Any) -> None:
    """Notes what was done with a pad of the checkpoint."""
    note(
        act, by=by, subject=f"PAD {pad.number}", count=count, jurisdiction=pad.checkpoint.jurisdiction,
        details={"checkpoint": pad.checkpoint.code, **details},
    )  # fmt: skip


def pad_within(by: Reach, pad: int, purpose: str | None = None) -> PaperPad:
    """The pad of a checkpoint within reach; the same refusal whether there is none or it is another's."""
    found = (
        PaperPad.objects.select_related("checkpoint")
        .filter(held(by, "checkpoint__jurisdiction"), pk=pad)
        .first()
    )
    if found is None or purpose not in (None, found.purpose):
        raise NotFound("PAD_UNKNOWN", "辖区内没有这本登记簿。", "There is no such pad in your area.")
    return found


def paper_device(checkpoint: Checkpoint) -> Device:
    """The device as which a checkpoint's paper is typed in, made once. Nobody holds its token, which is revoked anyway."""
    known, _ = Device.objects.get_or_create(
        pk=uuid5(NAMESPACE_URL, f"lianfang paper {checkpoint.code}"),
        defaults={
            "checkpoint": checkpoint,
            "name": PAPER_DEVICE,
            "token_hash": hashed(new_token("paper")),
            "enrolled_at": checkpoint.opened_at - FOR_EVER,
            "expires_at": checkpoint.opened_at + FOR_EVER,
            "revoked_at": checkpoint.opened_at,
        },
    )
    return known


@dataclass(frozen=True, slots=True)
class Written:
    """What stands on paper about one vehicle: when, its plate, and the row of each person, in order.

    People written on one row share it; the rows of a vehicle follow each other.
    """

    occurred_at: datetime
    plate: str
    rows: tuple[int, ...]

    @property
    def plate_index(self) -> bytes | None:
        key = plates.read(self.plate).key
        return key_folder().month(day_of(self.occurred_at)).optional_index(f"PLATE:{key}" if key else None)

    def people_on(self, row: int) -> int:
        return self.rows.count(row)


def refuse_written(pad: PaperPad, written: Written, at: datetime) -> None:
    """What cannot be typed: rows that the pad has not, and moments on which nothing would count."""
    rows = written.rows
    if not rows or rows[0] < 1 or rows[-1] > pad.rows:
        raise Refusal(
            "ROW_UNKNOWN", f"这本登记簿只有 1–{pad.rows} 行。", f"This pad has rows 1 to {pad.rows}."
        )
    if len(rows) > MOST_PEOPLE or any(after - before not in (0, 1) for before, after in pairwise(rows)):
        raise Refusal(
            "ROWS_APART",
            "同一辆车的人要写在相连的行里。",
            "The people of one vehicle stand on rows in a sequence.",
        )
    if not at - OLDEST <= written.occurred_at <= at + AHEAD:
        raise Refusal(
            "ROW_TIME",
            f"时间要在最近 {OLDEST.days} 天内，不能晚于现在；请核对日期。",
            f"The time lies within the last {OLDEST.days} days and not ahead: check the date.",
        )


@transaction.atomic
def reserve_rows(*, by: Reach, at: datetime, pad: PaperPad, written: Written) -> None:
    """Gives the rows their lines, and with them the id of the passage to come, before anything is sent.

    Rows that have one keep it: typed again after a lost connection, they make the same passage.
    """
    passage_id = uuid7(at=written.occurred_at)
    PaperLine.objects.bulk_create(
        [
            PaperLine(
                pad=pad,
                row=row,
                passage_id=passage_id,
                plate_index=written.plate_index,
                occurred_at=written.occurred_at,
                people=written.people_on(row),
                typed_by=by.officer_id,
                typed_at=at,
            )
            for row in dict.fromkeys(written.rows)
        ],
        ignore_conflicts=True,
    )


def hold_rows(*, by: Reach, at: datetime, pad: PaperPad, written: Written) -> UUID:
    """Locks the lines until the transaction ends, and answers the id under which their passage is sent.

    Inside `with reach(by)`. Raises RowTyped where a passage stands already.
    """
    lines = list(
        PaperLine.objects.select_for_update().filter(pad=pad, row__in=set(written.rows)).order_by("row")
    )
    standing = set(
        Passage.objects.filter(held(by), pk__in={line.passage_id for line in lines}).values_list(
            "pk", flat=True
        )
    )
    for line in lines:
        if line.passage_id in standing:
            raise RowTyped(pad.number, line.row)
    passage_id = lines[0].passage_id
    for line in lines:
        line.passage_id, line.plate_index = passage_id, written.plate_index
        line.occurred_at, line.people = written.occurred_at, written.people_on(line.row)
        line.typed_by, line.typed_at = by.officer_id, at
    PaperLine.objects.bulk_update(
        lines, ["passage_id", "plate_index", "occurred_at", "people", "typed_by", "typed_at"]
    )
    if passage_id is None:
        raise RuntimeError("a row of an ENTRY pad without the id of its passage")
    return passage_id


@transaction.atomic
def keep_pilot_row(
    *, by: Reach, at: datetime, pad: int, row: int, written: Written, people: int
) -> PaperLine:
    """A row of a PILOT pad: only a plate, a moment and a number of people, to be compared. Typed once."""
    by.require("TRANSCRIBE_PAPER")
    found = pad_within(by, pad, PaperPad.Purpose.PILOT)
    refuse_written(found, written, at)
    if not 0 <= people <= MOST_PEOPLE * 5:
        raise Refusal("PEOPLE_ABSURD", "人数不对，请核对。", "This is no number of people: check it.")
    line, made = PaperLine.objects.get_or_create(
        pad=found,
        row=row,
        defaults={
            "plate_index": written.plate_index,
            "occurred_at": written.occurred_at,
            "people": people,
            "typed_by": by.officer_id,
            "typed_at": at,
        },
    )
    if not made:
        raise RowTyped(pad, row)
    note_paper(Act.PAPER_TYPED, found, by=by, count=people, rows=[row])
    return line
