"""The code after the password: what stands between the two, how a phone is set up, and what a thief of either gets."""

import re
import time
from datetime import UTC, datetime

import pyotp
import pytest
from django.core import signing
from django.test import Client

from lianfang.command.models import Officer, RecoveryCode
from lianfang.command.queries import session_reach
from lianfang.command.services import set_password
from lianfang.doors.guard import SESSION_COOKIE
from lianfang.doors.hq.halfway import COOKIE
from lianfang.kernel.audit import Act
from lianfang.machine.postgres import Database
from tests.authenticator import PASSWORD, Authenticator, appointed, with_authenticator
from tests.doors.desk import text
from tests.noted import noted


@pytest.fixture
def phone(clean: Database) -> Authenticator:
    return with_authenticator("haicheng")


def halfway(name: str = "haicheng", *, wanted: str = "", client: Client | None = None) -> Client:
    """A browser in which the password was right."""
    client = client or Client()
    response = client.post("/sign-in", {"name": name, "password": PASSWORD, "next": wanted})
    assert response.status_code == 302
    assert SESSION_COOKIE not in response.cookies
    return client


def later(monkeypatch: pytest.MonkeyPatch, minutes: float) -> None:
    moved = time.time() + 60 * minutes
    monkeypatch.setattr(signing.time, "time", lambda: moved)


def test_password_then_code_leads_to_the_page_that_asked(phone: Authenticator) -> None:
    client = halfway(wanted="/desk/devices")
    assert client.get("/desk").status_code == 302, "half the way is nobody's session"
    assert "6 位数字" in text(client.get("/sign-in/code"))
    response = client.post("/sign-in/code", {"code": phone.fresh()})
    assert (response.status_code, response["Location"]) == (302, "/desk/devices")
    assert response.cookies[COOKIE].value == ""
    assert client.get("/desk/devices").status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/"])
def test_the_code_leads_to_no_other_site(phone: Authenticator, elsewhere: str) -> None:
    client = halfway(wanted=elsewhere)
    assert client.post("/sign-in/code", {"code": phone.fresh()})["Location"] == "/"


def test_the_cookie_between_is_read_by_no_script_and_says_nothing_of_the_password(
    phone: Authenticator,
) -> None:
    cookie = halfway().cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert PASSWORD not in cookie.value


def test_a_wrong_and_a_used_code_are_refused_alike(phone: Authenticator) -> None:
    client, code = halfway(), phone.fresh()
    assert client.post("/sign-in/code", {"code": "000000"}).status_code == 403
    assert client.post("/sign-in/code", {"code": code}).status_code == 302
    again = halfway().post("/sign-in/code", {"code": code})
    assert again.status_code == 403
    assert "不对或已用过" in text(again)


def test_guessing_codes_locks_the_door_for_the_right_one_too(phone: Authenticator) -> None:
    client = halfway()
    answers = [client.post("/sign-in/code", {"code": f"00000{n}"}).status_code for n in range(6)]
    assert answers == [403] * 5 + [429]
    response = client.post("/sign-in/code", {"code": phone.fresh()})
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


