"""Reminding: once a half-day, the household by its link and without names, the group by counts, the rest by telephone."""

from datetime import date, datetime, timedelta

import pytest

from lianfang.journeys.observing.reminding import due_round, remind, sms
from lianfang.kernel.days import start_of
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import reach
from lianfang.messages.models import Message
from lianfang.messages.rules import TEXT_BYTES
from lianfang.messages.services import add_robot
from lianfang.messages.services.writing import opened
from lianfang.quarantine.models import QuarantineOrder
from lianfang.quarantine.services import lift, put_in_place, report_broken, transfer
from lianfang.quarantine.services.linking import issue_link
from tests.people.town import NEXT_COUNTY, TODAY, own_keys, town  # noqa: F401 -- fixtures
from tests.quarantine.test_lists import reported
from tests.quarantine.ward import DAY, WHY, Ward, ward  # noqa: F401 -- a fixture

WEBHOOK = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"


def at(hours: float, day: date = TODAY) -> datetime:
    return start_of(day) + timedelta(hours=hours)


def told() -> list[Message]:
    return list(Message.objects.using("owner").order_by("written_at", "id"))


def text_of(one: Message) -> tuple[str, str]:
    said = opened(one.id, one.written_at, one.wrapped_key, one.sealed)
    assert said is not None
    return said.phone, said.text


def household(ward: Ward, *numbers: str) -> list[QuarantineOrder]:  # noqa: F811
    """Of so many people, with one link, in place since eight in the morning of yesterday."""
    since = at(8, TODAY - DAY)
    made = [
        ward.in_place(person=ward.person(name="欧阳小明", phone=number), at=since, day0=TODAY - DAY)
        for number in numbers
    ]
    issue_link(by=ward.desk, at=since, orders=[one.id for one in made])
    return made


@pytest.mark.parametrize(
    ("hours", "is_open"),
    [
        (7.99, False),
        (8, True),
        (9.99, True),
        (10, False),
        (17.99, False),
        (18, True),
        (19.99, True),
        (20, False),
    ],
)
def test_a_round_begins_two_hours_before_the_deadline_and_ends_with_it(
    ward: Ward,  # noqa: F811
    hours: float,
    is_open: bool,
) -> None:
    assert (due_round(at(hours)) is not None) == is_open


def test_a_household_is_told_once_by_the_places_of_who_is_due_and_without_names(ward: Ward) -> None:  # noqa: F811
    _, second, _ = household(ward, "13900000011", "13900000012", "13900000013")
    reported(second, TODAY, "MORNING")
    assert remind(ward.town.worker, at(8)) == 1
    (message,) = told()
    number, text = text_of(message)
    assert (message.channel, message.subject_kind, message.half, number) == (
        "SMS", "CHECK_IN_LINK", "MORNING", "13900000011",
    )  # fmt: skip
    assert "请在今天上午10点前为①③打卡" in text
    assert "欧阳" not in text
    for minutes in (1, 60, 119):
        assert remind(ward.town.worker, at(8) + timedelta(minutes=minutes)) == 0
    assert remind(ward.town.worker, at(18)) == 1
    assert "请在今天晚上8点前为①②③打卡" in text_of(told()[1])[1]


def test_the_first_on_the_slip_who_has_a_mobile_is_written_to(ward: Ward) -> None:  # noqa: F811
    household(ward, "", "0412-3220000", "13900000013")
    remind(ward.town.worker, at(8))
    (message,) = told()
    assert text_of(message)[0] == "13900000013"


def test_without_a_mobile_or_a_link_somebody_telephones(ward: Ward) -> None:  # noqa: F811
    household(ward, "")
    alone = ward.in_place(at=at(8, TODAY - DAY), day0=TODAY - DAY)
    remind(ward.town.worker, at(8))
    assert {(one.channel, one.subject_kind, one.state) for one in told()} == {
        ("CALL_LIST", "CHECK_IN_LINK", "GIVEN_UP"),
        ("CALL_LIST", "QUARANTINE_ORDER", "GIVEN_UP"),
    }
    assert alone.id in {one.subject_id for one in told()}


def test_nobody_is_reminded_who_reported_left_or_is_not_asked(ward: Ward) -> None:  # noqa: F811
    (done,), (gone,), (ill,) = (
        household(ward, "13900000011"),
        household(ward, "13900000012"),
        household(ward, "13900000013"),
    )
    reported(done, TODAY, "MORNING")
    reported(ill, TODAY, "MORNING", "SYMPTOMATIC")
    report_broken(by=ward.desk, at=at(7), id=uuid7(), order=gone.id)
    over = ward.in_place(at=at(8, TODAY - DAY), day0=TODAY - DAY, days=1)
    QuarantineOrder.objects.using("owner").filter(pk=over.pk).update(last_on=TODAY - DAY)
    ward.ordered(at=at(7))
    assert remind(ward.town.worker, at(8)) == 0
    assert remind(ward.town.worker, at(11)) == 0


