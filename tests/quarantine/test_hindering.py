"""What keeps somebody from being released: whom a clinic took in, whom a visit did not find, whose fever was not answered."""

from datetime import datetime

import pytest

from lianfang.kernel.days import start_of
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Refusal
from lianfang.quarantine.models import CheckIn, FollowUp, QuarantineOrder
from lianfang.quarantine.rules import Half, half_day
from lianfang.quarantine.services import move_to_isolation, put_in_place, release, release_all, report_broken
from lianfang.quarantine.services.ending import hindrance
from tests.people.town import NOW, TODAY
from tests.quarantine.ward import DAY, HOUR, Ward

OVER = start_of(TODAY + 15 * DAY)  # 24:00 of day 14
COUNTY = "210381"


def hinders(ward: Ward, one: QuarantineOrder) -> str | None:
    with reach(ward.desk):
        return hindrance(one.id)


def told(one: QuarantineOrder, verdict: str, taken: datetime, *, way: str = "SELF", late: int = 0, half: Half | None = None) -> None:  # fmt: skip
    """A report of that moment, which came `late` hours after it."""
    of = half_day(taken)
    CheckIn.objects.using("owner").create(
        order_id=one.id, on_day=of.day, half=half or of.half, symptoms=[], by=way, verdict=verdict, thresholds="t" * 64,
        occurred_at=taken, received_at=taken + late * HOUR, jurisdiction=one.jurisdiction,
    )  # fmt: skip


def seen(
    ward: Ward, one: QuarantineOrder, kind: str, outcome: str, happened: datetime, *, late: int = 0
) -> None:
    """What came of a follow-up at that moment, which was told here `late` hours after it."""
    id = ward.followed(one, kind, happened - HOUR, outcome)
    FollowUp.objects.using("owner").filter(pk=id).update(
        occurred_at=happened, closed_at=happened + late * HOUR
    )


class TestTakenIn:
    @pytest.fixture
    def admitted(self, ward: Ward) -> QuarantineOrder:
        """On the telephone he was unwell, and the clinic took him in: no report says so."""
        made = ward.in_place()
        seen(ward, made, "CALL", "UNWELL", OVER - 40 * HOUR)
        seen(ward, made, "CLINIC", "ADMITTED", OVER - 38 * HOUR)
        return made

    def test_he_is_not_released_with_everybody_else_nor_by_name(
        self, ward: Ward, admitted: QuarantineOrder
    ) -> None:
        done = release_all(by=ward.desk, at=OVER, division=COUNTY)
        assert (done.released, [one.why for one in done.left_out]) == ((), ["ADMITTED"])
        with pytest.raises(Refusal, match="A clinic has taken this person in") as refused:
            release(by=ward.desk, at=OVER, id=uuid7(), order=admitted.id)
        assert "转隔离治疗" in refused.value.zh

    @pytest.mark.parametrize("way", ["SELF", "RESPONDER", "GRID_PHONE", "PASTED"])
    def test_what_his_household_says_every_day_changes_nothing(
        self, ward: Ward, admitted: QuarantineOrder, way: str
    ) -> None:
        told(admitted, "WELL", OVER - HOUR, way=way)
        assert hinders(ward, admitted) == "ADMITTED"

    @pytest.mark.parametrize("way", ["DESK", "GRID_DOOR"])
    def test_home_again_and_seen_well_he_may_go(
        self, ward: Ward, admitted: QuarantineOrder, way: str
    ) -> None:
        told(admitted, "SYMPTOMATIC", OVER - 39 * HOUR)
        told(admitted, "WELL", OVER - 39 * HOUR, way=way, late=30)  # of before, told after
        assert hinders(ward, admitted) == "ADMITTED"
        told(admitted, "WELL", OVER + 9 * HOUR, way=way)
        assert release(by=ward.desk, at=OVER + 9 * HOUR, id=uuid7(), order=admitted.id).state == "RELEASED"

    @pytest.mark.parametrize(("kind", "outcome"), [("VISIT", "WELL"), ("CLINIC", "NOT_ILL")])
    def test_a_visit_or_a_clinic_that_finds_him_well_later_lets_him_go(
        self, ward: Ward, admitted: QuarantineOrder, kind: str, outcome: str
    ) -> None:
        seen(ward, admitted, "CALL", "WELL", OVER - 3 * HOUR)
        assert hinders(ward, admitted) == "ADMITTED"
        seen(ward, admitted, kind, outcome, OVER - 2 * HOUR)
        assert hinders(ward, admitted) is None

    def test_in_isolation_his_quarantine_is_over(self, ward: Ward, admitted: QuarantineOrder) -> None:
        move_to_isolation(by=ward.desk, at=OVER, id=uuid7(), order=admitted.id, where="市传染病医院")
        assert ward.again(admitted).state == "MOVED_TO_ISOLATION"


