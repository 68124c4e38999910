"""Where an activation link leads, and what it leads to no more: once, for 72 hours, the newest only."""

import argparse
import json
from datetime import datetime, timedelta

import pytest
from django.test import Client

from lianfang.command.models import ActivationLink, Officer, Posting, RecoveryCode
from lianfang.command.queries import session_reach
from lianfang.command.services import make_activation_link
from lianfang.console import activate as command
from lianfang.kernel.audit import Act
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.machine.postgres import Database
from tests import factories
from tests.authenticator import PASSWORD, appointed, with_authenticator
from tests.doors.desk import at_desk, text
from tests.noted import noted

NEW = {"password": "another good password", "again": "another good password"}


@pytest.fixture
def officer(clean: Database) -> Officer:
    return appointed("haicheng", second_factor=True, password=None)


@pytest.fixture
def link(officer: Officer, now: datetime) -> str:
    return f"/activate/{make_activation_link(officer=officer, by=None, at=now)}"


def test_it_shows_whose_account_it_is_takes_a_password_and_leads_to_the_second_factor(
    officer: Officer, link: str
) -> None:
    client = Client()
    page = text(client.get(link))
    assert "值班员" in page
    assert "haicheng" in page
    response = client.post(link, NEW)
    assert (response.status_code, response["Location"]) == (302, "/sign-in/second-factor")
    assert "设置验证码" in text(client.get(response["Location"]))
    signing_in = Client().post("/sign-in", {"name": "haicheng", "password": NEW["password"]})
    assert signing_in["Location"] == "/sign-in/second-factor"
    assert [entry.act for entry in noted()] == [Act.ACTIVATION_SENT, Act.PASSWORD_CHANGED]
    assert {entry.subject for entry in noted()} == {f"OFFICER {officer.id}"}


@pytest.mark.parametrize("method", ["get", "post"])
def test_it_works_once(link: str, method: str) -> None:
    Client().post(link, NEW)
    response = getattr(Client(), method)(link, NEW)
    assert response.status_code == 410
    assert "已经用过了" in text(response)
    assert "马上告诉系统管理员" in text(response)


def test_it_works_for_72_hours(officer: Officer, now: datetime) -> None:
    token = make_activation_link(officer=officer, by=None, at=now - timedelta(hours=72, seconds=1))
    response = Client().post(f"/activate/{token}", NEW)
    assert response.status_code == 410
    assert "已过期" in text(response)
    token = make_activation_link(officer=officer, by=None, at=now - timedelta(hours=71, minutes=59))
    assert Client().get(f"/activate/{token}").status_code == 200


def test_a_newer_link_ends_the_older_one(officer: Officer, link: str, now: datetime) -> None:
    newer = make_activation_link(officer=officer, by=None, at=now)
    assert Client().get(link).status_code == 410
    assert Client().get(f"/activate/{newer}").status_code == 200


def test_a_link_nobody_was_sent_is_refused_and_guessing_ends_soon(clean: Database) -> None:
    client = Client(REMOTE_ADDR="10.9.8.7")
    answers = [client.get(f"/activate/activate_guess{n}").status_code for n in range(21)]
    assert answers == [410] * 20 + [429]
    response = client.get("/activate/activate_guess")
    assert int(response["Retry-After"]) > 0
    assert "秒后再试" in text(response)
    assert "没有复制完整" in text(Client().get("/activate/activate_x"))


def test_a_good_link_counts_as_no_failure_however_often_it_is_looked_at(link: str) -> None:
    assert {Client().get(link).status_code for _ in range(25)} == {200}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"again": "something else 1"}, "两次输入的密码不一样"),
        ({"password": "short1", "again": "short1"}, "密码至少 10 位"),
        ({"password": "1234567890", "again": "1234567890"}, "至少用两种字符"),
        ({"password": ""}, "必填"),
    ],
)
def test_a_password_that_will_not_do_is_said_and_the_link_stays_good(
    link: str, change: dict, said: str
) -> None:
    client = Client()
    response = client.post(link, NEW | change)
    assert response.status_code == 400
    assert said in text(response)
    assert client.post(link, NEW).status_code == 302


