"""The ends of an order: released, ill, handed over to another city, or lifted since it should not stand.

Only an officer ends an order, and only after its last day is it a release: a negative test is no act here.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from lianfang.kernel.divisions import is_code, level
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Refusal
from lianfang.quarantine.models import CareNeed, FollowUp, QuarantineOrder
from lianfang.quarantine.queries.hindering import HINDRANCE
from lianfang.quarantine.rules import may_release
from lianfang.quarantine.services.acting import OrderActed, arrow, is_done, locked, record
from lianfang.quarantine.services.writing import LONGEST, WrittenBeside
from lianfang.quarantine.states import Done, OrderState, ReleaseHindrance

_ASK = f"SELECT {HINDRANCE} FROM quarantine_order o WHERE o.id = %(order)s"
# Whoever went to the hospital or to another city has not come home: somebody goes on caring for who depends on him.
_AT_HOME_AGAIN = (Done.RELEASED, Done.LIFTED)


def release(*, by: Reach, at: datetime, id: UUID, order: UUID) -> OrderActed:
    """He may go: his last day is over, he is not ill, and nobody waits for what the clinic says."""
    with reach(by) as seen:
        found = locked(seen, order)
        if is_done(found, id, Done.RELEASED):
            return OrderActed(OrderState(found.state), repeated=True)
        to = arrow(seen, found, Done.RELEASED, occurred_at=at)
        if not may_release(found.last_on, at):
            raise _too_early(found)
        _require_well(found)
        return _ended(seen, found, Done.RELEASED, to, id=id, at=at)


def move_to_isolation(
    *, by: Reach, at: datetime, id: UUID, order: UUID, where: str, written: WrittenBeside | None = None
) -> OrderActed:
    """He is ill, and isolated in a hospital: quarantine ends, and what asked for a clinic is answered by it."""
    if not where.strip():
        raise Refusal("HOSPITAL_MISSING", "请写明收治的医院。", "Say which hospital has taken him in.")
    told = WrittenBeside("；".join(filter(None, (where.strip(), written.note if written else "")))[:LONGEST])
    return _end(by, at, id, order, Done.MOVED_TO_ISOLATION, told)


def hand_over(
    *, by: Reach, at: datetime, id: UUID, order: UUID, city: str, written: WrittenBeside
) -> OrderActed:
    """Another city observes him from now on; within the city he is transferred."""
    if not is_code(city) or level(city) == "PROVINCE":
        raise Refusal("CITY_UNKNOWN", "请选择接收的城市。", "Choose the city that takes him over.")
    require_reason(written)
    return _end(by, at, id, order, Done.HANDED_OVER, written, city=city)


def lift(*, by: Reach, at: datetime, id: UUID, order: UUID, written: WrittenBeside) -> OrderActed:
    """The order should not stand: a mistake, or a reason that fell away."""
    require_reason(written)
    return _end(by, at, id, order, Done.LIFTED, written)


def close_what_is_left(seen: Reach, orders: Sequence[UUID], done: Done, *, at: datetime) -> None:
    """Nobody is called or visited any more about orders that ended; in the clinic's hands, what asked for it is answered."""
    theirs = FollowUp.objects.filter(order_id__in=orders, closed_at=None)
    by = {"closed_at": at, "occurred_at": at, "officer_id": seen.officer_id}
    if done == Done.MOVED_TO_ISOLATION:
        theirs.filter(kind="CLINIC").update(outcome="ADMITTED", **by)
    theirs.update(outcome="OVERTAKEN", **by)
    settle_what_ended(seen, orders, done, at=at)


def settle_what_ended(seen: Reach, orders: Sequence[UUID], done: Done, *, at: datetime) -> None:
    """His own needs of care end with the order; of who depends on him too, where he is at home again."""
    cares = Q() if done in _AT_HOME_AGAIN else ~Q(kind="DEPENDANTS")
    needs = CareNeed.objects.filter(cares, order_id__in=orders, settled_at=None)
    needs.update(settled_at=at, settled_by=seen.officer_id)


