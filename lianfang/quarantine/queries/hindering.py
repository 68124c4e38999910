"""What keeps somebody from being released though his last day is over, as one expression over an order `o`.

A negative test is none of what is asked here: it neither hinders nor hastens a release.
"""

from lianfang.quarantine.following import REACHED

FOUND = (*REACHED, "NOT_ILL")  # outcomes that say where he is
_HEARD = ", ".join(f"'{outcome}'" for outcome in FOUND)
# His last report is one of symptoms where he has not reported well in a later half-day, and nobody has seen him well since.
# What was seen is of the moment at which it was seen, whenever it was told here.
_SYMPTOMATIC = """
EXISTS (SELECT FROM check_in c WHERE c.order_id = o.id AND c.verdict = 'SYMPTOMATIC'
    AND NOT EXISTS (SELECT FROM check_in w WHERE w.order_id = o.id AND w.verdict = 'WELL' AND w.occurred_at > c.occurred_at
                    AND (w.on_day, w.half = 'EVENING') > (c.on_day, c.half = 'EVENING'))
    AND NOT EXISTS (SELECT FROM follow_up f WHERE f.order_id = o.id AND f.outcome IN ('WELL', 'NOT_ILL')
                    AND coalesce(f.occurred_at, f.closed_at) > c.occurred_at))
"""
_CLINIC = (
    "EXISTS (SELECT FROM follow_up f WHERE f.order_id = o.id AND f.kind = 'CLINIC' AND f.closed_at IS NULL)"
)
# A clinic has taken him in, and neither a desk, nor somebody at his door, nor a clinic has found him well since: what his
# household reports as every day takes nobody out of a hospital.
_ADMITTED = """
EXISTS (SELECT FROM follow_up a CROSS JOIN LATERAL (SELECT coalesce(a.occurred_at, a.closed_at) AS at) since
    WHERE a.order_id = o.id AND a.kind = 'CLINIC' AND a.outcome = 'ADMITTED'
    AND NOT EXISTS (SELECT FROM check_in w WHERE w.order_id = o.id AND w.verdict = 'WELL' AND w.by IN ('DESK', 'GRID_DOOR')
                    AND w.occurred_at > since.at)
    AND NOT EXISTS (SELECT FROM follow_up f WHERE f.order_id = o.id AND (f.kind, f.outcome) IN (('VISIT', 'WELL'), ('CLINIC', 'NOT_ILL'))
                    AND coalesce(f.occurred_at, f.closed_at) > since.at))
"""
# A visit did not find him; since then he has neither reported, nor been spoken to, nor been put in place again.
_NOT_FOUND = f"""
EXISTS (SELECT FROM follow_up v CROSS JOIN LATERAL (SELECT coalesce(v.occurred_at, v.closed_at) AS at) since
    WHERE v.order_id = o.id AND v.kind = 'VISIT' AND v.outcome = 'NOT_THERE' AND o.observed_from <= since.at
    AND NOT EXISTS (SELECT FROM check_in c WHERE c.order_id = o.id AND c.verdict IN ('WELL', 'SYMPTOMATIC')
                    AND c.occurred_at > since.at)
    AND NOT EXISTS (SELECT FROM follow_up f WHERE f.order_id = o.id AND f.outcome IN ({_HEARD})
                    AND coalesce(f.occurred_at, f.closed_at) > since.at))
"""

HINDRANCE = f"""
CASE WHEN {_CLINIC} THEN 'CLINIC_OPEN' WHEN {_ADMITTED} THEN 'ADMITTED' WHEN {_SYMPTOMATIC} THEN 'SYMPTOMATIC'
     WHEN o.state = 'BROKEN' THEN 'BROKEN' WHEN o.state <> 'IN_PLACE' THEN 'NOT_IN_PLACE'
     WHEN {_NOT_FOUND} THEN 'NOT_FOUND' END
"""
