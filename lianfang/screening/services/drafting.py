"""Writing a draft: begun from what stands somewhere, changed by whoever saw its newest revision, and nothing lost."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import transaction

from lianfang.command.models import Officer
from lianfang.command.queries import is_over_everybody
from lianfang.kernel.audit import Act, note
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.regions.queries import gazetteer
from lianfang.screening.compiling import Finding
from lianfang.screening.drafts import EMPTY, content_of
from lianfang.screening.models import RuleDraft
from lianfang.screening.rules import hash_of
from lianfang.screening.sheets import SheetRead, read_sheet

State = RuleDraft.State
LONGEST_REASON = 200
LARGEST_CONTENT = 1_000_000  # characters of JSON: a hundred times the longest order anybody gave


class RevisionChanged(Refusal):
    """Somebody else changed the draft meanwhile: `draft` is as it stands now, what was sent in is in the page still."""

    status = 409

    def __init__(self, draft: RuleDraft, who: str) -> None:
        self.draft = draft
        at = draft.changed_at.astimezone().strftime("%H:%M")
        super().__init__(
            "REVISION_CHANGED",
            f"{who} 在 {at} 改过这份草稿，您的改动还没有保存。请对照两边，再保存一次。",
            f"{who} changed this draft at {at}; yours is not saved yet. Compare the two and save again.",
        )


class SheetUnreadable(Refusal):
    """A file that is no rule set; `findings` say why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        worst = next((found for found in findings if found.severity == "ERROR"), None)
        super().__init__(
            "SHEET_UNREADABLE",
            f"这个文件没有装入，草稿没有改动。{worst.zh if worst else ''}",
            f"This file was not loaded; nothing was changed. {worst.en if worst else ''}".rstrip(),
        )


def begin(*, by: Reach, at: datetime, from_: str) -> RuleDraft:
    """A new draft with the content of a shipped set (its code), a known one (its hash), another draft (its id), or EMPTY."""
    require_drafting(by)
    content = content_of(from_)
    with transaction.atomic():
        return begun(content, by=by, at=at, based_on="" if from_ == EMPTY else hash_of(content))


def begin_from_sheet(*, by: Reach, at: datetime, data: bytes, name: str) -> tuple[RuleDraft, tuple[Finding, ...]]:  # fmt: skip
    """A new draft with what a sheet says."""
    require_drafting(by)
    read = _read(data, name, at)
    content = _fit(read.raw)
    with transaction.atomic():
        return begun(content, by=by, at=at, based_on=""), read.findings


def begun(content: Mapping[str, Any], *, by: Reach, at: datetime, based_on: str) -> RuleDraft:
    """A new draft, within the transaction at hand."""
    require_whole_city(by)
    draft = RuleDraft.objects.create(
        content=content, based_on=based_on, drafted_by_id=by.officer_id, drafted_at=at,
        changed_by_id=by.officer_id, changed_at=at,
    )  # fmt: skip
    note(Act.RULES_DRAFTED, by=by, subject=subject_of(draft), details={"revision": 1, "based_on": based_on})
    return draft


def change(
    *, by: Reach, at: datetime, id: UUID, revision: int, content: Any, keep: bool = False
) -> RuleDraft:
    """The draft with other content, perhaps not fit to decide yet. `keep`: what it held can be brought `back`.

    `revision` is the one that was seen. Raises RevisionChanged when the draft has gone on since.
    """
    require_drafting(by)
    fit = _fit(content)
    with transaction.atomic():
        draft = _seen(by, id, revision)
        if draft.content == fit:
            return draft
        return _changed(draft, fit, by=by, at=at, before=draft.content if keep else draft.before)


def back(*, by: Reach, at: datetime, id: UUID, revision: int) -> RuleDraft:
    """What the draft held before a sheet was loaded or a row removed; done twice, it is as it was."""
    require_drafting(by)
    with transaction.atomic():
        draft = _seen(by, id, revision)
        if draft.before is None:
            raise NotFound("NOTHING_BEFORE", "没有可以换回的内容。", "There is nothing to go back to.")
        return _changed(draft, draft.before, by=by, at=at, before=draft.content)


def _seen(by: Reach, id: UUID, revision: int) -> RuleDraft:
    """The draft, held until the transaction ends, as it was when somebody looked at it."""
    draft = locked(id)
    require_whole_city(by)
    if draft.revision != revision:
        raise RevisionChanged(draft, _name(draft.changed_by_id))
    require_state(draft, State.DRAFT)
    return draft


