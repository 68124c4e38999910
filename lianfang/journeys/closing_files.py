"""Closing files that nothing needs any more: what runs out after a file is closed runs out, though no room closed it.

A file is held open by an order of quarantine until it has ended and nothing about it is open any more; by a referral that
nobody has settled, or whose days of observation may still run where no order came of it; by a fact that waits for a room, by a
place in a household, and for a while by whatever called for it last. Files that are one person's by a merge are
held together. What is held is open again, whoever closed it: nothing is destroyed while a measure runs.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from lianfang.kernel.audit import Act, note
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden, Refusal
from lianfang.people.services import close_file
from lianfang.quarantine.queries.of_people import is_observed
from lianfang.referrals.of_people import holds_open
from lianfang.referrals.states import OPEN

# Days of observation where no order came of a referral (custody/retention.py counts alike); a quarantine of more days runs for
# those. So long too a file stays open after its last call, and after somebody moved out of his last household.
OBSERVED = 14

_NEEDED = """
SELECT r.person_id AS id FROM referral r
WHERE r.person_id IS NOT NULL AND (r.state = ANY(%(open)s) OR %(at)s < make_interval(days => greatest(
    %(observed)s, (SELECT max((d->>'days')::int) FROM jsonb_array_elements(r.details) d))) + greatest(
    r.settled_at, (SELECT max(e.received_at) FROM referral_event e WHERE e.referral_id = r.id))
    AND NOT EXISTS (SELECT FROM quarantine_reason q JOIN quarantine_order o ON o.id = q.order_id
                    WHERE q.reference = r.id AND o.ended_at IS NOT NULL))
UNION SELECT o.person_id FROM quarantine_order o WHERE o.ended_at IS NULL
    OR EXISTS (SELECT FROM follow_up f WHERE f.order_id = o.id AND f.closed_at IS NULL)
    OR EXISTS (SELECT FROM care_need c WHERE c.order_id = o.id AND c.settled_at IS NULL)
    OR EXISTS (SELECT FROM order_event a WHERE a.order_id = o.id AND a.kind = 'CORRECTION_ASKED' AND NOT EXISTS (
        SELECT FROM order_event b WHERE b.order_id = o.id AND b.kind = 'CORRECTION_ANSWERED' AND b.received_at >= a.received_at))
UNION SELECT r.person_id FROM waiting_fact w JOIN referral r ON r.id = w.referral_id
WHERE w.closed_at IS NULL AND r.person_id IS NOT NULL
UNION SELECT s.person_id FROM stay_in_household s JOIN household h ON h.id = s.household_id
WHERE s.until_at IS NULL AND s.state <> 'MOVED_OUT' AND h.closed_at IS NULL
"""
_RECENT = """
UNION SELECT c.person_id FROM person_call c WHERE c.at > %(since)s
UNION SELECT s.person_id FROM stay_in_household s WHERE s.from_at > %(since)s OR s.until_at > %(since)s
UNION SELECT p.id FROM person p WHERE p.opened_at > %(since)s
"""
_HELD = """
WITH RECURSIVE tied AS (
    SELECT kept_id AS one, merged_id AS other FROM person_merge WHERE undone_at IS NULL
    UNION ALL SELECT merged_id, kept_id FROM person_merge WHERE undone_at IS NULL
), held AS ({needed} UNION SELECT t.other FROM held h JOIN tied t ON t.one = h.id)
"""
_CLOSE = f"""{_HELD.format(needed=f"({_NEEDED}{_RECENT})")}
UPDATE person p SET closed_at = %(at)s
WHERE p.closed_at IS NULL AND p.sealed IS NOT NULL AND NOT EXISTS (SELECT FROM held h WHERE h.id = p.id)
"""
_REOPEN = f"""{_HELD.format(needed=f"({_NEEDED})")}
UPDATE person p SET closed_at = NULL
WHERE p.closed_at IS NOT NULL AND p.sealed IS NOT NULL AND EXISTS (SELECT FROM held h WHERE h.id = p.id)
"""


def close_settled(worker: Reach, *, at: datetime) -> tuple[int, int]:
    """Files closed, and files opened again since something needs them. Harmless when repeated."""
    if worker.kind != "WORK":
        raise Forbidden(
            "NOT_PERMITTED", "只有后台程序可以成批注销。", "Only the background program may do this."
        )
    values: dict[str, Any] = {
        "at": at,
        "since": at - timedelta(days=OBSERVED),
        "observed": OBSERVED,
        "open": list(map(str, OPEN)),
    }
    with reach(worker) as seen, connection.cursor() as cursor:
        cursor.execute(_REOPEN, values)
        reopened = cursor.rowcount
        cursor.execute(_CLOSE, values)
        closed = cursor.rowcount
        for act, count in ((Act.FILE_REOPENED, reopened), (Act.FILE_CLOSED, closed)):
            if count:
                note(act, by=seen, subject="PERSON", count=count)
    return closed, reopened


def close_by_hand(*, by: Reach, at: datetime, id: UUID) -> None:
    """An officer says that nothing goes on about somebody; refused while somebody is on the way to him or observes him."""
    with reach(by) as seen:
        if holds_open(seen, id) or is_observed(id):
            raise Refusal(
                "FILE_NEEDED",
                "此人的移交、等待事项或隔离观察还没有落实，先办完再注销。",
                "A referral, a waiting matter or an order of quarantine of this person is not settled yet: settle it first.",
                status=409,
            )
        close_file(by=seen, at=at, id=id)