class TestNotFound:
    @pytest.fixture
    def missing(self, ward: Ward) -> QuarantineOrder:
        made = ward.in_place()
        seen(ward, made, "VISIT", "NOT_THERE", OVER - 10 * HOUR)
        return made

    def test_whom_a_visit_did_not_find_is_looked_at_first_and_may_be_released_by_name(
        self, ward: Ward, missing: QuarantineOrder
    ) -> None:
        told(missing, "WELL", OVER - 11 * HOUR, late=5)  # of before the visit, whenever it came
        done = release_all(by=ward.desk, at=OVER, division=COUNTY)
        assert (done.released, [one.why for one in done.left_out]) == ((), ["NOT_FOUND"])
        assert release(by=ward.desk, at=OVER, id=uuid7(), order=missing.id).state == "RELEASED"

    def test_a_report_since_then_says_that_he_is_there(self, ward: Ward, missing: QuarantineOrder) -> None:
        told(missing, "NOT_READ", OVER - 9 * HOUR)
        assert hinders(ward, missing) == "NOT_FOUND"
        told(missing, "WELL", OVER - 8 * HOUR)
        assert hinders(ward, missing) is None

    @pytest.mark.parametrize(
        ("kind", "outcome"), [("CALL", "WELL"), ("VISIT", "WELL"), ("CLINIC", "NOT_ILL")]
    )
    def test_so_does_whoever_spoke_to_him(
        self, ward: Ward, missing: QuarantineOrder, kind: str, outcome: str
    ) -> None:
        seen(ward, missing, "CALL", "NO_ANSWER", OVER - 9 * HOUR)
        assert hinders(ward, missing) == "NOT_FOUND"
        seen(ward, missing, kind, outcome, OVER - 8 * HOUR)
        assert hinders(ward, missing) is None

    def test_so_does_whoever_puts_him_in_place_again(self, ward: Ward, missing: QuarantineOrder) -> None:
        report_broken(by=ward.desk, at=OVER - 9 * HOUR, id=uuid7(), order=missing.id)
        put_in_place(by=ward.desk, at=OVER - 8 * HOUR, id=uuid7(), order=missing.id)
        assert hinders(ward, missing) is None


class TestWhatHappenedCounts:
    """Not when it was told here: a phone without network tells it hours later."""

    def test_an_answer_of_before_a_fever_that_is_told_after_it_is_no_answer_to_it(self, ward: Ward) -> None:
        made = ward.in_place()
        told(made, "SYMPTOMATIC", NOW + 5 * HOUR)
        seen(ward, made, "CLINIC", "NOT_ILL", NOW + HOUR, late=6)
        seen(ward, made, "VISIT", "WELL", NOW + HOUR, late=6)
        assert hinders(ward, made) == "SYMPTOMATIC"
        seen(ward, made, "VISIT", "WELL", NOW + 6 * HOUR)
        assert hinders(ward, made) is None

    def test_well_of_an_earlier_half_day_typed_later_clears_nothing(self, ward: Ward) -> None:
        made = ward.in_place()
        told(made, "SYMPTOMATIC", NOW + 5 * HOUR)
        told(made, "WELL", NOW + 6 * HOUR, half=Half.MORNING)
        assert hinders(ward, made) == "SYMPTOMATIC"
        told(made, "WELL", NOW + DAY)
        assert hinders(ward, made) is None