def test_what_could_not_be_read_is_reminded_of(ward: Ward) -> None:  # noqa: F811
    (one,) = household(ward, "13900000011")
    reported(one, TODAY, "MORNING", "NOT_READ")
    assert remind(ward.town.worker, at(9)) == 1


def test_a_group_is_told_counts_once_a_round_and_nobody_by_name(ward: Ward) -> None:  # noqa: F811
    for division in ("210381101", "210323"):
        by = ward.town.headquarters
        with reach(by):
            add_robot(by=by, at=at(7), division=division, name="孤山防控群", webhook=WEBHOOK)
    one, _ = household(ward, "13900000011", "13900000012")
    reported(one, TODAY, "MORNING")
    remind(ward.town.worker, at(8))
    remind(ward.town.worker, at(9))
    (message,) = [found for found in told() if found.channel == "ROBOT"]
    assert message.plain is not None
    assert "应报 2 人，已报 1 人，还有 1 人未报，请在上午10点前提醒补报" in message.plain
    assert "欧阳" not in message.plain
    assert len(message.plain.encode()) < TEXT_BYTES


def test_thirty_places_have_a_mark_each() -> None:
    text = sms(list(range(1, 31)), "上午10点")
    marks = [mark for mark in text if "①" <= mark <= "⑳" or "㉑" <= mark <= "㉟"]
    assert (len(set(marks)), marks[0], marks[19], marks[20], marks[29]) == (30, "①", "⑳", "㉑", "㉚")


def test_the_worker_reads_all_of_it_and_a_desk_its_own(ward: Ward) -> None:  # noqa: F811
    household(ward, "13900000011")
    remind(ward.town.worker, at(8))
    with reach(ward.desk):
        assert Message.objects.count() == 1
    with reach(ward.town.stranger):
        assert Message.objects.count() == 0


def test_whoever_left_or_is_asked_no_more_is_not_written_to_for_the_others(ward: Ward) -> None:  # noqa: F811
    first, second, _ = household(ward, "13900000011", "13900000012", "13900000013")
    ill, _ = household(ward, "13900000021", "")
    lift(by=ward.desk, at=at(7), id=uuid7(), order=first.id, written=WHY)
    lift(by=ward.desk, at=at(7), id=uuid7(), order=ill.id, written=WHY)
    reported(second, TODAY, "MORNING")
    remind(ward.town.worker, at(8))
    sent = [text_of(one) for one in told() if one.channel == "SMS"]
    assert [number for number, _ in sent] == ["13900000013"], "who is due comes before who reported"
    assert "为③打卡" in sent[0][1]
    assert [one.channel for one in told()].count("CALL_LIST") == 1


def test_whoever_was_taken_elsewhere_does_not_hold_the_link_of_those_who_stayed(ward: Ward) -> None:  # noqa: F811
    first, second = household(ward, "13900000011", "13900000012")
    transfer(by=ward.desk, at=at(7), id=uuid7(), order=first.id, to=NEXT_COUNTY, written=WHY)
    put_in_place(by=ward.town.stranger, at=at(7.5), id=uuid7(), order=first.id)
    remind(ward.town.worker, at(8))
    (message,) = told()
    assert (text_of(message)[0], message.jurisdiction) == ("13900000012", second.jurisdiction)


def test_whoever_reported_is_written_to_for_those_who_have_no_mobile(ward: Ward) -> None:  # noqa: F811
    _, second = household(ward, "", "13900000012")
    reported(second, TODAY, "MORNING")
    remind(ward.town.worker, at(8))
    (message,) = told()
    assert text_of(message)[0] == "13900000012"


def test_what_waits_is_taken_back_when_nobody_of_the_household_is_due_any_more(ward: Ward) -> None:  # noqa: F811
    (done,), (gone,) = household(ward, "13900000011"), household(ward, "13900000012")
    half, _ = household(ward, "13900000013", "13900000014")
    (silent,) = household(ward, "13900000015")
    remind(ward.town.worker, at(8))
    reported(done, TODAY, "MORNING")
    reported(half, TODAY, "MORNING")
    lift(by=ward.desk, at=at(8.5), id=uuid7(), order=gone.id, written=WHY)
    reported(silent, TODAY, "MORNING", "NOT_READ")
    assert remind(ward.town.worker, at(9)) == 0
    states = {one.person_id: one.state for one in told()}
    assert states == {
        done.person_id: "OVERTAKEN", gone.person_id: "OVERTAKEN", half.person_id: "WAITING", silent.person_id: "WAITING",
    }  # fmt: skip


def test_what_is_told_says_until_when_and_a_groups_counts_say_as_of_when(ward: Ward) -> None:  # noqa: F811
    with reach(ward.town.headquarters) as by:
        add_robot(by=by, at=at(7), division="210381101", name="孤山防控群", webhook=WEBHOOK)
    household(ward, "13900000011")
    remind(ward.town.worker, at(8.25))
    assert {one.until_at for one in told()} == {at(10)}
    (counts,) = [one.plain for one in told() if one.channel == "ROBOT"]
    assert counts is not None
    assert "截至 08:15：应报 1 人" in counts
