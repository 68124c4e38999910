"""A draft is proposed, renewed or withdrawn by one officer; another decides (`approving`)."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from lianfang.kernel.audit import Act, note
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Forbidden, Refusal
from lianfang.screening.drafts import checked
from lianfang.screening.form import MAX_DAYS
from lianfang.screening.models import RuleDraft, RulePeriod
from lianfang.screening.rules import hash_of
from lianfang.screening.services.drafting import (
    LONGEST_REASON,
    State,
    begun,
    locked,
    require_drafting,
    require_state,
    require_whole_city,
    subject_of,
)


def propose(*, by: Reach, at: datetime, id: UUID, days: int, reason: str) -> RuleDraft:
    """Asks another officer to put the draft in force for so many days. Its content is stored as the compiler writes it."""
    require_drafting(by)
    for_days, why = fit_days(days), fit_reason(reason)
    with transaction.atomic():
        draft = locked(id)
        require_whole_city(by)
        require_state(draft, State.DRAFT)
        content = fit_content(draft.content, at=at)
        return _proposed(draft, content, by, at, for_days, why, Act.RULES_PROPOSED)


def renew(*, by: Reach, at: datetime, days: int, reason: str) -> RuleDraft:
    """What is in force, or lapsed, proposed as it stands for more days. It goes on when another officer approves."""
    require_drafting(by)
    for_days, why = fit_days(days), fit_reason(reason)
    period = RulePeriod.objects.filter(during__startswith__lte=at).order_by("-during").first()
    if period is None:
        raise nothing_in_force()
    content = fit_content(json.loads(period.rule_set.content), at=at)
    with transaction.atomic():
        draft = begun(content, by=by, at=at, based_on=period.rule_set_id)
        return _proposed(draft, content, by, at, for_days, why, Act.RULES_RENEWED)


def _proposed(
    draft: RuleDraft,
    content: dict[str, Any],
    by: Reach,
    at: datetime,
    days: int,
    reason: str,
    act: Act,
) -> RuleDraft:
    draft.content = content
    draft.state, draft.days, draft.reason = State.PROPOSED, days, reason
    draft.proposed_by_id, draft.proposed_at = by.officer_id, at
    draft.save(update_fields=["content", "state", "days", "reason", "proposed_by", "proposed_at"])
    details = {"rule_set": hash_of(draft.content), "days": days, "revision": draft.revision}
    note(act, by=by, subject=subject_of(draft), details=details)
    return draft


def withdraw(*, by: Reach, at: datetime, id: UUID) -> RuleDraft:
    """A draft that is not needed any more, or a proposal taken back by whoever made it. One may begin anew from it."""
    require_drafting(by)
    with transaction.atomic():
        draft = locked(id)
        require_whole_city(by)
        require_state(draft, State.DRAFT, State.PROPOSED)
        if draft.state == State.PROPOSED and by.officer_id != draft.proposed_by_id:
            zh, en = (
                "只有提交的人能撤回；不同意请退回。",
                "Only who proposed it withdraws it; to disagree, refuse it.",
            )
            raise Forbidden("NOT_YOUR_PROPOSAL", zh, en)
        draft.state, draft.decided_by_id, draft.decided_at = State.WITHDRAWN, by.officer_id, at
        draft.save(update_fields=["state", "decided_by", "decided_at"])
        note(Act.RULES_WITHDRAWN, by=by, subject=subject_of(draft), details={"revision": draft.revision})
    return draft


def nothing_in_force() -> Refusal:
    zh, en = "现在没有生效的规则。", "No rules are in force now."
    return Refusal("NOTHING_IN_FORCE", zh, en, status=409)


def fit_days(days: int) -> int:
    if not 1 <= days <= MAX_DAYS:
        zh, en = f"有效期 1 到 {MAX_DAYS} 天，到期再续。", f"1 to {MAX_DAYS} days; after that it is renewed."
        raise Refusal("DAYS_WRONG", zh, en)
    return days


def fit_reason(reason: str) -> str:
    said = reason.replace("\x00", "").strip()[:LONGEST_REASON]
    if not said:
        raise Refusal("REASON_MISSING", "请写明文号或原因。", "Say which order it follows, or why.")
    return said


def fit_content(content: Mapping[str, Any], *, at: datetime) -> dict[str, Any]:
    """The content as the compiler writes it. Refuses what cannot decide."""
    compiled = checked(content, at=at)
    if compiled.content is None:
        wrong = sum(finding.severity == "ERROR" for finding in compiled.findings)
        raise Refusal(
            "RULES_WRONG",
            f"还有 {wrong} 处错误，改好以后才能提交。",
            f"Errors that are left: {wrong}. Mend them before you propose it.",
            status=409,
        )
    return compiled.content
