"""Why a rule set decides as it does about a person: row by row, condition by condition, with the fact that met it. Pure.

It asks the engine itself (`conditions`), so an explanation cannot differ from what was decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from lianfang.screening.conditions import Area, Condition, holds, is_resident, stays_of
from lianfang.screening.facts import Answer, Facts, Measure, Stay
from lianfang.screening.form import ANSWERS, EXEMPT, MEASURES, RESTRICTIVE
from lianfang.screening.rules import RuleSet

Row = Mapping[str, Any]
Content = Mapping[str, Any]
# Rows whose absence wants a reason: they would have sent somebody somewhere.
STRONG = frozenset(MEASURES) - {"RE_MEASURE", "REGISTER"}


class Failure(StrEnum):
    """Why a row did not apply: before or after its days, its rule set's time was over, a condition, an exception."""

    BEFORE = "BEFORE"
    AFTER = "AFTER"
    LAPSED = "LAPSED"
    WHEN = "WHEN"
    UNLESS = "UNLESS"


@dataclass(frozen=True, slots=True)
class ConditionAsked:
    """A condition, and what answers it: what was `said` (None: nothing), or of places the `stay` and the `area` that met it.

    Symptoms are a list and stand among the facts.
    """

    condition: Condition
    said: Answer | None = None
    stay: Stay | None = None
    area: Area | None = None


@dataclass(frozen=True, slots=True)
class RowExplained:
    """A row: with `failure` it did not fire, and `because` is the condition that decided so; else `met` are all of its own.

    `lifted_by` names exemptions that took away what it decides.
    """

    row: Row
    met: tuple[ConditionAsked, ...] = ()
    lifted_by: tuple[str, ...] = ()
    failure: Failure | None = None
    because: ConditionAsked | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """`rows` are those that apply, as a decision stores them; `missed` the strong ones and exemptions that did not fire."""

    rows: tuple[str, ...]
    measures: tuple[Measure, ...]
    applied: tuple[RowExplained, ...]
    lifted: tuple[RowExplained, ...]
    missed: tuple[RowExplained, ...]


def explain(content: Content, facts: Facts, lapsed: bool = False) -> Explanation:
    """The decision of a compiled rule set in full."""
    explained = [_row(row, content, facts, lapsed) for row in content["rows"]]
    fired = [one for one in explained if one.failure is None]
    lifters = {
        lifted: tuple(by.row["row"] for by in fired if lifted in by.row["then"].get("lifts", ()))
        for one in fired
        for lifted in one.row["then"].get("lifts", ())
    }
    told = [replace(one, lifted_by=lifters.get(one.row["row"], ())) for one in fired]
    applied = tuple(one for one in told if not one.lifted_by)
    rows = tuple(one.row["row"] for one in applied)
    return Explanation(
        rows=rows,
        measures=RuleSet(content).measures(rows),
        applied=applied,
        lifted=tuple(one for one in told if one.lifted_by),
        missed=tuple(one for one in explained if one.failure is not None and _matters(one.row, rows)),
    )


def _matters(row: Row, applied: tuple[str, ...]) -> bool:
    """A strong row, or an exemption from something that did apply."""
    then = row["then"]
    if then["kind"] == EXEMPT:
        return not set(then.get("lifts", ())).isdisjoint(applied)
    return then["kind"] in STRONG


def _row(row: Row, content: Content, facts: Facts, lapsed: bool) -> RowExplained:
    failure = _time(row, facts, lapsed)
    if failure is not None:
        return RowExplained(row, failure=failure)
    met = []
    for condition in row["when"]:
        asked = _asked(condition, content, facts)
        if not _holds(condition, content, facts):
            return RowExplained(row, failure=Failure.WHEN, because=asked)
        met.append(asked)
    for condition in row.get("unless", ()):
        if _holds(condition, content, facts):
            return RowExplained(row, failure=Failure.UNLESS, because=_asked(condition, content, facts))
    return RowExplained(row, tuple(met))


def _time(row: Row, facts: Facts, lapsed: bool) -> Failure | None:
    if lapsed and row["then"]["kind"] in RESTRICTIVE:
        return Failure.LAPSED
    if row.get("from") and facts.on < date.fromisoformat(row["from"]):
        return Failure.BEFORE
    if row.get("to") and facts.on > date.fromisoformat(row["to"]):
        return Failure.AFTER
    return None


def _holds(condition: Condition, content: Content, facts: Facts) -> bool:
    return holds(condition, content["areas"])(facts)


def _asked(condition: Condition, content: Content, facts: Facts) -> ConditionAsked:
    fact = condition["fact"]
    if fact in ("stays", "areas"):
        return _asked_of_places(condition, content, facts)
    if fact == "symptoms":
        return ConditionAsked(condition)
    if fact.startswith(ANSWERS):
        return ConditionAsked(condition, facts.answers.get(fact.removeprefix(ANSWERS)))
    return ConditionAsked(condition, is_resident(facts) if fact == "resident" else getattr(facts, fact))


def _asked_of_places(condition: Condition, content: Content, facts: Facts) -> ConditionAsked:
    """With the first stay that meets the condition by itself, and the first area it met."""
    if condition["op"] == "MISSING":
        return ConditionAsked(condition)
    alone = (replace(facts, stays=[stay], from_code=None) for stay in stays_of(facts))
    met = next((one for one in alone if _holds(condition, content, one)), None)
    if met is None:
        return ConditionAsked(condition)
    areas = content["areas"] if condition["fact"] == "areas" else ()
    area = next((area for area in areas if holds(condition, [area])(met)), None)
    return ConditionAsked(condition, stay=met.stays[0], area=area)
