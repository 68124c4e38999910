-- Who is on which work list is asked, not kept: by one rule, for the desk under its own policies and for figures over a span.

-- Of a half-day who reported what, whoever it is; of a person what follows up is open.
CREATE INDEX check_in_of_half ON check_in (on_day, half, verdict, order_id) INCLUDE (jurisdiction);
CREATE INDEX follow_up_clinic_open ON follow_up (order_id) WHERE kind = 'CLINIC' AND closed_at IS NULL;

-- What a report says of the moment, as bits: 1 well in this half-day, 2 ill in this half-day, 4 ill today, 8 reported in the
-- half-day before, 16 ill in the half-day before. Of a person they are put together by bit_or. Half-days are the caller's
-- (quarantine/rules.py says them): h is this one, p the one before.
CREATE FUNCTION lianfang_said(
    on_day date, half text, verdict text, today date, h_half text, p_day date, p_half text
) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE verdict
        WHEN 'WELL' THEN CASE WHEN on_day = today AND half = h_half THEN 1 WHEN on_day = p_day AND half = p_half THEN 8 ELSE 0 END
        WHEN 'SYMPTOMATIC' THEN CASE WHEN on_day = today THEN 4 ELSE 0 END
            + CASE WHEN on_day = today AND half = h_half THEN 2 WHEN on_day = p_day AND half = p_half THEN 24 ELSE 0 END
        ELSE 0 END
$$;

-- The one list on which somebody observed stands.
CREATE FUNCTION lianfang_work_list(
    said int, clinic boolean, observed_from timestamptz, h_deadline timestamptz, p_deadline timestamptz, moment timestamptz
) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN clinic OR said & 4 > 0 OR said & 17 = 16 THEN 'SYMPTOMATIC'
                WHEN said & 1 > 0 THEN 'DONE'
                WHEN observed_from < h_deadline AND h_deadline <= moment THEN 'MISSED'
                WHEN observed_from < p_deadline AND p_deadline <= moment AND said & 8 = 0 THEN 'MISSED'
                ELSE 'DUE' END
$$;

-- Everybody who is observed on `today`, the list he stands on, whether a report is asked of him in this half-day, and whether
-- he gave one. It is the caller's own statement: PostgreSQL asks of every row what it asks of his. A page ends where it is full.
CREATE FUNCTION lianfang_work_lists(
    today date, h_half text, h_deadline timestamptz, p_day date, p_half text, p_deadline timestamptz, moment timestamptz
) RETURNS TABLE (
    id uuid, number bigint, person_id uuid, kind text, division text, jurisdiction bigint, day0_on date, last_on date,
    observed_from timestamptz, list text, called_for boolean, reported boolean
) LANGUAGE sql STABLE AS $$
    SELECT o.id, o.number, o.person_id, o.kind, o.division, o.jurisdiction, o.day0_on, o.last_on, o.observed_from,
           lianfang_work_list(c.said, f.clinic, o.observed_from, h_deadline, p_deadline, moment),
           o.observed_from < h_deadline, c.said & 3 > 0
    FROM quarantine_order o
    CROSS JOIN LATERAL (
        SELECT coalesce(bit_or(lianfang_said(r.on_day, r.half, r.verdict, today, h_half, p_day, p_half)), 0) AS said
        FROM check_in r WHERE r.order_id = o.id AND r.on_day >= p_day AND r.on_day <= today
    ) c
    CROSS JOIN LATERAL (
        SELECT count(*) > 0 AS clinic FROM follow_up u WHERE u.order_id = o.id AND u.kind = 'CLINIC' AND u.closed_at IS NULL
    ) f
    WHERE o.ended_at IS NULL AND o.state = 'IN_PLACE' AND o.last_on >= today
$$;

-- The one number, by place: `scale` 10^9 by township, 10^18 in one row. Figures and nothing else, for the wall's displays, which
-- see no row; whoever asks names the spans he asks for. The reports of two half-days are read once, and not looked up one
-- by one; a handful of figures is hashed, and two hundred thousand rows are not sorted for them.
CREATE FUNCTION lianfang_observed(
    within int8multirange, scale bigint, today date, h_half text, h_deadline timestamptz, p_day date, p_half text,
    p_deadline timestamptz, moment timestamptz
) RETURNS TABLE (
    place bigint, observed bigint, called_for bigint, checked_in bigint, symptomatic bigint, missed bigint, due bigint,
    done bigint, due_tomorrow bigint
) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT SET work_mem = '64MB'
SET plan_cache_mode = force_custom_plan SET enable_sort = off SET max_parallel_workers_per_gather = 0 AS $$
BEGIN
    RETURN QUERY
    SELECT w.place, sum(w.n)::bigint, coalesce(sum(w.n) FILTER (WHERE w.called_for), 0)::bigint,
           coalesce(sum(w.n) FILTER (WHERE w.called_for AND w.reported), 0)::bigint,
           coalesce(sum(w.n) FILTER (WHERE w.list = 'SYMPTOMATIC'), 0)::bigint,
           coalesce(sum(w.n) FILTER (WHERE w.list = 'MISSED'), 0)::bigint,
           coalesce(sum(w.n) FILTER (WHERE w.list = 'DUE'), 0)::bigint,
           coalesce(sum(w.n) FILTER (WHERE w.list = 'DONE'), 0)::bigint,
           coalesce(sum(w.n) FILTER (WHERE w.ends_today), 0)::bigint
    FROM (
        SELECT o.jurisdiction / scale AS place, o.last_on = today AS ends_today, o.observed_from < h_deadline AS called_for,
               coalesce(c.said & 3 > 0, false) AS reported,
               lianfang_work_list(coalesce(c.said, 0), f.order_id IS NOT NULL, o.observed_from, h_deadline, p_deadline, moment) AS list,
               count(*) AS n
        FROM quarantine_order o
        LEFT JOIN (
            SELECT r.order_id, bit_or(r.said) AS said
            FROM (
                SELECT t.order_id, lianfang_said(t.on_day, t.half, t.verdict, today, h_half, p_day, p_half) AS said
                FROM check_in t WHERE t.on_day = today
                UNION ALL
                SELECT b.order_id, lianfang_said(b.on_day, b.half, b.verdict, today, h_half, p_day, p_half)
                FROM check_in b WHERE b.on_day = p_day AND b.half = p_half AND p_day < today
            ) r GROUP BY r.order_id
        ) c ON c.order_id = o.id
        LEFT JOIN follow_up f ON f.order_id = o.id AND f.kind = 'CLINIC' AND f.closed_at IS NULL
        WHERE o.ended_at IS NULL AND o.state = 'IN_PLACE' AND o.last_on >= today
          AND o.jurisdiction BETWEEN lower(within) AND upper(within) - 1 AND o.jurisdiction <@ within
        GROUP BY 1, 2, 3, 4, 5
    ) w
    GROUP BY w.place;
END
$$;
REVOKE ALL ON FUNCTION
    lianfang_observed(int8multirange, bigint, date, text, timestamptz, date, text, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    lianfang_observed(int8multirange, bigint, date, text, timestamptz, date, text, timestamptz, timestamptz),
    lianfang_work_lists(date, text, timestamptz, date, text, timestamptz, timestamptz) TO lianfang_app;
