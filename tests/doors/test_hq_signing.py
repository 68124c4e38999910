"""In and out of the desk: the password, the session's cookie, what its officer is told, and the end of it."""

from datetime import UTC, datetime

import pytest
from django.db import connections
from django.test import Client

from lianfang.command.models import Officer, Posting
from lianfang.command.queries import session_reach
from lianfang.doors.guard import SECURE_SESSION_COOKIE, SESSION_COOKIE
from lianfang.kernel.audit import Act
from lianfang.machine.postgres import Database
from tests import factories
from tests.authenticator import PASSWORD, appointed
from tests.doors.desk import at_desk, text
from tests.noted import noted


@pytest.fixture
def officer(clean: Database) -> Officer:
    """Of a demo: the password is enough."""
    return appointed("haicheng")


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


def test_guessing_is_not_heard_for_a_while_and_says_for_how_long(officer: Officer) -> None:
    for _ in range(5):
        assert sign_in(Client(), password="wrong").status_code == 403
    response = sign_in(Client(REMOTE_ADDR="192.168.1.7"))
    assert response.status_code == 429
    assert 50 < int(response["Retry-After"]) <= 60
    assert f"请 {response['Retry-After']} 秒后再试" in text(response)
    assert SESSION_COOKIE not in response.cookies


def test_signing_out_ends_the_session_on_the_server(officer: Officer) -> None:
    client = Client()
    session = sign_in(client).cookies[SESSION_COOKIE].value
    assert client.post("/sign-out").status_code == 302
    thief = Client()
    thief.cookies[SESSION_COOKIE] = session
    assert thief.get("/desk").status_code == 302
    assert [entry.act for entry in noted()] == [Act.SIGNED_IN, Act.SIGNED_OUT]
    assert {entry.officer_id for entry in noted()} == {officer.id}
    assert {entry.place for entry in noted()} == {"127.0.0.1"}


def test_every_sign_in_has_a_session_id_of_its_own_and_ends_what_the_browser_held(officer: Officer) -> None:
    client = Client()
    client.cookies[SESSION_COOKIE] = "planted" * 9
    first = sign_in(client).cookies[SESSION_COOKIE].value
    assert first != "planted" * 9
    second = sign_in(client).cookies[SESSION_COOKIE].value
    assert session_reach(first) is None
    assert session_reach(second) is not None


def test_over_tls_no_page_in_the_clear_can_plant_the_session(officer: Officer) -> None:
    client = Client()
    response = client.post("/sign-in", {"name": "haicheng", "password": PASSWORD}, secure=True)
    cookie = response.cookies[SECURE_SESSION_COOKIE]
    assert (bool(cookie["secure"]), cookie["path"], cookie["domain"]) == (True, "/", "")
    assert client.get("/desk", secure=True).status_code == 200
    victim = Client()
    victim.cookies[SESSION_COOKIE] = cookie.value
    assert victim.get("/desk", secure=True).status_code == 302
    client.post("/sign-out", secure=True)
    assert session_reach(cookie.value) is None


def test_the_first_page_tells_once_what_is_recorded_and_the_last_sign_in(officer: Officer) -> None:
    first = Client(REMOTE_ADDR="192.168.1.5")
    sign_in(first)
    page = text(first.get("/desk"))
    assert "您在这里看过、办过的都会记下来" in page
    assert "不比较任何人的快慢" in page
    assert "这是您第一次登录" in page
    assert "都会记下来" not in text(first.get("/desk"))
    second = Client()
    sign_in(second)
    assert "来自 192.168.1.5" in text(second.get("/desk"))


def test_what_was_meant_for_one_officer_is_not_shown_to_the_next_at_the_same_machine(
    officer: Officer,
) -> None:
    appointed("xiuyan")
    client = Client(REMOTE_ADDR="192.168.1.5")
    sign_in(client)
    client.post("/sign-out")
    assert "192.168.1.5" not in text(client.get("/"))
    sign_in(client, name="xiuyan")
    assert "这是您第一次登录" in text(client.get("/desk"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("seen_at = now() - interval '31 minutes'", "离开太久，请重新登录"),
        ("expires_at = now() - interval '1 minute'", "登录已满 12 小时"),
        ("closed_at = now()", "这里的登录已被结束"),
    ],
)
def test_a_session_that_is_over_says_why_on_the_sign_in_page(
    officer: Officer, change: str, said: str
) -> None:
    client = Client()
    sign_in(client)
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"UPDATE officer_session SET {change}")
    away = client.get("/desk/devices")
    assert away["Location"] == "/sign-in?next=%2Fdesk%2Fdevices"
    assert said in text(client.get(away["Location"]))
    assert said not in text(Client().get(away["Location"]))


def test_an_ended_posting_ends_what_is_seen_at_once(officer: Officer) -> None:
    client = Client()
    sign_in(client)
    assert client.get("/desk").status_code == 200
    Posting.objects.filter(officer=officer).update(until_at=datetime.now(UTC))
    assert client.get("/desk").status_code == 403
    assert client.get("/desk/account").status_code == 200


def test_an_officer_who_left_is_nobody_at_once(officer: Officer) -> None:
    client = Client()
    sign_in(client)
    Officer.objects.exclude(sign_in_name="system:work").update(left_at=datetime.now(UTC))
    assert client.get("/desk/account").status_code == 302
    assert sign_in(Client()).status_code == 403


def test_a_form_from_another_site_is_refused(officer: Officer) -> None:
    response = sign_in(Client(enforce_csrf_checks=True))
    assert response.status_code == 403
    assert "页面放得太久" in text(response)


@pytest.mark.parametrize(
    ("role", "lands"),
    [
        ("HEADQUARTERS", "/desk"),
        ("CHECKPOINT_LEAD", "/desk/checkpoints"),
        ("WALL", "/wall"),
        ("ADMINISTRATOR", "/desk/officers"),
        ("SECURITY_ADMINISTRATOR", "/desk/postings"),
        ("AUDITOR", "/desk/audit"),
    ],
)
def test_each_role_lands_where_its_work_is(clean: Database, role: str, lands: str) -> None:
    assert at_desk(factories.officer(role, factories.HAICHENG)).get("/")["Location"] == lands


def test_whoever_holds_no_role_is_greeted_once_and_told_who_grants_one(officer: Officer) -> None:
    Posting.objects.exclude(role="WORKER").update(until_at=datetime.now(UTC))
    client = Client()
    sign_in(client)
    page = text(client.get("/"))
    assert "现在没有岗位" in page
    assert "都会记下来" in page
    assert "都会记下来" not in text(client.get("/"))


def test_the_language_is_kept_in_a_cookie(officer: Officer) -> None:
    client = Client()
    assert "登录" in text(client.get("/sign-in"))
    client.post("/language", {"language": "en", "next": "/sign-in"})
    assert "Sign in" in text(client.get("/sign-in"))
