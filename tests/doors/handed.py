"""Around the tests of hand-over at the desk: people from Hubei who were handed over to a village of 孤山镇."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client

from lianfang.command.services import worker_session
from lianfang.journeys.referring import refer_all
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Reach
from lianfang.referrals.models import Referral, ReferralEvent
from tests import factories
from tests.doors.desk import City
from tests.factories import XIUYAN

VILLAGE, OTHER_VILLAGE, NEXT_COUNTY, BEYOND = "210381101200", "210381101201", "210323", "210103"


@dataclass
class Handed:
    """The city, and acts of its people as the pages take them."""

    city: City
    worker: Reach = field(default_factory=worker_session)

    def over(self, people: int = 1, *, destination: str | None = VILLAGE, at: datetime | None = None, address: str = "东区3号楼2单元", **person: Any) -> list[Referral]:  # fmt: skip
        """A car from Wuhan; its referrals in the order of its people."""
        told = {"code": destination, "address": address} if destination else None
        made = self.city.generated
        party = [made.person(**{"from_code": "420100", "destination": told, **person}) for _ in range(people)]
        passage = self.city.register(people=party)
        refer_all(self.worker, at=at)
        rows = {str(row.registration_id): row for row in Referral.objects.using("owner").all()}
        return [rows[one["id"]] for one in passage["people"]]

    def one(self, **said: Any) -> Referral:
        return self.over(**said)[0]


@pytest.fixture
def handed(city: City) -> Handed:
    factories.checkpoint("NEXT", division=XIUYAN)  # the city is the two counties
    return Handed(city)


def stands(one: Referral) -> Referral:
    return Referral.objects.using("owner").get(pk=one.pk)


def kinds(one: Referral) -> list[str]:
    events = ReferralEvent.objects.using("owner").filter(referral_id=one.id).order_by("received_at", "id")
    return list(events.values_list("kind", flat=True))


def act(client: Client, one: Referral, what: str, *, id: UUID | None = None, **said: str) -> HttpResponse:
    """A form of the page, sent."""
    given = {"id": str(id or uuid7(at=datetime.now(UTC))), **said}
    return client.post(f"/desk/referrals/{one.id}/{what}", given)


def address_of(one: Referral) -> str:
    return f"/desk/referrals/{one.id}"


def counts(page: str) -> dict[str, str]:
    """List → what its tab says."""
    return dict(re.findall(r'data-testid="list-(\w+)".*?>[^<]* ([\d,]+)</a>', page))
