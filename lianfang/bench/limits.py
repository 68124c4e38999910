"""The machine's own limits beside ours: pgbench's single-row inserts, and COPY of the very rows the intake wrote."""

import os
import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import psycopg

from lianfang.bench.tables import Tables
from lianfang.checkpoints.intake.rows import PassageRow, RegistrationRow
from lianfang.machine.postgres import Cluster, Role

CLIENTS = 32
COPIERS = 8
_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)  # signature, no flags, no extension
_TRAILER = b"\xff\xff"
_TPS = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)
# A random UUID becomes a UUIDv7 of this moment: its first 12 digits and its version are replaced.
_MOMENT = "lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') AS h, gen_random_uuid()::text AS u"
_RANDOM_BYTES = "uuid_send(gen_random_uuid())"
# What a minimal insert puts into each column that the intake fills: as long as the real thing, and random where that is.
VALUES = {
    "id": "(substr(h, 1, 8) || '-' || substr(h, 9) || '-7' || substr(u, 16))::uuid",
    "digest": _RANDOM_BYTES,
    "receipt": """'{"flags":[]}'""",
    "received_at": "now()",
    "occurred_at": "now()",
    "captured_on": "current_date",
    "captured_hour": "12",
    "checkpoint": "'HC01'",
    "jurisdiction": "210381000000000000",
    "device_id": "'00000000-0000-7000-8000-000000000001'::uuid",
    "direction": "'IN'",
    "transport": "'CAR'",
    "purpose": "'COMMUTE'",
    "source": "'OFFICER'",
    "officer": "NULL",
    "roster_expected": "NULL",
    "plate_index": _RANDOM_BYTES,
    "sealed": " || ".join(["sha512(uuid_send(gen_random_uuid()))"] * 4),  # 256 bytes
}
MINIMAL_INSERT = (
    f"INSERT INTO passage ({', '.join(PassageRow._fields)}) "
    f"SELECT {', '.join(VALUES[name] for name in PassageRow._fields)} FROM (SELECT {_MOMENT}) AS moment;\n"
)


# The same for a check-in: every column that the door fills, in the owner's role, for the door's own inserts by a function.
CHECK_IN_COLUMNS = {
    "id": VALUES["id"],
    "order_id": "gen_random_uuid()",
    "on_day": "current_date",
    "half": "'MORNING'",
    "celsius": "36.5",
    "symptoms": "'{}'::text[]",
    "by": "'SELF'",
    "verdict": "'WELL'",
    "thresholds": f"'{'0' * 64}'",
    "occurred_at": "now()",
    "received_at": "now()",
    "jurisdiction": "210381101001001000",
    "link_id": "gen_random_uuid()",
}
MINIMAL_CHECK_IN = (
    f"INSERT INTO check_in ({', '.join(CHECK_IN_COLUMNS)}) "
    f"SELECT {', '.join(CHECK_IN_COLUMNS.values())} FROM (SELECT {_MOMENT}) AS moment;\n"
)


def minimal_inserts(
    cluster: Cluster, *, seconds: float, statement: str = MINIMAL_INSERT, role: Role = "intake"
) -> float:
    """Single-row inserts a second: pgbench, prepared, 32 connections; by default into `passage`, in the intake's own role."""
    place = cluster.database.parameters(role)
    names = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
        "dbname": "PGDATABASE",
    }
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(statement)
        script.flush()
        terms = ["-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(max(1, round(seconds)))]
        done = subprocess.run(
            [cluster.binaries.program("pgbench"), *terms, "-f", script.name],
            env={**os.environ, **{names[key]: str(value) for key, value in place.items()}},
            check=True,
            capture_output=True,
            text=True,
        )
    return tps(done.stdout)


def tps(said: str) -> float:
    """Transactions a second out of pgbench's report."""
    match = _TPS.search(said)
    if match is None:
        raise ValueError("pgbench reported no transactions a second")
    return float(match[1])


@dataclass(frozen=True, slots=True)
class Copies:
    """Rows as COPY's binary blocks, one pair for each commit: passages, and the people in them."""

    blocks: list[tuple[bytes, bytes]]
    people: int


_COLUMNS = {
    "passage": PassageRow._fields,
    "registration": ("passage_id", *(name for name in RegistrationRow._fields if name != "passage_id")),
}
_FIRST_FIELD = slice(6, 22)  # of a row in binary COPY: after the number of fields and the first one's length


def rows_that_stand(tables: Tables, *, passages: int) -> Copies:
    """What the intake has written, ready to be written again, so many passages a commit."""
    with tables.connect() as connection:
        headers = list(_rows(connection, "passage", "id"))
        people: dict[bytes, list[bytes]] = {
            passage: list(rows)
            for passage, rows in groupby(
                _rows(connection, "registration", "passage_id"), key=itemgetter(_FIRST_FIELD)
            )
        }
    blocks = []
    for start in range(0, len(headers), passages):
        some = headers[start : start + passages]
        theirs = [row for header in some for row in people.get(header[_FIRST_FIELD], ())]
        blocks.append((_block(some), _block(theirs)))
    return Copies(blocks, sum(map(len, people.values())))


def _rows(connection: "psycopg.Connection[tuple]", table: str, order: str) -> Iterator[bytes]:
    """Each row of a table as binary COPY sends it (the first comes with the stream's header before it)."""
    columns = ", ".join(_COLUMNS[table])
    statement = f"COPY (SELECT {columns} FROM {table} ORDER BY {order}) TO STDOUT (FORMAT binary)"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for sent in copy:
            row = bytes(sent).removeprefix(_HEADER)
            if row and row != _TRAILER:
                yield row


def _block(rows: list[bytes]) -> bytes:
    return _HEADER + b"".join(rows) + _TRAILER


def copied(tables: Tables, copies: Copies) -> float:
    """Seconds that eight connections take to COPY them, one commit a pair of blocks."""
    waiting = iter(copies.blocks)
    taking = threading.Lock()

    def work(connection: "psycopg.Connection[tuple]") -> None:
        while True:
            with taking:
                pair = next(waiting, None)
            if pair is None:
                return
            with connection.transaction():
                for table, block in zip(_COLUMNS, pair, strict=True):
                    _copy_in(connection, table, block)

    connections = [tables.connect() for _ in range(COPIERS)]
    threads = [threading.Thread(target=work, args=(connection,)) for connection in connections]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - begun
    for connection in connections:
        connection.close()
    return took


def _copy_in(connection: "psycopg.Connection[tuple]", table: str, block: bytes) -> None:
    statement = f"COPY {table} ({', '.join(_COLUMNS[table])}) FROM STDIN (FORMAT binary)"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(block)
