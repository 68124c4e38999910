"""A re-screening in words and figures, as its page and its list show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from lianfang.doors import words
from lianfang.doors.hq.rescreening_progress import progress_of
from lianfang.doors.hq.rescreening_townships import place_names, townships_shown
from lianfang.doors.hq.rule_words import said_in
from lianfang.doors.tags import word
from lianfang.journeys.rescreening.changes import BEHIND_THE_GATE, CHANGES
from lianfang.journeys.rescreening.queries import RescreeningLine, RuleChange
from lianfang.kernel.days import day_of
from lianfang.screening.models import Rescreening
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


def changed_shown(change: RuleChange, *, at: datetime) -> dict[str, Any]:
    """What the rule set in force has that the one before had not."""
    names = place_names((area["code"] for area in change.areas), day_of(at))
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
    townships = townships_shown(line, [change.key for change in changes], day_of(at))
    return {
        **line_shown(line),
        "changes": changes, "townships": townships,
        "most": max((township.length for township in townships), default=0) or 1,
        "gaining": counts.townships_with("gain"), "elsewhere": counts.elsewhere,
        "places": _places(one, at),
        "against": [(hash, _title(hash)) for hash in counts.against],
        "done": line.done, "is_done": bool(one.done),
        "progress": progress_of(line, at=at) if line.is_going else None,
        "steps": list(_steps(line)), "stopped_by_rules": one.answer == "RULES_CHANGED",
    }  # fmt: skip


def _places(one: Rescreening, at: datetime) -> str | None:
    """The areas in which the rules differ from those before; empty where in none, None where in more than areas."""
    if one.places is None:
        return None
    return gettext("、").join(sorted(place_names(one.places, day_of(at)).values()))


def _state(line: RescreeningLine) -> str:
    """COUNTING while the numbers of a dry run are not there yet; TAKEN_BACK by whoever asked, REFUSED by another."""
    one = line.rescreening
    if one.state == "DRY_RUN" and one.counted_at is None:
        return "COUNTING"
    taken_back = one.state == "REFUSED" and one.decided_by_id in (one.asked_by_id, one.proposed_by_id)
    return "TAKEN_BACK" if taken_back else one.state


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
            gettext("收回重新筛查") if _state(line) == "TAKEN_BACK" else str(words.ACTS[act]),
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
