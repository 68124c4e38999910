"""Re-screening as an act: counted first, proposed, approved by a second officer, stopped at any time. docs/rule-sets.md.

Nothing is decided again by itself, and nothing that stands is taken away: who would lose a measure is told.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from lianfang.checkpoints.models import Checkpoint
from lianfang.checkpoints.queries.within import held
from lianfang.journeys.rescreening.carrying_on import OPEN, decides
from lianfang.journeys.rescreening.counts import RescreeningCounts
from lianfang.journeys.rescreening.laying import KEPT_DAYS
from lianfang.kernel.audit import Act, note
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.screening.models import Rescreening
from lianfang.screening.queries import book

LONGEST_REASON = 200
NUMBERS_LAST = timedelta(hours=24)

State = Rescreening.State


@transaction.atomic
def dry_run(*, by: Reach, at: datetime, since: date, until: date) -> Rescreening:
    """Asks for the numbers: everybody of those days by the rule set in force now. The worker counts, within seconds."""
    _require_city(by)
    _require_days(since, until, at)
    rule_set = book(anew=True).at(at)
    if not decides(rule_set, rule_set.rule_set.hash):
        raise _nothing_in_force()
    one = Rescreening.objects.create(
        rule_set=rule_set.rule_set.hash, since=since, until=until, asked_by_id=by.officer_id, asked_at=at
    )
    _note(Act.RESCREENING_COUNTED, by, one)
    return one


@transaction.atomic
def propose(*, by: Reach, at: datetime, id: UUID, reason: str) -> Rescreening:
    """The numbers are seen; a second officer is asked to approve them."""
    _require_city(by)
    one = _locked(id, State.DRY_RUN)
    if not reason.strip():
        raise Refusal("REASON_MISSING", "请写明重新筛查的原因。", "Say why people are screened again.")
    _require_numbers(one, at)
    if not RescreeningCounts.of(one.counts).gain:
        raise Refusal(
            "NOTHING_TO_DO",
            "没有人需要增加或加严措施，不用重新筛查。",
            "Nobody would gain a measure: there is nothing to carry out.",
        )
    one.state, one.reason = State.PROPOSED, reason.strip()[:LONGEST_REASON]
    one.proposed_by_id, one.proposed_at = by.officer_id, at
    one.save()
    _note(Act.RESCREENING_PROPOSED, by, one)
    return one


@transaction.atomic
def approve(*, by: Reach, at: datetime, id: UUID) -> Rescreening:
    """The second officer agrees; the worker carries it out."""
    _require_city(by)
    one = _locked(id, State.PROPOSED)
    if one.proposed_by_id == by.officer_id:
        zh, en = "提请重新筛查的人不能自己批准。", "Whoever proposed a re-screening cannot approve it."
        raise Refusal("SAME_OFFICER", zh, en, status=403)
    _require_numbers(one, at)
    if Rescreening.objects.filter(state__in=OPEN).exists():
        raise _another_runs()
    one.state, one.decided_by_id, one.decided_at = State.APPROVED, by.officer_id, at
    one.done = RescreeningCounts().kept()
    try:
        with transaction.atomic():
            one.save()
    except IntegrityError:  # approved at the same instant
        raise _another_runs() from None
    _note(Act.RESCREENING_APPROVED, by, one)
    return one


@transaction.atomic
def refuse(*, by: Reach, at: datetime, id: UUID, answer: str) -> Rescreening:
    """It is not done: the second officer says no, or whoever asked takes it back."""
    _require_city(by)
    one = _locked(id, State.DRY_RUN, State.PROPOSED)
    one.state, one.decided_by_id, one.decided_at = State.REFUSED, by.officer_id, at
    one.answer = _said(answer)
    one.save()
    _note(Act.RESCREENING_REFUSED, by, one)
    return one


@transaction.atomic
def stop(*, by: Reach, at: datetime, id: UUID, answer: str) -> Rescreening:
    """Ends it where it is: what was decided stands, the rest is not decided."""
    _require_city(by)
    one = _locked(id, *OPEN)
    one.state, one.ended_by_id, one.ended_at = State.STOPPED, by.officer_id, at
    one.answer = _said(answer)
    one.save()
    _note(Act.RESCREENING_STOPPED, by, one)
    return one


def _another_runs() -> Refusal:
    return Refusal(
        "ANOTHER_RUNS",
        "另一次重新筛查正在进行，等它完成再批准。",
        "Another re-screening is running.",
        status=409,
    )


def _require_city(by: Reach) -> None:
    """A rule set decides for the whole city, and so does screening by it again."""
    by.require("RESCREEN")
    if Checkpoint.objects.exclude(held(by)).exists():
        raise Forbidden(
            "OUT_OF_REACH",
            "重新筛查涉及全市的登记，须由任职范围是全市的人员办理。",
            "Re-screening touches the arrivals of the whole city: it takes an officer posted over all of it.",
        )


def _require_days(since: date, until: date, at: datetime) -> None:
    earliest = day_of(at) - timedelta(days=KEPT_DAYS - 1)
    if not earliest <= since <= until <= day_of(at):
        raise Refusal(
            "DAYS_OUT_OF_BOUNDS",
            f"日期须在 {earliest} 到 {day_of(at)} 之间，起始日不晚于截止日。",
            f"Days must lie between {earliest} and {day_of(at)}, the first not after the last.",
        )


def _require_numbers(one: Rescreening, at: datetime) -> None:
    trouble = numbers_trouble(one, at=at)
    if trouble is not None:
        raise trouble


def numbers_trouble(one: Rescreening, *, at: datetime) -> Refusal | None:
    """Why it is neither proposed nor approved now; None: what would be done is what was counted lately, by the rule set in
    force.
    """
    if one.counted_at is None:
        zh, en = "还没有算完，请稍候再办。", "It is still being counted."
        return Refusal("NOT_COUNTED", zh, en, status=409)
    if not decides(book(anew=True).at(at), one.rule_set):
        zh = "算数以后规则已经更换或到期，请按现行规则重新算一次。"
        en = (
            "The rule set it was counted by has been replaced or has lapsed: count again by the one in force."
        )
        return Refusal("RULES_CHANGED", zh, en, status=409)
    done_since = Rescreening.objects.filter(ended_at__gt=one.counted_at, done__gain__gt=0).exclude(pk=one.pk)
    if at - one.counted_at > NUMBERS_LAST or done_since.exists():
        zh, en = "这些数字已经过时，请重新算一次。", "These numbers are out of date: count again."
        return Refusal("NUMBERS_OLD", zh, en, status=409)
    return None


def _locked(id: UUID, *states: str) -> Rescreening:
    one = Rescreening.objects.select_for_update().filter(pk=id).first()
    if one is None:
        raise NotFound("RESCREENING_UNKNOWN", "没有这次重新筛查。", "There is no such re-screening.")
    if one.state not in states:
        zh, en = (
            "这次重新筛查的状态已经变了，请刷新。",
            "Its state has changed meanwhile: load the page again.",
        )
        raise Refusal("STATE_CHANGED", zh, en, status=409)
    return one


def _said(answer: str) -> str:
    if not answer.strip():
        raise Refusal("REASON_MISSING", "请写明原因。", "Say why.")
    return answer.strip()[:LONGEST_REASON]


def _nothing_in_force() -> Refusal:
    return Refusal(
        "NO_RULES_IN_FORCE",
        "现在没有生效的规则集，或者已经到期：先批准或续期，再重新筛查。",
        "No rule set is in force, or it has lapsed: approve or renew one first, then screen again.",
        status=409,
    )


def _note(act: Act, by: Reach, one: Rescreening) -> None:
    counts = RescreeningCounts.of(one.counts)
    note(
        act, by=by, subject=f"RESCREENING {one.pk}", count=max(counts.gain, 1),
        details={"rule_set": one.rule_set, "since": str(one.since), "until": str(one.until), "gain": counts.gain},
    )  # fmt: skip
