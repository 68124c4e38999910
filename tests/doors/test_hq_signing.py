"""In and out of the desk, and the first administrator."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from lianfang.command import services
from lianfang.command.models import Officer, Posting
from lianfang.doors.guard import SESSION_COOKIE
from lianfang.doors.guesses import PER_MINUTE
from lianfang.machine.postgres import Database
from tests.doors.desk import City, make_places, text
from tests.factories import HAICHENG

PASSWORD = "a long enough password"


@pytest.fixture
def officer(clean: Database) -> Officer:
    at = datetime.now(UTC) - timedelta(seconds=1)
    made = services.appoint(sign_in_name="haicheng", name="值班员", password=PASSWORD, at=at)
    services.post(officer=made, role="COUNTY_DESK", division=HAICHENG, at=at)
    return made


def sign_in(client: Client, *, name: str = "haicheng", password: str = PASSWORD, **more: str):
    return client.post("/sign-in", {"name": name, "password": password, **more})


def test_an_officer_signs_in_and_lands_at_the_desk(officer: Officer) -> None:
    client = Client()
    response = sign_in(client)
    cookie = response.cookies[SESSION_COOKIE]
    assert (response.status_code, response["Location"]) == (302, "/")
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert client.get("/")["Location"] == "/desk"
    assert "我的工作" in text(client.get("/desk"))


def test_the_sign_in_leads_back_to_the_page_that_asked_for_it(officer: Officer) -> None:
    client = Client()
    assert "/desk/devices" in text(client.get("/sign-in?next=/desk/devices"))
    assert sign_in(client, next="/desk/devices")["Location"] == "/desk/devices"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_sign_in_leads_to_no_other_site(officer: Officer, elsewhere: str) -> None:
    assert sign_in(Client(), next=elsewhere)["Location"] == "/"


@pytest.mark.parametrize(("name", "password"), [("haicheng", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_name_and_a_wrong_password_are_answered_alike(
    officer: Officer, name: str, password: str
) -> None:
    response = sign_in(Client(), name=name, password=password)
    assert response.status_code in (400, 403)
    assert SESSION_COOKIE not in response.cookies
    page = text(response)
    assert PASSWORD not in page
    assert "用户名或密码不对" in page or "必填" in page


def test_guessing_is_not_heard_for_a_while(officer: Officer) -> None:
    for _ in range(PER_MINUTE):
        assert sign_in(Client(), password="wrong").status_code == 403
    response = sign_in(Client())
    assert response.status_code == 429
    assert "请一分钟后再试" in text(response)
    assert sign_in(Client(REMOTE_ADDR="192.168.1.7")).status_code == 302


def test_signing_out_ends_the_session_on_the_server(officer: Officer) -> None:
    client = Client()
    session = sign_in(client).cookies[SESSION_COOKIE].value
    assert client.post("/sign-out").status_code == 302
    thief = Client()
    thief.cookies[SESSION_COOKIE] = session
    assert thief.get("/desk").status_code == 302


def test_a_form_from_another_site_is_refused(officer: Officer) -> None:
    response = sign_in(Client(enforce_csrf_checks=True))
    assert response.status_code == 403
    assert "页面放得太久" in text(response)


@pytest.mark.parametrize(("desk", "lands"), [("headquarters", "/desk"), ("screen", "/wall")])
def test_each_role_lands_where_its_work_is(city: City, desk: str, lands: str) -> None:
    assert getattr(city, desk).get("/")["Location"] == lands


def test_an_administrator_without_other_roles_reads_where_accounts_are_managed(city: City) -> None:
    assert "账号在服务器上用 lianfang 命令管理" in text(city.administrator.get("/"))


def test_the_language_is_kept_in_a_cookie(officer: Officer) -> None:
    client = Client()
    assert "登录" in text(client.get("/sign-in"))
    client.post("/language", {"language": "en", "next": "/sign-in"})
    assert "Sign in" in text(client.get("/sign-in"))


class TestSetUp:
    given = {
        "sign_in_name": "first",
        "name": "王主任",
        "password": PASSWORD,
        "again": PASSWORD,
        "place": "海城",
        "division": HAICHENG,
    }

    @pytest.fixture(autouse=True)
    def link(self, clean: Database) -> str:
        make_places()
        return services.make_set_up_link(at=datetime.now(UTC) - timedelta(seconds=1))

    def test_the_first_administrator_sets_up_and_is_signed_in(self, link: str) -> None:
        client = Client()
        assert "首次设置" in text(client.get(f"/set-up/{link}"))
        assert client.post(f"/set-up/{link}", self.given)["Location"] == "/"
        assert "我的工作" in text(client.get("/desk"))
        roles = set(Posting.objects.filter(division=HAICHENG).values_list("role", flat=True))
        assert roles == {"ADMINISTRATOR", "HEADQUARTERS"}

    def test_a_place_that_only_one_division_answers_to_needs_no_click(self, link: str) -> None:
        given = self.given | {"place": "海城市", "division": ""}
        assert Client().post(f"/set-up/{link}", given).status_code == 302

    def test_a_place_that_several_answer_to_is_asked_back(self, link: str) -> None:
        response = Client().post(f"/set-up/{link}", self.given | {"place": "孤山", "division": ""})
        page = text(response)
        assert response.status_code == 400
        assert "请在找到的地名里选一个" in page
        assert page.count('type="radio" name="division"') == 3

    def test_the_link_works_once(self, link: str) -> None:
        Client().post(f"/set-up/{link}", self.given)
        response = Client().post(f"/set-up/{link}", self.given | {"sign_in_name": "second"})
        assert "设置链接无效、已用过或已过期" in text(response)
        assert not Officer.objects.filter(sign_in_name="second").exists()

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"again": "another password"}, "两次输入的密码不一样"),
            ({"password": "short", "again": "short"}, "密码至少 10 位"),
            ({"place": "亚特兰蒂斯", "division": ""}, "没有找到这个地名"),
            ({"division": "999999"}, "请在找到的地名里选一个"),
            ({"name": ""}, "必填"),
        ],
    )
    def test_what_is_missing_is_said_at_its_field(self, link: str, change: dict, said: str) -> None:
        given = self.given | change
        if change.get("division") == "999999":
            given["place"] = "孤山"
        assert said in text(Client().post(f"/set-up/{link}", given))
        assert not Officer.objects.filter(sign_in_name="first").exists()
