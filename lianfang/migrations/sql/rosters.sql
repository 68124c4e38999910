-- What a grid worker's phone reads: people on their way into its own grid for whom a measure goes on. The app role asks by
-- the hash of a token; without a good one there is no row, and with one there are none but its own grid's.

-- Whose measure goes on are few, so the index takes next to nothing from the intake. Spans are compared as 18 digits.
CREATE INDEX registration_headed_for ON registration (rpad(destination_code, 18, '0') COLLATE "C")
    WHERE measures && ARRAY['QUARANTINE', 'FEVER_CLINIC', 'NOTIFY_GRID'];

CREATE FUNCTION lianfang_roster_grid(roster bytea, at timestamptz) RETURNS TABLE (first text, last text)
LANGUAGE sql STABLE ROWS 1 SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT t.lo::text, t.hi::text FROM roster_token t
    WHERE t.token_hash = roster AND t.revoked_at IS NULL AND t.expires_at > at
$$;

-- Those who came in within the last 14 days, the newest 500, as their corrections leave them: somebody who was corrected
-- out of the grid is not shown, somebody corrected into it is.
CREATE FUNCTION lianfang_roster(roster bytea, at timestamptz)
RETURNS TABLE (id uuid, received_at timestamptz, occurred_at timestamptz, captured_on date, checkpoint text, passage_id uuid,
               direction text, from_code text, destination_code text, age smallint, rule_set text, measures text[], receipt text,
               sealed bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH near AS (
        SELECT r.id FROM lianfang_roster_grid(roster, at) g
        JOIN registration r ON rpad(r.destination_code, 18, '0') COLLATE "C" BETWEEN g.first AND g.last
        WHERE r.measures && ARRAY['QUARANTINE', 'FEVER_CLINIC', 'NOTIFY_GRID']
        UNION
        SELECT c.of FROM lianfang_roster_grid(roster, at) g
        JOIN correction c ON rpad(c.facts ->> 'destination_code', 18, '0') COLLATE "C" BETWEEN g.first AND g.last
        WHERE c.target = 'REGISTRATION' AND c.facts ?| ARRAY['from_code', 'destination_code']
    )
    SELECT r.id, r.received_at, r.occurred_at, r.captured_on, r.checkpoint, r.passage_id, r.direction, r.from_code,
           r.destination_code, r.age, r.rule_set, r.measures, r.receipt, r.sealed
    FROM lianfang_roster_grid(roster, at) g CROSS JOIN near n JOIN registration r ON r.id = n.id
    LEFT JOIN LATERAL (
        SELECT lianfang_overlay(c.facts ORDER BY c.occurred_at, c.id) AS facts FROM correction c
        WHERE c.of = r.id AND c.target = 'REGISTRATION'
    ) o ON true
    WHERE r.measures && ARRAY['QUARANTINE', 'FEVER_CLINIC', 'NOTIFY_GRID'] AND r.direction = 'IN'
      AND r.captured_on > (at AT TIME ZONE 'Asia/Shanghai')::date - 14
      AND rpad(CASE WHEN o.facts ? 'destination_code' THEN o.facts ->> 'destination_code' ELSE r.destination_code END, 18, '0')
          COLLATE "C" BETWEEN g.first AND g.last
    ORDER BY r.captured_on DESC, r.id DESC LIMIT 500
$$;

-- What was corrected in them and in their passages, in the order in which it adds up.
CREATE FUNCTION lianfang_roster_corrections(roster bytea, at timestamptz)
RETURNS TABLE (id uuid, of uuid, target text, occurred_at timestamptz, captured_on date, facts jsonb, sealed bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT c.id, c.of, c.target, c.occurred_at, c.captured_on, c.facts, c.sealed
    FROM correction c JOIN (
        SELECT r.id AS of, 'REGISTRATION' AS target FROM lianfang_roster(roster, at) r
        UNION SELECT r.passage_id, 'PASSAGE' FROM lianfang_roster(roster, at) r
    ) listed ON listed.of = c.of AND listed.target = c.target
    ORDER BY c.occurred_at, c.id
$$;

REVOKE ALL ON FUNCTION lianfang_roster_grid(bytea, timestamptz), lianfang_roster(bytea, timestamptz),
    lianfang_roster_corrections(bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianfang_roster_grid(bytea, timestamptz), lianfang_roster(bytea, timestamptz),
    lianfang_roster_corrections(bytea, timestamptz) TO lianfang_app;
