"""Paper is looked at a second time: blind, by somebody else, and what differs is put right by a correction."""

from datetime import datetime
from typing import Any

import pytest

from lianfang.checkpoints.models import (
    Correction,
    PaperLine,
    PaperPad,
)
from lianfang.checkpoints.queries.paper import pad_line, row_file
from lianfang.checkpoints.services.paper import make_pad
from lianfang.checkpoints.services.second_look import FIRST, SECOND, SeenAgain, look_again
from lianfang.journeys.transcribing import join_row
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import NotFound, Refusal
from tests import factories
from tests.checkpoints.written import person, seen_as_typed, type_in
from tests.factories import Generated


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
