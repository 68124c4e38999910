"""One slice of a re-screening: the next so many people, decided by the database, and what that changes.

The database answers in groups: where they go, what stood, which rows apply now, how many. Few different pairs of the
two ever come out, so what a pair means is said here, in Python, once; a slice that writes is given the pairs that gain.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from lianfang.checkpoints.intake.rows import array_literal
from lianfang.journeys.rescreening.changes import Changed, compared, details
from lianfang.journeys.rescreening.slices import (
    ANEW,
    DECIDED,
    EVERYBODY,
    GROUPED,
    IN_PLACE,
    NOT_YET,
    ONCE,
    ROOM,
    WRITTEN,
)
from lianfang.screening.models import Rescreening
from lianfang.screening.rules import RuleSet
from lianfang.screening.sql import decided

NOBODY = UUID(int=0)


class Pair(NamedTuple):
    """What stood, as terms, and the rows of the rule set that apply."""

    before: tuple[str, ...]
    rows: tuple[str, ...]


class Group(NamedTuple):
    """People of one township whose pair is the same. `came`: KNOWN to the dry run, NEW or CORRECTED since."""

    township: str
    pair: Pair
    came: str
    people: int


@dataclass(frozen=True, slots=True)
class Slice:
    """`last`: where the next one begins; None when nobody was left. `full`: there may be more."""

    groups: tuple[Group, ...]
    last: tuple[int, UUID] | None
    full: bool


@dataclass
class Decider:
    """Decides slices of one re-screening by its rule set; remembers what pairs mean."""

    rule_set: RuleSet
    _changed: dict[Pair, Changed] = field(default_factory=dict)

    def changed(self, pair: Pair) -> Changed:
        known = self._changed.get(pair)
        if known is None:
            known = self._changed[pair] = compared(pair.before, self.rule_set.measures(pair.rows))
        return known

    def count(self, rescreening: Rescreening, *, size: int) -> Slice:
        """Decides and writes nothing."""
        return self._ask(rescreening, size, written="", values={})

    def carry_out(self, rescreening: Rescreening, *, size: int, at: datetime) -> Slice:
        """Decides and writes whoever gains, once, however often the slice is done."""
        while True:
            gaining = [pair for pair, changed in self._changed.items() if changed.gains]
            known = len(self._changed)
            with transaction.atomic():
                found = self._ask(rescreening, size, written=WRITTEN, values=self._written(gaining, at))
                for group in found.groups:
                    self.changed(group.pair)
                fresh = list(self._changed)[known:]
                if not any(self._changed[pair].gains for pair in fresh):
                    return found
                transaction.set_rollback(
                    True
                )  # somebody gains in a way that was not met before: once more with it

    def _written(self, gaining: Sequence[Pair], at: datetime) -> dict[str, Any]:
        measures = [self.rule_set.measures(pair.rows) for pair in gaining]
        return {
            "at": at,
            "rule_set": self.rule_set.hash,
            "befores": [array_literal(pair.before) for pair in gaining],
            "rows": [array_literal(pair.rows) for pair in gaining],
            "kinds": [array_literal([one.kind for one in some]) for some in measures],
            "details": [json.dumps(details(some)) for some in measures],
            "stands": [array_literal(self._changed[pair].stands) for pair in gaining],
        }

    def _ask(self, rescreening: Rescreening, size: int, *, written: str, values: Mapping[str, Any]) -> Slice:
        who, places = _who(rescreening.places)
        engine, engaged = _engine(self.rule_set)
        statement = DECIDED.format(
            distinct=ONCE if places else "", who=who, not_yet=NOT_YET if written else "", engine=engine
        )
        asked = {
            **places, **engaged, **values, "id": rescreening.id, "since": rescreening.since, "until": rescreening.until,
            "after_tx": rescreening.position_tx, "after_id": rescreening.position_id or NOBODY,
            "known_tx": rescreening.known_tx, "size": size,
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(ROOM)
            cursor.execute(statement + written + GROUPED, asked)
            rows = cursor.fetchall()
        groups = tuple(
            Group(township, Pair(tuple(before), tuple(applied)), came, people)
            for township, before, applied, came, people, *_ in rows
        )
        last = (rows[0][-2], rows[0][-1]) if rows else None
        return Slice(groups, last, sum(group.people for group in groups) >= size)


def _who(places: Sequence[str] | None) -> tuple[str, dict[str, str]]:
    """Everybody, or who stayed in one of the places (codes' first digits) or must be looked at whatever changed."""
    if places is None:
        return EVERYBODY, {}
    conditions, values = [ANEW], dict[str, str]()
    for n, place in enumerate(places):
        conditions.append(IN_PLACE.format(n=n))
        values |= {f"lo_{n}": place, f"hi_{n}": place[:-1] + chr(ord(place[-1]) + 1)}
    return " OR ".join(conditions), values


@lru_cache(maxsize=16)
def _engine(rule_set: RuleSet) -> tuple[str, dict[str, object]]:
    """The engine's expression with its parameters by name, so that it stands in a statement that names its own."""
    composed = decided(rule_set.content(), "f")
    first, *rest = composed.sql.split("%s")
    sql = first + "".join(f"%(engine_{n})s{part}" for n, part in enumerate(rest))
    return sql, {f"engine_{n}": value for n, value in enumerate(composed.params)}
