"""One person's record as it was decided at the gate, and as it stands after corrections: what explains a decision."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lianfang.checkpoints.intake.moments import read_moment
from lianfang.checkpoints.models import Passage, Registration
from lianfang.checkpoints.opening import Standing, open_person, receipt_of, standing
from lianfang.checkpoints.queries.lists import checkpoint_names, corrections_of
from lianfang.checkpoints.queries.turn_backs import PROPOSED, TurnBackDecided, decisions_of
from lianfang.checkpoints.queries.within import within
from lianfang.kernel.masking import masked_name
from lianfang.kernel.reach import Reach


@dataclass(frozen=True, slots=True)
class RecordedDecision:
    """`person` and its `passage` as they stand; their rows are as registered. `name` is masked.

    `shown` is what the phone told the traveller: {rule_set, rows, measures}; None: nothing, or it cannot be read any more.
    `turn_back`: what was decided where turning back was proposed.
    """

    person: Standing[Registration]
    passage: Standing[Passage]
    checkpoint_name: str
    name: str
    shown: dict[str, Any] | None
    turn_back: TurnBackDecided | None

    @property
    def measures(self) -> list[dict[str, Any]]:
        """As answered at the gate: {kind, row, place?, days?}."""
        return list(receipt_of(self.person.row).get("measures", ()))

    @property
    def ruled_at(self) -> datetime:
        """The moment whose rules decided, as the intake chose it."""
        row = self.person.row
        if set_right := receipt_of(row).get("ruled_at"):
            return datetime.fromisoformat(set_right)
        moment = read_moment(row.occurred_at.isoformat(), received_at=row.received_at)
        return moment.ruled_at(row.received_at) if moment else row.received_at

    def recorded(self, column: str) -> Any:
        """A plain fact as it was registered; what person and passage share stands in the person's row."""
        return getattr(self.person.row, column)

    def standing(self, column: str) -> Any:
        """The same fact after corrections of the passage and of the person."""
        return self.passage.fact(column) if column in self.passage.facts else self.person.fact(column)

    @property
    def corrected(self) -> bool:
        return bool(self.person.facts or self.passage.facts)


def recorded_decision(reach: Reach, id: UUID) -> RecordedDecision | None:
    """None when there is no such registration, or none that this officer may see."""
    reach.require("VIEW_PASSAGES")
    row = Registration.objects.filter(within(reach), pk=id).first()
    passage = Passage.objects.filter(within(reach), pk=row.passage_id).first() if row else None
    if row is None or passage is None:
        return None
    corrections = corrections_of(reach, [row.id, passage.id])
    person = standing(row, corrections[row.id, "REGISTRATION"])
    header = standing(passage, corrections[passage.id, "PASSAGE"])
    code = header.fact("checkpoint")
    return RecordedDecision(
        person=person,
        passage=header,
        checkpoint_name=checkpoint_names(reach).get(code, code),
        name=masked_name(person.fields.get("name")),
        shown=open_person(row).fields.get("shown"),
        turn_back=decisions_of(reach, [row.id]).get(row.id) if PROPOSED in row.measures else None,
    )
