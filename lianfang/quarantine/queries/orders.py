"""Questions about orders: the lists of a desk by state, and everything that is known of one."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from lianfang.kernel.days import day_of, start_of
from lianfang.kernel.divisions import span
from lianfang.kernel.masking import MASKED, Sight
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import NotFound
from lianfang.kernel.within import within
from lianfang.people.queries.kept import kept_of, rows_kept, with_merged
from lianfang.people.queries.shown import PersonInView, person_shown
from lianfang.quarantine.models import (
    CareNeed,
    CheckIn,
    CheckInLink,
    FollowUp,
    OrderEvent,
    QuarantineOrder,
    QuarantineReason,
)
from lianfang.quarantine.rules import Half, ReportVerdict
from lianfang.quarantine.services.writing import CareTold, WrittenBeside, opened
from lianfang.quarantine.states import OrderState

PAGE = 50
# The lists of a desk in the order in which an order passes through them; of the last, those of the last fourteen days.
LISTS = ("TO_TELL", "TOLD", "IN_PLACE", "LEFT", "TO_RELEASE", "CARE", "ENDED")
ENDED_LATELY = timedelta(days=14)
_WORST = (ReportVerdict.SYMPTOMATIC, ReportVerdict.WELL, ReportVerdict.NOT_READ)


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Some orders; `after` continues where it ends, None at the end."""

    orders: list[QuarantineOrder]
    after: str | None


class OrdersCounted(NamedTuple):
    """How many stand on each list of LISTS, now. One with an open need of care stands on its other list too, and on that of
    CARE however long ago it ended: who depends on somebody in a hospital is at home still.
    """

    to_tell: int
    told: int
    in_place: int
    left: int
    to_release: int
    care: int
    ended: int


class EventOfOrder(NamedTuple):
    event: OrderEvent
    written: WrittenBeside | None


class CareOfOrder(NamedTuple):
    need: CareNeed
    told: CareTold | None


class HalfReported(NamedTuple):
    """The reports of one half-day, the first of them first; of several verdicts the worst stands."""

    reports: tuple[CheckIn, ...]

    @property
    def verdict(self) -> str | None:
        said = {one.verdict for one in self.reports}
        return next((verdict for verdict in _WORST if verdict in said), None)

    @property
    def shown(self) -> CheckIn | None:
        """The report that the verdict is of, the newest."""
        return next((one for one in reversed(self.reports) if one.verdict == self.verdict), None)


class DayReported(NamedTuple):
    """A day of the order: the how-many-eth (negative before day 0), and both its halves."""

    on: date
    number: int
    morning: HalfReported
    evening: HalfReported


@dataclass(frozen=True, slots=True)
class OrderTold:
    """Everything that is known of an order but who it is."""

    order: QuarantineOrder
    events: list[EventOfOrder]
    reasons: list[QuarantineReason]
    care: list[CareOfOrder]
    days: list[DayReported]
    links: list[CheckInLink]
    follow_ups: list[FollowUp]


def orders(
    reach: Reach, *, which: str, at: datetime, division: str | None = None, after: str | None = None
) -> OrderPage:
    """One list (of LISTS), at most PAGE: whose last day comes first; of those that ended the newest first."""
    reach.require("VIEW_QUARANTINE")
    rows = QuarantineOrder.objects.filter(within(reach), _on_list(which, at))
    if division is not None:
        lo, hi = span(division)
        rows = rows.filter(jurisdiction__gte=lo, jurisdiction__lte=hi)
    ended = which == "ENDED"
    rows = rows.order_by("-ended_at", "-id") if ended else rows.order_by("last_on", "id")
    found = list(_from(rows, after, ended=ended)[: PAGE + 1])
    return OrderPage(found[:PAGE], _key(found[PAGE - 1], ended=ended) if len(found) > PAGE else None)


def counted(reach: Reach, *, at: datetime, division: str | None = None) -> OrdersCounted:
    """Every list in two questions: of care one asks the open needs, not every order that ever ended."""
    reach.require("VIEW_QUARANTINE")
    rows = QuarantineOrder.objects.filter(within(reach))
    if division is not None:
        lo, hi = span(division)
        rows = rows.filter(jurisdiction__gte=lo, jurisdiction__lte=hi)
    lately = rows.filter(Q(ended_at=None) | Q(ended_at__gte=_since(at)))
    counts = lately.aggregate(
        **{code.lower(): Count("pk", filter=_on_list(code, at)) for code in LISTS if code != "CARE"}
    )
    return OrdersCounted(care=rows.filter(_on_list("CARE", at)).count(), **counts)


def order_known(reach: Reach, id: UUID) -> QuarantineOrder:
    """Whoever answers for him, and whoever did before. The same sentence whether there is none or it is another county's."""
    reach.require("VIEW_QUARANTINE")
    found = QuarantineOrder.objects.filter(_seen(reach), pk=id).first()
    if found is None:
        raise NotFound(
            "ORDER_UNKNOWN", "辖区内没有这份隔离观察。", "There is no such quarantine order in your area."
        )
    return found


def order_page(reach: Reach, id: UUID) -> OrderTold:
    """A fixed number of questions."""
    found = order_known(reach, id)
    reports = list(CheckIn.objects.filter(order_id=id).order_by("received_at", "id"))
    return OrderTold(
        order=found,
        events=history(found),
        reasons=list(QuarantineReason.objects.filter(order_id=id).order_by("added_at", "id")),
        care=[CareOfOrder(one, _care(one)) for one in CareNeed.objects.filter(order_id=id).order_by("id")],
        days=days_of(found, reports),
        links=list(CheckInLink.objects.filter(orders__contains=[id]).order_by("-issued_at")),
        follow_ups=list(FollowUp.objects.filter(order_id=id).order_by("-opened_at", "-id")),
    )


