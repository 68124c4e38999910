"""What re-screenings decided about somebody since the gate, in words: under the decision of the gate and in the history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from lianfang.checkpoints.queries import PassageFile, PersonFile
from lianfang.doors.hq.measure_words import measure_words, terms_words
from lianfang.doors.hq.rule_words import said_in
from lianfang.doors.hq.telling import Telling, sentence_of
from lianfang.doors.words import PURPOSES_OF_READING
from lianfang.journeys.rescreening.queries import LaterDecision, later_decisions, standing_kinds
from lianfang.kernel.reach import Reach
from lianfang.screening.queries import rule_set


@dataclass(frozen=True, slots=True)
class LaterTold:
    """One re-screening's decision; an event of a passage's history too, about the person at this place of the party.

    `gained`: kind, words and sentence of each measure that was added or became stricter. `before` and `stands`: what
    goes on behind the gate, in words. `title` is "" where nobody knows the rule set any more.
    """

    kind: ClassVar[str] = "RESCREENED"

    received_at: datetime
    person: int
    rescreening: UUID
    rule_set: str
    title: str
    gained: tuple[tuple[str, str, str], ...]
    before: str
    stands: str

    @classmethod
    def of(cls, decision: LaterDecision, person: int) -> "LaterTold":
        return cls(
            received_at=decision.at,
            person=person,
            rescreening=decision.rescreening_id,
            rule_set=decision.rule_set,
            title=_title(decision.rule_set),
            gained=tuple(
                (one.kind, measure_words(one), sentence_of(decision.rule_set, one.row))
                for one in decision.gained
            ),
            before=terms_words(decision.before),
            stands=terms_words(decision.stands),
        )


@dataclass(frozen=True, slots=True)
class PersonStanding:
    """A person of a passage with what was decided since; `kinds` stand."""

    file: PersonFile
    later: tuple[LaterTold, ...]
    kinds: list[str]


def passage_shown(seen: Reach, file: PassageFile) -> dict[str, Any]:
    """What a passage's page shows: the file, its people as they stand, and what became of them in the order it happened."""
    people = _people(file, later_decisions(seen, [person.id for person in file.people]))
    decided = [one for person in people for one in person.later]
    return {
        "file": file,
        "people": people,
        "events": sorted([*file.history, *decided], key=lambda event: event.received_at),
        "telling": Telling.of(file),
        "purposes": PURPOSES_OF_READING,
    }


def _people(file: PassageFile, later: Mapping[UUID, Sequence[LaterDecision]]) -> list[PersonStanding]:
    return [
        PersonStanding(
            one,
            tuple(LaterTold.of(decision, one.place) for decision in later.get(one.id, ())),
            standing_kinds(one.measures, later.get(one.id, ())),
        )
        for one in file.people
    ]


def _title(content_hash: str) -> str:
    try:
        return said_in(rule_set(content_hash).content()["title"])
    except KeyError:
        return ""
