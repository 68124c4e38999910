-- The audit log. Whoever acts may add a row; an auditor reads; nobody changes or removes one.

CREATE TABLE audit_entry (
    number       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tx           bigint NOT NULL DEFAULT lianfang_tx(),
    at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    act          text NOT NULL,
    officer_id   uuid,
    device_id    uuid,
    subject      text NOT NULL DEFAULT '',
    count        int NOT NULL DEFAULT 1,
    jurisdiction bigint,
    purpose      text NOT NULL DEFAULT '',
    place        text NOT NULL DEFAULT '',
    result       text NOT NULL DEFAULT 'DONE' CONSTRAINT audit_entry_ends_somehow CHECK (result IN ('DONE', 'REFUSED')),
    details      jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_entry_by_tx ON audit_entry (tx, number);
CREATE INDEX audit_entry_by_officer ON audit_entry (officer_id, number) WHERE officer_id IS NOT NULL;
CREATE INDEX audit_entry_by_subject ON audit_entry (subject, number) WHERE subject <> '';
-- By act, but for the one that is most of all entries; by the number on whatever left the program; by day in summaries.
CREATE INDEX audit_entry_by_act ON audit_entry (act, number) WHERE act <> 'RECORDS_RECEIVED';
CREATE INDEX audit_entry_by_reference ON audit_entry ((details ->> 'reference')) WHERE details ? 'reference';
CREATE INDEX audit_entry_by_day ON audit_entry USING brin (at) WITH (pages_per_range = 16, autosummarize = on);

CREATE TABLE audit_block (
    number    bigint PRIMARY KEY,
    sealed_at timestamptz NOT NULL,
    tx_from   bigint NOT NULL,
    tx_to     bigint NOT NULL,
    entries   int NOT NULL,
    root      bytea NOT NULL,
    previous  bytea NOT NULL,
    hash      bytea NOT NULL,
    CONSTRAINT audit_block_spans_something CHECK (tx_to > tx_from)
);

CREATE TABLE audit_leaf (
    entry bigint PRIMARY KEY,
    block bigint NOT NULL REFERENCES audit_block (number),
    place int NOT NULL,
    leaf  bytea NOT NULL,
    CONSTRAINT audit_leaf_has_a_place_of_its_own UNIQUE (block, place)
);

-- Whether the session may read what was done: an auditor's, or the background program's, which seals.
CREATE FUNCTION lianfang_audits() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT EXISTS (
        SELECT 1 FROM posting p WHERE p.officer_id = lianfang_officer(ARRAY['DESK', 'TOKEN', 'WORK'])
          AND p.role IN ('AUDITOR', 'WORKER') AND p.from_at <= now() AND (p.until_at IS NULL OR p.until_at > now())
    )
$$;

-- Whether it may seal: the background program's alone.
CREATE FUNCTION lianfang_seals() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT EXISTS (SELECT 1 FROM posting p WHERE p.officer_id = lianfang_officer(ARRAY['WORK']) AND p.role = 'WORKER')
$$;
REVOKE ALL ON FUNCTION lianfang_audits(), lianfang_seals() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianfang_audits(), lianfang_seals() TO lianfang_app;

GRANT INSERT (act, officer_id, device_id, subject, count, jurisdiction, purpose, place, result, details) ON audit_entry
    TO lianfang_app, lianfang_intake, lianfang_purge;
-- Who sent it: the intake counts by device what was new of a flush.
GRANT SELECT (device_id) ON passage, registration, correction TO lianfang_intake;
GRANT SELECT ON audit_entry, audit_block, audit_leaf TO lianfang_app;
GRANT INSERT ON audit_block, audit_leaf TO lianfang_app;
ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_block ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_leaf ENABLE ROW LEVEL SECURITY;
CREATE POLICY anybody_adds ON audit_entry FOR INSERT TO lianfang_app, lianfang_intake, lianfang_purge WITH CHECK (true);
CREATE POLICY auditors_read ON audit_entry FOR SELECT TO lianfang_app USING ((SELECT lianfang_audits()));
CREATE POLICY auditors_read ON audit_block FOR SELECT TO lianfang_app USING ((SELECT lianfang_audits()));
CREATE POLICY auditors_read ON audit_leaf FOR SELECT TO lianfang_app USING ((SELECT lianfang_audits()));
CREATE POLICY the_worker_seals ON audit_block FOR INSERT TO lianfang_app WITH CHECK ((SELECT lianfang_seals()));
CREATE POLICY the_worker_seals ON audit_leaf FOR INSERT TO lianfang_app WITH CHECK ((SELECT lianfang_seals()));

-- As before, and above what was noted and sealed: entries written after a restore come after the last block.
CREATE OR REPLACE FUNCTION lianfang_raise_tx() RETURNS bigint LANGUAGE plpgsql VOLATILE SET search_path FROM CURRENT AS $$
DECLARE
    highest bigint;
    own bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
    raised bigint;
BEGIN
    SELECT greatest(p.next_tx, p.mark_tx, (SELECT max(tx) FROM passage), (SELECT max(tx) FROM registration),
                    (SELECT max(tx) FROM correction), (SELECT max(tx) FROM audit_entry), (SELECT max(tx_to) FROM audit_block))
        INTO highest FROM fold_position p;
    raised := greatest(highest + 1 - own, 0);
    EXECUTE format($f$CREATE OR REPLACE FUNCTION lianfang_tx() RETURNS bigint LANGUAGE sql STABLE AS
        'SELECT pg_current_xact_id()::text::bigint + %s'$f$, raised);
    EXECUTE format($f$CREATE OR REPLACE FUNCTION lianfang_tx_bounds(OUT oldest bigint, OUT next bigint) LANGUAGE sql VOLATILE AS
        'SELECT pg_snapshot_xmin(s)::text::bigint + %1$s, pg_snapshot_xmax(s)::text::bigint + %1$s
         FROM (SELECT pg_current_snapshot() s) x'$f$, raised);
    RETURN raised;
END $$;
