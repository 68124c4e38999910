"""How long an order lasts, and what somebody who says that it is wrong is answered."""

from datetime import date
from uuid import UUID

import pytest

from lianfang.kernel.days import start_of
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.quarantine.models import OrderEvent, QuarantineReason
from lianfang.quarantine.queries.correcting import count_corrections, open_corrections
from lianfang.quarantine.queries.orders import order_page
from lianfang.quarantine.queries.releasing import due_for_release
from lianfang.quarantine.services import (
    OrderReason,
    WrittenBeside,
    add_reason,
    answer_correction,
    ask_correction,
    extend,
    lift,
    release,
    take_back_reason,
)
from tests.people.town import NOW, TODAY
from tests.quarantine.ward import DAY, HOUR, WHY, Ward


def reasons(order: UUID) -> list[QuarantineReason]:
    return list(QuarantineReason.objects.using("owner").filter(order_id=order).order_by("added_at", "id"))


def test_an_extension_is_a_later_last_day_and_no_state(ward: Ward) -> None:
    made = ward.in_place()
    id = uuid7()
    for _ in range(2):
        extend(by=ward.desk, at=NOW, id=id, order=made.id, until=TODAY + 20 * DAY, written=WHY)
    again = ward.again(made)
    assert (again.state, again.last_on) == ("IN_PLACE", TODAY + 20 * DAY)
    assert ward.done(made) == ["ORDERED", "IN_PLACE", "EXTENDED"]
    with pytest.raises(Refusal, match="Observation goes on"):
        release(by=ward.desk, at=start_of(TODAY + 15 * DAY), id=uuid7(), order=made.id)


@pytest.mark.parametrize(
    ("until", "days_later", "code"),
    [
        (TODAY + 14 * DAY, 0, "NOT_LATER"),
        (TODAY + 13 * DAY, 0, "NOT_LATER"),
        (TODAY + 61 * DAY, 0, "TOO_LONG"),
        (TODAY + 16 * DAY, 17, "NOT_LATER"),  # in the past by then
    ],
)
def test_an_extension_goes_forward_and_ends_with_the_sixtieth_day(
    ward: Ward, until: date, days_later: int, code: str
) -> None:
    made = ward.in_place()
    with pytest.raises(Refusal) as refused:
        extend(by=ward.desk, at=NOW + days_later * DAY, id=uuid7(), order=made.id, until=until, written=WHY)
    assert refused.value.code == code
    extend(by=ward.desk, at=NOW, id=uuid7(), order=made.id, until=TODAY + 60 * DAY, written=WHY)
    assert ward.again(made).last_on == TODAY + 60 * DAY


def test_a_reason_taken_back_leaves_the_days_of_the_others(ward: Ward) -> None:
    made = ward.in_place(day0=TODAY - 5 * DAY)
    add_reason(by=ward.desk, at=NOW, id=uuid7(), order=made.id, why=OrderReason("CONTACT", TODAY, 21))
    first, second = reasons(made.id)
    assert (ward.again(made).day0_on, ward.again(made).last_on) == (TODAY, TODAY + 21 * DAY)
    take_back_reason(by=ward.desk, at=NOW, id=uuid7(), reason=second.id, written=WHY)
    assert (ward.again(made).day0_on, ward.again(made).last_on) == (TODAY - 5 * DAY, TODAY + 9 * DAY)
    with pytest.raises(Refusal, match="already"):
        take_back_reason(by=ward.desk, at=NOW, id=uuid7(), reason=second.id, written=WHY)
    take_back_reason(by=ward.desk, at=NOW + HOUR, id=uuid7(), reason=first.id, written=WHY)
    assert (ward.again(made).state, ward.again(made).last_on) == ("IN_PLACE", TODAY + 9 * DAY)
    event = OrderEvent.objects.using("owner").filter(kind="REASON_TAKEN_BACK").latest("occurred_at")
    assert event.details["left"] == 0
    assert lift(by=ward.desk, at=NOW, id=uuid7(), order=made.id, written=WHY).state == "LIFTED"


