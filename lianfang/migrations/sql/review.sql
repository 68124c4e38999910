-- What a review of hand-over found: numbers after a restore, facts that wait where their referral goes, and referrals that
-- say whose file is read only as the background program, or the referral before, said it.

-- As before, and above what was read for re-screening and hand-over: those go on by these numbers too, and whoever came in
-- under a number that counts as read would be handed over to nobody.
CREATE OR REPLACE FUNCTION lianfang_raise_tx() RETURNS bigint LANGUAGE plpgsql VOLATILE SET search_path FROM CURRENT AS $$
DECLARE
    highest bigint;
    own bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
    raised bigint;
BEGIN
    SELECT greatest(p.next_tx, p.mark_tx, (SELECT max(tx) FROM passage), (SELECT max(tx) FROM registration),
                    (SELECT max(tx) FROM correction), (SELECT max(tx) FROM audit_entry), (SELECT max(tx_to) FROM audit_block),
                    (SELECT max(tx) FROM rescreened), (SELECT max(tx) FROM turn_back), (SELECT next_tx FROM clerk_position),
                    (SELECT next_tx FROM screening_position), (SELECT next_tx FROM referral_position))
        INTO highest FROM fold_position p;
    raised := greatest(highest + 1 - own, 0);
    EXECUTE format($f$CREATE OR REPLACE FUNCTION lianfang_tx() RETURNS bigint LANGUAGE sql STABLE AS
        'SELECT pg_current_xact_id()::text::bigint + %s'$f$, raised);
    EXECUTE format($f$CREATE OR REPLACE FUNCTION lianfang_tx_bounds(OUT oldest bigint, OUT next bigint) LANGUAGE sql VOLATILE AS
        'SELECT pg_snapshot_xmin(s)::text::bigint + %1$s, pg_snapshot_xmax(s)::text::bigint + %1$s
         FROM (SELECT pg_current_snapshot() s) x'$f$, raised);
    RETURN raised;
END $$;

-- Whoever sees a referral sees what waits about it, and takes it along when he places the person elsewhere.
DROP POLICY within_reach ON waiting_fact;
CREATE POLICY within_reach ON waiting_fact FOR SELECT TO lianfang_app
    USING (CASE WHEN jurisdiction <@ (SELECT lianfang_reach()) THEN true
           ELSE EXISTS (SELECT FROM referral r WHERE r.id = waiting_fact.referral_id) END);
DROP POLICY within_own_reach ON waiting_fact;
CREATE POLICY within_own_reach ON waiting_fact FOR UPDATE TO lianfang_app
    USING (jurisdiction <@ (SELECT lianfang_writes())) WITH CHECK (true);
CREATE POLICY worker_follows ON waiting_fact FOR UPDATE TO lianfang_app USING ((SELECT lianfang_is_worker())) WITH CHECK (true);
CREATE POLICY grid_takes_along ON waiting_fact FOR UPDATE TO lianfang_app
    USING (jurisdiction <@ (SELECT lianfang_roster_reach())) WITH CHECK (true);

-- A referral lets its places read the person's file. So nobody but the background program says whose it is: whoever hands
-- somebody on hands on the one he has, and no act changes about whom a referral is.
CREATE FUNCTION lianfang_is_handed_on(before uuid, registration uuid, person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT EXISTS (SELECT FROM referral p WHERE p.id = before AND p.registration_id = registration
                   AND p.person_id IS NOT DISTINCT FROM person)
$$;
REVOKE ALL ON FUNCTION lianfang_is_handed_on(uuid, uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianfang_is_handed_on(uuid, uuid, uuid) TO lianfang_app;
DROP POLICY moves_on ON referral;
CREATE POLICY moves_on ON referral FOR INSERT TO lianfang_app WITH CHECK (
    (origin <@ (SELECT lianfang_writes()) OR origin <@ (SELECT lianfang_roster_reach()))
    AND lianfang_is_handed_on(previous_id, registration_id, person_id));
REVOKE UPDATE ON referral FROM lianfang_app;
GRANT UPDATE (measures, details, destination, jurisdiction, outside, urgent, vacant, sent_at, due_at, county_due_at,
              city_due_at, state, accepted_at, settled_at, placed_from) ON referral TO lianfang_app;
