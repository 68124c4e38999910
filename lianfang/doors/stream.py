"""GET /api/v1/board/stream: the board's news as Server-Sent Events, for any number of screens.

One connection listens for the whole process; each screen has a slot for the newest news only (a slow screen skips,
it never queues). When the listening connection is lost the screens keep their stream and hear again after reconnecting.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import asyncpg

from lianfang.doors.bodies import Receive
from lianfang.doors.bridge import Scope, Send

log = logging.getLogger(__name__)

KEEP_ALIVE = 15.0  # seconds between comments, so that proxies and phones do not drop a quiet stream
MAX_SCREENS = 2_000

Handler = Callable[[str], None]


class Listener:
    """LISTENs on one connection of its own and calls handlers by channel; reconnects for ever."""

    def __init__(self, connect: Callable[[], Awaitable[asyncpg.Connection]]) -> None:
        self._connect = connect
        self._handlers: dict[str, Handler] = {}
        self._task: asyncio.Task[None] | None = None

    def on(self, channel: str, handler: Handler) -> None:
        self._handlers[channel] = handler

    def start(self) -> None:
        self._task = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _listen(self) -> None:
        while True:
            connection = None
            try:
                connection = await self._connect()
                for channel in self._handlers:
                    await connection.add_listener(channel, self._heard)
                while not connection.is_closed():
                    await asyncio.sleep(1)
                    await connection.fetchval("SELECT 1")  # a dead peer is noticed, not waited for
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("listening: the database is away (%s)", type(error).__name__)
            finally:
                if connection is not None:
                    connection.terminate()
            await asyncio.sleep(0.5)

    def _heard(self, connection: object, pid: int, channel: str, payload: str) -> None:
        self._handlers[channel](payload)


class Screens:
    """Everybody who watches: each holds the newest news until it is sent."""

    def __init__(self) -> None:
        self._news: str | None = None
        self._slots: set[asyncio.Queue[str]] = set()
        self._closing = asyncio.Event()

    def close(self) -> None:
        """Ends every stream, so that the server can stop at once; screens come back by themselves."""
        self._closing.set()

    def tell(self, news: str) -> None:
        self._news = news
        for slot in self._slots:
            if slot.full():
                slot.get_nowait()
            slot.put_nowait(news)

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send, ended: asyncio.Event | None = None
    ) -> None:
        """Until the screen goes away, the server stops, or `ended` is set."""
        if len(self._slots) >= MAX_SCREENS:
            await _start(send, 503, [(b"retry-after", b"5")])
            await send({"type": "http.response.body", "body": b""})
            return
        slot: asyncio.Queue[str] = asyncio.Queue(maxsize=1)
        if self._news is not None:
            slot.put_nowait(self._news)
        self._slots.add(slot)
        endings = [self._closing, *([ended] if ended else [])]
        gone = asyncio.create_task(_gone(receive, endings))
        try:
            await _start(
                send, 200, [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
            )
            await _send(send, "retry: 2000\n\n")
            while not gone.done():
                await self._pass_on(slot, send, gone)
            await send({"type": "http.response.body", "body": b""})
        except OSError:
            pass
        finally:
            self._slots.discard(slot)
            gone.cancel()

    async def _pass_on(self, slot: asyncio.Queue[str], send: Send, gone: asyncio.Task[None]) -> None:
        waiting = asyncio.create_task(slot.get())
        try:
            await asyncio.wait({waiting, gone}, timeout=KEEP_ALIVE, return_when=asyncio.FIRST_COMPLETED)
            if not waiting.done() and not gone.done():
                await _send(send, ": still here\n\n")
            if waiting.done():  # perhaps only while the comment was on its way
                await _send(send, f"event: board\ndata: {waiting.result()}\n\n")
        finally:
            waiting.cancel()


async def _gone(receive: Receive, endings: list[asyncio.Event]) -> None:
    """Returns when the screen went away or one of the endings has come."""
    either: set[asyncio.Task[Any]] = {asyncio.create_task(ending.wait()) for ending in endings}
    either.add(asyncio.create_task(_disconnected(receive)))
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in either:
            task.cancel()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _start(send: Send, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [*headers, (b"x-accel-buffering", b"no")],
        }
    )


async def _send(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
