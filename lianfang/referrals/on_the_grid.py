"""Questions of a grid worker's phone: who is handed over to its own grid. Asked inside `grid_reach(phone)`."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Case, IntegerField, Q, Value, When

from lianfang.kernel.reach import GridReach
from lianfang.kernel.within import within
from lianfang.referrals.models import Referral, ReferralEvent
from lianfang.referrals.services.sheets import WALKED
from lianfang.referrals.states import ANSWERS, Kind, ReferralState

MOST = 200  # people of one list
ARRIVED_FOR = timedelta(days=14)
_ANSWERED = (Kind.ACCEPTED, *ANSWERS)
_HAD = "SELECT lianfang_roster_had(%s, %s)"


class OnTheGrid(NamedTuple):
    """Those who are handed over, whoever waits longest first; whether there are more."""

    referrals: list[Referral]
    more: bool


class AnsweredAtDoor(NamedTuple):
    """What was answered last at a door, and when that was."""

    kind: str
    at: datetime


def on_the_grid(phone: GridReach, *, at: datetime) -> OnTheGrid:
    """Whose door somebody still goes to, and after them who arrived in the last 14 days."""
    arrived = Q(state=ReferralState.ARRIVED, settled_at__gte=at - ARRIVED_FOR)
    settled = Case(
        When(state=ReferralState.ARRIVED, then=Value(1)), default=Value(0), output_field=IntegerField()
    )
    rows = Referral.objects.filter(Q(state__in=WALKED) | arrived, within(phone), outside=False)
    found = list(rows.order_by(settled, "due_at", "id")[: MOST + 1])
    return OnTheGrid(found[:MOST], len(found) > MOST)


def answered(phone: GridReach, ids: Collection[UUID]) -> Mapping[UUID, AnsweredAtDoor]:
    """By referral, whoever answered: on the phone, at the desk or on paper."""
    rows = ReferralEvent.objects.filter(
        within(phone), referral_id__in=ids, kind__in=_ANSWERED
    )  # what was done elsewhere, where he was before, is no answer at these doors
    said = rows.order_by("occurred_at", "received_at", "id").values_list("referral_id", "kind", "occurred_at")
    return {referral: AnsweredAtDoor(kind, at) for referral, kind, at in said}


def was_on_the_grid(phone: GridReach, referral: UUID, *, at: datetime) -> ReferralState | None:
    """How a referral stands that was on the phone's grid at that moment and is not any more; None for any other."""
    with connection.cursor() as cursor:
        cursor.execute(_HAD, [referral, at])
        (state,) = cursor.fetchone()
    return ReferralState(state) if state else None
