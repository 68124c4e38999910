"""The lists of hand-over: whom each desk sees, by which clock, and nothing of them in an address."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from lianfang.command.roles import ROLES
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.days import SHANGHAI
from lianfang.referrals.models import Referral
from tests import factories
from tests.doors.desk import at_desk, text
from tests.doors.handed import (
    BEYOND,
    NEXT_COUNTY,
    OTHER_VILLAGE,
    VILLAGE,
    Handed,
    act,
    address_of,
    counts,
    handed,  # noqa: F401 -- a fixture
)
from tests.factories import HAICHENG

PAGE = "/desk/referrals"
HOUR = timedelta(hours=1)
SEES = {"HEADQUARTERS", "COUNTY_DESK", "TOWNSHIP_DESK"}


def change(one: Referral, **columns: Any) -> None:
    Referral.objects.using("owner").filter(pk=one.pk).update(**columns)


def test_whoever_comes_is_listed_masked_with_what_the_desk_needs(handed: Handed) -> None:  # noqa: F811
    one = handed.one(name="欧阳小明", phone="13900001234")
    page = text(handed.city.township.get(PAGE))
    for word in ("欧阳**", "隔离观察", "GATE卡口", "大孤山村", "不能等", "没有责任人", address_of(one)):
        assert word in page, word
    for secret in ("小明", "13900001234", "东区", "3号楼"):
        assert secret not in page
    assert counts(page)["UNACCEPTED"] == "1"
    (entry,) = AuditEntry.objects.using("owner").filter(act="LIST_READ")
    assert (entry.details["page"], entry.details["list"], entry.count) == ("referrals", "UNACCEPTED", 1)


@pytest.mark.parametrize(("role", "clock"), [("TOWNSHIP_DESK", 0), ("COUNTY_DESK", 1), ("HEADQUARTERS", 2)])
def test_each_level_works_by_its_own_clock(handed: Handed, role: str, clock: int) -> None:  # noqa: F811
    place = {"TOWNSHIP_DESK": "210381101", "COUNTY_DESK": HAICHENG, "HEADQUARTERS": factories.ANSHAN}[role]
    client, now = at_desk(factories.officer(role, place)), datetime.now(UTC)
    one = handed.one()
    due = ["due_at", "county_due_at", "city_due_at"]
    change(one, **{name: now + HOUR for name in due})
    assert "这份名单上没有人" in text(client.get(f"{PAGE}?list=LATE"))
    change(one, **{name: now - HOUR for name in due[: clock + 1]})
    page = text(client.get(f"{PAGE}?list=LATE"))
    assert address_of(one) in page
    assert counts(page)["LATE"] == "1"
    if clock:
        change(one, **{due[clock]: now + HOUR})
        assert address_of(one) not in text(client.get(f"{PAGE}?list=LATE"))


def test_every_count_opens_to_its_list(handed: Handed) -> None:  # noqa: F811
    states = ["SENT", "ACCEPTED", "NOT_HERE", "NOT_HERE", "WRONG_ADDRESS", "ARRIVED", "MOVED_ON", "WITHDRAWN"]
    for one, state in zip(handed.over(len(states)), states, strict=True):
        change(one, state=state)
    page = text(handed.city.haicheng.get(PAGE))
    told = counts(page)
    assert (told["NOT_HERE"], told["ACCEPTED"], told["ARRIVED"], told["MOVED_ON"]) == ("2", "1", "1", "1")
    assert "/ 5 人" in page
    for name, people in told.items():
        listed = text(handed.city.haicheng.get(f"{PAGE}?list={name}"))
        assert listed.count("data-row href") == int(people), name


def test_at_night_whoever_must_not_wait_is_called_for_once(handed: Handed, settings: Any) -> None:  # noqa: F811
    one = handed.one()
    tonight = datetime.now(SHANGHAI).replace(hour=2, minute=10)
    settings.SCENARIO = tonight - datetime.now(SHANGHAI)
    change(one, sent_at=tonight - HOUR, due_at=tonight + HOUR)
    township = handed.city.township
    assert counts(text(township.get(PAGE)))["CALL"] == "1"
    page = text(township.get(f"{PAGE}?list=CALL"))
    assert address_of(one) in page
    assert "今夜要打电话催办" in text(township.get("/desk"))
    assert act(township, one, "answer", kind="CALLED").status_code == 302
    assert address_of(one) not in text(township.get(f"{PAGE}?list=CALL"))
    assert "已电话催办" in text(township.get(PAGE))
    settings.SCENARIO += timedelta(hours=8)
    assert "CALL" not in counts(text(township.get(PAGE)))


def test_by_day_nobody_is_called(handed: Handed, settings: Any) -> None:  # noqa: F811
    one = handed.one()
    settings.SCENARIO = datetime.now(SHANGHAI).replace(hour=10, minute=0) - datetime.now(SHANGHAI)
    assert address_of(one) not in text(handed.city.township.get(f"{PAGE}?list=CALL"))


class TestTheSendersSide:
    def test_who_left_for_elsewhere_shows_until_he_is_taken_over(self, handed: Handed) -> None:  # noqa: F811
        one, here = handed.one(destination=NEXT_COUNTY), handed.one()
        page = text(handed.city.haicheng.get(f"{PAGE}?sent=1&list=UNACCEPTED"))
        assert address_of(one) in page
        assert address_of(here) not in page
        assert address_of(one) in text(handed.city.xiuyan.get(PAGE))
        act(handed.city.xiuyan, one, "answer", kind="ACCEPTED")
        assert address_of(one) not in text(handed.city.haicheng.get(f"{PAGE}?sent=1&list=UNACCEPTED"))
        assert address_of(one) in text(handed.city.haicheng.get(f"{PAGE}?sent=1&list=ACCEPTED"))

    def test_who_is_headed_beyond_the_city_waits_for_others(self, handed: Handed) -> None:  # noqa: F811
        one = handed.one(destination=BEYOND)
        for client in (handed.city.haicheng, handed.city.headquarters):
            page = text(client.get(f"{PAGE}?sent=1"))
            assert address_of(one) in page
            assert "沈阳市沈河区" in page
            assert "外地" in page
        assert "等外地接收，要发协查函" in text(handed.city.haicheng.get("/desk"))
        assert address_of(one) not in text(handed.city.xiuyan.get(f"{PAGE}?sent=1"))


class TestTheAddress:
    def test_a_division_narrows_the_list_and_its_counts(self, handed: Handed) -> None:  # noqa: F811
        here, there = handed.one(), handed.one(destination=OTHER_VILLAGE)
        page = text(handed.city.township.get(f"{PAGE}?division={VILLAGE}"))
        assert (address_of(here) in page, address_of(there) in page) == (True, False)
        assert counts(page)["UNACCEPTED"] == "1"
        assert "小孤山村" in text(handed.city.township.get(PAGE))

    @pytest.mark.parametrize(
        "asked",
        [
            "list=NOTHING", "list=SENT", "division=x", "division=99", "after=x", "after=nan_0", "after=1e999_x", "days=0",
            "after=99999999999_01a20000-0000-7000-8000-000000000001", "days=²", "sent=2", "list=OUTSIDE", "list=", "after=",
            "after=9999999999.123456_01a20000-0000-7000-8000-000000000001", "division=210381101200&sent=1&list=ARRIVED&days=14",
        ],
    )  # fmt: skip
    def test_what_cannot_be_read_is_not_asked_for(self, handed: Handed, asked: str) -> None:  # noqa: F811
        assert handed.city.haicheng.get(f"{PAGE}?{asked}").status_code == 200

    @pytest.mark.parametrize("which", ["UNACCEPTED", "ARRIVED"])
    def test_pages_follow_each_other_and_lose_nobody(
        self, handed: Handed, which: str, monkeypatch: Any  # noqa: F811
    ) -> None:  # fmt: skip
        monkeypatch.setattr("lianfang.referrals.queries.PAGE", 2)
        people = handed.over(5)
        Referral.objects.using("owner").update(state="SENT" if which == "UNACCEPTED" else which)
        seen, address = [], f"{PAGE}?list={which}"
        for _ in range(3):
            page = text(handed.city.haicheng.get(address))
            seen += [one for one in people if address_of(one) in page]
            found = page.partition('rel="next" href="')[2].partition('"')[0]
            address = PAGE + found.replace("&amp;", "&")
        assert found == ""
        assert sorted(one.id for one in seen) == sorted(one.id for one in people)

    def test_those_who_are_settled_are_listed_as_far_back_as_is_asked(self, handed: Handed) -> None:  # noqa: F811
        one = handed.one()
        change(one, state="ARRIVED", sent_at=datetime.now(UTC) - timedelta(days=2))
        assert address_of(one) not in text(handed.city.haicheng.get(f"{PAGE}?list=ARRIVED"))
        page = text(handed.city.haicheng.get(f"{PAGE}?list=ARRIVED&days=3"))
        assert address_of(one) in page
        assert counts(page)["ARRIVED"] == "1"


def test_who_answers_there_stands_with_a_telephone(handed: Handed) -> None:  # noqa: F811
    from lianfang.command.models import ResponsiblePerson  # noqa: PLC0415

    handed.one()
    responsible("210381101", "13800000000")
    assert ResponsiblePerson.objects.count() == 1
    page = text(handed.city.township.get(PAGE))
    assert "赵镇长" in page
    assert 'href="tel:13800000000"' in page
    assert "本级空缺" in page


def responsible(division: str, phone: str) -> None:
    from lianfang.command.models import ResponsiblePerson  # noqa: PLC0415
    from lianfang.kernel.divisions import span  # noqa: PLC0415

    lo, hi = span(division)
    at = datetime.now(UTC) - timedelta(days=3)
    by = factories.officer(name="指派人").officer_id
    ResponsiblePerson.objects.create(
        division=division, lo=lo, hi=hi, kind="PRINCIPAL", name="赵镇长", phone=phone, from_at=at, assigned_by=by,
        acknowledged_at=at, acknowledged_by=by,
    )  # fmt: skip


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"WORKER"}))
def test_each_role_reads_or_is_told_that_it_may_not(handed: Handed, role: str) -> None:  # noqa: F811
    one = handed.one()
    client = at_desk(factories.officer(role, HAICHENG))
    for address in (
        PAGE,
        address_of(one),
        f"{PAGE}/day",
        f"{PAGE}/sheet",
        f"{PAGE}/sheet/type-in",
        "/desk/waiting",
    ):
        assert client.get(address).status_code == (200 if role in SEES else 403), address


def test_whoever_is_signed_out_signs_in_first(handed: Handed) -> None:  # noqa: F811
    one = handed.one()
    assert Client().get(PAGE).status_code == 302
    assert act(Client(), one, "answer", kind="ACCEPTED").status_code == 302
    assert Referral.objects.using("owner").get().state == "SENT"


def test_the_next_county_and_the_next_township_see_nothing(handed: Handed) -> None:  # noqa: F811
    one = handed.one(name="张三丰")
    next_township = at_desk(factories.officer("TOWNSHIP_DESK", "210381102"))
    for client in (handed.city.xiuyan, next_township):
        for address in (
            PAGE,
            f"{PAGE}?sent=1",
            f"{PAGE}?division={VILLAGE}",
            f"{PAGE}/sheet?division={VILLAGE}",
            "/desk/waiting",
        ):
            page = text(client.get(address))
            assert "张**" not in page
            assert str(one.id) not in page
        assert client.get(f"{PAGE}/day?division={VILLAGE}").status_code == 404
        assert client.get(address_of(one)).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        PAGE,
        f"{PAGE}?sent=1&list=UNACCEPTED",
        f"{PAGE}/day",
        f"{PAGE}/sheet?division=210381101",
        "/desk/waiting",
        "/desk",
    ],
)
def test_three_rows_ask_as_often_as_one(
    handed: Handed, address: str, django_assert_max_num_queries: Any  # noqa: F811
) -> None:  # fmt: skip
    asked = []
    hot = [{"celsius": 38.5, "site": "FOREHEAD", "state": "READ"}]
    for more in (1, 2):
        handed.over(more, temperatures=hot)
        handed.over(more, destination=NEXT_COUNTY)
        handed.city.haicheng.get(address)
        with django_assert_max_num_queries(100) as counted:
            assert handed.city.haicheng.get(address).status_code == 200
        asked.append(len(counted))
    assert asked[0] == asked[1]


def test_my_work_and_the_passage_say_how_it_stands(handed: Handed) -> None:  # noqa: F811
    assert "移交都已落实" in text(handed.city.township.get("/desk"))
    one = handed.one(temperatures=[{"celsius": 38.5, "site": "FOREHEAD", "state": "READ"}])
    page = text(handed.city.haicheng.get("/desk"))
    for word in ("逾期没有接收", "待接收", "等发热门诊、督查"):
        assert word in page
    passage = text(handed.city.haicheng.get(f"/desk/passages/{one.passage_id}"))
    assert address_of(one) in passage.partition('data-testid="handed-over"')[2]
    act(handed.city.township, one, "answer", kind="ARRIVED")
    passage = text(handed.city.haicheng.get(f"/desk/passages/{one.passage_id}"))
    assert "已到" in passage.partition('data-testid="handed-over"')[2][:200]
