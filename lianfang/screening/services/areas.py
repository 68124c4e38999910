"""What is done to the affected areas of a draft: each is a change of the draft, refused when it has gone on since."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import NotFound
from lianfang.screening import areas as listed
from lianfang.screening.areas import AffectedArea
from lianfang.screening.models import RuleDraft
from lianfang.screening.services.drafting import change, require_drafting, unknown_draft

Content = Mapping[str, Any]


def add_areas(
    *, by: Reach, at: datetime, id: UUID, revision: int, areas: Iterable[AffectedArea]
) -> RuleDraft:
    return _changed(by, at, id, revision, lambda content: listed.added(content, areas))


def renew_area(*, by: Reach, at: datetime, id: UUID, revision: int, place: int) -> RuleDraft:
    """For 30 days more. `place` counts in the list of that revision, from 0."""
    return _changed(by, at, id, revision, lambda content: listed.renewed(content, place, on=day_of(at)))


def end_area(*, by: Reach, at: datetime, id: UUID, revision: int, place: int) -> RuleDraft:
    """Today is its last day: who was there before is still found."""
    return _changed(by, at, id, revision, lambda content: listed.ended(content, place, on=day_of(at)))


def remove_area(*, by: Reach, at: datetime, id: UUID, revision: int, place: int) -> RuleDraft:
    """As if it had never been an affected area."""
    return _changed(by, at, id, revision, lambda content: listed.removed(content, place))


def _changed(
    by: Reach, at: datetime, id: UUID, revision: int, edited: Callable[[Content], dict[str, Any]]
) -> RuleDraft:
    """What was read is what is changed: `change` refuses any other revision."""
    require_drafting(by)
    draft = RuleDraft.objects.filter(pk=id).first()
    if draft is None:
        raise unknown_draft()
    try:
        content = edited(draft.content) if draft.revision == revision else draft.content
    except (IndexError, OverflowError):  # none there, or one whose days are beyond the calendar
        raise NotFound("AREA_UNKNOWN", "这份草稿里没有这个地区。", "This draft has no such area.") from None
    return change(by=by, at=at, id=id, revision=revision, content=content)
