"""The work lists (打卡工作清单) and the one number: asked, not kept, so that they are right at any moment.

Everybody who is observed stands on exactly one list. SYMPTOMATIC: reported ill today, or in the half-day before and not well
since, or a fever clinic is not answered yet. Else DONE: reported well in this half-day. Else MISSED: this half-day's deadline has
passed without a report, or the one before was not reported. Else DUE. What could not be read is no report.
"""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from lianfang.kernel.days import day_of, start_of
from lianfang.kernel.divisions import span, span_of
from lianfang.kernel.reach import Hand, Reach
from lianfang.kernel.within import covered
from lianfang.quarantine.queries.thresholds import thresholds_at
from lianfang.quarantine.rules import WorkList, half_day

PAGE = 50
# Whom the one number misses by name: a report is asked of them, and none came.
NEITHER = "NEITHER"
LISTED = (*WorkList, NEITHER)
SCALES = {"COUNTY": 10**12, "TOWNSHIP": 10**9, "VILLAGE": 10**6, "GRID": 10**3}
_WHOLE = 10**18
_HALVES = "%(today)s, %(h_half)s, %(h_deadline)s, %(p_day)s, %(p_half)s, %(p_deadline)s, %(at)s"
# What follows a FROM: a row for everybody observed, as PostgreSQL lets the caller see them; takes the values of `asked`.
WORK_LISTS = f"lianfang_work_lists({_HALVES})"
_OBSERVED = f"""
SELECT o.* FROM (SELECT range_agg(int8range(s.lo, s.hi, '[]')) * int8multirange(int8range(%(lo)s, %(hi)s, '[]')) AS within
                 FROM unnest(%(los)s::bigint[], %(his)s::bigint[]) s(lo, hi)) s,
     lianfang_observed(s.within, %(scale)s, {_HALVES}) o
WHERE NOT isempty(s.within) ORDER BY o.place
"""


class OnList(NamedTuple):
    """Somebody observed, and the list he stands on; who it is says the file."""

    id: UUID
    number: int
    person_id: UUID
    kind: str
    division: str
    jurisdiction: int
    day0_on: date
    last_on: date
    observed_from: datetime
    list: str
    reported: bool

    @property
    def key(self) -> str:
        """Where a list goes on after him."""
        return f"{self.jurisdiction}_{self.id}"


class Observed(NamedTuple):
    """The figures of a place (`place`: the digits that its size leaves of a jurisdiction)."""

    place: int
    observed: int
    called_for: int
    checked_in: int
    symptomatic: int
    missed: int
    due: int
    done: int
    due_tomorrow: int

    @property
    def neither(self) -> int:
        """Of whom a report is asked in this half-day, and none came."""
        return self.called_for - self.checked_in


class Released(NamedTuple):
    """How many were released from observation: ever, and on the day of the moment."""

    ever: int
    today: int


NOBODY = Observed(0, 0, 0, 0, 0, 0, 0, 0, 0)


class CheckInCounts(NamedTuple):
    """The one number. `called_for`: of how many a report is asked in this half-day, `checked_in`: of how many of them one came.

    symptomatic + missed + due + done = observed; observed + not_in_place + to_release are all orders that stand.
    `due_tomorrow`: whose last day is today; `to_release`: whose last day is over.
    """

    observed: int
    checked_in: int
    called_for: int
    symptomatic: int
    missed: int
    due: int
    done: int
    not_in_place: int
    released_today: int
    due_tomorrow: int
    to_release: int

    @property
    def neither(self) -> int:
        return self.called_for - self.checked_in


def asked(at: datetime) -> dict[str, Any]:
    """The half-day of that moment and the one before it, with their deadlines, as WORK_LISTS takes them."""
    limits, this = thresholds_at(at), half_day(at)
    return {
        "at": at, "today": this.day, "h_half": str(this.half), "h_deadline": limits.deadline(this),
        "p_day": this.before.day, "p_half": str(this.before.half), "p_deadline": limits.deadline(this.before),
    }  # fmt: skip


