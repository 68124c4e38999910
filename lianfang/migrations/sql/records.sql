-- The records of the checkpoints: append-only, partitioned by the month of the time-ordered id, sealed.

-- The writing transaction's number, by which the fold reads. Numbers belong to one cluster: after a restore elsewhere
-- the owner replaces this function with one that adds an offset, so that numbers never go back.
CREATE FUNCTION lianfang_tx() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT pg_current_xact_id()::text::bigint $$;
-- The oldest transaction still writing (xmin) and the next one to begin (xmax), on the same scale.
CREATE FUNCTION lianfang_tx_bounds(OUT oldest bigint, OUT next bigint) LANGUAGE sql VOLATILE AS $$
    SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint FROM (SELECT pg_current_snapshot() s) x
$$;

CREATE TABLE passage (
    id              uuid NOT NULL,
    tx              bigint NOT NULL DEFAULT lianfang_tx(),
    digest          bytea,
    receipt         text NOT NULL,
    received_at     timestamptz NOT NULL,
    occurred_at     timestamptz NOT NULL,
    captured_on     date NOT NULL,
    captured_hour   smallint NOT NULL CONSTRAINT passage_hour_is_of_a_day CHECK (captured_hour BETWEEN 0 AND 23),
    checkpoint      text NOT NULL,
    jurisdiction    bigint NOT NULL,
    device_id       uuid,
    direction       text NOT NULL CONSTRAINT passage_goes_in_or_out CHECK (direction IN ('IN', 'OUT')),
    transport       text NOT NULL,
    purpose         text,
    source          text NOT NULL,
    officer         text,
    roster_expected smallint,
    plate_index     bytea,
    sealed          bytea,
    PRIMARY KEY (id)
) PARTITION BY RANGE (id);
CREATE INDEX passage_by_tx ON passage (tx);
CREATE INDEX passage_by_day ON passage (captured_on, id);
CREATE INDEX passage_by_checkpoint ON passage (checkpoint, captured_on, id);
CREATE INDEX passage_by_plate ON passage (plate_index) WHERE plate_index IS NOT NULL;

CREATE TABLE registration (
    id                uuid NOT NULL,
    tx                bigint NOT NULL DEFAULT lianfang_tx(),
    digest            bytea,
    receipt           text NOT NULL,
    received_at       timestamptz NOT NULL,
    occurred_at       timestamptz NOT NULL,
    captured_on       date NOT NULL,
    captured_hour     smallint NOT NULL CONSTRAINT registration_hour_is_of_a_day CHECK (captured_hour BETWEEN 0 AND 23),
    checkpoint        text NOT NULL,
    jurisdiction      bigint NOT NULL,
    device_id         uuid,
    passage_id        uuid NOT NULL,
    place_in_party    smallint NOT NULL,
    direction         text NOT NULL CONSTRAINT registration_goes_in_or_out CHECK (direction IN ('IN', 'OUT')),
    transport         text NOT NULL,
    purpose           text,
    from_code         text,
    destination_code  text,
    document_type     text NOT NULL,
    age               smallint,
    stays             jsonb NOT NULL,
    celsius_tenths    smallint,
    temperature_state text,
    symptoms          text[] NOT NULL,
    case_contact      boolean,
    rule_set          text NOT NULL,
    rule_rows         text[] NOT NULL,
    measures          text[] NOT NULL,
    document_index    bytea,
    phone_index       bytea,
    sealed            bytea,
    PRIMARY KEY (id)
) PARTITION BY RANGE (id);
CREATE INDEX registration_by_tx ON registration (tx);
CREATE INDEX registration_by_passage ON registration (passage_id);
CREATE INDEX registration_by_document ON registration (document_index) WHERE document_index IS NOT NULL;
CREATE INDEX registration_by_phone ON registration (phone_index) WHERE phone_index IS NOT NULL;

CREATE TABLE correction (
    id             uuid PRIMARY KEY,
    tx             bigint NOT NULL DEFAULT lianfang_tx(),
    digest         bytea,
    receipt        text NOT NULL,
    received_at    timestamptz NOT NULL,
    occurred_at    timestamptz NOT NULL,
    captured_on    date NOT NULL,
    captured_hour  smallint NOT NULL CONSTRAINT correction_hour_is_of_a_day CHECK (captured_hour BETWEEN 0 AND 23),
    checkpoint     text NOT NULL,
    jurisdiction   bigint NOT NULL,
    device_id      uuid,
    officer_id     uuid,
    of             uuid NOT NULL,
    target         text NOT NULL CONSTRAINT correction_is_of_a_passage_or_a_registration
                   CHECK (target IN ('PASSAGE', 'REGISTRATION')),
    facts          jsonb NOT NULL,
    plate_index    bytea,
    document_index bytea,
    phone_index    bytea,
    sealed         bytea,
    CONSTRAINT correction_comes_from_a_device_or_an_officer CHECK (device_id IS NOT NULL OR officer_id IS NOT NULL)
);
CREATE INDEX correction_by_tx ON correction (tx);
CREATE INDEX correction_by_target ON correction (of, occurred_at, id);
-- The few that change where, when or which way a passage counts: lists of passages ask for them all.
CREATE INDEX correction_that_moves ON correction (of)
    WHERE target = 'PASSAGE' AND facts ?| ARRAY['captured_on', 'checkpoint', 'direction'];
