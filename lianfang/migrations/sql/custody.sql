-- Purges are proposed and signed at the desk and done by the purge's own role, which reads no more than it must: which rows
-- a day takes, whether a measure goes on, and the sealed bytes that are sealed again, of which the database has no key.

GRANT SELECT, INSERT, UPDATE ON retention_rule, purge TO lianfang_app;
-- What the night proposes an officer makes his own, before another signs it: two people, always.
ALTER TABLE purge ADD CONSTRAINT purge_is_proposed_by_a_person_before_it_is_signed
    CHECK (signed_at IS NULL OR proposed_by <> '00000000-0000-7000-8000-000000000001');

GRANT SELECT ON retention_rule, purge TO lianfang_purge;
GRANT UPDATE (done_at, certificate) ON purge TO lianfang_purge;
GRANT SELECT (digest, sealed, plate_index) ON passage TO lianfang_purge;
GRANT SELECT (digest, sealed, passage_id, measures, document_index, phone_index) ON registration TO lianfang_purge;
GRANT SELECT (digest, sealed, of, plate_index, document_index, phone_index) ON correction TO lianfang_purge;
GRANT SELECT (digest, sealed, record_id) ON conflict_item TO lianfang_purge;
GRANT SELECT (id, passage_id, occurred_at, plate_index), UPDATE (plate_index) ON paper_line TO lianfang_purge;

-- A conflict's digest goes with the rest.
ALTER TABLE conflict_item ALTER COLUMN digest DROP NOT NULL;
GRANT UPDATE (digest) ON conflict_item TO lianfang_purge;

-- The end of the emergency: declarations and rosters go, devices are revoked.
GRANT SELECT (id, made_at), DELETE ON declaration, roster TO lianfang_purge;
CREATE POLICY purge_clears ON declaration TO lianfang_purge USING (true);
CREATE POLICY purge_clears ON roster TO lianfang_purge USING (true);
GRANT SELECT (id, enrolled_at, revoked_at), UPDATE (revoked_at, revoked_by) ON device TO lianfang_purge;

-- The few whose measure goes on: found every hour, and asked about for every passage that goes.
CREATE INDEX registration_going_on ON registration (captured_on) WHERE measures && '{FEVER_CLINIC,QUARANTINE}'::text[];
