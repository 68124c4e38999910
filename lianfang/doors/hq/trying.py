"""A draft tried on the people of the last days: who would be treated differently from now, in totals and by township."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache

from lianfang.doors import tags
from lianfang.doors.guard import permitted
from lianfang.doors.hq.draft_shown import Draft, found_draft
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.rule_words import measure_words
from lianfang.doors.methods import answers
from lianfang.doors.typed import as_number
from lianfang.journeys import trials
from lianfang.journeys.trying import (
    MOST_DAYS,
    ChangeCount,
    Manner,
    MeasureChange,
    TownshipTried,
    TrialTooLong,
    Tried,
)
from lianfang.kernel.divisions import canonical, level
from lianfang.kernel.reach import Reach, reach
from lianfang.regions.queries import paths

SPANS = (1, 3, 7, 14, 28)
USUAL = trials.KEPT_DAYS
COLUMNS = 4  # changes that have a column of their own in the table of townships


@dataclass(frozen=True, slots=True)
class ChangeTold:
    words: str
    people: int
    townships: int


@dataclass(frozen=True, slots=True)
class TownshipTold:
    """A township as a line; `changed` are the columns' figures, in the order of the columns."""

    name: str
    people: int
    different: int
    changed: tuple[int, ...]
    rest: int


@dataclass(frozen=True, slots=True)
class TriedTold:
    """The totals in a sentence, every change, and the townships in which something changes."""

    found: Tried
    sentence: str
    changes: tuple[ChangeTold, ...]
    columns: tuple[str, ...]
    has_rest: bool
    townships: tuple[TownshipTold, ...]
    seconds: str

    @classmethod
    def of(cls, found: Tried) -> "TriedTold":
        different = [one for one in found.townships if one.different]
        names = _names([one.code for one in different if one.code], found)
        columns = [one.change for one in sorted(found.changes, key=lambda one: -one.people)[:COLUMNS]]
        return cls(
            found=found,
            sentence=sentence(found.changes),
            changes=tuple(ChangeTold(change_words(c.change), c.people, c.townships) for c in found.changes),
            columns=tuple(change_words(change) for change in columns),
            has_rest=len(found.changes) > len(columns),
            townships=tuple(_township(one, columns, names) for one in different),
            seconds=f"{found.seconds:.1f}",
        )


@permitted("DRAFT_RULES")
@never_cache
@answers("GET")
def try_draft(request: OfficerRequest, draft_id: UUID) -> HttpResponse:
    """?days=7, 1 to 28: everybody who arrived in so many days, today included."""
    days, draft = _days(request.GET.get("days", "")), found_draft(request, draft_id)
    with reach(request.reach) as seen:
        found, refused = _tried(seen, draft, days)
    shown: dict[str, Any] = {
        "draft_id": draft_id,
        "line": draft.line,
        "shown": draft.shown,
        "days": days,
        "spans": SPANS,
        "has_errors": draft.compiled.content is None,
        "tried": TriedTold.of(found) if found else None,
        "refused": refused,
    }
    return render(request, "hq/try_draft.html", shown, status=200 if found or not refused else 503)


def _tried(seen: Reach, draft: Draft, days: int) -> tuple[Tried | None, str]:
    """What came of it, or why nothing did: a draft with errors decides nothing, and some questions take too long."""
    if draft.compiled.content is None:
        return None, ""
    try:
        return trials.try_draft(seen, draft.compiled.content, days, draft.at, draft=draft.line.id), ""
    except TrialTooLong as refusal:
        return None, said(refusal)


def _days(text: str) -> int:
    return min(max(as_number(text, longest=3) or USUAL, 1), MOST_DAYS)


def sentence(changes: Iterable[ChangeCount]) -> str:
    """会增加隔离观察 1,185 人次，涉及 27 个乡镇街道；不再需要 … 12 人次: what binds people first, then the rest."""
    clauses = [_clause(one) for one in changes]
    if not clauses:
        return gettext("没有人会被不同对待。")
    return gettext("会%(changes)s。") % {"changes": gettext("；").join(clauses)}


def _clause(one: ChangeCount) -> str:
    given = {"what": change_words(one.change), "people": tags.figure(one.people), "townships": one.townships}
    return (
        ngettext(
            "%(what)s %(people)s 人次，涉及 %(townships)d 个乡镇街道",
            "%(what)s %(people)s 人次，涉及 %(townships)d 个乡镇街道",
            one.townships,
        )
        % given
    )


def change_words(change: MeasureChange) -> str:
    """增加 隔离观察（居家，14 天）; 不再需要 通知网格; … 加严为 …; … 可减轻为 …: the words of re-screening."""
    if change.before is None:
        return gettext("增加 %(measure)s") % {"measure": _measure(change.kind, change.after)}
    if change.after is None:
        return gettext("不再需要 %(measure)s") % {"measure": _measure(change.kind, change.before)}
    told = {"was": _measure(change.kind, change.before), "now": _measure(change.kind, change.after)}
    if _strictness(change.after) > _strictness(change.before):
        return gettext("%(was)s 加严为 %(now)s") % told
    return gettext("%(was)s 可减轻为 %(now)s") % told


def _strictness(manner: Manner) -> tuple[bool, int]:
    place, days = manner
    return place == "FACILITY", days or 0


def _measure(kind: str, manner: Manner | None) -> str:
    place, days = manner or (None, None)
    return measure_words({"kind": kind, "place": place, "days": days})


def _township(one: TownshipTried, columns: Iterable[MeasureChange], names: dict[str, str]) -> TownshipTold:
    columns = list(columns)
    rest = sum(n for change, n in one.changes.items() if change not in columns)
    return TownshipTold(
        name=_name(one.code, names),
        people=one.people,
        different=one.different,
        changed=tuple(one.changes.get(change, 0) for change in columns),
        rest=rest,
    )


def _names(codes: list[str], found: Tried) -> dict[str, str]:
    """海城市西柳镇: within the city its name says nothing; outside it, all of the way."""
    city = [found.city] if found.city else []
    ways = paths([*codes, *city], found.last)
    whole = ways.get(found.city or "", "")
    return {code: way.removeprefix(whole) or way for code, way in ways.items()}


def _name(code: str | None, names: dict[str, str]) -> str:
    if code is None:
        return gettext("没有说到哪去")
    place = names.get(code, code)
    if level(canonical(code)) == "TOWNSHIP":
        return place
    return gettext("%(place)s，没有更细的") % {"place": place}
