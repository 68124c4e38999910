"""An officer's own account: open sessions and an end to them, a new password, a new phone, new recovery codes."""

import re
from datetime import UTC, datetime

import pyotp
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.command.models import Officer
from lianfang.command.queries import session_reach
from lianfang.command.roles import ROLES
from lianfang.command.services import Origin, sign_in_without_code
from lianfang.doors.guard import SESSION_COOKIE
from lianfang.doors.hq.browsers import in_words
from lianfang.kernel.audit import Act
from lianfang.machine.postgres import Database
from tests import factories
from tests.authenticator import PASSWORD, Authenticator, appointed, with_authenticator
from tests.doors.desk import at_desk, text
from tests.noted import noted

CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/87.0 Safari/537.36"
WECHAT = (
    "Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36 Chrome/78.0 Mobile Safari/537.36 MicroMessenger/7.0"
)
NEW = {"password": "another good password", "again": "another good password"}


def signed_in(officer: Officer, *, place: str = "192.168.1.5", agent: str = CHROME) -> Client:
    client = Client()
    client.cookies[SESSION_COOKIE] = sign_in_without_code(officer=officer, origin=Origin(place, agent))
    return client


def is_in(client: Client) -> bool:
    return client.get("/desk/account").status_code == 200


@pytest.fixture
def officer(clean: Database) -> Officer:
    return appointed("haicheng")


def test_the_list_shows_where_one_is_signed_in_and_marks_this_one(officer: Officer) -> None:
    here = signed_in(officer)
    signed_in(officer, place="10.0.0.8", agent=WECHAT)
    signed_in(appointed("xiuyan"), place="172.16.9.9")
    page = text(here.get("/desk/account"))
    assert "Chrome · Windows" in page
    assert "WeChat · Android" in page
    assert re.search(r"192\.168\.1\.5 <span[^>]*>本机", page)
    assert "172.16.9.9" not in page
    assert CHROME not in page


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (CHROME, "Chrome · Windows"),
        (WECHAT, "WeChat · Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 14_0 like Mac OS X) Version/14.0 Safari/604.1",
            "Safari · iPhone",
        ),
        ("curl/7.88", ""),
        ("", ""),
        ("<script>alert(1)</script>", ""),
    ],
)
def test_a_browser_is_said_in_words_and_never_as_it_calls_itself(agent: str, words: str) -> None:
    assert in_words(agent) == words


def test_ending_one_session_makes_it_nobodys_at_once(officer: Officer) -> None:
    here, there, third = (
        signed_in(officer),
        signed_in(officer, place="10.0.0.8"),
        signed_in(officer, place="10.0.0.9"),
    )
    rows = text(here.get("/desk/account")).split("<tr>")
    row = next(row for row in rows if "10.0.0.8" in row)
    ref = re.search(r'name="ref" value="(\w+)"', row)
    assert ref
    page = text(here.post("/desk/account/sessions/revoke", {"ref": ref[1]}, follow=True))
    assert "已结束 1 处登录" in page
    assert [is_in(client) for client in (here, there, third)] == [True, False, True]
    assert "已被结束" in text(there.get("/sign-in"))
    (entry,) = noted(Act.SESSION_REVOKED)
    assert (entry.officer_id, entry.count) == (officer.id, 1)


def test_ending_all_others_keeps_this_one(officer: Officer) -> None:
    here, others = signed_in(officer), [signed_in(officer) for _ in range(3)]
    here.post("/desk/account/sessions/revoke")
    assert [is_in(client) for client in (here, *others)] == [True, False, False, False]


def test_nobody_ends_the_session_of_another_officer(officer: Officer) -> None:
    stranger = signed_in(appointed("xiuyan"), place="172.16.9.9")
    here = signed_in(officer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT ref FROM lianfang_sessions(%s)", [stranger.cookies[SESSION_COOKIE].value])
        theirs = cursor.fetchone()[0]
    here.post("/desk/account/sessions/revoke", {"ref": theirs})
    here.post("/desk/account/sessions/revoke")
    assert is_in(stranger)


def test_the_reference_in_the_list_opens_nothing(officer: Officer) -> None:
    here = signed_in(officer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT ref FROM lianfang_sessions(%s)", [here.cookies[SESSION_COOKIE].value])
        ref = cursor.fetchone()[0]
    assert len(ref) == 16
    assert session_reach(ref) is None


def test_a_form_from_another_site_ends_no_session_and_changes_no_password(officer: Officer) -> None:
    here, there = Client(enforce_csrf_checks=True), signed_in(officer)
    here.cookies[SESSION_COOKIE] = signed_in(officer).cookies[SESSION_COOKIE].value
    assert here.post("/desk/account/sessions/revoke").status_code == 403
    assert here.post("/desk/account/password", {"present": PASSWORD, **NEW}).status_code == 403
    assert is_in(there)


def test_one_and_three_sessions_are_asked_for_alike(officer: Officer) -> None:
    here = signed_in(officer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            text(here.get("/desk/account"))
        return len(asked)

    once = queries()
    signed_in(officer)
    signed_in(officer)
    assert queries() == once


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"WORKER"}))
def test_every_role_has_an_account_page(clean: Database, role: str) -> None:
    client = at_desk(factories.officer(role, factories.HAICHENG))
    for page in ("", "/password", "/second-factor", "/recovery-codes"):
        assert "我的账号" in text(client.get(f"/desk/account{page}"))


def test_a_token_for_scripts_reads_no_account(officer: Officer) -> None:
    token = factories.session_of(officer, kind="TOKEN").session
    response = Client(headers={"Authorization": f"Bearer {token}"}).get("/desk/account")
    assert response.status_code == 302


