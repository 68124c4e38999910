"""A re-screening in words and figures, as its page and its list show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext

from lianfang.doors import words
from lianfang.doors.hq.rule_words import said_in
from lianfang.doors.tags import word
from lianfang.journeys.rescreening.changes import BEHIND_THE_GATE, CHANGES
from lianfang.journeys.rescreening.counts import RescreeningCounts
from lianfang.journeys.rescreening.queries import RescreeningLine, RuleChange
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import canonical
from lianfang.regions.queries import paths
from lianfang.screening.queries import rule_set

WRITTEN = ("ADDED", "STRICTER")


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """A kind of change over all townships. `done` None: nothing is carried out yet. `told`: only told, never written."""

    key: str
    words: str
    people: int
    townships: int
    done: int | None
    told: bool


@dataclass(frozen=True, slots=True)
class TownshipShown:
    """`figures` in the order of the columns; `gain`: of how many something is added or becomes stricter."""

    code: str
    name: str
    gain: int
    figures: tuple[int, ...]


def changed_shown(change: RuleChange, *, at: datetime) -> dict[str, Any]:
    """What the rule set in force has that the one before had not."""
    names = _names((area["code"] for area in change.areas), day_of(at))
    return {
        "title": _title(change.rule_set), "rule_set": change.rule_set, "since": change.in_force_since,
        "areas": [(names[area["code"]], word(area["level"], "AREA_LEVELS"), area.get("from")) for area in change.areas],
    }  # fmt: skip


def line_shown(line: RescreeningLine) -> dict[str, Any]:
    return {
        "line": line, "one": line.rescreening, "title": _title(line.rescreening.rule_set), "state": _state(line),
        "asked_by": line.name(line.rescreening.asked_by_id), "proposed_by": line.name(line.rescreening.proposed_by_id),
        "counts": line.counts,
        "written": line.done.gain if line.rescreening.done else None,
    }  # fmt: skip


def rescreening_shown(line: RescreeningLine, *, at: datetime) -> dict[str, Any]:
    one, counts = line.rescreening, line.counts
    changes = list(_changes(line))
    townships = list(_townships(counts, [change.key for change in changes], day_of(at)))
    return {
        **line_shown(line),
        "changes": changes, "townships": townships,
        "most": max((township.gain for township in townships), default=0) or 1,
        "gaining": sum(1 for township in townships if township.gain),
        "places": sorted(_names(one.places or (), day_of(at)).values()) if one.places is not None else None,
        "done": line.done, "is_done": bool(one.done),
        "share": min(100, round(100 * line.done.looked / max(1, counts.looked))),
        "steps": list(_steps(line)), "stopped_by_rules": one.answer == "RULES_CHANGED",
    }  # fmt: skip


def _state(line: RescreeningLine) -> str:
    """COUNTING while the numbers of a dry run are not there yet."""
    one = line.rescreening
    return "COUNTING" if one.state == "DRY_RUN" and one.counted_at is None else one.state


def _changes(line: RescreeningLine) -> Iterable[ChangeShown]:
    counted, done = line.counts.changes, line.done.changes
    for what in CHANGES:
        for kind in BEHIND_THE_GATE:
            key = f"{what} {kind}"
            if key in counted or key in done:
                yield ChangeShown(
                    key,
                    f"{word(what, 'RESCREENING_CHANGES')}{gettext('：')}{word(kind, 'MEASURES')}",
                    counted.get(key, 0),
                    line.counts.townships_with(key),
                    done.get(key, 0) if line.rescreening.done else None,
                    what not in WRITTEN,
                )


def _townships(counts: RescreeningCounts, keys: list[str], on: date) -> Iterable[TownshipShown]:
    """Most first."""
    names = paths([code for code in counts.townships if code], on)
    for code, figures in sorted(
        counts.townships.items(), key=lambda item: (-item[1].get("gain", 0), item[0])
    ):
        name = names.get(code, code) or gettext("没有说去哪里")
        yield TownshipShown(code, name, figures.get("gain", 0), tuple(figures.get(key, 0) for key in keys))


def _names(codes: Iterable[str], on: date) -> dict[str, str]:
    whole = {code: canonical(code) for code in codes}
    found = paths(whole.values(), on)
    return {code: found.get(known, code) for code, known in whole.items()}


def _steps(line: RescreeningLine) -> Iterable[tuple[str, str, datetime, str]]:
    """Who did what when, and what they said."""
    one = line.rescreening
    yield str(words.ACTS["RESCREENING_COUNTED"]), line.name(one.asked_by_id), one.asked_at, ""
    if one.proposed_at:
        yield (
            str(words.ACTS["RESCREENING_PROPOSED"]),
            line.name(one.proposed_by_id),
            one.proposed_at,
            one.reason,
        )
    if one.decided_at:
        refused = one.state == "REFUSED"
        act = "RESCREENING_REFUSED" if refused else "RESCREENING_APPROVED"
        yield (
            str(words.ACTS[act]),
            line.name(one.decided_by_id),
            one.decided_at,
            one.answer if refused else "",
        )
    if one.ended_at:
        by_officer = one.ended_by_id is not None
        act = "RESCREENED" if one.state == "DONE" else "RESCREENING_STOPPED"
        who = line.name(one.ended_by_id) if by_officer else gettext("系统")
        yield str(words.ACTS[act]), who, one.ended_at, one.answer if by_officer else ""


def _title(hash: str) -> str:
    """The rule set's title in the page's language; its hash where nobody knows it any more."""
    try:
        return said_in(rule_set(hash).content()["title"])
    except KeyError:
        return hash
