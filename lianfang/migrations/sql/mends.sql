-- Who goes on reading a file, and who goes on seeing what becomes of somebody.

-- The file that was kept of each, through every merge that stands: whoever may read a merged file is shown the kept one, and
-- this says its id and nothing else.
CREATE FUNCTION lianfang_kept_files(ids uuid[]) RETURNS TABLE (asked uuid, kept uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH RECURSIVE step AS (
        SELECT a AS first, a AS id FROM unnest(ids) a
        UNION
        SELECT s.first, m.kept_id FROM step s JOIN person_merge m ON m.merged_id = s.id AND m.undone_at IS NULL
    )
    SELECT s.first, s.id FROM step s
    WHERE NOT EXISTS (SELECT FROM person_merge m WHERE m.merged_id = s.id AND m.undone_at IS NULL)
$$;

-- Whether somebody is on his way to or from the session's area, or was settled there within 14 days: then his file is read
-- there, wherever it lies, and so is the one that it was merged into. A phone tells its own moment.
CREATE FUNCTION lianfang_is_handed_over(who uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH RECURSIVE file AS (
        SELECT who AS id
        UNION
        SELECT m.merged_id FROM file f JOIN person_merge m ON m.kept_id = f.id AND m.undone_at IS NULL
    ), asks AS MATERIALIZED (
        SELECT lianfang_reach() AS desk, lianfang_roster_reach() AS phone,
               coalesce(nullif(current_setting('lianfang.roster_at', true), '')::timestamptz, now()) - interval '14 days' AS since
    )
    SELECT EXISTS (
        SELECT FROM file f JOIN referral r ON r.person_id = f.id CROSS JOIN asks
        WHERE (r.settled_at IS NULL OR r.settled_at > asks.since)
          AND (r.jurisdiction <@ asks.desk OR r.origin <@ asks.desk OR r.placed_from <@ asks.desk OR r.jurisdiction <@ asks.phone))
$$;

-- Whether he was registered within the session's area: it sees every later referral too, wherever he moved on to.
CREATE FUNCTION lianfang_registered_here(registration uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT EXISTS (SELECT FROM referral p WHERE p.registration_id = registration AND p.previous_id IS NULL
                   AND p.origin <@ (SELECT lianfang_reach()))
$$;
REVOKE ALL ON FUNCTION lianfang_kept_files(uuid[]), lianfang_is_handed_over(uuid), lianfang_registered_here(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianfang_kept_files(uuid[]), lianfang_is_handed_over(uuid), lianfang_registered_here(uuid)
    TO lianfang_app;

-- What lies within reach is found before either function is asked.
DROP POLICY headed_here ON person;
DROP POLICY sent_from_here ON person;
DROP POLICY within_reach ON person;
CREATE POLICY within_reach ON person FOR SELECT TO lianfang_app
    USING (CASE WHEN jurisdiction <@ (SELECT lianfang_reach()) THEN true ELSE lianfang_is_handed_over(id) END);
DROP POLICY within_reach ON referral;
CREATE POLICY within_reach ON referral FOR SELECT TO lianfang_app
    USING (CASE WHEN jurisdiction <@ (SELECT lianfang_reach()) OR origin <@ (SELECT lianfang_reach())
                  OR placed_from <@ (SELECT lianfang_reach()) THEN true
           WHEN previous_id IS NULL THEN false ELSE lianfang_registered_here(registration_id) END);
