"""Around the tests of who is observed in a grid: the village of the doorstep with people under observation, and the phone's items."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse

from lianfang.kernel.days import day_of
from lianfang.kernel.ids import uuid7
from lianfang.quarantine.models import CareNeed, CheckIn, FollowUp, OrderEvent, QuarantineOrder
from lianfang.quarantine.services import CareAnswers, OrderReason, order, put_in_place
from tests.doors.doorstep import PIN, Doorstep, Json, ago, post
from tests.doors.handed import VILLAGE

DAY = timedelta(days=1)
NOBODY = CareAnswers(not_needed=("DEPENDANTS", "MEDICINE", "DIALYSIS", "PREGNANCY"))
NO_CARE: Json = {
    kind: {"needed": False} for kind in ("DEPENDANTS", "MEDICINE", "DIALYSIS", "PREGNANCY")
}  # all four asked, nothing needed


@dataclass
class Ward:
    """People of the village under an order."""

    step: Doorstep

    def ordered(
        self, *, division: str = VILLAGE, person: UUID | None = None, days_ago: int = 3
    ) -> QuarantineOrder:
        at = datetime.now(UTC) - timedelta(days=days_ago)
        return order(
            by=self.step.keeper, at=at, id=uuid7(at=at), person=person or self.step.resident(), division=division,
            why=OrderReason("OFFICER", day_of(at)),
        )  # fmt: skip

    def in_place(self, **said: Any) -> QuarantineOrder:
        made = self.ordered(**said)
        at = made.ordered_at + timedelta(minutes=1)
        put_in_place(by=self.step.keeper, at=at, id=uuid7(at=at), order=made.id, answers=NOBODY)
        return self.again(made)

    def again(self, one: QuarantineOrder) -> QuarantineOrder:
        return QuarantineOrder.objects.using("owner").get(pk=one.pk)

    def ask(self, token: str | None = None, pin: str = PIN) -> HttpResponse:
        return post("/api/v1/roster/observed", {"pin": pin}, token or self.step.token)

    def shown(self) -> list[Json]:
        response = self.ask()
        assert response.status_code == 200, response.content
        return list(response.json()["people"])

    def follow_up(self, one: QuarantineOrder, kind: str = "VISIT") -> FollowUp:
        now = datetime.now(UTC)
        return FollowUp.objects.using("owner").create(
            id=uuid7(), order_id=one.id, kind=kind, since_day=day_of(now - DAY), since_half="EVENING",
            jurisdiction=one.jurisdiction, opened_at=now, due_at=now + timedelta(hours=4),
        )  # fmt: skip


def said(kind: str, one: QuarantineOrder, **more: Any) -> Json:
    return {"kind": kind, "id": str(uuid7()), "order": str(one.id), "occurred_at": ago(2), **more}


def well(one: QuarantineOrder, **more: Any) -> Json:
    return said("CHECK_IN", one, **{"celsius": 36.5, "symptoms": [], "way": "GRID_DOOR", **more})


def done(one: QuarantineOrder) -> list[str]:
    events = OrderEvent.objects.using("owner").filter(order_id=one.pk)
    return list(events.order_by("occurred_at", "id").values_list("kind", flat=True))


def reports(one: QuarantineOrder) -> list[CheckIn]:
    return list(CheckIn.objects.using("owner").filter(order_id=one.pk).order_by("occurred_at"))


def care_of(one: QuarantineOrder) -> dict[str, bool]:
    """Kind → whether somebody cares, of what is open."""
    rows = CareNeed.objects.using("owner").filter(order_id=one.pk, settled_at=None)
    return dict(rows.values_list("kind", "has_carer"))


@pytest.fixture
def ward(step: Doorstep) -> Ward:
    return Ward(step)
