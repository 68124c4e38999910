"""The rows of a pasted list: as an officer sees them, and as he sends them back.

A row sends two fields, who and which temperature; what was read of all rows stands packed in one. So many fields of one post
are taken and no more, and a row beyond them would be lost.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import QueryDict

from lianfang.doors import words
from lianfang.doors.quarantine_words import PASTED_DOUBTS
from lianfang.kernel.refusals import Refusal
from lianfang.quarantine.pasted import PastedKind, PastedLine, PastedReport
from lianfang.quarantine.queries.pasted import NamedOrder
from lianfang.quarantine.typed import typed_reading

MOST_ROWS = 450
NOT_TAKEN = "NONE"


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A report of a line, or a line nobody was found in. `candidates`: who may be meant; several are chosen from."""

    number: int
    line: PastedLine
    report: PastedReport | None
    candidates: Sequence[NamedOrder]

    @property
    def symptoms(self) -> list[Any]:
        return [words.SYMPTOMS[code] for code in self.report.symptoms] if self.report else []

    @property
    def doubts(self) -> list[Any]:
        return [PASTED_DOUBTS[one] for one in self.report.doubts] if self.report else []

    @property
    def several(self) -> str:
        """Every temperature of the line, where there are several."""
        readings = self.report.readings if self.report else ()
        return "、".join(map(str, readings)) if len(readings) > 1 else ""

    @property
    def state(self) -> str:
        if self.report is None:
            return str(self.line.kind)
        if len(self.candidates) > 1 or self.report.doubts:
            return PastedKind.AMBIGUOUS
        told = self.report.celsius is not None or self.report.symptoms
        return PastedKind.READ if told else PastedKind.NO_READING


@dataclass(frozen=True, slots=True)
class TakenRow:
    """A line the officer left standing, with the temperature as it stands in the box."""

    order: UUID
    typed: str
    symptoms: tuple[str, ...]

    @property
    def celsius(self) -> Decimal | None:
        """What is there and cannot be read is said: it may be a fever."""
        celsius = typed_reading(self.typed)
        if celsius is None and self.typed.strip():
            raise Refusal(
                "READING_UNREADABLE",
                "体温看不懂，请按 36.5 这样写，在 34 到 43 之间。",
                "The temperature cannot be read: write it as 36.5, between 34 and 43.",
            )
        if celsius is None and not self.symptoms:
            raise Refusal(
                "NOTHING_REPORTED", "请填体温，或选症状。", "Enter a temperature, or choose a symptom."
            )
        return celsius


def preview(lines: Sequence[PastedLine], known: Mapping[str, Sequence[NamedOrder]]) -> list[PreviewRow]:
    """Every line, in as many rows as people are named in it."""
    if sum(len(line.reports) for line in lines) > MOST_ROWS:
        raise Refusal(
            "PASTED_LONG",
            f"一次最多核对 {MOST_ROWS} 人，请分几次粘贴。",
            f"At most {MOST_ROWS} people are checked at a time: paste the rest separately.",
        )
    named = [(line, report) for line in lines for report in (line.reports or (None,))]
    return [
        PreviewRow(number, line, report, known.get(report.name, ()) if report else ())
        for number, (line, report) in enumerate(named, 1)
    ]


def packed(rows: Sequence[PreviewRow]) -> str:
    """`number line CODE,CODE` of every row that names somebody."""
    return ";".join(
        f"{row.number} {row.line.line} {','.join(row.report.symptoms)}" for row in rows if row.report
    )


def rows_taken(given: QueryDict) -> Iterator[tuple[str, TakenRow]]:
    """The line and what was left standing of each row; a row that is not as this page made it is left out."""
    for row in given.get("read", "").split(";")[:MOST_ROWS]:
        number, _, rest = row.partition(" ")
        line, _, codes = rest.partition(" ")
        order = given.get(f"order-{number}", NOT_TAKEN)
        if order == NOT_TAKEN:
            continue
        try:
            whose = UUID(order)
        except ValueError:
            continue
        symptoms = tuple(filter(None, codes.split(",")))
        yield line[:4], TakenRow(whose, given.get(f"celsius-{number}", "")[:8], symptoms)


def counted(rows: Sequence[PreviewRow]) -> dict[str, int]:
    states = [row.state for row in rows]
    return {name: states.count(name) for name in ("READ", "NO_READING", "AMBIGUOUS", "NOBODY")}
