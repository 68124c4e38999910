"""What was decided again, for those who look at a person; what re-screenings there are, for headquarters."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from lianfang.checkpoints.queries.person_files import MeasureShown
from lianfang.checkpoints.queries.within import within
from lianfang.kernel.reach import Reach
from lianfang.screening.models import Rescreened


class LaterDecision(NamedTuple):
    """What a re-screening decided about a person. `before` are whole measures, as they stood ("QUARANTINE HOME 14")."""

    rescreening_id: UUID
    at: datetime
    rule_set: str
    rows: tuple[str, ...]
    measures: tuple[MeasureShown, ...]
    before: tuple[str, ...]


def later_decisions(reach: Reach, registrations: Sequence[UUID]) -> dict[UUID, list[LaterDecision]]:
    """Of those within reach, the oldest first; nobody is named who was not decided again."""
    reach.require("VIEW_PASSAGES")
    found: dict[UUID, list[LaterDecision]] = defaultdict(list)
    rows = Rescreened.objects.filter(within(reach), registration_id__in=list(registrations))
    for row in rows.order_by("at", "rescreening_id"):
        found[row.registration_id].append(_later(row))
    return dict(found)


def _later(row: Rescreened) -> LaterDecision:
    measures = tuple(MeasureShown(m["kind"], m["row"], m.get("place"), m.get("days")) for m in row.details)
    return LaterDecision(
        row.rescreening_id, row.at, row.rule_set, tuple(row.rule_rows), measures, tuple(row.before)
    )
