"""How the shifts of a day stand: who has closed, with which counts, and who has not. One question however many there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection

from lianfang.checkpoints.models import ShiftClosing
from lianfang.checkpoints.queries.within import held_written_out
from lianfang.checkpoints.shifts import (
    SHIFTS,
    ClosingState,
    Shift,
    Tally,
    is_over,
    is_recent,
    state_of_closing,
    state_without_closing,
)
from lianfang.kernel.days import day_of, start_of
from lianfang.kernel.reach import Reach

ByShift = Mapping[tuple[str, str], Tally]  # (checkpoint, shift): absent where no record has come


@dataclass(frozen=True, slots=True)
class Closing:
    """The newest closing of a shift; `recorded` is what the records said at `as_of`. `times`: how often it was closed."""

    report: str
    hand: Tally
    recorded: Tally
    as_of: datetime
    explanation: str
    closed_at: datetime
    closed_by: str
    times: int

    @property
    def difference(self) -> Tally:
        """What was counted by hand beyond the records."""
        return self.hand.minus(self.recorded)


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """A shift of a checkpoint. `recorded` is what the records say now, None when none has come. `due`: a closing is owed."""

    shift: Shift
    state: ClosingState
    due: bool
    closable: bool
    recorded: Tally | None
    closing: Closing | None

    @property
    def since(self) -> Tally:
        """What came or went in the records after the closing."""
        return (self.recorded or Tally(0, 0)).minus(self.closing.recorded if self.closing else None)


@dataclass(frozen=True, slots=True)
class PostDay:
    """A checkpoint on a day, with its shifts in order."""

    code: str
    name: str
    tier: str
    opens_at: time | None
    closes_at: time | None
    opened_at: datetime
    closed_at: datetime | None
    day: date
    shifts: tuple[ShiftLine, ...] = ()

    @property
    def unclosed(self) -> tuple[ShiftLine, ...]:
        return tuple(line for line in self.shifts if line.state == ClosingState.OPEN)

    @property
    def changes(self) -> int:
        return sum(line.state == ClosingState.CHANGED for line in self.shifts)

    @property
    def recorded(self) -> Tally | None:
        """The day's figures; None when no record has come."""
        known = [line.recorded for line in self.shifts if line.recorded is not None]
        return Tally(sum(t.vehicles for t in known), sum(t.people for t in known)) if known else None


@dataclass(frozen=True, slots=True)
class Overview:
    """All checkpoints of a day, those with most to close first; `closed` of `due` shifts are closed."""

    day: date
    posts: tuple[PostDay, ...]
    closed: int
    due: int


_NEWEST = """
SELECT DISTINCT ON (checkpoint_id, day, shift) checkpoint_id, day, shift, report, hand_vehicles, hand_people,
       recorded_vehicles, recorded_people, recorded_as_of, explanation, closed_at, closed_by,
       count(*) OVER (PARTITION BY checkpoint_id, day, shift) AS times
FROM shift_closing WHERE day = ANY(%(days)s) AND (%(checkpoint)s::text IS NULL OR checkpoint_id = %(checkpoint)s)
ORDER BY checkpoint_id, day, shift, closed_at DESC, id DESC
"""
_POST_DAYS = f"""
SELECT c.code, c.name, c.tier, c.opens_at, c.closes_at, c.opened_at, c.closed_at, d.day,
       s.shift, s.report, s.hand_vehicles, s.hand_people, s.recorded_vehicles, s.recorded_people, s.recorded_as_of,
       s.explanation, s.closed_at, coalesce(o.name, ''), s.times
FROM checkpoint c CROSS JOIN unnest(%(days)s::date[]) AS d(day)
LEFT JOIN ({_NEWEST}) s ON s.checkpoint_id = c.code AND s.day = d.day
LEFT JOIN officer o ON o.id = s.closed_by
WHERE {{within}} AND (%(checkpoint)s::text IS NULL OR c.code = %(checkpoint)s)
ORDER BY d.day, c.tier, c.code
"""
_POST = 8  # columns of the checkpoint and its day; those of a closing follow


