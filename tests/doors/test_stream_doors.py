"""Who may listen to the live board, and that a display whose token ends is not listened to for long."""

import json
import logging
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from lianfang.command.models import DisplayToken
from lianfang.command.roles import ROLES
from lianfang.command.services import issue_display_token, revoke_display_token, sign_out
from lianfang.doors import site as site_door
from lianfang.doors.guard import DISPLAY_COOKIE, SESSION_COOKIE
from lianfang.kernel.reach import Reach
from lianfang.machine.postgres import Database
from lianfang.project.asgi import site
from tests import factories
from tests.doors.serving import served, within

DAY = timedelta(days=1)
OFFICERS = sorted(set(ROLES) - {"WORKER"})


@dataclass
class Stream:
    """One screen's connection; what came over it so far."""

    connection: socket.socket
    heard: bytes = b""
    ended: bool = False

    def read(self) -> "Stream":
        """Whatever has come."""
        try:
            piece = self.connection.recv(65_536)
        except TimeoutError:
            return self
        self.heard += piece
        self.ended = self.ended or not piece or self.heard.endswith(b"0\r\n\r\n")
        return self

    @property
    def status(self) -> int:
        while b"\r\n\r\n" not in self.heard:
            self.read()
        return int(self.heard.split(b" ", 2)[1])

    @property
    def code(self) -> str:
        """The code of a refusal."""
        assert self.status != 200
        head, _, body = self.heard.partition(b"\r\n\r\n")
        assert b"application/json" in head
        return json.loads(body or self.read().heard.partition(b"\r\n\r\n")[2])["error"]["code"]


