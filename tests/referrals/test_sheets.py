"""A grid's doors on paper: printed with a number, typed back in one pass, each row once and none hindering another."""

from datetime import timedelta
from threading import Event, Thread
from time import sleep
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError, connection

from lianfang.journeys.referring import refer_all
from lianfang.journeys.referring.reading import heads
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden, Refusal
from lianfang.referrals.models import Referral, ReferralEvent, ReferralSheet
from lianfang.referrals.services import Mark, TypedMark, answer, print_sheet, type_in
from lianfang.referrals.services.answering import locked
from lianfang.referrals.services.sheets import walking
from tests import factories
from tests.factories import HAICHENG, XIUYAN
from tests.journeys.conftest import NOW, TODAY, Gate, gate  # noqa: F401 -- a fixture

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CITY, VILLAGE, OTHER = "210300", "210381101200", "210381101201"


def referred(gate: Gate, *addresses: str, village: str = VILLAGE) -> list[Referral]:  # noqa: F811
    """In the order of the addresses."""
    ids = [
        gate.register(
            {"from_code": "420100", "destination": {"code": village, "address": address}}, on=TODAY - DAY
        )[0]
        for address in addresses
    ]
    refer_all(gate.worker, at=NOW)
    rows = {str(row.registration_id): row for row in Referral.objects.using("owner").all()}
    return [rows[id] for id in ids]


def printed(by: Reach, division: str = VILLAGE, **said: Any) -> ReferralSheet:
    with reach(by) as seen:
        return print_sheet(**{"by": seen, "at": NOW, "id": uuid7(), "division": division, **said})


def typed(by: Reach, sheet: ReferralSheet, *marks: Mark, walked: timedelta = HOUR) -> list[TypedMark]:
    with reach(by) as seen:
        return type_in(
            by=seen, at=NOW + 5 * HOUR, sheet=sheet, walked_at=NOW + walked, marks=marks, city=CITY
        )


def states(*of: Referral) -> list[str]:
    now = dict(Referral.objects.using("owner").values_list("id", "state"))
    return [now[one.id] for one in of] or list(now.values())


@pytest.fixture
def desk(gate: Gate) -> Reach:  # noqa: F811
    return factories.officer("TOWNSHIP_DESK", "210381101")


def test_doors_stand_in_walking_order(gate: Gate, desk: Reach) -> None:  # noqa: F811
    twelve, three, near = (one.id for one in referred(gate, "12号", "3号", "2号", village=VILLAGE))
    referred(gate, "1号", village=OTHER)
    sheet = printed(desk)
    assert sheet.referrals == [near, three, twelve]
    assert printed(desk, id=sheet.id).number == sheet.number


def test_every_print_is_noted_be_it_the_same_list_again(gate: Gate, desk: Reach) -> None:  # noqa: F811
    referred(gate, "1号")
    sheet = printed(desk)
    printed(desk, id=sheet.id)
    prints = AuditEntry.objects.using("owner").filter(act="EXPORTED", subject=f"REFERRAL_SHEET {sheet.id}")
    assert [(one.count, one.details["reference"]) for one in prints] == [(1, sheet.reference)] * 2


def test_three_comes_before_twelve() -> None:
    assert sorted(["12号楼", "3号楼11单元", "东街", "3号楼2单元", ""], key=walking) == [
        "",
        "东街",
        "3号楼2单元",
        "3号楼11单元",
        "12号楼",
    ]


@pytest.mark.parametrize("division", ["210381", "210300", "999999", "", "../x"])
def test_a_county_is_no_round(gate: Gate, division: str) -> None:  # noqa: F811
    with pytest.raises(Refusal, match="SHEET_PLACE"):
        printed(factories.officer("COUNTY_DESK", HAICHENG), division)


def test_nothing_to_print_is_said_and_the_next_county_prints_nothing(gate: Gate, desk: Reach) -> None:  # noqa: F811
    with pytest.raises(Refusal, match="SHEET_EMPTY"):
        printed(desk)
    referred(gate, "1号")
    with pytest.raises(Forbidden):
        printed(factories.officer("COUNTY_DESK", XIUYAN))


