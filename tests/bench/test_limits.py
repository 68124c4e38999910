import psycopg
import pytest
from psycopg import sql

from lianfang.bench.limits import MINIMAL_INSERT, VALUES, copied, rows_that_stand, tps
from lianfang.bench.tables import Tables
from lianfang.checkpoints.intake.rows import PassageRow, RegistrationRow
from lianfang.kernel.ids import millis_of
from lianfang.machine.postgres import Database
from tests.bench.conftest import Send

SAID = """pgbench (18.6)
number of transactions actually processed: 177590
latency average = 1.802 ms
tps = 17759.123456 (without initial connection time)
"""


def test_the_rate_is_read_from_what_pgbench_says() -> None:
    assert tps(SAID) == 17759.123456
    with pytest.raises(ValueError, match="no transactions"):
        tps("pgbench: error: connection failed")


def test_the_minimal_insert_fills_every_column_that_the_intake_fills() -> None:
    assert tuple(VALUES) == PassageRow._fields


def test_the_minimal_insert_is_a_record_of_today_that_the_intake_may_write(clean: Database) -> None:
    with psycopg.connect(**clean.parameters("intake"), autocommit=True) as intake:
        for _ in range(3):
            intake.execute(MINIMAL_INSERT)
    with psycopg.connect(**clean.parameters("owner")) as owner:
        rows = owner.execute(
            "SELECT id, tableoid::regclass::text, octet_length(sealed), received_at FROM passage"
        ).fetchall()
    assert len({row[0] for row in rows}) == 3
    for id_, partition, sealed, received_at in rows:
        millis = millis_of(id_)
        assert millis is not None
        assert abs(millis - received_at.timestamp() * 1000) < 5_000
        assert partition != "passage_default"
        assert sealed == 256


def everything(database: Database) -> tuple[list[tuple], list[tuple]]:
    """All passages and registrations, without the number of the transaction that wrote them."""
    passages, registrations = (
        sql.SQL(", ").join(map(sql.Identifier, row._fields)) for row in (PassageRow, RegistrationRow)
    )
    with psycopg.connect(**database.parameters("owner")) as owner:
        ask = sql.SQL("SELECT {} FROM {} ORDER BY id").format
        return (
            owner.execute(ask(passages, sql.Identifier("passage"))).fetchall(),
            owner.execute(ask(registrations, sql.Identifier("registration"))).fetchall(),
        )


async def test_rows_the_intake_wrote_are_copied_back_as_they_were(clean: Database, send: Send) -> None:
    _, people = await send(8)
    tables = Tables(clean)
    before = everything(clean)
    copies = rows_that_stand(tables, passages=3)
    assert len(copies.blocks) == 3
    assert copies.people == len(before[1]) == people
    tables.empty()
    assert everything(clean) == ([], [])
    copied(tables, copies)
    assert everything(clean) == before
