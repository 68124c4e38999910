"""People for whom turning back was proposed: who waits for a named officer's decision, and what was decided."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from lianfang.checkpoints.models import Passage, Registration, TurnBack
from lianfang.checkpoints.opening import Standing, standing
from lianfang.checkpoints.queries.lists import checkpoint_names, corrections_of
from lianfang.checkpoints.queries.within import held, held_written_out, within
from lianfang.command.models import Officer
from lianfang.kernel.days import day_of, start_of
from lianfang.kernel.masking import MASKED, Sight
from lianfang.kernel.reach import Reach

PROPOSED = "TURN_BACK_PROPOSED"
LISTED = 100
STANDS_THERE = timedelta(days=1)  # of yesterday's and today's somebody may still be at the barrier
# As in the index registration_turn_back_proposed, word for word: the planner compares texts.
_WAITING = """
FROM registration r WHERE {within} AND r.measures && '{{TURN_BACK_PROPOSED}}'::text[] AND r.sealed IS NOT NULL
 AND NOT EXISTS (SELECT FROM turn_back t WHERE t.registration_id = r.id)
"""


@dataclass(frozen=True, slots=True)
class TurnBackDecided:
    """What was decided, by whom. `reason` is as much of it as may be shown, None once it was destroyed."""

    verdict: str
    reason: str | None
    officer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TurnBackProposed:
    """A person with the passage, both as they stand after their corrections. `decided` None: it waits."""

    person: Standing[Registration]
    passage: Standing[Passage]
    checkpoint_name: str
    decided: TurnBackDecided | None


class Undecided(NamedTuple):
    """How many of the officer's own postings nobody has decided: who may stand there, and who is of an earlier day."""

    waiting: int
    earlier: int


def turn_backs_waiting(reach: Reach, *, at: datetime) -> list[TurnBackProposed]:
    """Those of the officer's own postings that nobody has decided, of today and yesterday: the newest first, at most LISTED."""
    return _undecided(reach, "r.captured_on >= %s", at)


def turn_backs_of_earlier_days(reach: Reach, *, at: datetime) -> list[TurnBackProposed]:
    """Those nobody has decided, and who are not there any more; the newest first, at most LISTED."""
    return _undecided(reach, "r.captured_on < %s", at)


def turn_backs_waiting_ids(reach: Reach, *, at: datetime) -> list[UUID]:
    """Of whom `turn_backs_waiting` lists; nothing about them is read."""
    reach.require("DECIDE_TURN_BACK")
    with connection.cursor() as cursor:
        cursor.execute(_newest("r.id", "r.captured_on >= %s", reach), [since_there(at), LISTED])
        return [row[0] for row in cursor.fetchall()]


def count_turn_backs(reach: Reach, *, at: datetime) -> Undecided:
    reach.require("DECIDE_TURN_BACK")
    here = "count(*) FILTER (WHERE r.captured_on >= %s)"
    statement = f"SELECT {here}, count(*) {undecided_written_out(reach)}"
    with connection.cursor() as cursor:
        cursor.execute(statement, [since_there(at)])
        waiting, altogether = cursor.fetchone()
    return Undecided(waiting, altogether - waiting)


def since_there(at: datetime) -> date:
    """The first day of which somebody may still stand at a barrier."""
    return day_of(at) - STANDS_THERE


def undecided_written_out(reach: Reach) -> str:
    """FROM and WHERE of the undecided of the officer's own postings, as `r`."""
    return _WAITING.format(within=held_written_out(reach, "r.jurisdiction"))


def _undecided(reach: Reach, days: str, at: datetime) -> list[TurnBackProposed]:
    reach.require("DECIDE_TURN_BACK")
    rows = Registration.objects.raw(_newest("r.*", days, reach), [since_there(at), LISTED])
    return _proposed(reach, list(rows))


def _newest(columns: str, days: str, reach: Reach) -> str:
    ordered = "ORDER BY r.occurred_at DESC, r.passage_id DESC, r.place_in_party LIMIT %s"
    return f"SELECT {columns} {undecided_written_out(reach)} AND {days} {ordered}"


def turn_backs_decided(reach: Reach, *, at: datetime) -> list[TurnBackProposed]:
    """Those decided on the day of `at`, the newest first, at most LISTED."""
    reach.require("DECIDE_TURN_BACK")
    since = start_of(day_of(at))
    rows = TurnBack.objects.filter(
        held(reach), decided_at__gte=since, decided_at__lt=since + timedelta(days=1)
    )
    ids = list(rows.order_by("-decided_at", "registration_id").values_list("pk", flat=True)[:LISTED])
    people = {row.id: row for row in Registration.objects.filter(within(reach), pk__in=ids)}
    return _proposed(reach, [people[id] for id in ids if id in people])


def turn_back_proposed(reach: Reach, id: UUID) -> TurnBackProposed | None:
    """None when there is no such person within reach, or nobody proposed to turn them back."""
    reach.require("DECIDE_TURN_BACK")
    rows = Registration.objects.filter(
        within(reach), pk=id, measures__contains=[PROPOSED], sealed__isnull=False
    )
    return next(iter(_proposed(reach, list(rows))), None)


def decisions_of(
    reach: Reach, ids: Iterable[UUID], sight_of: Callable[[UUID], Sight] = lambda _registration: MASKED
) -> Mapping[UUID, TurnBackDecided]:
    """What was decided about these people, by registration; for questions that have asked for their permission."""
    rows = list(TurnBack.objects.filter(within(reach), pk__in=list(ids)))
    names = dict(
        Officer.objects.filter(pk__in={row.decided_by for row in rows}).values_list("pk", "name")
        if rows
        else ()
    )
    return {
        row.registration_id: TurnBackDecided(
            row.verdict,
            None if row.reason is None else sight_of(row.registration_id).text(row.reason),
            names.get(row.decided_by, ""),
            row.decided_at,
        )
        for row in rows
    }


def _proposed(reach: Reach, people: Sequence[Registration]) -> list[TurnBackProposed]:
    if not people:
        return []
    passages = {
        row.id: row
        for row in Passage.objects.filter(within(reach), pk__in={one.passage_id for one in people})
    }
    corrections = corrections_of(reach, [*(one.id for one in people), *passages])
    decided, names = decisions_of(reach, [one.id for one in people]), checkpoint_names(reach)
    return [
        TurnBackProposed(
            standing(one, corrections[one.id, "REGISTRATION"]),
            standing(passages[one.passage_id], corrections[one.passage_id, "PASSAGE"]),
            names.get(one.checkpoint, one.checkpoint),
            decided.get(one.id),
        )
        for one in people
        if one.passage_id in passages
    ]
