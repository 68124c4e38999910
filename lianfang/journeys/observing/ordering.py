"""Ordering by the clock: orders are made from referrals, a slice at a time, each slice one transaction.

Whoever has an order already gets a further reason of it; whoever has two files that are one person's has one order.
"""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from lianfang.journeys.observing.following import follow
from lianfang.journeys.observing.reading import WantedOrder, by_person, headed, wanted
from lianfang.kernel.audit import Act, note
from lianfang.kernel.divisions import as_integer
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Reach, reach
from lianfang.people import arrays
from lianfang.people.queries.kept import kept_of, with_merged
from lianfang.quarantine.models import OrderEvent, QuarantineOrder, QuarantineReason
from lianfang.quarantine.services.lasting import lasts_again
from lianfang.quarantine.states import Done, OrderKind, OrderState

AT_ONCE = 2_000  # reasons, or orders that are followed, of one transaction
TURN = 1.0  # seconds before others of the schedule have their turn
LATELY = timedelta(hours=2)  # a turn looks so far back
ALL = timedelta(days=60)  # no referral of before that still has days to run
_INSERT = """
INSERT INTO quarantine_order (id, person_id, kind, state, day0_on, last_on, division, jurisdiction, ordered_at)
SELECT n.id, n.person_id, n.kind, 'ORDERED', n.day0_on, n.last_on, n.division, n.jurisdiction, %(at)s
FROM unnest(%(id)s::uuid[], %(person)s::uuid[], %(kind)s::text[], %(day0)s::date[], %(last)s::date[], %(division)s::text[],
            %(jurisdiction)s::bigint[]) n (id, person_id, kind, day0_on, last_on, division, jurisdiction)
ON CONFLICT (person_id) WHERE ended_at IS NULL DO NOTHING
RETURNING id
"""


class StandingOrder(NamedTuple):
    """The order that stands for somebody; `is_new` where this slice made it."""

    order: QuarantineOrder
    is_new: bool


def order_when_due(worker: Reach, at: datetime) -> None:
    """What the schedule does: slices for a while, of what was done lately."""
    until = time.monotonic() + TURN
    while order_lately(worker, at=at, since=at - LATELY) and time.monotonic() < until:
        continue


def order_all(worker: Reach, at: datetime) -> None:
    """Until nothing is left: what was missed while no worker ran is found here."""
    while order_lately(worker, at=at, since=at - ALL):
        continue


def order_lately(worker: Reach, *, at: datetime, since: datetime) -> bool:
    """One slice of new reasons and of orders that are followed; whether there may be more."""
    with reach(worker):
        found = wanted(since=since, at=at, at_once=AT_ONCE)
        done = _ordered(worker, found, at) if found else 0
        gone = headed(since=since, at=at, at_once=AT_ONCE)
        done += follow(worker, gone, at=at) if gone else 0
        return done > 0 and AT_ONCE in (len(found), len(gone))


def _ordered(worker: Reach, found: Sequence[WantedOrder], at: datetime) -> int:
    """How many reasons are given now. Whoever an officer put under observation meanwhile has his turn next time."""
    files = kept_of({one.person for one in found})
    asked = by_person(one for one in found if one.person in files)
    of_kept: dict[UUID, list[WantedOrder]] = {}
    for person, ones in asked.items():
        of_kept.setdefault(files[person], []).extend(ones)
    stand = _standing(of_kept.keys())
    made = _made({person: ones for person, ones in of_kept.items() if person not in stand}, at)
    _give(worker, of_kept, stand | made, at)
    return sum(len(ones) for person, ones in of_kept.items() if person in stand or person in made)


def _standing(people: Any) -> dict[UUID, StandingOrder]:
    """Kept file → the order that stands for whoever it is of, locked by id; of several the first."""
    under = with_merged(set(people))
    kept = {id: file for file, ids in under.items() for id in ids}
    rows = (
        QuarantineOrder.objects.select_for_update().filter(person_id__in=kept, ended_at=None).order_by("id")
    )
    found: dict[UUID, StandingOrder] = {}
    for row in rows:
        found.setdefault(kept[row.person_id], StandingOrder(row, is_new=False))
    return found


