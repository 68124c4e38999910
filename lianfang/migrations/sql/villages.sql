-- A village counts itself: a poster's token, and how many are at home and unwell. No name, no telephone, no document; what
-- one household says can be read by no role of service, only counted.

CREATE TABLE village_check_in (
    id           uuid PRIMARY KEY,
    division     text NOT NULL,
    jurisdiction bigint NOT NULL,
    token_hash   bytea NOT NULL CONSTRAINT village_has_a_token_of_its_own UNIQUE,
    opened_by    uuid,
    opened_at    timestamptz NOT NULL,
    until        timestamptz NOT NULL,
    closed_at    timestamptz,
    CONSTRAINT village_check_in_lasts_for_thirty_days
        CHECK (until > opened_at AND until <= opened_at + interval '30 days')
);
-- A new poster ends the old one.
CREATE UNIQUE INDEX village_checks_in_by_one_poster ON village_check_in (division) WHERE closed_at IS NULL;
CREATE INDEX village_check_in_by_place ON village_check_in (jurisdiction, opened_at);

CREATE TABLE village_report (
    id          uuid PRIMARY KEY,
    village_id  uuid NOT NULL REFERENCES village_check_in (id),
    on_day      date NOT NULL,
    half        text NOT NULL CONSTRAINT village_report_is_of_a_half_day CHECK (half IN ('MORNING', 'EVENING')),
    people      int NOT NULL CONSTRAINT village_report_is_of_a_household CHECK (people BETWEEN 1 AND 12),
    unwell      int NOT NULL CONSTRAINT village_report_counts_the_unwell_among_its_people CHECK (unwell BETWEEN 0 AND people),
    received_at timestamptz NOT NULL,
    device      bytea NOT NULL
);
CREATE INDEX village_report_of ON village_report (village_id, on_day, half);
CREATE INDEX village_report_by_day ON village_report (on_day);

ALTER TABLE village_check_in ENABLE ROW LEVEL SECURITY;
ALTER TABLE village_report ENABLE ROW LEVEL SECURITY;
CREATE POLICY within_reach ON village_check_in FOR SELECT TO lianfang_app
    USING (CASE WHEN jurisdiction <@ (SELECT lianfang_reach()) THEN true ELSE false END);
CREATE POLICY within_own_reach ON village_check_in FOR INSERT TO lianfang_app
    WITH CHECK (jurisdiction <@ (SELECT lianfang_writes()));
CREATE POLICY changes_within_own_reach ON village_check_in FOR UPDATE TO lianfang_app
    USING (jurisdiction <@ (SELECT lianfang_writes())) WITH CHECK (jurisdiction <@ (SELECT lianfang_writes()));
GRANT SELECT, INSERT ON village_check_in TO lianfang_app;
GRANT UPDATE (closed_at) ON village_check_in TO lianfang_app;

-- How many phones may speak for a village in a half-day: two for each household of its roster, else two thousand. A roster
-- that somebody has only begun (below 20 doors) says nothing of the village's size.
CREATE FUNCTION lianfang_village_most(village bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT CASE WHEN count(*) >= 20 THEN least(count(*) * 2, 2000) ELSE 2000 END
    FROM household WHERE jurisdiction BETWEEN village AND village + 999999 AND closed_at IS NULL
$$;

-- What stands on the page behind a poster's token: the place, whom to call, its latest notices. No row: no such poster (any more).
CREATE FUNCTION lianfang_village_page(token bytea, moment timestamptz)
RETURNS TABLE (division text, place text, call text, notices jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    village village_check_in;
BEGIN
    SELECT v.* INTO village FROM village_check_in v
    WHERE v.token_hash = token AND v.closed_at IS NULL AND v.opened_at <= moment AND v.until > moment;
    IF NOT FOUND THEN RETURN; END IF;
    division := village.division;
    SELECT r.short_name INTO place FROM region r
    WHERE r.code = village.division AND r.valid_from <= (moment AT TIME ZONE 'Asia/Shanghai')::date
      AND (r.valid_to IS NULL OR r.valid_to > (moment AT TIME ZONE 'Asia/Shanghai')::date)
    ORDER BY r.valid_from DESC LIMIT 1;
    -- Whoever answers for the village, else for its township: his telephone hangs at the village's board already.
    SELECT p.phone INTO call FROM responsible_person p
    WHERE p.lo <= village.jurisdiction AND p.hi >= village.jurisdiction + 999999 AND p.level IN ('VILLAGE', 'TOWNSHIP')
      AND p.kind = 'PRINCIPAL' AND p.acknowledged_at <= moment AND p.from_at <= moment
      AND (p.until_at IS NULL OR p.until_at > moment)
    ORDER BY p.hi - p.lo, p.from_at DESC LIMIT 1;
    notices := '[]';
    IF to_regprocedure('lianfang_place_notices(bigint, timestamptz)') IS NOT NULL THEN
        EXECUTE 'SELECT coalesce(jsonb_agg(jsonb_build_object(''title'', n.title, ''body'', n.body, ''title_en'', n.title_en,
                                                              ''body_en'', n.body_en)), ''[]'')
                 FROM (SELECT * FROM lianfang_place_notices($1, $2) LIMIT 3) n'
        INTO notices USING village.jurisdiction, moment;
    END IF;
    RETURN NEXT;
