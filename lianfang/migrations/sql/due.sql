-- Who must be reminded, of three million: both sides are read from an index in the order of their ids, and no row is fetched.
CREATE INDEX order_observed ON quarantine_order (id) INCLUDE (jurisdiction, last_on, observed_from)
    WHERE ended_at IS NULL AND state = 'IN_PLACE';
CREATE INDEX check_in_reported ON check_in (on_day, half, order_id) WHERE verdict IN ('WELL', 'SYMPTOMATIC');

-- Of whom of the caller's area a message reached nobody that lies beyond it: a household's message lies at one place, and a father
-- may be at another by now. It tells about orders that the caller sees anyway, and nothing that was said.
CREATE FUNCTION lianfang_not_reached_elsewhere(what text, day date, of_half text)
RETURNS TABLE (id uuid, household uuid, since timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT o.id, m.subject_id, coalesce(m.given_up_at, m.written_at)
    FROM message m
    LEFT JOIN check_in_link k ON k.id = m.subject_id
    CROSS JOIN LATERAL unnest(coalesce(k.orders, ARRAY[m.subject_id])) p (order_id)
    JOIN quarantine_order o ON o.id = p.order_id AND o.ended_at IS NULL
    JOIN unnest(lianfang_reach()) s ON o.jurisdiction >= lower(s) AND o.jurisdiction < upper(s)
    WHERE m.purpose = what AND m.on_day = day AND m.half = of_half AND m.channel <> 'ROBOT'
      AND m.state IN ('GIVEN_UP', 'OVERTAKEN') AND NOT m.jurisdiction <@ (SELECT lianfang_reach())
$$;
REVOKE ALL ON FUNCTION lianfang_not_reached_elsewhere(text, date, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianfang_not_reached_elsewhere(text, date, text) TO lianfang_app;
