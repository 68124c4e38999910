"""Secrets guessed, replayed and stolen: tokens of each kind, one-time codes, cookies."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianfang.checkpoints.services import invite_device, revoke_device
from lianfang.command import services
from lianfang.command.models import DisplayToken, Officer, Posting
from lianfang.command.services import issue_display_token, make_set_up_link, sign_out
from lianfang.doors.guard import DISPLAY_COOKIE, SECURE_SESSION_COOKIE, SESSION_COOKIE
from lianfang.kernel.reach import Reach
from tests import factories
from tests.attacks.pages import PASSWORD
from tests.doors.conftest import make_device
from tests.doors.desk import City, at_desk
from tests.factories import HAICHENG

DAY = timedelta(days=1)
ODD = (
    "",
    " ",
    "x",
    "0" * 64,
    "A" * 10_000,
    "' OR '1'='1",
    "%",
    "None",
    "null",
    "../..",
    "é",
    '"\\000"',
    "a;b",
    "{}",
)


def guesses(real: str) -> list[str]:
    """Near misses of a secret, and what is no secret at all."""
    last = "0" if real[-1] != "0" else "1"
    return [real[:-1] + last, real[:-1], real + "0", real.swapcase(), real[::-1], *ODD]


def bearing(token: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {token}"})


def display(token: str) -> Client:
    client = Client()
    client.cookies[DISPLAY_COOKIE] = token
    return client


def test_a_desks_cookie_is_not_guessed_and_the_refusal_tells_nothing(city: City) -> None:
    officer = factories.officer()
    assert at_desk(officer).get("/desk").status_code == 200
    answers = set()
    for guess in guesses(officer.session):
        client = Client()
        client.cookies[SESSION_COOKIE] = guess
        answer = client.get("/desk")
        answers.add((answer.status_code, answer["Location"], answer.content))
    assert answers == {(302, "/sign-in?next=%2Fdesk", b"")}


def test_an_officers_token_is_not_guessed(city: City) -> None:
    officer = factories.officer()
    token = factories.session_of(Officer.objects.get(pk=officer.officer_id), kind="TOKEN").session
    assert bearing(token).get("/api/v1/board").status_code == 200
    answers = [bearing(guess).get("/api/v1/board") for guess in guesses(token)]
    assert {(answer.status_code, answer.json()["error"]["code"]) for answer in answers} == {
        (401, "NOT_SIGNED_IN")
    }


def test_a_devices_token_is_not_guessed(city: City) -> None:
    token = make_device(city.intake.device.checkpoint)
    assert bearing(token).get("/api/v1/device").status_code == 200
    answers = [bearing(guess).get("/api/v1/device") for guess in guesses(token)]
    assert {(answer.status_code, answer.json()["error"]["code"]) for answer in answers} == {
        (401, "TOKEN_UNKNOWN")
    }


def test_a_displays_token_is_not_guessed(city: City) -> None:
    token, _ = issue_display_token(name="一楼", lasts=DAY, at=datetime.now(UTC))
    assert display(token).get("/wall").status_code == 200
    assert {display(guess).get("/wall").status_code for guess in guesses(token)} == {302}


def test_no_secret_opens_what_another_kind_opens(city: City) -> None:
    """A device's token is no officer's, a display's no device's, a desk's cookie no bearer's."""
    officer = factories.officer()
    secrets = {
        "device": make_device(city.intake.device.checkpoint),
        "display": issue_display_token(name="一楼", lasts=DAY, at=datetime.now(UTC))[0],
        "token": factories.session_of(Officer.objects.get(pk=officer.officer_id), kind="TOKEN").session,
        "desk": officer.session,
    }
    opens: dict[str, Callable[[str], HttpResponse]] = {
        "device": lambda secret: bearing(secret).get("/api/v1/device"),
        "display": lambda secret: display(secret).get("/wall"),
        "token": lambda secret: bearing(secret).get("/api/v1/board"),
        "desk": lambda secret: at_desk(officer_with(secret)).get("/desk/passages"),
    }
    for kind, secret in secrets.items():
        for door, ask in opens.items():
            assert (ask(secret).status_code == 200) == (kind == door), (kind, door)


def officer_with(session: str) -> Any:
    return type("Stolen", (), {"session": session})()


def test_secrets_are_kept_as_hashes_only(city: City) -> None:
    """Whoever reads the whole database can sign in nowhere with what he finds."""
    officer = factories.officer()
    code = invite_device(by=officer, checkpoint="GATE", at=datetime.now(UTC)).code
    link = make_set_up_link(at=datetime.now(UTC))
    secrets = [
        officer.session,
        make_device(city.intake.device.checkpoint),
        issue_display_token(name="一楼", lasts=DAY, at=datetime.now(UTC))[0],
        code,
        link if isinstance(link, str) else link[0],
    ]
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT t::text FROM {table} t")
            rows = "\n".join(row for (row,) in cursor.fetchall())
            assert not [secret for secret in secrets if secret in rows], table


def test_an_enrolment_code_works_once_whoever_replays_it(city: City) -> None:
    code = invite_device(by=factories.officer(), checkpoint="GATE", at=datetime.now(UTC)).code
    sent = [
        Client().post("/api/v1/enrolments", {"code": written}, content_type="application/json")
        for written in (code, code, code.lower(), f" {code[:5]}-{code[5:]} ")
    ]
    assert [answer.status_code for answer in sent] == [201, 410, 410, 410]
    assert "token" not in json.dumps([answer.json() for answer in sent[1:]])


def test_a_set_up_link_is_not_guessed(city: City) -> None:
    made = make_set_up_link(at=datetime.now(UTC))
    token = made if isinstance(made, str) else made[0]
    for guess in guesses(token):
        assert not set_up(guess), guess
    assert not Officer.objects.filter(sign_in_name="eve").exists()


def set_up(token: str) -> bool:
    """Whether a form with a made-up link makes an administrator."""
    if not token.strip() or "/" in token or token in ("../..",):
        return False
    given = {
        "sign_in_name": "eve", "name": "某", "password": PASSWORD, "again": PASSWORD, "place": "", "division": HAICHENG,
    }  # fmt: skip
    Client().post(f"/set-up/{token}", given)
    return Officer.objects.filter(sign_in_name="eve").exists()


# --- stolen ---


def test_a_cookie_stolen_before_its_officer_signed_out_is_worth_nothing_after(city: City) -> None:
    officer = factories.officer()
    thief = at_desk(officer)
    assert thief.get("/desk").status_code == 200
    at_desk(officer).post("/sign-out")
    assert thief.get("/desk").status_code == 302
    assert thief.get("/api/v1/board").status_code == 401
    assert thief.post("/desk/search", {"kind": "PLATE", "value": "辽C12345"}).status_code == 302


def test_a_cookie_is_worth_nothing_after_its_officers_posting_has_ended(city: City) -> None:
    """Nobody had to close the session: what an officer may see is asked for at every request."""
    officer = factories.officer("COUNTY_DESK", HAICHENG)
    thief = at_desk(officer)
    assert thief.get("/desk/passages").status_code == 200
    Posting.objects.using("owner").filter(officer_id=officer.officer_id).update(until_at=datetime.now(UTC))
    assert thief.get("/desk/passages").status_code in (302, 403)
    assert thief.get(f"/desk/passages/{city.register()['id']}").status_code in (302, 403, 404)
    assert thief.get("/api/v1/board").status_code in (401, 403)


def test_a_devices_token_is_worth_nothing_after_it_was_revoked(city: City) -> None:
    device = city.intake.device
    token = make_device(device.checkpoint, name="失窃")
    made = next(d for d in type(device).objects.all() if d.name == "失窃")
    revoke_device(by=factories.officer(), device_id=made.id, at=datetime.now(UTC))
    assert bearing(token).get("/api/v1/device").status_code == 403
    assert bearing(token).get("/api/v1/device/declarations/123456").status_code == 403


def test_a_displays_token_is_worth_nothing_after_it_was_revoked(city: City) -> None:
    token, made = issue_display_token(name="一楼", lasts=DAY, at=datetime.now(UTC))
    services.revoke_display_token(by=factories.officer(), id=made.id, at=datetime.now(UTC))
    assert display(token).get("/wall").status_code == 302
    assert DisplayToken.objects.count() == 1


def test_a_session_is_another_after_signing_in_so_that_nobody_can_give_one_to_an_officer(city: City) -> None:
    """A cookie that was planted before is not the one that is signed in."""
    at = datetime.now(UTC) - timedelta(seconds=1)
    made = services.appoint(
        sign_in_name="haicheng", name="值班员", password=PASSWORD, second_factor=False, at=at
    )
    services.post(officer=made, role="COUNTY_DESK", division=HAICHENG, at=at)
    planted = factories.officer().session
    sign_out(session=planted)
    client = Client()
    client.cookies[SESSION_COOKIE] = planted
    client.post("/sign-in", {"name": "haicheng", "password": PASSWORD})
    assert client.cookies[SESSION_COOKIE].value != planted
    assert at_desk(officer_with(planted)).get("/desk").status_code == 302


# --- what a sign-in gives away ---


class Counted:
    """How much a sign-in costs the server: questions to the database and passwords hashed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from django.contrib.auth.hashers import Argon2PasswordHasher  # noqa: PLC0415

        self.hashed = 0
        verify = Argon2PasswordHasher.verify

        def counting(hasher: Any, password: str, encoded: str) -> bool:
            self.hashed += 1
            return verify(hasher, password, encoded)

        monkeypatch.setattr(Argon2PasswordHasher, "verify", counting)

    def sign_in(self, name: str) -> tuple[int, int, int]:
        self.hashed = 0
        with CaptureQueriesContext(connection) as asked:
            answer = Client().post("/sign-in", {"name": name, "password": "wrong password"})
        return answer.status_code, self.hashed, len(asked)