def test_what_officers_extended_stays_when_a_reason_is_taken_back(ward: Ward) -> None:
    made = ward.in_place(day0=TODAY - 5 * DAY)
    add_reason(by=ward.desk, at=NOW, id=uuid7(), order=made.id, why=OrderReason("CONTACT", TODAY, 21))
    extend(by=ward.desk, at=NOW, id=uuid7(), order=made.id, until=TODAY + 22 * DAY, written=WHY)
    take_back_reason(by=ward.desk, at=NOW, id=uuid7(), reason=reasons(made.id)[1].id, written=WHY)
    assert ward.again(made).last_on == TODAY + 22 * DAY


def test_the_right_reason_after_the_only_one_was_a_mistake_says_how_long(ward: Ward) -> None:
    made = ward.in_place(day0=TODAY, days=28)
    take_back_reason(by=ward.desk, at=NOW, id=uuid7(), reason=reasons(made.id)[0].id, written=WHY)
    assert ward.again(made).last_on == TODAY + 28 * DAY  # a computer ends no order
    why = OrderReason("OFFICER", TODAY - 2 * DAY)
    add_reason(by=ward.desk, at=NOW + HOUR, id=uuid7(), order=made.id, why=why)
    assert (ward.again(made).day0_on, ward.again(made).last_on) == (TODAY - 2 * DAY, TODAY + 12 * DAY)
    event = OrderEvent.objects.using("owner").get(order_id=made.id, kind="REASON_ADDED")
    assert event.details["last_on"] == (TODAY + 12 * DAY).isoformat()


def test_a_further_reason_moves_day_0_and_hides_nothing_of_before(ward: Ward) -> None:
    made = ward.in_place(at=NOW - 10 * DAY, day0=TODAY - 11 * DAY)
    ward.reported(made, "WELL", NOW - 9 * DAY)
    add_reason(by=ward.desk, at=NOW, id=uuid7(), order=made.id, why=OrderReason("CONTACT", TODAY))
    with reach(ward.desk) as seen:
        told = order_page(seen, made.id)
    days = {day.on: day for day in told.days}
    assert (told.days[0].on, told.days[-1].on) == (TODAY - 10 * DAY, TODAY + 14 * DAY)
    assert days[TODAY - 9 * DAY].morning.verdict == "WELL"
    assert (days[TODAY - 9 * DAY].number, days[TODAY].number) == (-9, 0)


def test_its_number_is_that_of_the_year_in_which_it_was_given_out(ward: Ward) -> None:
    late = start_of(date(2019, 12, 31)) + 23 * HOUR
    made = ward.in_place(at=late, day0=date(2019, 12, 31))
    why = OrderReason("CONTACT", date(2020, 1, 2))
    add_reason(by=ward.desk, at=late + 2 * DAY, id=uuid7(), order=made.id, why=why)
    called = f"隔〔2019〕{made.number:06d}号"
    assert ward.again(made).shown_number == called
    with reach(ward.desk) as seen:
        assert [one.shown_number for one in due_for_release(seen, at=late + 30 * DAY)] == [called]


def test_what_officers_extended_outlasts_a_reason_that_is_added(ward: Ward) -> None:
    made = ward.in_place(day0=TODAY)
    extend(by=ward.desk, at=NOW, id=uuid7(), order=made.id, until=TODAY + 20 * DAY, written=WHY)
    add_reason(by=ward.desk, at=NOW, id=uuid7(), order=made.id, why=OrderReason("CONTACT", TODAY))
    assert ward.again(made).last_on == TODAY + 20 * DAY


def test_an_objection_waits_a_day_and_an_answer_answers_all_of_it(ward: Ward) -> None:
    made = ward.in_place()
    for hours in (0, 1):
        ask_correction(
            by=ward.desk,
            at=NOW + hours * HOUR,
            id=uuid7(),
            order=made.id,
            written=WrittenBeside("没去过武汉"),
        )
    with reach(ward.desk) as seen:
        (one,) = open_corrections(seen, at=NOW)
        assert (one.order, one.times, one.due_at) == (made.id, 2, NOW + 24 * HOUR)
        assert count_corrections(seen, at=NOW + 24 * HOUR) == (1, 0)
        assert count_corrections(seen, at=NOW + 24.1 * HOUR) == (1, 1)
    answer_correction(
        by=ward.desk, at=NOW + 2 * HOUR, id=uuid7(), order=made.id, verdict="UPHELD", written=WHY
    )
    with reach(ward.desk) as seen:
        assert (open_corrections(seen, at=NOW), count_corrections(seen, at=NOW)) == ([], (0, 0))
    assert ward.again(made).state == "IN_PLACE"
    with pytest.raises(Refusal, match="No objection"):
        answer_correction(by=ward.desk, at=NOW, id=uuid7(), order=made.id, verdict="UPHELD", written=WHY)
    ask_correction(by=ward.desk, at=NOW + 3 * HOUR, id=uuid7(), order=made.id, written=WHY)
    with reach(ward.desk) as seen:
        assert [one.times for one in open_corrections(seen, at=NOW)] == [1]


