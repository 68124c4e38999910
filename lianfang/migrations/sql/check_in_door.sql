-- The public check-in door. Whoever has a link reports through these functions and nothing else, by the
-- pages' role without a session, which sees no order, no link and no report. What comes back names nobody: places on a slip, days, states and verdicts.

-- A link is good until it is revoked or expires, and a while after the last of its orders ended: reports come late.
CREATE FUNCTION lianfang_link_standing(l check_in_link, moment timestamptz) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN l.revoked_at IS NOT NULL THEN 'REVOKED' WHEN l.expires_at <= moment THEN 'EXPIRED'
                WHEN NOT EXISTS (SELECT FROM quarantine_order o WHERE o.id = ANY (l.orders)
                                 AND (o.ended_at IS NULL OR o.ended_at > moment - interval '36 hours')) THEN 'EXPIRED'
                ELSE 'GOOD' END
$$;

-- What the pages of these links show: a row for every place on the slip; none for a token that is nobody's.
CREATE FUNCTION lianfang_check_in_pages(tokens bytea[], today date, moment timestamptz)
RETURNS TABLE (token bytea, standing text, place int, day0_on date, last_on date, state text, ended_at timestamptz,
               jurisdiction bigint, morning text, evening text, home bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT l.token_hash, lianfang_link_standing(l, moment), p.place::int, o.day0_on, o.last_on, o.state, o.ended_at,
           o.jurisdiction, r.morning, r.evening, l.jurisdiction
    FROM unnest(tokens) t (hash)
    JOIN check_in_link l ON l.token_hash = t.hash
    CROSS JOIN LATERAL unnest(l.orders) WITH ORDINALITY p (order_id, place)
    JOIN quarantine_order o ON o.id = p.order_id
    -- Of several reports of a half-day the worst counts: SYMPTOMATIC, then WELL, then NOT_READ.
    CROSS JOIN LATERAL (
        SELECT (array_agg(c.verdict ORDER BY c.verdict = 'SYMPTOMATIC' DESC, c.verdict = 'WELL' DESC)
                FILTER (WHERE c.half = 'MORNING'))[1] AS morning,
               (array_agg(c.verdict ORDER BY c.verdict = 'SYMPTOMATIC' DESC, c.verdict = 'WELL' DESC)
                FILTER (WHERE c.half = 'EVENING'))[1] AS evening
        FROM check_in c WHERE c.order_id = o.id AND c.on_day = today
    ) r
    ORDER BY p.place
$$;

-- Takes reports, as many as came together: one statement, one commit. Every one is answered by its number: ACCEPTED, KNOWN
-- (this id stands already), ENDED, NO_PLACE, or what is wrong with its link: REVOKED, EXPIRED, UNKNOWN.
CREATE FUNCTION lianfang_check_in(tokens bytea[], places int[], ids uuid[], days date[], halves text[], readings numeric[],
                                  told text[], ways text[], verdicts text[], judged_by text[],
                                  occurred timestamptz[], received timestamptz)
RETURNS TABLE (number int, outcome text, jurisdiction bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH sent AS MATERIALIZED (
        SELECT u.n::int AS n, u.id, u.on_day, u.half, u.celsius, string_to_array(u.symptoms, ',') AS symptoms, u.way, u.verdict,
               u.judged_by, u.occurred_at, l.id AS link_id, o.id AS order_id, o.jurisdiction,
               row_number() OVER (PARTITION BY u.id ORDER BY u.n) = 1 AS first,
               CASE WHEN l.id IS NULL THEN 'UNKNOWN'
                    WHEN lianfang_link_standing(l, received) <> 'GOOD' THEN lianfang_link_standing(l, received)
                    WHEN o.id IS NULL THEN 'NO_PLACE'
                    WHEN o.ended_at <= u.occurred_at THEN 'ENDED' ELSE 'GOOD' END AS standing
        FROM unnest(tokens, places, ids, days, halves, readings, told, ways, verdicts, judged_by, occurred) WITH ORDINALITY
             u (token, place, id, on_day, half, celsius, symptoms, way, verdict, judged_by, occurred_at, n)
        LEFT JOIN check_in_link l ON l.token_hash = u.token
        LEFT JOIN quarantine_order o ON o.id = l.orders[u.place]
    ), new AS (
        INSERT INTO check_in (id, order_id, on_day, half, celsius, symptoms, by, verdict, thresholds, occurred_at, received_at,
                              jurisdiction, link_id)
        SELECT s.id, s.order_id, s.on_day, s.half, s.celsius, s.symptoms, s.way, s.verdict, s.judged_by, s.occurred_at, received,
               s.jurisdiction, s.link_id
        FROM sent s WHERE s.standing = 'GOOD' AND s.first ORDER BY s.id
        ON CONFLICT DO NOTHING RETURNING check_in.id, check_in.jurisdiction
    ), noted AS (
        INSERT INTO audit_entry (act, count, jurisdiction, details)
        SELECT 'CHECKED_IN', count(*), w.jurisdiction / 1000000000000 * 1000000000000, '{"way": "LINK"}' FROM new w GROUP BY 3
    )
    SELECT s.n, CASE WHEN s.standing <> 'GOOD' THEN s.standing WHEN s.first AND w.id IS NOT NULL THEN 'ACCEPTED'
                ELSE 'KNOWN' END, s.jurisdiction
    FROM sent s LEFT JOIN new w ON w.id = s.id;
END $$;

-- What stands under ids that were known: DUPLICATE with the verdict of then, or CONFLICT. A conflicting report of symptoms
-- is kept all the same, under an id of its own: a report that is worse than another never vanishes.
CREATE FUNCTION lianfang_check_in_known(tokens bytea[], places int[], ids uuid[], others uuid[], days date[], halves text[],
                                        readings numeric[], told text[], ways text[], verdicts text[], judged_by text[],
                                        occurred timestamptz[], received timestamptz)
RETURNS TABLE (number int, outcome text, verdict text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH sent AS MATERIALIZED (
        SELECT u.n::int AS n, u.other, u.on_day, u.half, u.celsius, string_to_array(u.symptoms, ',') AS symptoms, u.way,
               u.verdict, u.judged_by, u.occurred_at, l.id AS link_id, o.id AS order_id, o.jurisdiction, c.verdict AS stands,
               (c.order_id, c.celsius, c.symptoms, c.by)
                   IS NOT DISTINCT FROM (o.id, u.celsius, string_to_array(u.symptoms, ','), u.way) AS same
        FROM unnest(tokens, places, ids, others, days, halves, readings, told, ways, verdicts, judged_by, occurred) WITH ORDINALITY
             u (token, place, id, other, on_day, half, celsius, symptoms, way, verdict, judged_by, occurred_at, n)
        JOIN check_in_link l ON l.token_hash = u.token
        JOIN quarantine_order o ON o.id = l.orders[u.place]
        JOIN check_in c ON c.id = u.id
    ), kept AS (
        INSERT INTO check_in (id, order_id, on_day, half, celsius, symptoms, by, verdict, thresholds, occurred_at, received_at,
                              jurisdiction, link_id)
        SELECT DISTINCT ON (s.other) s.other, s.order_id, s.on_day, s.half, s.celsius, s.symptoms, s.way, s.verdict, s.judged_by,
               s.occurred_at, received, s.jurisdiction, s.link_id
        FROM sent s WHERE NOT s.same AND s.verdict = 'SYMPTOMATIC' ORDER BY s.other
        ON CONFLICT DO NOTHING
    )
    SELECT s.n, CASE WHEN s.same THEN 'DUPLICATE' ELSE 'CONFLICT' END, CASE WHEN s.same THEN s.stands ELSE s.verdict END
    FROM sent s;
END $$;

-- Whom to call: the telephone of whoever answers for the place or for the nearest division above it.
CREATE FUNCTION lianfang_whom_to_call(places bigint[], moment timestamptz) RETURNS TABLE (place bigint, phone text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT p.place, r.phone FROM unnest(places) p (place)
    CROSS JOIN LATERAL (
        SELECT r.phone FROM responsible_person r
        WHERE r.lo <= p.place AND r.hi >= p.place AND r.kind = 'PRINCIPAL' AND r.acknowledged_at <= moment
          AND (r.until_at IS NULL OR r.until_at > moment)
        ORDER BY r.hi - r.lo LIMIT 1
    ) r
$$;

-- A new link takes the place of every older one of its orders, wherever those were issued: the person may have moved since.
CREATE FUNCTION lianfang_revoke_links(answered_for uuid[], moment timestamptz) RETURNS int
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    revoked int;
BEGIN
    UPDATE check_in_link l SET revoked_at = moment
    WHERE l.revoked_at IS NULL AND l.orders && answered_for
      AND NOT EXISTS (SELECT FROM quarantine_order o WHERE o.id = ANY (answered_for) AND NOT lianfang_is_worker()
                      AND NOT o.jurisdiction <@ (SELECT lianfang_writes())
                      AND NOT o.jurisdiction <@ (SELECT lianfang_roster_reach()));
    GET DIAGNOSTICS revoked = ROW_COUNT;
    RETURN revoked;
END $$;

REVOKE ALL ON FUNCTION lianfang_link_standing(check_in_link, timestamptz), lianfang_check_in_pages(bytea[], date, timestamptz),
    lianfang_check_in(bytea[], int[], uuid[], date[], text[], numeric[], text[], text[], text[], text[], timestamptz[], timestamptz),
    lianfang_check_in_known(bytea[], int[], uuid[], uuid[], date[], text[], numeric[], text[], text[], text[], text[], timestamptz[],
                            timestamptz),
    lianfang_whom_to_call(bigint[], timestamptz), lianfang_revoke_links(uuid[], timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianfang_check_in_pages(bytea[], date, timestamptz),
    lianfang_check_in(bytea[], int[], uuid[], date[], text[], numeric[], text[], text[], text[], text[], timestamptz[], timestamptz),
    lianfang_check_in_known(bytea[], int[], uuid[], uuid[], date[], text[], numeric[], text[], text[], text[], text[], timestamptz[],
                            timestamptz),
    lianfang_whom_to_call(bigint[], timestamptz) TO lianfang_app;
GRANT EXECUTE ON FUNCTION lianfang_revoke_links(uuid[], timestamptz) TO lianfang_app;
