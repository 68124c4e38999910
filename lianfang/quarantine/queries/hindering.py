"""What keeps somebody from being released though his last day is over, as one expression over an order `o`.

A negative test is none of what is asked here: it neither hinders nor hastens a release.
"""

# His last report is one of symptoms where he has not reported well in a later half-day, and nobody has seen him well since.
_SYMPTOMATIC = """
EXISTS (SELECT FROM check_in c WHERE c.order_id = o.id AND c.verdict = 'SYMPTOMATIC'
    AND NOT EXISTS (SELECT FROM check_in w WHERE w.order_id = o.id AND w.verdict = 'WELL' AND w.occurred_at > c.occurred_at
                    AND (w.on_day, w.half) <> (c.on_day, c.half))
    AND NOT EXISTS (SELECT FROM follow_up f WHERE f.order_id = o.id AND f.outcome IN ('WELL', 'NOT_ILL')
                    AND f.closed_at > c.received_at))
"""
_CLINIC = (
    "EXISTS (SELECT FROM follow_up f WHERE f.order_id = o.id AND f.kind = 'CLINIC' AND f.closed_at IS NULL)"
)

HINDRANCE = f"""
CASE WHEN {_CLINIC} THEN 'CLINIC_OPEN' WHEN {_SYMPTOMATIC} THEN 'SYMPTOMATIC' WHEN o.state = 'BROKEN' THEN 'BROKEN'
     WHEN o.state <> 'IN_PLACE' THEN 'NOT_IN_PLACE' END
"""
