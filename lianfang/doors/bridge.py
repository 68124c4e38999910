"""Django behind the ASGI server: its WSGI handler in a small pool of threads.

Django's own ASGI handler costs nine times the CPU of its WSGI handler for a synchronous view, and known bridges fail
on POST bodies or run everything on one thread. A request's body is spooled (with a limit) before the thread hop;
answers stream with back-pressure; a client that goes away stops the work.
"""

import asyncio
import io
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

from lianfang.doors.bodies import ClientGone, Message, Receive, TooLong, TooSlow, pieces

Scope = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

THREADS = 8
MAX_BODY = 3 << 20  # a little more than Django takes, which refuses in words
HANG_UP = ((b"connection", b"close"),)
IN_MEMORY = 1 << 20
BUFFERED = 1 << 16
HELD_BACK = 0.2  # seconds; an answer of unknown length may be made slowly, to be read while it comes about


class Bridge:
    """An ASGI application around a WSGI one."""

    def __init__(self, wsgi: Wsgi, *, threads: int = THREADS, max_body: int = MAX_BODY) -> None:
        self._wsgi = wsgi
        self._max_body = max_body
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="django")

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send, *, max_body: int | None = None
    ) -> None:
        """`max_body`: what this one request may bring, if that is more than usual."""
        loop = asyncio.get_running_loop()
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as body:
            try:
                length = await _spool(receive, body, longest=max_body or self._max_body)
            except ClientGone:
                return
            except TooLong:
                await plain(send, 413, "请求内容过大。\nThe request is too large.\n")
                return
            except TooSlow:
                await plain(send, 408, "请求内容迟迟不到。\nThe request does not arrive.\n", HANG_UP)
                return
            answer = _Answer(loop, send)
            watch = asyncio.create_task(_watch(receive, answer))
            try:
                environ = environ_of(scope, body, length)
                await loop.run_in_executor(self.pool, self._run, environ, answer)
                await answer.finish()
            finally:
                watch.cancel()

    def _run(self, environ: dict[str, Any], answer: "_Answer") -> None:
        chunks = self._wsgi(environ, answer.start)
        try:
            for chunk in chunks:
                if answer.gone:
                    break
                answer.write(chunk)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()


async def _spool(receive: Receive, body: Any, *, longest: int) -> int:
    """Its length."""
    length = 0
    async for piece in pieces(receive, longest=longest):
        length += len(piece)
        body.write(piece)
    body.seek(0)
    return length


class _Answer:
    """The response as the WSGI thread makes it. Small answers leave in one piece, long ones stream."""

    def __init__(self, loop: asyncio.AbstractEventLoop, send: Send) -> None:
        self._loop = loop
        self._send = send
        self._head: Message | None = None
        self._begun = False
        self._buffer = bytearray()
        self._flushed_at = 0.0
        self.gone = False

    def start(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], None]:
        self._head = {
            "type": "http.response.start",
            "status": int(status.split(" ", 1)[0]),
            "headers": [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in headers],
        }
        return self.write

    def write(self, chunk: bytes) -> None:
        """Called in the thread; waits for the loop once there is more than a buffer (back-pressure)."""
        self._buffer += chunk
        if len(self._buffer) > BUFFERED or self._waits():
            self._flushed_at = time.monotonic()
            asyncio.run_coroutine_threadsafe(self._flush(more=True), self._loop).result()

    def _waits(self) -> bool:
        """Whether somebody reads this answer while it is made: no length was promised, and a while has passed."""
        sized = self._head is None or any(name == b"content-length" for name, _ in self._head["headers"])
        return not sized and time.monotonic() - self._flushed_at > HELD_BACK

    async def finish(self) -> None:
        await self._flush(more=False)

    async def _flush(self, *, more: bool) -> None:
        if self.gone or self._head is None:
            return
        body, self._buffer = bytes(self._buffer), bytearray()
        try:
            if not self._begun:
                self._begun = True
                await self._send(self._head)
            await self._send({"type": "http.response.body", "body": body, "more_body": more})
        except OSError:
            self.gone = True


async def _watch(receive: Receive, answer: _Answer) -> None:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            answer.gone = True
            return


async def plain(send: Send, status: int, text: str, headers: Iterable[tuple[bytes, bytes]] = ()) -> None:
    """A short plain-text answer."""
    body = text.encode()
    head = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})


def environ_of(scope: Scope, body: Any, length: int) -> dict[str, Any]:
    """The WSGI environment of an ASGI request (PEP 3333)."""
    host, port = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "REQUEST_URI": quote(scope["path"]),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("", 0))[0],
        "CONTENT_LENGTH": str(length),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body if length else io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        if b"_" in raw_name:
            continue  # x_forwarded_proto from the street would pass for the proxy's x-forwarded-proto
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        value = raw_value.decode("latin-1")
        if name == "CONTENT_TYPE":
            environ["CONTENT_TYPE"] = value
        elif name != "CONTENT_LENGTH":
            key = f"HTTP_{name}"
            joiner = "; " if name == "COOKIE" else ","
            environ[key] = f"{environ[key]}{joiner}{value}" if key in environ else value
    return environ