def test_a_form_from_another_site_activates_nothing(link: str) -> None:
    assert Client(enforce_csrf_checks=True).post(link, NEW).status_code == 403
    assert ActivationLink.objects.get().used_at is None


def test_whoever_is_sent_a_link_begins_anew(clean: Database, now: datetime) -> None:
    lost = with_authenticator("xiuyan")
    session = factories.session_of(lost.officer)
    make_activation_link(officer=lost.officer, by=None, at=now)
    assert session_reach(session.session) is None
    assert at_desk(session).get("/desk").status_code == 302
    assert Client().post("/sign-in", {"name": "xiuyan", "password": PASSWORD}).status_code == 403
    assert not RecoveryCode.objects.exists()
    lost.officer.refresh_from_db()
    assert (lost.officer.totp, lost.officer.totp_confirmed_at) == (None, None)
    acts = [Act.SECOND_FACTOR_SET, Act.SECOND_FACTOR_RESET, Act.SESSION_REVOKED, Act.ACTIVATION_SENT]
    assert [entry.act for entry in noted() if entry.act in acts] == acts


def test_a_link_opens_the_door_that_failures_had_locked(officer: Officer, now: datetime) -> None:
    for _ in range(5):
        Client().post("/sign-in", {"name": "haicheng", "password": "wrong"})
    assert Client().post("/sign-in", {"name": "haicheng", "password": PASSWORD}).status_code == 429
    Client().post(f"/activate/{make_activation_link(officer=officer, by=None, at=now)}", NEW)
    assert Client().post("/sign-in", {"name": "haicheng", "password": NEW["password"]}).status_code == 302


def test_only_who_manages_officers_sends_one(officer: Officer, now: datetime) -> None:
    for role in ("HEADQUARTERS", "SECURITY_ADMINISTRATOR", "AUDITOR"):
        with pytest.raises(Forbidden):
            make_activation_link(officer=officer, by=factories.officer(role), at=now)
    administrator = factories.officer("ADMINISTRATOR")
    make_activation_link(officer=officer, by=administrator, at=now)
    assert ActivationLink.objects.get().made_by == administrator.officer_id


def test_who_left_is_activated_by_no_link(officer: Officer, link: str, now: datetime) -> None:
    Officer.objects.filter(pk=officer.pk).update(left_at=now)
    assert Client().post(link, NEW).status_code == 410
    assert not ActivationLink.objects.exclude(used_at=None).exists()


class TestAtTheServer:
    def options(self, **given: object) -> argparse.Namespace:
        return argparse.Namespace(**{"role": None, "name": None, "division": None, "json": True} | given)

    def test_the_command_line_makes_a_link_for_an_officer(
        self, officer: Officer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(command, "lan_addresses", lambda: ["192.168.1.20"])
        command.activate(self.options(officer="haicheng"))
        said = json.loads(capsys.readouterr().out)
        assert said["address"] == f"https://192.168.1.20:8443/activate/{said['token']}"
        assert Client().get(f"/activate/{said['token']}").status_code == 200
        command.activate(self.options(officer="haicheng", json=False))
        assert "/activate/activate_" in capsys.readouterr().out.splitlines()[0]

    def test_and_appoints_who_is_missing_where_the_administrator_is(
        self, clean: Database, capsys: pytest.CaptureFixture[str]
    ) -> None:
        appointed("guanli", role="ADMINISTRATOR")
        command.activate(self.options(officer="shenji", role="AUDITOR", name="赵审计"))
        posting = Posting.objects.get(officer__sign_in_name="shenji")
        assert (posting.role, posting.division, posting.officer.name) == (
            "AUDITOR",
            factories.HAICHENG,
            "赵审计",
        )
        assert posting.officer.second_factor

    def test_but_changes_no_role_and_guesses_no_name(self, officer: Officer) -> None:
        for given, refusal in (
            ({"officer": "haicheng", "role": "AUDITOR", "name": "赵审计"}, Refusal),
            ({"officer": "nobody"}, NotFound),
            ({"officer": "nobody", "role": "AUDITOR", "name": "赵审计"}, Refusal),
        ):
            with pytest.raises(refusal):
                command.activate(self.options(**given))
        assert not ActivationLink.objects.exists()
        assert not Officer.objects.filter(sign_in_name="nobody").exists()
