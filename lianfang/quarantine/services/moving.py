"""Transfer within the city: to a facility, to another home, back home. The order goes where the person goes."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from lianfang.kernel.divisions import as_integer, is_code
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Refusal
from lianfang.quarantine.models import CareNeed, CheckInLink, FollowUp, OrderEvent, QuarantineOrder
from lianfang.quarantine.services.acting import OrderActed, arrow, is_done, locked, record
from lianfang.quarantine.services.caring import ask_again
from lianfang.quarantine.services.ending import require_reason
from lianfang.quarantine.services.facilities import Bed, take_bed
from lianfang.quarantine.services.writing import WrittenBeside
from lianfang.quarantine.states import Done, OrderKind, OrderState


class _Place(NamedTuple):
    kind: OrderKind
    division: str
    bed: Bed | None


def transfer(
    *, by: Reach, at: datetime, id: UUID, order: UUID, to: str | Bed, written: WrittenBeside
) -> OrderActed:
    """To a home in that division, or to a bed: the facility's division answers then. He is on the way until he is put in
    place again there. Only another room of the same facility is no way to go.

    Somebody who leaves who depends on him is asked anew who sees to them: `blocked_by` of `put_in_place` says so.
    """
    require_reason(written)
    with reach(by) as seen:
        gone = _gone(order, id)  # whoever sent him on acts on him no more, and is told that it is done
        if gone is not None:
            return OrderActed(OrderState(gone.state), repeated=True)
        found = locked(seen, order)
        is_done(found, id, Done.TRANSFERRED)
        state = arrow(seen, found, Done.TRANSFERRED, occurred_at=at) or OrderState(found.state)
        place = _place(found, to)
        moves = (
            place.kind != found.kind
            or place.division != found.division
            or _facility(place) != found.facility_id
        )
        if not moves and (place.bed is None or place.bed.room == found.room):
            raise Refusal("ALREADY_THERE", "此人已经在那里。", "That is where this person is.", status=409)
        found.state = state if moves else found.state
        # Written down by whom he leaves: the history belongs to the order, the line to its officer.
        record(seen, found, Done.TRANSFERRED, id=id, at=at, details=_told(found, place), written=written)
        if moves:
            ask_again([found])
        _moved(found, place)
        return OrderActed(OrderState(found.state))


def _gone(order: UUID, id: UUID) -> QuarantineOrder | None:
    done = OrderEvent.objects.filter(pk=id, order_id=order, kind=Done.TRANSFERRED).exists()
    return QuarantineOrder.objects.get(pk=order) if done else None


def _place(found: QuarantineOrder, to: str | Bed) -> _Place:
    if isinstance(to, Bed):
        place = _Place(OrderKind.FACILITY, take_bed(to).division, to)
    elif is_code(to):
        place = _Place(OrderKind.HOME, to, None)
    else:
        raise Refusal("DIVISION_UNKNOWN", "请选择所在的村（社区）或网格。", "Choose the village or grid.")
    if place.division[:4] != found.division[:4]:
        raise Refusal(
            "ANOTHER_CITY",
            "那里不在本市，请用“移交外地”。",
            "That is another city: have him handed over.",
        )
    return place


def _facility(place: _Place) -> UUID | None:
    return place.bed.facility if place.bed else None


def _told(found: QuarantineOrder, place: _Place) -> dict[str, str]:
    told = {"kind": str(place.kind), "from": found.division, "to": place.division}
    return told | ({"facility": str(place.bed.facility), "room": place.bed.room} if place.bed else {})


def _moved(found: QuarantineOrder, place: _Place) -> None:
    """The order, and what is open about it. A link that answers for others too stays with those who stay."""
    there = as_integer(place.division)
    if there != found.jurisdiction:
        found.came_from, found.jurisdiction = found.jurisdiction, there
    found.kind, found.division, found.facility_id = place.kind, place.division, _facility(place)
    found.room = place.bed.room if place.bed else None
    found.save(
        update_fields=["state", "kind", "division", "jurisdiction", "came_from", "facility_id", "room", "dependants"]
    )  # fmt: skip
    CareNeed.objects.filter(order_id=found.id).update(jurisdiction=there)
    FollowUp.objects.filter(order_id=found.id, closed_at=None).update(jurisdiction=there)
    own = CheckInLink.objects.filter(orders__contains=[found.id], orders__len=1, revoked_at=None)
    own.update(jurisdiction=there)
