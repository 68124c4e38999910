"""The second officer decides: what he approves is in force within seconds, for the days that were proposed.

Lifting is never harder than imposing: one officer ends restrictions alone (docs/decisions/0031).
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from lianfang.kernel.audit import Act, note
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Forbidden
from lianfang.screening.models import RuleDraft, RulePeriod
from lianfang.screening.rules import hash_of
from lianfang.screening.services.drafting import (
    State,
    locked,
    require_state,
    require_whole_city,
    subject_of,
    unknown_draft,
)
from lianfang.screening.services.periods import (
    alone_with_the_periods,
    cut,
    drop_what_was_to_come,
    newest_period,
    put_in_force,
    require_as_seen,
)
from lianfang.screening.services.proposing import fit_content, fit_reason, nothing_in_force


def approve(*, by: Reach, at: datetime, id: UUID, seen: str | None = None) -> RuleDraft:
    """The second officer agrees: in force a few seconds from now, in place of whatever was.

    `seen`: the hash of the rule set in force with which the approver compared. Another is in force meanwhile: refused.
    What is proposed is not changed any more: it is compiled before others are made to wait.
    """
    by.require("APPROVE_RULES")
    content = fit_content(_for_approval(RuleDraft.objects.filter(pk=id).first(), by).content, at=at)
    with transaction.atomic():
        alone_with_the_periods()
        draft = _for_approval(locked(id), by)
        period = put_in_force(draft, content, by=by, at=at, seen=seen)
        _decided(draft, State.APPROVED, by, at)
        details = {"rule_set": period.rule_set_id, "days": draft.days, "revision": draft.revision}
        note(Act.RULES_APPROVED, by=by, subject=subject_of(draft), details=details)
    return draft


def _for_approval(draft: RuleDraft | None, by: Reach) -> RuleDraft:
    if draft is None:
        raise unknown_draft()
    require_whole_city(by)
    require_state(draft, State.PROPOSED)
    _require_another(by, draft)
    return draft


def _require_another(by: Reach, draft: RuleDraft) -> None:
    """Four eyes: nobody approves what he wrote, changed last or proposed."""
    if by.officer_id in (draft.proposed_by_id, draft.drafted_by_id, draft.changed_by_id):
        raise Forbidden(
            "SAME_OFFICER",
            "起草、改过或提交这份规则的人不能自己批准，请另一位值班员批准。",
            "Whoever drafted, changed or proposed these rules cannot approve them: another officer does.",
        )


def refuse(*, by: Reach, at: datetime, id: UUID, answer: str) -> RuleDraft:
    """Not like this: the proposal goes back with the reason. One may begin anew from it."""
    by.require("APPROVE_RULES")
    why = fit_reason(answer)
    with transaction.atomic():
        draft = locked(id)
        require_whole_city(by)
        require_state(draft, State.PROPOSED)
        draft.answer = why
        _decided(draft, State.REFUSED, by, at)
        details = {"rule_set": hash_of(draft.content), "revision": draft.revision, "reason": why}
        note(Act.RULES_REFUSED, by=by, subject=subject_of(draft), details=details)
    return draft


def _decided(draft: RuleDraft, state: str, by: Reach, at: datetime) -> None:
    draft.state, draft.decided_by_id, draft.decided_at = state, by.officer_id, at
    draft.save(update_fields=["state", "decided_by", "decided_at", "answer"])


def end(*, by: Reach, at: datetime, reason: str) -> RulePeriod:
    """Restrictions are lifted now, by one officer alone. Registration and care go on: the rule set lapses."""
    by.require("APPROVE_RULES")
    why = fit_reason(reason)
    require_whole_city(by)
    with transaction.atomic():
        alone_with_the_periods()
        period = newest_period(at)
        if period is None or period.during.upper <= at:
            raise nothing_in_force()
        require_as_seen(period, at)
        cut(period, at, by=by, why=why)
        drop_what_was_to_come(at)
        note(Act.RULES_ENDED, by=by, subject=f"RULE_SET {period.rule_set_id}", details={"reason": why})
    return period
