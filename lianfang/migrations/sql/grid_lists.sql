-- A grid worker's list: who came in on the way into the grid and has a measure that goes on, decided at the gate or by a
-- re-screening since. `lasting` are those measures as JSON, each with the rule set and the moment that first decided it as it
-- stands now. A quarantine goes on for its days from the arrival; the others for the 14 days from the day of their decision.
-- Whoever was turned back at the barrier is not on the way. Who was given a measure last stands first.
CREATE FUNCTION lianfang_roster(roster bytea, at timestamptz)
RETURNS TABLE (id uuid, received_at timestamptz, occurred_at timestamptz, captured_on date, checkpoint text, passage_id uuid,
               direction text, from_code text, destination_code text, age smallint, rule_set text, measures text[], receipt text,
               sealed bytea, lasting jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH near AS (
        SELECT r.id FROM lianfang_roster_grid(roster, at) g
        JOIN registration r ON rpad(r.destination_code, 18, '0') COLLATE "C" BETWEEN g.first AND g.last
        WHERE r.measures && ARRAY['QUARANTINE', 'FEVER_CLINIC', 'NOTIFY_GRID']
        UNION
        SELECT d.registration_id FROM lianfang_roster_grid(roster, at) g
        JOIN rescreened d ON rpad(d.destination_code, 18, '0') COLLATE "C" BETWEEN g.first AND g.last
        UNION
        SELECT c.of FROM lianfang_roster_grid(roster, at) g
        JOIN correction c ON rpad(c.facts ->> 'destination_code', 18, '0') COLLATE "C" BETWEEN g.first AND g.last
        WHERE c.target = 'REGISTRATION' AND c.facts ?| ARRAY['from_code', 'destination_code']
    )
    SELECT r.id, r.received_at, r.occurred_at, r.captured_on, r.checkpoint, r.passage_id, r.direction, r.from_code,
           r.destination_code, r.age, r.rule_set, r.measures, r.receipt, r.sealed, goes_on.lasting
    FROM lianfang_roster_grid(roster, at) g CROSS JOIN near n JOIN registration r ON r.id = n.id
    LEFT JOIN LATERAL (
        SELECT lianfang_overlay(c.facts ORDER BY c.occurred_at, c.id) AS facts FROM correction c
        WHERE c.of = r.id AND c.target = 'REGISTRATION'
    ) o ON true
    LEFT JOIN LATERAL (
        SELECT d.stands FROM rescreened d WHERE d.registration_id = r.id ORDER BY d.at DESC, d.rescreening_id DESC LIMIT 1
    ) now ON true
    CROSS JOIN LATERAL (
        SELECT jsonb_agg(m || jsonb_build_object('rule_set', stood.rule_set, 'decided_at', stood.at, 'later', stood.later)) AS lasting,
               max(stood.day) AS day
        FROM (
            SELECT DISTINCT ON (m ->> 'kind') m, decided.rule_set, decided.at, decided.later,
                   CASE WHEN later THEN (decided.at AT TIME ZONE 'Asia/Shanghai')::date ELSE r.captured_on END AS day
            FROM (
                SELECT r.receipt::jsonb -> 'measures' AS measures, r.rule_set, r.occurred_at AS at, false AS later
                UNION ALL
                SELECT d.details, d.rule_set, d.at, true FROM rescreened d WHERE d.registration_id = r.id
            ) decided CROSS JOIN jsonb_array_elements(decided.measures) m
            WHERE m ->> 'kind' IN ('QUARANTINE', 'FEVER_CLINIC', 'NOTIFY_GRID')
              AND (now.stands IS NULL OR concat_ws(' ', m ->> 'kind', m ->> 'place', m ->> 'days') = ANY(now.stands))
            ORDER BY m ->> 'kind', decided.later, decided.at
        ) stood
        WHERE CASE WHEN m ? 'days' THEN r.captured_on + (m ->> 'days')::int ELSE stood.day + 13 END
            >= (lianfang_roster.at AT TIME ZONE 'Asia/Shanghai')::date
    ) goes_on
    WHERE goes_on.lasting IS NOT NULL AND r.direction = 'IN'
      AND NOT EXISTS (SELECT FROM turn_back b WHERE b.registration_id = r.id AND b.verdict = 'TURNED_BACK')
      AND rpad(CASE WHEN o.facts ? 'destination_code' THEN o.facts ->> 'destination_code' ELSE r.destination_code END, 18, '0')
          COLLATE "C" BETWEEN g.first AND g.last
    ORDER BY goes_on.day DESC, r.captured_on DESC, r.id DESC LIMIT 500
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

REVOKE ALL ON FUNCTION lianfang_roster(bytea, timestamptz), lianfang_roster_corrections(bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianfang_roster(bytea, timestamptz), lianfang_roster_corrections(bytea, timestamptz)
    TO lianfang_app;