class TestPassword:
    def test_a_new_password_closes_the_other_sessions(self, officer: Officer) -> None:
        here, there = signed_in(officer), signed_in(officer)
        response = here.post("/desk/account/password", {"present": PASSWORD, **NEW}, follow=True)
        assert "密码已改。另有 1 处登录已结束" in text(response)
        assert (is_in(here), is_in(there)) == (True, False)
        assert Client().post("/sign-in", {"name": "haicheng", "password": PASSWORD}).status_code == 403
        assert Client().post("/sign-in", {"name": "haicheng", "password": NEW["password"]}).status_code == 302
        assert len(noted(Act.PASSWORD_CHANGED)) == 1

    @pytest.mark.parametrize(
        ("change", "status", "said"),
        [
            ({"present": "wrong"}, 403, "现在的密码或验证码不对"),
            ({"again": "something else 1"}, 400, "两次输入的密码不一样"),
            ({"password": "short", "again": "short"}, 400, "密码至少 10 位"),
            ({"password": PASSWORD, "again": PASSWORD}, 400, "新密码和旧密码一样"),
        ],
    )
    def test_what_will_not_do_changes_nothing(
        self, officer: Officer, change: dict, status: int, said: str
    ) -> None:
        here, there = signed_in(officer), signed_in(officer)
        response = here.post("/desk/account/password", {"present": PASSWORD, **NEW, **change})
        assert response.status_code == status
        assert said in text(response)
        assert PASSWORD not in text(response)
        assert is_in(there)

    def test_guessing_the_old_one_at_an_unlocked_desk_locks_as_at_the_door(self, officer: Officer) -> None:
        here = signed_in(officer)
        answers = [
            here.post("/desk/account/password", {"present": f"guess {n}", **NEW}).status_code
            for n in range(6)
        ]
        assert answers == [403] * 5 + [429]
        assert Client().post("/sign-in", {"name": "haicheng", "password": PASSWORD}).status_code == 429


class TestWithAPhone:
    @pytest.fixture
    def phone(self, clean: Database) -> Authenticator:
        return with_authenticator("haicheng")

    @pytest.fixture
    def here(self, phone: Authenticator) -> Client:
        return at_desk(factories.session_of(phone.officer))

    def test_a_new_password_asks_for_a_code_too(self, phone: Authenticator, here: Client) -> None:
        assert here.post("/desk/account/password", {"present": PASSWORD, **NEW}).status_code == 400
        wrong = {"present": PASSWORD, "proof_code": "000000", **NEW}
        assert here.post("/desk/account/password", wrong).status_code == 403
        right = {"present": PASSWORD, "proof_code": phone.fresh(), **NEW}
        assert here.post("/desk/account/password", right).status_code == 302

    def test_a_new_phone_needs_the_old_ones_code_and_voids_it(
        self, phone: Authenticator, here: Client
    ) -> None:
        there = at_desk(factories.session_of(phone.officer))
        page = text(here.get("/desk/account/second-factor"))
        secret = re.search(r'data-testid="factor-secret">([A-Z2-7 ]+)<', page)
        signed = re.search(r'name="secret" value="([^"]+)"', page)
        assert secret
        assert signed
        code = pyotp.TOTP(secret[1].replace(" ", "")).at(datetime.now(UTC))
        given = {"secret": signed[1], "code": code, "present": PASSWORD}
        assert here.post("/desk/account/second-factor", given | {"proof_code": code}).status_code == 403
        response = here.post("/desk/account/second-factor", given | {"proof_code": phone.fresh()})
        assert len(set(re.findall(r"<li>(\w{5}-\w{5})</li>", text(response)))) == 10
        assert (is_in(here), is_in(there)) == (True, False)
        halfway = Client()
        halfway.post("/sign-in", {"name": "haicheng", "password": PASSWORD})
        assert halfway.post("/sign-in/code", {"code": phone.fresh()}).status_code == 403
        assert halfway.post("/sign-in/code", {"code": phone.recovery_codes[0]}).status_code == 403

    def test_new_recovery_codes_void_the_old_ones(self, phone: Authenticator, here: Client) -> None:
        assert "还剩 10 个" in text(here.get("/desk/account"))
        proof = {"present": PASSWORD, "proof_code": phone.recovery_codes[0]}
        shown = text(here.post("/desk/account/recovery-codes", proof))
        assert len(set(re.findall(r"<li>(\w{5}-\w{5})</li>", shown))) == 10
        again = {"present": PASSWORD, "proof_code": phone.recovery_codes[1]}
        assert here.post("/desk/account/recovery-codes", again).status_code == 403

    def test_the_page_warns_when_few_codes_are_left(self, phone: Authenticator, here: Client) -> None:
        halfway = Client()
        for code in phone.recovery_codes[:8]:
            halfway.post("/sign-in", {"name": "haicheng", "password": PASSWORD})
            assert halfway.post("/sign-in/code", {"code": code}).status_code == 302
        page = text(here.get("/desk/account"))
        assert "还剩 2 个" in page
        assert "快用完了" in page


def test_a_demos_officer_may_try_it_and_is_asked_from_then_on(officer: Officer) -> None:
    here = signed_in(officer)
    page = text(here.get("/desk/account/second-factor"))
    secret = re.search(r'data-testid="factor-secret">([A-Z2-7 ]+)<', page)
    signed = re.search(r'name="secret" value="([^"]+)"', page)
    assert secret
    assert signed
    given = {"secret": signed[1], "code": pyotp.TOTP(secret[1].replace(" ", "")).at(datetime.now(UTC))}
    assert here.post("/desk/account/second-factor", given | {"present": "wrong"}).status_code == 403
    assert here.post("/desk/account/second-factor", given | {"present": PASSWORD}).status_code == 200
    response = Client().post("/sign-in", {"name": "haicheng", "password": PASSWORD})
    assert response["Location"] == "/sign-in/code"