def _made(people: Mapping[UUID, Sequence[WantedOrder]], at: datetime) -> dict[UUID, StandingOrder]:
    """A new order for each: the longest of its terms, in a facility where any says so, at the place of the newest."""
    rows = [_order(person, ones, at) for person, ones in people.items()]
    if not rows:
        return {}
    values: dict[str, Any] = {
        "at": at,
        "id": arrays.ids(row.id for row in rows),
        "person": arrays.ids(row.person_id for row in rows),
        "kind": [str(row.kind) for row in rows],
        "day0": [row.day0_on for row in rows],
        "last": [row.last_on for row in rows],
        "division": [row.division for row in rows],
        "jurisdiction": [row.jurisdiction for row in rows],
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        inserted = {id for (id,) in cursor.fetchall()}
    return {row.person_id: StandingOrder(row, is_new=True) for row in rows if row.id in inserted}


def _order(person: UUID, ones: Sequence[WantedOrder], at: datetime) -> QuarantineOrder:
    newest = max(ones, key=lambda one: (one.why.day0_on, one.referral))
    return QuarantineOrder(
        id=uuid7(at=at), person_id=person, kind=_kind(ones), state=OrderState.ORDERED,
        day0_on=max(one.why.day0_on for one in ones), last_on=max(one.last_on for one in ones), division=newest.division,
        jurisdiction=as_integer(newest.division), ordered_at=at,
    )  # fmt: skip


def _kind(ones: Sequence[WantedOrder]) -> OrderKind:
    return OrderKind.FACILITY if any(one.kind == OrderKind.FACILITY for one in ones) else OrderKind.HOME


def _give(
    worker: Reach,
    asked: Mapping[UUID, Sequence[WantedOrder]],
    stand: Mapping[UUID, StandingOrder],
    at: datetime,
) -> None:
    """The reasons, a line of history for each order, and the days of those that stood already."""
    given = [(stand[person], ones) for person, ones in asked.items() if person in stand]
    QuarantineReason.objects.bulk_create(
        [_reason(one.order, want, at) for one, wants in given for want in wants]
    )
    longer = [_in_kind(one.order, wants) for one, wants in given if not one.is_new]
    lasts_again(longer)
    QuarantineOrder.objects.bulk_update(longer, ["day0_on", "last_on", "kind"])
    OrderEvent.objects.bulk_create([_event(one, wants, at) for one, wants in given])
    for act, count in (
        (Act.QUARANTINE_ORDERED, sum(one.is_new for one, _ in given)),
        (Act.QUARANTINE_CHANGED, len(longer)),
    ):
        if count:
            note(act, by=worker, subject="QUARANTINE_ORDER", count=count)


def _in_kind(order: QuarantineOrder, wants: Sequence[WantedOrder]) -> QuarantineOrder:
    """Who is at home already is there until an officer moves him: the history says what the rule asks."""
    if order.state in (OrderState.ORDERED, OrderState.NOTIFIED) and _kind(wants) == OrderKind.FACILITY:
        order.kind = OrderKind.FACILITY
    return order


def _reason(order: QuarantineOrder, want: WantedOrder, at: datetime) -> QuarantineReason:
    why = want.why
    return QuarantineReason(
        id=uuid7(at=at), order_id=order.id, kind=why.kind, reference=why.reference, rule_set=why.rule_set,
        rule_row=why.rule_row, day0_on=why.day0_on, days=why.days, added_at=at,
    )  # fmt: skip


def _event(one: StandingOrder, wants: Sequence[WantedOrder], at: datetime) -> OrderEvent:
    done = Done.ORDERED if one.is_new else Done.REASON_ADDED
    return OrderEvent(
        id=uuid7(at=at), order_id=one.order.id, kind=done, state=one.order.state, occurred_at=at, received_at=at,
        jurisdiction=one.order.jurisdiction,
        details={"reason": "RULE", "kind": str(_kind(wants)), "last_on": one.order.last_on.isoformat()},
    )  # fmt: skip
