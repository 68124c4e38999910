"""What the intake writes: by group commit (kernel/group_commit.py), so that no request waits for another's.

A statement that the database refuses is tried again request by request, then record by record, so that one bad record
sinks nobody. The same records written again are harmless: they have their ids.
"""

import logging
from collections.abc import Iterable, Sequence
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
from lianfang.kernel.group_commit import AWAY, TRY_AGAIN, Connect, GroupCommit, Waiting
from lianfang.kernel.key_folder import KeyFolder

log = logging.getLogger(__name__)

Group = Sequence[Waiting[Entry]]


class Writer:
    """Stores passages, registrations and corrections; every entry has its outcome when `write` returns."""

    def __init__(self, *, connect: Connect, keys: KeyFolder, flushers: int = 2) -> None:
        self._keys = keys
        self._commits = GroupCommit(connect=connect, store=self._flush, flushers=flushers, name="intake")

    def start(self) -> None:
        self._commits.start()

    async def stop(self) -> None:
        """Finishes what waits (for a while), then closes."""
        await self._commits.stop()

    async def write(self, entries: list[Entry]) -> None:
        """Returns when every entry has its outcome, durably. Raises Busy, and then nothing was promised."""
        await self._commits.write(entries)

    async def _flush(self, connection: asyncpg.Connection, group: Group) -> None:
        entries = [entry for waiting in group for entry in waiting.entries]
        try:
            await self._store(connection, entries)
        except AWAY:
            raise
        except TRY_AGAIN:
            await self._store(connection, entries)
        except asyncpg.PostgresError as error:
            log.warning("intake: a statement was refused (%s), going one by one", type(error).__name__)
            await self._store_one_by_one(connection, group)

    async def _store_one_by_one(self, connection: asyncpg.Connection, group: Group) -> None:
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
