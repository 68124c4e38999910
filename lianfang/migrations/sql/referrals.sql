-- Referrals: who is handed over to which division, until when, and what was done about it. Plain but for what is written
-- beside an answer; who it is stands in the person's own file.

CREATE TABLE referral (
    id              uuid PRIMARY KEY,
    tx              bigint NOT NULL DEFAULT lianfang_tx(),
    registration_id uuid NOT NULL,
    passage_id      uuid NOT NULL,
    person_id       uuid,
    previous_id     uuid REFERENCES referral (id),
    because         text NOT NULL CONSTRAINT referral_has_a_known_cause CHECK (because IN ('ARRIVAL', 'RESCREENING', 'MOVED_ON')),
    measures        text[] NOT NULL,
    details         jsonb NOT NULL,
    origin          bigint NOT NULL,
    destination     text,
    jurisdiction    bigint NOT NULL,
    outside         boolean NOT NULL,
    urgent          boolean NOT NULL,
    vacant          boolean NOT NULL,
    captured_on     date NOT NULL,
    sent_at         timestamptz NOT NULL,
    due_at          timestamptz NOT NULL,
    county_due_at   timestamptz NOT NULL,
    city_due_at     timestamptz NOT NULL,
    state           text NOT NULL CONSTRAINT referral_is_in_a_known_state CHECK (state IN
                    ('SENT', 'ACCEPTED', 'ARRIVED', 'NOT_HERE', 'WRONG_ADDRESS', 'MOVED_ON', 'OUTSIDE', 'WITHDRAWN')),
    accepted_at     timestamptz,
    settled_at      timestamptz,
    CONSTRAINT referral_moves_on_from_another CHECK ((because = 'MOVED_ON') = (previous_id IS NOT NULL))
);
-- One person arrives once; whoever moves on is handed over again, from each place once.
CREATE UNIQUE INDEX referral_of_an_arrival ON referral (registration_id) WHERE previous_id IS NULL;
CREATE UNIQUE INDEX referral_moves_on_once ON referral (previous_id) WHERE previous_id IS NOT NULL;
CREATE INDEX referral_of_registration ON referral (registration_id);
CREATE INDEX referral_of_passage ON referral (passage_id);
CREATE INDEX referral_by_place ON referral (jurisdiction, sent_at);
CREATE INDEX referral_by_origin ON referral (origin, sent_at);
-- The few that nobody has found yet: every list begins with them.
CREATE INDEX referral_open ON referral (jurisdiction, due_at)
    WHERE state IN ('SENT', 'ACCEPTED', 'NOT_HERE', 'WRONG_ADDRESS', 'OUTSIDE');

CREATE TABLE referral_event (
    id           uuid PRIMARY KEY,
    referral_id  uuid NOT NULL REFERENCES referral (id),
    kind         text NOT NULL CONSTRAINT referral_event_is_of_a_known_kind CHECK (kind IN
                 ('SENT', 'ACCEPTED', 'ARRIVED', 'NOT_HERE', 'WRONG_ADDRESS', 'MOVED_ON', 'PLACED', 'ADDED', 'LETTER_SENT',
                  'LETTER_ANSWERED', 'LETTER_RETURNED', 'CALLED', 'WITHDRAWN')),
    state        text NOT NULL,
    destination  text,
    occurred_at  timestamptz NOT NULL,
    received_at  timestamptz NOT NULL,
    officer_id   uuid,
    roster_id    uuid,
    jurisdiction bigint NOT NULL,
    wrapped_key  bytea,
    sealed       bytea,
    CONSTRAINT referral_event_is_by_one CHECK (officer_id IS NULL OR roster_id IS NULL),
    CONSTRAINT referral_event_is_sealed_under_a_key CHECK ((sealed IS NULL) = (wrapped_key IS NULL))
);
CREATE INDEX referral_event_of ON referral_event (referral_id, occurred_at, id);

CREATE TABLE waiting_fact (
    id           uuid PRIMARY KEY,
    room         text NOT NULL CONSTRAINT waiting_is_for_a_known_room CHECK (room IN ('CLINIC', 'SUPERVISION')),
    referral_id  uuid NOT NULL REFERENCES referral (id),
    jurisdiction bigint NOT NULL,
    since        timestamptz NOT NULL,
    accepted_by  uuid,
    accepted_at  timestamptz,
    closed_by    uuid,
    closed_at    timestamptz,
    outcome      text NOT NULL DEFAULT '',
    CONSTRAINT waiting_once_for_each_room UNIQUE (referral_id, room),
    CONSTRAINT waiting_is_accepted_by_somebody CHECK ((accepted_by IS NULL) = (accepted_at IS NULL)),
    CONSTRAINT waiting_is_closed_by_somebody CHECK ((closed_by IS NULL) = (closed_at IS NULL))
);
CREATE INDEX waiting_open ON waiting_fact (jurisdiction, since) WHERE closed_at IS NULL;

INSERT INTO referral_position (id, next_tx) VALUES (1, 0);

