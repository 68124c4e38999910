"""Pads of the paper register within reach: how many rows were typed, looked at again, and left out; and one row as it stands."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from lianfang.checkpoints.models import Checkpoint, PaperLine, Passage, Registration
from lianfang.checkpoints.opening import Standing, State, standing
from lianfang.checkpoints.paper import gaps, label, listed
from lianfang.checkpoints.queries.lists import corrections_of, people_of
from lianfang.checkpoints.queries.within import held, held_written_out
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach

NEWEST_PADS = 100


class RowLine(NamedTuple):
    """A row that was typed, as lists show it. `stored` is False when what was typed did not arrive: type it again."""

    row: int
    stored: bool
    passage_id: UUID | None
    occurred_at: datetime
    people: int
    typed_by: str
    typed_at: datetime
    checked_by: str
    checked_at: datetime | None
    explanation: str
    mine: bool


@dataclass(frozen=True, slots=True)
class PadLine:
    """A pad with the rows that were typed in and those that had their second look."""

    number: int
    checkpoint: str
    checkpoint_name: str
    purpose: str
    rows: int
    printed_at: datetime
    printed_by: str
    typed: tuple[int, ...]
    checked: int
    last_typed_on: date | None

    @property
    def label(self) -> str:
        return label(self.number)

    @property
    def gaps(self) -> str:
        """17, 18: rows before the last one that nobody typed in."""
        return listed(gaps(self.typed))

    @property
    def missing(self) -> list[int]:
        return gaps(self.typed)

    @property
    def unchecked(self) -> int:
        return len(self.typed) - self.checked

    @property
    def next_row(self) -> int | None:
        """Where typing goes on: after the last row; None at the end."""
        after = max(self.typed, default=0) + 1
        return after if after <= self.rows else next(iter(self.missing), None)


# A row counts when what was made of it stands: of a PILOT pad the line itself, of an ENTRY pad its passage.
_STANDS = "(p.purpose = 'PILOT' OR EXISTS (SELECT FROM passage r WHERE r.id = l.passage_id AND {r_within}))"
_PADS = f"""
SELECT p.number, p.checkpoint_id, c.name, p.purpose, p.rows, p.printed_at, coalesce(o.name, ''),
       coalesce(array_agg(l.row ORDER BY l.row) FILTER (WHERE {_STANDS}), '{{{{}}}}') AS typed,
       count(l.checked_at) FILTER (WHERE {_STANDS}), max(l.occurred_at)
FROM paper_pad p JOIN checkpoint c ON c.code = p.checkpoint_id
LEFT JOIN paper_line l ON l.pad_id = p.number LEFT JOIN officer o ON o.id = p.printed_by
WHERE {{c_within}} AND (%(pad)s::bigint IS NULL OR p.number = %(pad)s)
GROUP BY p.number, c.code, o.id ORDER BY p.number DESC LIMIT {NEWEST_PADS}
"""
_ROWS = f"""
SELECT l.row, {_STANDS}, l.passage_id, l.occurred_at, l.people, coalesce(t.name, ''), l.typed_at, coalesce(k.name, ''),
       l.checked_at, l.explanation, l.typed_by = %(me)s
FROM paper_line l JOIN paper_pad p ON p.number = l.pad_id JOIN checkpoint c ON c.code = p.checkpoint_id
LEFT JOIN officer t ON t.id = l.typed_by LEFT JOIN officer k ON k.id = l.checked_by
WHERE {{c_within}} AND p.number = %(pad)s ORDER BY l.row
"""


def pads(reach: Reach) -> list[PadLine]:
    """The newest pads of the checkpoints within reach."""
    reach.require("TRANSCRIBE_PAPER")
    return _pads(reach, None)


def pad_line(reach: Reach, pad: int) -> PadLine | None:
    """None when there is no such pad, or when it is of another area."""
    reach.require("TRANSCRIBE_PAPER")
    return next(iter(_pads(reach, pad)), None)


def rows_of_pad(reach: Reach, pad: int) -> list[RowLine]:
    """What was typed from it, in the order of the rows."""
    reach.require("TRANSCRIBE_PAPER")
    statement = _ROWS.format(**_limits(reach))
    with connection.cursor() as cursor:
        cursor.execute(statement, {"pad": pad, "me": reach.officer_id})
        return [RowLine(*row) for row in cursor.fetchall()]


def pad_checkpoints(reach: Reach) -> list[Checkpoint]:
    """The open checkpoints for which this officer may print a pad."""
    reach.require("TRANSCRIBE_PAPER")
    return list(Checkpoint.objects.filter(held(reach), closed_at=None).order_by("tier", "code"))


def _pads(reach: Reach, pad: int | None) -> list[PadLine]:
    statement = _PADS.format(**_limits(reach))
    with connection.cursor() as cursor:
        cursor.execute(statement, {"pad": pad})
        rows = cursor.fetchall()
    return [_pad_line(*row) for row in rows]


def _pad_line(*row: Any) -> PadLine:
    *columns, typed, checked, last = row
    columns += [tuple(typed), checked, day_of(last) if last else None]
    return PadLine(*columns)


def _limits(reach: Reach) -> dict[str, str]:
    return {
        "c_within": held_written_out(reach, "c.jurisdiction"),
        "r_within": held_written_out(reach, "r.jurisdiction"),
    }


@dataclass(frozen=True, slots=True)
class RowFile:
    """What stands of a row's vehicle: the rows it takes, the vehicle, and its people."""

    rows: tuple[int, ...]
    vehicle: Standing[Passage]
    people: tuple[Standing[Registration], ...]

    @property
    def is_open(self) -> bool:
        """Whether what was typed can still be read."""
        return self.vehicle.state == State.OPEN and all(one.state == State.OPEN for one in self.people)


def row_file(reach: Reach, pad: int, row: int) -> RowFile | None:
    """Whoever types paper in sees what was typed from this very row, and nothing else. None where nothing stands."""
    reach.require("TRANSCRIBE_PAPER")
    here = held(reach, "pad__checkpoint__jurisdiction")
    line = PaperLine.objects.filter(here, pad=pad, row=row).first()
    made = line.passage_id if line else None
    passage = Passage.objects.filter(held(reach), pk=made).first() if made else None
    if passage is None:
        return None
    rows = (
        PaperLine.objects.filter(pad=pad, passage_id=passage.id).order_by("row").values_list("row", flat=True)
    )
    party = people_of(reach, [passage.id])[passage.id]
    corrections = corrections_of(reach, [passage.id, *(person.id for person in party)])
    return RowFile(
        tuple(rows),
        standing(passage, corrections[passage.id, "PASSAGE"]),
        tuple(standing(person, corrections[person.id, "REGISTRATION"]) for person in party),
    )
