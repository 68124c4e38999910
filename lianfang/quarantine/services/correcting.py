"""The right to correction: whoever says that his order is wrong is answered within 24 hours, whatever is answered."""

from datetime import datetime
from uuid import UUID

from lianfang.kernel.ids import derived
from lianfang.kernel.reach import Hand, Reach, hand_reach, reach
from lianfang.kernel.refusals import Refusal
from lianfang.quarantine.queries.objected import is_asked
from lianfang.quarantine.services.acting import OrderActed, arrow, is_done, locked, record
from lianfang.quarantine.services.ending import lift, require_reason
from lianfang.quarantine.services.writing import WrittenBeside
from lianfang.quarantine.states import CorrectionVerdict, Done, OrderState


def ask_correction(
    *,
    by: Hand,
    at: datetime,
    id: UUID,
    order: UUID,
    written: WrittenBeside,
    occurred_at: datetime | None = None,
) -> OrderActed:
    """What he objects to, in his words, written down by whoever he told it. His observation goes on meanwhile."""
    require_reason(written)
    with hand_reach(by) as seen:
        found = locked(seen, order)
        if is_done(found, id, Done.CORRECTION_ASKED):
            return OrderActed(OrderState(found.state), repeated=True)
        happened = min(occurred_at or at, at)
        arrow(seen, found, Done.CORRECTION_ASKED, occurred_at=happened)
        record(seen, found, Done.CORRECTION_ASKED, id=id, at=at, occurred_at=happened, written=written)
        return OrderActed(OrderState(found.state))


def answer_correction(
    *, by: Reach, at: datetime, id: UUID, order: UUID, verdict: str, written: WrittenBeside
) -> OrderActed:
    """The order stands, was changed, or is lifted by this very answer. It answers all that was asked about it."""
    if verdict not in tuple(CorrectionVerdict):
        raise Refusal("VERDICT_UNKNOWN", "请选择答复的结果。", "Choose what is answered.")
    require_reason(written)
    with reach(by) as seen:
        found = locked(seen, order)
        if is_done(found, id, Done.CORRECTION_ANSWERED):
            return OrderActed(OrderState(found.state), repeated=True)
        arrow(seen, found, Done.CORRECTION_ANSWERED, occurred_at=at)
        if not is_asked(order):
            raise Refusal(
                "NOTHING_ASKED",
                "没有等待答复的异议。",
                "No objection waits for an answer.",
                status=409,
            )
        details = {"verdict": verdict}
        record(seen, found, Done.CORRECTION_ANSWERED, id=id, at=at, details=details, written=written)
        if verdict == CorrectionVerdict.LIFTED:
            return lift(by=seen, at=at, id=derived(id, 1), order=order, written=written)
        return OrderActed(OrderState(found.state))
