"""Around the tests of a grid worker's phone at the doors: a village with people handed over to it, and the phone's items."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.hashers import make_password
from django.http import HttpResponse
from django.test import Client

from lianfang.command.models import RosterToken
from lianfang.journeys.referring import refer_all
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import span
from lianfang.kernel.ids import uuid7
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.reach import Reach
from lianfang.kernel.tokens import hashed, new_token
from lianfang.people.facts import Call, DoorTold, PersonTold
from lianfang.people.models import Household
from lianfang.people.services import Door, join, open_file, open_households
from lianfang.referrals.models import Referral
from tests import factories
from tests.doors.handed import VILLAGE, Handed, handed
from tests.factories import HAICHENG
from tests.sealing import SealedOutbox

__all__ = ["handed"]

PIN = "2580"
MINUTE = timedelta(minutes=1)
Json = dict[str, Any]


def post(address: str, body: Any, token: str) -> HttpResponse:
    sent = body if isinstance(body, str | bytes) else json.dumps(body)
    headers = {"Authorization": f"Bearer {token}"}
    return Client(headers=headers).post(address, sent, content_type="application/json")


@dataclass
class Doorstep:
    """The village's phone; `keeper` keeps people at the county's desk."""

    handed: Handed
    keeper: Reach
    token: str
    phone: RosterToken

    def over(self, people: int = 1, **said: Any) -> list[Referral]:
        return self.handed.over(people, **said)

    def at(self, address: str | None, people: int = 1, **person: Any) -> list[Referral]:
        """People from Wuhan who gave this address in the village."""
        made = self.handed.city.generated
        told = {"from_code": "420100", "destination": {"code": VILLAGE, "address": address}}
        passage = self.handed.city.register(people=[made.person(**{**told, **person}) for _ in range(people)])
        refer_all(self.handed.worker)
        rows = {str(row.registration_id): row for row in Referral.objects.using("owner").all()}
        return [rows[one["id"]] for one in passage["people"]]

    def doors(self, token: str | None = None, pin: str = PIN) -> HttpResponse:
        return post("/api/v1/roster/doors", {"pin": pin}, token or self.token)

    def shown(self) -> Json:
        response = self.doors()
        assert response.status_code == 200, response.content
        return dict(response.json())

    def households(self, token: str | None = None, **said: Any) -> HttpResponse:
        return post("/api/v1/roster/households", {"pin": PIN, **said}, token or self.token)

    def send(self, *items: Any, token: str | None = None) -> list[Json]:
        """The receipts, one an item."""
        response = post("/api/v1/roster/answers", {"answers": items}, token or self.token)
        assert response.status_code == 200, response.content
        receipts = list(response.json()["receipts"])
        assert len(receipts) == len(items)
        return receipts

    def home(
        self, number: int = 1, *, division: str = VILLAGE, people: Sequence[UUID] = ()
    ) -> list[Household]:
        """Doors of the village; these people live behind the first of them."""
        doors = [Door(division, DoorTold(address=f"丰台路{n + 1}号3单元201")) for n in range(number)]
        made = open_households(by=self.keeper, at=datetime.now(UTC), doors=doors)
        for person in people:
            join(
                by=self.keeper,
                at=datetime.now(UTC) - 2 * MINUTE,
                person=person,
                household=made[0].id,
                relation="HEAD",
            )
        return made

    def resident(self, name: str = "沈平安", **said: Any) -> UUID:
        call = Call("IMPORT", str(uuid7()))
        facts = PersonTold(name=name, phone="13900001234", remarks=("LIVES_ALONE",), **said)
        made = open_file(by=self.keeper, at=datetime.now(UTC), call=call, facts=facts, division=VILLAGE)
        return made.id


def enrolled(invited_by: UUID, division: str = VILLAGE, **changes: Any) -> tuple[str, RosterToken]:
    """A phone of a grid, enrolled an hour ago."""
    token, at, (lo, hi) = new_token("roster"), datetime.now(UTC), span(division)
    fields = {
        "name": "王网格", "division": division, "lo": lo, "hi": hi, "token_hash": hashed(token), "code_expires_at": at,
        "pin_hash": make_password(PIN), "invited_by_id": invited_by, "invited_at": at - timedelta(hours=1),
        "enrolled_at": at - timedelta(hours=1), "expires_at": at + timedelta(hours=23), **changes,
    }  # fmt: skip
    return token, RosterToken.objects.create(**fields)


@pytest.fixture
def step(handed: Handed) -> Doorstep:
    keeper = factories.officer("COUNTY_DESK", HAICHENG, name="海城档案")
    token, phone = enrolled(keeper.officer_id)
    return Doorstep(handed, keeper, token, phone)


def ago(minutes: float) -> str:
    return (datetime.now(UTC) - minutes * MINUTE).isoformat()


def answer(one: Referral, what: str = "ARRIVED", **said: Any) -> Json:
    given = {
        "kind": "REFERRAL",
        "id": str(uuid7()),
        "referral": str(one.id),
        "answer": what,
        "occurred_at": ago(5),
    }
    return {**given, **said}


def sealed(item: Json, box: SealedOutbox | None = None) -> Json:
    """As the phone keeps it."""
    box = box or SealedOutbox.to(key_folder().outbox(day_of(datetime.now(UTC))))
    return box.bytes(json.dumps(item, ensure_ascii=False).encode(), item["id"])
