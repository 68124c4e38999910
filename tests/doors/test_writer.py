"""Group commit under trouble: refused statements, a database that goes away, a queue that is full."""

import asyncio
import gc
import warnings

import msgspec
import pytest

from lianfang.checkpoints.intake.writer import Writer
from lianfang.kernel import group_commit
from lianfang.kernel.group_commit import Busy
from tests.doors.conftest import Phone, connect_as
from tests.doors.test_parcels import stored


@pytest.fixture
async def poison(clean):
    """The database refuses whatever an officer called 'poison' sends."""
    owner = await connect_as(clean, "owner")()
    await owner.execute("ALTER TABLE passage ADD CONSTRAINT no_poison CHECK (officer <> 'poison') NOT VALID")
    yield
    await owner.execute("ALTER TABLE passage DROP CONSTRAINT no_poison")
    await owner.close()


async def test_a_record_the_database_refuses_sinks_nobody_else(phone: Phone, clean, poison) -> None:
    good = [phone.passage() for _ in range(6)]
    bad = phone.passage(officer="poison")
    mixed = phone.passage()
    answers = await asyncio.gather(*(phone.send(item) for item in good), phone.send(bad, mixed))
    assert [receipt["status"] for (receipt,) in answers[:-1]] == ["ACCEPTED"] * 6
    refused, accepted = answers[-1]
    assert (refused["status"], refused["error"]["code"]) == ("SET_ASIDE", "REFUSED_BY_STORE")
    assert refused["id"] == bad["passage"]["id"]
    assert accepted["status"] == "ACCEPTED"
    assert len(await stored(clean, "SELECT id FROM passage")) == 7


async def test_a_refused_record_is_accepted_after_it_was_mended(phone: Phone, poison) -> None:
    bad = phone.passage(officer="poison")
    await phone.send(bad)
    bad["passage"]["officer"] = "HC-07"
    (receipt,) = await phone.send(bad)
    assert receipt["status"] == "ACCEPTED"
    assert [person["status"] for person in receipt["people"]] in (["ACCEPTED"], ["DUPLICATE"])


async def test_connections_that_die_are_replaced_and_nothing_is_lost(phone: Phone, clean) -> None:
    await phone.send(phone.passage())
    owner = await connect_as(clean, "admin")()

    async def cut() -> None:
        for _ in range(10):
            await owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'lianfang_intake'"
            )
            await asyncio.sleep(0.05)

    items = [phone.passage() for _ in range(120)]

    async def client(share: list[dict]) -> list[str]:
        return [(await phone.send(item))[0]["status"] for item in share]

    statuses, _ = await asyncio.gather(asyncio.gather(*(client(items[i::8]) for i in range(8))), cut())
    await owner.close()
    with (
        warnings.catch_warnings()
    ):  # the driver forgets the socket of a connection killed while it was being made
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
    assert {status for share in statuses for status in share} <= {"ACCEPTED", "DUPLICATE"}
    assert len(await stored(clean, "SELECT id FROM passage")) == 121


async def test_while_the_database_is_away_requests_wait_and_then_are_told_to_come_again(
    phone: Phone, monkeypatch
) -> None:
    monkeypatch.setattr(group_commit, "GIVE_UP_AFTER", 0.3)

    async def nobody_there():
        raise ConnectionRefusedError

    away = Writer(connect=nobody_there, keys=phone.door._keys)
    phone.door.writer, real = away, phone.door.writer
    away.start()
    answer = await phone.post(b'{"items":[' + msgspec.json.encode(phone.passage()) + b"]}")
    phone.door.writer = real
    await away.stop()
    assert (answer.status, answer.json["error"]["code"]) == (503, "BUSY")
    assert answer.headers["retry-after"] == "2"


async def test_a_full_queue_refuses_at_once(phone: Phone, monkeypatch) -> None:
    monkeypatch.setattr(group_commit, "MAX_WAITING", 0)
    with pytest.raises(Busy):
        await phone.door.writer.write([None])  # type: ignore[list-item]
    answer = await phone.post(b'{"items":[' + msgspec.json.encode(phone.passage()) + b"]}")
    assert answer.status == 503
