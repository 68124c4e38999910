-- Who is on which work list is asked, not kept: one question, for the desk under its own policies and for figures over a span.

-- Of a half-day who reported what, whoever it is; of a person what follows up is open.
CREATE INDEX check_in_of_half ON check_in (on_day, half, verdict, order_id) INCLUDE (jurisdiction);
CREATE INDEX follow_up_clinic_open ON follow_up (order_id) WHERE kind = 'CLINIC' AND closed_at IS NULL;

-- Everybody who is observed on `today`, the one list he stands on, whether a report is asked of him in this half-day, and
-- whether he gave one. Half-days and deadlines are the caller's (quarantine/rules.py says them): h is this one, p the one before.
-- As a plain statement it is the caller's own: PostgreSQL asks of every row what it asks of his.
CREATE FUNCTION lianfang_work_lists(
    today date, h_half text, h_deadline timestamptz, p_day date, p_half text, p_deadline timestamptz, moment timestamptz
) RETURNS TABLE (
    id uuid, number bigint, person_id uuid, kind text, division text, jurisdiction bigint, day0_on date, last_on date,
    observed_from timestamptz, list text, called_for boolean, reported boolean
) LANGUAGE sql STABLE AS $$
    SELECT w.id, w.number, w.person_id, w.kind, w.division, w.jurisdiction, w.day0_on, w.last_on, w.observed_from,
           CASE WHEN w.clinic OR w.sick_today OR (w.sick_before AND NOT w.well_now) THEN 'SYMPTOMATIC'
                WHEN w.well_now THEN 'DONE'
                WHEN w.called_for AND h_deadline <= moment THEN 'MISSED'
                WHEN w.observed_from < p_deadline AND p_deadline <= moment AND NOT w.reported_before THEN 'MISSED'
                ELSE 'DUE' END,
           w.called_for, w.well_now OR w.sick_now
    FROM (
        SELECT o.*, o.observed_from < h_deadline AS called_for,
               EXISTS (SELECT FROM check_in c WHERE c.order_id = o.id AND c.on_day = today AND c.half = h_half
                       AND c.verdict = 'WELL') AS well_now,
               EXISTS (SELECT FROM check_in c WHERE c.order_id = o.id AND c.on_day = today AND c.half = h_half
                       AND c.verdict = 'SYMPTOMATIC') AS sick_now,
               EXISTS (SELECT FROM check_in c WHERE c.order_id = o.id AND c.on_day = today
                       AND c.half IN ('MORNING', 'EVENING') AND c.verdict = 'SYMPTOMATIC') AS sick_today,
               EXISTS (SELECT FROM check_in c WHERE c.order_id = o.id AND c.on_day = p_day AND c.half = p_half
                       AND c.verdict = 'SYMPTOMATIC') AS sick_before,
               EXISTS (SELECT FROM check_in c WHERE c.order_id = o.id AND c.on_day = p_day AND c.half = p_half
                       AND c.verdict IN ('WELL', 'SYMPTOMATIC')) AS reported_before,
               EXISTS (SELECT FROM follow_up f WHERE f.order_id = o.id AND f.kind = 'CLINIC' AND f.closed_at IS NULL) AS clinic
        FROM quarantine_order o
        WHERE o.ended_at IS NULL AND o.state = 'IN_PLACE' AND o.last_on >= today
    ) w
$$;
GRANT EXECUTE ON FUNCTION lianfang_work_lists(date, text, timestamptz, date, text, timestamptz, timestamptz) TO lianfang_app;

-- The one number, by place: `scale` 10^9 by township, 10^18 in one row. Figures and nothing else, for the wall's displays, which
-- see no row; whoever asks names the spans he asks for. The values are planned with: half a million rows are read once, not
-- looked up one by one.
CREATE FUNCTION lianfang_observed(
    within int8multirange, scale bigint, today date, h_half text, h_deadline timestamptz, p_day date, p_half text,
    p_deadline timestamptz, moment timestamptz
) RETURNS TABLE (
    place bigint, observed bigint, called_for bigint, checked_in bigint, symptomatic bigint, missed bigint, due bigint,
    done bigint, due_tomorrow bigint
) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT SET work_mem = '64MB'
SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    RETURN QUERY
    SELECT w.jurisdiction / scale, count(*), count(*) FILTER (WHERE w.called_for),
           count(*) FILTER (WHERE w.called_for AND w.reported),
           count(*) FILTER (WHERE w.list = 'SYMPTOMATIC'), count(*) FILTER (WHERE w.list = 'MISSED'),
           count(*) FILTER (WHERE w.list = 'DUE'), count(*) FILTER (WHERE w.list = 'DONE'),
           count(*) FILTER (WHERE w.last_on = today)
    FROM lianfang_work_lists(today, h_half, h_deadline, p_day, p_half, p_deadline, moment) w
    WHERE w.jurisdiction BETWEEN lower(within) AND upper(within) - 1 AND w.jurisdiction <@ within
    GROUP BY 1;
END
$$;
REVOKE ALL ON FUNCTION
    lianfang_observed(int8multirange, bigint, date, text, timestamptz, date, text, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    lianfang_observed(int8multirange, bigint, date, text, timestamptz, date, text, timestamptz, timestamptz) TO lianfang_app;