def hindrance(order: UUID) -> ReleaseHindrance | None:
    """What keeps him from being released though his last day is over. Inside `reach()`."""
    with connection.cursor() as cursor:
        cursor.execute(_ASK, {"order": order})
        row = cursor.fetchone()
    return ReleaseHindrance(row[0]) if row and row[0] else None


def require_reason(written: WrittenBeside | None) -> None:
    if written is None or not written.note.strip():
        raise Refusal("REASON_MISSING", "请写明理由。", "Say why.")


def require_clinic_answered(found: QuarantineOrder) -> None:
    """Fever stays in sight until somebody writes what came of it."""
    if hindrance(found.id) == ReleaseHindrance.CLINIC_OPEN:
        raise Refusal(
            "CLINIC_OPEN",
            "此人转发热门诊还没有结果，先写明就诊结果。核酸阴性不能代替观察期满。",
            "The fever clinic has not answered about this person yet: write down what it said first. A negative test does not"
            " end observation.",
            status=409,
        )  # fmt: skip


def _end(
    by: Reach, at: datetime, id: UUID, order: UUID, done: Done, written: WrittenBeside, *, city: str = ""
) -> OrderActed:
    with reach(by) as seen:
        found = locked(seen, order)
        if is_done(found, id, done):
            return OrderActed(OrderState(found.state), repeated=True)
        to = arrow(seen, found, done, occurred_at=at)
        if city:
            _require_another_city(found, city)
        if done != Done.MOVED_TO_ISOLATION:
            require_clinic_answered(found)
        return _ended(seen, found, done, to, id=id, at=at, written=written, city=city)


def _ended(
    seen: Reach,
    found: QuarantineOrder,
    done: Done,
    to: OrderState | None,
    *,
    id: UUID,
    at: datetime,
    written: WrittenBeside | None = None,
    city: str = "",
) -> OrderActed:
    found.state, found.ended_at = to or OrderState(found.state), at
    found.save(update_fields=["state", "ended_at"])
    close_what_is_left(seen, [found.id], done, at=at)
    details = {"last_on": found.last_on.isoformat()} | ({"city": city} if city else {})
    record(seen, found, done, id=id, at=at, details=details, written=written)
    return OrderActed(OrderState(found.state))


def _require_well(found: QuarantineOrder) -> None:
    require_clinic_answered(found)
    ill = hindrance(found.id)
    if ill == ReleaseHindrance.ADMITTED:
        raise Refusal(
            "ADMITTED",
            "此人已被门诊收治：还在医院的，请“转隔离治疗”；已经回来的，先当面看过，在值班台或上门记下无异常，再解除。",
            "A clinic has taken this person in: if he is in hospital still, record that he is isolated there; if he is back, have"
            " him seen, and write down at the desk or at his door that he is well, first.",
            status=409,
        )  # fmt: skip
    if ill == ReleaseHindrance.SYMPTOMATIC:
        raise Refusal(
            "SYMPTOMATIC",
            "此人最后一次报告有症状，先问询或就诊，记下无异常后再解除。",
            "This person's last report is one of symptoms: ask or have him seen, and write down that he is well, first.",
            status=409,
        )


def _require_another_city(found: QuarantineOrder, city: str) -> None:
    if city[:4] == found.division[:4]:
        raise Refusal(
            "SAME_CITY",
            "接收地在本市，请用“转移”。",
            "That is in this city: have him transferred.",
        )


def _too_early(found: QuarantineOrder) -> Refusal:
    day = found.last_on
    return Refusal(
        "OBSERVATION_GOES_ON",
        f"观察期到 {day.month} 月 {day.day} 日 24 时，期满以后才能解除；核酸阴性不能代替观察期满。",
        f"Observation goes on until 24:00 of {day.isoformat()}: only then may he be released. A negative test does not end it.",
        status=409,
    )
