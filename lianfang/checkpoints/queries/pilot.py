"""Phone beside paper: a day's rows of the pilot pads matched with the phone's passages, and what has no partner.

Same plate, at most half an hour apart, the nearest first, each at most once; vehicles without a plate are matched among
themselves. Everything is matched in one statement; a passage counts where and when it stands after its corrections.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from lianfang.checkpoints.queries.within import held_written_out
from lianfang.kernel.days import hour_of, start_of
from lianfang.kernel.ids import floor_of
from lianfang.kernel.reach import Reach

APART = timedelta(minutes=30)
MATCHED, ONLY_PAPER, ONLY_PHONE, OTHER_COUNT = "MATCHED", "ONLY_PAPER", "ONLY_PHONE", "OTHER_COUNT"
REASONS = ("PHONE_MISSED", "PAPER_MISSED", "PLATE_WRONG", "TIME_WRONG", "COUNT_WRONG", "TURNED_BACK", "OTHER")


class PilotPair(NamedTuple):
    """A row of paper, a passage of the phone, or both where they are the same vehicle; and what was said about it."""

    line: UUID | None
    pad: int | None
    row: int | None
    written_at: datetime | None
    written: int | None
    passage: UUID | None
    recorded_at: datetime | None
    recorded: int | None
    reason: str
    note: str
    said_by: str
    said_at: datetime | None

    @property
    def kind(self) -> str:
        if self.passage is None:
            return ONLY_PAPER
        if self.line is None:
            return ONLY_PHONE
        return MATCHED if self.written == self.recorded else OTHER_COUNT

    @property
    def at(self) -> datetime:
        return self.written_at or self.recorded_at  # type: ignore[return-value]  # one side is always there

    @property
    def is_open(self) -> bool:
        return self.kind != MATCHED and not self.reason


@dataclass(frozen=True, slots=True)
class PilotDay:
    """What is compared: from the first hour in which paper was written to the last; `since` is None where none was."""

    checkpoint: str
    day: date
    since: datetime | None
    until: datetime | None
    pairs: tuple[PilotPair, ...]

    @property
    def phone(self) -> int:
        return sum(pair.passage is not None for pair in self.pairs)

    @property
    def paper(self) -> int:
        return sum(pair.line is not None for pair in self.pairs)

    @property
    def differing(self) -> list[PilotPair]:
        return [pair for pair in self.pairs if pair.kind != MATCHED]

    @property
    def open(self) -> list[PilotPair]:
        return [pair for pair in self.pairs if pair.is_open]

    @property
    def by_hour(self) -> list[tuple[int, int, int]]:
        """(hour, passages of the phone, rows of paper) of every hour that is compared."""
        if self.since is None or self.until is None:
            return []
        phone = Counter(hour_of(pair.recorded_at) for pair in self.pairs if pair.recorded_at)
        paper = Counter(hour_of(pair.written_at) for pair in self.pairs if pair.written_at)
        hours = int((self.until - self.since) / timedelta(hours=1))
        first = hour_of(self.since)
        return [(hour, phone[hour], paper[hour]) for hour in range(first, first + hours)]


# Partners stand up to APART beyond the hours compared, and theirs once more: a car at midnight is not missing.
_COMPARED = """
WITH RECURSIVE compared AS (
    SELECT date_trunc('hour', min(l.occurred_at)) AS since, date_trunc('hour', max(l.occurred_at)) + interval '1 hour' AS until
    FROM paper_line l JOIN paper_pad p ON p.number = l.pad_id
    WHERE p.checkpoint_id = %(checkpoint)s AND p.purpose = 'PILOT'
      AND EXISTS (SELECT FROM checkpoint k WHERE k.code = p.checkpoint_id AND {k_within})
      AND l.occurred_at >= %(begins)s AND l.occurred_at < %(ends)s
), written AS MATERIALIZED (
    SELECT l.id, l.pad_id, l.row, l.occurred_at AS at, l.people::int AS people, coalesce(l.plate_index, '') AS plate,
           l.occurred_at >= c.since AND l.occurred_at < c.until AS within
    FROM paper_line l JOIN paper_pad p ON p.number = l.pad_id CROSS JOIN compared c
    WHERE p.checkpoint_id = %(checkpoint)s AND p.purpose = 'PILOT'
      AND l.occurred_at >= c.since - 2 * %(apart)s AND l.occurred_at < c.until + 2 * %(apart)s
), recorded AS MATERIALIZED (
    SELECT r.id, r.occurred_at AS at, coalesce(o.plate, r.plate_index, '') AS plate,
           r.occurred_at >= c.since AND r.occurred_at < c.until AS within,
           (SELECT count(*)::int FROM registration g WHERE g.passage_id = r.id AND {g_within}) AS people
    FROM compared c JOIN passage r ON r.checkpoint = %(checkpoint)s AND r.captured_on BETWEEN %(first)s AND %(last)s
     AND r.id >= %(oldest)s AND {r_within} AND r.source <> 'PAPER'
     AND r.occurred_at >= c.since - 2 * %(apart)s AND r.occurred_at < c.until + 2 * %(apart)s
    LEFT JOIN LATERAL (
        SELECT lianfang_overlay(x.facts ORDER BY x.occurred_at, x.id) AS facts,
               (array_agg(x.plate_index ORDER BY x.occurred_at DESC, x.id DESC) FILTER (WHERE x.plate_index IS NOT NULL))[1] AS plate
        FROM correction x WHERE x.of = r.id AND x.target = 'PASSAGE' AND {x_within}
    ) o ON true
    WHERE coalesce(o.facts ->> 'checkpoint', r.checkpoint) = r.checkpoint
), near AS MATERIALIZED (
    SELECT w.id AS line, r.id AS passage, w.plate,
           row_number() OVER (ORDER BY greatest(w.at - r.at, r.at - w.at), w.people <> r.people, w.at, r.at, w.id, r.id) AS rank
    FROM written w JOIN recorded r ON r.plate = w.plate AND r.at BETWEEN w.at - %(apart)s AND w.at + %(apart)s
), chosen AS (
    SELECT DISTINCT plate, NULL::uuid AS line, NULL::uuid AS passage, ARRAY[]::uuid[] AS taken FROM near
    UNION ALL
    SELECT c.plate, n.line, n.passage, c.taken || n.line || n.passage
    FROM chosen c CROSS JOIN LATERAL (
        SELECT n.line, n.passage FROM near n
        WHERE n.plate = c.plate AND n.line <> ALL(c.taken) AND n.passage <> ALL(c.taken) ORDER BY n.rank LIMIT 1
    ) n
)
SELECT c.since, c.until, w.id, w.pad_id, w.row, w.at, w.people, r.id, r.at, r.people,
       coalesce(e.reason, ''), coalesce(e.note, ''), coalesce(o.name, ''), e.said_at
