"""Group commit: records of requests that arrive together are written by one statement and one commit.

A request waits in a bounded queue; a flusher takes all that wait, writes, commits, and wakes them. A statement that
the database refuses is tried again request by request, then record by record, so that one bad record sinks nobody.
When the database goes away the flusher reconnects and writes the same records again: ids make that harmless.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from uuid import UUID

import asyncpg

from lianfang.checkpoints.intake.corrections import CorrectionRow
from lianfang.checkpoints.intake.entries import CONFLICT, Entry
from lianfang.checkpoints.intake.rows import PassageRow, RegistrationRow
from lianfang.checkpoints.intake.store import (
    insert_conflicts,
    insert_corrections,
    insert_visits,
    stored,
)
from lianfang.kernel.key_folder import KeyFolder

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
_TRY_AGAIN = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)

Connect = Callable[[], Awaitable[asyncpg.Connection]]


class Busy(Exception):
    """The queue is full, or the database has been away too long: nothing was promised, try again later."""


class Waiting:
    """One request's records and the future its handler waits on."""

    __slots__ = ("done", "entries", "since")

    def __init__(self, entries: list[Entry], loop: asyncio.AbstractEventLoop) -> None:
        self.entries = entries
        self.done: asyncio.Future[None] = loop.create_future()
        self.since = loop.time()


class Writer:
    """Owns the queue, the flushers and their connections."""

    def __init__(self, *, connect: Connect, keys: KeyFolder, flushers: int = 2) -> None:
        self._connect = connect
        self._keys = keys
        self._queue: deque[Waiting] = deque()
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

    async def write(self, entries: list[Entry]) -> None:
        """Returns when every entry has its outcome, durably. Raises Busy, and then nothing was promised."""
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
                    await self._flush(connection, group)
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

    def _after_trouble(self, group: list[Waiting], error: Exception, *, gone: bool) -> None:
        """The same records again when the database went away; otherwise nobody may wait for an answer for ever."""
        if gone:
            log.warning("intake: the database is away (%s), trying again", type(error).__name__)
            self._put_back(group)
            return
        log.error("intake: a flush failed", exc_info=error)
        for waiting in group:
            if not waiting.done.done():
                waiting.done.set_exception(Busy())

    def _take(self) -> list[Waiting]:
        group: list[Waiting] = []
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

    def _put_back(self, group: list[Waiting]) -> None:
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

    async def _flush(self, connection: asyncpg.Connection, group: list[Waiting]) -> None:
        entries = [entry for waiting in group for entry in waiting.entries]
        try:
            await self._store(connection, entries)
        except AWAY:
            raise
        except _TRY_AGAIN:
            await self._store(connection, entries)
        except asyncpg.PostgresError as error:
            log.warning("intake: a statement was refused (%s), going one by one", type(error).__name__)
            await self._store_one_by_one(connection, group)
        for waiting in group:
            if not waiting.done.done():
                waiting.done.set_result(None)

    async def _store_one_by_one(self, connection: asyncpg.Connection, group: list[Waiting]) -> None:
        for waiting in group:
            try:
                await self._store(connection, waiting.entries)
            except AWAY:
                raise
            except asyncpg.PostgresError:
                await self._store_record_by_record(connection, waiting.entries)

    async def _store_record_by_record(self, connection: asyncpg.Connection, entries: list[Entry]) -> None:
        for entry in sorted(entries, key=_passages_first):
            try:
                await self._store(connection, [entry])
            except AWAY:
                raise
            except asyncpg.PostgresError as error:
                log.warning("intake: a record was refused (%s)", type(error).__name__)
                entry.refuse(entry.row.id)

    async def _store(self, connection: asyncpg.Connection, entries: list[Entry]) -> None:
        """Inserts what is new, then compares the rest with what stands."""
        first: dict[tuple[str, UUID], Entry] = {}
        for entry in entries:
            first.setdefault((entry.kind, entry.row.id), entry)
        new = await self._insert(connection, first.values())
        known = []
        for entry in entries:
            if first[entry.kind, entry.row.id] is entry and (entry.kind, entry.row.id) in new:
                entry.accept()
            else:
                known.append(entry)
        if known:
            await self._compare(connection, known)

    async def _insert(
        self, connection: asyncpg.Connection, entries: Iterable[Entry]
    ) -> set[tuple[str, UUID]]:
        # By id: two servers that write the same records never wait for each other in a circle.
        rows = sorted((entry.row for entry in entries), key=_id)
        passages = [row for row in rows if isinstance(row, PassageRow)]
        registrations = [row for row in rows if isinstance(row, RegistrationRow)]
        corrections = [row for row in rows if isinstance(row, CorrectionRow)]
        new: set[tuple[str, UUID]] = set()
        if passages or registrations:
            new_passages, new_registrations = await insert_visits(connection, passages, registrations)
            new.update(("PASSAGE", id_) for id_ in new_passages)
            new.update(("REGISTRATION", id_) for id_ in new_registrations)
        if corrections:
            new.update(("CORRECTION", id_) for id_ in await insert_corrections(connection, corrections))
        return new

    async def _compare(self, connection: asyncpg.Connection, entries: Sequence[Entry]) -> None:
        """Known ids: same content ⇒ the first receipt again; other content ⇒ kept as a conflict item."""
        conflicts = []
        for kind in {entry.kind for entry in entries}:
            of_kind = [entry for entry in entries if entry.kind == kind]
            standing = await stored(connection, kind, [entry.row.id for entry in of_kind])
            for entry in of_kind:
                stands = standing[entry.row.id]
                digest = entry.digest_under(self._keys, stands["captured_on"])
                entry.meet(
                    digest=stands["digest"],
                    receipt=stands["receipt"],
                    received_at=stands["received_at"],
                    rule_set=stands["rule_set"],
                    same=digest == stands["digest"],
                )
                if entry.outcome and entry.outcome.status == CONFLICT and digest is not None:
                    conflicts.append(entry.conflict(digest))
        if conflicts:
            await insert_conflicts(connection, conflicts)


def _id(row: PassageRow | RegistrationRow | CorrectionRow) -> UUID:
    return row.id


def _passages_first(entry: Entry) -> bool:
    return entry.kind != "PASSAGE"


def _drop(connection: asyncpg.Connection | None) -> None:
    """Closes without waiting for a server that may not be there."""
    if connection is not None and not connection.is_closed():
        connection.terminate()
