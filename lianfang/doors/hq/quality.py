"""The quality of records: every kind of finding at a glance, one kind as a list, and the passages behind one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from lianfang.checkpoints.queries.lists import checkpoint_names
from lianfang.doors.guard import permitted
from lianfang.doors.hq import quality_telling
from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.methods import answers
from lianfang.doors.reading import list_read
from lianfang.doors.typed import as_day, as_number
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import reach
from lianfang.situation import quality
from lianfang.situation.quality import Days, Finding, TaskLine

A_WEEK = 7


class SpanTab(NamedTuple):
    """A link to other days."""

    label: str
    days: Days


@dataclass(frozen=True, slots=True)
class FindingsAsked:
    """Which days an address asks about; what cannot be read is not asked for. `question` says them again."""

    days: Days
    today: date

    @classmethod
    def of(cls, request: HttpRequest, at: datetime) -> "FindingsAsked":
        today = day_of(at)
        return cls(
            Days(as_day(request.GET.get("day", "")) or today, _count(request.GET.get("days", ""))), today
        )

    @property
    def tabs(self) -> tuple[SpanTab, ...]:
        return (
            SpanTab(_("今天"), Days(self.today)),
            SpanTab(_("昨天"), Days(self.today - timedelta(days=1))),
            SpanTab(_("最近 7 天"), Days(self.today, A_WEEK)),
        )

    @property
    def is_linked(self) -> bool:
        return any(tab.days == self.days for tab in self.tabs)

    @property
    def question(self) -> str:
        if self.days == Days(self.today):
            return ""
        return urlencode({"day": self.days.last.isoformat(), "days": self.days.count})


@dataclass(frozen=True, slots=True)
class Row:
    """A finding as a line: where, who or which phone, what it amounts to, and the task about it.

    `question` names it in addresses: a key is an id, or a checkpoint's code and a hash.
    """

    code: str
    checkpoint: str
    who: str
    sentence: str
    task: TaskLine | None
    question: str

    @property
    def address(self) -> str:
        """Where its passages stand."""
        return f"{reverse('quality-rows', args=[self.code])}?{self.question}"


def _count(text: str) -> int:
    found = as_number(text, longest=3)
    return 1 if found is None else found


def told(
    code: str,
    findings: Iterable[Finding],
    days: Days,
    names: Mapping[str, str],
    tasks: Mapping[str, TaskLine] | None = None,
) -> list[Row]:
    """The findings as lines; `names` are the checkpoints', `tasks` by key what is being done about them."""
    return [
        Row(
            code=code,
            checkpoint=names.get(one.checkpoint, one.checkpoint),
            who=quality_telling.who(code, one),
            sentence=quality_telling.sentence(code, one),
            task=(tasks or {}).get(one.key),
            question=urlencode({"key": one.key, "day": days.last.isoformat(), "days": days.count}),
        )
        for one in findings
    ]


@permitted("VIEW_PASSAGES")
@never_cache
@answers("GET")
def overview(request: OfficerRequest) -> HttpResponse:
    at = now()
    asked = FindingsAsked.of(request, at)
    with reach(request.reach) as seen:
        found = quality.overview(seen, asked.days, at=at)
        names = checkpoint_names(seen)
        shown = {
            "anything": quality.anything(seen, asked.days),
            "mine": len(quality.my_tasks(seen)),
            "all": sum(card.all for card in found),
        }
    cards = [
        (card, quality_telling.definition(card.code), told(card.code, card.worst, asked.days, names))
        for card in found
    ]
    return render(request, "hq/quality.html", {"asked": asked, "cards": cards, **shown})


@permitted("VIEW_PASSAGES")
@never_cache
@answers("GET")
def finding_list(request: OfficerRequest, finding: str) -> HttpResponse:
    at = now()
    asked = FindingsAsked.of(request, at)
    skipped = max(0, _count(request.GET.get("from", "")) - 1)
    with reach(request.reach) as seen:
        listed = quality.found(seen, finding, asked.days, at=at, skipped=skipped)
        tasks = quality.tasks_about(seen, finding, [one.key for one in listed.findings], asked.days)
        rows = told(finding, listed.findings, asked.days, checkpoint_names(seen), tasks)
    last = skipped + len(rows)
    shown = {
        "finding": finding,
        "definition": quality_telling.definition(finding),
        "asked": asked,
        "rows": rows,
        "all": listed.all,
        "first": skipped + 1,
        "last": last,
        "next": last + 1 if last < listed.all else None,
        "of_officers": finding in quality_telling.OF_OFFICERS,
    }
    return render(request, "hq/quality_findings.html", shown)


@permitted("VIEW_PASSAGES")
@never_cache
@answers("GET")
def rows(request: OfficerRequest, finding: str) -> HttpResponse:
    at = now()
    asked, key = FindingsAsked.of(request, at), request.GET.get("key", "")
    with reach(request.reach) as seen:
        lines = quality.behind(seen, finding, key, asked.days, at=at)
        stands = quality.one(seen, finding, key, asked.days, at=at)
        tasks = quality.tasks_about(seen, finding, [key], asked.days)
        if lines:
            list_read(seen, "quality-rows", count=len(lines), finding=finding)
        told_ = told(finding, [stands], asked.days, checkpoint_names(seen), tasks) if stands else []
    shown = {
        "finding": finding,
        "definition": quality_telling.definition(finding),
        "asked": asked,
        "key": key,
        "row": told_[0] if told_ else None,
        "task": tasks.get(key),
        "lines": lines,
        "most": quality.SHOWN,
    }
    return render(request, "hq/quality_rows.html", shown)
