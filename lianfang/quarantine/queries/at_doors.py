"""People under an order as the worker of their grid sees them. Asked inside `grid_reach(phone)`; all of a grid in four questions."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from lianfang.kernel.days import day_of
from lianfang.kernel.reach import GridReach
from lianfang.kernel.within import within
from lianfang.quarantine.models import CareNeed, CheckIn, FollowUp, QuarantineOrder
from lianfang.quarantine.rules import Half, HalfDay, Reported, Thresholds, WorkList, day_number, list_of
from lianfang.quarantine.states import OBSERVED, OPEN

MOST = 500  # people of one list; no grid observes so many


@dataclass(frozen=True, slots=True)
class ObservedAtDoor:
    """An open order with what was reported since yesterday. `on_list`: None while he is not observed, or no longer."""

    order: QuarantineOrder
    day: int
    on_list: WorkList | None
    reports: tuple[CheckIn, ...]
    care: tuple[CareNeed, ...]
    follow_ups: tuple[FollowUp, ...]


class ObservedOnTheGrid(NamedTuple):
    """Everybody whom an open order keeps in the grid, whose observation ends first before others; whether there are more."""

    people: list[ObservedAtDoor]
    more: bool


def observed_on_the_grid(phone: GridReach, *, at: datetime, by: Thresholds) -> ObservedOnTheGrid:
    """`by`: what counts as a deadline now."""
    rows = QuarantineOrder.objects.filter(within(phone), ended_at=None, state__in=OPEN)
    found = list(rows.order_by("last_on", "number")[: MOST + 1])
    ids = [one.id for one in found[:MOST]]
    reports, care, follow_ups = _reports(ids, at), _care(ids), _follow_ups(ids)
    people = [
        _at_door(
            one,
            reports.get(one.id, []),
            care.get(one.id, []),
            follow_ups.get(one.id, []),
            at,
            by,
        )
        for one in found[:MOST]
    ]
    return ObservedOnTheGrid(people, len(found) > MOST)


def _at_door(
    order: QuarantineOrder,
    reports: list[CheckIn],
    care: list[CareNeed],
    follow_ups: list[FollowUp],
    at: datetime,
    by: Thresholds,
) -> ObservedAtDoor:
    on_list = None
    if order.state in OBSERVED and order.observed_from is not None and order.last_on >= day_of(at):
        on_list = list_of(
            observed_from=order.observed_from,
            reports=[Reported(HalfDay(one.on_day, Half(one.half)), one.verdict) for one in reports],
            to_clinic=any(one.kind == "CLINIC" for one in follow_ups),
            at=at,
            by=by,
        )  # fmt: skip
    return ObservedAtDoor(
        order, day_number(order.day0_on, at), on_list, tuple(reports), tuple(care), tuple(follow_ups)
    )


def _reports(orders: Collection[UUID], at: datetime) -> Mapping[UUID, list[CheckIn]]:
    found: dict[UUID, list[CheckIn]] = defaultdict(list)
    yesterday = day_of(at) - timedelta(days=1)
    for one in CheckIn.objects.filter(order_id__in=orders, on_day__gte=yesterday).order_by(
        "occurred_at", "id"
    ):
        found[one.order_id].append(one)
    return found


def _care(orders: Collection[UUID]) -> Mapping[UUID, list[CareNeed]]:
    found: dict[UUID, list[CareNeed]] = defaultdict(list)
    for one in CareNeed.objects.filter(order_id__in=orders, settled_at=None).order_by("kind"):
        found[one.order_id].append(one)
    return found


def _follow_ups(orders: Collection[UUID]) -> Mapping[UUID, list[FollowUp]]:
    found: dict[UUID, list[FollowUp]] = defaultdict(list)
    for one in FollowUp.objects.filter(order_id__in=orders, closed_at=None).order_by("due_at", "id"):
        found[one.order_id].append(one)
    return found
