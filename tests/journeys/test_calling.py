"""The call list: whom no reminder reached and who is still asked, by place, and gone from it as soon as somebody reports."""

from datetime import timedelta

import pytest
from django.db import connection

from lianfang.journeys.observing.calling import to_call, to_call_counted, to_call_held
from lianfang.journeys.observing.reminding import remind
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden
from lianfang.messages.models import Message
from lianfang.quarantine.models import QuarantineOrder
from lianfang.quarantine.services import lift, put_in_place, transfer
from lianfang.quarantine.services.linking import issue_link
from tests import factories
from tests.factories import HAICHENG
from tests.journeys.test_reminding import at, household, text_of
from tests.journeys.test_reminding import told as messages
from tests.people.town import NEXT_COUNTY, OTHER_GRID, TODAY, own_keys, town  # noqa: F401 -- fixtures
from tests.quarantine.test_lists import reported
from tests.quarantine.ward import DAY, WHY, Ward, ward  # noqa: F401 -- a fixture


def listed(by: Reach, hours: float = 9, division: str | None = None) -> list[QuarantineOrder]:
    with reach(by) as seen:
        found = [one.order for one in to_call(seen, at(hours), division=division)]
        assert to_call_counted(seen, at(hours), division=division) == len(found)
        return found


def ids(*orders: QuarantineOrder) -> set[object]:
    return {one.id for one in orders}


def test_whoever_has_no_mobile_or_no_link_or_was_not_reached_is_on_it_until_he_reports(ward: Ward) -> None:  # noqa: F811
    silent = household(ward, "", "")
    alone = ward.in_place(at=at(8, TODAY - DAY), day0=TODAY - DAY)
    reached, unreached = household(ward, "13900000011"), household(ward, "13900000012")
    remind(ward.town.worker, at(8))
    sent = Message.objects.using("owner").filter(channel="SMS")
    sent.filter(subject_id__in=_links(reached)).update(state="SENT", sent_at=at(8), next_at=None)
    sent.filter(subject_id__in=_links(unreached)).update(state="GIVEN_UP", given_up_at=at(8.5), next_at=None)
    assert ids(*listed(ward.desk)) == ids(*silent, alone, *unreached)
    with reach(ward.desk) as seen:
        assert to_call_held(seen, at(9)) == 4
        assert {one.order.id: one.since for one in to_call(seen, at(9))}[unreached[0].id] == at(8.5)
    reported(silent[0], TODAY, "MORNING")
    reported(unreached[0], TODAY, "MORNING", "SYMPTOMATIC")
    reported(alone, TODAY, "MORNING", "NOT_READ")
    lift(by=ward.desk, at=at(8.9), id=uuid7(), order=silent[1].id, written=WHY)
    assert ids(*listed(ward.desk)) == ids(alone), "what could not be read is no report"


def test_a_slip_printed_anew_keeps_the_household_on_it_and_sends_nothing_twice(ward: Ward) -> None:  # noqa: F811
    unreached = household(ward, "")
    told = household(ward, "13900000011", "13900000012")
    remind(ward.town.worker, at(8))
    for made in (unreached, told):
        issue_link(by=ward.desk, at=at(8.2), orders=[one.id for one in made])
    assert remind(ward.town.worker, at(8.3)) == 0
    assert ids(*listed(ward.desk)) == ids(*unreached)


def test_somebody_who_joins_a_household_that_was_told_is_told_alone(ward: Ward) -> None:  # noqa: F811
    told = household(ward, "13900000011", "13900000012")
    remind(ward.town.worker, at(8))
    new = ward.in_place(person=ward.person(phone="13900000013"), at=at(8.1), day0=TODAY - DAY)
    issue_link(by=ward.desk, at=at(8.2), orders=[*(one.id for one in told), new.id])
    assert remind(ward.town.worker, at(8.3)) == 1
    number, text = text_of(messages()[-1])
    assert (number, "为③打卡" in text) == ("13900000013", True)
    assert remind(ward.town.worker, at(8.4)) == 0


def test_it_is_of_the_half_day_that_is_running_of_a_place_and_of_its_own_area(ward: Ward) -> None:  # noqa: F811
    (here,) = household(ward, "")
    there = ward.in_place(at=at(8, TODAY - DAY), day0=TODAY - DAY, division=OTHER_GRID)
    remind(ward.town.worker, at(8))
    assert [one.id for one in listed(ward.desk)] == [here.id, there.id]
    assert ids(*listed(ward.desk, division=OTHER_GRID)) == ids(there)
    assert listed(ward.desk, division="210381102") == []
    assert ids(*listed(ward.desk, 11)) == ids(here, there), "who missed the deadline is still telephoned"
    assert listed(ward.desk, 14) == []
    assert listed(ward.desk, 24 + 9) == []
    assert listed(ward.town.stranger) == []
    with reach(factories.officer("CHECKPOINT_LEAD", HAICHENG)) as lead:
        for question in (to_call, to_call_counted, to_call_held):
            with pytest.raises(Forbidden):
                question(lead, at(9))