class Screens:
    """The running site, and the screens that watch it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._opened: list[socket.socket] = []

    def watch(self, method: str = "GET", **headers: str) -> Stream:
        connection = socket.create_connection(("127.0.0.1", self._port), timeout=10)
        connection.settimeout(0.1)
        self._opened.append(connection)
        lines = [f"{method} /api/v1/board/stream HTTP/1.1", "host: localhost", "content-length: 0"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
        return Stream(connection)

    def display(self, token: str, method: str = "GET", *, session: str = "") -> Stream:
        officer = f"{SESSION_COOKIE}={session}; " if session else ""
        return self.watch(method, cookie=f"{officer}{DISPLAY_COOKIE}={token}")

    def close(self) -> None:
        for connection in self._opened:
            connection.close()


@pytest.fixture
def screens(clean: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Screens]:
    monkeypatch.setattr(site_door, "ASK_AGAIN", 0.05)
    with served(site(), lifespan="on") as port:
        made = Screens(port)
        yield made
        made.close()


@pytest.fixture
def duty(clean: Database) -> Reach:
    return factories.officer()


def issued(*, lasts: timedelta = DAY, made: datetime | None = None) -> tuple[str, DisplayToken]:
    return issue_display_token(name="一楼大厅", lasts=lasts, at=made or datetime.now(UTC))


@pytest.mark.parametrize("role", OFFICERS)
def test_an_officer_listens_who_may_see_the_board_or_the_wall(screens: Screens, role: str) -> None:
    officer = factories.officer(role, factories.HAICHENG)
    may = bool({"VIEW_BOARD", "VIEW_WALL"} & ROLES[role].permissions)
    expected = 200 if may else 401
    assert screens.watch(cookie=f"{SESSION_COOKIE}={officer.session}").status == expected
    assert screens.watch(authorization=f"Bearer {officer.session}").status == expected


def test_a_display_listens(screens: Screens) -> None:
    stream = screens.display(issued()[0])
    assert stream.status == 200
    assert b"content-type: text/event-stream" in stream.heard
    assert b"cache-control: no-store" in stream.heard


def test_nobody_else_listens(screens: Screens, duty: Reach) -> None:
    assert screens.watch().code == "NOT_SIGNED_IN"
    sign_out(session=duty.session)
    assert screens.watch(cookie=f"{SESSION_COOKIE}={duty.session}").code == "NOT_SIGNED_IN"
    assert screens.watch(authorization="Bearer made-up").code == "NOT_SIGNED_IN"


@pytest.mark.parametrize("how", ["forged", "expired", "revoked"])
def test_a_display_without_a_good_token_is_told_so(screens: Screens, duty: Reach, how: str) -> None:
    token, made = issued(made=datetime.now(UTC) - (2 * DAY if how == "expired" else DAY / 2))
    if how == "revoked":
        revoke_display_token(by=duty, id=made.id, at=datetime.now(UTC))
    assert screens.display("display_x" if how == "forged" else token).code == "DISPLAY_ENDED"
    assert screens.display("display_x" if how == "forged" else token, session="gone").code == "DISPLAY_ENDED"


def test_a_token_of_a_display_is_no_officer_s_token(screens: Screens) -> None:
    token, _ = issued()
    assert screens.watch(authorization=f"Bearer {token}").code == "NOT_SIGNED_IN"
    assert screens.watch(cookie=f"{SESSION_COOKIE}={token}").code == "NOT_SIGNED_IN"
    # A wrong bearer is refused, whatever cookie comes with it.
    both = screens.watch(authorization="Bearer made-up", cookie=f"{DISPLAY_COOKIE}={token}")
    assert both.code == "NOT_SIGNED_IN"


def test_an_officer_whose_session_is_over_leaves_the_display_to_its_wall(screens: Screens) -> None:
    assert screens.display(issued()[0], session="gone").status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_display_only_reads(screens: Screens, method: str) -> None:
    assert screens.display(issued()[0], method).code == "METHOD"


def test_a_stream_ends_soon_after_its_display_is_revoked_and_the_others_go_on(
    screens: Screens, duty: Reach
) -> None:
    token, made = issued()
    streams = [screens.display(token), screens.display(token)]
    other = screens.display(issued()[0])
    officer = screens.watch(cookie=f"{SESSION_COOKIE}={duty.session}")
    assert {stream.status for stream in (*streams, other, officer)} == {200}
    for _ in range(3):  # it is asked for several times and lives on
        assert not any(stream.read().ended for stream in streams)
    revoke_display_token(by=duty, id=made.id, at=datetime.now(UTC))
    within(5, lambda: all(stream.read().ended for stream in streams))
    assert all(stream.heard.endswith(b"0\r\n\r\n") for stream in streams), "a proper end, not a break"
    assert screens.display(token).code == "DISPLAY_ENDED"
    assert not other.read().ended
    assert not officer.read().ended


def test_a_stream_ends_when_its_display_s_token_expires(screens: Screens) -> None:
    stream = screens.display(issued(lasts=timedelta(seconds=1.5))[0])
    assert stream.status == 200
    assert not stream.read().ended
    within(5, lambda: stream.read().ended)


def test_it_is_asked_for_often_enough() -> None:
    assert site_door.ASK_AGAIN <= 8, "about ten seconds after it was revoked nothing more may come"


def test_a_display_that_goes_away_is_not_asked_for_any_more(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []
    really = site_door.display_of

    def counting(cookies: dict[str, str]) -> Reach | None:
        asked.append(time.monotonic())
        return really(cookies)

    monkeypatch.setattr(site_door, "display_of", counting)
    stream = screens.display(issued()[0])
    assert stream.status == 200
    within(5, lambda: len(asked) > 3)
    stream.connection.close()
    within(5, lambda: time.monotonic() - asked[-1] > 0.5)


def test_what_cannot_be_asked_ends_and_is_noted_without_the_token(
    screens: Screens, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    token, _ = issued()
    stream = screens.display(token)
    assert stream.status == 200

    def away(cookies: dict[str, str]) -> None:
        raise site_door.Error(f"no connection, and {cookies}")

    with caplog.at_level(logging.DEBUG):
        monkeypatch.setattr(site_door, "display_of", away)
        within(5, lambda: stream.read().ended)
    assert "a display's token could not be asked for (Error)" in caplog.text
    assert token not in caplog.text


def test_other_cookies_do_not_stand_in_the_way(screens: Screens) -> None:
    token, _ = issued()
    odd = f'名字=值; a b=c; =; x; {DISPLAY_COOKIE}={token}; y={{"z": 1}}'.encode().decode("latin-1")
    assert screens.watch(cookie=odd).status == 200
