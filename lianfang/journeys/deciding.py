"""A decision made at a barrier, explained: its own rule set, the facts it was made from, and what corrections would change.

Nothing is decided again here. What today's rules would say of the facts as corrected is told, and stays a word.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from lianfang.checkpoints.queries.decisions import RecordedDecision, recorded_decision
from lianfang.kernel.reach import Reach
from lianfang.screening.book import RulesInForce
from lianfang.screening.explaining import Explanation, explain
from lianfang.screening.facts import Facts, Measure
from lianfang.screening.queries import book, rule_set
from lianfang.screening.rules import RuleSet


@dataclass(frozen=True, slots=True)
class DecisionFile:
    """`rule_set` None: it is not known here any more, and nothing explains the decision. `in_force` is its period.

    `agrees`: the explanation comes to the rows that were stored. `corrected` and `today` are there where a correction
    changed a fact: what the same rule set, and the one in force now, would decide.
    """

    record: RecordedDecision
    facts: Facts
    rule_set: RuleSet | None
    in_force: RulesInForce | None
    explanation: Explanation | None
    agrees: bool
    corrected_facts: Facts | None
    corrected: tuple[Measure, ...] | None
    today: tuple[Measure, ...] | None


def decision_file(reach: Reach, id: UUID, *, at: datetime) -> DecisionFile | None:
    """None when there is no such person, or none that this officer may see."""
    record = recorded_decision(reach, id)
    if record is None:
        return None
    facts, stands = facts_of(record.recorded), facts_of(record.standing)
    differs = stands if record.corrected and stands != facts else None
    decided_by = _named(record.person.row.rule_set)
    in_force = _in_force(record, decided_by)
    lapsed = in_force is not None and in_force.lapsed
    explained = explain(decided_by.content(), facts, lapsed) if decided_by else None
    now = book().at(at)
    return DecisionFile(
        record=record,
        facts=facts,
        rule_set=decided_by,
        in_force=in_force,
        explanation=explained,
        agrees=explained is not None and list(explained.rows) == list(record.person.row.rule_rows),
        corrected_facts=differs,
        corrected=decided_by.decide(differs, lapsed=lapsed).measures if decided_by and differs else None,
        today=now.rule_set.decide(differs, lapsed=now.lapsed).measures if differs else None,
    )


def facts_of(column: Callable[[str], Any]) -> Facts:
    """What rules ask about, from the plain columns of a registration."""
    return Facts(
        on=_day(column("captured_on")) or date.min,
        direction=column("direction"),
        stays=[(stay["code"], _day(stay["from"]), _day(stay["to"])) for stay in column("stays")],
        celsius_tenths=column("celsius_tenths"),
        temperature_state=column("temperature_state"),
        symptoms=tuple(column("symptoms")),
        transport=column("transport"),
        purpose=column("purpose"),
        from_code=column("from_code"),
        destination_code=column("destination_code"),
        document_type=column("document_type"),
        age=column("age"),
        case_contact=column("case_contact"),
        resident=column("resident"),
        answers=column("answer_codes") or {},
    )


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _named(content_hash: str) -> RuleSet | None:
    try:
        return rule_set(content_hash)
    except KeyError:
        return None


def _in_force(record: RecordedDecision, decided_by: RuleSet | None) -> RulesInForce | None:
    """The period by which the intake chose the rule set; None when the book says otherwise by now."""
    found = book().at(record.ruled_at)
    return found if decided_by is not None and found.rule_set.hash == decided_by.hash else None
