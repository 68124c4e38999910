"""Drafts, proposals, approvals and periods: who may do what with rules, and what two officers do at once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from typing import Any

import pytest

from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.screening.book import HEARD_AFTER
from lianfang.screening.drafts import EMPTY, RulesStanding, draft_line, drafts, periods, standing
from lianfang.screening.lapsing import Lapse, lapse
from lianfang.screening.models import RuleDraft, RulePeriod
from lianfang.screening.queries import BELIEVED_FOR, book
from lianfang.screening.rules import hash_of
from lianfang.screening.services import (
    RevisionChanged,
    approve,
    begin,
    change,
    end,
    propose,
    refuse,
    renew,
    withdraw,
)
from lianfang.screening.shipped import shipped
from tests import factories
from tests.factories import HAICHENG

Act = Callable[[], object]


SECOND = timedelta(seconds=1)


class Officers:
    """Three officers of headquarters, as many as it takes."""

    def __init__(self) -> None:
        self.writer = factories.officer(name="甲")
        self.second = factories.officer(name="乙")
        self.third = factories.officer(name="丙")


@pytest.fixture
def officers(db: None, monkeypatch: pytest.MonkeyPatch) -> Officers:
    """In a test's transaction no register is loaded: every place that is named exists."""
    monkeypatch.setattr(
        "lianfang.screening.drafts.registered", lambda codes, on: dict.fromkeys(codes, "某地")
    )
    return Officers()


def proposed(officers: Officers, now: datetime, *, from_: str = "jinzhou-2020", days: int = 14) -> RuleDraft:
    draft = begin(by=officers.writer, at=now, from_=from_)
    return propose(by=officers.writer, at=now, id=draft.id, days=days, reason="锦指发〔2020〕1号")


def code_of(act: Act) -> str:
    with pytest.raises(Refusal) as refused:
        act()
    assert refused.value.zh
    assert refused.value.en
    return refused.value.code


def in_force(by: Reach, now: datetime) -> RulesStanding:
    return standing(by, at=now)


def test_two_officers_put_a_draft_in_force_at_once_and_it_takes_the_place_of_what_was(
    officers: Officers, now: datetime
) -> None:
    before = in_force(officers.writer, now)
    assert RulePeriod.objects.filter(during__startswith__gt=now).exists()
    draft = proposed(officers, now)
    approve(by=officers.second, at=now, id=draft.id, seen=before.rule_set.hash)
    begins = now + HEARD_AFTER
    after = in_force(officers.writer, begins)
    assert after.period is not None
    assert after.rule_set.hash == hash_of(RuleDraft.objects.get(pk=draft.id).content)
    assert (after.period.since, after.period.until) == (begins, begins + timedelta(days=14))
    assert (after.period.proposed_by, after.period.approved_by) == ("甲", "乙")
    assert periods(officers.writer, at=now)[1].until == begins
    assert not RulePeriod.objects.filter(during__startswith__gt=begins).exists()
    assert book(anew=True).at(begins).rule_set.hash == after.rule_set.hash


@pytest.mark.parametrize("who", ["writer", "second"])
def test_nobody_approves_what_he_drafted_or_changed_or_proposed(
    officers: Officers, now: datetime, who: str
) -> None:
    draft = begin(by=officers.writer, at=now, from_="jinzhou-2020")
    content = dict(draft.content, source="改过")
    change(by=officers.second, at=now, id=draft.id, revision=1, content=content)
    propose(by=officers.third, at=now, id=draft.id, days=3, reason="文号")
    assert code_of(lambda: approve(by=getattr(officers, who), at=now, id=draft.id)) == "SAME_OFFICER"
    assert code_of(lambda: approve(by=officers.third, at=now, id=draft.id)) == "SAME_OFFICER"
    approve(by=factories.officer(), at=now, id=draft.id)


