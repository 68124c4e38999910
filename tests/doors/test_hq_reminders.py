"""The desk's page of reminders: robots, what was sent today, what failed; a webhook is shown to nobody."""

from datetime import UTC, datetime
from typing import Any

import pytest

from lianfang.command.services import worker_session
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import span
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import reach
from lianfang.messages.models import Message, Robot
from lianfang.messages.rules import Channel
from lianfang.messages.services import MessageDraft, write_messages
from tests.doors.desk import City, city, text
from tests.noted import noted

__all__ = ["city"]

SECRET = "693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa"
GIVEN = {
    "division": "210381101",
    "name": "孤山镇防控群",
    "webhook": f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={SECRET}",
}
ADD = "/desk/reminders/robots/add"


def robot() -> Robot:
    return Robot.objects.using("owner").get()


def written(**changes: Any) -> None:
    given: dict[str, Any] = {
        "channel": Channel.CALL_LIST, "subject_kind": "QUARANTINE", "subject_id": uuid7(), "jurisdiction": span("210381101200")[0],
        "purpose": "CHECK_IN_DUE", "on_day": day_of(now()),
    }  # fmt: skip
    with reach(worker_session()) as worker:
        write_messages(by=worker, at=datetime.now(UTC), messages=[MessageDraft(**given | changes)])


def test_a_city_without_reminders_says_so(city: City) -> None:
    page = text(city.haicheng.get("/desk/reminders"))
    for sentence in ("今天还没有提醒", "还没有群机器人", "今天没有发不成的", "没有接入短信网关"):
        assert sentence in page


def test_every_desk_finds_it_in_its_menu(city: City) -> None:
    for desk in (city.headquarters, city.haicheng, city.township):
        assert 'href="/desk/reminders"' in text(desk.get("/desk/referrals"))
    assert city.screen.get("/desk/reminders").status_code == 403


def test_a_robot_is_added_tested_and_retired_and_its_webhook_is_never_shown(city: City) -> None:
    assert city.township.post(ADD, GIVEN)["Location"] == "/desk/reminders"
    pages = [text(city.township.get("/desk/reminders"))]
    assert "孤山镇防控群" in pages[0]
    assert city.township.post(f"/desk/reminders/robots/{robot().id}/test").status_code == 302
    pages.append(text(city.township.get("/desk/reminders")))
    assert "待发" in pages[1]
    assert "群里" in pages[1]
    (message,) = Message.objects.using("owner").all()
    assert (message.channel, message.purpose, message.robot_id) == ("ROBOT", "TEST", robot().id)
    assert city.haicheng.post(f"/desk/reminders/robots/{robot().id}/retire").status_code == 302
    pages.append(text(city.township.get("/desk/reminders")))
    assert "已停用" in pages[2]
    assert "/test" not in pages[2]
    assert SECRET not in "".join(pages) + repr(noted())


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"webhook": f"https://example.cn/send?key={SECRET}"}, "这不是企业微信群机器人"),
        ({"webhook": ""}, "这个字段"),
        ({"name": ""}, "这个字段"),
        ({"division": ""}, "没有找到这个地名"),
    ],
)
def test_what_is_wrong_is_said_beside_the_form_and_the_webhook_is_not_repeated(
    city: City, wrong: dict[str, str], said: str
) -> None:
    response = city.haicheng.post(ADD, GIVEN | wrong)
    assert response.status_code == 400
    page = text(response)
    assert said in page
    assert SECRET not in page
    assert not Robot.objects.using("owner").exists()


def test_the_next_county_neither_sees_nor_keeps_it(city: City) -> None:
    city.township.post(ADD, GIVEN)
    written()
    assert city.xiuyan.post(ADD, GIVEN).status_code == 403
    for act in ("test", "retire"):
        assert city.xiuyan.post(f"/desk/reminders/robots/{robot().id}/{act}").status_code == 404
    page = text(city.xiuyan.get("/desk/reminders"))
    assert "孤山镇防控群" not in page
    assert "今天还没有提醒" in page
    assert robot().retired_at is None


def test_what_failed_is_history_with_its_reason(city: City) -> None:
    written(channel=Channel.SMS, phone="不详", text="您今天上午还没有报告体温。")
    written()
    page = text(city.township.get("/desk/reminders"))
    assert "没有手机号 <span" in page
    assert "NO_MOBILE" in page
    assert "还没有报告体温" in page


def test_in_english_too(city: City) -> None:
    city.township.cookies["django_language"] = "en"
    page = text(city.township.get("/desk/reminders"))
    assert "Reminders" in page
    assert "No group robots yet" in page