-- Later decisions are read like records, by the transaction that wrote them.
ALTER TABLE rescreened ADD COLUMN tx bigint NOT NULL DEFAULT lianfang_tx();
ALTER TABLE turn_back ADD COLUMN tx bigint NOT NULL DEFAULT lianfang_tx();
CREATE INDEX rescreened_by_tx ON rescreened (tx);
CREATE INDEX turn_back_by_tx ON turn_back (tx);

-- The grid of the phone whose token's hash the setting names, while that token is good at the moment the other one names.
-- Whoever makes both up without a token names the hash of none.
CREATE FUNCTION lianfang_roster_reach() RETURNS int8multirange
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT coalesce((
        SELECT int8multirange(int8range(t.lo, t.hi, '[]')) FROM roster_token t
        WHERE t.token_hash = decode(current_setting('lianfang.roster', true), 'hex') AND t.revoked_at IS NULL
          AND t.expires_at > current_setting('lianfang.roster_at', true)::timestamptz
    ), '{}'::int8multirange)
$$;
REVOKE ALL ON FUNCTION lianfang_roster_reach() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianfang_roster_reach() TO lianfang_app;

ALTER TABLE referral ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE waiting_fact ENABLE ROW LEVEL SECURITY;
-- Where he was registered sees what becomes of him; where he is headed sees it and acts.
CREATE POLICY within_reach ON referral FOR SELECT TO lianfang_app
    USING (CASE WHEN jurisdiction <@ (SELECT lianfang_reach()) OR origin <@ (SELECT lianfang_reach()) THEN true ELSE false END);
CREATE POLICY within_own_reach ON referral FOR UPDATE TO lianfang_app
    USING (jurisdiction <@ (SELECT lianfang_writes())) WITH CHECK (true);
CREATE POLICY moves_on ON referral FOR INSERT TO lianfang_app
    WITH CHECK (origin <@ (SELECT lianfang_writes()) OR origin <@ (SELECT lianfang_roster_reach()));
CREATE POLICY worker_sends ON referral FOR INSERT TO lianfang_app WITH CHECK ((SELECT lianfang_is_worker()));
CREATE POLICY worker_adds ON referral FOR UPDATE TO lianfang_app USING ((SELECT lianfang_is_worker())) WITH CHECK (true);
CREATE POLICY on_the_grid ON referral FOR SELECT TO lianfang_app
    USING (jurisdiction <@ (SELECT lianfang_roster_reach()) OR origin <@ (SELECT lianfang_roster_reach()));
CREATE POLICY grid_answers ON referral FOR UPDATE TO lianfang_app
    USING (jurisdiction <@ (SELECT lianfang_roster_reach())) WITH CHECK (true);
CREATE POLICY within_reach ON referral_event FOR SELECT TO lianfang_app
    USING (referral_id IN (SELECT r.id FROM referral r));
CREATE POLICY within_own_reach ON referral_event FOR INSERT TO lianfang_app
    WITH CHECK (jurisdiction <@ (SELECT lianfang_writes()) OR (SELECT lianfang_is_worker())
                OR (roster_id IS NOT NULL AND jurisdiction <@ (SELECT lianfang_roster_reach())));
CREATE POLICY within_reach ON waiting_fact FOR SELECT TO lianfang_app
    USING (CASE WHEN jurisdiction <@ (SELECT lianfang_reach()) THEN true ELSE false END);
CREATE POLICY within_own_reach ON waiting_fact FOR UPDATE TO lianfang_app USING (jurisdiction <@ (SELECT lianfang_writes()));
CREATE POLICY worker_waits ON waiting_fact FOR INSERT TO lianfang_app WITH CHECK ((SELECT lianfang_is_worker()));
GRANT SELECT, INSERT, UPDATE ON referral, waiting_fact TO lianfang_app;
GRANT SELECT, INSERT ON referral_event TO lianfang_app;
GRANT SELECT, UPDATE ON referral_position TO lianfang_app;

-- What was written beside an answer goes with the person's record; that there was a hand-over stays, as a figure does.
CREATE POLICY purge_asks ON referral FOR SELECT TO lianfang_purge USING (true);
CREATE POLICY purge_clears ON referral_event TO lianfang_purge USING (true) WITH CHECK (true);
GRANT SELECT (id, registration_id, person_id) ON referral TO lianfang_purge;
GRANT SELECT (id, referral_id, received_at, sealed), UPDATE (wrapped_key, sealed) ON referral_event TO lianfang_purge;

-- A file lies where its person lives. Whoever has him on the way to his own area, or before his own door, reads it too.
CREATE INDEX referral_of_person ON referral (person_id);
CREATE POLICY headed_here ON person FOR SELECT TO lianfang_app USING (
    EXISTS (SELECT 1 FROM referral r WHERE r.person_id = person.id
            AND (r.jurisdiction <@ (SELECT lianfang_reach()) OR r.jurisdiction <@ (SELECT lianfang_roster_reach()))));
