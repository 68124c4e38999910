"""Pads, rows and the second look, through the real intake: typed once, harmless again, compared, corrected, out of reach."""

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
    Correction,
    Device,
    PaperLine,
    PaperPad,
    Passage,
    Registration,
)
from lianfang.checkpoints.queries import passage_file
from lianfang.checkpoints.queries.paper import pad_line, pads, row_file, rows_of_pad
from lianfang.checkpoints.services.paper import RowTyped, Written, keep_pilot_row, make_pad
from lianfang.checkpoints.services.second_look import FIRST, SECOND, SeenAgain, SeenPerson, look_again
from lianfang.journeys import receiving, transcribing
from lianfang.journeys.transcribing import join_row, type_rows
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from tests import factories
from tests.factories import ANSHAN, HAICHENG, Generated

PLATE = "辽C12345"


@pytest.fixture
def at() -> datetime:
    return datetime.now(factories.SHANGHAI).replace(microsecond=0)


@pytest.fixture
def pad(gate: Checkpoint, haicheng: Reach, at: datetime) -> PaperPad:
    return make_pad(by=haicheng, checkpoint="GATE", purpose="ENTRY", rows=40, at=at)


@pytest.fixture
def second(gate: Checkpoint) -> Reach:
    """Another officer of the same desk."""
    return factories.officer("COUNTY_DESK", HAICHENG, name="核对员")


def person(seed: int = 1, **changes: Any) -> dict[str, Any]:
    made = Generated(seed).person(**changes)
    del made["id"]
    return made


HEADER = {"direction": "IN", "transport": "CAR", "purpose": "COMMUTE", "officer": "王警官"}


def type_in(by: Reach, pad: PaperPad, *rows: int, at: datetime, **changes: Any) -> Any:
    """A vehicle with one person on each row."""
    given = {"plate": PLATE, "occurred_at": at - timedelta(hours=2), "people": None} | changes
    people = given["people"] or [person(row) for row in rows]
    written = Written(given["occurred_at"], given["plate"], rows)
    return type_rows(by=by, at=at, pad=pad.number, written=written, header=HEADER, people=people)


def everything(by: Reach) -> tuple[int, int]:
    with reach(by):
        return Passage.objects.count(), Registration.objects.count()


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


def seen_as_typed(*rows: int, plate: str = PLATE, **changes: Any) -> SeenAgain:
    people = []
    for row in rows:
        typed = person(row)
        celsius = typed["temperatures"][0]["celsius"]
        people.append(SeenPerson(typed["document"]["number"], round(celsius * 10))._replace(**changes))
    return SeenAgain(plate, tuple(people))


