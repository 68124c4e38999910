"""What referrals ask of orders: terms that no order has as a reason yet, and orders whose person is headed elsewhere now.

Looked for among the referrals about which something was done since a moment, so that a turn costs what is new.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import from_integer
from lianfang.quarantine.rules import DAYS, LONGEST, last_day
from lianfang.quarantine.services import OrderReason
from lianfang.quarantine.states import OrderKind

JUST_NOW = timedelta(minutes=1)  # within it a report of symptoms has become a way to the clinic (`keep_up`)

# Registrations about which something was done since: an answer, another place, another measure, a letter.
_TOUCHED = """
touched AS (
    SELECT DISTINCT r.registration_id FROM referral_event e JOIN referral r ON r.id = e.referral_id
    WHERE e.received_at >= %(since)s AND r.measures @> ARRAY['QUARANTINE'] AND r.person_id IS NOT NULL
)
"""
# A reason of an order that went to another city, or that this program lifted, binds nobody who is headed here again.
_WANTED = f"""
WITH {_TOUCHED}, wanted AS (
    SELECT r.id, r.registration_id, r.person_id, coalesce(r.destination, '') AS destination, r.jurisdiction, r.captured_on,
           (r.sent_at AT TIME ZONE 'Asia/Shanghai')::date AS sent_on,
           coalesce(d->>'place', 'HOME') AS place, d->>'rule_set' AS rule_set, d->>'row' AS rule_row,
           least(coalesce((d->>'days')::int, {DAYS}), {LONGEST}) AS days
    FROM touched t JOIN referral r USING (registration_id) CROSS JOIN LATERAL jsonb_array_elements(r.details) d
    WHERE r.state NOT IN ('WITHDRAWN', 'MOVED_ON', 'OUTSIDE') AND NOT r.outside AND r.person_id IS NOT NULL
      AND d->>'kind' = 'QUARANTINE'
)
SELECT id, person_id, destination, jurisdiction, captured_on, sent_on, place, rule_set, rule_row, days FROM wanted w
WHERE CASE WHEN captured_on + days < sent_on THEN sent_on ELSE captured_on END + days >= %(today)s
  AND NOT EXISTS (
    SELECT FROM referral p JOIN quarantine_reason q ON q.reference = p.id JOIN quarantine_order o ON o.id = q.order_id
    WHERE p.registration_id = w.registration_id
      AND q.rule_set IS NOT DISTINCT FROM w.rule_set AND q.rule_row IS NOT DISTINCT FROM w.rule_row
      AND o.state <> 'HANDED_OVER'
      AND NOT (o.state = 'LIFTED' AND EXISTS (
          SELECT FROM order_event e WHERE e.order_id = o.id AND e.kind = 'LIFTED' AND e.officer_id IS NULL)))
