"""What is printed of an order: the slip that is handed over with a link for the household, and the certificate at its end."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from lianfang.kernel.audit import Act, Purpose, note
from lianfang.kernel.audit.references import new_reference
from lianfang.kernel.ids import derived
from lianfang.kernel.masking import OPENED, UNMASKED
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Refusal
from lianfang.people.opening import FileState
from lianfang.people.queries.shown import PersonInView
from lianfang.quarantine.models import QuarantineOrder
from lianfang.quarantine.queries.orders import order_known, people_of
from lianfang.quarantine.services.acting import arrow, is_done, locked, record
from lianfang.quarantine.services.linking import issue_link
from lianfang.quarantine.states import Done, OrderState

MOST = 30  # people of one slip, as of one link


class PrintedSlip(NamedTuple):
    """`orders` in the order of the slip, ① first; `token`: of the link, shown on this print alone."""

    orders: list[QuarantineOrder]
    people: dict[UUID, PersonInView]
    token: str
    reference: str


class PrintedPerson(NamedTuple):
    """An order with who it is, and the reference under which the log has who looked."""

    order: QuarantineOrder
    person: PersonInView | None
    reference: str


def print_slip(*, by: Reach, at: datetime, id: UUID, orders: Sequence[UUID]) -> PrintedSlip:
    """A line in each one's history. Whether it was handed over is another act. A new print revokes the link of the last."""
    by.require("KEEP_QUARANTINE")
    if not 1 <= len(set(orders)) <= MOST:
        raise Refusal("SLIP_PEOPLE", "请选择告知书上写哪些人。", "Choose who stands on the slip.")
    reference = new_reference()
    with reach(by) as seen:
        found = {one: locked(seen, one) for one in sorted(set(orders))}
        for one, order in found.items():
            _require_unprinted(order, derived(id, one.int & 0xFFFFFFFF))
            arrow(seen, order, Done.SLIP_PRINTED, occurred_at=at)
            record(
                seen, order, Done.SLIP_PRINTED, id=derived(id, one.int & 0xFFFFFFFF), at=at,
                details={"reference": reference, "people": len(found)},
            )  # fmt: skip
        listed = [found[one] for one in dict.fromkeys(orders)]
        token = issue_link(by=seen, at=at, orders=[order.id for order in listed])
        return PrintedSlip(listed, people_of(seen, listed, at=at, sight=UNMASKED), token, reference)


def print_certificate(*, by: Reach, at: datetime, order: UUID) -> PrintedPerson:
    """For whoever was released, and for nobody else: a paper others let him through for."""
    by.require("KEEP_QUARANTINE")
    with reach(by) as seen:
        found = locked(seen, order)
        if found.state != OrderState.RELEASED:
            raise Refusal(
                "NOT_RELEASED", "还没有解除隔离，不能开解除证明。", "He is not released: there is nothing to certify.", status=409
            )  # fmt: skip
        person = people_of(seen, [found], at=at, sight=OPENED).get(found.person_id)
        if person is None or person.state != FileState.OPEN:
            raise Refusal(
                "NAME_UNKNOWN", "此人的档案看不到或已按期销毁，证明上写不出姓名。",
                "The file cannot be read or was destroyed on schedule: no name can be certified.", status=409,
            )  # fmt: skip
        return _noted(seen, found, person, Act.CERTIFICATE_PRINTED, "")


def unmask_order(*, by: Reach, at: datetime, order: UUID, purpose: str) -> PrintedPerson:
    """All of who it is, for a purpose that is written down with it. Inside `reach()`."""
    by.require("UNMASK")
    if purpose not in {*Purpose}:
        raise Refusal("PURPOSE_MISSING", "请选择为什么要看完整信息。", "Choose what you read it for.")
    found = order_known(by, order)
    person = people_of(by, [found], at=at, sight=UNMASKED).get(found.person_id)
    return _noted(by, found, person, Act.UNMASKED, purpose)


def _noted(
    by: Reach, found: QuarantineOrder, person: PersonInView | None, act: Act, purpose: str
) -> PrintedPerson:
    reference = new_reference()
    note(
        act, by=by, subject=f"QUARANTINE_ORDER {found.id}", jurisdiction=found.jurisdiction, purpose=purpose,
        details={"reference": reference},
    )  # fmt: skip
    return PrintedPerson(found, person, reference)


def _require_unprinted(order: QuarantineOrder, id: UUID) -> None:
    """Sent twice, the second print would carry another link, and the paper from the first would answer no more."""
    if is_done(order, id, Done.SLIP_PRINTED):
        raise Refusal(
            "SLIP_PRINTED", "这份告知书已经打印过。要重新打印，请从“打印告知书”再进一次，旧的打卡码随即作废。",
            "This slip was printed. Open the page anew to print again: the code of the old one answers no more.", status=409,
        )  # fmt: skip
