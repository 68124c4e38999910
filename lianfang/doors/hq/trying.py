"""A draft tried on the people of the last days: who would be treated differently from now, in totals and by township."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache

from lianfang.doors import tags
from lianfang.doors.guard import permitted
from lianfang.doors.hq.forms import said
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.rule_words import measure_words, said_in
from lianfang.doors.methods import answers
from lianfang.doors.typed import as_number
from lianfang.journeys.trying import (
    MOST_DAYS,
    ChangeCount,
    Manner,
    MeasureChange,
    TownshipTried,
    TrialTooLong,
    Tried,
    tried,
)
from lianfang.kernel.clock import now
from lianfang.kernel.divisions import canonical, level
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import NotFound
from lianfang.regions.queries import paths
from lianfang.screening.compiling import Compiled
from lianfang.screening.compiling.findings import ERROR
from lianfang.screening.drafts import checked, draft_content

SPANS = (1, 3, 7, 14, 28)
USUAL = 7
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
            sentence=_sentence(found),
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
    at, days = now(), _days(request.GET.get("days", ""))
    with reach(request.reach) as seen:
        content = draft_content(seen, draft_id)
        if content is None:
            raise NotFound("DRAFT_UNKNOWN", "没有这份草案。", "There is no such draft.")
        read = checked(content, at=at)
        found, refused = _tried(seen, read, days, at=at, draft=draft_id)
    shown: dict[str, Any] = {
        "draft_id": draft_id,
        "title": said_in(content.get("title")),
        "days": days,
        "spans": SPANS,
        "findings": [
            (one, said_in({"zh": one.zh, "en": one.en})) for one in read.findings if one.severity == ERROR
        ],
        "tried": TriedTold.of(found) if found else None,
        "refused": refused,
    }
    return render(request, "hq/try_draft.html", shown, status=200 if found or not refused else 503)


def _tried(seen: Reach, read: Compiled, days: int, *, at: datetime, draft: UUID) -> tuple[Tried | None, str]:
    """What came of it, or why nothing did: a draft with errors decides nothing, and some questions take too long."""
    if read.content is None:
        return None, ""
    try:
        return tried(seen, read.content, days, at, subject=f"RULE_DRAFT {draft}"), ""
    except TrialTooLong as refusal:
        return None, said(refusal)


def _days(text: str) -> int:
    return min(max(as_number(text, longest=3) or USUAL, 1), MOST_DAYS)


def _sentence(found: Tried) -> str:
    """会新增隔离观察 1,185 人次，涉及 27 个乡镇；解除 12 人次: what binds people first, then the rest."""
    if not found.changes:
        return gettext("没有人会被不同对待。")
    return gettext("会%(changes)s。") % {"changes": gettext("；").join(_clause(one) for one in found.changes)}


def _clause(one: ChangeCount) -> str:
    given = {"what": change_words(one.change), "people": tags.figure(one.people), "townships": one.townships}
    return (
        ngettext(
            "%(what)s %(people)s 人次，涉及 %(townships)d 个乡镇",
            "%(what)s %(people)s 人次，涉及 %(townships)d 个乡镇",
            one.townships,
        )
        % given
    )


def change_words(change: MeasureChange) -> str:
    """新增 隔离观察（居家，14 天）; 解除 隔离观察; 隔离观察：居家，14 天 → 集中，14 天."""
    if change.before is None:
        return gettext("新增 %(measure)s") % {"measure": _measure(change.kind, change.after)}
    if change.after is None:
        return gettext("解除 %(measure)s") % {"measure": _measure(change.kind, change.before)}
    told = {"was": _measure(change.kind, change.before), "now": _measure(change.kind, change.after)}
    return gettext("%(was)s 改为 %(now)s") % told


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
