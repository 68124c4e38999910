"""The intake at the desk: what comes there as a file or on paper is taken by the same journey, and as durable."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import asyncpg
import msgspec
from django.conf import settings

from lianfang.checkpoints.intake.reception import Reception, Sender
from lianfang.checkpoints.intake.sealed import Unsealer
from lianfang.checkpoints.intake.writer import Writer
from lianfang.checkpoints.queries.devices import posts
from lianfang.journeys.arrival import take_parcel
from lianfang.kernel.group_commit import Busy
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.refusals import Refusal
from lianfang.machine.postgres import Database
from lianfang.screening.queries import book

Receipts = list[dict[str, Any]]
Take = Callable[[bytes, Reception], Receipts]


def received_from(sender: Sender, *, at: datetime) -> Reception:
    """What the parcels of one sender are made with at the desk."""
    keys = key_folder()
    return Reception(sender, at, keys, posts(), Unsealer(keys))


@contextmanager
def intake_at_the_desk() -> Iterator[Take]:
    """Takes parcels one after another and answers their receipts, on a loop and a connection of its own. Raises Busy."""
    writer = Writer(connect=connect_as_intake, keys=key_folder(), flushers=1)
    with asyncio.Runner() as loop:

        def take(parcel: bytes, reception: Reception) -> Receipts:
            rules = book(
                anew=True
            )  # a file takes minutes; asked here, since Django is not asked within the loop
            answer = loop.run(take_parcel(parcel, reception=reception, writer=writer, book=rules))
            receipts: Receipts = msgspec.json.decode(answer)["receipts"]
            return receipts

        loop.run(_started(writer))
        try:
            yield take
        finally:
            loop.run(writer.stop())


def receive(parcel: bytes, *, sender: Sender, at: datetime) -> Receipts:
    """The receipts of one parcel's items, in order. Again, it is harmless."""
    try:
        with intake_at_the_desk() as take:
            return take(parcel, received_from(sender, at=at))
    except Busy:
        raise Refusal(
            "BUSY",
            "数据库暂时存不进去，什么也没有保存，请过一会儿再试。",
            "The database cannot take it now and nothing was saved: try again in a while.",
            status=503,
        ) from None


async def connect_as_intake() -> asyncpg.Connection:
    """In the intake's role, which inserts and reads no blob: the pages' own may not write records."""
    database = Database.read(settings.DATA)
    if database is None:
        raise OSError("no database")
    return await asyncpg.connect(
        database.dsn("intake"),
        timeout=5,
        command_timeout=60,
        server_settings={"jit": "off", "application_name": "lianfang desk intake"},
    )


async def _started(writer: Writer) -> None:
    writer.start()