def test_a_stolen_cookie_from_between_is_good_for_five_minutes(
    phone: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    stolen, code = halfway().cookies[COOKIE].value, phone.fresh()
    thief = Client()
    thief.cookies[COOKIE] = stolen
    later(monkeypatch, 5.1)
    response = thief.post("/sign-in/code", {"code": code})
    assert (response.status_code, response["Location"]) == (302, "/sign-in?late=1")
    assert "请重新输入密码" in text(thief.get(response["Location"]))
    assert not noted(Act.SIGNED_IN)


@pytest.mark.parametrize("forged", ["", "x", "a:b:c", "W10:1v:x" * 30])
def test_a_made_up_cookie_is_nobody(phone: Authenticator, forged: str) -> None:
    client = Client()
    client.cookies[COOKIE] = forged
    assert client.get("/sign-in/code")["Location"] == "/sign-in?late=1"
    assert client.get("/sign-in/second-factor")["Location"] == "/sign-in?late=1"


def test_a_new_password_or_leaving_ends_what_is_halfway(phone: Authenticator, now: datetime) -> None:
    client = halfway()
    set_password(officer=phone.officer, password="another password", at=now)
    assert client.post("/sign-in/code", {"code": phone.fresh()})["Location"] == "/sign-in?late=1"
    set_password(officer=phone.officer, password=PASSWORD, at=now)
    client = halfway()
    Officer.objects.exclude(sign_in_name="system:work").update(left_at=now)
    assert client.post("/sign-in/code", {"code": phone.fresh()})["Location"] == "/sign-in?late=1"


def test_a_form_from_another_site_sends_no_code(phone: Authenticator) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies[COOKIE] = halfway().cookies[COOKIE].value
    assert client.post("/sign-in/code", {"code": phone.fresh()}).status_code == 403
    assert not noted(Act.SIGNED_IN)


def test_a_recovery_code_stands_in_once(phone: Authenticator) -> None:
    code = phone.recovery_codes[0]
    assert halfway().post("/sign-in/code", {"code": code}).status_code == 302
    assert halfway().post("/sign-in/code", {"code": code}).status_code == 403
    assert RecoveryCode.objects.filter(used_at=None).count() == 9


class TestSettingUp:
    @pytest.fixture(autouse=True)
    def officer(self, clean: Database) -> Officer:
        return appointed("haicheng", second_factor=True)

    def test_a_phone_is_set_up_with_one_code_and_ten_codes_are_shown_once(self) -> None:
        client = halfway(wanted="/desk/devices")
        page = text(client.get("/sign-in/second-factor"))
        response = client.post("/sign-in/second-factor", {"secret": signed(page), "code": code_of(page)})
        shown = text(response)
        codes = re.findall(r"<li>(\w{5}-\w{5})</li>", shown)
        assert len(set(codes)) == 10
        assert 'href="/desk/devices"' in shown
        assert "都会记下来" in text(client.get("/desk/devices"))
        assert client.get("/sign-in/second-factor").status_code == 302
        assert halfway().post("/sign-in/code", {"code": codes[3]}).status_code == 302

    def test_a_wrong_code_shows_the_same_secret_again(self) -> None:
        client = halfway()
        page = text(client.get("/sign-in/second-factor"))
        response = client.post("/sign-in/second-factor", {"secret": signed(page), "code": "000000"})
        assert response.status_code == 403
        again = text(response)
        assert secret_in(again) == secret_in(page)
        assert (
            client.post(
                "/sign-in/second-factor", {"secret": signed(again), "code": code_of(again)}
            ).status_code
            == 200
        )

    def test_a_secret_of_ones_own_or_of_another_officers_page_is_not_taken(self) -> None:
        appointed("xiuyan", second_factor=True)
        client = halfway()
        theirs = text(halfway("xiuyan").get("/sign-in/second-factor"))
        for secret in (signed(theirs), "JBSWY3DPEHPK3PXP", ""):
            response = client.post("/sign-in/second-factor", {"secret": secret, "code": code_of(theirs)})
            assert response.status_code == 403
        assert not Officer.objects.exclude(totp=None).exists()

    def test_two_who_know_the_password_set_up_one_phone(self) -> None:
        first, second = halfway(), halfway()
        pages = [text(client.get("/sign-in/second-factor")) for client in (first, second)]
        answers = [
            client.post("/sign-in/second-factor", {"secret": signed(page), "code": code_of(page)})
            for client, page in zip((first, second), pages, strict=True)
        ]
        assert answers[0].status_code == 200
        assert answers[1].status_code == 302
        assert answers[1]["Location"] == "/sign-in/code"
        assert SESSION_COOKIE not in answers[1].cookies

    def test_it_may_take_a_quarter_of_an_hour_to_find_a_program_for_codes(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client = halfway()
        later(monkeypatch, 14)
        assert client.get("/sign-in/second-factor").status_code == 200
        later(monkeypatch, 15.1)
        assert client.get("/sign-in/second-factor")["Location"] == "/sign-in?late=1"

    def test_the_picture_comes_with_the_page_as_the_policy_allows(self) -> None:
        page = text(halfway().get("/sign-in/second-factor"))
        assert 'src="data:image/svg+xml' in page
        assert re.fullmatch(r"[A-Z2-7]{32}", secret_in(page))


def secret_in(page: str) -> str:
    found = re.search(r'data-testid="factor-secret">([A-Z2-7 ]+)<', page)
    assert found
    return found[1].replace(" ", "")


def signed(page: str) -> str:
    found = re.search(r'name="secret" value="([^"]+)"', page)
    assert found
    return found[1]


def code_of(page: str) -> str:
    return pyotp.TOTP(secret_in(page)).at(datetime.now(UTC))


def test_signing_in_takes_as_many_steps_as_the_handbook_says(phone: Authenticator) -> None:
    """Name, password, code: three fields and two buttons; docs/running.md says so."""
    client = Client()
    fields = re.findall(r'<input (?![^>]*type="hidden")[^>]*name="(\w+)"', text(client.get("/sign-in")))
    halfway(client=client)
    fields += re.findall(r'<input (?![^>]*type="hidden")[^>]*name="(\w+)"', text(client.get("/sign-in/code")))
    assert [field for field in fields if field != "language"] == ["name", "password", "code"]
    response = client.post("/sign-in/code", {"code": phone.fresh()})
    assert session_reach(response.cookies[SESSION_COOKIE].value)