def closing_day(
    reach: Reach, checkpoint: str, *, day: date, recorded: ByShift, at: datetime
) -> PostDay | None:
    """A checkpoint's three shifts; None when it is none of this area. `recorded` is what the board says of the day."""
    reach.require("CLOSE_SHIFTS")
    found = _post_days(reach, [day], recorded=recorded, at=at, checkpoint=checkpoint)
    return found[0] if found else None


def closing_overview(reach: Reach, *, day: date, recorded: ByShift, at: datetime) -> Overview:
    """Every checkpoint that existed on the day, times three shifts."""
    reach.require("CLOSE_SHIFTS")
    posts = [
        post for post in _post_days(reach, [day], recorded=recorded, at=at) if _existed(post) or post.recorded
    ]
    lines = [line for post in posts for line in post.shifts if line.due]
    return Overview(
        day,
        tuple(sorted(posts, key=lambda post: (-len(post.unclosed), -post.changes))),
        closed=sum(line.closing is not None for line in lines),
        due=len(lines),
    )


def unclosed(reach: Reach, *, at: datetime) -> list[PostDay]:
    """What is owed of yesterday and of today's shifts that are over: checkpoints by day, with at least one such shift."""
    reach.require("CLOSE_SHIFTS")
    today = day_of(at)
    days = [today - timedelta(days=1), today]
    return [post for post in _post_days(reach, days, recorded={}, at=at) if post.unclosed]


def _post_days(
    reach: Reach, days: Sequence[date], *, recorded: ByShift, at: datetime, checkpoint: str | None = None
) -> list[PostDay]:
    statement = _POST_DAYS.format(within=held_written_out(reach, "c.jurisdiction"))
    with connection.cursor() as cursor:
        cursor.execute(statement, {"days": list(days), "checkpoint": checkpoint})
        rows = cursor.fetchall()
    closings: dict[tuple[Any, ...], dict[str, Closing]] = {}
    for row in rows:
        by_shift = closings.setdefault(row[:_POST], {})
        if row[_POST] is not None:
            by_shift[row[_POST]] = _closing(*row[_POST + 1 :])
    return [_post_day(PostDay(*post), by_shift, recorded, at) for post, by_shift in closings.items()]


def _closing(report: str, *rest: Any) -> Closing:
    vehicles, people, then_vehicles, then_people, as_of, explanation, closed_at, name, times = rest
    hand, then = Tally(vehicles, people), Tally(then_vehicles, then_people)
    return Closing(report, hand, then, as_of, explanation, closed_at, name, times)


def _post_day(post: PostDay, closings: Mapping[str, Closing], recorded: ByShift, at: datetime) -> PostDay:
    lines = [
        _line(post, shift, closings.get(shift.code), recorded.get((post.code, shift.code)), at)
        for shift in SHIFTS
    ]
    return replace(post, shifts=tuple(lines))


def _line(post: PostDay, shift: Shift, closing: Closing | None, now: Tally | None, at: datetime) -> ShiftLine:
    if closing is None:
        state = state_without_closing(post, post.day, shift, at)
    else:
        zero = closing.report == ShiftClosing.Report.ZERO
        state = state_of_closing(zero=zero, then=closing.recorded, now=now)
    worth = state != ClosingState.NOT_OPEN or now is not None
    return ShiftLine(
        shift=shift,
        state=state,
        due=closing is not None or state == ClosingState.OPEN,
        closable=worth and is_over(post.day, shift, at) and is_recent(post.day, at),
        recorded=now,
        closing=closing,
    )


def _existed(post: PostDay) -> bool:
    begins, ends = start_of(post.day), start_of(post.day + timedelta(days=1))
    return post.opened_at < ends and (post.closed_at is None or post.closed_at > begins)
