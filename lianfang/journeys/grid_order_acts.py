"""What an answer from a grid worker's phone does to an order of quarantine, its reports and its follow-ups."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, TypedDict
from uuid import UUID

from lianfang.journeys.grid_order_items import (
    BrokenAnswer,
    CareKind,
    CareSaid,
    CheckInAnswer,
    FollowUpAnswer,
    OrderAnswer,
    PlacedAnswer,
    ToldAnswer,
)
from lianfang.journeys.grid_taken import LATE, NO_CARER, Taken, taken_elsewhere
from lianfang.kernel.masking import as_recorded
from lianfang.kernel.reach import GridReach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.quarantine.rules import Half, HalfDay, half_day
from lianfang.quarantine.services import (
    CareAnswers,
    CareTold,
    OrderActed,
    WrittenBeside,
    notify,
    put_in_place,
    report_broken,
)
from lianfang.quarantine.services.following_up import close_follow_up
from lianfang.quarantine.services.reporting import check_in

_UNKNOWN = ("ORDER_UNKNOWN", "FOLLOW_UP_UNKNOWN")


class _Said(TypedDict):
    """What every service is told."""

    by: GridReach
    at: datetime
    id: UUID
    order: UUID
    occurred_at: datetime


def act_on_order(hand: GridReach, item: OrderAnswer, *, happened: datetime, at: datetime) -> Taken:
    """Inside `grid_reach(hand)`. What cannot be done is refused in words."""
    said: _Said = {"by": hand, "at": at, "id": item.id, "order": item.order, "occurred_at": happened}
    try:
        return _done(item, said)
    except Refusal as refusal:
        if refusal.code in _UNKNOWN:
            raise _not_here() from None
        if refusal.code == "CHECK_IN_CONFLICT":
            raise taken_elsewhere() from None
        raise


def _done(item: OrderAnswer, said: _Said) -> Taken:
    match item:
        case CheckInAnswer():
            return _reported(item, said)
        case FollowUpAnswer():
            return _followed_up(item, said)
        case PlacedAnswer():
            return _taken(put_in_place(answers=_care(item.care), **said))
        case ToldAnswer():
            return _taken(notify(**said))
        case BrokenAnswer():
            return _taken(report_broken(written=_written(item.note), **said))


def _reported(item: CheckInAnswer, said: _Said) -> Taken:
    celsius = None if item.celsius is None else Decimal(str(item.celsius))
    taken = check_in(
        half_day=_half(item, said["occurred_at"]),
        celsius=celsius,
        symptoms=item.symptoms,
        way=item.way,
        **said,
    )
    if taken.repeated:
        raise taken_elsewhere()
    return Taken(taken.verdict)


def _half(item: CheckInAnswer, happened: datetime) -> HalfDay:
    """Also of the morning, told in the afternoon; never of an afternoon that has not begun."""
    of = half_day(happened)
    if item.half is None or item.half == of.half:
        return of
    if of.half is Half.MORNING:
        raise Refusal("HALF_NOT_YET", "下午的情况还不能报。", "The afternoon cannot be reported yet.")
    return of.before


def _followed_up(item: FollowUpAnswer, said: _Said) -> Taken:
    taken = close_follow_up(
        by=said["by"],
        at=said["at"],
        id=item.follow_up,
        order=item.order,
        occurred_at=said["occurred_at"],
        kind=item.asked,
        outcome=item.outcome,
        written=_written(item.note),
    )
    return Taken(late=taken.late, code=LATE if taken.late else "")


def _taken(acted: OrderActed) -> Taken:
    """An act that is known under this id, though not as an answer of this grid, is somebody else's."""
    if acted.repeated:
        raise taken_elsewhere()
    code = LATE if acted.late else NO_CARER if acted.blocked_by else ""
    return Taken(acted.state, acted.late, code)


def _care(said: Mapping[CareKind, CareSaid] | None) -> CareAnswers | None:
    if said is None:
        return None
    needed: dict[str, Any] = {
        kind: CareTold(need=_text(one.need), carer=_text(one.carer), phone=_text(one.phone))
        for kind, one in said.items()
        if one.needed
    }
    return CareAnswers(needed, tuple(kind for kind, one in said.items() if not one.needed))


def _written(note: str | None) -> WrittenBeside | None:
    return WrittenBeside(_text(note)) or None


def _text(told: str | None) -> str:
    return as_recorded(told or "")


def _not_here() -> NotFound:
    return NotFound(
        "ORDER_NOT_HERE",
        "这个人的隔离观察不在您的网格，也许已转到别处。要紧的情况（发热、不在）请马上打电话告诉乡镇值班员。",
        "This person is not observed on your grid, and may have been sent elsewhere. Tell the township's desk by telephone at "
        "once what cannot wait: a fever, nobody there.",
    )
