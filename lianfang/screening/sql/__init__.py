"""A rule set as an expression of SQL: the engine of the database, over a relation with the columns of `registration`.

It needs captured_on, direction, transport, purpose, from_code, destination_code, document_type, age, stays,
celsius_tenths, temperature_state, symptoms, case_contact, resident and answer_codes. Few different lists of rows ever
come out, so measures are told afterwards, by RuleSet.measures(rows).
"""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from lianfang.screening.form import RESTRICTIVE
from lianfang.screening.sql.conditions import Condition, holds, is_dear
from lianfang.screening.sql.pieces import Composed, joined, put

__all__ = ["Composed", "decided", "fired"]


def fired(content: Mapping[str, Any], alias: str, *, lapsed: bool = False) -> Composed:
    """text[] of every row whose conditions hold, lifted ones included. `alias` is our own word for the relation."""
    return _Table(content, alias, lapsed=lapsed).answer({})


def decided(content: Mapping[str, Any], alias: str, *, lapsed: bool = False) -> Composed:
    """text[] of the rows that apply: those that fired, but for the ones an exemption lifts."""
    table = _Table(content, alias, lapsed=lapsed)
    lifted_by: dict[str, list[str]] = {}
    for row in table.rows:
        for lifted in row["then"].get("lifts", ()):
            lifted_by.setdefault(lifted, []).append(row["row"])
    return table.answer(lifted_by)


class _Table:
    """The rows of a rule set that may fire. What is dear and asked more than once is computed once a person."""

    def __init__(self, content: Mapping[str, Any], alias: str, *, lapsed: bool) -> None:
        self.rows = [r for r in content["rows"] if not (lapsed and r["then"]["kind"] in RESTRICTIVE)]
        self._alias, self._areas = alias, content["areas"]
        dear = Counter(_key(c) for row in self.rows for c in _conditions(row) if is_dear(c))
        self._kept = {key: f"asked_{n}" for n, (key, times) in enumerate(dear.items()) if times > 1}

    def answer(self, lifted_by: Mapping[str, list[str]]) -> Composed:
        lifters = dict.fromkeys(by for many in lifted_by.values() for by in many)
        column = {row: f"lifts_{n}" for n, row in enumerate(lifters)}
        fires = {row["row"]: self._fires(row) for row in self.rows}

        def listed(row: str) -> Composed:
            lifts = [Composed(f"{column[by]} IS NOT TRUE") for by in lifted_by.get(row, ())]
            applies = joined(" AND ", [Composed(column[row]) if row in column else fires[row], *lifts])
            return put("CASE WHEN {} THEN {}::text END", applies, row)

        rows = put("array_remove(ARRAY[{}]::text[], NULL)", joined(", ", map(listed, fires)))
        return self._over(rows, [put(f"{{}} AS {name}", fires[row]) for row, name in column.items()])

    def _fires(self, row: Mapping[str, Any]) -> Composed:
        day = f"{self._alias}.captured_on"
        since = [put(f"{day} >= {{}}::date", row["from"])] if row.get("from") else []
        until = [put(f"{day} <= {{}}::date", row["to"])] if row.get("to") else []
        when = [self._holds(one) for one in row["when"]]
        unless = [put("{} IS NOT TRUE", self._holds(one)) for one in row.get("unless", ())]
        return joined(" AND ", [*since, *until, *when, *unless] or [Composed("true")])

    def _holds(self, condition: Condition) -> Composed:
        kept = self._kept.get(_key(condition))
        return Composed(kept) if kept else holds(condition, self._areas, self._alias)

    def _over(self, rows: Composed, lifting: list[Composed]) -> Composed:
        """The rows over columns that are computed first. OFFSET 0: the planner must not put them in again everywhere."""
        asked = [
            put(f"{{}} AS {name}", holds(json.loads(key), self._areas, self._alias))
            for key, name in self._kept.items()
        ]
        source = put("FROM (SELECT {} OFFSET 0) AS asked", joined(", ", asked)) if asked else Composed("")
        if lifting:
            columns = joined(", ", [*([Composed("asked.*")] if asked else []), *lifting])
            source = put("FROM (SELECT {} {} OFFSET 0) AS lifting", columns, source)
        return put("(SELECT {} {})", rows, source) if asked or lifting else rows


def _conditions(row: Mapping[str, Any]) -> list[Condition]:
    return [*row["when"], *row.get("unless", ())]


def _key(condition: Condition) -> str:
    return json.dumps(condition, sort_keys=True)
