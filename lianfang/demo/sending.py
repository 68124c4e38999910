"""Sending through the intake itself: the same journey a phone's request makes, without the network between."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime

import asyncpg
import msgspec
from asgiref.sync import sync_to_async
from django.conf import settings

from lianfang.checkpoints.intake.reception import Post, Reception
from lianfang.checkpoints.intake.sealed import Unsealer
from lianfang.checkpoints.intake.writer import Writer
from lianfang.checkpoints.models import Device
from lianfang.checkpoints.queries.enrolled import sender_of
from lianfang.demo.outbox import LanePhone, Parcel
from lianfang.journeys.arrival import take_parcel
from lianfang.kernel.group_commit import Busy
from lianfang.kernel.key_folder import key_folder
from lianfang.machine.postgres import Database
from lianfang.screening.queries import book as rule_book

AT_ONCE = 24  # parcels under way: enough to fill a commit while the next ones are read
PATIENCE, RETRY = 60.0, 0.5  # seconds: how long a parcel is sent again while the database is away


@dataclass(slots=True)
class ReceiptTally:
    """How many receipts of each kind came back, for passages, people and corrections together."""

    accepted: int = 0
    duplicates: int = 0
    conflicts: int = 0
    set_aside: int = 0

    def note(self, answer: bytes) -> None:
        for field, status in zip(
            fields(self), (b"ACCEPTED", b"DUPLICATE", b"CONFLICT", b"SET_ASIDE"), strict=True
        ):
            found = answer.count(b'"status":"' + status + b'"')
            setattr(self, field.name, getattr(self, field.name) + found)


class Intake:
    """A writer with the demo's devices; counts what it is answered."""

    def __init__(self, writer: Writer, devices: dict[LanePhone, Device]) -> None:
        self.receipts = ReceiptTally()
        self._writer = writer
        self._unsealer = Unsealer(key_folder())
        self._senders = {sender: sender_of(device) for sender, device in devices.items()}
        self._posts = {
            device.checkpoint_id: Post(device.checkpoint_id, device.checkpoint.jurisdiction)
            for device in devices.values()
        }

    async def send(self, parcels: Iterable[Parcel]) -> None:
        """Returns when all of it is durable. Several are under way at a time."""
        waiting = iter(parcels)

        async def carry() -> None:
            for parcel in waiting:
                await self.send_one(parcel)

        await asyncio.gather(*(carry() for _ in range(AT_ONCE)))

    async def send_one(self, parcel: Parcel) -> None:
        body = msgspec.json.encode({"parcel_id": str(parcel.received), "items": parcel.items})
        received_at = datetime.fromtimestamp(parcel.received / 1000, UTC)
        reception = Reception(
            self._senders[parcel.sender], received_at, key_folder(), self._posts, self._unsealer
        )
        book = await sync_to_async(rule_book)()
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while True:
            try:
                self.receipts.note(
                    await take_parcel(body, reception=reception, writer=self._writer, book=book)
                )
                return
            except Busy:  # as a phone would: nothing was promised, so the same again
                if asyncio.get_running_loop().time() > deadline:
                    raise
                await asyncio.sleep(RETRY)


@asynccontextmanager
async def intake(devices: dict[LanePhone, Device], *, flushers: int = 2) -> AsyncIterator[Intake]:
    """The intake on this city's database, by the intake's own role."""
    database = Database.read(settings.DATA)
    if database is None:
        raise RuntimeError("no database")
    place = database.parameters("intake")
    place["database"] = place.pop("dbname")
    writer = Writer(connect=lambda: asyncpg.connect(**place), keys=key_folder(), flushers=flushers)
    writer.start()
    try:
        yield Intake(writer, devices)
    finally:
        await writer.stop()