def test_a_name_that_exists_costs_what_one_costs_that_does_not(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clocks would measure the machine; the work is counted instead."""
    at = datetime.now(UTC) - timedelta(seconds=1)
    services.appoint(sign_in_name="haicheng", name="值班员", password=PASSWORD, at=at)
    gone = services.appoint(sign_in_name="gone", name="已离任", password=PASSWORD, at=at)
    Officer.objects.using("owner").filter(pk=gone.pk).update(left_at=datetime.now(UTC))
    counted = Counted(monkeypatch)
    counted.sign_in("warmed up")
    known, unknown, left = (counted.sign_in(name) for name in ("haicheng", "nobody", "gone"))
    assert known == unknown == left
    assert known[1] == 1


# --- cookies ---


def test_cookies_are_read_by_no_script_sent_by_no_other_site_and_over_tls_only(city: City) -> None:
    at = datetime.now(UTC) - timedelta(seconds=1)
    made = services.appoint(
        sign_in_name="haicheng", name="值班员", password=PASSWORD, second_factor=False, at=at
    )
    services.post(officer=made, role="COUNTY_DESK", division=HAICHENG, at=at)
    client = Client()
    answers = [client.get("/sign-in", secure=True)]
    answers.append(client.post("/sign-in", {"name": "haicheng", "password": PASSWORD}, secure=True))
    answers.append(client.post("/language", {"language": "en", "next": "/"}, secure=True))
    token, _ = issue_display_token(name="一楼", lasts=DAY, at=datetime.now(UTC))
    answers.append(client.post("/wall/open", {"token": token}, secure=True))
    answers.append(client.post("/sign-out", secure=True))
    cookies = [(name, cookie) for answer in answers for name, cookie in answer.cookies.items()]
    assert {SECURE_SESSION_COOKIE, DISPLAY_COOKIE, "csrftoken", "django_language"} <= {
        name for name, _ in cookies
    }
    for name, cookie in cookies:
        assert cookie["httponly"], name
        assert cookie["secure"], name
        assert cookie["samesite"] in ("Lax", "Strict"), name
        assert not cookie["domain"], name


def test_what_the_cookie_holds_is_a_random_id_and_nothing_about_its_officer(
    officers: dict[str, Reach],
) -> None:
    for role, officer in officers.items():
        assert len(officer.session) >= 32
        assert role.lower() not in officer.session.lower()
        assert str(officer.officer_id) not in officer.session
    assert len({officer.session for officer in officers.values()}) == len(officers)
