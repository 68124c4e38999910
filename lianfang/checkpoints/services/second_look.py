"""The second look: key fields of a row typed anew without seeing the first, compared, and the right ones chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from lianfang.checkpoints.models import PaperLine, PaperPad, Registration
from lianfang.checkpoints.opening import Standing
from lianfang.checkpoints.paper import label
from lianfang.checkpoints.queries.paper import RowFile, row_file
from lianfang.checkpoints.services.correcting import lay_over
from lianfang.checkpoints.services.names import tidied
from lianfang.checkpoints.services.paper import note_paper, pad_within
from lianfang.kernel import documents, plates
from lianfang.kernel.audit import Act, Purpose, note
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import NotFound, Refusal

FIRST, SECOND = "FIRST", "SECOND"
PLATE, DOCUMENT, TEMPERATURE, PEOPLE = "PLATE", "DOCUMENT", "TEMPERATURE", "PEOPLE"
LONGEST_REASON = 200


class SeenPerson(NamedTuple):
    """What the second look reads of a person: the number, and tenths of a degree or LOW or NOT_TAKEN."""

    number: str
    temperature: int | str


@dataclass(frozen=True, slots=True)
class SeenAgain:
    """A row as it was read the second time."""

    plate: str
    people: tuple[SeenPerson, ...]


class Disagreement(NamedTuple):
    """Where the two readings differ; `place` is the person's in the party (1 is the first), 0 the vehicle's.

    `of` is the record that a correction would lie over, `fields` what it would say; None: no correction can mend it.
    """

    what: str
    place: int
    first: str
    second: str
    of: UUID
    fields: Mapping[str, Any] | None

    @property
    def name(self) -> str:
        return f"{self.what}-{self.place}"


def look_again(
    *,
    by: Reach,
    at: datetime,
    pad: int,
    row: int,
    seen: SeenAgain,
    reason: str = "",
    chosen: Mapping[str, str] | None = None,
) -> list[Disagreement]:
    """Nothing when the row is checked now; else where the readings differ and nobody has chosen yet.

    `chosen`: Disagreement.name → FIRST or SECOND. Where the second is right, the record is corrected. Whoever typed the
    row looks at it again only where nobody else is there, and says so in `reason`.
    """
    by.require("TRANSCRIBE_PAPER")
    found = pad_within(by, pad, PaperPad.Purpose.ENTRY)
    with reach(by) as session:
        lines = _lines(found, row)
        _refuse_own_look(lines, by, reason)
        stands = _standing(session, pad, row)
        differ = compared(stands, seen)
        picked = chosen or {}
        if any(picked.get(one.name) not in (FIRST, SECOND) for one in differ):
            # Both readings are about to be shown.
            subject, details = f"PASSAGE {stands.vehicle.row.id}", {"pad": pad, "row": row}
            note(Act.FILE_READ, by=session, subject=subject, details=details)
            _note_numbers_shown(differ, by=session, row=label(pad, row))
            return differ
        for one in differ:
            if picked[one.name] == SECOND:
                _correct(one, by=session, at=at, why=label(pad, row))
        PaperLine.objects.filter(pk__in=[line.pk for line in lines]).update(
            checked_by=by.officer_id, checked_at=at, explanation=tidied(reason, longest=LONGEST_REASON)
        )
        note_paper(
            Act.PAPER_CHECKED, found, by=session, count=len(lines), rows=[line.row for line in lines],
            differed=[one.name for one in differ], own=any(line.typed_by == by.officer_id for line in lines),
        )  # fmt: skip
    return []


def _note_numbers_shown(differ: Sequence[Disagreement], *, by: Reach, row: str) -> None:
    """Whoever compares with paper sees the number that was typed first: that is an unmasking, whatever it is for."""
    shown = sum(one.what == DOCUMENT and bool(one.first) for one in differ)
    if shown:
        note(Act.UNMASKED, by=by, subject=f"PAPER_LINE {row}", count=shown, purpose=Purpose.CORRECTION)


def _lines(pad: PaperPad, row: int) -> list[PaperLine]:
    """All rows of the vehicle, locked: they are checked together."""
    line = PaperLine.objects.filter(pad=pad, row=row).first()
    if line is None:
        raise not_typed()
    return list(
        PaperLine.objects.select_for_update().filter(pad=pad, passage_id=line.passage_id).order_by("row")
    )


def not_typed() -> NotFound:
    return NotFound("ROW_NOT_TYPED", "这一行还没有录入。", "This row has not been typed in yet.")


def _refuse_own_look(lines: Sequence[PaperLine], by: Reach, reason: str) -> None:
    if any(line.typed_by == by.officer_id for line in lines) and not tidied(reason):
        raise Refusal(
            "OWN_LOOK",
            "这一行是您自己录入的，请另一位工作人员来核对；只有您一人在场时，请写明原因。",
            "You typed this row yourself: let a colleague look at it, or say why nobody else can.",
        )


def _standing(by: Reach, pad: int, row: int) -> RowFile:
    stands = row_file(by, pad, row)
    if stands is None:
        raise not_typed()
    if not stands.is_open:
        raise Refusal(
            "RECORD_CLOSED",
            "记录的内容已按期销毁，不能再核对。",
            "What was recorded was destroyed on schedule: it cannot be compared any more.",
        )
    return stands


def compared(stands: RowFile, seen: SeenAgain) -> list[Disagreement]:
    """Where they differ. Numbers are compared as the intake reads them, however they were typed."""
    vehicle, party = stands.vehicle, stands.people
    of = vehicle.row.id
    differ = []
    first_plate = vehicle.fields.get("plate") or ""
    if plates.read(first_plate).key != plates.read(seen.plate).key:
        fields = {"plate": seen.plate or None}
        differ.append(Disagreement(PLATE, 0, first_plate, seen.plate, of, fields))
    if len(party) != len(seen.people):
        differ.append(Disagreement(PEOPLE, 0, str(len(party)), str(len(seen.people)), of, None))
    for place, (person, again) in enumerate(zip(party, seen.people, strict=False), 1):
        differ += [
            one for one in (_document(person, again, place), _temperature(person, again, place)) if one
        ]
    return differ


def _document(person: Standing[Registration], again: SeenPerson, place: int) -> Disagreement | None:
    document = person.fields.get("document") or {}
    kind, number, on = document.get("type") or "NONE", document.get("number") or "", person.row.captured_on
    if (
        documents.normalise(kind, number, on=on).number
        == documents.normalise(kind, again.number, on=on).number
    ):
        return None
    # A number where there was none: most are residents'.
    said = {"type": "RESIDENT_ID" if kind == "NONE" else kind, "number": again.number}
    fields = {"document": said if again.number else {"type": "NONE"}}
    return Disagreement(DOCUMENT, place, number, again.number, person.row.id, fields)


def _temperature(person: Standing[Registration], again: SeenPerson, place: int) -> Disagreement | None:
    tenths, state = person.fact("celsius_tenths"), person.fact("temperature_state") or "NOT_TAKEN"
    first = tenths if state == "READ" else state
    if first == again.temperature:
        return None
    read = isinstance(again.temperature, int)
    reading = {
        "celsius": again.temperature / 10 if isinstance(again.temperature, int) else None,
        "state": "READ" if read else again.temperature,
    }
    return Disagreement(
        TEMPERATURE, place, str(first), str(again.temperature), person.row.id, {"temperatures": [reading]}
    )


def _correct(one: Disagreement, *, by: Reach, at: datetime, why: str) -> None:
    if one.fields is None:
        raise Refusal(
            "PEOPLE_MISSING",
            "少录了人：请先把缺的人按所在的行补录，车牌写“同上”，再来核对。多录的人不能删除，请选第一遍并告诉县区值班员。",
            "Somebody is missing: type them in first on their own row with “同上” as the plate. Nobody can be deleted: if there is "
            "one too many, choose the first reading and tell the county's desk.",
        )
    lay_over(by=by, of=one.of, fields=one.fields, reason=f"纸质登记第二遍核对 {why}", at=at)