def test_two_editors_never_overwrite_each_other(officers: Officers, now: datetime) -> None:
    draft = begin(by=officers.writer, at=now, from_=EMPTY)
    change(by=officers.second, at=now, id=draft.id, revision=1, content=dict(draft.content, source="乙写的"))
    with pytest.raises(RevisionChanged) as refused:
        change(by=officers.writer, at=now, id=draft.id, revision=1, content=dict(draft.content, source="甲"))
    assert "乙" in refused.value.zh
    assert refused.value.draft.content["source"] == "乙写的"
    assert RuleDraft.objects.get(pk=draft.id).revision == 2


def test_what_is_decided_is_over(officers: Officers, now: datetime) -> None:
    def again(draft: RuleDraft) -> list[str]:
        id = draft.id
        return [
            code_of(lambda: approve(by=officers.second, at=now, id=id)),
            code_of(lambda: refuse(by=officers.second, at=now, id=id, answer="不")),
            code_of(lambda: withdraw(by=officers.writer, at=now, id=id)),
            code_of(lambda: propose(by=officers.writer, at=now, id=id, days=1, reason="文号")),
            code_of(lambda: change(by=officers.writer, at=now, id=id, revision=1, content={})),
        ]

    draft = proposed(officers, now)
    withdraw(by=officers.writer, at=now, id=draft.id)
    assert again(draft) == ["DRAFT_STATE"] * 5
    draft = proposed(officers, now)
    refuse(by=officers.second, at=now, id=draft.id, answer="第三行写错")
    assert again(draft) == ["DRAFT_STATE"] * 5
    line = draft_line(officers.writer, draft.id)
    assert line is not None
    assert (line.state, line.answer, line.decided_by) == ("REFUSED", "第三行写错", "乙")
    anew = begin(by=officers.writer, at=now, from_=str(draft.id))
    assert anew.content == RuleDraft.objects.get(pk=draft.id).content


def test_a_proposal_is_not_changed_and_only_its_officer_takes_it_back(
    officers: Officers, now: datetime
) -> None:
    draft = proposed(officers, now)
    assert (
        code_of(lambda: change(by=officers.writer, at=now, id=draft.id, revision=1, content={}))
        == "DRAFT_STATE"
    )
    assert code_of(lambda: withdraw(by=officers.second, at=now, id=draft.id)) == "NOT_YOUR_PROPOSAL"
    assert (
        code_of(lambda: propose(by=officers.writer, at=now, id=draft.id, days=1, reason="文"))
        == "DRAFT_STATE"
    )


@pytest.mark.parametrize("days", [0, -1, 31, 10**30])
def test_a_period_is_of_1_to_30_days(officers: Officers, now: datetime, days: int) -> None:
    draft = begin(by=officers.writer, at=now, from_="jinzhou-2020")
    assert (
        code_of(lambda: propose(by=officers.writer, at=now, id=draft.id, days=days, reason="文"))
        == "DAYS_WRONG"
    )
    assert code_of(lambda: renew(by=officers.writer, at=now, days=days, reason="文")) == "DAYS_WRONG"


@pytest.mark.parametrize("reason", ["", "  ", "\x00"])
def test_every_act_says_why(officers: Officers, now: datetime, reason: str) -> None:
    draft = begin(by=officers.writer, at=now, from_="jinzhou-2020")
    acts: list[Act] = [
        lambda: propose(by=officers.writer, at=now, id=draft.id, days=1, reason=reason),
        lambda: renew(by=officers.writer, at=now, days=1, reason=reason),
        lambda: refuse(by=officers.second, at=now, id=draft.id, answer=reason),
        lambda: end(by=officers.writer, at=now, reason=reason),
    ]
    assert [code_of(act) for act in acts] == ["REASON_MISSING"] * 4


def test_what_cannot_decide_is_not_proposed(officers: Officers, now: datetime) -> None:
    draft = begin(by=officers.writer, at=now, from_=EMPTY)
    assert (
        code_of(lambda: propose(by=officers.writer, at=now, id=draft.id, days=1, reason="文"))
        == "RULES_WRONG"
    )
    assert RuleDraft.objects.get(pk=draft.id).state == "DRAFT"