CREATE INDEX correction_by_plate ON correction (plate_index) WHERE plate_index IS NOT NULL;
CREATE INDEX correction_by_document ON correction (document_index) WHERE document_index IS NOT NULL;
CREATE INDEX correction_by_phone ON correction (phone_index) WHERE phone_index IS NOT NULL;

CREATE TABLE conflict_item (
    id           uuid PRIMARY KEY,
    record_id    uuid NOT NULL,
    kind         text NOT NULL CONSTRAINT conflict_is_of_a_known_kind CHECK (kind IN ('PASSAGE', 'REGISTRATION', 'CORRECTION')),
    digest       bytea NOT NULL,
    received_at  timestamptz NOT NULL,
    captured_on  date NOT NULL,
    checkpoint   text NOT NULL,
    jurisdiction bigint NOT NULL,
    device_id    uuid,
    sealed       bytea,
    CONSTRAINT conflict_is_kept_once UNIQUE (record_id, digest)
);

-- Later facts over earlier ones, in the order given: how corrections add up.
CREATE AGGREGATE lianfang_overlay (jsonb) (SFUNC = jsonb_concat, STYPE = jsonb, INITCOND = '{}');

-- Row-level security: one function, asked once a statement.
ALTER TABLE passage ENABLE ROW LEVEL SECURITY;
ALTER TABLE registration ENABLE ROW LEVEL SECURITY;
ALTER TABLE correction ENABLE ROW LEVEL SECURITY;
ALTER TABLE conflict_item ENABLE ROW LEVEL SECURITY;
-- CASE says nothing else than its condition; the planner takes it for half of the rows instead of a two-hundredth, which
-- is what it makes of "in an unknown range", and then plans as if a day's list had no rows.
CREATE POLICY within_reach ON passage TO lianfang_app
    USING (CASE WHEN jurisdiction <@ (SELECT lianfang_reach()) THEN true ELSE false END) WITH CHECK (false);
CREATE POLICY within_reach ON registration TO lianfang_app
    USING (CASE WHEN jurisdiction <@ (SELECT lianfang_reach()) THEN true ELSE false END) WITH CHECK (false);
CREATE POLICY within_reach ON correction TO lianfang_app
    USING (CASE WHEN jurisdiction <@ (SELECT lianfang_reach()) THEN true ELSE false END)
    WITH CHECK (jurisdiction <@ (SELECT lianfang_reach()));
CREATE POLICY within_reach ON conflict_item TO lianfang_app
    USING (CASE WHEN jurisdiction <@ (SELECT lianfang_reach()) THEN true ELSE false END) WITH CHECK (false);
-- The intake writes for every checkpoint (its devices' tokens say for which) and reads no blob: grants see to that.
CREATE POLICY intake_writes ON passage TO lianfang_intake USING (true) WITH CHECK (true);
CREATE POLICY intake_writes ON registration TO lianfang_intake USING (true) WITH CHECK (true);
CREATE POLICY intake_writes ON correction TO lianfang_intake USING (true) WITH CHECK (true);
CREATE POLICY intake_writes ON conflict_item TO lianfang_intake USING (true) WITH CHECK (true);
-- Purge clears blobs, indexes and digests of days whose time is over.
CREATE POLICY purge_clears ON passage TO lianfang_purge USING (true) WITH CHECK (true);
CREATE POLICY purge_clears ON registration TO lianfang_purge USING (true) WITH CHECK (true);
CREATE POLICY purge_clears ON correction TO lianfang_purge USING (true) WITH CHECK (true);
CREATE POLICY purge_clears ON conflict_item TO lianfang_purge USING (true) WITH CHECK (true);

-- Makes the monthly partitions (UTC) from `back` months ago to `ahead` months on. A month whose rows already lie in
-- DEFAULT never gets a sibling: it is answered as 'HELD'. Nothing is granted on a partition.
CREATE FUNCTION lianfang_add_partitions(back int, ahead int) RETURNS TABLE (partition text, state text)
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
            month := date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => step);
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

-- The smallest UUIDv7 of a moment (UTC).
CREATE FUNCTION lianfang_floor_uuid(moment timestamp) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

REVOKE ALL ON FUNCTION lianfang_add_partitions(int, int) FROM PUBLIC;
SELECT count(*) FROM lianfang_add_partitions(24, 3);
