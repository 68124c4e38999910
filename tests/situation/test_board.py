"""The board is exact at every moment: duplicates, late records, corrections and slow writers included."""

import asyncio
import random
from datetime import UTC, datetime, timedelta

from asgiref.sync import sync_to_async
from django.db import connection, connections

from lianfang.command.services import worker_session
from lianfang.kernel.days import quarter_of
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import reach
from lianfang.situation.board import board
from lianfang.situation.clerk import count_all_tables
from lianfang.situation.fold import ClusterChanged, catch_up, fold
from lianfang.situation.recount import recount
from tests.doors.conftest import Phone, connect_as


def in_thread(function):
    """Django's part runs in a thread with a connection of its own, which is given back."""

    def closing(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        finally:
            connection.close()

    return sync_to_async(closing)


@in_thread
def folded(as_of: datetime | None = None) -> dict:
    """The board after a fold; the recount must agree in every cell."""
    worker = worker_session()
    catch_up(worker)
    count_all_tables(worker)
    found = recount(worker)
    assert found.differences == []
    with reach(worker) as seen:
        return board(seen, at=datetime.now(UTC), as_of=as_of)


def correction(of: str, *, minutes: float = 0, **fields) -> dict:
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    inner = {
        "id": str(uuid7()),
        "of": of,
        "fields": fields,
        "reason": "看错了",
        "occurred_at": at.isoformat(),
    }
    return {"kind": "CORRECTION", "correction": inner}


def figures(board: dict) -> tuple[int, int, int]:
    return board["totals"]["passages"], board["totals"]["vehicles"], board["totals"]["people"]


async def test_the_board_counts_vehicles_and_people_that_come_in(phone: Phone) -> None:
    await phone.send(
        phone.passage(),
        phone.passage(direction="OUT"),
        phone.passage(transport="FOOT", plate=None),
        phone.passage(),
    )
    shown = await folded()
    assert figures(shown) == (4, 2, 3)
    assert shown["today"] | shown["totals"] == shown["today"]
    (post,) = [row for row in shown["by_checkpoint"] if row["code"] == "HC01"]
    assert (post["passages"], post["vehicles"], post["people"]) == (4, 2, 3)
    assert post["last_record_at"]
    assert {"code": "210302", "people": 3, "today": 3, "name": None} in shown["by_origin"]
    assert {"kind": "REGISTER", "people": 3, "today": 3} in shown["by_measure"]
    assert sum(row["people"] for row in shown["by_hour"]) == 3


async def test_a_checkpoint_without_a_record_is_listed_without_an_age(phone: Phone) -> None:
    shown = await folded()
    (silent,) = [row for row in shown["by_checkpoint"] if row["code"] == "HC02"]
    assert silent["last_record_at"] is None


async def test_duplicates_and_conflicts_count_once(phone: Phone) -> None:
    item = phone.passage()
    await phone.send(item)
    await phone.send(item)
    item["passage"]["plate"] = "辽C00001"
    await phone.send(item)
    assert figures(await folded()) == (1, 1, 1)


async def test_corrections_move_figures_in_whatever_order_they_come(phone: Phone) -> None:
    item = phone.passage()
    passage, person = item["passage"]["id"], item["passage"]["people"][0]["id"]
    await phone.send(correction(passage, minutes=-3, purpose="MEDICAL"))
    assert figures(await folded()) == (0, 0, 0)
    await phone.send(item)
    shown = await folded()
    assert figures(shown) == (1, 1, 1)
    assert [(row["purpose"], row["people"]) for row in shown["by_purpose"]] == [("MEDICAL", 1)]
    await phone.send(correction(passage, direction="OUT"))
    assert figures(await folded()) == (1, 0, 0)
    await phone.send(
        correction(passage, minutes=1, direction="IN", checkpoint="HC02"),
        correction(person, from_code="420106"),
    )
    shown = await folded()
    assert figures(shown) == (1, 1, 1)
    assert [row["code"] for row in shown["by_checkpoint"] if row["passages"]] == ["HC02"]
    assert [(row["code"], row["people"]) for row in shown["by_origin"] if row["people"]] == [("420106", 1)]
    # An earlier correction that comes late does not win over a later one.
    await phone.send(correction(passage, minutes=-10, direction="OUT"))
    assert figures(await folded()) == (1, 1, 1)


async def test_a_record_of_a_slow_transaction_is_neither_missed_nor_counted_twice(
    phone: Phone, clean
) -> None:
    """A reader that remembered the last id would pass over the slow one."""
    slow = await connect_as(clean, "owner")()
    transaction = slow.transaction()
    await transaction.start()
    await slow.execute("SELECT pg_current_xact_id()")
    await phone.send(phone.passage())
    held = await folded()
    assert figures(held) == (0, 0, 0), "a newer record waits for the older writer"
    await transaction.rollback()
    await slow.close()
    shown = await folded()
    assert figures(shown) == (1, 1, 1)
    assert held["watermark"] is None or held["watermark"] < shown["watermark"]


async def test_the_watermark_never_claims_more_than_is_counted(phone: Phone, clean) -> None:
    await folded()
    slow = await connect_as(clean, "owner")()
    transaction = slow.transaction()
    await transaction.start()
    await slow.execute("SELECT pg_current_xact_id()")
    await phone.send(phone.passage())
    sent_at = datetime.now(UTC)
    await asyncio.sleep(1.1)
    held = await folded()
    assert datetime.fromisoformat(held["watermark"]) < sent_at
    await transaction.rollback()
    await slow.close()


@in_thread
def age_folds(minutes: int) -> None:
    """As if everything so far had been folded that much earlier."""
    with connections["owner"].cursor() as cursor:
        for table in ("cell", "fold"):
            cursor.execute(f"UPDATE {table} SET quarter = quarter - make_interval(mins => %s)", [minutes])
        cursor.execute(
            "UPDATE fold_position SET folded_at = folded_at - make_interval(mins => %s)", [minutes]
        )


async def test_what_was_known_then_stays_final_and_the_same_for_ever(phone: Phone) -> None:
    item = phone.passage()
    await phone.send(item)
    await folded()
    await age_folds(45)
    then = quarter_of(datetime.now(UTC) - timedelta(minutes=15))
    first = await folded(as_of=then)
    assert first["final"]
    assert figures(first) == (1, 1, 1)
    await phone.send(phone.passage(), correction(item["passage"]["id"], direction="OUT"))
    await folded()
    assert await folded(as_of=then + timedelta(minutes=3)) == first
    assert figures(await folded()) == (2, 1, 1)
    long_ago = await folded(as_of=datetime.now(UTC) - timedelta(days=1))
    assert figures(long_ago) == (0, 0, 0)


async def test_a_moment_not_yet_passed_is_not_final(phone: Phone) -> None:
    await phone.send(phone.passage())
    ahead = await folded(as_of=datetime.now(UTC) + timedelta(hours=1))
    assert not ahead["final"]
    assert figures(ahead) == (1, 1, 1)


async def test_the_recount_names_the_cells_that_differ(phone: Phone) -> None:
    await phone.send(phone.passage())
    await folded()

    @in_thread
    def spoil() -> list:
        with connections["owner"].cursor() as cursor:
            cursor.execute("UPDATE cell SET people = people + 1 WHERE cube = 'MEASURE'")
        return recount(worker_session()).differences

    (difference,) = await spoil()
    assert (difference.cube, difference.key) == ("MEASURE", "REGISTER")
    assert (difference.board[2], difference.records[2]) == (2, 1)


async def test_a_restored_cluster_is_noticed_instead_of_counted_wrongly(phone: Phone) -> None:
    @in_thread
    def go_back() -> str:
        with connections["owner"].cursor() as cursor:
            cursor.execute("UPDATE fold_position SET next_tx = next_tx + 1000000")
        try:
            fold(worker_session())
        except ClusterChanged:
            return "noticed"
        return "not noticed"

    assert await go_back() == "noticed"


async def test_many_random_records_corrections_and_folds_agree(phone: Phone) -> None:
    chance = random.Random(20200213)
    items: list[dict] = []
    for _ in range(12):
        batch = [phone.passage(**_changes(chance)) for _ in range(chance.randrange(1, 12))]
        items += batch
        for item in chance.sample(items, k=min(len(items), 6)):
            passage = item["passage"]
            batch.append(correction(passage["id"], minutes=chance.uniform(-20, 10), **_changes(chance)))
            person = passage["people"][0]["id"]
            batch.append(correction(person, from_code=chance.choice(("210381", "420106", "110105"))))
        chance.shuffle(batch)
        await phone.send(*batch)
        if chance.random() < 0.7:
            await folded()
    assert (await folded())["totals"]["passages"] == len(items)


def _changes(chance: random.Random) -> dict:
    return {
        "direction": chance.choice(("IN", "OUT")),
        "transport": chance.choice(("CAR", "TRUCK", "FOOT", "TRAIN")),
        "purpose": chance.choice(("COMMUTE", "FREIGHT", "VISIT")),
        "checkpoint": chance.choice(("HC01", "HC02")),
        "occurred_at": (datetime.now(UTC) - timedelta(hours=chance.randrange(72))).isoformat(),
    }
