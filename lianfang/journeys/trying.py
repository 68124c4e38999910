"""Trying a rule set that is not in force: who of the last days would be treated differently, by township.

Everybody who arrived is decided twice in one statement, by what is in force now and by what is tried, from the facts as
they stand after corrections. Nothing is stored but the line in the audit log.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from time import perf_counter
from typing import Any, NamedTuple

from django.db import connection

from lianfang.checkpoints.queries.city import city_code
from lianfang.checkpoints.queries.patience import OutOfTime, at_most
from lianfang.checkpoints.queries.within import covered
from lianfang.kernel.audit import Act, note
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Forbidden, Refusal
from lianfang.screening.book import RulesInForce
from lianfang.screening.facts import Measure
from lianfang.screening.form import MEASURES
from lianfang.screening.queries import book
from lianfang.screening.rules import RuleSet
from lianfang.screening.sql import Composed, decided
from lianfang.screening.sql.pieces import put

MOST_DAYS = 28
PATIENCE = timedelta(seconds=30)
TOWNSHIP_DIGITS = 9

# What rules may ask about, as `screening.sql` wants it, and where the person is going.
_ASKED = (
    "captured_on", "direction", "transport", "purpose", "from_code", "destination_code", "document_type", "age",
    "stays", "celsius_tenths", "temperature_state", "symptoms", "case_contact", "resident", "answer_codes",
)  # fmt: skip

Manner = tuple[str | None, int | None]  # where and for how many days


class MeasureChange(NamedTuple):
    """A measure that somebody would get, lose, or have in another manner. `before` None: added; `after` None: taken away."""

    kind: str
    before: Manner | None
    after: Manner | None


class ChangeCount(NamedTuple):
    """How many people that would happen to, and to how many townships they go; who says no township counts as people only."""

    change: MeasureChange
    people: int
    townships: int


@dataclass(frozen=True, slots=True)
class TownshipTried:
    """A township people go to (its code, or a larger division's where no township is known; None: not said)."""

    code: str | None
    people: int
    different: int
    changes: Mapping[MeasureChange, int]

    @property
    def is_township(self) -> bool:
        return self.code is not None and len(self.code) == TOWNSHIP_DIGITS


@dataclass(frozen=True, slots=True)
class Tried:
    """`people` arrived from `first` to `last`, `different` of them would be treated differently. Strongest change first."""

    rule_set: str
    in_force: RulesInForce
    city: str | None
    first: date
    last: date
    people: int
    different: int
    changes: tuple[ChangeCount, ...]
    townships: tuple[TownshipTried, ...]
    seconds: float

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


class TrialTooLong(Refusal):
    """The question was ended."""

    def __init__(self) -> None:
        super().__init__(
            "TRY_TOO_LONG",
            "试算超过 30 秒，没有算完。请少选几天再试。",
            "Trying took longer than 30 seconds and was ended. Please choose fewer days.",
            status=503,
        )


def tried(
    reach: Reach,
    content: Mapping[str, Any],
    days: int,
    at: datetime,
    *,
    subject: str = "",
    patience: timedelta | None = None,
) -> Tried:
    """Everybody who arrived in the last `days` days, today included. The content must have been compiled.

    `patience`: how long the question may take, PATIENCE unless said. For headquarters of the whole city: who would be treated differently elsewhere is not a county's to know.
    """
    if not (reach.may("DRAFT_RULES") or reach.may("APPROVE_RULES")):
        raise Forbidden("NOT_PERMITTED", "您的岗位没有这项权限。", "Your role does not permit this.")
    if (city := city_code(reach)) is not None:
        reach.require_cover(city)
    last = day_of(at)
    first = last - timedelta(days=min(max(days, 1), MOST_DAYS) - 1)
    rule_set, in_force, began = RuleSet(content), book().at(at), perf_counter()
    counted = _counted(reach, content, in_force, first, last, patience or PATIENCE)
    townships = _by_township(counted, rule_set, in_force.rule_set)
    found = Tried(
        rule_set=rule_set.hash,
        in_force=in_force,
        city=city,
        first=first,
        last=last,
        people=sum(one.people for one in townships),
        different=sum(one.different for one in townships),
        changes=_by_change(townships),
        townships=townships,
        seconds=perf_counter() - began,
    )
    told = {"days": found.days, "rule_set": rule_set.hash, "different": found.different}
    note(Act.RULES_TRIED, by=reach, subject=subject, count=found.people, details=told)
    return found


class _Counted(NamedTuple):
    """People of one township for whom both decide the same rows."""

    township: str | None
    before: tuple[str, ...]
    after: tuple[str, ...]
    people: int


def _counted(
    reach: Reach,
    content: Mapping[str, Any],
    in_force: RulesInForce,
    first: date,
    last: date,
    patience: timedelta,
) -> list[_Counted]:
    before = decided(in_force.rule_set.content(), "arrived", lapsed=in_force.lapsed)
    statement = put(
        "WITH {} SELECT township, before, after, count(*) FROM (SELECT left(destination_code, {}) AS township, "
        "{} AS before, {} AS after FROM arrived OFFSET 0) decided GROUP BY township, before, after",
        _arrived(reach, first, last), TOWNSHIP_DIGITS, before, decided(content, "arrived"),
    )  # fmt: skip
    try:
        with at_most(patience), connection.cursor() as cursor:
            cursor.execute(statement.sql, list[Any](statement.params))
            return [_Counted(code, tuple(was), tuple(now), n) for code, was, now, n in cursor.fetchall()]
    except OutOfTime:
        raise TrialTooLong from None


def _arrived(reach: Reach, first: date, last: date) -> Composed:
    """Whoever a correction touched is looked up by itself: it may have brought them into these days, or out of them."""
    within, within_r = covered(reach), covered(reach, "r.jurisdiction")
    corrected = ", ".join(f"now.{column}" for column in _ASKED)
    return put(
        f"""overlay AS MATERIALIZED (
            SELECT of AS id, target, lianfang_overlay(facts ORDER BY occurred_at, id) AS facts
            FROM correction WHERE {within} GROUP BY of, target
        ), touched AS MATERIALIZED (
            SELECT r.id FROM overlay o JOIN registration r ON r.id = o.id
            WHERE o.target = 'REGISTRATION' AND {within_r}
            UNION SELECT r.id FROM overlay o JOIN registration r ON r.passage_id = o.id
            WHERE o.target = 'PASSAGE' AND {within_r}
        ), arrived AS (
            SELECT {", ".join(_ASKED)} FROM registration r
            WHERE captured_on BETWEEN {{}} AND {{}} AND direction = 'IN' AND {within_r}
              AND id NOT IN (SELECT id FROM touched)
            UNION ALL
            SELECT {corrected} FROM touched t JOIN registration r ON r.id = t.id
            LEFT JOIN overlay p ON p.id = r.passage_id AND p.target = 'PASSAGE'
            LEFT JOIN overlay n ON n.id = r.id AND n.target = 'REGISTRATION'
            CROSS JOIN LATERAL jsonb_populate_record(
                r, coalesce(p.facts, jsonb_build_object()) || coalesce(n.facts, jsonb_build_object())
            ) AS now
            WHERE {within_r} AND now.captured_on BETWEEN {{}} AND {{}} AND now.direction = 'IN'
        )""",
        first, last, first, last,
    )  # fmt: skip


def _by_township(counted: Iterable[_Counted], after: RuleSet, before: RuleSet) -> tuple[TownshipTried, ...]:
    people: Counter[str | None] = Counter()
    different: Counter[str | None] = Counter()
    changes: dict[str | None, Counter[MeasureChange]] = defaultdict(Counter)
    for one in counted:
        people[one.township] += one.people
        changed = changes_between(before.measures(one.before), after.measures(one.after))
        different[one.township] += one.people if changed else 0
        changes[one.township].update(dict.fromkeys(changed, one.people))
    listed = [TownshipTried(code, n, different[code], changes[code]) for code, n in people.items()]
    return tuple(sorted(listed, key=lambda one: (-one.different, -one.people, one.code or "")))


def _by_change(townships: Sequence[TownshipTried]) -> tuple[ChangeCount, ...]:
    people: Counter[MeasureChange] = Counter()
    places: Counter[MeasureChange] = Counter()
    for one in townships:
        people.update(one.changes)
        places.update(dict.fromkeys(one.changes, int(one.is_township)))
    listed = [ChangeCount(change, n, places[change]) for change, n in people.items()]
    return tuple(sorted(listed, key=lambda one: (_place_of(one.change), -one.people)))


def _place_of(change: MeasureChange) -> tuple[int, bool, bool]:
    return MEASURES.index(change.kind), change.before is not None, change.after is None


def changes_between(before: Iterable[Measure], after: Iterable[Measure]) -> tuple[MeasureChange, ...]:
    """What of one decision differs from another, strongest measure first."""
    was = {measure.kind: (measure.place, measure.days) for measure in before}
    now = {measure.kind: (measure.place, measure.days) for measure in after}
    return tuple(
        MeasureChange(kind, was.get(kind), now.get(kind))
        for kind in MEASURES
        if was.get(kind) != now.get(kind)
    )
