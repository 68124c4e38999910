"""The bridge between the ASGI server and Django's WSGI handler, called directly."""

import asyncio
import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from lianfang.doors.bridge import BUFFERED, Bridge
from tests.doors.asgi import ask
from tests.doors.wsgi import LARGE, LIMIT, SMALL, Environ, Pieces, Start, bridge, echo

__all__ = ["bridge"]


@pytest.mark.parametrize("body", [b"", SMALL, LARGE], ids=["empty", "small", "3 MiB"])
async def test_a_body_arrives_whole_in_however_many_pieces(bridge, body: bytes) -> None:
    answer = await ask(bridge(echo), "POST", "/x", body=body, chunk=60_000)
    assert answer.status == 200
    assert answer.json["sha"] == hashlib.sha256(body).hexdigest()
    assert answer.json["CONTENT_LENGTH"] == str(len(body))


async def test_a_body_over_the_limit_is_413_and_never_reaches_a_thread(bridge) -> None:
    called: list[str] = []
    app = bridge(lambda environ, start: called.append("") or echo(environ, start))
    answer = await ask(app, "POST", "/x", body=b"x" * (LIMIT + 1))
    assert answer.status == 413
    assert "过大" in answer.body.decode()
    assert not called


async def test_headers_of_one_name_are_joined_and_cookies_with_a_semicolon(bridge) -> None:
    raw = [
        (b"accept", b"text/html"),
        (b"accept", b"application/json"),
        (b"cookie", b"lianfang_session=a"),
        (b"cookie", b"csrftoken=b"),
        (b"content-type", b"text/plain"),
        (b"host", b"lianfang.lan"),
    ]
    told = (await ask(_with_headers(bridge(echo), raw), "GET", "/")).json
    assert told["HTTP_ACCEPT"] == "text/html,application/json"
    assert told["HTTP_COOKIE"] == "lianfang_session=a; csrftoken=b"
    assert told["CONTENT_TYPE"] == "text/plain"
    assert told["HTTP_HOST"] == "lianfang.lan"


async def test_a_header_with_an_underscore_does_not_pass_for_its_namesake_with_a_dash(bridge) -> None:
    """X_Forwarded_Proto from the street must not be taken for the proxy's own X-Forwarded-Proto."""
    raw = [(b"x_forwarded_proto", b"https"), (b"x_forwarded_for", b"10.0.0.1")]
    told = (await ask(_with_headers(bridge(echo), raw), "GET", "/")).json
    assert not {name for name in told if "FORWARDED" in name}


def _with_headers(app: Bridge, raw: list[tuple[bytes, bytes]]) -> Any:
    async def changed(scope: dict, receive: Any, send: Any) -> None:
        await app({**scope, "headers": raw}, receive, send)

    return changed


async def test_a_path_in_chinese_and_a_query_arrive_as_wsgi_has_them(bridge) -> None:
    told = (await ask(bridge(echo), "GET", "/海城/1")).json
    assert told["PATH_INFO"].encode("latin-1").decode() == "/海城/1"
    assert told["REQUEST_METHOD"] == "GET"
    assert told["SERVER_PROTOCOL"] == "HTTP/1.1"


def _empty_body() -> Callable[[], Any]:
    """A request without a body, whose client stays."""
    messages = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> dict:
        for message in messages:
            return message
        await asyncio.Event().wait()
        raise AssertionError

    return receive


async def test_what_is_made_slowly_is_read_while_it_is_made(bridge) -> None:
    read = threading.Event()

    def slowly(environ: Environ, start: Start) -> Iterator[bytes]:
        start("200 OK", [("Content-Type", "text/html")])
        yield b"the first word"
        assert read.wait(10), "it was held back until the end"
        yield b" and the last"

    app, said = bridge(slowly), []

    async def send(message: dict) -> None:
        said.append(message.get("body", b""))
        if said[-1] == b"the first word":
            read.set()

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "headers": [],
        "http_version": "1.1",
    }
    await app(scope, _empty_body(), send)
    assert b"".join(said) == b"the first word and the last"


async def test_a_long_answer_is_made_only_as_fast_as_it_is_taken(bridge) -> None:
    pieces = Pieces(50)
    taken: asyncio.Semaphore = asyncio.Semaphore(0)
    sent: list[dict] = []

    async def send(message: dict) -> None:
        await taken.acquire()
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "headers": [],
        "http_version": "1.1",
    }
    running = asyncio.create_task(bridge(pieces)(scope, _empty_body(), send))
    for step in range(1, 20):
        await asyncio.sleep(0.01)
        taken_so_far = sum(len(message.get("body", b"")) for message in sent)
        assert pieces.made * BUFFERED - taken_so_far <= 3 * BUFFERED
        taken.release()
        while len(sent) < step:
            await asyncio.sleep(0.001)
    for _ in range(60):
        taken.release()
    await running
    assert pieces.made == 50
    assert sum(len(message.get("body", b"")) for message in sent) == 50 * BUFFERED
    assert pieces.closed.is_set()


async def test_what_a_view_writes_the_old_way_is_sent_too(bridge) -> None:
    def app(environ: Environ, start: Start) -> Iterable[bytes]:
        write = start("200 OK", [("Content-Type", "text/plain")])
        write(b"first ")
        return [b"second"]

    answer = await ask(bridge(app), "GET", "/")
    assert answer.body == b"first second"


async def test_several_cookies_are_set_by_several_headers(bridge) -> None:
    def app(environ: Environ, start: Start) -> Iterable[bytes]:
        start("302 Found", [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Location", "/desk")])
        return []

    sent: list[dict] = []

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "headers": [],
        "http_version": "1.1",
    }
    await bridge(app)(scope, _empty_body(), send)
    assert sent[0]["status"] == 302
    assert [value for name, value in sent[0]["headers"] if name == b"set-cookie"] == [b"a=1", b"b=2"]