ORDER BY id, rule_set, rule_row LIMIT %(at_once)s
"""
# How many 18-digit codes lie in a destination: provinces and cities are written with six digits.
_WIDTH = """(10::numeric ^ (18 - CASE WHEN length(destination) > 6 THEN length(destination)
    WHEN right(destination, 4) = '0000' THEN 2 WHEN right(destination, 2) = '00' THEN 4 ELSE 6 END))::bigint"""
# Fever stays in sight until somebody writes what the clinic said; of a report that came in just now nobody was asked yet.
_FEVERISH = """(EXISTS (SELECT FROM follow_up f WHERE f.order_id = o.id AND f.kind = 'CLINIC' AND f.closed_at IS NULL)
    OR EXISTS (SELECT FROM check_in c WHERE c.order_id = o.id AND c.verdict = 'SYMPTOMATIC' AND c.received_at > %(just)s))"""
# The newest referral of each order's person that still says where he is headed; else the newest of those that are withdrawn.
# Looked at again when a clinic has answered: until then the order stands.
_HEADED = f"""
WITH {_TOUCHED}, concerned AS (
    SELECT DISTINCT o.id FROM touched t JOIN referral p USING (registration_id)
    JOIN quarantine_reason q ON q.reference = p.id JOIN quarantine_order o ON o.id = q.order_id AND o.ended_at IS NULL
    UNION SELECT o.id FROM follow_up f JOIN quarantine_order o ON o.id = f.order_id AND o.ended_at IS NULL
    WHERE f.kind = 'CLINIC' AND f.closed_at >= %(since)s
), head AS (
    SELECT DISTINCT ON (c.id) c.id AS order_id, r.id AS referral_id, r.state, r.outside, r.destination, r.jurisdiction, r.sent_at
    FROM concerned c JOIN quarantine_reason q ON q.order_id = c.id JOIN referral p ON p.id = q.reference
    JOIN referral r ON r.registration_id = p.registration_id
    ORDER BY c.id, r.state IN ('MOVED_ON', 'WITHDRAWN'), r.state = 'MOVED_ON', r.sent_at DESC, r.id DESC
), told AS (
    SELECT o.id, o.state, o.jurisdiction, h.referral_id, h.destination, h.jurisdiction AS headed_for, CASE
        WHEN (h.state = 'WITHDRAWN' OR h.outside) AND {_FEVERISH} THEN NULL
        WHEN h.state = 'WITHDRAWN' AND o.state IN ('ORDERED', 'NOTIFIED') AND NOT EXISTS (
            SELECT FROM quarantine_reason q WHERE q.order_id = o.id AND q.kind <> 'RULE' AND q.taken_back_at IS NULL)
            THEN 'LIFTED'
        WHEN h.outside AND h.state NOT IN ('OUTSIDE', 'SENT', 'MOVED_ON', 'WITHDRAWN') THEN 'HANDED_OVER'
        WHEN NOT h.outside AND h.state NOT IN ('OUTSIDE', 'MOVED_ON', 'WITHDRAWN') AND h.destination IS NOT NULL
             AND h.jurisdiction <> o.jurisdiction AND h.sent_at > (
                 SELECT max(e.received_at) FROM order_event e WHERE e.order_id = o.id AND e.kind IN ('ORDERED', 'TRANSFERRED'))
            THEN 'TRANSFERRED'
    END AS what
    FROM head h JOIN quarantine_order o ON o.id = h.order_id
)
SELECT id, state, jurisdiction, referral_id, destination, headed_for, what FROM told
WHERE what IS NOT NULL AND (what <> 'TRANSFERRED' OR NOT jurisdiction BETWEEN headed_for
      AND headed_for + {_WIDTH} - 1)
ORDER BY id LIMIT %(at_once)s
"""


class Followed(StrEnum):
    """What becomes of an order whose person's referral went on."""

    TRANSFERRED = "TRANSFERRED"
    HANDED_OVER = "HANDED_OVER"
    LIFTED = "LIFTED"


@dataclass(frozen=True, slots=True)
class WantedOrder:
    """A row of a rule that puts somebody under observation, and no order knows it yet."""

    referral: UUID
    person: UUID
    division: str
    kind: OrderKind
    why: OrderReason

    @property
    def last_on(self) -> date:
        return last_day(self.why.day0_on, self.why.days)


class Headed(NamedTuple):
    """An order as it stands, and what its person's newest referral makes of it."""

    id: UUID
    state: str
    jurisdiction: int
    referral: UUID
    destination: str | None
    headed_for: int
    what: str


def wanted(*, since: datetime, at: datetime, at_once: int) -> list[WantedOrder]:
    """Those whose days are not over, by referral. Inside `reach(worker)`."""
    today = day_of(at)
    with connection.cursor() as cursor:
        cursor.execute(_WANTED, {"since": since, "today": today, "at_once": at_once})
        return [_wanted(row, today) for row in cursor.fetchall()]


def headed(*, since: datetime, at: datetime, at_once: int) -> list[Headed]:
    """Orders that do not stand as their person's newest referral says, by order. Inside `reach(worker)`."""
    with connection.cursor() as cursor:
        cursor.execute(_HEADED, {"since": since, "just": at - JUST_NOW, "at_once": at_once})
        return [Headed(*row) for row in cursor.fetchall()]


def by_person(found: Iterable[WantedOrder]) -> dict[UUID, list[WantedOrder]]:
    grouped: dict[UUID, list[WantedOrder]] = {}
    for one in found:
        grouped.setdefault(one.person, []).append(one)
    return grouped


def _wanted(row: tuple, today: date) -> WantedOrder:
    """The day of the last exposure is that of his arrival; of a telephone whose clock is years slow, that of his hand-over."""
    referral, person, destination, jurisdiction, captured_on, sent_on, place, rule_set, rule_row, days = row
    day0 = sent_on if captured_on + timedelta(days=days) < sent_on else captured_on
    return WantedOrder(
        referral=referral,
        person=person,
        division=destination or from_integer(jurisdiction),
        kind=OrderKind.FACILITY if place == OrderKind.FACILITY else OrderKind.HOME,
        why=OrderReason("RULE", min(day0, today), days, referral, rule_set, rule_row),
    )
