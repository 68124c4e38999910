"""The three engines that decide by a rule set, each asked about a batch of people and answering in the same words.

The database is asked by one statement that reads no table and writes nothing: the people travel as a parameter.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import msgspec
from django.conf import settings
from django.db import connection, transaction

from lianfang.journeys.drawn_records import DrawnRecord, read_here
from lianfang.machine.node import Answering, answering
from lianfang.screening.facts import Facts, Measure
from lianfang.screening.rules import RuleSet, hash_of
from lianfang.screening.sql import decided

PROGRAM = settings.BASE_DIR / "phone" / "agree.js"
# People as the database holds them: the columns and the types of `registration`.
TOLD = """
SELECT {} FROM jsonb_to_recordset(%s::jsonb) AS told (place int, captured_on date, direction text, transport text,
    purpose text, from_code text, destination_code text, document_type text, age smallint, stays jsonb,
    celsius_tenths smallint, temperature_state text, symptoms text[], case_contact boolean, resident boolean,
    answer_codes jsonb)
ORDER BY place
"""


class Batch(NamedTuple):
    """People to be decided by one rule set, as facts or as records that are to be read first."""

    content: Mapping[str, Any]
    people: Sequence[Facts]
    lapsed: bool
    records: Sequence[DrawnRecord] = ()

    def __len__(self) -> int:
        return len(self.records or self.people)

    def facts(self) -> Sequence[Facts]:
        """As the server has them."""
        return [read_here(record) for record in self.records] if self.records else self.people


class Verdict(NamedTuple):
    """What an engine says of one person: the rows that apply and the measures, strongest first; or why it cannot.

    `read` is how it read a record, as JSON.
    """

    rows: tuple[str, ...] = ()
    measures: tuple[tuple[str, str, str | None, int | None], ...] = ()  # kind, row, place, days
    failed: str | None = None
    read: str | None = None


Engine = Callable[[Batch], list[Verdict]]


@contextmanager
def engines() -> Iterator[dict[str, Engine]]:
    """Those that can be asked here, by name. The phone's needs node and the packages its source is built with."""
    with answering(PROGRAM) as program:
        phone: dict[str, Engine] = {} if program is None else {"typescript": _Phone(program)}
        yield {"python": server, **phone, "sql": database}


def server(batch: Batch) -> list[Verdict]:
    rule_set = RuleSet(batch.content)
    facts = batch.facts()
    decisions = (rule_set.decide(one, lapsed=batch.lapsed) for one in facts)
    return _read_so(batch, facts, [Verdict(one.rows, _told(one.measures)) for one in decisions])


def database(batch: Batch) -> list[Verdict]:
    made = decided(batch.content, "told", lapsed=batch.lapsed)
    statement = TOLD.format(made.sql)
    facts = batch.facts()
    people = msgspec.json.encode([row_of(place, one) for place, one in enumerate(facts)]).decode()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, (*made.params, people))
        rows = [tuple(row) for (row,) in cursor.fetchall()]
    rule_set = RuleSet(batch.content)
    measures = {one: _told(rule_set.measures(one)) for one in set(rows)}
    return _read_so(batch, facts, [Verdict(one, measures[one]) for one in rows])


def _read_so(batch: Batch, facts: Sequence[Any], verdicts: list[Verdict]) -> list[Verdict]:
    if not batch.records:
        return verdicts
    told = (json.dumps(msgspec.to_builtins(one), sort_keys=True, ensure_ascii=False) for one in facts)
    return [verdict._replace(read=read) for verdict, read in zip(verdicts, told, strict=True)]


def row_of(place: int, facts: Facts) -> dict[str, Any]:
    row = {name: getattr(facts, name) for name in _SAME}
    stays = [{"code": code, "from": first, "to": last} for code, first, last in facts.stays]
    return {
        **row,
        "place": place,
        "captured_on": facts.on,
        "stays": stays,
        "answer_codes": facts.answers or None,
    }


_SAME = [name for name in Facts.__dataclass_fields__ if name not in ("on", "stays", "answers")]


class _Phone:
    """The phone's engine, from its own source. A phone keeps no rule set whose hash it finds to be another."""

    def __init__(self, program: Answering) -> None:
        self._program = program

    def __call__(self, batch: Batch) -> list[Verdict]:
        people = {"records": batch.records} if batch.records else {"facts": batch.people}
        asked = {"content": batch.content, "lapsed": batch.lapsed, **people}
        answer = json.loads(self._program.ask(msgspec.json.encode(asked)))
        if "failed" in answer:
            raise ValueError(answer["failed"])
        if answer["hash"] != hash_of(batch.content):
            raise ValueError("another hash")
        verdicts = [
            Verdict(
                tuple(one["rows"]),
                tuple((m["kind"], m["row"], m["place"], m["days"]) for m in one["measures"]),
            )
            for one in answer["verdicts"]
        ]
        return _read_so(batch, answer["facts"], verdicts)


def _told(measures: Sequence[Measure]) -> tuple[tuple[str, str, str | None, int | None], ...]:
    return tuple((one.kind, one.row, one.place, one.days) for one in measures)
