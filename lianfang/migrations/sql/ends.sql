-- What was written beside an answer goes with the record or the file of whoever it is about: the purge asks for its day, and
-- finds the few that hold anything.
GRANT SELECT (captured_on) ON referral TO lianfang_purge;
GRANT SELECT (wrapped_key) ON referral_event TO lianfang_purge;
CREATE INDEX referral_event_written ON referral_event (referral_id) WHERE sealed IS NOT NULL;

-- The wall counts for displays, which see no row: who came on a day and was handed over to a place within a span, and who is not
-- taken over there now. Two figures and nothing else.
CREATE INDEX referral_by_day ON referral (captured_on) WHERE previous_id IS NULL;
CREATE FUNCTION lianfang_handed_over(lo bigint, hi bigint, day date, OUT handed_over bigint, OUT waiting bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT (SELECT count(*) FROM referral
            WHERE captured_on = day AND previous_id IS NULL AND jurisdiction BETWEEN lo AND hi AND state <> 'WITHDRAWN'),
           (SELECT count(*) FROM referral WHERE state = 'SENT' AND jurisdiction BETWEEN lo AND hi)
$$;
REVOKE ALL ON FUNCTION lianfang_handed_over(bigint, bigint, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianfang_handed_over(bigint, bigint, date) TO lianfang_app;

-- Supervision is asked for about places: one that did not go, and later the next one to which the same person was given.
ALTER TABLE waiting_fact DROP CONSTRAINT waiting_once_for_each_room;
ALTER TABLE waiting_fact ADD CONSTRAINT waiting_once_for_each_room_and_place UNIQUE (referral_id, room, jurisdiction);
CREATE INDEX waiting_for_supervision ON waiting_fact (jurisdiction) WHERE room = 'SUPERVISION';

-- As before, and above what other readers by transaction have read: whoever is written down after a restore is handed over too.
CREATE OR REPLACE FUNCTION lianfang_raise_tx() RETURNS bigint LANGUAGE plpgsql VOLATILE SET search_path FROM CURRENT AS $$
DECLARE
    highest bigint;
    own bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
    raised bigint;
BEGIN
    SELECT greatest(p.next_tx, p.mark_tx, (SELECT max(tx) FROM passage), (SELECT max(tx) FROM registration),
                    (SELECT max(tx) FROM correction), (SELECT max(tx) FROM rescreened), (SELECT max(tx) FROM turn_back),
                    (SELECT max(tx) FROM audit_entry), (SELECT max(tx_to) FROM audit_block),
                    (SELECT max(next_tx) FROM referral_position), (SELECT max(next_tx) FROM screening_position))
        INTO highest FROM fold_position p;
    raised := greatest(highest + 1 - own, 0);
    EXECUTE format($f$CREATE OR REPLACE FUNCTION lianfang_tx() RETURNS bigint LANGUAGE sql STABLE AS
        'SELECT pg_current_xact_id()::text::bigint + %s'$f$, raised);
    EXECUTE format($f$CREATE OR REPLACE FUNCTION lianfang_tx_bounds(OUT oldest bigint, OUT next bigint) LANGUAGE sql VOLATILE AS
        'SELECT pg_snapshot_xmin(s)::text::bigint + %1$s, pg_snapshot_xmax(s)::text::bigint + %1$s
         FROM (SELECT pg_current_snapshot() s) x'$f$, raised);
    RETURN raised;
END $$;
