"""Group commit: what requests that arrive together bring is written by one statement and one commit.

A request waits in a bounded queue; a flusher takes all that wait, has them stored, and wakes them. When the database
goes away the flusher reconnects and stores the same again: whatever is stored knows its ids, which makes that harmless.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

import asyncpg

log = logging.getLogger(__name__)

MAX_FLUSH = 2_000  # records one statement takes at most
MAX_WAITING = 20_000  # records the queue holds; beyond that a request is answered 503
GIVE_UP_AFTER = 20.0  # seconds a request waits for a database that is away

AWAY = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncio.TimeoutError,
)
TRY_AGAIN = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)

Connect = Callable[[], Awaitable[asyncpg.Connection]]
Brought = TypeVar("Brought")


class Busy(Exception):
    """The queue is full, or the database has been away too long: nothing was promised, try again later."""


class Waiting(Generic[Brought]):
    """One request's records and the future its handler waits on."""

    __slots__ = ("done", "entries", "since")

    def __init__(self, entries: list[Brought], loop: asyncio.AbstractEventLoop) -> None:
        self.entries = entries
        self.done: asyncio.Future[None] = loop.create_future()
        self.since = loop.time()


Store = Callable[[asyncpg.Connection, Sequence[Waiting[Brought]]], Awaitable[None]]


class GroupCommit(Generic[Brought]):
    """Owns the queue, the flushers and their connections. `store` writes what a group brought, durably, or raises."""

    def __init__(self, *, connect: Connect, store: Store[Brought], flushers: int, name: str) -> None:
        self._connect = connect
        self._store = store
        self.name = name  # whose it is, for the log
        self._queue: deque[Waiting[Brought]] = deque()
        self._waiting_records = 0
        self._work = asyncio.Event()
        self._flushers = flushers
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._flush_forever()) for _ in range(self._flushers)]

    async def stop(self) -> None:
        """Finishes what waits (for a while), then closes."""
        deadline = asyncio.get_running_loop().time() + 5
        while self._queue and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.02)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def write(self, entries: list[Brought]) -> None:
        """Returns when every entry is stored. Raises Busy, and then nothing was promised."""
        if self._waiting_records + len(entries) > MAX_WAITING:
            raise Busy
        waiting = Waiting(entries, asyncio.get_running_loop())
        self._queue.append(waiting)
        self._waiting_records += len(entries)
        self._work.set()
        await waiting.done

    async def _flush_forever(self) -> None:
        connection: asyncpg.Connection | None = None
        pause = 0.05
        try:
            while True:
                await self._work.wait()
                group = self._take()
                if not group:
                    continue
                try:
                    if connection is None or connection.is_closed():
                        connection = await self._connect()
                    await self._store(connection, group)
                    _wake(group)
                    pause = 0.05
                except Exception as error:
                    gone = isinstance(error, AWAY) or connection is None or connection.is_closed()
                    _drop(connection)
                    connection = None
                    self._after_trouble(group, error, gone=gone)
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, 1.0)
        finally:
            _drop(connection)

    def _after_trouble(self, group: list[Waiting[Brought]], error: Exception, *, gone: bool) -> None:
        """The same records again when the database went away; otherwise nobody may wait for an answer for ever."""
        if gone:
            log.warning("%s: the database is away (%s), trying again", self.name, type(error).__name__)
            self._put_back(group)
            return
        log.error("%s: a flush failed", self.name, exc_info=error)
        for waiting in group:
            if not waiting.done.done():
                waiting.done.set_exception(Busy())

    def _take(self) -> list[Waiting[Brought]]:
        group: list[Waiting[Brought]] = []
        records = 0
        while self._queue and (not group or records + len(self._queue[0].entries) <= MAX_FLUSH):
            waiting = self._queue.popleft()
            records += len(waiting.entries)
            self._waiting_records -= len(waiting.entries)
            if not waiting.done.done():  # its client may have gone
                group.append(waiting)
        if not self._queue:
            self._work.clear()
        return group

    def _put_back(self, group: list[Waiting[Brought]]) -> None:
        """Whoever has waited too long is told so; the rest goes to the front again, in order."""
        now = asyncio.get_running_loop().time()
        for waiting in reversed(group):
            if waiting.done.done():
                continue
            if now - waiting.since > GIVE_UP_AFTER:
                waiting.done.set_exception(Busy())
                continue
            self._queue.appendleft(waiting)
            self._waiting_records += len(waiting.entries)
        if self._queue:
            self._work.set()


def _wake(group: Sequence[Waiting[Brought]]) -> None:
    for waiting in group:
        if not waiting.done.done():
            waiting.done.set_result(None)


def _drop(connection: asyncpg.Connection | None) -> None:
    """Closes without waiting for a server that may not be there."""
    if connection is not None and not connection.is_closed():
        connection.terminate()
