"""Rows of paper come in at the desk instead of the intake's door: the same journey, and as durable."""

import asyncio
from datetime import datetime
from typing import Any

import asyncpg
import msgspec
from django.conf import settings

from lianfang.checkpoints.intake.reception import Reception, Sender
from lianfang.checkpoints.intake.sealed import Unsealer
from lianfang.checkpoints.intake.writer import Busy, Writer
from lianfang.checkpoints.queries.devices import posts
from lianfang.journeys.arrival import take_parcel
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.refusals import Refusal
from lianfang.machine.postgres import Database


def receive(parcel: bytes, *, sender: Sender, at: datetime) -> list[dict[str, Any]]:
    """The receipts of a parcel's items, in order. Written by the intake's own role; again, it is harmless."""
    keys = key_folder()
    reception = Reception(sender, at, keys, posts(), Unsealer(keys))
    try:
        answer = asyncio.run(_take(parcel, reception))
    except Busy:
        raise Refusal(
            "BUSY",
            "数据库暂时存不进去，什么也没有保存，请过一会儿再试。",
            "The database cannot take it now and nothing was saved: try again in a while.",
            status=503,
        ) from None
    receipts: list[dict[str, Any]] = msgspec.json.decode(answer)["receipts"]
    return receipts


async def _take(parcel: bytes, reception: Reception) -> bytes:
    database = Database.read(settings.DATA)
    if database is None:
        raise Busy
    dsn = database.dsn("intake")
    writer = Writer(
        connect=lambda: asyncpg.connect(dsn, timeout=5, command_timeout=60), keys=reception.keys, flushers=1
    )
    writer.start()
    try:
        return await take_parcel(parcel, reception=reception, writer=writer)
    finally:
        await writer.stop()
