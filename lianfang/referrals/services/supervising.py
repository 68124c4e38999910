"""Asking for supervision (督查): a place that took somebody over neither in its own two hours nor in its county's.

What is asked about is the unit that did not go, never the person: one fact for each place until it is closed, and another only
for what falls due afterwards. Nothing closes it by itself; it says by when somebody was taken over after all.
"""

from datetime import datetime

from django.db import connection

from lianfang.kernel.audit import Act, note
from lianfang.kernel.reach import Reach
from lianfang.referrals.supervised import UNIT

_ASK = f"""
INSERT INTO waiting_fact (id, room, referral_id, jurisdiction, since)
SELECT DISTINCT ON (f.unit) gen_random_uuid(), 'SUPERVISION', f.id, f.unit, f.city_due_at
FROM (SELECT id, {UNIT} AS unit, city_due_at FROM referral WHERE state = 'SENT' AND city_due_at <= %(at)s) f
WHERE NOT EXISTS (SELECT FROM waiting_fact w WHERE w.room = 'SUPERVISION' AND w.jurisdiction = f.unit
                  AND (w.closed_at IS NULL OR w.closed_at >= f.city_due_at))
ORDER BY f.unit, f.city_due_at, f.id
ON CONFLICT DO NOTHING
"""


def ask_for_supervision(*, worker: Reach, at: datetime) -> int:
    """One statement for all places; answers for how many it was asked. Inside `reach(worker)`; again it asks for none."""
    with connection.cursor() as cursor:
        cursor.execute(_ASK, {"at": at})
        asked = int(cursor.rowcount)
    if asked:
        note(Act.SUPERVISION_ASKED, by=worker, subject="REFERRAL", count=asked)
    return asked
