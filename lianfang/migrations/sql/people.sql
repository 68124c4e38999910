-- People and households. What is said about them is sealed under a key of each file's own; plain are ids, codes, states and
-- moments. Read within reach, written within one's own postings or by the background program.

CREATE TABLE person (
    id             uuid PRIMARY KEY,
    opened_on      date NOT NULL,
    opened_at      timestamptz NOT NULL,
    jurisdiction   bigint NOT NULL,
    document_index bytea,
    phone_index    bytea,
    wrapped_key    bytea,
    sealed         bytea,
    closed_at      timestamptz,
    CONSTRAINT person_is_sealed_under_a_key_of_his_own CHECK ((sealed IS NULL) = (wrapped_key IS NULL)),
    CONSTRAINT person_is_closed_after_he_was_opened CHECK (closed_at >= opened_at)
);
CREATE INDEX person_by_jurisdiction ON person (jurisdiction, id);
CREATE INDEX person_by_document ON person (document_index) WHERE document_index IS NOT NULL;
CREATE INDEX person_by_phone ON person (phone_index) WHERE phone_index IS NOT NULL;
CREATE INDEX person_by_day ON person (opened_on) WHERE sealed IS NOT NULL;
CREATE INDEX person_closed ON person (closed_at) WHERE closed_at IS NOT NULL AND sealed IS NOT NULL;

-- What called for a file: a value from above, kind and reference; one reference is about one person. No foreign key: some are
-- added thousands at a time, and the file they name is written in the same transaction.
CREATE TABLE person_call (
    kind      text NOT NULL,
    reference text NOT NULL,
    person_id uuid NOT NULL,
    rule_set  text,
    rule_row  text,
    at        timestamptz NOT NULL,
    PRIMARY KEY (kind, reference)
);
CREATE INDEX person_call_of ON person_call (person_id, at);

CREATE TABLE household (
    id            uuid PRIMARY KEY,
    code          text NOT NULL CONSTRAINT household_code_is_never_given_again UNIQUE,
    division      text NOT NULL,
    jurisdiction  bigint NOT NULL,
    opened_on     date NOT NULL,
    opened_at     timestamptz NOT NULL,
    occupancy     text NOT NULL CONSTRAINT household_is_lived_in_somehow
                  CHECK (occupancy IN ('OCCUPIED', 'RENTED', 'VACANT', 'MOVED')),
    verified_on   date,
    verified_by   uuid,
    walking_order int NOT NULL,
    wrapped_key   bytea,
    sealed        bytea,
    closed_at     timestamptz,
    CONSTRAINT household_is_sealed_under_a_key_of_its_own CHECK ((sealed IS NULL) = (wrapped_key IS NULL)),
    CONSTRAINT household_is_verified_by_somebody CHECK ((verified_on IS NULL) = (verified_by IS NULL))
);
CREATE INDEX household_by_walk ON household (jurisdiction, walking_order, code);
CREATE INDEX household_by_day ON household (opened_on) WHERE sealed IS NOT NULL;

-- A stretch of somebody's life in a household; a new one begins whenever his state there changes.
CREATE TABLE stay_in_household (
    id           uuid PRIMARY KEY,
    person_id    uuid NOT NULL REFERENCES person (id),
    household_id uuid NOT NULL REFERENCES household (id),
    jurisdiction bigint NOT NULL,
    relation     text NOT NULL,
    state        text NOT NULL CONSTRAINT stay_is_in_a_known_state
                 CHECK (state IN ('PRESENT', 'AWAY', 'RETURNED', 'QUARANTINED', 'HOSPITALISED', 'MOVED_OUT')),
    from_at      timestamptz NOT NULL,
    until_at     timestamptz,
    told_by      uuid NOT NULL,
    CONSTRAINT stay_ends_after_it_begins CHECK (until_at > from_at),
    CONSTRAINT stay_in_one_household_is_told_once
        EXCLUDE USING gist (person_id WITH =, household_id WITH =, tstzrange(from_at, until_at) WITH &&),
    CONSTRAINT person_is_present_in_one_household_at_a_time
        EXCLUDE USING gist (person_id WITH =, tstzrange(from_at, until_at) WITH &&)
        WHERE (state IN ('PRESENT', 'RETURNED', 'QUARANTINED'))
);
CREATE INDEX stay_open_in_household ON stay_in_household (household_id) WHERE until_at IS NULL;
CREATE INDEX stay_of_person ON stay_in_household (person_id, from_at);

CREATE TABLE kinship (
    person_id uuid NOT NULL REFERENCES person (id),
    other_id  uuid NOT NULL REFERENCES person (id),
    kind      text NOT NULL,
    at        timestamptz NOT NULL,
    told_by   uuid NOT NULL,
    PRIMARY KEY (person_id, other_id),
    CONSTRAINT kinship_is_between_two CHECK (person_id <> other_id)
);
CREATE INDEX kinship_of_other ON kinship (other_id);