class TestTheSecondLook:
    @pytest.fixture(autouse=True)
    def _typed(self, pad: PaperPad, haicheng: Reach, at: datetime) -> None:
        type_in(haicheng, pad, 3, 4, at=at)

    def look(self, by: Reach, pad: PaperPad, at: datetime, seen: SeenAgain, **given: Any) -> list[str]:
        return [one.name for one in look_again(by=by, at=at, pad=pad.number, row=3, seen=seen, **given)]

    def test_the_same_again_checks_all_rows_of_the_vehicle(
        self, pad: PaperPad, second: Reach, at: datetime
    ) -> None:
        assert self.look(second, pad, at, seen_as_typed(3, 4)) == []
        assert set(PaperLine.objects.values_list("checked_by", flat=True)) == {second.officer_id}
        with reach(second) as seen:
            line = pad_line(seen, pad.number)
            assert not Correction.objects.exists()
        assert line is not None
        assert (line.typed, line.checked, line.unchecked) == ((3, 4), 2, 0)

    @pytest.mark.parametrize(
        ("plate", "same"),
        [("辽c·123 45", True), ("辽C-12345", True), ("辽C12354", False), ("", False), ("无牌", False)],
    )
    def test_plates_are_compared_as_they_are_read(
        self, pad: PaperPad, second: Reach, at: datetime, plate: str, same: bool
    ) -> None:
        assert self.look(second, pad, at, seen_as_typed(3, 4, plate=plate)) == ([] if same else ["PLATE-0"])

    @pytest.mark.parametrize(
        ("changes", "differs"),
        [
            ({"number": ""}, ["DOCUMENT-1", "DOCUMENT-2"]),
            ({"temperature": 391}, ["TEMPERATURE-1", "TEMPERATURE-2"]),
            ({"temperature": "LOW"}, ["TEMPERATURE-1", "TEMPERATURE-2"]),
        ],
    )
    def test_what_differs_is_named_person_by_person(
        self, pad: PaperPad, second: Reach, at: datetime, changes: dict[str, Any], differs: list[str]
    ) -> None:
        assert self.look(second, pad, at, seen_as_typed(3, 4, **changes)) == differs
        assert not PaperLine.objects.exclude(checked_at=None).exists()

    def test_where_the_second_is_right_the_record_is_corrected(
        self, pad: PaperPad, second: Reach, at: datetime
    ) -> None:
        seen = seen_as_typed(3, 4, plate="辽C54321")
        picked = {"PLATE-0": SECOND}
        assert self.look(second, pad, at, seen, chosen=picked) == []
        assert self.look(second, pad, at, seen, chosen=picked) == []  # again: nothing is left to correct
        with reach(second) as session:
            (correction,) = Correction.objects.all()
            stands = row_file(session, pad.number, 3)
        assert correction.officer_id == second.officer_id
        assert stands is not None
        assert stands.vehicle.fields["plate"] == "辽C54321"

    def test_a_number_and_a_temperature_are_corrected_with_their_facts(
        self, pad: PaperPad, second: Reach, at: datetime
    ) -> None:
        number = Generated(99).resident_id()
        seen = seen_as_typed(3, 4, number=number, temperature="LOW")
        names = self.look(second, pad, at, seen)
        assert self.look(second, pad, at, seen, chosen=dict.fromkeys(names, SECOND)) == []
        with reach(second) as session:
            stands = row_file(session, pad.number, 3)
        assert stands is not None
        for one in stands.people:
            assert one.fields["document"]["number"] == number
            assert (one.fact("temperature_state"), one.fact("celsius_tenths")) == ("LOW", None)

    def test_where_the_first_is_right_it_stays(self, pad: PaperPad, second: Reach, at: datetime) -> None:
        seen = seen_as_typed(3, 4, plate="辽C54321")
        assert self.look(second, pad, at, seen, chosen={"PLATE-0": FIRST}) == []
        with reach(second):
            assert not Correction.objects.exists()
        assert PaperLine.objects.exclude(checked_at=None).count() == 2

    def test_a_choice_about_another_difference_chooses_nothing(
        self, pad: PaperPad, second: Reach, at: datetime
    ) -> None:
        seen = seen_as_typed(3, 4, plate="辽C54321")
        assert self.look(second, pad, at, seen, chosen={"DOCUMENT-1": SECOND}) == ["PLATE-0"]

    def test_somebody_missing_is_typed_in_before_the_row_is_checked(
        self, pad: PaperPad, haicheng: Reach, second: Reach, at: datetime
    ) -> None:
        seen = seen_as_typed(3, 4, 5)
        assert self.look(second, pad, at, seen) == ["PEOPLE-0"]
        with pytest.raises(Refusal, match="PEOPLE_MISSING"):
            self.look(second, pad, at, seen, chosen={"PEOPLE-0": SECOND})
        join_row(by=haicheng, at=at, pad=pad.number, row=5, people=[person(5)])
        assert self.look(second, pad, at, seen) == []

    def test_whoever_typed_it_needs_a_reason(self, pad: PaperPad, haicheng: Reach, at: datetime) -> None:
        for reason in ("", "   "):
            with pytest.raises(Refusal, match="OWN_LOOK"):
                self.look(haicheng, pad, at, seen_as_typed(3, 4), reason=reason)
        assert self.look(haicheng, pad, at, seen_as_typed(3, 4), reason="夜班只有我一人") == []
        assert PaperLine.objects.filter(explanation="夜班只有我一人").count() == 2

    def test_a_township_without_the_permission_to_correct_corrects_what_it_types(
        self, clean: object, at: datetime
    ) -> None:
        factories.checkpoint("POST", division="210381101")
        first, other = (factories.officer("TOWNSHIP_DESK", "210381101", name=name) for name in "甲乙")
        pad = make_pad(by=first, checkpoint="POST", purpose="ENTRY", rows=20, at=at)
        type_in(first, pad, 3, 4, at=at)
        seen = seen_as_typed(3, 4, plate="辽C54321")
        assert self.look(other, pad, at, seen, chosen={"PLATE-0": SECOND}) == []

    def test_the_next_county_and_an_untyped_row_are_unknown(
        self, pad: PaperPad, second: Reach, xiuyan: Reach, at: datetime
    ) -> None:
        with pytest.raises(NotFound, match="PAD_UNKNOWN"):
            self.look(xiuyan, pad, at, seen_as_typed(3, 4))
        with pytest.raises(NotFound, match="ROW_NOT_TYPED"):
            look_again(by=second, at=at, pad=pad.number, row=9, seen=seen_as_typed(3))


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
