"""The door's two queues: pages that are looked up, and reports that are taken. What comes together is one statement.

A report is answered when it is committed, and not before. What is told beside it (notices) never costs a report.
"""

import logging
import time
import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import asyncpg

from lianfang.kernel.days import day_of
from lianfang.kernel.group_commit import AWAY, TRY_AGAIN, Busy, Connect, GroupCommit, Waiting
from lianfang.kernel.ids import derived
from lianfang.quarantine.intake import store
from lianfang.quarantine.intake.reading import ReadReport
from lianfang.quarantine.intake.store import LinkFound, NoticeTold
from lianfang.quarantine.rules import Thresholds, verdict

log = logging.getLogger(__name__)

BELIEVED_FOR = 5.0  # seconds thresholds are believed without asking again
TOLD_FOR = 30.0  # seconds notices and telephones are
MOST_PLACES = 20_000


class ToldOfPlace(NamedTuple):
    """What everybody of a place is told: notices, and whom to call."""

    notices: tuple[NoticeTold, ...] = ()
    phone: str | None = None


@dataclass(slots=True)
class Looked:
    """A link that is looked up; `found` None where the token is nobody's."""

    token: bytes
    found: LinkFound | None = None


@dataclass(slots=True)
class TakenReport:
    """A report with what became of it: ACCEPTED, DUPLICATE, CONFLICT, ENDED, NO_PLACE, REVOKED, EXPIRED, UNKNOWN."""

    token: bytes
    report: ReadReport
    thresholds: str
    verdict: str
    outcome: str = ""
    jurisdiction: int | None = None

    @property
    def row(self) -> tuple[Any, ...]:
        one = self.report
        return (
            self.token, one.place, one.id, one.half.day, one.half.half, one.celsius, ",".join(one.symptoms), one.way, self.verdict,
            self.thresholds, one.occurred_at,
        )  # fmt: skip

    @property
    def row_beside(self) -> tuple[Any, ...]:
        """The same with the id it is kept under where its own is another report's: always the same for what it says."""
        said = repr((self.token, *self.row[1:2], *self.row[5:9])).encode()
        return (*self.row[:3], derived(self.report.id, zlib.crc32(said)), *self.row[3:])


class CheckIns:
    """Owns the queues, and remembers for seconds what is asked of every page."""

    def __init__(self, *, connect: Connect, clock: Callable[[], datetime], flushers: int = 2) -> None:
        self._clock = clock
        self._reports = GroupCommit(connect=connect, store=self._store, flushers=flushers, name="check-in")
        self._pages = GroupCommit(connect=connect, store=self._look, flushers=1, name="check-in page")
        self._thresholds: tuple[float, Thresholds | None] = (0.0, None)
        self._notices: dict[int, tuple[float, tuple[NoticeTold, ...]]] = {}
        self._phones: dict[int, tuple[float, str | None]] = {}

    def start(self) -> None:
        self._reports.start()
        self._pages.start()

    async def stop(self) -> None:
        await self._reports.stop()
        await self._pages.stop()

    async def thresholds(self) -> Thresholds:
        """Those in force; asked again when they were asked more than a few seconds ago. Raises Busy."""
        until, known = self._thresholds
        if known is None or until < time.monotonic():
            await self._pages.write([])
            known = self._thresholds[1]
        if known is None:
            raise Busy
        return known

    async def look_up(self, token: bytes) -> LinkFound | None:
        """What the page of a link shows; None where the token is nobody's. Raises Busy."""
        looked = Looked(token)
        await self._pages.write([looked])
        return looked.found

    async def take(self, token: bytes, reports: Sequence[ReadReport], *, by: Thresholds) -> list[TakenReport]:
        """The reports with their outcomes, durable. Raises Busy, and then nothing was promised."""
        taken = [TakenReport(token, one, by.hash, verdict(one.celsius, one.symptoms, by)) for one in reports]
        if taken:
            await self._reports.write(taken)
        return taken

    def told(self, place: int) -> ToldOfPlace:
        """As it was asked for when the page was looked up, or the report taken."""
        nothing: tuple[float, tuple[NoticeTold, ...]] = (0.0, ())
        return ToldOfPlace(self._notices.get(place, nothing)[1], self._phones.get(place, (0.0, None))[1])

    async def _look(self, connection: asyncpg.Connection, group: Sequence[Waiting[Looked]]) -> None:
        at = self._clock()
        if self._thresholds[0] < time.monotonic():
            self._thresholds = (time.monotonic() + BELIEVED_FOR, await store.thresholds(connection, at=at))
        looked = [one for waiting in group for one in waiting.entries]
        if not looked:
            return
        found = await store.pages(connection, {one.token for one in looked}, today=day_of(at), at=at)
        for one in looked:
            one.found = found.get(one.token)
        places = {link.place for link in found.values()}
        await self._ask_whom_to_call(connection, places, at)
        await self._ask_notices(connection, places, at)

    async def _store(self, connection: asyncpg.Connection, group: Sequence[Waiting[TakenReport]]) -> None:
        at = self._clock()
        sent = [one for waiting in group for one in waiting.entries]
        try:
            await _written(connection, sent, at)
        except TRY_AGAIN:
            await _written(connection, sent, at)
        places = {one.jurisdiction for one in sent if one.jurisdiction is not None}
        await self._ask_notices(connection, places, at)

    async def _ask_notices(
        self, connection: asyncpg.Connection, places: Collection[int], at: datetime
    ) -> None:
        stale = _stale(places, self._notices)
        if not stale:
            return
        found: Mapping[int, tuple[NoticeTold, ...]] = {}
        try:
            found = await store.notices(connection, stale, at=at)
        except (asyncpg.PostgresError, *AWAY) as error:  # the reports stand: they are answered without
            log.warning("check-in: notices cannot be asked for (%s)", type(error).__name__)
        until = time.monotonic() + TOLD_FOR
        self._notices.update((place, (until, found.get(place, ()))) for place in stale)

    async def _ask_whom_to_call(
        self, connection: asyncpg.Connection, places: Collection[int], at: datetime
    ) -> None:
        stale = _stale(places, self._phones)
        if stale:
            found, until = await store.phones(connection, stale, at=at), time.monotonic() + TOLD_FOR
            self._phones.update((place, (until, found.get(place))) for place in stale)


async def _written(connection: asyncpg.Connection, sent: Sequence[TakenReport], at: datetime) -> None:
    answered = await store.take(connection, [one.row for one in sent], at=at)
    for one, (outcome, jurisdiction) in zip(sent, answered, strict=True):
        one.outcome, one.jurisdiction = outcome, jurisdiction
    stands = [one for one in sent if one.outcome == "KNOWN"]
    if stands:
        told = await store.known(connection, [one.row_beside for one in stands], at=at)
        for number, one in enumerate(stands, 1):
            one.outcome, one.verdict = told.get(number, ("CONFLICT", one.verdict))


def _stale(places: Collection[int], known: dict[int, tuple[float, Any]]) -> list[int]:
    if len(known) > MOST_PLACES:
        known.clear()
    now = time.monotonic()
    return [place for place in places if place not in known or known[place][0] < now]