-- Two files of one person: the merged one's fields stay as they were, and whoever asks for it is shown the kept one.
CREATE TABLE person_merge (
    id        uuid PRIMARY KEY,
    kept_id   uuid NOT NULL REFERENCES person (id),
    merged_id uuid NOT NULL REFERENCES person (id),
    merged_by uuid NOT NULL,
    merged_at timestamptz NOT NULL,
    reason    text,
    undone_by uuid,
    undone_at timestamptz,
    CONSTRAINT merge_is_of_two_files CHECK (kept_id <> merged_id),
    CONSTRAINT merge_says_why CHECK (reason <> ''),
    CONSTRAINT merge_is_undone_by_somebody CHECK ((undone_by IS NULL) = (undone_at IS NULL))
);
CREATE UNIQUE INDEX merge_of_a_file_stands_once ON person_merge (merged_id) WHERE undone_at IS NULL;
CREATE INDEX merge_into ON person_merge (kept_id);

CREATE TABLE not_the_same (
    one_id   uuid NOT NULL REFERENCES person (id),
    other_id uuid NOT NULL REFERENCES person (id),
    said_by  uuid NOT NULL,
    said_at  timestamptz NOT NULL,
    reason   text,
    PRIMARY KEY (one_id, other_id),
    CONSTRAINT not_the_same_is_said_of_a_pair_once CHECK (one_id < other_id),
    CONSTRAINT not_the_same_says_why CHECK (reason <> '')
);
CREATE INDEX not_the_same_of_other ON not_the_same (other_id);

ALTER TABLE person ENABLE ROW LEVEL SECURITY;
ALTER TABLE person_call ENABLE ROW LEVEL SECURITY;
ALTER TABLE household ENABLE ROW LEVEL SECURITY;
ALTER TABLE stay_in_household ENABLE ROW LEVEL SECURITY;
ALTER TABLE kinship ENABLE ROW LEVEL SECURITY;
ALTER TABLE person_merge ENABLE ROW LEVEL SECURITY;
ALTER TABLE not_the_same ENABLE ROW LEVEL SECURITY;

CREATE POLICY within_reach ON person FOR SELECT TO lianfang_app
    USING (CASE WHEN jurisdiction <@ (SELECT lianfang_reach()) THEN true ELSE false END);
CREATE POLICY opens_within_own_reach ON person FOR INSERT TO lianfang_app
    WITH CHECK ((SELECT lianfang_is_worker()) OR jurisdiction <@ (SELECT lianfang_writes()));
CREATE POLICY changes_within_own_reach ON person FOR UPDATE TO lianfang_app
    USING ((SELECT lianfang_is_worker()) OR jurisdiction <@ (SELECT lianfang_writes()));
CREATE POLICY within_reach ON household FOR SELECT TO lianfang_app
    USING (CASE WHEN jurisdiction <@ (SELECT lianfang_reach()) THEN true ELSE false END);
CREATE POLICY opens_within_own_reach ON household FOR INSERT TO lianfang_app
    WITH CHECK ((SELECT lianfang_is_worker()) OR jurisdiction <@ (SELECT lianfang_writes()));
CREATE POLICY changes_within_own_reach ON household FOR UPDATE TO lianfang_app
    USING ((SELECT lianfang_is_worker()) OR jurisdiction <@ (SELECT lianfang_writes()));
CREATE POLICY within_reach ON stay_in_household FOR SELECT TO lianfang_app
    USING (CASE WHEN jurisdiction <@ (SELECT lianfang_reach()) THEN true ELSE false END);
CREATE POLICY begins_within_own_reach ON stay_in_household FOR INSERT TO lianfang_app
    WITH CHECK ((SELECT lianfang_is_worker()) OR jurisdiction <@ (SELECT lianfang_writes()));
CREATE POLICY ends_within_own_reach ON stay_in_household FOR UPDATE TO lianfang_app
    USING ((SELECT lianfang_is_worker()) OR jurisdiction <@ (SELECT lianfang_writes()));

