"""Asking an officer to clear up a finding, and the end of it: happy, refused, repeated, out of reach, at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from lianfang.command.models import Officer, Posting
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden, Refusal
from lianfang.situation import quality
from lianfang.situation.models import QualityTask
from lianfang.situation.quality import Days, assign, finish
from lianfang.situation.quality.services import LONGEST_TEXT
from lianfang.situation.quality.thresholds import TASK_DUE_AFTER
from tests import factories
from tests.factories import HAICHENG
from tests.situation.town import DAY, HOUR, MINUTE, NOON, WEEK, YESTERDAY, Town

CODE = "UNKNOWN_CHECKPOINT"


@pytest.fixture
def key(town: Town) -> str:
    """One finding: a phone that named a checkpoint that does not exist."""
    town.send(town.passage(checkpoint="NOWHERE"))
    (found,) = town.found(CODE)
    return found.key


@pytest.fixture
def asked(town: Town) -> Reach:
    return factories.officer("COUNTY_DESK", HAICHENG, name="海城夜班")


def ask(town: Town, key: str, to: Reach | UUID, **changes: Any) -> QualityTask:
    given = {"by": town.desk, "finding": CODE, "key": key, "days": YESTERDAY, "note": "请核对", "at": NOON}
    return assign(to=to if isinstance(to, UUID) else to.officer_id, **(given | changes))


def refused(act: Callable[..., object], *args: object, **kwargs: object) -> tuple[str, int]:
    with pytest.raises(Refusal) as refusal:
        act(*args, **kwargs)
    assert refusal.value.zh
    assert refusal.value.en
    return refusal.value.code, refusal.value.status


def open_tasks(who: Reach) -> list[str]:
    with reach(who) as seen:
        return [line.key for line in quality.my_tasks(seen)]


class TestAssigning:
    def test_who_was_asked_finds_the_task_on_the_desk(self, town: Town, key: str, asked: Reach) -> None:
        ask(town, key, asked, note="  请核对登记码  ")
        with reach(asked) as seen:
            (line,) = quality.my_tasks(seen)
            mine, given, done = quality.tasks(seen)
        assert (line.finding, line.key, line.day, line.days) == (CODE, key, DAY, 1)
        assert line.checkpoint == "GATE卡口"
        assert (line.assigned_to, line.assigned_by, line.note) == ("海城夜班", "海城值班员", "请核对登记码")
        assert (mine, given, done) == ([line], [], [])
        assert not line.is_overdue(NOON + TASK_DUE_AFTER - MINUTE)
        assert line.is_overdue(NOON + TASK_DUE_AFTER)

    def test_who_asked_sees_what_was_given_and_the_row_says_so(
        self, town: Town, key: str, asked: Reach
    ) -> None:
        ask(town, key, asked)
        with reach(town.desk) as seen:
            assert quality.my_tasks(seen) == []
            mine, (given,), _ = quality.tasks(seen)
            about = quality.tasks_about(seen, CODE, [key], WEEK)
        assert mine == []
        assert about == {key: given}

    def test_one_may_ask_oneself(self, town: Town, key: str) -> None:
        ask(town, key, town.desk)
        assert open_tasks(town.desk) == [key]

    @pytest.mark.parametrize("days", [YESTERDAY, WEEK, Days(DAY + timedelta(days=2), 7)])
    def test_nobody_is_asked_while_somebody_is_at_it(
        self, town: Town, key: str, asked: Reach, days: Days
    ) -> None:
        ask(town, key, asked)
        assert refused(ask, town, key, town.desk, days=days) == ("ALREADY_ASSIGNED", 409)
        assert refused(ask, town, key, asked, days=days, by=town.headquarters) == ("ALREADY_ASSIGNED", 409)
        assert QualityTask.objects.count() == 1

    def test_an_open_task_stands_on_every_day_a_done_one_on_its_own(
        self, town: Town, key: str, asked: Reach
    ) -> None:
        task = ask(town, key, asked)
        later = Days(DAY + timedelta(days=3), 3)
        for days, open_one, done_one in ((WEEK, True, True), (later, True, False)):
            QualityTask.objects.filter(pk=task.id).update(done_at=None, done_by=None)
            assert (key in self.about(town, key, days)) == open_one
            finish(by=asked, task=task.id, outcome="好", at=NOON + HOUR)
            assert (key in self.about(town, key, days)) == done_one

    def about(self, town: Town, key: str, days: Days) -> dict[str, quality.TaskLine]:
        with reach(town.desk) as seen:
            return quality.tasks_about(seen, CODE, [key], days)

    def test_a_finding_that_comes_back_can_be_given_again(self, town: Town, key: str, asked: Reach) -> None:
        first = ask(town, key, asked)
        finish(by=asked, task=first.id, outcome="已重新登记手机", at=NOON + HOUR)
        second = ask(town, key, asked, at=NOON + 2 * HOUR)
        with reach(town.desk) as seen:
            assert quality.tasks_about(seen, CODE, [key], YESTERDAY)[key].id == second.id

    def test_of_two_at_once_one_is_refused(self, town: Town, key: str, asked: Reach) -> None:
        def try_it(by: Reach) -> str:
            try:
                ask(town, key, asked, by=by)
                return "ASKED"
            except Refusal as refusal:
                return refusal.code
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():  # the first has asked, and nobody can see it yet
                ask(town, key, asked)
                second = pool.submit(try_it, town.headquarters)
                with pytest.raises(TimeoutError):
                    second.result(timeout=0.5)
            assert second.result(timeout=30) == "ALREADY_ASSIGNED"

    @pytest.mark.parametrize("code", [CODE, "SHARED_PHONE", "NO_SUCH_THING"])
    def test_what_is_no_finding_cannot_be_given(self, town: Town, key: str, asked: Reach, code: str) -> None:
        nothing = str(uuid4())
        assert refused(ask, town, nothing, asked, finding=code) == ("FINDING_UNKNOWN", 404)
        assert refused(ask, town, "nonsense", asked, finding=code) == ("FINDING_UNKNOWN", 404)

    def test_what_has_been_corrected_cannot_be_given(self, town: Town, asked: Reach) -> None:
        wrong = town.passage(checkpoint="NOWHERE")
        town.send(wrong)
        (found,) = town.found(CODE)
        town.send(town.at(NOON + MINUTE).correction(wrong["id"], {"checkpoint": "GATE"}))
        assert refused(ask, town, found.key, asked) == ("FINDING_UNKNOWN", 404)

    def test_the_next_county_neither_gives_nor_gets_it(self, town: Town, key: str, asked: Reach) -> None:
        assert refused(ask, town, key, town.stranger, by=town.stranger) == ("FINDING_UNKNOWN", 404)
        assert refused(ask, town, key, town.stranger) == ("ASSIGNEE_OUT_OF_REACH", 400)

    @pytest.mark.parametrize("role", ["TOWNSHIP_DESK", "WALL", "ADMINISTRATOR"])
    def test_it_takes_the_permission(self, town: Town, key: str, role: str) -> None:
        with pytest.raises(Forbidden):
            ask(town, key, town.desk, by=factories.officer(role, HAICHENG))


class TestAssignees:
    def names(self, by: Reach, checkpoint: str = "GATE") -> list[str]:
        with reach(by) as seen:
            return [officer.name for officer in quality.assignees(seen, checkpoint)]

    def test_desks_whose_posting_covers_the_gate_and_lies_within_reach_the_closest_first(
        self, town: Town, asked: Reach
    ) -> None:
        factories.officer("WALL", HAICHENG, name="大屏")
        factories.officer("TOWNSHIP_DESK", "210381101", name="孤山镇")
        assert self.names(town.desk) == ["海城值班员", "海城夜班"]
        assert self.names(town.headquarters) == ["海城值班员", "海城夜班", "市值班员"]
        assert self.names(town.stranger) == self.names(town.desk, "NOWHERE") == []

    def test_whoever_has_left_or_serves_elsewhere_by_now_is_not_asked(
        self, town: Town, key: str, asked: Reach
    ) -> None:
        Posting.objects.filter(officer=asked.officer_id).update(until_at=Now())
        Officer.objects.filter(pk=town.desk.officer_id).update(left_at=NOON)
        assert self.names(town.headquarters) == ["市值班员"]
        assert refused(ask, town, key, asked, by=town.headquarters)[0] == "ASSIGNEE_OUT_OF_REACH"


class TestFinishing:
    def test_who_was_asked_says_what_came_of_it(self, town: Town, key: str, asked: Reach) -> None:
        task = ask(town, key, asked)
        finish(by=asked, task=task.id, outcome=" 已重新登记手机 ", at=NOON + HOUR)
        assert open_tasks(asked) == []
        for who in (asked, town.desk, town.headquarters):
            with reach(who) as seen:
                mine, given, (done,) = quality.tasks(seen)
            assert (mine, given) == ([], [])
            assert (done.done_by, done.done_at, done.outcome) == (
                "海城夜班",
                NOON + HOUR,
                "已重新登记手机",
            )
            assert not done.is_overdue(NOON + timedelta(days=9))

    def test_once_and_not_without_a_word(self, town: Town, key: str, asked: Reach) -> None:
        task = ask(town, key, asked)
        assert refused(finish, by=asked, task=task.id, outcome=" ", at=NOON) == ("OUTCOME_MISSING", 400)
        finish(by=asked, task=task.id, outcome="好" * 999, at=NOON + HOUR)
        assert refused(finish, by=asked, task=task.id, outcome="又", at=NOON) == ("ALREADY_DONE", 409)
        assert QualityTask.objects.get().outcome == "好" * LONGEST_TEXT

    def test_nobody_else_does_it(self, town: Town, key: str, asked: Reach) -> None:
        task = ask(town, key, asked)
        for other in (town.desk, town.headquarters):
            assert refused(finish, by=other, task=task.id, outcome="好", at=NOON) == ("NOT_YOURS", 403)
        assert refused(finish, by=town.stranger, task=task.id, outcome="好", at=NOON) == ("TASK_UNKNOWN", 404)
        assert refused(finish, by=asked, task=uuid4(), outcome="好", at=NOON) == ("TASK_UNKNOWN", 404)
        assert open_tasks(asked) == [key]

    def test_a_task_is_invisible_in_the_next_county_even_to_whoever_was_asked(
        self, town: Town, key: str, asked: Reach
    ) -> None:
        """An officer who was moved keeps nothing of the old place."""
        task = ask(town, key, asked)
        QualityTask.objects.filter(pk=task.id).update(assigned_to=town.stranger.officer_id)
        with reach(town.stranger) as seen:
            assert quality.tasks(seen) == ([], [], [])
            assert quality.my_tasks(seen) == []
            assert quality.tasks_about(seen, CODE, [key], YESTERDAY) == {}
        assert refused(finish, by=town.stranger, task=task.id, outcome="好", at=NOON)[0] == "TASK_UNKNOWN"
