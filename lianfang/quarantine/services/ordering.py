"""Ordering: one order stands for a person at a time, and whatever more is decided is a reason of it.

A further reason never shortens an order: it stands until the last day of the longest one. What a reason that was taken back
said counts no more.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import as_integer, is_code
from lianfang.kernel.histories import id_taken
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Refusal
from lianfang.quarantine.models import QuarantineOrder, QuarantineReason
from lianfang.quarantine.rules import DAYS, LONGEST, last_day
from lianfang.quarantine.services.acting import locked, not_now, record
from lianfang.quarantine.services.lasting import lasts_again
from lianfang.quarantine.services.writing import WrittenBeside
from lianfang.quarantine.states import Done, OrderKind, OrderState, leads_to

_INSERT = """
INSERT INTO quarantine_order (id, person_id, kind, state, day0_on, last_on, division, jurisdiction, ordered_by, ordered_at)
VALUES (%(id)s, %(person_id)s, %(kind)s, %(state)s, %(day0_on)s, %(last_on)s, %(division)s, %(jurisdiction)s, %(ordered_by)s,
        %(ordered_at)s)
"""
OLDEST = timedelta(days=LONGEST)  # a last exposure longer ago than the longest order is over


@dataclass(frozen=True, slots=True)
class OrderReason:
    """A reason as it is given: `kind` RULE | OFFICER | CONTACT, with what the rules say of it."""

    kind: str
    day0_on: date
    days: int = DAYS
    reference: UUID | None = None
    rule_set: str | None = None
    rule_row: str | None = None


def order(
    *,
    by: Reach,
    at: datetime,
    id: UUID,
    person: UUID,
    division: str,
    why: OrderReason,
    kind: str = OrderKind.HOME,
    written: WrittenBeside | None = None,
) -> QuarantineOrder:
    """A new order in the division, or a further reason of the one that stands. `id` is the act's own: again is once.

    `person` is the id of a file that the officer may see; the journey above sees to that.
    """
    by.require("KEEP_QUARANTINE")
    if not is_code(division):
        raise Refusal("DIVISION_UNKNOWN", "请选择所在的村（社区）或网格。", "Choose the village or grid.")
    by.require_cover(division)
    _require_days(why, at)
    with reach(by) as seen:
        known = QuarantineOrder.objects.filter(pk=id).first()
        if known is not None:
            if known.person_id != person:
                raise id_taken()
            return known
        stands = QuarantineOrder.objects.filter(person_id=person, ended_at=None).first()
        if stands is not None:
            return add_reason(by=seen, at=at, id=id, order=stands.id, why=why, written=written)
        return _ordered(seen, at, id, person, division, why, OrderKind(kind), written)


def add_reason(
    *, by: Reach, at: datetime, id: UUID, order: UUID, why: OrderReason, written: WrittenBeside | None = None
) -> QuarantineOrder:
    """One more reason: the order stands until the longest of them ends. The first after all were taken back says how long."""
    _require_days(why, at)
    with reach(by) as seen:
        found = locked(seen, order)
        if leads_to(found.state, Done.REASON_ADDED) is None:
            raise not_now()
        if not QuarantineReason.objects.filter(pk=id).exists():
            _reason(found, id, why, by.officer_id, at)
            lasts_again([found])
            found.save(update_fields=["day0_on", "last_on"])
            details = {"reason": why.kind, "last_on": found.last_on.isoformat()}
            record(seen, found, Done.REASON_ADDED, id=id, at=at, details=details, written=written)
    return found


def _ordered(
    seen: Reach,
    at: datetime,
    id: UUID,
    person: UUID,
    division: str,
    why: OrderReason,
    kind: OrderKind,
    written: WrittenBeside | None,
) -> QuarantineOrder:
    made = QuarantineOrder(
        id=id, person_id=person, kind=kind, state=OrderState.ORDERED, day0_on=why.day0_on,
        last_on=last_day(why.day0_on, why.days), division=division, jurisdiction=as_integer(division), ordered_by=seen.officer_id,
        ordered_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            _insert(made)
    except IntegrityError as error:
        raise _stands_elsewhere() from error
    _reason(made, uuid7(at=at), why, seen.officer_id, at)
    details = {"reason": why.kind, "kind": str(kind), "last_on": made.last_on.isoformat()}
    record(seen, made, Done.ORDERED, id=uuid7(at=at), at=at, details=details, written=written)
    made.refresh_from_db()
    return made


def _insert(made: QuarantineOrder) -> None:
    """Its number is the database's: one sequence, so that no two slips bear the same."""
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, {field.name: getattr(made, field.name) for field in made._meta.fields})


def _reason(of: QuarantineOrder, id: UUID, why: OrderReason, officer: UUID | None, at: datetime) -> None:
    QuarantineReason(
        id=id, order_id=of.id, kind=why.kind, reference=why.reference, rule_set=why.rule_set, rule_row=why.rule_row,
        day0_on=why.day0_on, days=why.days, added_by=officer, added_at=at,
    ).save(force_insert=True)  # fmt: skip


def _require_days(why: OrderReason, at: datetime) -> None:
    today = day_of(at)
    if not today - OLDEST <= why.day0_on <= today:
        raise Refusal(
            "DAY0_ODD",
            "最后接触日期应在最近 28 天内，且不晚于今天。",
            "The day of the last exposure lies within the last 28 days and not after today.",
        )
    if not 1 <= why.days <= LONGEST:
        raise Refusal(
            "DAYS_ODD",
            f"隔离天数应在 1 到 {LONGEST} 天之间。",
            f"Quarantine lasts from 1 to {LONGEST} days.",
        )


def _stands_elsewhere() -> Refusal:
    return Refusal(
        "ORDER_STANDS_ELSEWHERE",
        "此人已在别处隔离观察，请与对方联系办理转移。",
        "This person is under observation elsewhere already: have him transferred from there.",
        status=409,
    )
