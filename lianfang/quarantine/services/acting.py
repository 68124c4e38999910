"""Acting on an order: who may, that the same act is done once, and the line it leaves in the order's history.

An officer who would do what cannot be done is told so. What comes from a grid worker's phone has happened, hours ago
perhaps: it is always written down, and moves the order only where nothing that happened later has moved it already.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lianfang.kernel.audit import Act
from lianfang.kernel.histories import hand, id_taken, note_line, write_once
from lianfang.kernel.reach import GridReach, Hand, Reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.quarantine.models import OrderEvent, QuarantineOrder
from lianfang.quarantine.services.writing import WrittenBeside, sealed
from lianfang.quarantine.states import Done, OrderState, leads_to

ACTS: Mapping[Done, Act] = {
    Done.ORDERED: Act.QUARANTINE_ORDERED,
    Done.NOTIFIED: Act.QUARANTINE_NOTIFIED,
    Done.IN_PLACE: Act.QUARANTINE_PLACED,
    Done.BLOCKED: Act.CARE_CHANGED,
    Done.CARE_ANSWERED: Act.CARE_CHANGED,
    Done.CARE_SETTLED: Act.CARE_CHANGED,
    Done.BROKEN: Act.QUARANTINE_BROKEN,
    Done.SLIP_PRINTED: Act.SLIP_PRINTED,
    Done.CORRECTION_ASKED: Act.CORRECTION_ASKED,
    Done.CORRECTION_ANSWERED: Act.CORRECTION_ANSWERED,
    Done.RELEASED: Act.QUARANTINE_RELEASED,
    Done.MOVED_TO_ISOLATION: Act.QUARANTINE_ENDED,
    Done.HANDED_OVER: Act.QUARANTINE_ENDED,
    Done.LIFTED: Act.QUARANTINE_ENDED,
}
_SAYS_NOT_WHERE = (
    Done.ORDERED, Done.NOTIFIED, Done.REASON_ADDED, Done.REASON_TAKEN_BACK, Done.EXTENDED, Done.BLOCKED, Done.CARE_ANSWERED,
    Done.CARE_SETTLED, Done.SLIP_PRINTED, Done.CORRECTION_ASKED, Done.CORRECTION_ANSWERED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OrderActed:
    """What became of it. `repeated`: this very act was known already; `late`: written down, but overtaken by a later one.

    `blocked_by`: kinds of care that are unanswered or have nobody yet, for which reason he is not counted as in place.
    """

    state: OrderState
    repeated: bool = False
    late: bool = False
    blocked_by: tuple[str, ...] = ()


def locked(by: Hand, order: UUID) -> QuarantineOrder:
    """The order, locked; it lies within the officer's own postings, or on the phone's grid. Inside the hand's reach."""
    if isinstance(by, Reach) and by.kind != "WORK":
        by.require("KEEP_QUARANTINE")
    found = QuarantineOrder.objects.select_for_update().filter(pk=order).first()
    if found is None and QuarantineOrder.objects.filter(pk=order).exists():
        raise _elsewhere()  # seen from where he came from, or through broken glass
    if found is None or (isinstance(by, GridReach) and not by.holds(found.jurisdiction)):
        raise NotFound(
            "ORDER_UNKNOWN", "辖区内没有这份隔离观察。", "There is no such quarantine order in your area."
        )
    if isinstance(by, Reach) and by.kind != "WORK":
        by.require_own(found.jurisdiction)
    return found


def is_done(found: QuarantineOrder, id: UUID, done: Done) -> bool:
    """Whether this very act is written down already. Its id is no other act's, of this order or of another."""
    known = OrderEvent.objects.filter(pk=id).first()
    if known is not None and (known.order_id, known.kind) not in (
        (found.id, done),
        (found.id, Done.BLOCKED),
    ):
        raise id_taken()
    return known is not None


def arrow(by: Hand, found: QuarantineOrder, done: Done, *, occurred_at: datetime) -> OrderState | None:
    """Where the act leads; None where it is written down but has been overtaken. Refused where it cannot be done."""
    to = leads_to(found.state, done)
    if isinstance(by, GridReach) and (to is None or overtaken(found, occurred_at)):
        return None
    if to is None:
        raise not_now()
    return to


def overtaken(found: QuarantineOrder, happened: datetime) -> bool:
    """Whether somebody said later than that where he is."""
    later = OrderEvent.objects.filter(order_id=found.id, occurred_at__gt=happened)
    return later.exclude(kind__in=_SAYS_NOT_WHERE).exists()


def record(
    by: Hand,
    found: QuarantineOrder,
    done: Done,
    *,
    id: UUID,
    at: datetime,
    occurred_at: datetime | None = None,
    details: Mapping[str, Any] | None = None,
    written: WrittenBeside | None = None,
) -> None:
    """One line of the history, and one of the audit log."""
    wrapped, blob = sealed(written, id=id, at=at) if written else (None, None)
    line = OrderEvent(
        id=id, order_id=found.id, kind=done, state=found.state, details=dict(details or {}),
        occurred_at=min(occurred_at or at, at), received_at=at,
        jurisdiction=found.jurisdiction, wrapped_key=wrapped, sealed=blob, **hand(by),
    )  # fmt: skip
    write_once(line)
    note_line(
        ACTS.get(done, Act.QUARANTINE_CHANGED),
        by,
        subject=f"QUARANTINE_ORDER {found.id}",
        kind=done,
        state=found.state,
        jurisdiction=found.jurisdiction,
    )


def not_now() -> Refusal:
    return Refusal(
        "ORDER_STATE",
        "这份隔离观察现在不能这样办理，请刷新后再看。",
        "This cannot be done of the order as it stands now: reload and look again.",
        status=409,
    )


def _elsewhere() -> Forbidden:
    return Forbidden(
        "ORDER_ELSEWHERE",
        "此人现在由别处观察，这里只能看。",
        "Somebody else observes this person now: from here it is only seen.",
    )
