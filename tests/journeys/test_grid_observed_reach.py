"""What PostgreSQL lets a grid worker's phone see and write of those under observation: its own grid, and in its own name."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction

from lianfang.command.models import RosterToken
from lianfang.journeys.grid_doors import hand_of
from lianfang.kernel.days import day_of
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import GridReach, grid_reach
from lianfang.people.models import Person
from lianfang.quarantine.models import CareNeed, CheckIn, FollowUp, OrderEvent, QuarantineOrder
from lianfang.quarantine.rules import SHIPPED
from tests.doors.desk import city
from tests.doors.doorstep import enrolled, handed, step
from tests.doors.handed import OTHER_VILLAGE
from tests.doors.observing import Ward, said, ward, well

__all__ = ["city", "handed", "step", "ward"]
SEEN = (QuarantineOrder, OrderEvent, CareNeed, CheckIn, FollowUp, Person)
GRANDSON = {"DEPENDANTS": {"needed": True, "need": "孙子", "carer": "王婶"}}


@pytest.fixture
def one(ward: Ward) -> QuarantineOrder:
    """Somebody with a line in every table."""
    made = ward.in_place()
    ward.follow_up(made)
    ward.step.send(well(made), said("PLACED", made, care=GRANDSON))
    return made


def seen(phone: GridReach) -> dict[str, int]:
    with grid_reach(phone):
        return {table.__name__: table.objects.count() for table in SEEN}


def report(phone: GridReach, order: QuarantineOrder, *, by: UUID | None = None) -> None:
    now = datetime.now(UTC)
    CheckIn.objects.create(
        id=uuid7(), order_id=order.id, on_day=day_of(now), half="MORNING", celsius="36.5", symptoms=[], by="GRID_DOOR",
        verdict="WELL", thresholds=SHIPPED.hash, occurred_at=now, received_at=now, jurisdiction=order.jurisdiction,
        roster_id=by or phone.roster_id,
    )  # fmt: skip


def test_its_own_grid_s(ward: Ward, one: QuarantineOrder) -> None:
    own = hand_of(ward.step.phone, datetime.now(UTC))
    assert all(count > 0 for count in seen(own).values()), seen(own)
    with grid_reach(own):
        report(own, one)


@pytest.mark.parametrize("why", ["neighbour", "expired", "revoked"])
def test_nothing_for_whoever_has_no_good_token_of_it(ward: Ward, one: QuarantineOrder, why: str) -> None:
    now, phone = datetime.now(UTC), ward.step.phone
    if why == "neighbour":
        _, phone = enrolled(ward.step.keeper.officer_id, OTHER_VILLAGE)
    elif why == "expired":
        RosterToken.objects.update(expires_at=now - timedelta(hours=1))
    else:
        RosterToken.objects.update(revoked_at=now)
    hand = hand_of(phone, now)
    assert set(seen(hand).values()) == {0}
    with grid_reach(hand):
        assert QuarantineOrder.objects.filter(pk=one.pk).update(state="BROKEN") == 0
        assert FollowUp.objects.update(supervised_at=now) == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            report(hand, one)


def test_no_report_in_another_s_name(ward: Ward, one: QuarantineOrder) -> None:
    own = hand_of(ward.step.phone, datetime.now(UTC))
    with grid_reach(own), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        report(own, one, by=uuid4())