@pytest.mark.parametrize("moved_at", [7.0, 8.1], ids=["before he is told", "after"])
def test_whoever_is_elsewhere_than_his_household_stands_on_the_list_of_his_own_place(
    ward: Ward,  # noqa: F811
    moved_at: float,
) -> None:
    father, mother = household(ward, "", "")
    alone = ward.in_place(at=at(6, TODAY - DAY), day0=TODAY - DAY)
    if moved_at > 8:
        remind(ward.town.worker, at(8))
    for one in (father, alone):
        transfer(by=ward.desk, at=at(moved_at), id=uuid7(), order=one.id, to=NEXT_COUNTY, written=WHY)
        put_in_place(by=ward.town.stranger, at=at(moved_at + 0.1), id=uuid7(), order=one.id)
    remind(ward.town.worker, at(8.3))
    assert ids(*listed(ward.desk)) == ids(mother)
    assert ids(*listed(ward.town.stranger)) == ids(father, alone)
    assert ids(*listed(ward.town.stranger, division="210381")) == set()
    with reach(ward.town.stranger) as seen:
        assert to_call_held(seen, at(9)) == 2
    with reach(ward.town.headquarters) as seen:
        assert len(to_call(seen, at(9))) == to_call_counted(seen, at(9)) == 3
    assert remind(ward.town.worker, at(8.4)) == 0
    reported(father, TODAY, "MORNING")
    assert ids(*listed(ward.town.stranger)) == ids(alone)


def test_what_was_not_reached_elsewhere_is_told_of_the_callers_own_area_only(ward: Ward) -> None:  # noqa: F811
    father, _ = household(ward, "", "")
    transfer(by=ward.desk, at=at(7), id=uuid7(), order=father.id, to=NEXT_COUNTY, written=WHY)
    put_in_place(by=ward.town.stranger, at=at(7.5), id=uuid7(), order=father.id)
    remind(ward.town.worker, at(8))
    for by, told in ((ward.town.stranger, [father.id]), (ward.desk, []), (ward.town.headquarters, [])):
        with reach(by), connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM lianfang_not_reached_elsewhere('CHECK_IN_DUE', %s, 'MORNING')", [TODAY]
            )
            assert [id for (id,) in cursor.fetchall()] == told


def test_whoever_is_put_in_place_after_his_households_message_was_taken_back_is_telephoned(
    ward: Ward,  # noqa: F811
) -> None:
    first, second, third = household(ward, "13900000011", "13900000012", "13900000013")
    QuarantineOrder.objects.using("owner").filter(pk=third.pk).update(state="NOTIFIED", observed_from=None)
    remind(ward.town.worker, at(8))
    for one in (first, second):
        reported(one, TODAY, "MORNING")
    remind(ward.town.worker, at(8.1))
    assert [one.state for one in messages()] == ["OVERTAKEN"]
    assert listed(ward.desk, 8.2) == [], "what was taken back puts nobody on it who has reported"
    put_in_place(by=ward.desk, at=at(8.5), id=uuid7(), order=third.id)
    remind(ward.town.worker, at(8.6))
    assert ids(*listed(ward.desk)) == ids(third)
    with reach(ward.desk) as seen:
        assert [one.since for one in to_call(seen, at(9))] == [at(8)]


def test_a_list_of_many_is_cut_and_counted_whole_in_as_many_questions_as_of_one(
    ward: Ward,  # noqa: F811
    django_assert_num_queries: object,
) -> None:
    for _ in range(5):
        ward.in_place(at=at(8, TODAY - DAY), day0=TODAY - DAY)
    remind(ward.town.worker, at(8))
    with reach(ward.desk) as seen:
        with django_assert_num_queries(2):  # type: ignore[operator]
            assert len(to_call(seen, at(9) + timedelta(minutes=1), most=3)) == 3
        assert to_call_counted(seen, at(9)) == 5


def _links(orders: list[QuarantineOrder]) -> list[object]:
    told = Message.objects.using("owner").filter(
        channel="SMS", person_id__in=[one.person_id for one in orders]
    )
    return list(told.values_list("subject_id", flat=True))
