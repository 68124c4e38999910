"""A draft as its pages hold it: who wrote it, its table, what the compiler says of it, its places by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from lianfang.doors.hq.request import OfficerRequest
from lianfang.doors.hq.rule_shown import SetShown, set_shown
from lianfang.doors.hq.rule_words import places_of
from lianfang.doors.typed import as_number
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.regions.queries import paths
from lianfang.screening.drafts import DraftLine, checked, draft_content, draft_line


@dataclass(frozen=True, slots=True)
class Draft:
    """`names` are those of the places it names; `shown` is the whole table in words, with the compiler's findings."""

    line: DraftLine
    content: dict[str, Any]
    names: Mapping[str, str]
    shown: SetShown = field(repr=False)
    at: datetime


def found_draft(request: OfficerRequest, id: UUID) -> Draft:
    at = now()
    line, content = draft_line(request.reach, id), draft_content(request.reach, id)
    if line is None or content is None:
        raise NotFound("DRAFT_UNKNOWN", "没有这份草稿。", "There is no such draft.")
    names = paths(places_of(content), day_of(at))
    shown = set_shown(content, at=at, findings=checked(content, at=at).findings, names=names)
    return Draft(line, content, names, shown, at)


def revision_sent(request: OfficerRequest) -> int:
    """The revision that the page was made from."""
    revision = as_number(request.POST.get("revision", ""), longest=9)
    if revision is None:
        zh, en = "这一页已经旧了，请重新打开草稿。", "This page is out of date: open the draft again."
        raise Refusal("REVISION_MISSING", zh, en)
    return revision
