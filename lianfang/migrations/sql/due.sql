-- Who must be reminded, of three million: both sides are read from an index in the order of their ids, and no row is fetched.
CREATE INDEX order_observed ON quarantine_order (id) INCLUDE (jurisdiction, last_on, observed_from)
    WHERE ended_at IS NULL AND state = 'IN_PLACE';
CREATE INDEX check_in_reported ON check_in (on_day, half, order_id) WHERE verdict IN ('WELL', 'SYMPTOMATIC');
