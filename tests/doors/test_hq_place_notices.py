"""Notices of a place at the desk: written by one officer, approved by another, withdrawn by one; each role, and the stranger."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.kernel.days import day_of, start_of
from lianfang.kernel.divisions import as_integer
from lianfang.kernel.reach import Reach
from lianfang.notices.models import PlaceNotice
from lianfang.notices.queries import PAGE, in_force
from tests import factories
from tests.doors.desk import City, at_desk, text
from tests.factories import ANSHAN, HAICHENG
from tests.notices.written import DAY, told, written

LIST, WRITE = "/desk/place-notices", "/desk/place-notices/write"
TOWNSHIP = "210381101"


@pytest.fixture
def author(city: City) -> Reach:
    return factories.officer("COUNTY_DESK", HAICHENG, name="起草某")


@pytest.fixture
def second(city: City) -> Reach:
    return factories.officer("COUNTY_DESK", HAICHENG, name="批准某")


def form(now: datetime, **changes: str) -> dict[str, str]:
    first = day_of(now)
    filled = {
        "place": "孤山镇", "division": TOWNSHIP, "title": "孤山集市暂停", "body": "周边集市暂停。\n超市照常营业。",
        "title_en": "", "body_en": "", "since": first.isoformat(), "until": (first + 2 * DAY).isoformat(),
    }  # fmt: skip
    return filled | changes


def shown(client: Client, state: str = "IN_FORCE", **query: Any) -> str:
    return text(client.get(f"{LIST}?{urlencode({'state': state, **query})}"))


def act(client: Client, one: PlaceNotice, what: str, **given: str) -> Any:
    return client.post(f"{LIST}/{one.id}/{what}", given)


def test_written_by_one_approved_by_another_and_withdrawn(
    city: City, author: Reach, second: Reach, now: datetime
) -> None:
    one, other = at_desk(author), at_desk(second)
    answer = one.post(WRITE, form(now), follow=True)
    assert "等另一位值班员批准" in text(answer)
    notice = PlaceNotice.objects.using("owner").get()
    first = day_of(now)
    assert (notice.valid_from, notice.valid_until) == (start_of(first), start_of(first + 3 * DAY))
    assert "超市照常营业" in shown(one, "WAITING")
    assert f"{LIST}/{notice.id}/approve" not in shown(one, "WAITING")
    assert f"{LIST}/{notice.id}/approve" in shown(other, "WAITING")
    # He wrote it: his own tap does nothing.
    own = act(one, notice, "approve", state="WAITING")
    assert own.status_code == 403
    assert "不能自己批准" in text(own)
    assert act(other, notice, "approve").status_code == 302
    page = shown(one)
    assert "周边集市暂停。<br>超市照常营业。" in page
    assert "批准某 批准" in page
    nothing_said = act(one, notice, "withdraw", reason=" ", state="IN_FORCE")
    assert nothing_said.status_code == 400
    assert "请写明撤回的原因" in text(nothing_said)
    assert act(one, notice, "withdraw", reason="改期").status_code == 302
    assert "孤山集市暂停" not in shown(one)
    assert "起草某 撤回" in shown(one, "WITHDRAWN")
    again = act(other, notice, "withdraw", reason="改期")
    assert again.status_code == 409
    assert "请刷新后再看" in text(again)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"title": ""}, "这个字段是必填项"),
        ({"division": "", "place": "不知道的地方"}, "没有找到这个地名"),
        ({"division": "210323", "place": "岫岩"}, "不在您的管辖范围内"),
        ({"body": "请联系 139 0000 1234"}, "不能写身份证号和手机号"),
        ({"title_en": "Market"}, "要么都写，要么都不写"),
        ({"until": "2099-12-31"}, "通告最长 30 天"),
        ({"until": "9999-12-31"}, "这个日期太远了"),
        ({"since": "2020-02-01", "until": "2020-02-02"}, "结束日期已经过去"),
        ({"since": "2098-02-03", "until": "2098-02-01"}, "可能写反了"),
    ],
)
def test_what_cannot_be_told_to_everybody_is_said_on_the_form(
    author: Reach, now: datetime, changes: dict[str, str], told: str
) -> None:
    answer = at_desk(author).post(WRITE, form(now, **changes))
    assert answer.status_code == 400
    assert told in text(answer)
    assert not PlaceNotice.objects.using("owner").exists()


def test_the_form_offers_a_week_from_today(author: Reach, now: datetime) -> None:
    page = text(at_desk(author).get(WRITE))
    assert f'value="{day_of(now)}"' in page
    assert f'value="{day_of(now) + 6 * DAY}"' in page


def test_my_work_shows_it_to_whoever_may_be_the_second(
    city: City, author: Reach, second: Reach, now: datetime
) -> None:
    notice = written(author, TOWNSHIP, at=now)
    expected = [
        (at_desk(second), True), (city.township, True), (city.headquarters, True), (at_desk(author), False), (city.xiuyan, False),
    ]  # fmt: skip
    for client, waits in expected:
        assert ("等您批准的通告" in text(client.get("/desk"))) == waits
    act(city.township, notice, "approve")
    assert "等您批准的通告" not in text(at_desk(second).get("/desk"))


def test_a_township_reads_what_is_told_from_above_and_does_nothing_about_it(
    city: City, author: Reach, second: Reach, now: datetime
) -> None:
    notice = told(author, second, HAICHENG, "全县通告", at=now)
    page = shown(city.township)
    assert "全县通告" in page
    assert "上级正在通告的" in page
    assert str(notice.id) not in page
    assert act(city.township, notice, "withdraw", reason="不要").status_code == 404
    assert "上级正在通告的" not in shown(at_desk(author))
    assert "全县通告" not in shown(city.xiuyan)


def test_the_stranger_gets_the_same_answer_as_for_nothing(
    city: City, author: Reach, second: Reach, now: datetime
) -> None:
    draft, notice = written(author, TOWNSHIP, "草稿", at=now), told(author, second, HAICHENG, "正式", at=now)
    for one in (draft, notice):
        for what in ("approve", "withdraw"):
            assert act(city.xiuyan, one, what, reason="不要").status_code == 404
    for state in ("IN_FORCE", "WAITING", "TO_COME", "LAPSED", "WITHDRAWN"):
        page = shown(city.xiuyan, state)
        assert "草稿" not in page
        assert "正式" not in page
    assert [one.title for one in in_force(as_integer(HAICHENG), now)] == ["正式"]


@pytest.mark.parametrize(
    "role", ["CHECKPOINT_LEAD", "WALL", "ADMINISTRATOR", "SECURITY_ADMINISTRATOR", "AUDITOR"]
)
def test_other_roles_have_no_notices(author: Reach, now: datetime, role: str) -> None:
    client, draft = at_desk(factories.officer(role, HAICHENG)), written(author, HAICHENG, at=now)
    answers = [
        client.get(LIST),
        client.get(WRITE),
        client.post(WRITE, form(now)),
        act(client, draft, "approve"),
    ]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert LIST not in text(client.get("/desk/account"))


def test_a_text_is_shown_as_it_was_typed(author: Reach, second: Reach, now: datetime) -> None:
    told(author, second, HAICHENG, "<b>粗</b>{{ 7 }}", at=now)
    page = shown(at_desk(author))
    assert "&lt;b&gt;粗&lt;/b&gt;{{ 7 }}" in page
    assert "<b>粗" not in page


def test_a_long_list_goes_on_on_the_next_page(author: Reach, second: Reach, now: datetime) -> None:
    for n in range(PAGE + 1):
        written(author, HAICHENG, f"第{n:02}条", at=now)
    client = at_desk(second)
    first = shown(client, "WAITING")
    assert first.count("<strong>第") == PAGE
    last = PlaceNotice.objects.using("owner").order_by("-id")[PAGE - 1]
    assert f"state=WAITING&amp;before={last.id}" in first
    assert shown(client, "WAITING", before=last.id).count("<strong>第") == 1
    assert shown(client, "WAITING", before="nonsense").count("<strong>第") == PAGE


def test_a_list_of_three_asks_as_many_questions_as_one_of_one(
    city: City, author: Reach, second: Reach, now: datetime
) -> None:
    def questions(client: Client, address: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            text(client.get(address))
        return len(asked)

    client, pages = at_desk(second), (f"{LIST}?state=WAITING", LIST, "/desk")
    above = [factories.officer("HEADQUARTERS", ANSHAN) for _ in range(2)]

    def more(n: int) -> None:
        written(author, (TOWNSHIP, "210381101200", HAICHENG)[n], f"等{n}", at=now)
        told(author, second, HAICHENG, f"生效{n}", at=now)
        told(*above, ANSHAN, f"全市{n}", at=now)

    more(0)
    [questions(client, page) for page in pages]  # what is asked once by a process
    one = [questions(client, page) for page in pages]
    more(1)
    more(2)
    assert [questions(client, page) for page in pages] == one


def test_english_is_shown_beside_it(author: Reach, second: Reach, now: datetime) -> None:
    told(author, second, HAICHENG, "集市暂停", at=now, since=-timedelta(hours=1))
    assert "The market is closed; shops are open." in shown(at_desk(author))