class TestTypingBack:
    def test_each_row_is_an_act_and_the_same_again_is_none(self, gate: Gate, desk: Reach) -> None:  # noqa: F811
        three = referred(gate, "1号", "2号", "3号")
        sheet = printed(desk)
        marks = [Mark(1, "ARRIVED"), Mark(2, "NOT_HERE"), Mark(3, "WRONG_ADDRESS")]
        assert [one.acted.repeated for one in typed(desk, sheet, *marks) if one.acted] == [False] * 3
        assert states(*three) == ["ARRIVED", "NOT_HERE", "WRONG_ADDRESS"]
        assert [one.acted.repeated for one in typed(desk, sheet, *marks) if one.acted] == [True] * 3
        events = ReferralEvent.objects.using("owner").exclude(kind="SENT")
        assert events.count() == 3
        assert {event.occurred_at for event in events} == {NOW + HOUR}

    def test_a_refused_row_hinders_no_other(self, gate: Gate, desk: Reach) -> None:  # noqa: F811
        both = referred(gate, "1号", "2号")
        first, second, third = typed(
            desk, printed(desk), Mark(1, "MOVED_ON", destination=""), Mark(2, "ARRIVED"), Mark(7, "ARRIVED")
        )
        assert (first.refusal and first.refusal.code, third.refusal and third.refusal.code) == (
            "DESTINATION_UNKNOWN",
            "ANSWER_UNKNOWN",
        )
        assert second.acted is not None
        assert states(*both) == ["SENT", "ARRIVED"]

    def test_what_was_answered_later_stays(self, gate: Gate, desk: Reach) -> None:  # noqa: F811
        (one,) = referred(gate, "1号")
        sheet = printed(desk)
        with reach(desk) as by:
            answer(by=by, at=NOW + 2 * HOUR, id=uuid7(), referral=one.id, kind="ARRIVED")
        (row,) = typed(desk, sheet, Mark(1, "NOT_HERE"))
        assert row.acted is not None
        assert row.acted.late
        assert states() == ["ARRIVED"]

    def test_waits_for_nobody_who_waits_for_it(self, gate: Gate, desk: Reach, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip  # noqa: F811
        """Rows stand by address, the background program looks by id: each locks all of them in one order."""
        first, second = referred(gate, "9号", "1号")
        sheet, typing, errors = printed(desk), Event(), []
        assert sheet.referrals == [second.id, first.id]

        def slowly(*args: Any) -> Referral:
            one = locked(*args)
            typing.set()
            sleep(0.3)
            return one

        monkeypatch.setattr("lianfang.referrals.services.answering.locked", slowly)

        def follow() -> None:
            typing.wait(5)
            try:
                with reach(gate.worker):
                    heads([first.registration_id, second.registration_id])
            except OperationalError as error:
                errors.append(error)
            finally:
                connection.close()

        follower = Thread(target=follow)
        follower.start()
        typed(desk, sheet, Mark(1, "ARRIVED"), Mark(2, "ARRIVED"))
        follower.join()
        assert errors == []
        assert states(first, second) == ["ARRIVED", "ARRIVED"]

    def test_who_moved_on_is_handed_over_again_once(self, gate: Gate, desk: Reach) -> None:  # noqa: F811
        referred(gate, "1号")
        sheet = printed(desk)
        for _ in "12":
            typed(desk, sheet, Mark(1, "MOVED_ON", destination=OTHER))
        assert sorted(states()) == ["MOVED_ON", "SENT"]

    @pytest.mark.parametrize("walked", [-HOUR, 6 * HOUR])
    def test_the_round_was_after_printing_and_before_now(self, gate: Gate, desk: Reach, walked: timedelta) -> None:  # fmt: skip  # noqa: F811
        referred(gate, "1号")
        sheet = printed(desk)
        with pytest.raises(Refusal, match="WALKED_WHEN"):
            typed(desk, sheet, Mark(1, "ARRIVED"), walked=walked)
        assert states() == ["SENT"]


def test_the_database_shows_no_list_to_the_next_county(gate: Gate, desk: Reach) -> None:  # noqa: F811
    referred(gate, "1号")
    id: UUID = printed(desk).id
    with reach(factories.officer("COUNTY_DESK", XIUYAN)):
        assert not ReferralSheet.objects.filter(id=id).exists()
