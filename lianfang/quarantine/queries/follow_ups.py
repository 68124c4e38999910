"""Questions about follow-ups: whom somebody must call, visit, or bring to a clinic, and which units did not go."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from lianfang.kernel.divisions import span_of
from lianfang.kernel.reach import Reach
from lianfang.kernel.within import covered, within
from lianfang.quarantine.models import CheckIn, FollowUp, QuarantineOrder
from lianfang.quarantine.queries.hindering import FOUND
from lianfang.quarantine.states import OrderState

MOST_LISTED = 200
READ = ("WELL", "SYMPTOMATIC")
Key = tuple[datetime, UUID]  # where a list goes on: when it is due, and its id
_SEEN = FollowUp.objects.annotate(seen_at=Coalesce("occurred_at", "closed_at"))


class FollowUpsCounted(NamedTuple):
    """How many are open, and of how many of them the time has passed. `supervised`: visits that a unit owes."""

    calls: int
    calls_late: int
    visits: int
    visits_late: int
    clinic: int
    clinic_late: int
    supervised: int


class FollowUpAsked(NamedTuple):
    """A follow-up with the order it is about."""

    one: FollowUp
    order: QuarantineOrder


class FollowUpsListed(NamedTuple):
    """Some of the open ones; `next`: where the list goes on, None at its end."""

    asked: list[FollowUpAsked]
    next: Key | None


class UnitOwing(NamedTuple):
    """A unit (its jurisdiction) whose visits are not done: how many, since when the first was due. Nobody by name."""

    jurisdiction: int
    visits: int
    due_at: datetime
    supervised_at: datetime


def follow_ups_counted(reach: Reach, *, at: datetime, division: str | None = None) -> FollowUpsCounted:
    """Of the area, or of a division in it. Inside `reach()`."""
    reach.require("VIEW_QUARANTINE")
    lo, hi = span_of(division)
    with connection.cursor() as cursor:
        cursor.execute(_counted(covered(reach)), {"at": at, "lo": lo, "hi": hi})
        return FollowUpsCounted(*cursor.fetchone())


def asked_for(
    reach: Reach, kind: str, *, division: str | None = None, after: Key | None = None
) -> FollowUpsListed:
    """The open ones of a kind, those due first; `after`: where the one before ended. Inside `reach()`."""
    reach.require("VIEW_QUARANTINE")
    rows = FollowUp.objects.filter(within(reach), _in(division), kind=kind, closed_at=None)
    if after:
        rows = rows.filter(Q(due_at=after[0], id__gt=after[1]) | Q(due_at__gt=after[0]))
    found = list(rows.order_by("due_at", "id")[: MOST_LISTED + 1])
    page = found[:MOST_LISTED]
    more = len(found) > len(page)
    return FollowUpsListed(_with_orders(page), (page[-1].due_at, page[-1].id) if more else None)


def not_found(reach: Reach, *, since: datetime, division: str | None = None) -> list[FollowUpAsked]:
    """Whom a visit did not find, and nobody and nothing since: an officer says whether he left. The newest first.

    As hindering.py says it of one who is to be released. Inside `reach()`.
    """
    reach.require("VIEW_QUARANTINE")
    heard = CheckIn.objects.filter(
        order_id=OuterRef("order_id"), verdict__in=READ, occurred_at__gt=OuterRef("seen_at")
    )
    found = _SEEN.filter(order_id=OuterRef("order_id"), outcome__in=FOUND, seen_at__gt=OuterRef("seen_at"))
    there = QuarantineOrder.objects.filter(
        pk=OuterRef("order_id"), state=OrderState.IN_PLACE, observed_from__lte=OuterRef("seen_at")
    )
    rows = _SEEN.filter(
        ~Exists(heard), ~Exists(found), Exists(there), within(reach), _in(division),
        kind="VISIT", outcome="NOT_THERE", closed_at__gte=since,
    )  # fmt: skip
    newest: dict[UUID, FollowUp] = {}
    for one in rows.order_by("-closed_at", "-id")[:MOST_LISTED]:
        newest.setdefault(one.order_id, one)
    return _with_orders([*newest.values()])


def follow_up(reach: Reach, id: UUID) -> FollowUpAsked | None:
    reach.require("VIEW_QUARANTINE")
    found = _with_orders(list(FollowUp.objects.filter(within(reach), pk=id)))
    return found[0] if found else None


def units_owing(reach: Reach, *, division: str | None = None) -> list[UnitOwing]:
    """Those that did not go, the longest first. Inside `reach()`."""
    reach.require("VIEW_QUARANTINE")
    lo, hi = span_of(division)
    with connection.cursor() as cursor:
        cursor.execute(_owing(covered(reach)), {"lo": lo, "hi": hi})
        return [UnitOwing(*row) for row in cursor.fetchall()]


def orders_of(ids: Iterable[UUID]) -> dict[UUID, QuarantineOrder]:
    """Those of them that PostgreSQL shows, in the order in which they are asked for. Inside `reach()`."""
    wanted = list(ids)
    found = QuarantineOrder.objects.in_bulk(wanted)
    return {id: found[id] for id in wanted if id in found}


def _in(division: str | None) -> Q:
    return Q(jurisdiction__range=span_of(division))


def _with_orders(rows: Sequence[FollowUp]) -> list[FollowUpAsked]:
    orders = QuarantineOrder.objects.in_bulk([one.order_id for one in rows])
    return [FollowUpAsked(one, orders[one.order_id]) for one in rows if one.order_id in orders]


def _counted(here: str) -> str:
    return f"""
SELECT count(*) FILTER (WHERE kind = 'CALL'), count(*) FILTER (WHERE kind = 'CALL' AND due_at <= %(at)s),
       count(*) FILTER (WHERE kind = 'VISIT'), count(*) FILTER (WHERE kind = 'VISIT' AND due_at <= %(at)s),
       count(*) FILTER (WHERE kind = 'CLINIC'), count(*) FILTER (WHERE kind = 'CLINIC' AND due_at <= %(at)s AND occurred_at IS NULL),
       count(*) FILTER (WHERE supervised_at IS NOT NULL)
FROM follow_up WHERE closed_at IS NULL AND jurisdiction BETWEEN %(lo)s AND %(hi)s AND {here}"""


def _owing(here: str) -> str:
    return f"""
SELECT jurisdiction, count(*), min(due_at), min(supervised_at) FROM follow_up
WHERE closed_at IS NULL AND kind = 'VISIT' AND supervised_at IS NOT NULL
  AND jurisdiction BETWEEN %(lo)s AND %(hi)s AND {here}
GROUP BY jurisdiction ORDER BY 3, 1"""
