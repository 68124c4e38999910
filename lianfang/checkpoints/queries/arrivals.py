"""Who is on the way into a grid and has a measure that goes on: what a grid worker's phone may read, masked.

Nobody is signed in here. The database itself hands a grid phone's token the rows of its own grid and no other
(migrations/sql/rosters.sql).
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from lianfang.checkpoints.models import Correction, Registration
from lianfang.checkpoints.opening import Standing, State, receipt_of, standing
from lianfang.checkpoints.queries.lists import STRONGEST_FIRST
from lianfang.kernel.masking import masked_address, masked_name, masked_phone
from lianfang.kernel.tokens import hashed

ARRIVALS = "SELECT * FROM lianfang_roster(%s, %s)"
CORRECTIONS = "SELECT * FROM lianfang_roster_corrections(%s, %s)"
LASTING = ("QUARANTINE", "FEVER_CLINIC", "NOTIFY_GRID")  # as in rosters.sql


class GridMeasure(NamedTuple):
    """A measure that goes on; `row` names the sentence in the rule set that decided it, at the gate or later."""

    kind: str
    row: str
    place: str | None
    days: int | None
    rule_set: str


@dataclass(frozen=True, slots=True)
class GridArrival:
    """Somebody headed for the grid. `name`, `phone` and `address` are masked; `state` says why they are missing."""

    id: UUID
    occurred_at: datetime
    checkpoint: str
    from_code: str | None
    destination_code: str | None
    age: int | None
    measures: tuple[GridMeasure, ...]
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
    return GridArrival(
        id=row.id,
        occurred_at=row.occurred_at,
        checkpoint=header.get("checkpoint", row.checkpoint),
        from_code=person.fact("from_code"),
        destination_code=person.fact("destination_code"),
        age=person.fact("age"),
        measures=_measures(row),
        state=person.state,
        name=masked_name(fields.get("name")),
        phone=masked_phone(fields.get("phone")),
        address=masked_address((fields.get("destination") or {}).get("address")),
    )


def _measures(row: Any) -> tuple[GridMeasure, ...]:
    """What goes on of what stands: decided at the gate, or by a re-screening since. `row` as lianfang_roster has it."""
    decided = _decided(receipt_of(row)["measures"], row.rule_set)
    if row.later_stands is not None:
        both = [*_decided(msgspec.json.decode(row.later_details), row.later_rule_set), *decided]
        decided = {one.kind: one for one in reversed(both) if _term(one) in row.later_stands}.values()
    return tuple(
        sorted(
            (one for one in decided if one.kind in LASTING), key=lambda one: STRONGEST_FIRST.index(one.kind)
        )
    )


def _decided(measures: list[dict[str, Any]], rule_set: str) -> Collection[GridMeasure]:
    return [GridMeasure(m["kind"], m["row"], m.get("place"), m.get("days"), rule_set) for m in measures]


def _term(one: GridMeasure) -> str:
    return " ".join(str(part) for part in (one.kind, one.place, one.days) if part is not None)