@pytest.mark.parametrize(
    "content",
    [None, [], "x", {"rows": float("nan")}, {"title": "\x00"}, {"title": "\ud800"}, {"a": "x" * 1_000_001}],
    ids=["none", "list", "text", "nan", "nul", "half", "large"],
)
def test_what_the_database_cannot_keep_is_refused_in_words(
    officers: Officers, now: datetime, content: Any
) -> None:
    draft = begin(by=officers.writer, at=now, from_=EMPTY)
    said = code_of(lambda: change(by=officers.writer, at=now, id=draft.id, revision=1, content=content))
    assert said in ("CONTENT_UNREADABLE", "CONTENT_TOO_LARGE")
    assert RuleDraft.objects.get(pk=draft.id).revision == 1


def test_of_two_approvals_that_saw_the_same_rules_one_wins(officers: Officers, now: datetime) -> None:
    seen = in_force(officers.writer, now).rule_set.hash
    first, other = proposed(officers, now), proposed(officers, now, from_="liaoning-2020-02-05")
    approve(by=officers.second, at=now, id=first.id, seen=seen)
    begins = now + HEARD_AFTER
    for at, saw in (
        (now, None),
        (now - timedelta(microseconds=1), None),
        (begins, None),
        (begins + SECOND, seen),
    ):
        act = partial(approve, by=officers.third, at=at, id=other.id, seen=saw)
        assert code_of(act) == "RULES_JUST_CHANGED"
    assert RuleDraft.objects.get(pk=other.id).state == "PROPOSED"
    later = begins + SECOND
    approve(by=officers.third, at=later, id=other.id, seen=in_force(officers.writer, later).rule_set.hash)
    assert in_force(officers.writer, later + HEARD_AFTER).rule_set.hash == hash_of(
        shipped("liaoning-2020-02-05").content
    )


def test_a_renewal_is_a_proposal_with_the_same_content(officers: Officers, now: datetime) -> None:
    before = in_force(officers.writer, now)
    draft = renew(by=officers.writer, at=now, days=30, reason="续期")
    assert (draft.state, draft.based_on) == ("PROPOSED", before.rule_set.hash)
    assert code_of(lambda: approve(by=officers.writer, at=now, id=draft.id)) == "SAME_OFFICER"
    approve(by=officers.second, at=now, id=draft.id)
    after = in_force(officers.writer, now + HEARD_AFTER)
    assert after.rule_set.hash == before.rule_set.hash
    assert after.period is not None
    assert after.period.until == now + HEARD_AFTER + timedelta(days=30)


def test_between_an_approval_and_its_beginning_the_older_set_decides_everywhere(
    officers: Officers, now: datetime
) -> None:
    before, draft = in_force(officers.writer, now), proposed(officers, now)
    assert before.period is not None
    approve(by=officers.second, at=now, id=draft.id, seen=before.rule_set.hash)
    begins = now + timedelta(seconds=BELIEVED_FOR + 1)
    for at in (now, begins - timedelta(microseconds=1)):
        stands = in_force(officers.writer, at)
        assert (stands.rule_set.hash, stands.lapsed) == (before.rule_set.hash, False)
        assert stands.coming is not None
        assert stands.coming.since == begins
        assert book(anew=True).at(at).rule_set.hash == before.rule_set.hash
        assert code_of(partial(end, by=officers.second, at=at, reason="停")) == "RULES_JUST_CHANGED"
    stands = in_force(officers.writer, begins)
    assert (stands.rule_set.hash != before.rule_set.hash, stands.coming) == (True, None)
    assert not book(anew=True).at(begins).lapsed


