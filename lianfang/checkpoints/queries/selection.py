"""Which passages, or persons of them, are wanted: as they stand after corrections, in SQL that walks down the ids.

What no correction moved is read in the order of its ids, from an index. Beside it stand the records whose id is of
another time than their day (paper typed in weeks later, a phone's clock a year off), found by their day, and those that
a correction brought here. Every record is in one of the parts only.
"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from lianfang.checkpoints.queries.wanted import Condition, Wanted, measured, of_passage, of_person
from lianfang.checkpoints.queries.within import covered
from lianfang.kernel.days import start_of
from lianfang.kernel.ids import floor_of
from lianfang.kernel.reach import Reach

# Days that are asked one by one for ids of another time; a longer span is read through as it lies.
DAYS_ONE_BY_ONE = 400
_FIRST_DAY, _LAST_DAY = date(1971, 1, 1), date(9999, 12, 30)  # as far as ids have moments

# The lists of facts are those of the partial indexes, word for word.
_MOVED = """
SELECT of AS id, lianfang_overlay(facts ORDER BY occurred_at, id) AS facts FROM correction
WHERE target = 'PASSAGE' AND facts ?| ARRAY['captured_on', 'captured_hour', 'checkpoint', 'direction', 'transport', 'purpose']
  AND facts ?| ARRAY[{keys}]::text[] AND {within} GROUP BY of
"""
_MOVED_PEOPLE = """
SELECT of AS id, lianfang_overlay(facts ORDER BY occurred_at, id) AS facts FROM correction
WHERE target = 'REGISTRATION' AND facts ?| ARRAY['from_code', 'destination_code']
  AND facts ?| ARRAY[{keys}]::text[] AND {within} GROUP BY of
