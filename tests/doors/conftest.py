"""A checkpoint with an enrolled device, and the intake's door on a real database."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import msgspec
import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from lianfang.checkpoints.models import Checkpoint, Device
from lianfang.demo.traffic import Traffic
from lianfang.doors.intake import IntakeDoor
from lianfang.doors.phone.declarations import MISSES
from lianfang.doors.phone.grid import GRID_CODES, GRID_PINS
from lianfang.doors.phone.views import CODES
from lianfang.doors.public.declaring import DECLARATIONS, ROSTER_CODES, ROSTERS
from lianfang.doors.village_check_in import VILLAGE_MISSES, VILLAGE_PAGES, VILLAGE_REPORTS
from lianfang.kernel.divisions import as_integer
from lianfang.kernel.key_folder import KeyFolder
from lianfang.kernel.tokens import hashed, new_token
from lianfang.machine.postgres import Database
from tests.doors.asgi import Answer, ask
from tests.doors.desk import at_desk, city, make_places  # noqa: F401 -- a fixture
from tests.doors.orders import orders  # noqa: F401 -- a fixture
from tests.quarantine.ward import Ward


@pytest.fixture(autouse=True)
def nobody_has_tried_yet() -> None:
    """What one test spends of an hour's allowance is not missing in the next, whichever order they run in."""
    for spent in (DECLARATIONS, ROSTERS, ROSTER_CODES, MISSES, CODES, GRID_CODES, GRID_PINS):
        spent.forget()
    for checked_in in (VILLAGE_MISSES, VILLAGE_PAGES, VILLAGE_REPORTS):
        checked_in.forget()


@pytest.fixture
def at() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def desk(ward: Ward) -> Client:
    """Who orders in the ward, at his desk; places have names. For a module that brings the ward in."""
    make_places()
    return at_desk(ward.desk)


def make_checkpoint(code: str = "HC01", division: str = "210381") -> Checkpoint:
    return Checkpoint.objects.create(
        code=code,
        name=f"{code}卡口",
        tier="BORDER",
        kind="TOLL_GATE",
        division=division,
        jurisdiction=as_integer(division),
        opened_at=datetime.now(UTC) - timedelta(days=40),
    )


def make_device(checkpoint: Checkpoint, **changes: Any) -> str:
    """The token of a new device."""
    token = new_token("device")
    at = datetime.now(UTC)
    fields = {
        "name": "1道手机",
        "enrolled_at": at - timedelta(days=35),
        "expires_at": at + timedelta(days=1),
        "items_per_second": None,
        **changes,
    }
    Device.objects.create(checkpoint=checkpoint, token_hash=hashed(token), **fields)
    return token


@dataclass
class Phone:
    """A device at the intake's door."""

    door: IntakeDoor
    token: str
    traffic: Traffic

    async def post(self, body: bytes, **headers: str) -> Answer:
        return await ask(
            self.door,
            "POST",
            "/api/v1/parcels",
            body=body,
            **{"authorization": f"Bearer {self.token}", **headers},
        )

    async def send(self, *items: dict) -> list[dict]:
        """The receipts of the items."""
        answer = await self.post(msgspec.json.encode({"parcel_id": "p-1", "items": items}))
        assert answer.status == 200, answer.body
        assert len(answer.json["receipts"]) == len(items)
        return answer.json["receipts"]

    def passage(self, **changes: Any) -> dict:
        """A passage item with one person; `person` changes that person."""
        person = changes.pop("person", {})
        passage = self.traffic.passage(checkpoint="HC01", at=datetime.now(UTC))
        passage.update(transport="CAR", direction="IN", plate="辽C12345", purpose="COMMUTE")
        passage.pop("trip", None)
        passage["people"] = [passage["people"][0]]
        passage["people"][0].update(
            from_code="210302",
            stays=[],
            symptoms=[],
            temperatures=[{"celsius": 36.5, "site": "FOREHEAD", "state": "READ"}],
        )
        passage["people"][0].update(person)
        passage.update(changes)
        return {"kind": "PASSAGE", "passage": passage}


def connect_as(database: Database, role: str) -> Callable[[], Any]:
    place = database.parameters(role)  # type: ignore[arg-type]
    place["database"] = place.pop("dbname")
    return lambda: asyncpg.connect(**place)


@pytest.fixture
async def phone(clean: Database, keys: KeyFolder) -> AsyncIterator[Phone]:
    def furnish() -> str:
        make_checkpoint("HC02")
        return make_device(make_checkpoint("HC01"))

    token = await sync_to_async(furnish)()
    door = IntakeDoor(connect=connect_as(clean, "intake"), keys=keys)
    door.writer.start()
    yield Phone(door, token, Traffic(seed=7))
    await door.writer.stop()
    door.registry.close()
