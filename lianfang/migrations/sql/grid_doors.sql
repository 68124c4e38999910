-- A grid worker at the doors of his own grid: what his phone reads of households and of who is handed over, what it may change
-- there, and what it has sent already. Without a good token lianfang_roster_reach() is empty, and every policy here with it.

-- The phone behind the setting, so that what it changes bears its own id and no other.
CREATE FUNCTION lianfang_roster_phone() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT t.id FROM roster_token t
    WHERE t.token_hash = decode(current_setting('lianfang.roster', true), 'hex') AND t.revoked_at IS NULL
      AND t.expires_at > nullif(current_setting('lianfang.roster_at', true), '')::timestamptz
$$;
REVOKE ALL ON FUNCTION lianfang_roster_phone() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianfang_roster_phone() TO lianfang_app;

-- Doors, and who is behind them. Whoever is marked is marked in a household of the grid; no door is closed from a phone.
CREATE POLICY on_the_grid ON household FOR SELECT TO lianfang_app USING (jurisdiction <@ (SELECT lianfang_roster_reach()));
CREATE POLICY grid_verifies ON household FOR UPDATE TO lianfang_app
    USING (closed_at IS NULL AND jurisdiction <@ (SELECT lianfang_roster_reach()))
    WITH CHECK (closed_at IS NULL AND jurisdiction <@ (SELECT lianfang_roster_reach())
                AND verified_by = (SELECT lianfang_roster_phone()));
CREATE POLICY on_the_grid ON stay_in_household FOR SELECT TO lianfang_app
    USING (jurisdiction <@ (SELECT lianfang_roster_reach()));
CREATE POLICY grid_marks ON stay_in_household FOR INSERT TO lianfang_app
    WITH CHECK (told_by = (SELECT lianfang_roster_phone()) AND jurisdiction <@ (SELECT lianfang_roster_reach())
                AND EXISTS (SELECT FROM household h WHERE h.id = household_id AND h.jurisdiction = stay_in_household.jurisdiction));
CREATE POLICY grid_marks_again ON stay_in_household FOR UPDATE TO lianfang_app
    USING (jurisdiction <@ (SELECT lianfang_roster_reach()));
CREATE INDEX stay_open_by_place ON stay_in_household (jurisdiction) WHERE until_at IS NULL;
-- The file of somebody who lives there, wherever it lies. Whoever asks without a grid's phone is not kept waiting by it.
CREATE POLICY lives_here ON person FOR SELECT TO lianfang_app USING (
    CASE WHEN isempty((SELECT lianfang_roster_reach())) THEN false
    ELSE EXISTS (SELECT FROM stay_in_household s WHERE s.person_id = person.id AND s.until_at IS NULL
                 AND s.jurisdiction <@ (SELECT lianfang_roster_reach())) END);

-- Whoever was placed elsewhere from here goes on being seen here, as at a desk: else nobody could place him.
DROP POLICY on_the_grid ON referral;
CREATE POLICY on_the_grid ON referral FOR SELECT TO lianfang_app
    USING (jurisdiction <@ (SELECT lianfang_roster_reach()) OR origin <@ (SELECT lianfang_roster_reach())
           OR placed_from <@ (SELECT lianfang_roster_reach()));
-- How a referral stands that was on the grid at that moment, and may be elsewhere by now; none of another grid's.
CREATE FUNCTION lianfang_roster_had(which uuid, moment timestamptz) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT r.state FROM referral r CROSS JOIN LATERAL (
        SELECT e.destination FROM referral_event e
        WHERE e.referral_id = r.id AND e.kind IN ('SENT', 'PLACED') AND e.occurred_at <= moment
        ORDER BY e.occurred_at DESC, e.received_at DESC LIMIT 1) before
    WHERE r.id = which AND rpad(before.destination, 18, '0')::bigint <@ (SELECT lianfang_roster_reach())
$$;

-- Records of those who are handed over to the grid, asked by referral; and of whoever came in the same vehicle as their guardian.
CREATE FUNCTION lianfang_roster_records(asked uuid[], guardians uuid[])
RETURNS TABLE (id uuid, passage_id uuid, captured_on date, from_code text, sealed bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH mine AS (
        SELECT f.registration_id, f.passage_id FROM referral f
        WHERE f.id = ANY (asked) AND f.jurisdiction <@ (SELECT lianfang_roster_reach())
    )
    SELECT r.id, r.passage_id, r.captured_on, r.from_code, r.sealed
    FROM registration r JOIN mine m ON m.registration_id = r.id
    UNION
    SELECT r.id, r.passage_id, r.captured_on, r.from_code, r.sealed
    FROM registration r JOIN mine m ON m.passage_id = r.passage_id WHERE r.id = ANY (guardians)
$$;
CREATE FUNCTION lianfang_roster_record_corrections(asked uuid[], guardians uuid[])
RETURNS TABLE (id uuid, of uuid, occurred_at timestamptz, captured_on date, facts jsonb, sealed bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT c.id, c.of, c.occurred_at, c.captured_on, c.facts, c.sealed
    FROM correction c JOIN lianfang_roster_records(asked, guardians) r ON r.id = c.of
    WHERE c.target = 'REGISTRATION' ORDER BY c.occurred_at, c.id
$$;
REVOKE ALL ON FUNCTION lianfang_roster_had(uuid, timestamptz), lianfang_roster_records(uuid[], uuid[]),
    lianfang_roster_record_corrections(uuid[], uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianfang_roster_had(uuid, timestamptz), lianfang_roster_records(uuid[], uuid[]),
    lianfang_roster_record_corrections(uuid[], uuid[]) TO lianfang_app;

-- What a grid phone sent and was answered: sent again it is answered the same and does nothing. The digest is keyed under the
-- key of the day's files, so it says nothing to whoever has not that key.
CREATE TABLE roster_answer (
    id           uuid PRIMARY KEY,
    roster_id    uuid NOT NULL,
    jurisdiction bigint NOT NULL,
    digest       bytea NOT NULL,
    about        uuid NOT NULL,
    occurred_at  timestamptz NOT NULL,
    received_at  timestamptz NOT NULL,
    state        text,
    late         boolean NOT NULL,
    code         text NOT NULL
);
CREATE INDEX roster_answer_about ON roster_answer (about, occurred_at);
ALTER TABLE roster_answer ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_the_grid ON roster_answer FOR SELECT TO lianfang_app USING (jurisdiction <@ (SELECT lianfang_roster_reach()));
CREATE POLICY sent_by_the_phone ON roster_answer FOR INSERT TO lianfang_app
    WITH CHECK (jurisdiction <@ (SELECT lianfang_roster_reach()) AND roster_id = (SELECT lianfang_roster_phone()));
GRANT SELECT, INSERT ON roster_answer TO lianfang_app;
