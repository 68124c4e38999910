"""Replaying any parcels any number of times in any order, through any server, leaves the rows that the first time left."""

import asyncio
import copy
import random
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianfang.doors.intake import IntakeDoor
from lianfang.kernel.key_folder import KeyFolder
from lianfang.machine.postgres import Database
from tests.doors.conftest import Phone, connect_as
from tests.doors.parcels import corrections, passages

TABLES = ("passage", "registration", "correction")
# Not the content of a record: who wrote it when, and the nonce it was sealed with.
ROWS = "SELECT to_jsonb(r) - 'tx' - 'received_at' - 'sealed' AS row FROM {} r WHERE id = ANY($1) ORDER BY id"
EVERYTHING = "SELECT to_jsonb(r) AS row FROM {} r WHERE id = ANY($1) ORDER BY id"

budget = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)  # fmt: skip

Item = dict[str, Any]


@st.composite
def parcels(draw: st.DrawFn) -> list[list[Item]]:
    """Passages and corrections of them, spread over parcels; some come in more than one, some with fewer people."""
    visits = draw(st.lists(passages(), min_size=1, max_size=4))
    known = [visit["id"] for visit in visits] + [one["id"] for visit in visits for one in visit["people"]]
    mended = draw(st.lists(corrections(of=st.sampled_from(known)), max_size=3))
    items = [{"kind": "PASSAGE", "passage": visit} for visit in visits]
    items += [{"kind": "CORRECTION", "correction": correction} for correction in mended]
    fewer = [copy.deepcopy(item) for item in items if item["kind"] == "PASSAGE" and draw(st.booleans())]
    for item in fewer:
        item["passage"]["people"] = item["passage"]["people"][: draw(st.integers(0, 2))]
    spread = [*items, *fewer, *draw(st.lists(st.sampled_from(items), max_size=3))]
    cut = draw(st.integers(1, len(spread)))
    return [part for part in (spread[:cut], spread[cut:]) if part]


class City:
    """Two servers on one database, and what lies in it."""

    def __init__(self, phone: Phone, other: IntakeDoor, database: Database) -> None:
        self._phones = [phone, Phone(other, phone.token, phone.traffic)]
        self._connect = connect_as(database, "owner")
        self._counts: Counter[tuple[str, str]] = Counter()

    async def send(self, parcel: list[Item], *, server: int = 0) -> None:
        for receipt in await self._phones[server].send(*parcel):
            for record in (receipt, *receipt["people"]):
                self._counts[record["id"], record["status"]] += 1

    def times(self, status: str) -> dict[str, int]:
        """How often each record was answered so."""
        return {id_: count for (id_, said), count in self._counts.items() if said == status}

    def forget_answers(self) -> None:
        self._counts.clear()

    async def rows(self, ids: list[str], statement: str = ROWS) -> list[str]:
        connection: asyncpg.Connection = await self._connect()
        try:
            found = [await connection.fetch(statement.format(table), ids) for table in TABLES]
            return [row["row"] for rows in found for row in rows]
        finally:
            await connection.close()

    async def erase(self, ids: list[str]) -> None:
        connection: asyncpg.Connection = await self._connect()
        try:
            for table in TABLES:
                await connection.execute(f"DELETE FROM {table} WHERE id = ANY($1)", ids)
        finally:
            await connection.close()


def ids_of(sent: list[list[Item]]) -> list[str]:
    ids = set()
    for item in (item for parcel in sent for item in parcel):
        inner = item.get("passage") or item["correction"]
        ids |= {inner["id"], *(person["id"] for person in inner.get("people", ()))}
    return sorted(ids)


@pytest.fixture
async def city(phone: Phone, clean: Database, keys: KeyFolder) -> AsyncIterator[City]:
    at = phone.door._clock()
    phone.door._clock = lambda: (
        at
    )  # midnight may pass while this runs; a record must still count on the same day
    other = IntakeDoor(connect=connect_as(clean, "intake"), keys=KeyFolder(keys.path), clock=lambda: at)
    other.writer.start()
    yield City(phone, other, clean)
    await other.writer.stop()
    other.registry.close()


@budget
@given(sent=parcels(), chance=st.randoms(use_true_random=False))
async def test_any_order_and_any_repetition_leaves_the_rows_of_the_first_time(
    city: City, sent: list[list[Item]], chance: random.Random
) -> None:
    ids = ids_of(sent)
    for parcel in sent:
        await city.send(parcel)
    first = await city.rows(ids)
    await city.erase(ids)
    again = sent * 2
    chance.shuffle(again)
    for parcel in again:
        shuffled = list(parcel)
        chance.shuffle(shuffled)
        await city.send(shuffled)
    assert await city.rows(ids) == first


@budget
@given(sent=parcels())
async def test_what_stands_is_never_touched_again_and_each_record_is_new_once(
    city: City, sent: list[list[Item]]
) -> None:
    ids = ids_of(sent)
    city.forget_answers()
    for parcel in sent:
        await city.send(parcel)
    first = await city.rows(ids, EVERYTHING)
    for parcel in reversed(sent):
        await city.send(parcel)
    assert await city.rows(ids, EVERYTHING) == first
    assert set(city.times("ACCEPTED").values()) <= {1}
    assert not city.times("CONFLICT")


@budget
@given(sent=parcels())
async def test_two_servers_that_take_the_same_parcels_at_once_accept_each_record_once(
    city: City, sent: list[list[Item]]
) -> None:
    ids = ids_of(sent)
    city.forget_answers()
    await asyncio.gather(*(city.send(parcel, server=n % 2) for n in range(6) for parcel in sent))
    stored = await city.rows(ids)
    accepted = city.times("ACCEPTED")
    assert set(accepted.values()) <= {1}
    assert len(accepted) == len(stored)
    assert not city.times("CONFLICT")


@budget
@given(sent=parcels())
async def test_other_content_under_a_known_id_changes_no_row(city: City, sent: list[list[Item]]) -> None:
    ids = ids_of(sent)
    for parcel in sent:
        await city.send(parcel)
    first = await city.rows(ids, EVERYTHING)
    forged = copy.deepcopy(sent)
    for item in (item for parcel in forged for item in parcel):
        inner = item.get("passage") or item["correction"]
        inner["officer"] = "另一人"
        for person in inner.get("people", ()):
            person["name"] = "另一人"
    for parcel in forged:
        await city.send(parcel)
    assert await city.rows(ids, EVERYTHING) == first
