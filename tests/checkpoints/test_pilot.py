"""Phone beside paper: which row is which passage, as a table of cases; what differs is explained, once and within reach."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lianfang.checkpoints.models import Checkpoint, PaperPad, PilotExplanation
from lianfang.checkpoints.queries.pilot import PilotDay, PilotPair, pilot_day
from lianfang.checkpoints.services.paper import Written, keep_pilot_row, make_pad
from lianfang.checkpoints.services.pilot import explain
from lianfang.kernel.days import SHANGHAI, start_of
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from tests import factories
from tests.factories import ANSHAN, Generated, Intake

DAY = factories.today() - timedelta(days=1)
NOON = datetime.combine(DAY, time(12), SHANGHAI)
A, B = "辽C11111", "辽CD22222"


def of_day(minutes: int) -> datetime:
    """So many minutes after noon of the day."""
    return NOON + timedelta(minutes=minutes)


class Both:
    """A checkpoint where phone and paper run side by side."""

    def __init__(self, intake: Intake, by: Reach) -> None:
        self.intake, self.by, self.generated = intake, by, Generated(seed=5)
        self.pad = make_pad(by=by, checkpoint="GATE", purpose="PILOT", rows=1000, at=NOON)
        self.row = 0

    def write(self, minutes: int, plate: str = A, people: int = 1, **changes: Any) -> int:
        self.row += 1
        written = Written(of_day(minutes), plate, (self.row,))
        at = NOON + timedelta(days=1)
        keep_pilot_row(by=self.by, at=at, pad=self.pad.number, row=self.row, written=written, people=people)
        return self.row

    def record(self, minutes: int, plate: str | None = A, people: int = 1, **changes: Any) -> str:
        generated = Generated(seed=1000 + self.generated.chance.randrange(10**6), at=of_day(minutes))
        passage = generated.passage(plate=plate, people=people, **changes)
        answer = self.intake.send(generated.parcel(passage))
        assert answer["receipts"][0]["status"] == "ACCEPTED", answer
        return str(passage["id"])

    def day(self, *, by: Reach | None = None, back: int = 0) -> PilotDay:
        with reach(by or self.by) as seen:
            return pilot_day(seen, "GATE", day=DAY - timedelta(days=back))


@pytest.fixture
def both(intake: Intake, haicheng: Reach) -> Both:
    return Both(intake, haicheng)


def told(pair: PilotPair) -> str:
    """P+15=R+20, P+15, R+20: minutes after noon on either side."""
    paper = f"P{_minutes(pair.written_at)}" if pair.written_at else ""
    phone = f"R{_minutes(pair.recorded_at)}" if pair.recorded_at else ""
    return "=".join(filter(None, (paper, phone)))


def _minutes(moment: datetime) -> str:
    return f"{int((moment - NOON).total_seconds() // 60):+d}"


@pytest.mark.parametrize(
    ("paper", "phone", "pairs"),
    [
        ([(0, A)], [(0, A)], ["P+0=R+0"]),
        ([(0, A)], [(30, A)], ["P+0=R+30"]),
        ([(30, A)], [(0, A)], ["P+30=R+0"]),
        ([(0, A)], [(31, A)], ["P+0", "R+31"]),
        ([(0, A)], [(0, B)], ["P+0", "R+0"]),
        ([(0, "辽c·111 11")], [(0, A)], ["P+0=R+0"]),
        # Each at most once, the nearest first: the row at 10 takes the passage at 12, whoever was written before.
        ([(0, A), (10, A)], [(12, A)], ["P+0", "P+10=R+12"]),
        ([(0, A), (10, A)], [(12, A), (25, A)], ["P+0=R+25", "P+10=R+12"]),
        ([(0, A)], [(5, A), (2, A)], ["P+0=R+2", "R+5"]),
        ([(0, A), (20, A)], [(1, A), (19, A)], ["P+0=R+1", "P+20=R+19"]),
        # The nearest first leaves one alone rather than parting two that agree.
        ([(0, A), (29, A)], [(29, A), (58, A)], ["P+0", "P+29=R+29", "R+58"]),
        # Without a plate: among themselves.
        ([(0, "无牌")], [(3, None)], ["P+0=R+3"]),
        ([(0, "")], [(3, A)], ["P+0", "R+3"]),
        # What lies outside the hours in which paper was written is not compared.
        ([(5, A)], [(5, A), (-90, B), (90, B)], ["P+5=R+5"]),
        ([], [(5, A)], []),
    ],
)
def test_which_row_is_which_passage(both: Both, paper: list[Any], phone: list[Any], pairs: list[str]) -> None:
    for minutes, plate in paper:
        both.write(minutes, plate)
    for minutes, plate in phone:
        both.record(minutes, plate)
    assert sorted(told(pair) for pair in both.day().pairs) == sorted(pairs)


def test_a_car_at_midnight_is_found_on_the_other_day(both: Both) -> None:
    both.write(12 * 60 - 2, A)  # 23:58
    both.record(12 * 60 + 3, A)  # 00:03
    both.write(12 * 60 + 50, B)  # 00:50, so that the next day is compared as well
    assert [told(pair) for pair in both.day().pairs] == ["P+718=R+723"]
    assert [told(pair) for pair in both.day(back=-1).pairs] == ["P+770"]


def test_what_counts_is_the_passage_as_it_stands(both: Both) -> None:
    both.write(0, B)
    passage = both.record(0, A)
    assert len(both.day().differing) == 2
    fix = Generated(seed=9, at=of_day(0))
    both.intake.send(fix.parcel(fix.correction(passage, {"plate": B})))
    assert [told(pair) for pair in both.day().pairs] == ["P+0=R+0"]
    moved = Generated(seed=10, at=of_day(1))
    factories.checkpoint("OTHER")
    both.intake.send(moved.parcel(moved.correction(passage, {"checkpoint": "OTHER"})))
    assert [told(pair) for pair in both.day().pairs] == ["P+0"]


def test_what_was_typed_in_from_paper_is_no_phone(both: Both) -> None:
    both.write(0)
    both.record(0, source="PAPER")
    assert [told(pair) for pair in both.day().pairs] == ["P+0"]


def test_another_number_of_people_is_named(both: Both) -> None:
    both.write(0, people=2)
    both.record(1, people=3)
    both.write(10, B, people=2)
    both.record(11, B, people=2)
    day = both.day()
    assert [pair.kind for pair in day.pairs] == ["OTHER_COUNT", "MATCHED"]
    assert (day.phone, day.paper, len(day.open)) == (2, 2, 1)
    assert day.by_hour == [(12, 2, 2)]


def test_of_several_equally_near_the_same_number_of_people_is_taken(both: Both) -> None:
    both.write(0, people=3)
    both.record(5, people=1)
    both.record(-5, people=3)
    assert [pair.kind for pair in both.day().pairs if pair.line] == ["MATCHED"]


def test_a_pad_of_another_checkpoint_or_purpose_is_not_compared(both: Both, gate: Checkpoint) -> None:
    factories.checkpoint("OTHER")
    pad = make_pad(by=both.by, checkpoint="OTHER", purpose="PILOT", rows=20, at=NOON)
    keep_pilot_row(by=both.by, at=NOON, pad=pad.number, row=1, written=Written(NOON, A, (1,)), people=1)
    assert both.day().pairs == ()
    assert PaperPad.objects.count() == 2


class TestExplaining:
    def say(
        self, both: Both, of: Any, reason: str = "PHONE_MISSED", note: str = "", by: Reach | None = None
    ) -> None:
        explain(by=by or both.by, at=NOON, checkpoint="GATE", day=DAY, of=of, reason=reason, note=note)

    def test_every_difference_once_and_then_nothing_is_open(self, both: Both) -> None:
        both.write(0, A)
        both.record(0, B)
        first, other = both.day().open
        self.say(both, first.line)
        self.say(both, other.passage, "PAPER_MISSED", "夜里没有写")
        self.say(both, other.passage, "PLATE_WRONG")
        day = both.day()
        assert day.open == []
        assert sorted((pair.reason, pair.note, pair.said_by) for pair in day.pairs) == [
            ("PHONE_MISSED", "", "海城值班员"),
            ("PLATE_WRONG", "", "海城值班员"),
        ]
        assert PilotExplanation.objects.count() == 2

    def test_what_agrees_later_needs_no_word_any_more(self, both: Both) -> None:
        both.write(0, A)
        line = both.day().open[0].line
        both.record(4, A)
        assert both.day().open == []
        with pytest.raises(NotFound, match="NOTHING_DIFFERS"):
            self.say(both, line)

    @pytest.mark.parametrize(
        ("reason", "note", "code"),
        [("FUN", "", "REASON_UNKNOWN"), ("", "x", "REASON_UNKNOWN"), ("OTHER", " ", "NOTE_MISSING")],
    )
    def test_without_a_reason_it_is_refused(self, both: Both, reason: str, note: str, code: str) -> None:
        both.write(0, A)
        with pytest.raises(Refusal, match=code):
            self.say(both, both.day().open[0].line, reason, note)

    def test_the_next_county_and_other_roles_say_and_see_nothing(self, both: Both, xiuyan: Reach) -> None:
        both.write(0, A)
        both.record(0, B)
        line = both.day().open[0].line
        with pytest.raises(NotFound):
            self.say(both, line, by=xiuyan)
        assert both.day(by=xiuyan).pairs == ()
        with pytest.raises(Forbidden):
            both.day(by=factories.officer("WALL", ANSHAN))

    def test_the_database_keeps_it_to_one_side(self, both: Both) -> None:
        with pytest.raises(IntegrityError, match="pilot_explanation_is_of_one_side"), transaction.atomic():
            PilotExplanation.objects.create(
                checkpoint_id="GATE", reason="OTHER", said_by=both.by.officer_id, said_at=start_of(DAY)
            )


def test_more_vehicles_cost_no_more_questions(both: Both) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as questions:
            both.day()
        return len(questions)

    both.write(0)
    one = asked()
    for n in range(3):
        both.write(n, f"辽C1111{n}")
        both.record(n, f"辽C1111{n}")
    assert asked() == one