def history(found: QuarantineOrder) -> list[EventOfOrder]:
    """What was done about it, in the order in which it happened."""
    rows = OrderEvent.objects.filter(order_id=found.id).order_by("occurred_at", "received_at", "id")
    return [EventOfOrder(row, _written(row)) for row in rows]


def days_of(found: QuarantineOrder, reports: Iterable[CheckIn]) -> list[DayReported]:
    """Every day to the last one, reported or not, from day 0. None is hidden on which he was in place or reported: before, where
    a further reason moved day 0, or after, until he is released.
    """
    by_half: dict[tuple[date, str], list[CheckIn]] = {}
    for one in reports:
        by_half.setdefault((one.on_day, one.half), []).append(one)

    def half(on: date, which: Half) -> HalfReported:
        return HalfReported(tuple(by_half.get((on, which), ())))

    there = [day_of(found.in_place_at)] if found.in_place_at else []
    first = min([found.day0_on, *there, *(on for on, _ in by_half)])
    last = max([found.last_on, *(on for on, _ in by_half)])
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [
        DayReported(on, (on - found.day0_on).days, half(on, Half.MORNING), half(on, Half.EVENING))
        for on in days
    ]


def reasons_of(found: Collection[QuarantineOrder]) -> dict[UUID, list[QuarantineReason]]:
    """Order → why it stands, without what was taken back."""
    rows = QuarantineReason.objects.filter(order_id__in=[one.id for one in found], taken_back_at=None)
    listed: dict[UUID, list[QuarantineReason]] = {}
    for one in rows.order_by("added_at", "id"):
        listed.setdefault(one.order_id, []).append(one)
    return listed


def orders_of_person(reach: Reach, person: UUID) -> list[QuarantineOrder]:
    """Those of his file and of those that were merged with it, the newest first; none for whoever sees no orders."""
    if not reach.may("VIEW_QUARANTINE"):
        return []
    files = files_of_one([person])[person]
    return list(
        QuarantineOrder.objects.filter(_seen(reach), person_id__in=files).order_by("-ordered_at", "-id")
    )


def standing_orders(reach: Reach, people: Collection[UUID]) -> list[QuarantineOrder]:
    """The orders that stand for these people here, in the order in which they were given out."""
    files = {file for under in files_of_one(people).values() for file in under}
    rows = QuarantineOrder.objects.filter(within(reach), person_id__in=files, ended_at=None)
    return list(rows.order_by("number"))


def files_of_one(people: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Each with every file that is the same person's, as far as they are seen."""
    kept = kept_of(people)
    under = with_merged(set(kept.values()))
    return {id: under.get(kept.get(id, id), frozenset()) | {id} for id in people}


def people_of(
    reach: Reach, found: Iterable[QuarantineOrder], *, at: datetime, sight: Sight = MASKED
) -> dict[UUID, PersonInView]:
    """Person → who it is, of orders that the officer was shown: of a merged file, as the kept one says. One question."""
    reach.require("VIEW_QUARANTINE")
    rows = rows_kept({one.person_id for one in found})
    return {id: person_shown(row, sight, on=day_of(at)) for id, row in rows.items()}


def care_open(found: Collection[QuarantineOrder]) -> dict[UUID, list[str]]:
    """Order → the kinds of care that nobody has settled yet."""
    rows = CareNeed.objects.filter(order_id__in=[one.id for one in found], settled_at=None).order_by("id")
    kinds: dict[UUID, list[str]] = {}
    for one in rows:
        kinds.setdefault(one.order_id, []).append(one.kind)
    return kinds


def _seen(reach: Reach) -> Q:
    return within(reach) | within(reach, "came_from")


def _since(at: datetime) -> datetime:
    return start_of(day_of(at) - ENDED_LATELY)


def _on_list(which: str, at: datetime) -> Q:
    if which == "ENDED":
        return Q(ended_at__gte=_since(at))
    if which == "CARE":
        return Q(Exists(CareNeed.objects.filter(order_id=OuterRef("pk"), settled_at=None)))
    today = day_of(at)
    of_list = {
        "TO_TELL": Q(state=OrderState.ORDERED),
        "TOLD": Q(state=OrderState.NOTIFIED),
        "IN_PLACE": Q(state=OrderState.IN_PLACE, last_on__gte=today),
        "LEFT": Q(state=OrderState.BROKEN),
        "TO_RELEASE": Q(state=OrderState.IN_PLACE, last_on__lt=today),
    }
    return of_list[which] & Q(ended_at=None)


def _key(row: QuarantineOrder, *, ended: bool) -> str:
    first = f"{row.ended_at.timestamp()}" if ended and row.ended_at else row.last_on.isoformat()
    return f"{first}_{row.id}"


def _from(rows: QuerySet[QuarantineOrder], after: str | None, *, ended: bool) -> QuerySet[QuarantineOrder]:
    if not after:
        return rows
    first, _, id = after.partition("_")
    last = UUID(id)
    if ended:
        when = datetime.fromtimestamp(float(first)).astimezone()
        return rows.filter(Q(ended_at__lt=when) | Q(ended_at=when, id__lt=last))
    on = date.fromisoformat(first)
    return rows.filter(Q(last_on__gt=on) | Q(last_on=on, id__gt=last))


def _written(row: OrderEvent) -> WrittenBeside | None:
    told: Any = {"wrapped": row.wrapped_key, "blob": row.sealed}
    return opened(WrittenBeside, id=row.id, at=row.received_at, **told)


def _care(row: CareNeed) -> CareTold | None:
    told: Any = {"wrapped": row.wrapped_key, "blob": row.sealed}
    return opened(CareTold, id=row.id, at=row.sealed_at, **told)
