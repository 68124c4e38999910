-- The terminal: what the clerk may write, days found in registrations, and months made for a demo's past.

GRANT SELECT, INSERT, UPDATE, DELETE ON settled_cell, last_sent, clerk_position, distinct_people TO lianfang_app;
GRANT SELECT, INSERT, UPDATE ON quality_task, display_token, shift_closing TO lianfang_app;

GRANT TRUNCATE ON cell, settled_cell TO lianfang_app;

INSERT INTO clerk_position (id, next_tx) VALUES (1, 0);

-- Rows come nearly in the order of their days: a summary of each stretch of pages finds a day, and costs an insert nothing.
CREATE INDEX registration_by_day ON registration USING brin (captured_on) WITH (pages_per_range = 16, autosummarize = on);

-- The few corrections that change how a passage, or a person, counts: lists behind a figure ask for them all, and find
-- all they ask about in the index, in the order in which corrections add up.
DROP INDEX correction_that_moves;
CREATE INDEX correction_that_moves ON correction (of, occurred_at, id) INCLUDE (facts, jurisdiction)
    WHERE target = 'PASSAGE'
      AND facts ?| ARRAY['captured_on', 'captured_hour', 'checkpoint', 'direction', 'transport', 'purpose'];
CREATE INDEX correction_that_moves_people ON correction (of, occurred_at, id) INCLUDE (facts, jurisdiction)
    WHERE target = 'REGISTRATION' AND facts ?| ARRAY['from_code', 'destination_code'];

-- As before, and for the months round any moment: a demo that lives in another year needs its own.
DROP FUNCTION lianfang_add_partitions(int, int);
CREATE FUNCTION lianfang_add_partitions(back int, ahead int, of timestamptz DEFAULT now())
RETURNS TABLE (partition text, state text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    parent text;
    step int;
    month timestamp;
    lo uuid;
    hi uuid;
    held boolean;
BEGIN
    FOREACH parent IN ARRAY ARRAY['passage', 'registration'] LOOP
        IF to_regclass(parent || '_default') IS NULL THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT', parent || '_default', parent);
        END IF;
        FOR step IN -back .. ahead LOOP
            month := date_trunc('month', of AT TIME ZONE 'UTC') + make_interval(months => step);
            partition := format('%s_%s', parent, to_char(month, 'YYYYMM'));
            CONTINUE WHEN to_regclass(partition) IS NOT NULL;
            lo := lianfang_floor_uuid(month);
            hi := lianfang_floor_uuid(month + interval '1 month');
            EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE id >= %L AND id < %L)', parent || '_default', lo, hi) INTO held;
            state := CASE WHEN held THEN 'HELD' ELSE 'MADE' END;
            IF NOT held THEN
                EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', partition, parent, lo, hi);
            END IF;
            RETURN NEXT;
        END LOOP;
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION lianfang_add_partitions(int, int, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianfang_add_partitions(int, int, timestamptz) TO lianfang_app;

-- Who keeps the fold waiting: the session of the oldest transaction still writing, in any database of the server. The
-- locks of transactions are open to everybody; what a session does is not, and is not asked for.
CREATE FUNCTION lianfang_holding_back(OUT pid int, OUT program text, OUT role text, OUT database text)
RETURNS SETOF record LANGUAGE sql VOLATILE AS $$
    SELECT l.pid, a.application_name, a.usename::text, a.datname::text
    FROM pg_locks l LEFT JOIN pg_stat_activity a USING (pid)
    WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted AND l.pid IS DISTINCT FROM pg_backend_pid()
    ORDER BY age(l.transactionid) DESC LIMIT 1
$$;
REVOKE ALL ON FUNCTION lianfang_holding_back() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianfang_holding_back() TO lianfang_app;

-- After a restore into another cluster its transaction numbers are lower than those the records carry. The owner calls
-- this once: from then on numbers begin above everything that is stored, on both scales. Answers by how much they are raised.
CREATE FUNCTION lianfang_raise_tx() RETURNS bigint LANGUAGE plpgsql VOLATILE SET search_path FROM CURRENT AS $$
DECLARE
    highest bigint;
    own bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
    raised bigint;
BEGIN
    SELECT greatest(p.next_tx, p.mark_tx, (SELECT max(tx) FROM passage), (SELECT max(tx) FROM registration),
                    (SELECT max(tx) FROM correction)) INTO highest FROM fold_position p;
    raised := greatest(highest + 1 - own, 0);
    EXECUTE format($f$CREATE OR REPLACE FUNCTION lianfang_tx() RETURNS bigint LANGUAGE sql STABLE AS
        'SELECT pg_current_xact_id()::text::bigint + %s'$f$, raised);
    EXECUTE format($f$CREATE OR REPLACE FUNCTION lianfang_tx_bounds(OUT oldest bigint, OUT next bigint) LANGUAGE sql VOLATILE AS
        'SELECT pg_snapshot_xmin(s)::text::bigint + %1$s, pg_snapshot_xmax(s)::text::bigint + %1$s
         FROM (SELECT pg_current_snapshot() s) x'$f$, raised);
    RETURN raised;
END $$;
REVOKE ALL ON FUNCTION lianfang_raise_tx() FROM PUBLIC;