def _changed(draft: RuleDraft, content: Any, *, by: Reach, at: datetime, before: Any) -> RuleDraft:
    draft.content, draft.before, draft.revision = content, before, draft.revision + 1
    draft.changed_by_id, draft.changed_at = by.officer_id, at
    draft.save(update_fields=["content", "before", "revision", "changed_by", "changed_at"])
    note(Act.RULES_DRAFTED, by=by, subject=subject_of(draft), details={"revision": draft.revision})
    return draft


def keep_trial(*, by: Reach, id: UUID, trial: Mapping[str, Any]) -> None:
    """How many people a draft would treat differently, kept with it for whoever approves. No act: it changes no rules."""
    require_drafting(by)
    RuleDraft.objects.filter(pk=id).update(trial=dict(trial))


def load_sheet(
    *, by: Reach, at: datetime, id: UUID, revision: int, data: bytes, name: str
) -> tuple[RuleDraft, tuple[Finding, ...]]:
    """The draft with what a sheet says instead, and what was odd about the sheet. What it held can be brought `back`."""
    require_drafting(by)
    read = _read(data, name, at)
    return change(by=by, at=at, id=id, revision=revision, content=read.raw, keep=True), read.findings


# What a draft would not hold and nobody would miss any more: a rule could reach further than it was written.
_LOST = frozenset({"UNKNOWN_COLUMN", "NO_COLUMN", "OUT_OF_SHEET", "FORMULA"})


def _read(data: bytes, name: str, at: datetime) -> SheetRead:
    """Places may stand there by their names. All names are asked for at once, when the first is met."""
    names = cache(lambda: gazetteer(day_of(at)))
    read = read_sheet(data, name=name, resolve=lambda said: names().only(said))
    if read.raw is None or any(found.severity == "ERROR" and found.code in _LOST for found in read.findings):
        raise SheetUnreadable(read.findings)
    return read


def require_drafting(by: Reach) -> None:
    by.require("DRAFT_RULES")


def require_whole_city(by: Reach) -> None:
    """Rules decide at every barrier: who is posted over one county makes none for the others."""
    if not is_over_everybody(by):
        raise Forbidden(
            "OUT_OF_REACH",
            "筛查规则管全市的卡口，须由任职范围是全市的人员办理。",
            "Screening rules decide at every barrier of the city: it takes an officer posted over all of it.",
        )


def locked(id: UUID) -> RuleDraft:
    """The draft, held until the transaction ends."""
    draft = RuleDraft.objects.select_for_update().filter(pk=id).first()
    if draft is None:
        raise unknown_draft()
    return draft


def unknown_draft() -> NotFound:
    return NotFound("DRAFT_UNKNOWN", "没有这份草稿。", "There is no such draft.")


_STANDS = {
    State.DRAFT: ("还在起草，没有提交审批", "is still being drafted"),
    State.PROPOSED: ("已提交审批，撤回以后才能改", "is proposed: withdraw it before it is changed"),
    State.APPROVED: ("已批准生效", "is approved and in force"),
    State.REFUSED: ("已退回", "was refused"),
    State.WITHDRAWN: ("已撤回", "was withdrawn"),
}


def require_state(draft: RuleDraft, *states: str) -> None:
    """Refuses, in words, what cannot be done with a draft any more, or not yet."""
    if draft.state not in states:
        zh, en = _STANDS[State(draft.state)]
        raise Refusal("DRAFT_STATE", f"这份草稿{zh}。", f"This draft {en}.", status=409)


def subject_of(draft: RuleDraft) -> str:
    return f"RULE_DRAFT {draft.id}"


def _name(officer_id: UUID) -> str:
    return Officer.objects.values_list("name", flat=True).get(pk=officer_id)


def _fit(content: Any) -> dict[str, Any]:
    """What the database can keep. Whether it is fit to decide is the compiler's to say."""
    if not isinstance(content, dict):
        raise Refusal("CONTENT_UNREADABLE", "读不出规则表。", "No rule set could be read.")
    try:
        text = json.dumps(content, ensure_ascii=False, allow_nan=False)
        text.encode()
    except (TypeError, ValueError, RecursionError):
        zh, en = "规则里有存不下的内容。", "The rule set holds something that cannot be kept."
        raise Refusal("CONTENT_UNREADABLE", zh, en) from None
    if len(text) > LARGEST_CONTENT:
        raise Refusal("CONTENT_TOO_LARGE", "规则表太大。", "The rule set is too large.", status=413)
    if "\\u0000" in text:
        raise Refusal("CONTENT_UNREADABLE", "规则里有空字符，请删去。", "The rule set holds a NUL character.")
    return json.loads(text)
