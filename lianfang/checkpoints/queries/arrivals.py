"""Who is on the way into a grid and has a measure that goes on: what a grid worker's phone may read, masked.

Nobody is signed in here. The database itself hands a grid phone's token the rows of its own grid and no other
(migrations/sql/rosters.sql).
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lianfang.checkpoints.models import Correction, Registration
from lianfang.checkpoints.opening import Standing, State, receipt_of, standing
from lianfang.checkpoints.queries.person_files import MeasureShown
from lianfang.kernel.masking import masked_address, masked_name, masked_phone
from lianfang.kernel.tokens import hashed

ARRIVALS = "SELECT * FROM lianfang_roster(%s, %s)"
CORRECTIONS = "SELECT * FROM lianfang_roster_corrections(%s, %s)"
LASTING = ("QUARANTINE", "FEVER_CLINIC", "NOTIFY_GRID")  # as in rosters.sql


@dataclass(frozen=True, slots=True)
class GridArrival:
    """Somebody headed for the grid. `name`, `phone` and `address` are masked; `state` says why they are missing."""

    id: UUID
    occurred_at: datetime
    checkpoint: str
    from_code: str | None
    destination_code: str | None
    age: int | None
    rule_set: str
    measures: tuple[MeasureShown, ...]
    state: State
    name: str
    phone: str
    address: str


def arrivals_in_grid(token: str, *, at: datetime) -> list[GridArrival]:
    """Of the last 14 days, the newest first; none for a token that is not good."""
    asked = [hashed(token), at]
    people = list(Registration.objects.raw(ARRIVALS, asked))
    found: dict[tuple[UUID, str], list[Correction]] = defaultdict(list)
    for correction in Correction.objects.raw(CORRECTIONS, asked):
        found[correction.of, correction.target].append(correction)
    listed = []
    for row in people:
        header = _overlaid(found[row.passage_id, "PASSAGE"])
        if header.get("direction", row.direction) == "IN":
            listed.append(_arrival(standing(row, found[row.id, "REGISTRATION"]), header))
    return listed


def _overlaid(corrections: list[Correction]) -> dict[str, Any]:
    return {name: value for correction in corrections for name, value in correction.facts.items()}


def _arrival(person: Standing[Registration], header: dict[str, Any]) -> GridArrival:
    row, fields = person.row, person.fields
    measures = [
        MeasureShown(m["kind"], m["row"], m.get("place"), m.get("days")) for m in receipt_of(row)["measures"]
    ]
    return GridArrival(
        id=row.id,
        occurred_at=row.occurred_at,
        checkpoint=header.get("checkpoint", row.checkpoint),
        from_code=person.fact("from_code"),
        destination_code=person.fact("destination_code"),
        age=person.fact("age"),
        rule_set=row.rule_set,
        measures=tuple(measure for measure in measures if measure.kind in LASTING),
        state=person.state,
        name=masked_name(fields.get("name")),
        phone=masked_phone(fields.get("phone")),
        address=masked_address((fields.get("destination") or {}).get("address")),
    )
