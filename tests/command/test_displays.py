"""A display's token: made once, kept as a hash, good until it expires or is revoked; it is a reach without a session."""

import argparse
import json
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianfang.command.models import DisplayToken
from lianfang.command.queries import display_of_token, displays
from lianfang.command.roles import ROLES
from lianfang.command.services import issue_display_token, make_display_token, revoke_display_token
from lianfang.console import token as token_command
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.kernel.tokens import hashed
from lianfang.machine.postgres import Database
from tests import factories
from tests.factories import HAICHENG, Generated, Intake

DAY = timedelta(days=1)


@pytest.fixture
def duty(clean: Database) -> Reach:
    return factories.officer(name="王值班")


def test_a_token_is_random_and_kept_as_a_hash_only(duty: Reach, now: datetime) -> None:
    token, made = make_display_token(by=duty, name="一楼大厅", at=now)
    another, _ = make_display_token(by=duty, name="一楼大厅", at=now)
    assert token.startswith("display_")
    assert len(token) > 50
    assert token != another
    kept = DisplayToken.objects.get(pk=made.pk)
    assert bytes(kept.token_hash) == hashed(token)
    assert (kept.name, kept.made_by, kept.made_at) == ("一楼大厅", duty.officer_id, now)
    assert kept.expires_at == now + 90 * DAY
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(d::text, ' ') FROM display_token d")
        assert token.removeprefix("display_") not in cursor.fetchone()[0]


def test_a_token_opens_the_wall_and_is_nobody_s_session(duty: Reach, now: datetime) -> None:
    token, made = make_display_token(by=duty, name="一楼大厅", lasts=DAY, at=now)
    display = display_of_token(token, at=now)
    assert display == Reach(
        session="",
        officer_id=made.id,
        officer_name="一楼大厅",
        kind="DISPLAY",
        expires_at=now + DAY,
        permissions=frozenset({"VIEW_WALL"}),
    )
    assert display is not None
    assert not display.covers(HAICHENG)
    for permission in frozenset[str]().union(*(role.permissions for role in ROLES.values())) - {"VIEW_WALL"}:
        with pytest.raises(Forbidden):
            display.require(permission)


@pytest.mark.parametrize(
    "changed",
    [
        lambda token: "",
        lambda token: token[:-1],
        lambda token: token + "x",
        lambda token: token.upper(),
        lambda token: token.removeprefix("display_"),
        lambda token: " " + token,
        lambda token: hashed(token).hex(),
        lambda token: "display_" + "ü" * 43,
        lambda token: "\0",
        lambda token: "\ud800",
        lambda token: "x" * 100_000,
    ],
)
def test_a_forged_token_opens_nothing(duty: Reach, now: datetime, changed) -> None:
    token, _ = make_display_token(by=duty, name="一楼大厅", at=now)
    assert display_of_token(token, at=now)
    assert display_of_token(changed(token), at=now) is None


def test_a_token_ends_at_the_moment_it_says(duty: Reach, now: datetime) -> None:
    token, _ = make_display_token(by=duty, name="一楼大厅", lasts=DAY, at=now)
    assert display_of_token(token, at=now + DAY - timedelta(microseconds=1))
    assert display_of_token(token, at=now + DAY) is None


def test_a_revoked_token_ends_at_once_and_the_others_go_on(duty: Reach, now: datetime) -> None:
    token, made = make_display_token(by=duty, name="一楼大厅", at=now)
    other, _ = make_display_token(by=duty, name="会议室", at=now)
    revoke_display_token(by=duty, id=made.id, at=now)
    assert display_of_token(token, at=now) is None
    assert display_of_token(other, at=now)


def test_revoking_again_changes_nothing(duty: Reach, now: datetime) -> None:
    _, made = make_display_token(by=duty, name="一楼大厅", at=now)
    revoke_display_token(by=duty, id=made.id, at=now)
    revoke_display_token(by=factories.officer(name="李值班"), id=made.id, at=now + DAY)
    made.refresh_from_db()
    assert (made.revoked_at, made.revoked_by) == (now, duty.officer_id)


def test_what_is_not_there_is_not_revoked(duty: Reach, now: datetime) -> None:
    with pytest.raises(NotFound) as refused:
        revoke_display_token(by=duty, id=uuid4(), at=now)
    assert refused.value.code == "DISPLAY_UNKNOWN"


@pytest.mark.parametrize("name", ["", "  ", "\0\n\t", "\u200b"])
def test_a_display_has_a_name(duty: Reach, now: datetime, name: str) -> None:
    with pytest.raises(Refusal) as refused:
        make_display_token(by=duty, name=name, at=now)
    assert refused.value.code == "NAME_MISSING"
    assert not DisplayToken.objects.exists()


