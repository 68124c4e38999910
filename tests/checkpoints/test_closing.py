"""Closing shifts: right, refused in every foreseen way, repeated, out of reach, and what the database itself refuses."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lianfang.checkpoints.models import Checkpoint, ShiftClosing
from lianfang.checkpoints.queries import PostDay, closing_day, closing_overview, unclosed
from lianfang.checkpoints.services import close_shift
from lianfang.checkpoints.shifts import ClosingState, Recorded, Tally
from lianfang.kernel.days import SHANGHAI
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from tests import factories
from tests.factories import ANSHAN, XIUYAN

DAY = date(2020, 2, 13)
AT = datetime(2020, 2, 13, 20, tzinfo=SHANGHAI)
OPENED = datetime(2020, 1, 20, tzinfo=SHANGHAI)


@pytest.fixture
def gate(clean: object) -> Checkpoint:
    return factories.checkpoint("GATE", at=OPENED)


def recorded(vehicles: int | None = 10, people: int | None = 25, *, as_of: datetime | None = AT) -> Recorded:
    return Recorded(vehicles, people, as_of)


NOTHING = recorded(None, None)


def close(by: Reach, **changes: Any) -> ShiftClosing:
    given = {
        "by": by, "at": AT, "checkpoint": "GATE", "day": DAY, "shift": "DAY", "hand_vehicles": 10, "hand_people": 25,
        "recorded": recorded(), "zero": False, "explanation": "",
    }  # fmt: skip
    return close_shift(**given | changes)


def day_of_gate(by: Reach, now: dict[tuple[str, str], Tally] | None = None, **changes: Any) -> PostDay:
    with reach(by) as seen:
        asked = {"day": DAY, "recorded": now or {}, "at": AT} | changes
        found = closing_day(seen, "GATE", **asked)
    assert found is not None
    return found


def states(post: PostDay) -> list[str]:
    return [str(line.state) for line in post.shifts]


def test_a_shift_is_closed_with_both_counts_and_by_whom(gate: Checkpoint, haicheng: Reach) -> None:
    close(haicheng)
    post = day_of_gate(haicheng, {("GATE", "DAY"): Tally(10, 25)})
    assert states(post) == ["OPEN", "CLOSED", "NOT_DUE"]
    done = post.shifts[1].closing
    assert done is not None
    assert (done.hand, done.recorded, done.difference) == ((10, 25), (10, 25), (0, 0))
    assert (done.closed_by, done.closed_at, done.as_of, done.times) == ("海城值班员", AT, AT, 1)


def test_a_difference_is_closed_with_its_reason_and_keeps_it(gate: Checkpoint, haicheng: Reach) -> None:
    close(haicheng, hand_vehicles=12, hand_people=24, explanation=" 两辆车\0没有登记\n")
    done = day_of_gate(haicheng, {("GATE", "DAY"): Tally(10, 25)}).shifts[1].closing
    assert done is not None
    assert (done.difference, done.explanation) == (Tally(2, -1), "两辆车没有登记")


def test_a_zero_report_is_not_the_same_as_no_report(gate: Checkpoint, haicheng: Reach) -> None:
    close(haicheng, shift="NIGHT", hand_vehicles=0, hand_people=0, recorded=NOTHING, zero=True)
    post = day_of_gate(haicheng)
    assert states(post) == ["ZERO", "OPEN", "NOT_DUE"]
    assert post.shifts[0].recorded is None
    assert post.recorded is None


def test_records_that_come_late_show_and_are_closed_again(gate: Checkpoint, haicheng: Reach) -> None:
    close(haicheng)
    late = {("GATE", "DAY"): Tally(13, 30)}
    line = day_of_gate(haicheng, late).shifts[1]
    assert (line.state, line.since) == (ClosingState.CHANGED, Tally(3, 5))
    close(haicheng, hand_vehicles=13, hand_people=30, recorded=recorded(13, 30), at=AT + timedelta(minutes=1))
    line = day_of_gate(haicheng, late).shifts[1]
    assert line.closing is not None
    assert (line.state, line.since, line.closing.times) == (ClosingState.CLOSED, Tally(0, 0), 2)
    assert ShiftClosing.objects.count() == 2  # what was said first stays


def test_a_zero_report_that_records_contradict_later_is_changed(gate: Checkpoint, haicheng: Reach) -> None:
    close(haicheng, hand_vehicles=0, hand_people=0, recorded=NOTHING, zero=True)
    assert states(day_of_gate(haicheng, {("GATE", "DAY"): Tally(1, 2)}))[1] == "CHANGED"


def test_records_that_were_corrected_away_are_a_change_too(gate: Checkpoint, haicheng: Reach) -> None:
    close(haicheng)
    line = day_of_gate(haicheng).shifts[1]
    assert (line.state, line.since) == (ClosingState.CHANGED, Tally(-10, -25))


def test_saying_the_same_again_adds_nothing_and_something_else_does(
    gate: Checkpoint, haicheng: Reach
) -> None:
    first = close(haicheng)
    again = close(haicheng, at=AT + timedelta(minutes=1), recorded=recorded(as_of=AT + timedelta(minutes=1)))
    assert again.pk == first.pk
    close(haicheng, at=AT + timedelta(minutes=2), hand_people=26, explanation="多数了一人")
    back = close(haicheng, at=AT + timedelta(minutes=3))
    assert back.pk != first.pk
    assert ShiftClosing.objects.count() == 3


def test_another_officer_who_closes_the_same_signs_for_it(
    gate: Checkpoint, haicheng: Reach, officer: Callable[..., Reach]
) -> None:
    close(haicheng)
    close(officer("HEADQUARTERS", ANSHAN, name="指挥部"), at=AT + timedelta(minutes=1))
    done = day_of_gate(haicheng, {("GATE", "DAY"): Tally(10, 25)}).shifts[1].closing
    assert done is not None
    assert (done.closed_by, done.times) == ("指挥部", 2)


REFUSED = [
    ({"shift": "TEATIME"}, "SHIFT_UNKNOWN"),
    ({"shift": "EVENING"}, "SHIFT_NOT_OVER"),
    ({"at": datetime(2020, 2, 13, 3, tzinfo=SHANGHAI)}, "SHIFT_NOT_OVER"),
    ({"at": datetime(2020, 2, 13, 15, 59, tzinfo=SHANGHAI)}, "SHIFT_NOT_OVER"),
    ({"day": DAY + timedelta(days=1), "shift": "NIGHT"}, "DAY_AHEAD"),
    ({"day": DAY + timedelta(days=400)}, "DAY_AHEAD"),
    ({"day": DAY - timedelta(days=31)}, "DAY_TOO_OLD"),
    ({"hand_vehicles": -1}, "COUNT_NEGATIVE"),
    ({"hand_people": -1}, "COUNT_NEGATIVE"),
    ({"hand_vehicles": 100_000}, "COUNT_ABSURD"),
    ({"hand_people": 10**20}, "COUNT_ABSURD"),
    ({"hand_vehicles": 11}, "DIFFERENCE_UNEXPLAINED"),
    ({"hand_people": 24}, "DIFFERENCE_UNEXPLAINED"),
    ({"hand_people": 24, "explanation": " \n\0 "}, "DIFFERENCE_UNEXPLAINED"),
    ({"recorded": NOTHING}, "DIFFERENCE_UNEXPLAINED"),
    ({"hand_vehicles": 0, "hand_people": 0}, "DIFFERENCE_UNEXPLAINED"),
    ({"zero": True}, "ZERO_WITH_RECORDS"),
    ({"zero": True, "hand_vehicles": 0, "hand_people": 0}, "ZERO_WITH_RECORDS"),
    (
        {"zero": True, "hand_vehicles": 0, "hand_people": 0, "recorded": recorded(0, 1), "explanation": "有"},
        "ZERO_WITH_RECORDS",
    ),
    ({"zero": True, "hand_people": 1, "recorded": NOTHING}, "ZERO_WITH_COUNTS"),
    ({"hand_vehicles": 0, "hand_people": 0, "recorded": NOTHING}, "ZERO_NOT_SAID"),
    ({"recorded": recorded(as_of=None)}, "FIGURES_BEHIND"),
    (
        {"recorded": recorded(as_of=datetime(2020, 2, 13, 15, 59, 59, tzinfo=SHANGHAI))},
        "FIGURES_BEHIND",
    ),
]


@pytest.mark.parametrize(("changes", "code"), REFUSED)
def test_what_makes_no_sense_is_refused_with_a_code(
    gate: Checkpoint, haicheng: Reach, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        close(haicheng, **changes)
    assert (refused.value.code, refused.value.status) == (code, 400)
    assert refused.value.zh
    assert refused.value.en
    assert not ShiftClosing.objects.exists()


def test_the_first_moment_and_the_last_day_are_taken(gate: Checkpoint, haicheng: Reach) -> None:
    ended = datetime(2020, 2, 13, 16, tzinfo=SHANGHAI)
    close(haicheng, at=ended, recorded=recorded(as_of=ended))
    close(haicheng, at=AT + timedelta(days=4), day=AT.date() - timedelta(days=23))
    close(haicheng, day=DAY - timedelta(days=24), at=AT)  # opened 24 days before
    assert ShiftClosing.objects.count() == 3


def test_only_shifts_in_which_the_post_was_open_are_closed_unless_somebody_came(
    gate: Checkpoint, haicheng: Reach
) -> None:
    Checkpoint.objects.filter(pk="GATE").update(opens_at=time(16), closes_at=time(22))
    line = day_of_gate(haicheng).shifts[1]
    assert (line.state, line.due, line.closable) == (ClosingState.NOT_OPEN, False, False)
    with pytest.raises(Refusal, match="NOT_OPEN_THEN"):
        close(haicheng, zero=True, hand_vehicles=0, hand_people=0, recorded=NOTHING)
    line = day_of_gate(haicheng, {("GATE", "DAY"): Tally(10, 25)}).shifts[1]
    assert (line.state, line.due, line.closable) == (ClosingState.NOT_OPEN, False, True)
    close(haicheng)
    line = day_of_gate(haicheng, {("GATE", "DAY"): Tally(10, 25)}).shifts[1]
    assert (line.state, line.due) == (ClosingState.CLOSED, True)


def test_a_shift_that_is_not_over_or_too_old_cannot_be_closed_on_the_page(
    gate: Checkpoint, haicheng: Reach
) -> None:
    assert [line.closable for line in day_of_gate(haicheng).shifts] == [True, True, False]
    later = day_of_gate(haicheng, at=AT + timedelta(days=31))
    assert [line.closable for line in later.shifts] == [False, False, False]
    assert states(later) == ["OPEN", "OPEN", "OPEN"]


class TestReach:
    def test_the_next_county_neither_closes_nor_sees(self, gate: Checkpoint, xiuyan: Reach) -> None:
        with pytest.raises(NotFound, match="CHECKPOINT_UNKNOWN"):
            close(xiuyan)
        with pytest.raises(NotFound, match="CHECKPOINT_UNKNOWN"):
            close(xiuyan, checkpoint="NOWHERE")
        with reach(xiuyan) as seen:
            assert closing_day(seen, "GATE", day=DAY, recorded={}, at=AT) is None
            assert closing_overview(seen, day=DAY, recorded={}, at=AT).posts == ()
            assert unclosed(seen, at=AT) == []
        assert not ShiftClosing.objects.exists()

    def test_a_township_closes_its_own_post_and_not_the_countys(
        self, gate: Checkpoint, officer: Callable[..., Reach]
    ) -> None:
        factories.checkpoint("VILLAGE", division="210381101", at=OPENED)
        township = officer("TOWNSHIP_DESK", "210381101")
        close(township, checkpoint="VILLAGE")
        with pytest.raises(NotFound):
            close(township)
        with reach(township) as seen:
            found = closing_overview(seen, day=DAY, recorded={}, at=AT)
        assert [post.code for post in found.posts] == ["VILLAGE"]

    @pytest.mark.parametrize("role", ["WALL", "ADMINISTRATOR"])
    def test_whoever_is_not_permitted_neither_closes_nor_asks(
        self, gate: Checkpoint, officer: Callable[..., Reach], role: str
    ) -> None:
        by = officer(role, ANSHAN)
        with pytest.raises(Forbidden, match="NOT_PERMITTED"):
            close(by)
        with reach(by) as seen:
            for ask in (
                lambda: closing_day(seen, "GATE", day=DAY, recorded={}, at=AT),
                lambda: closing_overview(seen, day=DAY, recorded={}, at=AT),
                lambda: unclosed(seen, at=AT),
            ):
                with pytest.raises(Forbidden):
                    ask()


class TestTheCountyAsksWhoHasNotClosed:
    def test_the_unclosed_come_first_and_are_counted(self, gate: Checkpoint, haicheng: Reach) -> None:
        for code in ("A", "B"):
            factories.checkpoint(code, at=OPENED)
        factories.checkpoint("STRANGER", division=XIUYAN, at=OPENED)
        factories.checkpoint("LATER", at=AT + timedelta(days=1))
        gone = factories.checkpoint("GONE", at=OPENED)
        Checkpoint.objects.filter(pk=gone.pk).update(closed_at=AT - timedelta(days=1))
        for shift in ("NIGHT", "DAY"):
            close(haicheng, checkpoint="A", shift=shift)
        close(haicheng, checkpoint="B")
        now = {("A", "NIGHT"): Tally(10, 25), ("A", "DAY"): Tally(10, 26), ("B", "DAY"): Tally(10, 25)}
        with reach(haicheng) as seen:
            found = closing_overview(seen, day=DAY, recorded=now, at=AT)
        assert [post.code for post in found.posts] == ["GATE", "B", "A"]
        assert (found.closed, found.due) == (3, 6)
        assert states(found.posts[-1]) == ["CLOSED", "CHANGED", "NOT_DUE"]
        assert found.posts[-1].recorded == (20, 51)
        assert found.posts[0].recorded is None

    def test_of_yesterday_and_today_what_is_over_is_owed(self, gate: Checkpoint, haicheng: Reach) -> None:
        close(haicheng)
        with reach(haicheng) as seen:
            owed = [(post.day, line.shift.code) for post in unclosed(seen, at=AT) for line in post.unclosed]
        yesterday = DAY - timedelta(days=1)
        assert owed == [*((yesterday, code) for code in ("NIGHT", "DAY", "EVENING")), (DAY, "NIGHT")]

    def test_a_post_that_owes_nothing_is_not_listed(self, gate: Checkpoint, haicheng: Reach) -> None:
        Checkpoint.objects.filter(pk="GATE").update(opened_at=DAY_BEGINS)
        for shift in ("NIGHT", "DAY"):
            close(haicheng, shift=shift)
        with reach(haicheng) as seen:
            assert unclosed(seen, at=AT) == []

    def test_three_checkpoints_cost_as_many_questions_as_one(self, gate: Checkpoint, haicheng: Reach) -> None:
        def asked() -> int:
            with reach(haicheng) as seen, CaptureQueriesContext(connection) as questions:
                closing_overview(seen, day=DAY, recorded={}, at=AT)
                unclosed(seen, at=AT)
            return len(questions)

        assert asked() == 2
        for code in ("A", "B"):
            factories.checkpoint(code, at=OPENED)
            close(haicheng, checkpoint=code)
        assert asked() == 2


DAY_BEGINS = datetime(2020, 2, 13, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"hand_vehicles": -1}, "shift_closing_counts_are_not_negative"),
        ({"hand_people": -1, "explanation": "少"}, "shift_closing_counts_are_not_negative"),
        ({"report": "ZERO", "explanation": "有"}, "shift_closing_of_a_zero_report_counts_nobody"),
        ({"hand_vehicles": 11}, "shift_closing_explains_a_difference"),
        ({"recorded_people": 24}, "shift_closing_explains_a_difference"),
    ],
)
def test_the_database_refuses_what_no_service_would_store(
    gate: Checkpoint, haicheng: Reach, changes: dict[str, Any], name: str
) -> None:
    row = {
        "checkpoint": gate, "day": DAY, "shift": "DAY", "report": "COUNTED", "hand_vehicles": 10, "hand_people": 25,
        "recorded_vehicles": 10, "recorded_people": 25, "recorded_as_of": AT, "closed_by": haicheng.officer_id,
        "closed_at": AT,
    }  # fmt: skip
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ShiftClosing.objects.create(**row | changes)
    ShiftClosing.objects.create(**row)