-- Whether the session may see, or write to, the file of that person: what belongs to a file goes where it goes.
CREATE FUNCTION lianfang_sees_person(who uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT EXISTS (SELECT 1 FROM person p WHERE p.id = who AND p.jurisdiction <@ lianfang_reach())
$$;
CREATE FUNCTION lianfang_writes_person(who uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT EXISTS (SELECT 1 FROM person p WHERE p.id = who AND p.jurisdiction <@ lianfang_writes())
$$;
-- Where the file of somebody with one of these document indexes lies, whoever may see it; NULL when there is none. Only a
-- place is answered: nobody opens a second file of a person of the next county.
CREATE FUNCTION lianfang_person_elsewhere(indexes bytea[]) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT p.jurisdiction FROM person p WHERE p.document_index = ANY (indexes) AND p.sealed IS NOT NULL
      AND NOT p.jurisdiction <@ lianfang_reach() ORDER BY p.id LIMIT 1
$$;
REVOKE ALL ON FUNCTION lianfang_sees_person(uuid), lianfang_writes_person(uuid), lianfang_person_elsewhere(bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianfang_sees_person(uuid), lianfang_writes_person(uuid), lianfang_person_elsewhere(bytea[])
    TO lianfang_app;

CREATE POLICY with_the_file ON person_call FOR SELECT TO lianfang_app
    USING (CASE WHEN (SELECT lianfang_is_worker()) THEN true ELSE lianfang_sees_person(person_id) END);
CREATE POLICY with_own_file ON person_call FOR INSERT TO lianfang_app
    WITH CHECK (CASE WHEN (SELECT lianfang_is_worker()) THEN true ELSE lianfang_writes_person(person_id) END);
CREATE POLICY with_the_file ON kinship FOR SELECT TO lianfang_app
    USING (lianfang_sees_person(person_id) OR lianfang_sees_person(other_id));
CREATE POLICY with_own_file ON kinship FOR INSERT TO lianfang_app
    WITH CHECK (lianfang_writes_person(person_id) AND lianfang_writes_person(other_id));
CREATE POLICY with_own_file_again ON kinship FOR UPDATE TO lianfang_app USING (lianfang_writes_person(person_id));
CREATE POLICY with_the_file ON person_merge FOR SELECT TO lianfang_app
    USING (CASE WHEN (SELECT lianfang_is_worker()) THEN true
           ELSE lianfang_sees_person(kept_id) OR lianfang_sees_person(merged_id) END);
CREATE POLICY with_own_files ON person_merge FOR INSERT TO lianfang_app
    WITH CHECK (lianfang_writes_person(kept_id) AND lianfang_writes_person(merged_id));
CREATE POLICY undone_with_own_files ON person_merge FOR UPDATE TO lianfang_app
    USING (lianfang_writes_person(kept_id) AND lianfang_writes_person(merged_id));
CREATE POLICY with_the_file ON not_the_same FOR SELECT TO lianfang_app
    USING (lianfang_sees_person(one_id) OR lianfang_sees_person(other_id));
CREATE POLICY with_own_files ON not_the_same FOR INSERT TO lianfang_app
    WITH CHECK (lianfang_writes_person(one_id) AND lianfang_writes_person(other_id));

GRANT SELECT, INSERT ON person, household, person_call, stay_in_household, kinship, person_merge, not_the_same TO lianfang_app;
GRANT UPDATE (jurisdiction, document_index, phone_index, sealed, closed_at) ON person TO lianfang_app;
GRANT UPDATE (occupancy, verified_on, verified_by, walking_order, sealed, closed_at) ON household TO lianfang_app;
GRANT UPDATE (until_at) ON stay_in_household TO lianfang_app;
GRANT UPDATE (kind, at, told_by) ON kinship TO lianfang_app;
GRANT UPDATE (undone_by, undone_at) ON person_merge TO lianfang_app;

-- The purge forgets one file by clearing its wrapped key, and takes what it was tied to along.
GRANT SELECT (id, opened_on, closed_at, wrapped_key, sealed, document_index, phone_index),
    UPDATE (wrapped_key, sealed, document_index, phone_index) ON person TO lianfang_purge;
GRANT SELECT (id, opened_on, wrapped_key, sealed, closed_at), UPDATE (wrapped_key, sealed) ON household TO lianfang_purge;
GRANT SELECT (person_id), DELETE ON stay_in_household TO lianfang_purge;
GRANT SELECT (person_id, other_id), DELETE ON kinship TO lianfang_purge;
GRANT SELECT (id, kept_id, merged_id, undone_at, reason), UPDATE (reason) ON person_merge TO lianfang_purge;
GRANT SELECT (one_id, other_id, reason), UPDATE (reason) ON not_the_same TO lianfang_purge;
CREATE POLICY purge_clears ON person TO lianfang_purge USING (true) WITH CHECK (true);
CREATE POLICY purge_clears ON household TO lianfang_purge USING (true) WITH CHECK (true);
CREATE POLICY purge_clears ON stay_in_household TO lianfang_purge USING (true);
CREATE POLICY purge_clears ON kinship TO lianfang_purge USING (true);
CREATE POLICY purge_clears ON person_merge TO lianfang_purge USING (true) WITH CHECK (true);
CREATE POLICY purge_clears ON not_the_same TO lianfang_purge USING (true) WITH CHECK (true);
