"""An order goes where its person goes: to another place of the city, to another city, or nowhere any more."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from lianfang.journeys.observing.reading import Followed, Headed
from lianfang.kernel.audit import Act, note
from lianfang.kernel.divisions import canonical, from_integer
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Reach
from lianfang.people import arrays
from lianfang.quarantine.models import FollowUp, OrderEvent, QuarantineOrder
from lianfang.quarantine.services.caring import ask_again
from lianfang.quarantine.services.ending import settle_what_ended
from lianfang.quarantine.states import Done, leads_to

_ACTS = {
    Followed.TRANSFERRED: Act.QUARANTINE_CHANGED,
    Followed.HANDED_OVER: Act.QUARANTINE_ENDED,
    Followed.LIFTED: Act.QUARANTINE_ENDED,
}
_MOVED = "FROM unnest(%(order)s::uuid[], %(to)s::bigint[]) m (id, jurisdiction)"
# What hangs on an order lies where it lies, while it is open: whoever observes him now calls, visits and cares.
_WITH_THE_ORDER = (
    f"UPDATE follow_up f SET jurisdiction = m.jurisdiction {_MOVED} WHERE f.order_id = m.id AND f.closed_at IS NULL",
    f"UPDATE care_need c SET jurisdiction = m.jurisdiction {_MOVED} WHERE c.order_id = m.id",
    # A link stays with those who stay; it goes along when nobody does, and all who are still observed are at one place.
    f"""UPDATE check_in_link l SET jurisdiction = m.jurisdiction {_MOVED}
    WHERE l.orders @> ARRAY[m.id] AND l.revoked_at IS NULL AND NOT EXISTS (
        SELECT FROM quarantine_order o
        WHERE o.id = ANY(l.orders) AND o.ended_at IS NULL AND o.jurisdiction <> m.jurisdiction)""",
)
# Nobody answers any more through a link all of whose orders have ended.
_REVOKED = """
UPDATE check_in_link l SET revoked_at = %(at)s WHERE l.revoked_at IS NULL AND l.orders && %(order)s::uuid[]
AND NOT EXISTS (SELECT FROM quarantine_order o WHERE o.id = ANY(l.orders) AND o.ended_at IS NULL)
"""


def follow(worker: Reach, found: Sequence[Headed], *, at: datetime) -> int:
    """How many orders were followed. Inside `reach(worker)`; one that an officer changed meanwhile has its turn next time."""
    rows = QuarantineOrder.objects.select_for_update().filter(pk__in=[one.id for one in found]).order_by("id")
    locked = {row.id: row for row in rows}
    same = [one for one in found if _as_it_was(locked[one.id], one)]
    for what in Followed:
        ones = [one for one in same if one.what == what]
        if ones:
            _follow(worker, what, ones, locked, at)
            note(
                _ACTS[what],
                by=worker,
                subject="QUARANTINE_ORDER",
                count=len(ones),
                details={"kind": str(what)},
            )
    return len(same)


def _as_it_was(row: QuarantineOrder, one: Headed) -> bool:
    return (row.state, row.jurisdiction) == (one.state, one.jurisdiction)


def _follow(
    worker: Reach,
    what: Followed,
    ones: Sequence[Headed],
    locked: Mapping[UUID, QuarantineOrder],
    at: datetime,
) -> None:
    rows = [locked[one.id] for one in ones]
    before = [(row.division, row.jurisdiction) for row in rows]
    if what == Followed.TRANSFERRED:
        ask_again([row for row, one in zip(rows, ones, strict=True) if not _is_narrower(row, one)])
    for row, one in zip(rows, ones, strict=True):
        _change(row, one, what, at)
    changed = [
        "state",
        "division",
        "jurisdiction",
        "came_from",
        "facility_id",
        "room",
        "dependants",
        "ended_at",
    ]
    QuarantineOrder.objects.bulk_update(rows, changed)
    OrderEvent.objects.bulk_create(
        [_event(row, one, what, place, at) for row, one, place in zip(rows, ones, before, strict=True)]
    )
    if what == Followed.TRANSFERRED:
        _take_along(rows)
    else:
        _close(rows, at)
        settle_what_ended(worker, [row.id for row in rows], Done(what), at=at)


def _change(row: QuarantineOrder, one: Headed, what: Followed, at: datetime) -> None:
    if what != Followed.TRANSFERRED:
        row.state, row.ended_at = str(what), at
        return
    if not _is_narrower(row, one):
        to = leads_to(row.state, Done.TRANSFERRED)
        row.state = to or row.state
        row.came_from, row.facility_id, row.room = row.jurisdiction, None, None
    row.division, row.jurisdiction = (
        canonical(one.destination or from_integer(one.headed_for)),
        one.headed_for,
    )


def _is_narrower(row: QuarantineOrder, one: Headed) -> bool:
    """A grid of the very village he is in: better known, nowhere else."""
    return (one.destination or "").startswith(row.division)


def _event(
    row: QuarantineOrder, one: Headed, what: Followed, before: tuple[str, int], at: datetime
) -> OrderEvent:
    details: dict[str, Any] = {"referral": str(one.referral)}
    if what == Followed.TRANSFERRED:
        details |= {"from": before[0], "to": row.division}
    if what == Followed.HANDED_OVER:
        details |= {"to": one.destination}
    return OrderEvent(
        id=uuid7(at=at), order_id=row.id, kind=str(what), state=row.state, details=details, occurred_at=at, received_at=at,
        jurisdiction=row.jurisdiction,
    )  # fmt: skip


def _take_along(rows: Sequence[QuarantineOrder]) -> None:
    values: dict[str, Any] = {
        "order": arrays.ids(row.id for row in rows),
        "to": [row.jurisdiction for row in rows],
    }
    with connection.cursor() as cursor:
        for statement in _WITH_THE_ORDER:
            cursor.execute(statement, values)


def _close(rows: Sequence[QuarantineOrder], at: datetime) -> None:
    """Nobody is called or visited here any more, and no link answers for him."""
    ids = [row.id for row in rows]
    FollowUp.objects.filter(order_id__in=ids, closed_at=None).update(
        closed_at=at, occurred_at=at, outcome="OVERTAKEN"
    )
    with connection.cursor() as cursor:
        cursor.execute(_REVOKED, {"at": at, "order": arrays.ids(ids)})