"""
_DAYS = "generate_series(%(first)s::date, %(last)s::date, '1 day') AS days (day)"
# Passages of the wanted days with an id of another time; and those whose people may have come with another header.
_ODD = f"""
SELECT p.id FROM {_DAYS} CROSS JOIN LATERAL (
    SELECT id FROM passage p WHERE captured_on = days.day::date AND id >= %(ceiling)s AND {{within}}
    UNION ALL SELECT id FROM passage p WHERE captured_on = days.day::date AND id < %(floor)s AND {{within}}
) p
UNION SELECT record_id FROM conflict_item
WHERE kind = 'PASSAGE' AND captured_on BETWEEN %(first)s AND %(last)s AND NOT {{in_span}} AND {{within}}
"""
_LOOKED_UP = "CROSS JOIN LATERAL (SELECT * FROM {table} WHERE id = {overlay}.id AND {within} LIMIT 1) {row}"


class Selection:
    """Statements for what an officer wants, of the passages with ids from `since` on (inclusive) and below `before`."""

    def __init__(
        self, reach: Reach, wanted: Wanted, *, before: UUID | None = None, since: UUID | None = None
    ) -> None:
        self._reach, self.wanted = reach, wanted
        self._header, self._person = of_passage(wanted), of_person(wanted)
        self._window = {"{} < %(before)s": before, "{} >= %(since)s": since}
        self._span = _id_span(wanted)
        floor, ceiling = self._span or (None, None)
        ends = {"before": before, "since": since, "floor": floor, "ceiling": ceiling}
        self.parameters: dict[str, Any] = {**wanted.parameters, **ends}

    def passages(self, each: str) -> str:
        """SELECT * of the wanted passages. `each`, with {} for a part's statement, orders and limits the parts."""
        if self._span is None or self.wanted.first == self.wanted.last:  # an index has a day's in order
            parts = [each.format(self._stayed([]))]
        else:
            parts = [each.format(self._stayed(self._in_span("p.id")))]
            for odd in ("p.id >= %(ceiling)s", "p.id < %(floor)s"):
                of_day = each.format(self._stayed(["p.captured_on = days.day::date", odd]))
                parts.append(f"SELECT p.* FROM {_DAYS} CROSS JOIN LATERAL ({of_day}) p")
        parts.append(self._came())
        return f"WITH moved AS MATERIALIZED ({self._moved()}) SELECT * FROM ({_union(parts)}) p"

    def people(self, each: str) -> str:
        """The same of persons: SELECT passage_id, id, or what `each` makes of them."""
        stayed = self._stayed_people
        parts = [each.format(stayed(self._in_span("r.passage_id")))]
        if self._span:
            parts.append(each.format(stayed(["r.passage_id IN (SELECT id FROM odd)"])))
        parts.append(each.format(self._came_people()))
        tables = {
            "moved": self._moved(),
            "moved_people": self._overlay(_MOVED_PEOPLE, self._person),
            "odd": self._odd() if self._span else None,
            "touched": self._touched(),
        }
        listed = ", ".join(f"{name} AS MATERIALIZED ({made})" for name, made in tables.items() if made)
        return f"WITH {listed} SELECT * FROM ({_union(parts)}) r"

    def _stayed(self, further: list[str]) -> str:
        own = [condition.own("p") for condition in self._header]
        return (
            f"SELECT p.* FROM passage p WHERE {self._within('p')} AND p.id NOT IN (SELECT id FROM moved) "
            f"AND {_all([*self._windowed('p.id'), *further, *own])}"
        )

    def _stayed_people(self, further: list[str]) -> str:
        own = [condition.own("r") for condition in (*self._header, *self._person)]
        return (
            f"SELECT r.passage_id, r.id FROM registration r WHERE {self._within('r')} "
            "AND r.passage_id NOT IN (SELECT id FROM moved) AND r.id NOT IN (SELECT id FROM moved_people) "
            f"AND {_all([*self._windowed('r.passage_id'), *further, *own, *measured(self.wanted, 'r')])}"
        )

    def _came(self) -> str:
        """Passages that corrections have moved to where they are wanted. First what these say for themselves."""
        found = _LOOKED_UP.format(table="passage", overlay="m", row="p", within=self._within("passage"))
        said, unsaid = [c.said("m") for c in self._header], [c.unsaid("p", "m") for c in self._header]
        return f"SELECT p.* FROM moved m {found} WHERE {_all([*self._windowed('m.id'), *said, *unsaid])}"

    def _touched(self) -> str:
        """People that corrections may have moved to where they are wanted: of moved passages, and moved themselves."""
        found = _LOOKED_UP.format(
            table="registration", overlay="m", row="r", within=self._within("registration")
        )
        said = _all([c.said("m") for c in self._person])
        passages = f"""
            SELECT id FROM ({self._came()}) came
            UNION SELECT m.id FROM moved m JOIN conflict_item c ON c.record_id = m.id AND c.kind = 'PASSAGE'
            WHERE {self._within("c")}"""
        return f"""
            SELECT r.* FROM registration r WHERE r.passage_id IN ({passages}) AND {self._within("r")}
            UNION SELECT r.* FROM moved_people m {found} WHERE {said}"""

    def _came_people(self) -> str:
        whole = [_standing(c, "r", "m") for c in self._header] + [
            _standing(c, "r", "n") for c in self._person
        ]
        conditions = [*self._windowed("r.passage_id"), *whole, *measured(self.wanted, "r")]
        return (
            "SELECT r.passage_id, r.id FROM touched r LEFT JOIN moved m ON m.id = r.passage_id "
            f"LEFT JOIN moved_people n ON n.id = r.id WHERE {_all(conditions)}"
        )

    def _moved(self) -> str:
        return self._overlay(_MOVED, self._header)

    def _overlay(self, statement: str, conditions: list[Condition]) -> str:
        keys = ", ".join(f"'{condition.fact}'" for condition in conditions)
        return statement.format(keys=keys, within=self._within("correction"))

    def _odd(self) -> str:
        span = _all(self._in_span("record_id"))
        return _ODD.format(within=covered(self._reach), in_span=f"({span})")

    def _in_span(self, column: str) -> list[str]:
        return [f"{column} >= %(floor)s", f"{column} < %(ceiling)s"] if self._span else []

    def _windowed(self, column: str) -> list[str]:
        return [test.format(column) for test, end in self._window.items() if end is not None]

    def _within(self, row: str) -> str:
        return covered(self._reach, f"{row}.jurisdiction")


def _standing(condition: Condition, row: str, overlay: str) -> str:
    """Of a record as it stands, also where there is no overlay."""
    own, said = condition.own(row), condition.said(overlay)
    return f"CASE WHEN {overlay}.facts ? '{condition.fact}' THEN {said} ELSE {own} END"


def _id_span(wanted: Wanted) -> tuple[UUID, UUID] | None:
    """The ids of the wanted days' moments; None when no days are wanted, or too many to be asked one by one."""
    if wanted.first is None or wanted.last is None or (wanted.last - wanted.first).days >= DAYS_ONE_BY_ONE:
        return None
    first, last = (min(max(day, _FIRST_DAY), _LAST_DAY) for day in (wanted.first, wanted.last))
    return floor_of(start_of(first)), floor_of(start_of(last + timedelta(days=1)))


def _all(conditions: list[str]) -> str:
    return " AND ".join(conditions) or "true"


def _union(parts: list[str]) -> str:
    return " UNION ALL ".join(f"({part})" for part in parts)
