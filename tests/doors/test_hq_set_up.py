"""The first four officers of an empty platform: one signs up, three are sent a link each."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from lianfang.command import services
from lianfang.command.models import ActivationLink, Officer, Posting
from lianfang.doors.guard import SESSION_COOKIE
from lianfang.machine.postgres import Database
from tests.authenticator import PASSWORD
from tests.doors.desk import make_places, text
from tests.factories import HAICHENG

GIVEN = {
    "sign_in_name": "first",
    "name": "王主任",
    "password": PASSWORD,
    "again": PASSWORD,
    "place": "海城",
    "division": HAICHENG,
}


@pytest.fixture(autouse=True)
def link(clean: Database) -> str:
    make_places()
    return services.make_set_up_link(at=datetime.now(UTC) - timedelta(seconds=1))


def test_the_first_administrator_manages_accounts_and_nothing_else(link: str) -> None:
    client = Client()
    assert "首次设置" in text(client.get(f"/set-up/{link}"))
    response = client.post(f"/set-up/{link}", GIVEN)
    assert response.status_code == 200
    assert SESSION_COOKIE not in response.cookies, "there is no session before the second factor"
    roles = dict(Posting.objects.filter(division=HAICHENG).values_list("officer__sign_in_name", "role"))
    assert roles == {
        "first": "ADMINISTRATOR",
        "anquan": "SECURITY_ADMINISTRATOR",
        "shenji": "AUDITOR",
        "zhihuibu": "HEADQUARTERS",
    }
    assert "设置验证码" in text(client.get("/sign-in/second-factor"))


def test_the_three_others_begin_with_a_link_that_is_shown_once(link: str) -> None:
    page = text(Client().post(f"/set-up/{link}", GIVEN | {"auditor": "赵审计"}))
    links = re.findall(r"https://[^<\s]+/activate/activate_[\w-]+", page)
    assert len(set(links)) == ActivationLink.objects.count() == 3
    assert Officer.objects.get(sign_in_name="shenji").name == "赵审计"
    assert Officer.objects.get(sign_in_name="anquan").name == "安全管理员"
    shown = [text(Client().get("/" + link.split("/", 3)[3])) for link in links]
    assert ["anquan" in shown[0], "shenji" in shown[1], "zhihuibu" in shown[2]] == [True] * 3
    assert Officer.objects.exclude(sign_in_name="system:work").filter(second_factor=False).count() == 0


@pytest.mark.parametrize("name", ["anquan", " shenji "])
def test_a_name_of_the_three_others_is_not_the_administrators(link: str, name: str) -> None:
    response = Client().post(f"/set-up/{link}", GIVEN | {"sign_in_name": name})
    assert response.status_code == 409
    assert "留给另外三个账号" in text(response)
    assert Client().post(f"/set-up/{link}", GIVEN).status_code == 200


def test_a_place_that_only_one_division_answers_to_needs_no_click(link: str) -> None:
    given = GIVEN | {"place": "海城市", "division": ""}
    assert Client().post(f"/set-up/{link}", given).status_code == 200


def test_a_place_that_several_answer_to_is_asked_back(link: str) -> None:
    response = Client().post(f"/set-up/{link}", GIVEN | {"place": "孤山", "division": ""})
    page = text(response)
    assert response.status_code == 400
    assert "请在找到的地名里选一个" in page
    assert page.count('type="radio" name="division"') == 3


def test_the_link_works_once(link: str) -> None:
    Client().post(f"/set-up/{link}", GIVEN)
    response = Client().post(f"/set-up/{link}", GIVEN | {"sign_in_name": "second"})
    assert "设置链接无效、已用过或已过期" in text(response)
    assert not Officer.objects.filter(sign_in_name="second").exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"again": "another password"}, "两次输入的密码不一样"),
        ({"password": "short", "again": "short"}, "密码至少 10 位"),
        ({"password": "onlysmallletters", "again": "onlysmallletters"}, "至少用两种字符"),
        (
            {"sign_in_name": "first-officer", "password": "First-Officer", "again": "First-Officer"},
            "不能和用户名一样",
        ),
        ({"place": "亚特兰蒂斯", "division": ""}, "没有找到这个地名"),
        ({"division": "999999"}, "请在找到的地名里选一个"),
        ({"name": ""}, "必填"),
    ],
)
def test_what_is_missing_is_said_at_its_field(link: str, change: dict, said: str) -> None:
    given = GIVEN | change
    if change.get("division") == "999999":
        given["place"] = "孤山"
    assert said in text(Client().post(f"/set-up/{link}", given))
    assert not Officer.objects.filter(sign_in_name__startswith="first").exists()
