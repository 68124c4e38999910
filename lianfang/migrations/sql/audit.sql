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
        SELECT 1 FROM officer_session s JOIN posting p ON p.officer_id = s.officer_id
        WHERE s.id_hash = lianfang_session_hash(current_setting('lianfang.session', true))
          AND s.closed_at IS NULL AND s.expires_at > now() AND p.role IN ('AUDITOR', 'WORKER')
          AND p.from_at <= now() AND (p.until_at IS NULL OR p.until_at > now())
    )
$$;
REVOKE ALL ON FUNCTION lianfang_audits() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianfang_audits() TO lianfang_app;

GRANT INSERT (act, officer_id, device_id, subject, count, jurisdiction, purpose, place, result, details) ON audit_entry
    TO lianfang_app, lianfang_intake, lianfang_purge;
GRANT SELECT ON audit_entry, audit_block, audit_leaf TO lianfang_app;
GRANT INSERT ON audit_block, audit_leaf TO lianfang_app;
ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_block ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_leaf ENABLE ROW LEVEL SECURITY;
CREATE POLICY anybody_adds ON audit_entry FOR INSERT TO lianfang_app, lianfang_intake, lianfang_purge WITH CHECK (true);
CREATE POLICY auditors_read ON audit_entry FOR SELECT TO lianfang_app USING ((SELECT lianfang_audits()));
CREATE POLICY auditors_read ON audit_block FOR SELECT TO lianfang_app USING ((SELECT lianfang_audits()));
CREATE POLICY auditors_read ON audit_leaf FOR SELECT TO lianfang_app USING ((SELECT lianfang_audits()));
CREATE POLICY the_worker_seals ON audit_block FOR INSERT TO lianfang_app WITH CHECK ((SELECT lianfang_audits()));
CREATE POLICY the_worker_seals ON audit_leaf FOR INSERT TO lianfang_app WITH CHECK ((SELECT lianfang_audits()));
