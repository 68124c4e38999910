-- Kin that is taken back, doors that are joined and parted again, other telephones to be found by.

-- Taken back it stays as a trail. Of two people one thing is told, from whichever side.
ALTER TABLE kinship ADD COLUMN taken_back_by uuid, ADD COLUMN taken_back_at timestamptz,
    ADD CONSTRAINT kinship_is_taken_back_by_somebody CHECK ((taken_back_by IS NULL) = (taken_back_at IS NULL));
DELETE FROM kinship k USING kinship o
WHERE k.person_id = o.other_id AND k.other_id = o.person_id AND (k.at, k.person_id) < (o.at, o.person_id);
CREATE UNIQUE INDEX kinship_is_told_once_of_a_pair ON kinship (least(person_id, other_id), greatest(person_id, other_id));
GRANT UPDATE (taken_back_by, taken_back_at) ON kinship TO lianfang_app;
DROP POLICY with_own_file_again ON kinship;
CREATE POLICY with_either_file_again ON kinship FOR UPDATE TO lianfang_app
    USING (lianfang_writes_person(person_id) OR lianfang_writes_person(other_id));

-- Two doors that are one: the joined one is closed and keeps its code, and whoever asks for it is shown the kept one.
CREATE TABLE household_join (
    id                  uuid PRIMARY KEY,
    kept_id             uuid NOT NULL REFERENCES household (id),
    joined_id           uuid NOT NULL REFERENCES household (id),
    kept_jurisdiction   bigint NOT NULL,
    joined_jurisdiction bigint NOT NULL,
    joined_by           uuid NOT NULL,
    joined_at           timestamptz NOT NULL,
    reason              text,
    undone_by           uuid,
    undone_at           timestamptz,
    CONSTRAINT households_joined_are_two CHECK (kept_id <> joined_id),
    CONSTRAINT household_join_says_why CHECK (reason <> ''),
    CONSTRAINT household_join_is_undone_by_somebody CHECK ((undone_by IS NULL) = (undone_at IS NULL))
);
CREATE UNIQUE INDEX household_join_of_a_door_stands_once ON household_join (joined_id) WHERE undone_at IS NULL;
CREATE INDEX household_joined_into ON household_join (kept_id);
ALTER TABLE household_join ENABLE ROW LEVEL SECURITY;
CREATE POLICY with_the_door ON household_join FOR SELECT TO lianfang_app
    USING (kept_jurisdiction <@ (SELECT lianfang_reach()) OR joined_jurisdiction <@ (SELECT lianfang_reach()));
CREATE POLICY with_own_doors ON household_join FOR INSERT TO lianfang_app
    WITH CHECK (kept_jurisdiction <@ (SELECT lianfang_writes()) AND joined_jurisdiction <@ (SELECT lianfang_writes()));
CREATE POLICY undone_with_own_doors ON household_join FOR UPDATE TO lianfang_app
    USING (kept_jurisdiction <@ (SELECT lianfang_writes()) AND joined_jurisdiction <@ (SELECT lianfang_writes()));
GRANT SELECT, INSERT ON household_join TO lianfang_app;
GRANT UPDATE (undone_by, undone_at) ON household_join TO lianfang_app;
GRANT SELECT (id, kept_id, joined_id, reason), UPDATE (reason) ON household_join TO lianfang_purge;
CREATE POLICY purge_clears ON household_join TO lianfang_purge USING (true) WITH CHECK (true);

-- Beside the first telephone, which stands in the file's row, the others find somebody too. A table, since an index over
-- arrays cannot be asked before row-level security has looked at every row.
CREATE TABLE person_phone (
    person_id   uuid NOT NULL REFERENCES person (id),
    phone_index bytea NOT NULL,
    PRIMARY KEY (person_id, phone_index)
);
CREATE INDEX person_phone_by_index ON person_phone (phone_index);
ALTER TABLE person_phone ENABLE ROW LEVEL SECURITY;
CREATE POLICY with_the_file ON person_phone FOR SELECT TO lianfang_app
    USING (CASE WHEN (SELECT lianfang_is_worker()) THEN true ELSE lianfang_sees_person(person_id) END);
CREATE POLICY with_own_file ON person_phone FOR INSERT TO lianfang_app
    WITH CHECK (CASE WHEN (SELECT lianfang_is_worker()) THEN true ELSE lianfang_writes_person(person_id) END);
CREATE POLICY amended_with_own_file ON person_phone FOR DELETE TO lianfang_app USING (lianfang_writes_person(person_id));
GRANT SELECT, INSERT, DELETE ON person_phone TO lianfang_app;
GRANT SELECT (person_id), DELETE ON person_phone TO lianfang_purge;
CREATE POLICY purge_clears ON person_phone TO lianfang_purge USING (true);