def test_an_answer_may_lift_the_order_once(ward: Ward) -> None:
    made, id = ward.in_place(), uuid7()
    ask_correction(by=ward.desk, at=NOW, id=uuid7(), order=made.id, written=WHY)
    for repeated in (False, True):
        acted = answer_correction(by=ward.desk, at=NOW, id=id, order=made.id, verdict="LIFTED", written=WHY)
        assert (acted.state, acted.repeated) == ("LIFTED", repeated)
    assert sorted(ward.done(made)[-3:]) == ["CORRECTION_ANSWERED", "CORRECTION_ASKED", "LIFTED"]


def test_what_a_grid_phone_was_told_waits_though_it_came_after_an_answer(ward: Ward) -> None:
    made, phone = ward.in_place(), ward.phone()
    ask_correction(by=ward.desk, at=NOW, id=uuid7(), order=made.id, written=WHY)
    answer_correction(
        by=ward.desk, at=NOW + 3 * HOUR, id=uuid7(), order=made.id, verdict="CHANGED", written=WHY
    )
    ask_correction(
        by=phone, at=NOW + 4 * HOUR, id=uuid7(), order=made.id, written=WHY, occurred_at=NOW + 2 * HOUR
    )
    with reach(ward.desk) as seen:
        assert [one.asked_at for one in open_corrections(seen, at=NOW)] == [NOW + 2 * HOUR]
    with reach(ward.town.stranger) as seen:
        assert open_corrections(seen, at=NOW) == []


@pytest.mark.parametrize(
    ("verdict", "written", "code"), [("MAYBE", WHY, "VERDICT_UNKNOWN"), ("UPHELD", WrittenBeside(""), "REASON_MISSING")]
)  # fmt: skip
def test_an_answer_says_what_and_why(ward: Ward, verdict: str, written: WrittenBeside, code: str) -> None:
    made = ward.in_place()
    ask_correction(by=ward.desk, at=NOW, id=uuid7(), order=made.id, written=WHY)
    with pytest.raises(Refusal) as refused:
        answer_correction(by=ward.desk, at=NOW, id=uuid7(), order=made.id, verdict=verdict, written=written)
    assert refused.value.code == code


def test_of_an_ended_order_one_objects_still_and_nothing_else_is_done(ward: Ward) -> None:
    made = ward.in_place()
    lift(by=ward.desk, at=NOW, id=uuid7(), order=made.id, written=WHY)
    ask_correction(by=ward.desk, at=NOW, id=uuid7(), order=made.id, written=WHY)
    answer_correction(by=ward.desk, at=NOW, id=uuid7(), order=made.id, verdict="UPHELD", written=WHY)
    with pytest.raises(Refusal, match="as it stands now"):
        extend(by=ward.desk, at=NOW, id=uuid7(), order=made.id, until=TODAY + 20 * DAY, written=WHY)


def test_the_next_county_changes_nothing_of_it(ward: Ward) -> None:
    made, stranger = ward.in_place(), ward.town.stranger
    with pytest.raises(NotFound):
        extend(by=stranger, at=NOW, id=uuid7(), order=made.id, until=TODAY + 20 * DAY, written=WHY)
    with pytest.raises(NotFound):
        take_back_reason(by=stranger, at=NOW, id=uuid7(), reason=reasons(made.id)[0].id, written=WHY)
    with pytest.raises(NotFound):
        ask_correction(by=stranger, at=NOW, id=uuid7(), order=made.id, written=WHY)
