"""Who must be reminded, as one statement: journeys remind by it, and the bench times it with three million under observation."""

from datetime import datetime
from typing import Any

from lianfang.quarantine.rules import Thresholds, half_day

# Of whom a report of this half-day is asked and none came: ids and places, nobody's name.
SELECT_DUE = """
SELECT o.id, o.jurisdiction FROM quarantine_order o
WHERE o.ended_at IS NULL AND o.state = 'IN_PLACE' AND o.last_on >= %(today)s AND o.observed_from < %(h_deadline)s
  AND NOT EXISTS (SELECT FROM check_in c WHERE c.order_id = o.id AND c.on_day = %(today)s AND c.half = %(h_half)s
                  AND c.verdict IN ('WELL', 'SYMPTOMATIC'))
"""


# Said first, in the same transaction. Orders and reports lie in their indexes by the order's id and are walked side by side; the
# planner would rather read both tables whole (at three million 2.4 s and not 0.95), and takes what was laid out once, and has no
# statistics, for a few rows to be looked up one by one.
IN_ORDER = """
SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_nestloop', 'off', true), set_config('work_mem', '64MB', true)
"""
AS_EVER = "SET LOCAL enable_hashjoin TO DEFAULT; SET LOCAL enable_nestloop TO DEFAULT; SET LOCAL work_mem TO DEFAULT"


def due_now(at: datetime, limits: Thresholds) -> dict[str, Any]:
    """Its values for the half-day of that moment."""
    this = half_day(at)
    return {"today": this.day, "h_half": str(this.half), "h_deadline": limits.deadline(this)}
