"""The live board: any number of screens, each with the newest news only."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import pytest

from lianfang.doors import stream
from lianfang.doors.stream import Listener, Screens
from lianfang.machine.postgres import Database
from tests.doors.conftest import connect_as
from tests.doors.serving import served, within

SCOPE = {"type": "http", "method": "GET", "path": "/api/v1/board/stream", "query_string": b"", "headers": []}


class Screen:
    """One that watches: what it was sent. While `slow` is set nothing more is taken from the server."""

    def __init__(self, screens: Screens) -> None:
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.text = ""
        self.ended = False
        self.breaks = False
        self.takes = asyncio.Event()
        self.takes.set()
        self._gone = asyncio.Event()
        self.served = asyncio.create_task(screens(SCOPE, self._receive, self._send))

    def leave(self) -> None:
        self._gone.set()

    async def _receive(self) -> dict[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        if self.breaks:
            raise OSError
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
            return
        self.text += message["body"].decode()
        self.ended = not message.get("more_body")
        await self.takes.wait()

    @property
    def news(self) -> list[str]:
        return [line.removeprefix("data: ") for line in self.text.splitlines() if line.startswith("data: ")]

    async def until(self, happens: Any) -> None:
        async with asyncio.timeout(5):
            while not happens():
                await asyncio.sleep(0.005)


@pytest.fixture
async def screens() -> AsyncIterator[Screens]:
    made = Screens()
    yield made
    made.close()
    await asyncio.sleep(0.01)


async def test_a_screen_hears_the_news_that_was_told_before_it_came(screens: Screens) -> None:
    screens.tell("1")
    screens.tell("2")
    screen = Screen(screens)
    await screen.until(lambda: screen.news)
    assert screen.status == 200
    assert screen.headers[b"content-type"] == b"text/event-stream"
    assert screen.headers[b"cache-control"] == b"no-store"
    assert screen.headers[b"x-accel-buffering"] == b"no"
    assert screen.text == "retry: 2000\n\nevent: board\ndata: 2\n\n"


async def test_a_slow_screen_skips_to_the_newest_news(screens: Screens) -> None:
    slow, quick = Screen(screens), Screen(screens)
    screens.tell("1")
    await slow.until(lambda: slow.news == ["1"] and quick.news == ["1"])
    slow.takes.clear()
    for news in "2345":
        screens.tell(news)
        await quick.until(lambda told=news: quick.news[-1] == told)
    slow.takes.set()
    await slow.until(lambda: slow.news[-1] == "5")
    assert quick.news == ["1", "2", "3", "4", "5"]
    assert slow.news == ["1", "2", "5"]  # 2 was on its way when the screen stopped taking


async def test_a_quiet_stream_is_kept_alive(screens: Screens, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "KEEP_ALIVE", 0.02)
    screen = Screen(screens)
    await screen.until(lambda: screen.text.count(": still here\n\n") >= 2)
    assert screen.news == []


async def test_news_that_comes_while_the_stream_is_kept_alive_is_not_lost(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "KEEP_ALIVE", 0.02)
    screen = Screen(screens)
    await screen.until(lambda: screen.text == "retry: 2000\n\n")
    screen.takes.clear()
    await screen.until(lambda: screen.text.endswith(": still here\n\n"))
    monkeypatch.setattr(stream, "KEEP_ALIVE", 60)
    screens.tell("1")
    await asyncio.sleep(0.02)
    screen.takes.set()
    await screen.until(lambda: screen.news == ["1"])


async def test_closing_ends_every_stream_properly(screens: Screens) -> None:
    watching = [Screen(screens) for _ in range(3)]
    await watching[0].until(lambda: all(screen.text for screen in watching))
    screens.close()
    await asyncio.wait_for(asyncio.gather(*(screen.served for screen in watching)), 5)
    assert all(screen.ended for screen in watching)


async def test_when_all_places_are_taken_a_screen_is_told_to_come_back(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "MAX_SCREENS", 1)
    first = Screen(screens)
    await first.until(lambda: first.text)
    refused = Screen(screens)
    await refused.served
    assert refused.status == 503
    assert refused.headers[b"retry-after"] == b"5"
    assert refused.ended
    first.leave()
    await asyncio.wait_for(first.served, 5)
    third = Screen(screens)
    await third.until(lambda: third.text)
    assert third.status == 200


@pytest.mark.parametrize("how", ["leaves", "breaks off"])
async def test_a_screen_that_went_away_is_noticed(screens: Screens, how: str) -> None:
    screen = Screen(screens)
    await screen.until(lambda: screen.text)
    if how == "leaves":
        screen.leave()
    else:
        screen.breaks = True
        screens.tell("1")
    await asyncio.wait_for(screen.served, 5)
    screens.tell("2")
    assert "2" not in screen.news


def test_under_the_server_screens_come_and_go_and_the_server_stops_at_once() -> None:
    screens = Screens()
    ended: list[bool] = []

    async def app(scope: dict, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await screens(scope, receive, send)
            ended.append(True)

    with served(app, lifespan="off") as port:
        watching = [_watch(port) for _ in range(3)]
        watching[0].close()
        within(5, lambda: len(ended) == 1)
        screens.close()
        within(5, lambda: len(ended) == 3)
        rest = b""
        while piece := watching[1].recv(4_096):
            rest += piece
            if rest.endswith(b"0\r\n\r\n"):  # the last chunk: a proper end, not a break
                break
        assert rest.endswith(b"0\r\n\r\n")
    for client in watching:
        client.close()


def _watch(port: int) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=10)
    client.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
    head = b""
    while b"retry: 2000" not in head:
        head += client.recv(4_096)
    return client


@dataclass
class Heard:
    """What a listener on the channel `lianfang_test` has heard, and the connections it has had."""

    told: list[str] = field(default_factory=list)
    connections: list[asyncpg.Connection] = field(default_factory=list)


@pytest.fixture
async def heard(clean: Database) -> AsyncIterator[Heard]:
    heard = Heard()

    async def connect() -> asyncpg.Connection:
        heard.connections.append(await connect_as(clean, "app")())
        return heard.connections[-1]

    listener = Listener(connect)
    listener.on("lianfang_test", heard.told.append)
    listener.start()
    yield heard
    await listener.stop()


async def notify(database: Database, payload: str) -> None:
    connection = await connect_as(database, "app")()
    await connection.execute("SELECT pg_notify('lianfang_test', $1)", payload)
    await connection.close()


async def hears(heard: Heard, database: Database, payload: str) -> None:
    async with asyncio.timeout(15):
        while payload not in heard.told:
            await notify(database, payload)
            await asyncio.sleep(0.05)


async def test_the_listener_hears_and_hears_again_after_its_connection_was_cut(
    heard: Heard, clean: Database
) -> None:
    news = json.dumps({"version": 1, "totals": {"passages": 1}})
    await hears(heard, clean, news)
    administrator = await connect_as(clean, "admin")()
    await administrator.execute("SELECT pg_terminate_backend($1)", heard.connections[-1].get_server_pid())
    await administrator.close()
    await hears(heard, clean, "after")
    assert len(heard.connections) == 2
