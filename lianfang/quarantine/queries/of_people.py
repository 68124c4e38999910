"""Orders by whose they are: for his own file, and for whoever would close or destroy it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from lianfang.kernel.reach import Reach
from lianfang.kernel.within import within
from lianfang.people.queries.kept import with_merged
from lianfang.quarantine.models import CareNeed, CheckIn, OrderEvent, QuarantineOrder, QuarantineReason
from lianfang.quarantine.services.writing import CareTold, WrittenBeside, opened

Row = TypeVar("Row", QuarantineReason, OrderEvent, CareNeed, CheckIn)


@dataclass(frozen=True, slots=True)
class ReportTold:
    """One half-day as it was reported."""

    on_day: date
    half: str
    celsius: Decimal | None
    symptoms: tuple[str, ...]
    by: str
    verdict: str


@dataclass(frozen=True, slots=True)
class EventDone:
    kind: str
    at: datetime
    written: WrittenBeside | None


@dataclass(frozen=True, slots=True)
class CareAsked:
    kind: str
    opened_at: datetime
    settled_at: datetime | None
    told: CareTold | None


@dataclass(frozen=True, slots=True)
class SubjectOrder:
    """An order with everything about it, as its subject is told."""

    order: QuarantineOrder
    reasons: tuple[QuarantineReason, ...]
    events: tuple[EventDone, ...]
    care: tuple[CareAsked, ...]
    reports: tuple[ReportTold, ...]


def is_observed(person: UUID) -> bool:
    """Whether an order stands, as far as can be seen. Acts ask for their permission. Inside `reach()`."""
    return QuarantineOrder.objects.filter(person_id__in=with_merged([person])[person], ended_at=None).exists()


def observed_until(people: Collection[UUID]) -> dict[UUID, date]:
    """Person → the last day of an order that stands. Inside `reach()`."""
    standing = QuarantineOrder.objects.filter(person_id__in=people, ended_at=None)
    return dict(standing.values_list("person_id", "last_on"))


def orders_told(reach: Reach, people: Collection[UUID]) -> tuple[SubjectOrder, ...]:
    """What was ordered about them within the officer's reach, the newest first. Inside `reach()`."""
    seen = QuarantineOrder.objects.filter(
        within(reach) | within(reach, "came_from"), person_id__in=people
    ).order_by("-ordered_at", "-id")
    orders = list(seen)
    ids = [one.id for one in orders]
    reasons = _by_order(QuarantineReason.objects.filter(order_id__in=ids).order_by("added_at", "id"))
    events = _by_order(OrderEvent.objects.filter(order_id__in=ids).order_by("occurred_at", "id"))
    care = _by_order(CareNeed.objects.filter(order_id__in=ids).order_by("opened_at", "id"))
    reports = _by_order(CheckIn.objects.filter(order_id__in=ids).order_by("occurred_at", "id"))
    return tuple(
        SubjectOrder(
            one,
            tuple(reasons.get(one.id, ())),
            tuple(map(_done, events.get(one.id, ()))),
            tuple(map(_cared, care.get(one.id, ()))),
            tuple(map(_reported, reports.get(one.id, ()))),
        )
        for one in orders
    )


def _by_order(rows: Iterable[Row]) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.order_id].append(row)
    return found


def _done(event: OrderEvent) -> EventDone:
    written = opened(
        WrittenBeside, id=event.id, at=event.received_at, wrapped=event.wrapped_key, blob=event.sealed
    )
    return EventDone(event.kind, event.occurred_at, written)


def _cared(need: CareNeed) -> CareAsked:
    told = opened(CareTold, id=need.id, at=need.sealed_at, wrapped=need.wrapped_key, blob=need.sealed)
    return CareAsked(need.kind, need.opened_at, need.settled_at, told)


def _reported(report: CheckIn) -> ReportTold:
    return ReportTold(
        report.on_day, report.half, report.celsius, tuple(report.symptoms), report.by, report.verdict
    )
