"""Screening: facts in, measures out. Pure: no clock, no database.

A rule set is data (`form`), known by the hash of its content. Phones decide by the same content, the database by the
statement made from it.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from lianfang.screening.conditions import Holds, holds
from lianfang.screening.facts import Decision, Facts, Measure
from lianfang.screening.form import EXEMPT, MEASURES, PLACES, RESTRICTIVE

HASH_DIGITS = 16


def hash_of(content: Mapping[str, Any]) -> str:
    """The first digits of the SHA-256 of the content written canonically: sorted keys, no spaces, UTF-8."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:HASH_DIGITS]


class RuleRow:
    """A row of the table, ready to be asked."""

    __slots__ = ("dated", "id", "lifts", "measure", "restricts", "say", "since", "unless", "until", "when")

    def __init__(self, row: Mapping[str, Any], areas: list[Any]) -> None:
        then = row["then"]
        self.id: str = row["row"]
        self.since = date.fromisoformat(row["from"]) if row.get("from") else date.min
        self.until = date.fromisoformat(row["to"]) if row.get("to") else date.max
        self.dated = bool(row.get("from") or row.get("to"))
        self.when: tuple[Holds, ...] = tuple(holds(one, areas) for one in row["when"])
        self.unless: tuple[Holds, ...] = tuple(holds(one, areas) for one in row.get("unless", ()))
        self.lifts: frozenset[str] = frozenset(then.get("lifts", ()))
        self.restricts = then["kind"] in RESTRICTIVE
        self.measure = (
            None
            if then["kind"] == EXEMPT
            else Measure(then["kind"], self.id, place=then.get("place"), days=then.get("days"))
        )
        self.say: dict[str, str] = dict(row["say"])

    def fires(self, facts: Facts) -> bool:
        """Loops, not generators: every person at every barrier is asked about every row."""
        if self.dated and not self.since <= facts.on <= self.until:
            return False
        for condition in self.when:
            if not condition(facts):
                return False
        for condition in self.unless:  # noqa: SIM110 -- all() takes twice as long
            if condition(facts):
                return False
        return True


class RuleSet:
    """A rule set ready to decide. Its content must have been compiled (`compiling`); nothing is checked here."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._content = json.dumps(content, ensure_ascii=False)
        self.hash = hash_of(content)
        self.rows = tuple(RuleRow(row, content["areas"]) for row in content["rows"])
        self._by_id = {row.id: row for row in self.rows}
        self.questions: Mapping[str, Mapping[str, Any]] = {
            one["key"]: one for one in content.get("questions", ())
        }
        self._decided: dict[tuple[str, ...], Decision] = {}

    def content(self) -> dict[str, Any]:
        """A copy of the content, as phones keep it. `hash` is the hash of this."""
        content: dict[str, Any] = json.loads(self._content)
        return content

    def decide(self, facts: Facts, *, lapsed: bool = False) -> Decision:
        """All matching rows apply, but for those an exemption lifts; once lapsed, none that restricts anybody."""
        fired = self.fired(facts, lapsed=lapsed)
        known = self._decided.get(fired)
        if known is None:
            known = self._decided[fired] = self._decision(fired)
        return known

    def fired(self, facts: Facts, *, lapsed: bool = False) -> tuple[str, ...]:
        """Every row whose conditions hold, lifted ones included, in the order of the rule set."""
        return tuple([row.id for row in self.rows if not (lapsed and row.restricts) and row.fires(facts)])

    def _decision(self, fired: tuple[str, ...]) -> Decision:
        lifted = {row for one in fired for row in self._by_id[one].lifts}
        rows = tuple(row for row in fired if row not in lifted)
        strongest: dict[str, Measure] = {}
        for row in rows:
            measure = self._by_id[row].measure
            if measure is not None:
                strongest[measure.kind] = _stricter(strongest.get(measure.kind), measure)
        measures = sorted(strongest.values(), key=lambda measure: MEASURES.index(measure.kind))
        return Decision(self.hash, rows, tuple(measures))

    def measures(self, rows: tuple[str, ...]) -> tuple[Measure, ...]:
        """The measures of rows that applied. Raises KeyError for a row of another rule set."""
        return self._decision(rows).measures

    def say(self, row: str) -> dict[str, str]:
        """The sentence officers and travellers read for a row: {zh, en}. Raises KeyError where there is none."""
        return dict(self._by_id[row].say)


def _stricter(one: Measure | None, other: Measure) -> Measure:
    """Of two measures of one kind: in a facility rather than at home, longer rather than shorter, else the first."""
    if one is None or _strictness(other) > _strictness(one):
        return other
    return one


def _strictness(measure: Measure) -> tuple[int, int]:
    place = len(PLACES) - PLACES.index(measure.place) if measure.place else 0
    return place, measure.days or 0