END $$;

-- One household's figures. ACCEPTED, DUPLICATE (the same report again), FULL (more phones than the village has), TOO_OFTEN
-- (this phone has corrected itself enough), UNKNOWN (no such poster any more).
CREATE FUNCTION lianfang_village_report(token bytea, report uuid, day date, which text, phone bytea, at_home int, ill int,
                                        moment timestamptz)
RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    village village_check_in;
    own bigint;
    others bigint;
BEGIN
    -- Locked: those who come at once are counted one after the other.
    SELECT v.* INTO village FROM village_check_in v
    WHERE v.token_hash = token AND v.closed_at IS NULL AND v.opened_at <= moment AND v.until > moment FOR UPDATE;
    IF NOT FOUND THEN RETURN 'UNKNOWN'; END IF;
    IF EXISTS (SELECT FROM village_report r WHERE r.id = report) THEN RETURN 'DUPLICATE'; END IF;
    SELECT count(*) FILTER (WHERE r.device = phone), count(DISTINCT r.device) FILTER (WHERE r.device <> phone)
    INTO own, others
    FROM village_report r
    WHERE r.village_id IN (SELECT v.id FROM village_check_in v WHERE v.division = village.division)
      AND r.on_day = day AND r.half = which;
    IF own >= 6 THEN RETURN 'TOO_OFTEN'; END IF;
    IF own = 0 AND others >= lianfang_village_most(village.jurisdiction) THEN RETURN 'FULL'; END IF;
    INSERT INTO village_report (id, village_id, on_day, half, people, unwell, received_at, device)
    VALUES (report, village.id, day, which, at_home, ill, moment, phone)
    ON CONFLICT (id) DO NOTHING;
    RETURN CASE WHEN FOUND THEN 'ACCEPTED' ELSE 'DUPLICATE' END;
END $$;

-- What villages within the session's reach came to, by half-day; of each phone its last report counts. Below five households no
-- figure leaves this function: only that somebody is unwell, so that the village is asked.
CREATE FUNCTION lianfang_village_counts(villages text[], since date)
RETURNS TABLE (division text, on_day date, half text, households bigint, people bigint, unwell bigint, somebody boolean,
               is_full boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH spoke AS (
        SELECT DISTINCT ON (v.division, r.on_day, r.half, r.device) v.division, v.jurisdiction, r.on_day, r.half, r.people, r.unwell
        FROM village_check_in v JOIN village_report r ON r.village_id = v.id
        WHERE v.division = ANY (villages) AND v.jurisdiction <@ (SELECT lianfang_reach()) AND r.on_day >= since
        ORDER BY v.division, r.on_day, r.half, r.device, r.received_at DESC, r.id DESC
    ), counted AS (
        SELECT s.division, s.jurisdiction, s.on_day, s.half, count(*) AS households, sum(s.people) AS people, sum(s.unwell) AS unwell
        FROM spoke s GROUP BY s.division, s.jurisdiction, s.on_day, s.half
    ), most AS (
        SELECT c.division, lianfang_village_most(c.jurisdiction) AS phones FROM (SELECT DISTINCT division, jurisdiction FROM counted) c
    )
    SELECT c.division, c.on_day, c.half, CASE WHEN c.households >= 5 THEN c.households END,
           CASE WHEN c.households >= 5 THEN c.people END, CASE WHEN c.households >= 5 THEN c.unwell END,
           c.unwell > 0, c.households >= m.phones
    FROM counted c JOIN most m ON m.division = c.division
$$;

-- Fourteen days, whoever signs or does not: nobody is in them.
CREATE FUNCTION lianfang_forget_village_reports(today date) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    gone bigint;
BEGIN
    DELETE FROM village_report WHERE (SELECT lianfang_is_worker()) AND on_day < today - 14;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;

REVOKE ALL ON FUNCTION lianfang_village_most(bigint), lianfang_village_page(bytea, timestamptz),
    lianfang_village_report(bytea, uuid, date, text, bytea, int, int, timestamptz), lianfang_village_counts(text[], date),
    lianfang_forget_village_reports(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianfang_village_page(bytea, timestamptz),
    lianfang_village_report(bytea, uuid, date, text, bytea, int, int, timestamptz) TO lianfang_app;
GRANT EXECUTE ON FUNCTION lianfang_village_counts(text[], date), lianfang_forget_village_reports(date) TO lianfang_app;
