-- Re-screening: plain facts of the last 60 days, laid over by their corrections; what was decided again, and never changed.

-- Whether the session is the background program's, as it is asked for the sealing: it alone writes facts and decisions.
CREATE FUNCTION lianfang_is_worker() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT EXISTS (SELECT 1 FROM posting p WHERE p.officer_id = lianfang_officer(ARRAY['WORK']) AND p.role = 'WORKER')
$$;
REVOKE ALL ON FUNCTION lianfang_is_worker() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianfang_is_worker() TO lianfang_app;

-- A row a person and place. Rows are laid thousands at a time, ordered by place: whoever stayed in an area lies close
-- together, and few pages are read to find them all.
CREATE TABLE screening_fact (
    registration_id   uuid NOT NULL,
    tx                bigint NOT NULL,
    jurisdiction      bigint NOT NULL,
    captured_on       date NOT NULL,
    age               smallint,
    celsius_tenths    smallint,
    is_first          boolean NOT NULL,
    anew              boolean NOT NULL,
    case_contact      boolean,
    resident          boolean,
    code              text COLLATE "C" NOT NULL,
    direction         text NOT NULL,
    transport         text,
    purpose           text,
    from_code         text,
    destination_code  text,
    document_type     text,
    temperature_state text,
    stays             jsonb NOT NULL,
    symptoms          text[] NOT NULL,
    answer_codes      jsonb,
    rule_set          text NOT NULL,
    rule_rows         text[] NOT NULL,
    measures          text[] NOT NULL,
    PRIMARY KEY (registration_id, code)
);
CREATE INDEX screening_fact_by_place ON screening_fact (code);
CREATE INDEX screening_fact_by_tx ON screening_fact USING brin (tx) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX screening_fact_by_rules ON screening_fact (rule_set, captured_on) WHERE is_first;
CREATE INDEX screening_fact_by_day ON screening_fact (captured_on);
CREATE INDEX screening_fact_anew ON screening_fact (tx, registration_id) WHERE is_first AND anew;

INSERT INTO screening_position (id, next_tx) VALUES (1, 0);

CREATE TABLE rescreened (
    rescreening_id   uuid NOT NULL REFERENCES rescreening (id),
    registration_id  uuid NOT NULL,
    captured_on      date NOT NULL,
    jurisdiction     bigint NOT NULL,
    destination_code text,
    rule_set         text NOT NULL,
    rule_rows        text[] NOT NULL,
    measures         text[] NOT NULL,
    details          jsonb NOT NULL,
    before           text[] NOT NULL,
    stands           text[] NOT NULL,
    at               timestamptz NOT NULL,
    PRIMARY KEY (rescreening_id, registration_id)
);
CREATE INDEX rescreened_of ON rescreened (registration_id, at);
CREATE INDEX rescreened_headed_for ON rescreened (rpad(destination_code, 18, '0') COLLATE "C");

-- One is carried out at a time.
CREATE UNIQUE INDEX rescreening_runs_alone ON rescreening ((true)) WHERE state IN ('APPROVED', 'RUNNING');

ALTER TABLE screening_fact ENABLE ROW LEVEL SECURITY;
ALTER TABLE rescreened ENABLE ROW LEVEL SECURITY;
CREATE POLICY within_reach ON screening_fact FOR SELECT TO lianfang_app
    USING (CASE WHEN jurisdiction <@ (SELECT lianfang_reach()) THEN true ELSE false END);
CREATE POLICY within_reach ON rescreened FOR SELECT TO lianfang_app
    USING (CASE WHEN jurisdiction <@ (SELECT lianfang_reach()) THEN true ELSE false END);
CREATE POLICY worker_lays ON screening_fact FOR INSERT TO lianfang_app WITH CHECK ((SELECT lianfang_is_worker()));
CREATE POLICY worker_changes ON screening_fact FOR UPDATE TO lianfang_app USING ((SELECT lianfang_is_worker()));
CREATE POLICY worker_forgets ON screening_fact FOR DELETE TO lianfang_app USING ((SELECT lianfang_is_worker()));
CREATE POLICY worker_decides ON rescreened FOR INSERT TO lianfang_app WITH CHECK ((SELECT lianfang_is_worker()));
GRANT SELECT, INSERT, UPDATE, DELETE ON screening_fact TO lianfang_app;
GRANT SELECT, UPDATE ON screening_position TO lianfang_app;
GRANT SELECT, INSERT ON rescreened TO lianfang_app;
GRANT SELECT, INSERT, UPDATE ON rescreening TO lianfang_app;

-- A purge takes the facts of whom it clears, and asks whether a later decision's measure goes on.
CREATE POLICY purge_clears ON screening_fact TO lianfang_purge USING (true);
CREATE POLICY purge_asks ON rescreened FOR SELECT TO lianfang_purge USING (true);
GRANT SELECT (registration_id), DELETE ON screening_fact TO lianfang_purge;
GRANT SELECT (registration_id, captured_on, measures, at) ON rescreened TO lianfang_purge;
CREATE INDEX rescreened_going_on ON rescreened (registration_id) WHERE measures && '{FEVER_CLINIC,QUARANTINE}'::text[];
