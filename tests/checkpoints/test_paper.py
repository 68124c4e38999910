"""Pads and rows, through the real intake: typed once, harmless again, out of reach."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lianfang.checkpoints import paper
from lianfang.checkpoints.models import (
    Checkpoint,
    Device,
    PaperLine,
    PaperPad,
    Passage,
)
from lianfang.checkpoints.queries import passage_file
from lianfang.checkpoints.queries.paper import pad_line, pads, row_file, rows_of_pad
from lianfang.checkpoints.services.paper import RowTyped, Written, keep_pilot_row, make_pad
from lianfang.checkpoints.services.second_look import look_again
from lianfang.journeys import receiving, transcribing
from lianfang.journeys.transcribing import join_row
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from tests.checkpoints.written import PLATE, everything, person, seen_as_typed, type_in
from tests.factories import ANSHAN


class TestARow:
    def test_becomes_a_passage_of_the_checkpoints_own_device(
        self, pad: PaperPad, haicheng: Reach, at: datetime
    ) -> None:
        typed = type_in(haicheng, pad, 3, at=at)
        assert typed.flags == ()
        with reach(haicheng) as seen:
            file = passage_file(seen, typed.passage_id)
            device = Device.objects.get(pk=Passage.objects.get().device_id)
        assert file is not None
        assert (file.source, file.plate, file.officer) == ("PAPER", PLATE, "王警官")
        assert file.occurred_at == at - timedelta(hours=2)
        assert len(file.people) == 1
        assert (device.name, device.checkpoint_id, device.items_per_second) == ("纸质录入", "GATE", None)
        assert device.revoked_at is not None  # nobody may send with it, whatever token he guesses

    def test_several_people_of_a_vehicle_stand_on_rows_of_their_own_or_together(
        self, pad: PaperPad, haicheng: Reach, at: datetime
    ) -> None:
        type_in(haicheng, pad, 3, 4, 4, at=at)
        assert everything(haicheng) == (1, 3)
        assert list(PaperLine.objects.order_by("row").values_list("row", "people")) == [(3, 1), (4, 2)]
        assert PaperLine.objects.values("passage_id").distinct().count() == 1

    def test_typed_again_shows_what_stands_and_makes_nothing(
        self, pad: PaperPad, haicheng: Reach, second: Reach, at: datetime
    ) -> None:
        type_in(haicheng, pad, 3, 4, at=at)
        for by in (haicheng, second):
            with pytest.raises(RowTyped) as again:
                type_in(by, pad, 4, 5, at=at, plate="辽C99999")
            assert again.value.row == 4
        assert everything(haicheng) == (1, 2)
        assert (
            PaperLine.objects.filter(row=5, passage_id__isnull=False).count() == 1
        )  # a line, without its passage
        with reach(haicheng) as seen:
            assert pad_line(seen, pad.number).typed == (3, 4)  # type: ignore[union-attr]

    def test_a_connection_lost_before_anything_was_stored_leaves_the_row_to_be_typed_again(
        self, pad: PaperPad, haicheng: Reach, at: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(transcribing, "receive", _busy)
        with pytest.raises(Refusal, match="BUSY"):
            type_in(haicheng, pad, 3, at=at)
        with reach(haicheng) as seen:
            assert pad_line(seen, pad.number).typed == ()  # type: ignore[union-attr]
            assert [row.stored for row in rows_of_pad(seen, pad.number)] == [False]
        monkeypatch.undo()
        type_in(haicheng, pad, 3, at=at, plate="辽C99999", occurred_at=at - timedelta(hours=5))
        assert everything(haicheng) == (1, 1)

    def test_a_connection_lost_after_it_was_stored_makes_no_second_passage(
        self, pad: PaperPad, haicheng: Reach, at: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def stored_and_lost(*args: Any, **kwargs: Any) -> Any:
            receiving.receive(*args, **kwargs)
            raise OSError

        monkeypatch.setattr(transcribing, "receive", stored_and_lost)
        with pytest.raises(OSError):  # noqa: PT011 -- the very one
            type_in(haicheng, pad, 3, at=at)
        monkeypatch.undo()
        with pytest.raises(RowTyped):  # typed with another plate and another time
            type_in(haicheng, pad, 3, at=at, plate="辽C99999", occurred_at=at - timedelta(hours=5))
        assert everything(haicheng) == (1, 1)
        with reach(haicheng) as seen:
            assert pad_line(seen, pad.number).typed == (3,)  # type: ignore[union-attr]

    @pytest.mark.parametrize(
        ("rows", "back", "code"),
        [
            ((41,), 2, "ROW_UNKNOWN"),
            ((0,), 2, "ROW_UNKNOWN"),
            ((), 2, "ROW_UNKNOWN"),
            ((3, 5), 2, "ROWS_APART"),
            ((4, 3), 2, "ROWS_APART"),
            ((3,), -1, "ROW_TIME"),
            ((3,), 24 * 31, "ROW_TIME"),
        ],
    )
    def test_what_cannot_be_on_the_pad_is_refused(
        self, pad: PaperPad, haicheng: Reach, at: datetime, rows: tuple[int, ...], back: int, code: str
    ) -> None:
        with pytest.raises(Refusal, match=code):
            type_in(haicheng, pad, *rows, at=at, occurred_at=at - timedelta(hours=back))
        assert not PaperLine.objects.exists()

    def test_a_bad_number_and_an_odd_plate_are_said_and_kept(
        self, pad: PaperPad, haicheng: Reach, at: datetime
    ) -> None:
        odd = person(document={"type": "RESIDENT_ID", "number": "210381199001010010"})
        typed = type_in(haicheng, pad, 3, at=at, plate="辽C1", people=[odd])
        assert {"PLATE_ODD", "DOCUMENT_CHECKSUM"} <= set(typed.flags)
        assert everything(haicheng) == (1, 1)

    def test_the_next_county_and_other_roles_type_nothing(
        self, pad: PaperPad, xiuyan: Reach, officer: Callable[..., Reach], at: datetime
    ) -> None:
        with pytest.raises(NotFound):
            type_in(xiuyan, pad, 3, at=at)
        for role in ("WALL", "ADMINISTRATOR"):
            with pytest.raises(Forbidden):
                type_in(officer(role, ANSHAN), pad, 3, at=at)
        with reach(xiuyan) as seen:
            assert pads(seen) == []
            assert pad_line(seen, pad.number) is None
            assert rows_of_pad(seen, pad.number) == []
            assert row_file(seen, pad.number, 3) is None
        assert not PaperLine.objects.exists()

    def test_the_database_itself_keeps_a_row_to_one_line(
        self, pad: PaperPad, haicheng: Reach, at: datetime
    ) -> None:
        type_in(haicheng, pad, 3, at=at)
        with pytest.raises(IntegrityError, match="paper_line_is_typed_once"), transaction.atomic():
            PaperLine.objects.create(
                pad=pad, row=3, occurred_at=at, people=1, typed_by=haicheng.officer_id, typed_at=at
            )


class TestARowOfTheVehicleAbove:
    def test_its_people_join_the_passage_once(self, pad: PaperPad, haicheng: Reach, at: datetime) -> None:
        type_in(haicheng, pad, 3, at=at)
        join_row(by=haicheng, at=at, pad=pad.number, row=4, people=[person(4)])
        assert everything(haicheng) == (1, 2)
        with reach(haicheng) as seen:
            stands = row_file(seen, pad.number, 4)
        assert stands is not None
        assert stands.rows == (3, 4)
        assert [one.row.place_in_party for one in stands.people] == [0, 1]
        with pytest.raises(RowTyped):
            join_row(by=haicheng, at=at, pad=pad.number, row=4, people=[person(5)])
        assert everything(haicheng) == (1, 2)

    def test_joined_again_after_a_lost_connection_nobody_is_doubled(
        self, pad: PaperPad, haicheng: Reach, at: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        type_in(haicheng, pad, 3, at=at)

        def stored_and_lost(**kwargs: Any) -> None:
            raise OSError

        monkeypatch.setattr(transcribing, "add_to_vehicle", stored_and_lost)
        with pytest.raises(OSError):  # noqa: PT011 -- the very one
            join_row(by=haicheng, at=at, pad=pad.number, row=4, people=[person(4)])
        monkeypatch.undo()
        join_row(by=haicheng, at=at, pad=pad.number, row=4, people=[person(4)])
        assert everything(haicheng) == (1, 2)

    def test_without_a_row_above_it_is_refused(self, pad: PaperPad, haicheng: Reach, at: datetime) -> None:
        with pytest.raises(Refusal, match="NOTHING_ABOVE"):
            join_row(by=haicheng, at=at, pad=pad.number, row=4, people=[person(4)])

    def test_a_checked_vehicle_is_to_be_looked_at_again(
        self, pad: PaperPad, haicheng: Reach, second: Reach, at: datetime
    ) -> None:
        type_in(haicheng, pad, 3, at=at)
        look_again(by=second, at=at, pad=pad.number, row=3, seen=seen_as_typed(3))
        join_row(by=haicheng, at=at, pad=pad.number, row=4, people=[person(4)])
        assert set(PaperLine.objects.values_list("checked_at", flat=True)) == {None}


class TestAPad:
    @pytest.mark.parametrize(
        ("rows", "good"), [(20, True), (1000, True), (0, False), (30, False), (1020, False), (-20, False)]
    )
    def test_has_whole_sheets_and_no_more_than_fifty(
        self, gate: Checkpoint, haicheng: Reach, at: datetime, rows: int, good: bool
    ) -> None:
        def make() -> PaperPad:
            return make_pad(by=haicheng, checkpoint="GATE", purpose="PILOT", rows=rows, at=at)

        if good:
            assert make().rows == rows
        else:
            with pytest.raises(Refusal, match="PAD_ROWS"):
                make()

    def test_is_of_a_checkpoint_within_reach_for_one_of_two_purposes(
        self, gate: Checkpoint, haicheng: Reach, xiuyan: Reach, at: datetime
    ) -> None:
        with pytest.raises(NotFound):
            make_pad(by=xiuyan, checkpoint="GATE", purpose="ENTRY", rows=20, at=at)
        with pytest.raises(Refusal, match="PURPOSE_UNKNOWN"):
            make_pad(by=haicheng, checkpoint="GATE", purpose="FUN", rows=20, at=at)

    def test_of_one_purpose_takes_no_rows_of_the_other(
        self, pad: PaperPad, haicheng: Reach, at: datetime
    ) -> None:
        pilot = make_pad(by=haicheng, checkpoint="GATE", purpose="PILOT", rows=20, at=at)
        written = Written(at, PLATE, (1,))
        with pytest.raises(NotFound):
            keep_pilot_row(by=haicheng, at=at, pad=pad.number, row=1, written=written, people=2)
        with pytest.raises(NotFound):
            type_in(haicheng, pilot, 1, at=at)
        keep_pilot_row(by=haicheng, at=at, pad=pilot.number, row=1, written=written, people=2)
        with pytest.raises(RowTyped):
            keep_pilot_row(by=haicheng, at=at, pad=pilot.number, row=1, written=written, people=3)
        assert everything(haicheng) == (0, 0)

    def test_names_the_rows_left_out(self, pad: PaperPad, haicheng: Reach, at: datetime) -> None:
        for row in (1, 2, 5, 9):
            type_in(haicheng, pad, row, at=at)
        with reach(haicheng) as seen:
            line = pad_line(seen, pad.number)
        assert line is not None
        assert (line.gaps, line.next_row, line.unchecked) == ("3, 4, 6–8", 10, 4)

    def test_three_pads_cost_as_many_questions_as_one(
        self, pad: PaperPad, haicheng: Reach, at: datetime
    ) -> None:
        def asked() -> int:
            with CaptureQueriesContext(connection) as questions, reach(haicheng) as seen:
                pads(seen)
            return len(questions)

        one = asked()
        for _ in range(2):
            make_pad(by=haicheng, checkpoint="GATE", purpose="ENTRY", rows=20, at=at)
        type_in(haicheng, pad, 1, at=at)
        assert asked() == one


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("12", (12, None)), ("P12", (12, None)), ("p012", (12, None)), ("P12-037", (12, 37)), (" p12-7 ", (12, 7)),
        ("https://lianfang.local:8443/desk/transcribe/12?row=21", (12, 21)), ("", None), ("P0", None), ("十二", None),
        ("-5", None), ("12-", None), ("P" + "9" * 40, None),
    ],
)  # fmt: skip
def test_a_pads_label_is_read_however_it_is_typed_or_scanned(typed: str, read: object) -> None:
    assert paper.read_label(typed) == read


@pytest.mark.parametrize(
    ("rows", "said"),
    [([], ""), ([3], "3"), ([3, 4], "3, 4"), ([3, 4, 5], "3–5"), ([1, 3, 4, 5, 9], "1, 3–5, 9")],
)
def test_rows_are_listed_in_runs(rows: list[int], said: str) -> None:
    assert paper.listed(rows) == said


def _busy(*args: Any, **kwargs: Any) -> Any:
    raise Refusal("BUSY", "忙", "busy", status=503)


def test_two_who_type_the_same_row_at_once_make_one_passage(
    pad: PaperPad, haicheng: Reach, second: Reach, at: datetime
) -> None:
    async def both() -> list[Any]:
        calls = [
            asyncio.to_thread(_try, by, pad, at, plate)
            for by, plate in ((haicheng, "辽C11111"), (second, "辽C22222"))
        ]
        return await asyncio.gather(*calls)

    outcomes = asyncio.run(both())
    assert sorted(outcomes) == ["ROW_TYPED", "stored"]
    assert everything(haicheng) == (1, 1)


def _try(by: Reach, pad: PaperPad, at: datetime, plate: str) -> str:
    try:
        type_in(by, pad, 3, at=at, plate=plate)
    except RowTyped as refusal:
        return refusal.code
    finally:
        connection.close()
    return "stored"
