"""The bench's own look at the tables, as their owner: count, empty, put back, and the fold's progress."""

import time
from collections.abc import Sequence
from uuid import UUID

import psycopg

from lianfang.machine.postgres import Database

TABLES = ("passage", "registration")
_UNFOLDED = (
    "SELECT EXISTS (SELECT 1 FROM passage WHERE tx >= (SELECT next_tx FROM fold_position))"
    " OR EXISTS (SELECT 1 FROM registration WHERE tx >= (SELECT next_tx FROM fold_position))"
)
_THERE = "SELECT count(*) FROM unnest(%s::uuid[]) AS told (id) JOIN {} r ON r.{} = told.id"


class Tables:
    """Opens a connection for each act: the database may have been killed since the last one."""

    def __init__(self, database: Database) -> None:
        self._place = database.parameters("owner")
        self._as_admin = database.parameters("admin")

    def connect(self) -> "psycopg.Connection[tuple]":
        return psycopg.connect(**self._place, autocommit=True, connect_timeout=10)

    def checkpoint(self) -> None:
        """What is killed later has its own commits to recover, and not what was loaded before."""
        with psycopg.connect(**self._as_admin, autocommit=True, connect_timeout=10) as connection:
            connection.execute("CHECKPOINT")

    def empty(self) -> None:
        self._act("TRUNCATE passage, registration")

    def keep(self) -> None:
        """Remembers the rows that stand now; `put_back` returns to them."""
        self._act(*(f"CREATE UNLOGGED TABLE bench_{table} AS TABLE {table}" for table in TABLES))

    def put_back(self) -> None:
        """Exactly the rows that were kept, folded already: their transactions lie behind the fold's position."""
        again = (f"INSERT INTO {table} SELECT * FROM bench_{table}" for table in TABLES)
        self._act("TRUNCATE passage, registration", *again)
        self._act("ANALYZE passage, registration")

    def wait_for_the_fold(self) -> None:
        with self.connect() as connection:
            while connection.execute(_UNFOLDED).fetchone() == (True,):
                time.sleep(0.2)

    def lost(self, passages: Sequence[UUID], *, people: int) -> int:
        """How many of these passages, and of the people told to be in them, are not there."""
        return len(passages) - self.passages(passages) + people - self.people(passages)

    def passages(self, ids: Sequence[UUID]) -> int:
        """How many of these passages are there."""
        return self._count(_THERE.format("passage", "id"), ids)

    def people(self, passages: Sequence[UUID]) -> int:
        """How many people of these passages are there."""
        return self._count(_THERE.format("registration", "passage_id"), passages)

    def _count(self, statement: str, ids: Sequence[UUID]) -> int:
        with self.connect() as connection:
            row = connection.execute(statement, [list(ids)]).fetchone()
        return int(row[0]) if row else 0

    def _act(self, *statements: str) -> None:
        """In one transaction; again if PostgreSQL ended it because the fold was reading what it wanted to lock."""
        while True:
            try:
                with self.connect() as connection, connection.transaction():
                    for statement in statements:
                        connection.execute(statement)
                return
            except psycopg.errors.DeadlockDetected:
                continue
