"""How long an order lasts: extended by an officer, or shorter again where a reason should not have been given."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.quarantine.models import OrderEvent, QuarantineOrder, QuarantineReason
from lianfang.quarantine.rules import last_day
from lianfang.quarantine.services.acting import OrderActed, arrow, is_done, locked, record
from lianfang.quarantine.services.ending import require_reason
from lianfang.quarantine.services.writing import WrittenBeside
from lianfang.quarantine.states import Done, OrderState

LONGEST_EXTENDED = timedelta(days=60)  # after day 0, by whatever officers


def extend(
    *, by: Reach, at: datetime, id: UUID, order: UUID, until: date, written: WrittenBeside
) -> OrderActed:
    """A later last day. It is no state, and takes nothing away: the order's reasons stand beside it."""
    require_reason(written)
    with reach(by) as seen:
        found = locked(seen, order)
        if is_done(found, id, Done.EXTENDED):
            return OrderActed(OrderState(found.state), repeated=True)
        arrow(seen, found, Done.EXTENDED, occurred_at=at)
        _require_later(found, until, at)
        details = {"last_on": until.isoformat(), "before": found.last_on.isoformat()}
        found.last_on = until
        found.save(update_fields=["last_on"])
        record(seen, found, Done.EXTENDED, id=id, at=at, details=details, written=written)
        return OrderActed(OrderState(found.state))


def take_back_reason(
    *, by: Reach, at: datetime, id: UUID, reason: UUID, written: WrittenBeside
) -> OrderActed:
    """The reason should not have been given. The order lasts until the longest of those that are left, and of what officers
    extended it to; where none is left it stands as it is, until somebody lifts it.
    """
    require_reason(written)
    with reach(by) as seen:
        known = QuarantineReason.objects.filter(pk=reason).first()
        if known is None:
            raise NotFound("REASON_UNKNOWN", "辖区内没有这条事由。", "There is no such reason in your area.")
        found = locked(seen, known.order_id)
        if is_done(found, id, Done.REASON_TAKEN_BACK):
            return OrderActed(OrderState(found.state), repeated=True)
        arrow(seen, found, Done.REASON_TAKEN_BACK, occurred_at=at)
        taken = QuarantineReason.objects.filter(pk=reason, taken_back_at=None).update(taken_back_at=at)
        if not taken:
            raise Refusal(
                "REASON_GONE", "这条事由已经撤回。", "The reason was taken back already.", status=409
            )
        left = lasts_again([found])[found.id]
        found.save(update_fields=["day0_on", "last_on"])
        details = {"reason": known.kind, "last_on": found.last_on.isoformat(), "left": left}
        record(seen, found, Done.REASON_TAKEN_BACK, id=id, at=at, details=details, written=written)
        return OrderActed(OrderState(found.state))


def lasts_again(orders: Sequence[QuarantineOrder]) -> dict[UUID, int]:
    """Gives orders the days of the widest of their standing reasons and extensions; one without a reason keeps its own.

    Order → how many of its reasons stand. Inside `reach()`; the caller saves `day0_on` and `last_on`.
    """
    ids = [one.id for one in orders]
    left: dict[UUID, list[QuarantineReason]] = {id: [] for id in ids}
    for reason in QuarantineReason.objects.filter(order_id__in=ids, taken_back_at=None):
        left[reason.order_id].append(reason)
    extended = _extended_to(ids)
    for one in orders:
        if reasons := left[one.id]:
            one.day0_on = max(reason.day0_on for reason in reasons)
            by_reasons = [last_day(reason.day0_on, reason.days) for reason in reasons]
            one.last_on = max([*by_reasons, *extended.get(one.id, ())])
    return {id: len(reasons) for id, reasons in left.items()}


def _extended_to(orders: Sequence[UUID]) -> dict[UUID, list[date]]:
    """Order → the last days that officers extended it to."""
    found: dict[UUID, list[date]] = {}
    rows = OrderEvent.objects.filter(order_id__in=orders, kind=Done.EXTENDED)
    for order, details in rows.values_list("order_id", "details"):
        found.setdefault(order, []).append(date.fromisoformat(details["last_on"]))
    return found


def _require_later(found: QuarantineOrder, until: date, at: datetime) -> None:
    latest = found.day0_on + LONGEST_EXTENDED
    if until <= found.last_on or until < day_of(at):
        raise Refusal(
            "NOT_LATER",
            "延长只能往后，新的最后一天要晚于现在的，且不早于今天。",
            "An order is only extended: the new last day is later than the present one, and not before today.",
        )
    if until > latest:
        raise Refusal(
            "TOO_LONG",
            f"最长到第 60 天，即 {latest.month} 月 {latest.day} 日。",
            f"The longest is the 60th day, {latest.isoformat()}.",
        )
