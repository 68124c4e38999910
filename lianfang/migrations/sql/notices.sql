-- Notices of a place: drafts are a desk's own, what was approved is everybody's.

ALTER TABLE place_notice ENABLE ROW LEVEL SECURITY;
CREATE POLICY within_reach ON place_notice FOR SELECT TO lianfang_app
    USING (CASE WHEN jurisdiction <@ (SELECT lianfang_reach()) THEN true ELSE false END);
-- Told to everybody: read without a session, and by the intake, which answers phones that have none.
CREATE POLICY told_to_everybody ON place_notice FOR SELECT TO lianfang_app, lianfang_intake
    USING (approved_at IS NOT NULL AND withdrawn_at IS NULL);
CREATE POLICY within_own_reach ON place_notice FOR INSERT TO lianfang_app
    WITH CHECK (jurisdiction <@ (SELECT lianfang_writes()) AND approved_at IS NULL AND withdrawn_at IS NULL);
CREATE POLICY decided_within_own_reach ON place_notice FOR UPDATE TO lianfang_app
    USING (jurisdiction <@ (SELECT lianfang_writes())) WITH CHECK (jurisdiction <@ (SELECT lianfang_writes()));
-- What it says, where and until when, is written once.
GRANT SELECT, INSERT ON place_notice TO lianfang_app;
GRANT UPDATE (approver_id, approved_at, withdrawn_by_id, withdrawn_at, reason) ON place_notice TO lianfang_app;
-- Not who wrote it.
GRANT SELECT (id, division, jurisdiction, title, body, title_en, body_en, valid_from, valid_until, approved_at, withdrawn_at)
    ON place_notice TO lianfang_intake;

-- What a place is told at a moment, for whoever asks: approved notices of its division and of every one above it. A division
-- stands here as its first number, so those above a place are the place with fewer of its digits. It acts for whoever asks.
CREATE FUNCTION lianfang_place_notices(place bigint, moment timestamptz)
RETURNS TABLE (id uuid, division text, title text, body text, title_en text, body_en text, valid_from timestamptz,
               valid_until timestamptz)
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT n.id, n.division, n.title, n.body, n.title_en, n.body_en, n.valid_from, n.valid_until
    FROM place_notice n
    WHERE n.jurisdiction = ANY (ARRAY[place, place - place % 1000, place - place % 1000000, place - place % 1000000000,
                                      place - place % 1000000000000, place - place % 100000000000000,
                                      place - place % 10000000000000000])
      AND n.approved_at IS NOT NULL AND n.withdrawn_at IS NULL AND n.valid_from <= moment AND n.valid_until > moment
    ORDER BY n.valid_from DESC, n.approved_at DESC, n.id DESC
$$;
REVOKE ALL ON FUNCTION lianfang_place_notices(bigint, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianfang_place_notices(bigint, timestamptz) TO lianfang_app, lianfang_intake;