def work_list(
    reach: Hand,
    at: datetime,
    *,
    which: str,
    limit: int = PAGE,
    after: tuple[int, UUID] | None = None,
    division: str | None = None,
) -> list[OnList]:
    """One of LISTED, by place; `after`: place and id of the last one known. Inside `reach()`."""
    _require(reach)
    lo, hi = span_of(division)
    place, id = after or (-1, UUID(int=0))
    picked = "w.called_for AND NOT w.reported" if which == NEITHER else "w.list = %(which)s"
    with connection.cursor() as cursor:
        cursor.execute(
            _listed(covered(reach, "w.jurisdiction"), picked),
            asked(at) | {"which": which, "lo": lo, "hi": hi, "place": place, "id": id, "limit": limit},
        )
        return [OnList(*row) for row in cursor.fetchall()]


def counts(reach: Reach, at: datetime, division: str | None = None) -> CheckInCounts:
    """The one number of the area, or of a division in it. Inside `reach()`."""
    _require(reach)
    lo, hi = span_of(division)
    (sums,) = observed(reach.readable, at=at, lo=lo, hi=hi) or [NOBODY]
    today = day_of(at)
    with connection.cursor() as cursor:
        cursor.execute(
            _beside(covered(reach)),
            {"today": today, "midnight": start_of(today), "at": at, "lo": lo, "hi": hi},
        )
        not_in_place, released_today, to_release = cursor.fetchone()
    return CheckInCounts(
        observed=sums.observed, checked_in=sums.checked_in, called_for=sums.called_for, symptomatic=sums.symptomatic,
        missed=sums.missed, due=sums.due, done=sums.done, not_in_place=not_in_place, released_today=released_today,
        due_tomorrow=sums.due_tomorrow, to_release=to_release,
    )  # fmt: skip


def by_place(reach: Reach, at: datetime, *, division: str, size: str) -> list[Observed]:
    """The places of a size (of SCALES) in a division, as far as the officer reads. Inside `reach()`."""
    _require(reach)
    lo, hi = span(division)
    return observed(reach.readable, at=at, lo=lo, hi=hi, scale=SCALES[size])


def observed(
    spans: tuple[tuple[int, int], ...], *, at: datetime, lo: int, hi: int, scale: int = _WHOLE
) -> list[Observed]:
    """Figures of whoever is observed within the spans and from lo to hi, by place; no place without anybody."""
    values = {"los": [from_ for from_, _ in spans], "his": [to for _, to in spans], "lo": lo, "hi": hi}
    with connection.cursor() as cursor:
        cursor.execute(_OBSERVED, asked(at) | values | {"scale": scale})
        return [Observed(*row) for row in cursor.fetchall()]


def released(lo: int, hi: int, *, at: datetime) -> Released:
    """Of the places from lo to hi; for whoever reads no order too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ever, today FROM lianfang_released(%s, %s, %s, %s)", [lo, hi, start_of(day_of(at)), at]
        )
        return Released(*cursor.fetchone())


def _listed(here: str, picked: str) -> str:
    return f"""
SELECT w.id, w.number, w.person_id, w.kind, w.division, w.jurisdiction, w.day0_on, w.last_on, w.observed_from, w.list, w.reported
FROM {WORK_LISTS} w
WHERE {here} AND w.jurisdiction BETWEEN %(lo)s AND %(hi)s AND {picked} AND (w.jurisdiction, w.id) > (%(place)s, %(id)s)
ORDER BY w.jurisdiction, w.id LIMIT %(limit)s"""


def _beside(here: str) -> str:
    """Beside those who are observed: who is not where he is to stay, who was released, whose time is over."""
    return f"""
SELECT count(*) FILTER (WHERE ended_at IS NULL AND (state IN ('ORDERED', 'NOTIFIED') OR (state = 'BROKEN' AND last_on >= %(today)s))),
       count(*) FILTER (WHERE state = 'RELEASED'),
       count(*) FILTER (WHERE ended_at IS NULL AND state IN ('IN_PLACE', 'BROKEN') AND last_on < %(today)s)
FROM quarantine_order
WHERE {here} AND jurisdiction BETWEEN %(lo)s AND %(hi)s
  AND (ended_at IS NULL OR (ended_at >= %(midnight)s AND ended_at <= %(at)s))"""


def _require(by: Hand) -> None:
    """A grid worker's phone sees its own grid; PostgreSQL asks for its token."""
    if isinstance(by, Reach):
        by.require("VIEW_QUARANTINE")
