from lianfang.bench.tables import Tables
from lianfang.kernel.ids import uuid7
from lianfang.machine.postgres import Database
from tests.bench.conftest import Send


async def test_what_was_told_and_is_not_there_is_counted_as_lost(clean: Database, send: Send) -> None:
    tables = Tables(clean)
    there, people = await send(5)
    assert tables.lost(there, people=people) == 0
    assert tables.lost([*there, uuid7(), uuid7()], people=people + 3) == 5


async def test_put_back_returns_to_the_rows_that_were_kept(clean: Database, send: Send) -> None:
    tables = Tables(clean)
    kept, people = await send(5)
    try:
        tables.keep()
        later, more = await send(3)
        tables.put_back()
        assert tables.lost(kept, people=people) == 0
        assert tables.lost(later, people=more) == 3 + more
    finally:
        with tables.connect() as connection:
            connection.execute("DROP TABLE bench_passage, bench_registration")
