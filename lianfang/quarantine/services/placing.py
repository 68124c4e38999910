"""Told, in place, gone: what happens at the door of somebody under an order."""

from datetime import datetime
from uuid import UUID

from lianfang.kernel.reach import Hand, Reach, hand_reach
from lianfang.kernel.refusals import Refusal
from lianfang.quarantine.models import QuarantineOrder
from lianfang.quarantine.services.acting import OrderActed, arrow, is_done, locked, record
from lianfang.quarantine.services.caring import CareAnswers, answered, ask_for_care, blocking, kinds_said
from lianfang.quarantine.services.writing import WrittenBeside
from lianfang.quarantine.states import Done, OrderKind, OrderState


def notify(
    *, by: Hand, at: datetime, id: UUID, order: UUID, occurred_at: datetime | None = None
) -> OrderActed:
    """The slip was handed over, or read out. Told again, the first time stands."""
    with hand_reach(by) as seen:
        found = locked(seen, order)
        if is_done(found, id, Done.NOTIFIED):
            return OrderActed(OrderState(found.state), repeated=True)
        happened = min(occurred_at or at, at)
        to = arrow(seen, found, Done.NOTIFIED, occurred_at=happened)
        if to is not None:
            found.state = to
        found.notified_at = min(found.notified_at or happened, happened)
        found.save(update_fields=["state", "notified_at"])
        record(seen, found, Done.NOTIFIED, id=id, at=at, occurred_at=happened)
        return OrderActed(OrderState(found.state), late=to is None)


def put_in_place(
    *,
    by: Hand,
    at: datetime,
    id: UUID,
    order: UUID,
    answers: CareAnswers | None = None,
    occurred_at: datetime | None = None,
) -> OrderActed:
    """He is where he stays, and what his care needs is answered; or back after he had left.

    While nobody asked who depends on him, or nobody cares for them, he is not counted as in place: a task stands on the
    desk's list, and `blocked_by` says so. That somebody came to the door is written down all the same.
    """
    with hand_reach(by) as seen:
        found = locked(seen, order)
        if is_done(found, id, Done.IN_PLACE):
            return OrderActed(OrderState(found.state), repeated=True, blocked_by=_blocked_now(found))
        _require_room(seen, found)
        happened = min(occurred_at or at, at)
        to = arrow(seen, found, Done.IN_PLACE, occurred_at=happened)
        if answers is not None:
            answered(seen, found, answers, at=at, happened=happened)
        blocked, said = blocking(found), kinds_said(answers)
        if blocked:
            if found.ended_at is None:
                ask_for_care(seen, found, at=at)
            details = {"care": [*blocked], **said}
            record(seen, found, Done.BLOCKED, id=id, at=at, occurred_at=happened, details=details)
        else:
            _placed(found, to, happened)
            record(seen, found, Done.IN_PLACE, id=id, at=at, occurred_at=happened, details=said)
        return OrderActed(OrderState(found.state), late=to is None, blocked_by=blocked)


def report_broken(
    *,
    by: Hand,
    at: datetime,
    id: UUID,
    order: UUID,
    occurred_at: datetime | None = None,
    written: WrittenBeside | None = None,
) -> OrderActed:
    """He is not where he is to stay. No check-ins are asked for until he is back."""
    with hand_reach(by) as seen:
        found = locked(seen, order)
        if is_done(found, id, Done.BROKEN):
            return OrderActed(OrderState(found.state), repeated=True)
        happened = min(occurred_at or at, at)
        to = arrow(seen, found, Done.BROKEN, occurred_at=happened)
        if to is not None:
            found.state = to
            found.save(update_fields=["state"])
        record(seen, found, Done.BROKEN, id=id, at=at, occurred_at=happened, written=written)
        return OrderActed(OrderState(found.state), late=to is None)


def _require_room(by: Hand, found: QuarantineOrder) -> None:
    """A desk gives a bed first, by a transfer. What a phone saw has happened, wherever he sleeps."""
    if isinstance(by, Reach) and found.kind == OrderKind.FACILITY and found.room is None:
        raise Refusal(
            "ROOM_MISSING",
            "集中隔离先安排隔离点和房间，再登记到位。",
            "In a facility he needs a room first: transfer him to one.",
            status=409,
        )


def _placed(found: QuarantineOrder, to: OrderState | None, happened: datetime) -> None:
    if to is None:
        return
    if found.state != OrderState.IN_PLACE or found.observed_from is None:
        found.observed_from = happened
    found.state = to
    found.in_place_at = found.in_place_at or happened
    # Whoever was put in place was told by then, whenever a desk wrote that down.
    found.notified_at = min(found.notified_at or happened, happened)
    found.save(update_fields=["state", "in_place_at", "observed_from", "notified_at"])


def _blocked_now(found: QuarantineOrder) -> tuple[str, ...]:
    return blocking(found) if found.state != OrderState.IN_PLACE else ()
