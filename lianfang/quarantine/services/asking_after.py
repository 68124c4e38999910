"""Asking after those who do not report, and those who are ill: by the clock, in set-based statements, harmless when repeated.

What was missed before somebody spoke to him, at the telephone or at the door, is not asked about again. Whose order has ended,
or who left where he is to stay, is neither called nor visited; whoever reports meanwhile is not either. Fever that arrives after
somebody was released is asked after like any other.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from lianfang.kernel.audit import Act, note
from lianfang.kernel.days import day_of
from lianfang.kernel.reach import Reach
from lianfang.quarantine.following import REACHED, FollowUpKind, due_at, last_passed
from lianfang.quarantine.queries.thresholds import thresholds_at
from lianfang.quarantine.rules import HalfDay

LATELY = timedelta(days=2)
MOST = 20_000  # calls, and visits, of one round: the next, in seconds, asks for the rest; no statement runs for minutes
_MEANWHILE = timedelta(minutes=1)

# Nobody goes or telephones for whom it is needed no more; what is open goes where the order goes.
_OVERTAKEN = """
UPDATE follow_up f SET closed_at = %(at)s, occurred_at = %(at)s, outcome = 'OVERTAKEN'
FROM quarantine_order o
WHERE f.closed_at IS NULL AND o.id = f.order_id AND (
    (o.ended_at IS NOT NULL AND (f.opened_at <= o.ended_at OR o.state NOT IN ('RELEASED', 'LIFTED')))
    OR (f.kind IN ('CALL', 'VISIT') AND (o.state <> 'IN_PLACE' OR EXISTS (
        SELECT FROM check_in c WHERE c.order_id = f.order_id AND c.verdict IN ('WELL', 'SYMPTOMATIC')
        AND c.on_day >= %(lately)s AND c.received_at >= f.opened_at)))
    OR (f.kind = 'CALL' AND EXISTS (
        SELECT FROM follow_up v WHERE v.order_id = f.order_id AND v.kind = 'VISIT' AND v.closed_at IS NULL)))
"""
_MOVED = """
UPDATE follow_up f SET jurisdiction = o.jurisdiction FROM quarantine_order o
WHERE f.closed_at IS NULL AND o.id = f.order_id AND o.jurisdiction <> f.jurisdiction
"""
# A report that says ill, since it came in, unless a clinic has seen him after it was taken. One that comes after he was released,
# or his order lifted, is of somebody who is at home all the same, and was told that he will be called; one that was being taken
# while he was released was seen by nobody who released him.
_CLINIC = """
INSERT INTO follow_up (id, order_id, kind, since_day, since_half, jurisdiction, opened_at, due_at)
SELECT DISTINCT ON (o.id) gen_random_uuid(), o.id, 'CLINIC', c.on_day, c.half, o.jurisdiction, %(at)s, %(clinic_due)s
FROM check_in c JOIN quarantine_order o ON o.id = c.order_id
  AND (o.ended_at IS NULL OR (o.state IN ('RELEASED', 'LIFTED') AND c.received_at > o.ended_at - %(meanwhile)s))
WHERE c.verdict = 'SYMPTOMATIC' AND c.received_at > %(lately_at)s AND c.received_at <= %(at)s
  AND NOT EXISTS (SELECT FROM follow_up f WHERE f.order_id = o.id AND f.kind = 'CLINIC'
                  AND (f.closed_at IS NULL OR (f.outcome <> 'OVERTAKEN' AND coalesce(f.occurred_at, f.closed_at) >= c.occurred_at)))
ORDER BY o.id, c.received_at, c.id
ON CONFLICT DO NOTHING
"""
_REACHED = ", ".join(f"'{outcome}'" for outcome in REACHED)
# In place since before the first of so many deadlines, spoken to by nobody since, and no report of any of these half-days or of
# one that came after them.
_MISSED = f"""
FROM quarantine_order o
WHERE o.ended_at IS NULL AND o.state = 'IN_PLACE' AND o.last_on >= %(today)s AND o.observed_from < %(first_deadline)s
  AND NOT EXISTS (SELECT FROM check_in c WHERE c.order_id = o.id AND c.verdict IN ('WELL', 'SYMPTOMATIC')
                  AND c.on_day >= %(first_day)s
                  AND (c.on_day > %(first_day)s OR %(first_half)s = 'MORNING' OR c.half = 'EVENING'))
  AND NOT EXISTS (SELECT FROM follow_up f WHERE f.order_id = o.id AND f.kind IN ('CALL', 'VISIT')
                  AND f.outcome IN ({_REACHED}) AND f.occurred_at >= %(first_deadline)s)