FROM compared c LEFT JOIN (
    written w FULL JOIN chosen m ON m.line = w.id FULL JOIN recorded r ON r.id = m.passage
    LEFT JOIN pilot_explanation e ON e.line_id = w.id OR w.id IS NULL AND e.passage_id = r.id
    LEFT JOIN officer o ON o.id = e.said_by
) ON w.within OR w.id IS NULL AND r.within
ORDER BY coalesce(w.at, r.at), w.pad_id, w.row, r.id
"""
_OLDEST = timedelta(days=7)  # a phone's record carries the moment it was made, whatever its clock said


def pilot_day(reach: Reach, checkpoint: str, *, day: date) -> PilotDay:
    """Everything compared at a checkpoint on a day, in the order of time. Nothing where no paper was typed in."""
    reach.require("TRANSCRIBE_PAPER")
    begins = start_of(day)
    given: dict[str, Any] = {
        "checkpoint": checkpoint,
        "apart": APART,
        "begins": begins,
        "ends": begins + timedelta(days=1),
        "first": day - timedelta(days=1),
        "last": day + timedelta(days=1),
        "oldest": floor_of(begins - _OLDEST),
    }
    limits = {f"{alias}_within": held_written_out(reach, f"{alias}.jurisdiction") for alias in "rgxk"}
    statement = _COMPARED.format(**limits)
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        rows = cursor.fetchall()
    since, until = rows[0][:2] if rows else (None, None)
    pairs = tuple(PilotPair(*row[2:]) for row in rows if row[2] or row[7])
    return PilotDay(checkpoint, day, since, until, pairs)
