"""Taking back what nobody needs to be told any more: only a journey knows who that is."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from lianfang.kernel.audit import Act, note
from lianfang.kernel.reach import Reach

# What a sender has in hand goes out: it may have left already.
_OVERTAKE = """
WITH gone AS (
    SELECT id FROM message WHERE id = ANY(%(ids)s) AND next_at IS NOT NULL AND claimed_at IS NULL FOR UPDATE SKIP LOCKED
), told AS (INSERT INTO message_attempt (id, message_id, at, ok, code)
            SELECT gen_random_uuid(), id, %(at)s, false, 'OVERTAKEN' FROM gone)
UPDATE message m SET state = 'OVERTAKEN', next_at = NULL FROM gone WHERE gone.id = m.id
"""


def overtake(*, by: Reach, at: datetime, messages: Sequence[UUID]) -> int:
    """Answers how many had not left yet; nobody has to telephone for them. Inside `reach(worker)`."""
    if not messages:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_OVERTAKE, {"ids": list(messages), "at": at})
        gone = int(cursor.rowcount)
    if gone:
        note(Act.MESSAGES_OVERTAKEN, by=by, subject="MESSAGE", count=gone)
    return gone