def test_rules_are_compiled_before_others_are_made_to_wait(
    officers: Officers, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[str] = []
    draft = proposed(officers, now)
    for module, name in (("approving", "fit_content"), ("approving", "alone_with_the_periods")):
        real = getattr(import_module(f"lianfang.screening.services.{module}"), name)

        def told(*given: Any, name: str = name, real: Any = real, **named: Any) -> Any:
            waits.append(name)
            return real(*given, **named)

        monkeypatch.setattr(f"lianfang.screening.services.{module}.{name}", told)
    approve(by=officers.second, at=now, id=draft.id)
    assert waits == ["fit_content", "alone_with_the_periods"]


def test_one_officer_ends_restrictions_at_once_and_care_goes_on(officers: Officers, now: datetime) -> None:
    ended = end(by=officers.writer, at=now, reason="市里通知解除")
    after = in_force(officers.writer, now)
    assert after.lapsed
    assert after.period is not None
    assert (after.period.id, after.period.ended_by, after.period.ended_for) == (
        ended.id,
        "甲",
        "市里通知解除",
    )
    decided = book(anew=True).at(now)
    assert decided.lapsed
    assert {row.id for row in decided.rule_set.rows if row.restricts}
    assert code_of(lambda: end(by=officers.writer, at=now, reason="再停")) == "NOTHING_IN_FORCE"
    renewed = renew(by=officers.writer, at=now, days=1, reason="还是要")
    assert renewed.state == "PROPOSED"


def test_who_is_posted_over_one_county_makes_no_rules_for_the_others(
    officers: Officers, now: datetime
) -> None:
    county = factories.officer("HEADQUARTERS", HAICHENG)
    draft = proposed(officers, now)
    acts: list[Act] = [
        lambda: begin(by=county, at=now, from_="basic"),
        lambda: change(by=county, at=now, id=draft.id, revision=1, content={}),
        lambda: propose(by=county, at=now, id=draft.id, days=1, reason="文"),
        lambda: approve(by=county, at=now, id=draft.id),
        lambda: refuse(by=county, at=now, id=draft.id, answer="不"),
        lambda: withdraw(by=county, at=now, id=draft.id),
        lambda: renew(by=county, at=now, days=1, reason="文"),
        lambda: end(by=county, at=now, reason="文"),
    ]
    assert [code_of(act) for act in acts] == ["OUT_OF_REACH"] * len(acts)


@pytest.mark.parametrize("role", ["COUNTY_DESK", "TOWNSHIP_DESK", "CHECKPOINT_LEAD", "AUDITOR", "WALL"])
def test_other_roles_change_nothing(officers: Officers, now: datetime, role: str) -> None:
    by, id = factories.officer(role), proposed(officers, now).id
    for act in (
        lambda: begin(by=by, at=now, from_="basic"),
        lambda: change(by=by, at=now, id=id, revision=1, content={}),
        lambda: propose(by=by, at=now, id=id, days=1, reason="文"),
        lambda: approve(by=by, at=now, id=id),
        lambda: refuse(by=by, at=now, id=id, answer="不"),
        lambda: withdraw(by=by, at=now, id=id),
        lambda: renew(by=by, at=now, days=1, reason="文"),
        lambda: end(by=by, at=now, reason="文"),
    ):
        with pytest.raises(Forbidden, match="NOT_PERMITTED"):
            act()


@pytest.mark.parametrize(
    "from_", ["", "nothing", "0" * 16, "01a20000-0000-7000-8000-0000000000dd", "\x00", "basic "]
)
def test_a_draft_begins_from_something_that_is_there(officers: Officers, now: datetime, from_: str) -> None:
    with pytest.raises(NotFound):
        begin(by=officers.writer, at=now, from_=from_)


def test_what_waits_for_somebody_is_listed_first(officers: Officers, now: datetime) -> None:
    waiting = proposed(officers, now)
    written = begin(by=officers.writer, at=now + timedelta(minutes=1), from_="basic")
    gone = begin(by=officers.writer, at=now + timedelta(minutes=2), from_="basic")
    withdraw(by=officers.writer, at=now, id=gone.id)
    assert [line.id for line in drafts(officers.writer)] == [waiting.id, written.id, gone.id]


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(days=7, seconds=1), Lapse.FAR),
        (timedelta(days=7), Lapse.SEVEN_DAYS),
        (timedelta(days=3), Lapse.THREE_DAYS),
        (timedelta(days=1), Lapse.ONE_DAY),
        (timedelta(seconds=1), Lapse.ONE_DAY),
        (timedelta(0), Lapse.LAPSED),
        (-timedelta(days=40), Lapse.LAPSED),
    ],
)
def test_officers_are_warned_seven_three_and_one_day_before(
    now: datetime, left: timedelta, said: Lapse
) -> None:
    assert lapse(now + left, now) == said
