"""Households under observation with a link each, at the check-in door on a real database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from asgiref.sync import sync_to_async

from lianfang.doors.check_in import PAGE, REPORTS, CheckInDoor
from lianfang.kernel.ids import uuid7
from lianfang.machine.postgres import Database
from lianfang.quarantine.models import CheckIn, QuarantineOrder
from lianfang.quarantine.services.linking import issue_link
from tests.doors.asgi import Answer, ask
from tests.doors.conftest import connect_as
from tests.people.town import NOW, TODAY
from tests.quarantine.ward import Ward


@dataclass
class Household:
    """Two people of one slip, in place since 9 o'clock of two days ago; the door's clock says `at`, 9:30 of TODAY."""

    door: CheckInDoor
    ward: Ward
    orders: list[QuarantineOrder]
    token: str
    at: list[datetime] = field(default_factory=list)

    async def post(self, path: str, body: bytes = b"", *, token: str | None = None, **headers: str) -> Answer:
        bearer = {"authorization": f"Bearer {token or self.token}"}
        return await ask(self.door, "POST", path, body=body, **{**bearer, **headers})

    async def page(self, **changes: Any) -> Answer:
        return await self.post(PAGE, **changes)

    async def report(self, *reports: dict[str, Any], **changes: Any) -> Answer:
        return await self.post(REPORTS, msgspec.json.encode({"reports": reports}), **changes)

    async def receipts(self, *reports: dict[str, Any]) -> list[dict[str, Any]]:
        answer = await self.report(*reports)
        assert answer.status == 200, answer.body
        return answer.json["receipts"]

    def well(self, **changes: Any) -> dict[str, Any]:
        told = {"id": str(uuid7()), "place": 1, "celsius": 36.5, "symptoms": [], "at": self.at[0].isoformat()}
        return {**told, **changes}

    def later(self, **delta: int) -> None:
        self.at[0] += timedelta(**delta)


@pytest.fixture
async def household(clean: Database, ward: Ward) -> AsyncIterator[Household]:
    since = NOW - timedelta(days=2)

    def furnish() -> tuple[list[QuarantineOrder], str]:
        orders = [ward.in_place(at=since, day0=TODAY - timedelta(days=3)) for _ in range(2)]
        return orders, issue_link(by=ward.desk, at=since, orders=[one.id for one in orders])

    orders, token = await sync_to_async(furnish)()
    at = [NOW + timedelta(minutes=30)]
    door = CheckInDoor(connect=connect_as(clean, "app"), clock=lambda: at[0])
    door.start()
    yield Household(door, ward, orders, token, at)
    await door.stop()


@sync_to_async
def kept() -> list[CheckIn]:
    return list(CheckIn.objects.using("owner").order_by("received_at", "id"))


# Until the room of notices is there, what it would answer.
_STAND_IN = """
CREATE FUNCTION lianfang_place_notices(place bigint, moment timestamptz)
RETURNS TABLE (id uuid, division text, title text, body text, title_en text, body_en text, valid_from timestamptz,
               valid_until timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT gen_random_uuid(), '210381', '%s', '正文', '', '', moment, moment WHERE place / 1000000000000 = 210381
$$
"""


@asynccontextmanager
async def lay_notice(database: Database, title: str) -> AsyncIterator[None]:
    """The county of the household is told something."""
    owner = await connect_as(database, "owner")()
    there = await owner.fetchval("SELECT to_regclass('place_notice') IS NOT NULL")
    try:
        if there:
            await owner.execute(
                "INSERT INTO place_notice (id, division, jurisdiction, title, body, title_en, body_en, valid_from, valid_until, "
                "author_id, written_at, approver_id, approved_at, reason) SELECT $1, '210381', 210381000000000000, $2, '正文', "
                "'', '', $3, $4, min(id::text)::uuid, $3, max(id::text)::uuid, $3, '' FROM officer",
                uuid7(), title, NOW - timedelta(days=1), NOW + timedelta(days=1),
            )  # fmt: skip
        else:
            await owner.execute(_STAND_IN % title)
        yield
    finally:
        if not there:
            await owner.execute("DROP FUNCTION lianfang_place_notices(bigint, timestamptz)")
        await owner.close()
