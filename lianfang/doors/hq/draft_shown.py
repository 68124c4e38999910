"""A draft as its pages hold it: who wrote it, its table, what the compiler says of it, its places by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.rule_shown import SetShown, set_shown
from lianfang.doors.hq.rule_words import places_of
from lianfang.doors.typed import as_number
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Refusal
from lianfang.regions.queries import paths
from lianfang.screening.compiling import Compiled
from lianfang.screening.drafts import DraftLine, checked, draft_content, draft_line
from lianfang.screening.services.drafting import unknown_draft


@dataclass(frozen=True, slots=True)
class DraftAsked:
    """The draft that a page is about, as it stands."""

    line: DraftLine
    content: dict[str, Any]
    at: datetime

    @property
    def may_edit(self) -> bool:
        return self.line.state == "DRAFT"

    @property
    def on(self) -> date:
        return day_of(self.at)


@dataclass(frozen=True, slots=True)
class Draft(DraftAsked):
    """`names` are those of the places it names; `shown` is the whole table in words, with the compiler's findings."""

    names: Mapping[str, str]
    compiled: Compiled = field(repr=False)
    shown: SetShown = field(repr=False)


def draft_asked(seen: Reach, id: UUID) -> DraftAsked:
    """Raises NotFound, in the one sentence for it."""
    line, content = draft_line(seen, id), draft_content(seen, id)
    if line is None or content is None:
        raise unknown_draft()
    return DraftAsked(line, content, now())


def found_draft(request: OfficerRequest, id: UUID) -> Draft:
    asked = draft_asked(request.reach, id)
    names = paths(places_of(asked.content), asked.on)
    compiled = checked(asked.content, at=asked.at)
    shown = set_shown(asked.content, at=asked.at, findings=compiled.findings, names=names)
    return Draft(asked.line, asked.content, asked.at, names, compiled, shown)


def revision_sent(request: OfficerRequest) -> int:
    """The revision that the page was made from."""
    revision = as_number(request.POST.get("revision", ""), longest=9)
    if revision is None:
        zh, en = "这一页已经旧了，请重新打开草稿。", "This page is out of date: open the draft again."
        raise Refusal("REVISION_MISSING", zh, en)
    return revision
