"""The bench's own look at the tables, as their owner: count, empty, put back, and the fold's progress."""

import time
from collections.abc import Iterable, Sequence
from uuid import UUID

import psycopg
from psycopg import sql

from lianfang.machine.postgres import Database

TABLES = ("passage", "registration")
_UNFOLDED = (
    "SELECT EXISTS (SELECT 1 FROM passage WHERE tx >= (SELECT next_tx FROM fold_position))"
    " OR EXISTS (SELECT 1 FROM registration WHERE tx >= (SELECT next_tx FROM fold_position))"
)
_MISSING = "SELECT count(*) FROM unnest(%s::uuid[]) AS told (id) WHERE NOT EXISTS (SELECT 1 FROM passage p WHERE p.id = told.id)"


class Tables:
    """Opens a connection for each act: the database may have been killed since the last one."""

    def __init__(self, database: Database) -> None:
        self._place = database.parameters("owner")

    def connect(self) -> "psycopg.Connection[tuple]":
        return psycopg.connect(**self._place, autocommit=True, connect_timeout=10)

    def empty(self) -> None:
        self._retried("TRUNCATE passage, registration")

    def keep(self) -> None:
        """Remembers the rows that stand now; `put_back` returns to them."""
        for table in TABLES:
            self._retried(f"CREATE UNLOGGED TABLE bench_{table} AS TABLE {table}")

    def put_back(self) -> None:
        """Exactly the rows that were kept, folded already: their transactions lie behind the fold's position."""
        with self.connect() as connection, connection.transaction():
            connection.execute("TRUNCATE passage, registration")
            for table in TABLES:
                connection.execute(f"INSERT INTO {table} SELECT * FROM bench_{table}")
        with self.connect() as connection:
            connection.execute("ANALYZE passage, registration")

    def wait_for_the_fold(self) -> None:
        with self.connect() as connection:
            while connection.execute(_UNFOLDED).fetchone() == (True,):
                time.sleep(0.2)

    def missing(self, passages: Sequence[UUID]) -> int:
        """How many of these passages are not there."""
        with self.connect() as connection:
            return _count(connection, _MISSING, list(passages))

    def count(self, table: str, passages: Iterable[UUID]) -> int:
        """Rows of these passages in `passage` or in `registration`."""
        key = "id" if table == "passage" else "passage_id"
        with self.connect() as connection:
            return _count(connection, f"SELECT count(*) FROM {table} WHERE {key} = ANY(%s)", list(passages))

    def _retried(self, statement: str) -> None:
        """The fold may be reading: of two that wait for each other PostgreSQL ends one."""
        while True:
            try:
                with self.connect() as connection:
                    connection.execute(sql.SQL(statement))
                return
            except psycopg.errors.DeadlockDetected:
                continue


def _count(connection: "psycopg.Connection[tuple]", statement: str, ids: list[UUID]) -> int:
    row = connection.execute(statement, [ids]).fetchone()
    return int(row[0]) if row else 0