def test_a_name_is_one_short_line(duty: Reach, now: datetime) -> None:
    _, made = make_display_token(by=duty, name=" 一楼\0\n大厅 " + "长" * 100, at=now)
    assert made.name.startswith("一楼大厅 长")
    assert len(made.name) == 60


@pytest.mark.parametrize("lasts", [timedelta(0), -DAY, 90 * DAY + timedelta(seconds=1), 36_500 * DAY])
def test_a_token_lasts_for_a_while_and_for_ninety_days_at_most(
    duty: Reach, now: datetime, lasts: timedelta
) -> None:
    with pytest.raises(Refusal) as refused:
        make_display_token(by=duty, name="一楼大厅", lasts=lasts, at=now)
    assert refused.value.code == "DISPLAY_LASTS"
    assert not DisplayToken.objects.exists()


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"HEADQUARTERS", "WORKER"}))
def test_only_headquarters_makes_lists_and_revokes(duty: Reach, now: datetime, role: str) -> None:
    token, made = make_display_token(by=duty, name="一楼大厅", at=now)
    officer = factories.officer(role, HAICHENG)
    for act in (
        lambda: make_display_token(by=officer, name="大屏", at=now),
        lambda: revoke_display_token(by=officer, id=made.id, at=now),
        lambda: displays(officer),
    ):
        with pytest.raises(Forbidden):
            act()
    assert DisplayToken.objects.count() == 1
    assert display_of_token(token, at=now)


def test_a_display_makes_no_display(duty: Reach, now: datetime) -> None:
    token, made = make_display_token(by=duty, name="一楼大厅", at=now)
    display = display_of_token(token, at=now)
    assert display is not None
    for act in (
        lambda: make_display_token(by=display, name="又一块", at=now),
        lambda: revoke_display_token(by=display, id=made.id, at=now),
        lambda: displays(display),
    ):
        with pytest.raises(Forbidden):
            act()


def test_the_list_says_who_made_and_who_revoked_the_newest_first(duty: Reach, now: datetime) -> None:
    _, old = make_display_token(by=duty, name="一楼大厅", at=now - DAY)
    make_display_token(by=factories.officer(name="李值班"), name="会议室", lasts=DAY, at=now)
    revoke_display_token(by=factories.officer(name="赵值班"), id=old.id, at=now)
    listed = [(line.name, line.made_by, line.revoked_by, line.revoked_at) for line in displays(duty)]
    assert listed == [("会议室", "李值班", None, None), ("一楼大厅", "王值班", "赵值班", now)]


def test_three_displays_cost_as_many_questions_as_one(duty: Reach, now: datetime) -> None:
    for count in (1, 3):
        while DisplayToken.objects.count() < count:
            make_display_token(by=duty, name="大屏", at=now)
        with CaptureQueriesContext(connection) as questions:
            assert len(displays(duty)) == count
        assert len(questions) == 1


def test_row_level_security_shows_a_display_not_one_record(
    duty: Reach, clean: Database, now: datetime
) -> None:
    factories.checkpoint("GATE")
    generated, intake = Generated(seed=2), Intake(clean, factories.device("GATE"))
    car = generated.passage(people=2)
    intake.send(generated.parcel(car, generated.correction(car["id"], {"plate": "辽C77777"})))
    intake.send(generated.parcel(car | {"plate": "辽C00000"}))
    token, _ = make_display_token(by=duty, name="一楼大厅", at=now)
    display = display_of_token(token, at=now)
    assert display is not None
    assert all(counted(duty)), "an officer sees them, so there is something not to be seen"
    assert counted(display) == [0, 0, 0, 0]


def counted(who: Reach) -> list[int]:
    with reach(who), connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM passage), (SELECT count(*) FROM registration),"
            " (SELECT count(*) FROM correction), (SELECT count(*) FROM conflict_item)"
        )
        return list(cursor.fetchone())


def test_the_command_line_makes_one_without_an_officer(
    clean: Database, now: datetime, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(token_command, "lan_addresses", lambda: ["192.168.1.20"])
    token_command._for_a_display(argparse.Namespace(display="一楼大厅", days=7, json=True))
    said = json.loads(capsys.readouterr().out)
    assert said["address"] == f"https://192.168.1.20:8443/wall/open#{said['token']}"
    display = display_of_token(said["token"], at=now)
    assert display is not None
    assert display.expires_at.isoformat() == said["expires_at"]
    assert timedelta(days=6) < display.expires_at - now < timedelta(days=8)
    assert [line.made_by for line in displays(factories.officer())] == [None]
    token_command._for_a_display(argparse.Namespace(display="会议室", days=90, json=False))
    token, address, words = capsys.readouterr().out.splitlines()
    assert address.endswith(f"/wall/open#{token}")
    assert words.startswith("会议室 · ")


def test_the_server_makes_none_that_lasts_longer(clean: Database, now: datetime) -> None:
    with pytest.raises(Refusal):
        issue_display_token(name="大屏", lasts=91 * DAY, at=now)
