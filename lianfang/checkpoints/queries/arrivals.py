"""Who is on the way into a grid and has a measure that goes on: what a grid worker's phone may read, masked.

Nobody is signed in here. The database itself hands a grid phone's token the rows of its own grid and no other
(migrations/sql/grid_lists.sql).
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from lianfang.checkpoints.models import Correction, Registration
from lianfang.checkpoints.opening import Standing, State, standing
from lianfang.checkpoints.queries.lists import STRONGEST_FIRST
from lianfang.kernel.masking import masked_address, masked_name, masked_phone
from lianfang.kernel.tokens import hashed

ARRIVALS = "SELECT * FROM lianfang_roster(%s, %s)"
CORRECTIONS = "SELECT * FROM lianfang_roster_corrections(%s, %s)"


class GridMeasure(NamedTuple):
    """A measure that goes on; `row` names the sentence in the rule set that decided it at that moment: at the gate, where it
    was told, or `later` by a re-screening, of which the traveller knows nothing yet.
    """

    kind: str
    row: str
    place: str | None
    days: int | None
    rule_set: str
    decided_at: datetime
    later: bool


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

    @property
    def newest(self) -> GridMeasure:
        """The measure that was decided last; a device's clock may be fast, a re-screening comes after the gate."""
        return max(self.measures, key=lambda one: (one.later, one.decided_at))


def arrivals_in_grid(token: str, *, at: datetime) -> list[GridArrival]:
    """Whoever was given a measure last stands first; none for a token that is not good."""
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
    """What goes on, the strongest first. `row` as lianfang_roster has it."""
    lasting = msgspec.json.decode(row.lasting)
    return tuple(map(_measure, sorted(lasting, key=lambda one: STRONGEST_FIRST.index(one["kind"]))))


def _measure(one: dict[str, Any]) -> GridMeasure:
    return GridMeasure(
        one["kind"], one["row"], one.get("place"), one.get("days"), one["rule_set"],
        decided_at=datetime.fromisoformat(one["decided_at"]), later=one["later"],
    )  # fmt: skip
