"""One slice of a re-screening: the next so many people, decided by the database, and what that changes.

The database answers in groups: where they go, what stood, which rows apply now, how many. Few different pairs of the
two ever come out, so what a pair means is said here, in Python, once; a slice that writes is given the pairs that gain.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db import connection, transaction

from lianfang.checkpoints.intake.rows import array_literal
from lianfang.journeys.rescreening.changes import Changed, compared, details
from lianfang.journeys.rescreening.slices import DECIDED, NOT_YET, ROOM, WRITTEN
from lianfang.journeys.rescreening.walking import Place, Walk, next_walk
from lianfang.kernel.days import day_of
from lianfang.screening.models import Rescreening
from lianfang.screening.rules import RuleSet
from lianfang.screening.sql import decided


class Judged(NamedTuple):
    """What stood, as terms, and the rows of the rule set that apply."""

    before: tuple[str, ...]
    rows: tuple[str, ...]


class Group(NamedTuple):
    """People of one township whose pair is the same. `came`: KNOWN to the dry run, NEW or CORRECTED since. `over`: the most
    days of any quarantine of the rule set that are over since they came; 0: of none.
    """

    township: str
    pair: Judged
    came: str
    over: int
    people: int


@dataclass(frozen=True, slots=True)
class Slice:
    """`next`: where the next one begins; None when nobody was left. `more`: whether there may be one. `share`: of the pages."""

    groups: tuple[Group, ...]
    next: Place | None
    more: bool
    share: float | None


@dataclass
class Decider:
    """Decides slices of one re-screening by its rule set; remembers what pairs mean."""

    rule_set: RuleSet
    _changed: dict[Judged, Changed] = field(default_factory=dict)
    _terms: list[int] = field(init=False)

    def __post_init__(self) -> None:
        days = (row["then"].get("days") for row in self.rule_set.content()["rows"])
        self._terms = sorted({one for one in days if one is not None})

    def changed(self, pair: Judged) -> Changed:
        known = self._changed.get(pair)
        if known is None:
            known = self._changed[pair] = compared(pair.before, self.rule_set.measures(pair.rows))
        return known

    def count(self, rescreening: Rescreening, *, size: int, at: datetime) -> Slice:
        """Decides and writes nothing."""
        return self._ask(rescreening, size, at, written="", values={})

    def carry_out(self, rescreening: Rescreening, *, size: int, at: datetime) -> Slice:
        """Decides and writes whoever gains, once, however often the slice is done."""
        while True:
            gaining = [pair for pair, changed in self._changed.items() if changed.gains]
            known = len(self._changed)
            with transaction.atomic():
                found = self._ask(rescreening, size, at, written=WRITTEN, values=self._written(gaining, at))
                for group in found.groups:
                    self.changed(group.pair)
                fresh = list(self._changed)[known:]
                if not any(self._changed[pair].gains for pair in fresh):
                    return found
                transaction.set_rollback(
                    True
                )  # somebody gains in a way that was not met before: once more with it

    def _written(self, gaining: Sequence[Judged], at: datetime) -> dict[str, Any]:
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

    def question(
        self,
        rescreening: Rescreening,
        walk: Walk,
        *,
        at: datetime,
        written: str = "",
        values: Mapping[str, Any] = MappingProxyType({}),
    ) -> tuple[str, dict[str, Any]]:
        """The statement of a slice with its parameters; without more it only counts."""
        engine, engaged = _engine(self.rule_set)
        statement = DECIDED.format(
            distinct=walk.distinct, who=walk.who, after=walk.after, order=walk.order, engine=engine,
            not_yet=NOT_YET if written else "", materialized="MATERIALIZED" if written else "",
        )  # fmt: skip
        asked = {
            **walk.values, **engaged, **values, "id": rescreening.id, "since": rescreening.since,
            "until": rescreening.until, "known_tx": rescreening.known_tx, "today": day_of(at), "terms": self._terms,
        }  # fmt: skip
        return statement + written + walk.grouped, asked

    def _ask(
        self, rescreening: Rescreening, size: int, at: datetime, *, written: str, values: Mapping[str, Any]
    ) -> Slice:
        with connection.cursor() as cursor:
            walk = next_walk(cursor, rescreening, size=size)
            cursor.execute(ROOM)
            cursor.execute(*self.question(rescreening, walk, at=at, written=written, values=values))
            rows = cursor.fetchall()
        groups = tuple(
            Group(township, Judged(tuple(before), tuple(applied)), came, self._over(bucket), people)
            for township, before, applied, came, bucket, people, *_ in rows
        )
        people = sum(group.people for group in groups)
        return Slice(groups, walk.next(rows[0][6:] if rows else ()), walk.may_go_on(people), walk.share)

    def _over(self, bucket: int) -> int:
        return self._terms[bucket - 1] if bucket else 0


@lru_cache(maxsize=16)
def _engine(rule_set: RuleSet) -> tuple[str, dict[str, object]]:
    """The engine's expression with its parameters by name, so that it stands in a statement that names its own."""
    composed = decided(rule_set.content(), "f")
    first, *rest = composed.sql.split("%s")
    sql = first + "".join(f"%(engine_{n})s{part}" for n, part in enumerate(rest))
    return sql, {f"engine_{n}": value for n, value in enumerate(composed.params)}