"""
_CALL = f"""
INSERT INTO follow_up (id, order_id, kind, since_day, since_half, jurisdiction, opened_at, due_at)
SELECT gen_random_uuid(), o.id, 'CALL', %(first_day)s, %(first_half)s, o.jurisdiction, %(at)s, %(call_due)s
{_MISSED}
  AND NOT EXISTS (SELECT FROM follow_up f WHERE f.order_id = o.id AND f.kind IN ('CALL', 'VISIT')
                  AND (f.closed_at IS NULL OR f.opened_at >= %(last_deadline)s))
LIMIT %(most)s ON CONFLICT DO NOTHING
"""
_VISIT_MISSED = f"""
INSERT INTO follow_up (id, order_id, kind, since_day, since_half, jurisdiction, opened_at, due_at)
SELECT gen_random_uuid(), o.id, 'VISIT', %(first_day)s, %(first_half)s, o.jurisdiction, %(at)s, %(visit_due)s
{_MISSED}
  AND NOT EXISTS (SELECT FROM follow_up f WHERE f.order_id = o.id AND f.kind = 'VISIT'
                  AND (f.closed_at IS NULL OR f.opened_at >= %(last_deadline)s))
LIMIT %(most)s ON CONFLICT DO NOTHING
"""
# Telephoned in vain, or by nobody in time.
_VISIT_CALLED = """
INSERT INTO follow_up (id, order_id, kind, since_day, since_half, jurisdiction, opened_at, due_at)
SELECT DISTINCT ON (o.id) gen_random_uuid(), o.id, 'VISIT', f.since_day, f.since_half, o.jurisdiction, %(at)s, %(visit_due)s
FROM follow_up f JOIN quarantine_order o ON o.id = f.order_id AND o.ended_at IS NULL AND o.state = 'IN_PLACE'
WHERE f.kind = 'CALL' AND f.opened_at > %(lately_at)s
  AND (f.outcome IN ('NO_ANSWER', 'NOT_THERE') OR (f.closed_at IS NULL AND f.due_at <= %(at)s))
  AND NOT EXISTS (SELECT FROM follow_up v WHERE v.order_id = f.order_id AND v.opened_at >= f.opened_at AND v.id <> f.id
                  AND v.kind IN ('CALL', 'VISIT'))
  AND NOT EXISTS (SELECT FROM check_in c WHERE c.order_id = f.order_id AND c.verdict IN ('WELL', 'SYMPTOMATIC')
                  AND c.on_day >= %(lately)s AND c.received_at >= f.opened_at)
ORDER BY o.id, f.opened_at DESC
ON CONFLICT DO NOTHING
"""
_SUPERVISED = """
UPDATE follow_up SET supervised_at = %(at)s
WHERE closed_at IS NULL AND kind = 'VISIT' AND due_at <= %(at)s AND supervised_at IS NULL
"""


def open_follow_ups(*, worker: Reach, at: datetime) -> int:
    """One round; answers how many were asked for. Inside `reach(worker)`; again at the same moment it asks for none."""
    limits = thresholds_at(at)
    passed = last_passed(at, limits)
    values = _moments(at) | {"last_deadline": limits.deadline(passed[0])}
    third, second = ({**values, **_from(half, limits.deadline(half))} for half in (passed[2], passed[1]))
    with connection.cursor() as cursor:
        for statement in (_OVERTAKEN, _MOVED):
            cursor.execute(statement, values)
        asked = 0
        for statement, given in (
            (_CLINIC, values), (_VISIT_CALLED, values), (_VISIT_MISSED, third), (_CALL, second),
        ):  # fmt: skip
            cursor.execute(statement, given)
            asked += int(cursor.rowcount)
        cursor.execute(_SUPERVISED, values)
        supervised = int(cursor.rowcount)
        cursor.execute(_OVERTAKEN, values)  # the call, now that somebody goes
    if asked:
        note(Act.FOLLOW_UP_ASKED, by=worker, subject="QUARANTINE_ORDER", count=asked)
    if supervised:
        note(Act.SUPERVISION_ASKED, by=worker, subject="QUARANTINE_ORDER", count=supervised)
    return asked


def _moments(at: datetime) -> dict[str, Any]:
    """What came in, or was asked for, longer ago than two days was seen to by the rounds of those days."""
    today, lately = day_of(at), at - LATELY
    return {
        "at": at, "today": today, "lately": day_of(lately), "lately_at": lately, "meanwhile": _MEANWHILE, "most": MOST,
        **{f"{kind.lower()}_due": due_at(kind, at) for kind in FollowUpKind},
    }  # fmt: skip


def _from(first: HalfDay, deadline: datetime) -> dict[str, Any]:
    return {"first_day": first.day, "first_half": str(first.half), "first_deadline": deadline}
