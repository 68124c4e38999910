-- Quarantine: orders, why, what was done about them, who cares for whom; check-ins and the links they come by; follow-ups.
-- Plain but for what is written beside something; who it is stands in the person's own file.

CREATE SEQUENCE quarantine_number AS bigint;
CREATE TABLE quarantine_order (
    id            uuid PRIMARY KEY,
    number        bigint NOT NULL DEFAULT nextval('quarantine_number') CONSTRAINT order_number_is_given_once UNIQUE,
    person_id     uuid NOT NULL,
    kind          text NOT NULL CONSTRAINT order_is_of_a_known_kind CHECK (kind IN ('HOME', 'FACILITY')),
    state         text NOT NULL CONSTRAINT order_is_in_a_known_state CHECK (state IN
                  ('ORDERED', 'NOTIFIED', 'IN_PLACE', 'BROKEN', 'RELEASED', 'MOVED_TO_ISOLATION', 'HANDED_OVER', 'LIFTED')),
    day0_on       date NOT NULL,
    last_on       date NOT NULL,
    division      text NOT NULL,
    jurisdiction  bigint NOT NULL,
    came_from     bigint,
    facility_id   uuid,
    room          text,
    dependants    text CONSTRAINT order_dependants_are_answered_yes_or_no CHECK (dependants IN ('YES', 'NO')),
    ordered_by    uuid,
    ordered_at    timestamptz NOT NULL,
    notified_at   timestamptz,
    in_place_at   timestamptz,
    observed_from timestamptz,
    ended_at      timestamptz,
    CONSTRAINT order_lasts_from_its_day_0 CHECK (last_on >= day0_on),
    CONSTRAINT order_in_place_has_its_dependants_answered
        CHECK (state <> 'IN_PLACE' OR (dependants IS NOT NULL AND in_place_at IS NOT NULL AND observed_from IS NOT NULL)),
    CONSTRAINT order_is_released_after_its_last_day
        CHECK (state <> 'RELEASED' OR ended_at >= (last_on + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'),
    CONSTRAINT order_has_ended_at_its_end
        CHECK ((state IN ('RELEASED', 'MOVED_TO_ISOLATION', 'HANDED_OVER', 'LIFTED')) = (ended_at IS NOT NULL)),
    CONSTRAINT order_has_a_room_in_a_facility CHECK (room IS NULL OR facility_id IS NOT NULL)
);
ALTER SEQUENCE quarantine_number OWNED BY quarantine_order.number;
-- One stands for a person at a time: whatever more is decided is a reason of it.
CREATE UNIQUE INDEX order_stands_once_for_a_person ON quarantine_order (person_id) WHERE ended_at IS NULL;
CREATE INDEX order_of_person ON quarantine_order (person_id);
CREATE INDEX order_open ON quarantine_order (jurisdiction, last_on) INCLUDE (state, observed_from) WHERE ended_at IS NULL;
CREATE INDEX order_open_from ON quarantine_order (came_from) WHERE ended_at IS NULL AND came_from IS NOT NULL;
CREATE INDEX order_ended ON quarantine_order (ended_at, jurisdiction) WHERE ended_at IS NOT NULL;
CREATE INDEX order_of_facility ON quarantine_order (facility_id, room) WHERE ended_at IS NULL AND facility_id IS NOT NULL;

CREATE TABLE quarantine_reason (
    id            uuid PRIMARY KEY,
    order_id      uuid NOT NULL REFERENCES quarantine_order (id),
    kind          text NOT NULL CONSTRAINT reason_is_of_a_known_kind CHECK (kind IN ('RULE', 'OFFICER', 'CONTACT')),
    reference     uuid,
    rule_set      text,
    rule_row      text,
    day0_on       date NOT NULL,
    days          int NOT NULL CONSTRAINT reason_lasts_for_days CHECK (days BETWEEN 1 AND 60),
    added_by      uuid,
    added_at      timestamptz NOT NULL,
    taken_back_at timestamptz
);
CREATE INDEX reason_of_order ON quarantine_reason (order_id, added_at);
CREATE UNIQUE INDEX reason_is_given_once_for_a_reference ON quarantine_reason (reference) WHERE reference IS NOT NULL;

CREATE TABLE order_event (
    id           uuid PRIMARY KEY,
    order_id     uuid NOT NULL REFERENCES quarantine_order (id),
    kind         text NOT NULL CONSTRAINT order_event_is_of_a_known_kind CHECK (kind IN
                 ('ORDERED', 'NOTIFIED', 'IN_PLACE', 'BLOCKED', 'REASON_ADDED', 'EXTENDED', 'TRANSFERRED', 'BROKEN',
                  'CARE_ANSWERED', 'CARE_SETTLED', 'SLIP_PRINTED', 'CORRECTION_ASKED', 'CORRECTION_ANSWERED', 'RELEASED',
                  'MOVED_TO_ISOLATION', 'HANDED_OVER', 'LIFTED')),
    state        text NOT NULL,
    details      jsonb NOT NULL DEFAULT '{}',
    occurred_at  timestamptz NOT NULL,
    received_at  timestamptz NOT NULL,
    officer_id   uuid,
    roster_id    uuid,
    jurisdiction bigint NOT NULL,
    wrapped_key  bytea,
    sealed       bytea,
    CONSTRAINT order_event_is_by_one CHECK (officer_id IS NULL OR roster_id IS NULL),
    CONSTRAINT order_event_is_sealed_under_a_key CHECK ((sealed IS NULL) = (wrapped_key IS NULL))
);
CREATE INDEX order_event_of ON order_event (order_id, occurred_at, id);
CREATE INDEX order_event_corrections ON order_event (jurisdiction, occurred_at)
    WHERE kind IN ('CORRECTION_ASKED', 'CORRECTION_ANSWERED');

CREATE TABLE care_need (
    id           uuid PRIMARY KEY,
    order_id     uuid NOT NULL REFERENCES quarantine_order (id),
    kind         text NOT NULL CONSTRAINT care_is_of_a_known_kind
                 CHECK (kind IN ('DEPENDANTS', 'MEDICINE', 'DIALYSIS', 'PREGNANCY')),
    has_carer    boolean NOT NULL,
    jurisdiction bigint NOT NULL,
    opened_at    timestamptz NOT NULL,
    opened_by    uuid,
    settled_at   timestamptz,
    settled_by   uuid,
    sealed_at    timestamptz,
    wrapped_key  bytea,
    sealed       bytea,
    CONSTRAINT care_is_asked_for_once_of_a_kind UNIQUE (order_id, kind),
    CONSTRAINT care_is_settled_by_somebody CHECK ((settled_at IS NULL) = (settled_by IS NULL)),
    CONSTRAINT care_is_sealed_under_a_key
        CHECK ((sealed IS NULL) = (wrapped_key IS NULL) AND (sealed IS NULL OR sealed_at IS NOT NULL))
);
CREATE INDEX care_open ON care_need (jurisdiction, opened_at) WHERE settled_at IS NULL;

CREATE TABLE check_in_link (
    id           uuid PRIMARY KEY,
    token_hash   bytea NOT NULL CONSTRAINT link_has_a_token_of_its_own UNIQUE,
    orders       uuid[] NOT NULL CONSTRAINT link_answers_for_somebody CHECK (cardinality(orders) BETWEEN 1 AND 30),
    jurisdiction bigint NOT NULL,
    issued_by    uuid,
    issued_at    timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    revoked_at   timestamptz
);
CREATE INDEX link_of_order ON check_in_link USING gin (orders) WHERE revoked_at IS NULL;

CREATE TABLE check_in_thresholds (
    hash        text PRIMARY KEY,
    content     jsonb NOT NULL,
    proposed_by uuid,
    proposed_at timestamptz NOT NULL,
    approved_by uuid,
    approved_at timestamptz,
    from_at     timestamptz,
    CONSTRAINT thresholds_take_two_officers CHECK (approved_by IS NULL OR approved_by <> proposed_by),
    CONSTRAINT thresholds_hold_from_their_approval CHECK ((from_at IS NULL) = (approved_at IS NULL))
);
CREATE INDEX thresholds_in_force ON check_in_thresholds (from_at) WHERE from_at IS NOT NULL;

CREATE TABLE check_in (
    id           uuid PRIMARY KEY,
    order_id     uuid NOT NULL,
    on_day       date NOT NULL,
    half         text NOT NULL CONSTRAINT check_in_is_of_a_half_day CHECK (half IN ('MORNING', 'EVENING')),
    celsius      numeric(3, 1),
    symptoms     text[] NOT NULL,
    by           text NOT NULL CONSTRAINT check_in_came_in_a_known_way
                 CHECK (by IN ('SELF', 'RESPONDER', 'GRID_DOOR', 'GRID_PHONE', 'DESK', 'PASTED')),
    verdict      text NOT NULL CONSTRAINT check_in_has_a_verdict CHECK (verdict IN ('WELL', 'SYMPTOMATIC', 'NOT_READ')),
    thresholds   text NOT NULL,
    occurred_at  timestamptz NOT NULL,
    received_at  timestamptz NOT NULL,
    jurisdiction bigint NOT NULL,
    link_id      uuid,
    officer_id   uuid,
    roster_id    uuid
);
CREATE INDEX check_in_of ON check_in (order_id, on_day, half) INCLUDE (verdict);
CREATE INDEX check_in_symptomatic ON check_in (received_at) WHERE verdict = 'SYMPTOMATIC';

CREATE TABLE follow_up (
    id            uuid PRIMARY KEY,
    order_id      uuid NOT NULL REFERENCES quarantine_order (id),
    kind          text NOT NULL CONSTRAINT follow_up_is_of_a_known_kind CHECK (kind IN ('CALL', 'VISIT', 'CLINIC')),
    since_day     date NOT NULL,
    since_half    text NOT NULL CONSTRAINT follow_up_is_since_a_half_day CHECK (since_half IN ('MORNING', 'EVENING')),
    jurisdiction  bigint NOT NULL,
    opened_at     timestamptz NOT NULL,
    due_at        timestamptz NOT NULL,
    supervised_at timestamptz,
    closed_at     timestamptz,
    occurred_at   timestamptz,
    outcome       text CONSTRAINT follow_up_has_a_known_outcome CHECK (outcome IN
                  ('WELL', 'UNWELL', 'NO_ANSWER', 'NOT_THERE', 'AT_CLINIC', 'NOT_ILL', 'ADMITTED', 'OVERTAKEN')),
    officer_id    uuid,
    roster_id     uuid,
    sealed_at     timestamptz,
    wrapped_key   bytea,
    sealed        bytea,
    CONSTRAINT follow_up_says_what_came_of_it CHECK ((closed_at IS NULL) = (outcome IS NULL)),
    CONSTRAINT follow_up_is_sealed_under_a_key
        CHECK ((sealed IS NULL) = (wrapped_key IS NULL) AND (sealed IS NULL OR sealed_at IS NOT NULL))
);
-- Nobody is called, visited or brought to a clinic twice at once.
CREATE UNIQUE INDEX follow_up_is_open_once ON follow_up (order_id, kind) WHERE closed_at IS NULL;
CREATE INDEX follow_up_open ON follow_up (jurisdiction, due_at) WHERE closed_at IS NULL;
CREATE INDEX follow_up_of ON follow_up (order_id, opened_at);

-- The newest one that holds at that moment: what every report is judged by.
CREATE FUNCTION lianfang_thresholds(moment timestamptz) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT hash FROM check_in_thresholds WHERE from_at <= moment ORDER BY from_at DESC, hash LIMIT 1
$$;

ALTER TABLE quarantine_order ENABLE ROW LEVEL SECURITY;
ALTER TABLE quarantine_reason ENABLE ROW LEVEL SECURITY;
ALTER TABLE order_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE care_need ENABLE ROW LEVEL SECURITY;
ALTER TABLE check_in_link ENABLE ROW LEVEL SECURITY;
ALTER TABLE check_in ENABLE ROW LEVEL SECURITY;
ALTER TABLE follow_up ENABLE ROW LEVEL SECURITY;

-- Whoever answered for him before goes on seeing him; whoever answers now acts. A grid phone sees and acts on its own grid.
CREATE POLICY within_reach ON quarantine_order FOR SELECT TO lianfang_app
    USING (CASE WHEN jurisdiction <@ (SELECT lianfang_reach()) OR came_from <@ (SELECT lianfang_reach())
                  OR jurisdiction <@ (SELECT lianfang_roster_reach()) THEN true ELSE false END);
CREATE POLICY orders_within_own_reach ON quarantine_order FOR INSERT TO lianfang_app
    WITH CHECK ((SELECT lianfang_is_worker()) OR jurisdiction <@ (SELECT lianfang_writes()));
CREATE POLICY changes_within_own_reach ON quarantine_order FOR UPDATE TO lianfang_app
    USING ((SELECT lianfang_is_worker()) OR jurisdiction <@ (SELECT lianfang_writes())
           OR jurisdiction <@ (SELECT lianfang_roster_reach())) WITH CHECK (true);
CREATE POLICY with_the_order ON quarantine_reason FOR SELECT TO lianfang_app
    USING (order_id IN (SELECT o.id FROM quarantine_order o));
CREATE POLICY with_own_order ON quarantine_reason FOR INSERT TO lianfang_app
    WITH CHECK ((SELECT lianfang_is_worker())
                OR EXISTS (SELECT FROM quarantine_order o WHERE o.id = order_id AND o.jurisdiction <@ (SELECT lianfang_writes())));
CREATE POLICY with_own_order_again ON quarantine_reason FOR UPDATE TO lianfang_app
    USING ((SELECT lianfang_is_worker())
           OR EXISTS (SELECT FROM quarantine_order o WHERE o.id = order_id AND o.jurisdiction <@ (SELECT lianfang_writes())));
CREATE POLICY with_the_order ON order_event FOR SELECT TO lianfang_app USING (order_id IN (SELECT o.id FROM quarantine_order o));
CREATE POLICY within_own_reach ON order_event FOR INSERT TO lianfang_app
    WITH CHECK ((SELECT lianfang_is_worker()) OR jurisdiction <@ (SELECT lianfang_writes())
                OR (roster_id = (SELECT lianfang_roster_phone()) AND jurisdiction <@ (SELECT lianfang_roster_reach())));
CREATE POLICY within_reach ON care_need FOR SELECT TO lianfang_app
    USING (CASE WHEN jurisdiction <@ (SELECT lianfang_reach()) OR jurisdiction <@ (SELECT lianfang_roster_reach())
           THEN true ELSE order_id IN (SELECT o.id FROM quarantine_order o) END);
CREATE POLICY within_own_reach ON care_need FOR INSERT TO lianfang_app
    WITH CHECK ((SELECT lianfang_is_worker()) OR jurisdiction <@ (SELECT lianfang_writes())
                OR jurisdiction <@ (SELECT lianfang_roster_reach()));
CREATE POLICY changes_within_own_reach ON care_need FOR UPDATE TO lianfang_app
    USING ((SELECT lianfang_is_worker()) OR jurisdiction <@ (SELECT lianfang_writes())
           OR jurisdiction <@ (SELECT lianfang_roster_reach())) WITH CHECK (true);
CREATE POLICY within_reach ON check_in_link FOR SELECT TO lianfang_app
    USING (CASE WHEN jurisdiction <@ (SELECT lianfang_reach()) THEN true ELSE false END);
CREATE POLICY within_own_reach ON check_in_link FOR INSERT TO lianfang_app
    WITH CHECK ((SELECT lianfang_is_worker()) OR jurisdiction <@ (SELECT lianfang_writes()));
CREATE POLICY changes_within_own_reach ON check_in_link FOR UPDATE TO lianfang_app
    USING ((SELECT lianfang_is_worker()) OR jurisdiction <@ (SELECT lianfang_writes())
           OR jurisdiction <@ (SELECT lianfang_roster_reach())) WITH CHECK (true);
CREATE POLICY within_reach ON check_in FOR SELECT TO lianfang_app
    USING (CASE WHEN jurisdiction <@ (SELECT lianfang_reach()) OR jurisdiction <@ (SELECT lianfang_roster_reach())
           THEN true ELSE order_id IN (SELECT o.id FROM quarantine_order o) END);
CREATE POLICY within_own_reach ON check_in FOR INSERT TO lianfang_app
    WITH CHECK ((SELECT lianfang_is_worker()) OR jurisdiction <@ (SELECT lianfang_writes())
                OR (roster_id = (SELECT lianfang_roster_phone()) AND jurisdiction <@ (SELECT lianfang_roster_reach())));
CREATE POLICY within_reach ON follow_up FOR SELECT TO lianfang_app
    USING (CASE WHEN jurisdiction <@ (SELECT lianfang_reach()) OR jurisdiction <@ (SELECT lianfang_roster_reach())
           THEN true ELSE order_id IN (SELECT o.id FROM quarantine_order o) END);
CREATE POLICY worker_asks ON follow_up FOR INSERT TO lianfang_app
    WITH CHECK ((SELECT lianfang_is_worker()) OR jurisdiction <@ (SELECT lianfang_writes())
                OR jurisdiction <@ (SELECT lianfang_roster_reach()));
CREATE POLICY changes_within_own_reach ON follow_up FOR UPDATE TO lianfang_app
    USING ((SELECT lianfang_is_worker()) OR jurisdiction <@ (SELECT lianfang_writes())
           OR jurisdiction <@ (SELECT lianfang_roster_reach())) WITH CHECK (true);

GRANT SELECT, INSERT ON quarantine_order, quarantine_reason, order_event, care_need, check_in_link, check_in,
    check_in_thresholds, follow_up TO lianfang_app;
GRANT USAGE ON SEQUENCE quarantine_number TO lianfang_app;
GRANT UPDATE (kind, state, day0_on, last_on, division, jurisdiction, came_from, facility_id, room, dependants, notified_at,
              in_place_at, observed_from, ended_at) ON quarantine_order TO lianfang_app;
GRANT UPDATE (taken_back_at) ON quarantine_reason TO lianfang_app;
GRANT UPDATE (has_carer, jurisdiction, settled_at, settled_by, sealed_at, wrapped_key, sealed) ON care_need TO lianfang_app;
GRANT UPDATE (revoked_at, jurisdiction) ON check_in_link TO lianfang_app;
GRANT UPDATE (approved_by, approved_at, from_at) ON check_in_thresholds TO lianfang_app;
GRANT UPDATE (jurisdiction, supervised_at, closed_at, occurred_at, outcome, officer_id, roster_id, sealed_at, wrapped_key, sealed)
    ON follow_up TO lianfang_app;
GRANT EXECUTE ON FUNCTION lianfang_thresholds(timestamptz) TO lianfang_app;

-- Who observes somebody reads his file, wherever it lies, and whoever handed him over does for as long as the order stands.
CREATE POLICY observed_here ON person FOR SELECT TO lianfang_app USING (
    EXISTS (SELECT FROM quarantine_order o WHERE o.person_id = person.id
            AND (o.jurisdiction <@ (SELECT lianfang_reach()) OR o.came_from <@ (SELECT lianfang_reach())
                 OR o.jurisdiction <@ (SELECT lianfang_roster_reach()))));

-- What was written beside goes with the person's file; that somebody was observed stays, as a figure does.
CREATE POLICY purge_asks ON quarantine_order FOR SELECT TO lianfang_purge USING (true);
CREATE POLICY purge_clears ON order_event TO lianfang_purge USING (true) WITH CHECK (true);
CREATE POLICY purge_clears ON care_need TO lianfang_purge USING (true) WITH CHECK (true);
CREATE POLICY purge_clears ON follow_up TO lianfang_purge USING (true) WITH CHECK (true);
GRANT SELECT (id, person_id, ended_at) ON quarantine_order TO lianfang_purge;
GRANT SELECT (id, order_id, received_at, sealed), UPDATE (wrapped_key, sealed) ON order_event TO lianfang_purge;
GRANT SELECT (id, order_id, sealed_at, sealed), UPDATE (wrapped_key, sealed) ON care_need TO lianfang_purge;
GRANT SELECT (id, order_id, sealed_at, sealed), UPDATE (wrapped_key, sealed) ON follow_up TO lianfang_purge;

-- What orders are made from: referrals of somebody whom a rule puts under observation.
CREATE INDEX referral_quarantined ON referral (sent_at) WHERE measures @> ARRAY['QUARANTINE'];

INSERT INTO check_in_thresholds (hash, content, proposed_at, approved_at, from_at)
VALUES ('1d0532a4737cae94d2f8011bab93612b14108f3526df1cb68f130368e0145552', '{"evening_by":1200,"fever":"37.3","highest":"43.0","inclusive":true,"lowest":"34.0","morning_by":600,"symptoms":["FEVER","COUGH","FATIGUE","BREATHLESSNESS","SORE_THROAT","MUSCLE_ACHE","DIARRHOEA","OTHER"]}', '2020-01-01 00:00+08', '2020-01-01 00:00+08', '2020-01-01 00:00+08');
