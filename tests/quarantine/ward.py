"""People of a generated grid under observation: nobody here exists."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from lianfang.command.models import RosterToken
from lianfang.kernel.divisions import span
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import GridReach, Reach
from lianfang.kernel.tokens import hashed
from lianfang.quarantine.models import CheckIn, FollowUp, OrderEvent, QuarantineOrder
from lianfang.quarantine.rules import half_day
from lianfang.quarantine.services import (
    CareAnswers,
    CareTold,
    OrderReason,
    WrittenBeside,
    keep_facility,
    order,
    put_in_place,
    set_rooms,
)
from tests.people.town import GRID, NOW, TODAY, Town

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOBODY_DEPENDS = CareAnswers(not_needed=("DEPENDANTS", "MEDICINE", "DIALYSIS", "PREGNANCY"))
WHY = WrittenBeside("工作上的理由")
GRANDSON = CareAnswers(needed={"DEPENDANTS": CareTold("三岁的孙子", "邻居王婶", "13900000001")})


@dataclass
class Ward:
    """Everything happens at NOW (9 o'clock of TODAY) unless it is told otherwise."""

    town: Town

    @property
    def desk(self) -> Reach:
        return self.town.desk

    def person(self, **said: Any) -> UUID:
        return self.town.open(self.town.facts(**said)).id

    def ordered(self, *, person: UUID | None = None, division: str = GRID, day0: date = TODAY, days: int = 14,
                at: datetime = NOW, by: Reach | None = None, kind: str = "HOME") -> QuarantineOrder:  # fmt: skip
        return order(
            by=by or self.desk, at=at, id=uuid7(), person=person or self.person(), division=division,
            why=OrderReason("OFFICER", day0, days), kind=kind,
        )  # fmt: skip

    def in_place(
        self, *, at: datetime = NOW, care: CareAnswers = NOBODY_DEPENDS, **said: Any
    ) -> QuarantineOrder:
        made = self.ordered(at=at, **said)
        put_in_place(by=said.get("by") or self.desk, at=at, id=uuid7(), order=made.id, answers=care)
        return self.again(made)

    def facility(self, *, rooms: Mapping[str, int], division: str = "210381", name: str = "招待所") -> UUID:
        made = keep_facility(by=self.desk, at=NOW, id=uuid7(), name=name, division=division)
        set_rooms(by=self.desk, at=NOW, facility=made.id, rooms=rooms)
        return made.id

    def reported(self, one: QuarantineOrder, verdict: str, at: datetime) -> None:
        """A report of that half-day, as it was judged."""
        half = half_day(at)
        CheckIn.objects.using("owner").create(
            order_id=one.id, on_day=half.day, half=half.half, symptoms=[], by="SELF", verdict=verdict, thresholds="t" * 64,
            occurred_at=at, received_at=at, jurisdiction=one.jurisdiction,
        )  # fmt: skip

    def followed(self, one: QuarantineOrder, kind: str, at: datetime, outcome: str | None = None) -> UUID:
        half = half_day(at)
        return FollowUp.objects.using("owner").create(
            order_id=one.id, kind=kind, since_day=half.day, since_half=half.half, jurisdiction=one.jurisdiction, opened_at=at,
            due_at=at + HOUR, closed_at=at if outcome else None, outcome=outcome,
        ).id  # fmt: skip

    def again(self, one: QuarantineOrder) -> QuarantineOrder:
        return QuarantineOrder.objects.using("owner").get(pk=one.pk)

    def done(self, one: QuarantineOrder) -> list[str]:
        """What was done about it, in order."""
        events = OrderEvent.objects.using("owner").filter(order_id=one.pk)
        return list(events.order_by("occurred_at", "id").values_list("kind", flat=True))

    def phone(self, division: str = GRID, *, at: datetime = NOW, token: str = "roster-token") -> GridReach:
        """A grid worker's phone, good for a day."""
        lo, hi = span(division)
        made = RosterToken.objects.create(
            name="网格员", division=division, lo=lo, hi=hi, token_hash=hashed(token), code_expires_at=at, invited_at=at,
            invited_by_id=self.desk.officer_id, enrolled_at=at, expires_at=at + DAY,
        )  # fmt: skip
        return GridReach(made.id, hashed(token), lo, hi, at)


@pytest.fixture
def ward(town: Town) -> Ward:
    return Ward(town)
