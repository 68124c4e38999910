"""Proposals to turn back that nobody decided while the person stood there: closed together, by name."""

from datetime import datetime

from django.db import connection

from lianfang.checkpoints.models import TurnBack
from lianfang.checkpoints.queries.turn_backs import since_there, undecided_written_out
from lianfang.kernel.audit import Act, note
from lianfang.kernel.reach import Reach, reach

# Whoever is decided about at this very moment stays decided.
_CLOSE = """
INSERT INTO turn_back (registration_id, verdict, decided_by, decided_at, jurisdiction)
SELECT r.id, %s, %s, %s, r.jurisdiction {undecided} AND r.captured_on < %s ON CONFLICT DO NOTHING
"""


def close_turn_backs(*, by: Reach, at: datetime) -> int:
    """Whoever is of an earlier day has left the barrier: that is what is written down. How many there were."""
    by.require("DECIDE_TURN_BACK")
    verdict, before = TurnBack.Verdict.LEFT.value, since_there(at)
    with reach(by) as seen:
        statement = _CLOSE.format(undecided=undecided_written_out(seen))
        with connection.cursor() as cursor:
            cursor.execute(statement, [verdict, seen.officer_id, at, before])
            closed = cursor.rowcount
        if closed:
            details = {"verdict": verdict, "until": before.isoformat()}
            note(Act.TURN_BACK_DECIDED, by=seen, count=closed, details=details)
    return closed
