"""Around the tests of quarantine at the desk: people from Hubei whose orders were made from their referrals."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client

from lianfang.journeys.observing import order_all
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Reach
from lianfang.quarantine.models import OrderEvent, QuarantineOrder
from tests import factories
from tests.doors.desk import City
from tests.doors.handed import Handed
from tests.factories import HAICHENG

PAGE = "/desk/quarantine"
NOBODY = {f"{kind}-answer": "NO" for kind in ("DEPENDANTS", "MEDICINE", "DIALYSIS", "PREGNANCY")}


@dataclass
class Observed:
    """The city of hand-over, and whoever a rule puts under observation in it."""

    handed: Handed
    desk: Reach

    @property
    def city(self) -> City:
        return self.handed.city

    def family(self, people: int = 2, **said: Any) -> list[QuarantineOrder]:
        """Of one car from Wuhan, in the order of its people."""
        referrals = self.handed.over(people, **said)
        order_all(self.handed.worker, datetime.now(UTC))
        rows = {row.person_id: row for row in QuarantineOrder.objects.using("owner").all()}
        return [rows[one.person_id] for one in referrals if one.person_id]

    def one(self, **said: Any) -> QuarantineOrder:
        return self.family(1, **said)[0]


@pytest.fixture
def observed(handed: Handed) -> Observed:
    return Observed(handed, factories.officer("COUNTY_DESK", HAICHENG, name="观察员"))


def stands(one: QuarantineOrder) -> QuarantineOrder:
    return QuarantineOrder.objects.using("owner").get(pk=one.pk)


def change(one: QuarantineOrder, **columns: Any) -> None:
    QuarantineOrder.objects.using("owner").filter(pk=one.pk).update(**columns)


def done(one: QuarantineOrder) -> list[str]:
    events = OrderEvent.objects.using("owner").filter(order_id=one.id).order_by("received_at", "id")
    return list(events.values_list("kind", flat=True))


def address_of(one: QuarantineOrder) -> str:
    return f"{PAGE}/{one.id}"


def act(
    client: Client, one: QuarantineOrder, what: str, *, id: UUID | None = None, **said: Any
) -> HttpResponse:
    """A form of the page, sent."""
    return client.post(f"{address_of(one)}/{what}", {"id": str(id or uuid7(at=datetime.now(UTC))), **said})


def counts(page: str) -> dict[str, str]:
    """List → what its tab says."""
    return dict(re.findall(r'data-testid="list-(\w+)".*?>[^<]* ([\d,]+)</a>', page))
