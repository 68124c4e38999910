-- The outbox: what a journey asks to be told to somebody, the tries, and the group robots that tell counts to a work group.

CREATE TABLE robot (
    id           uuid PRIMARY KEY,
    division     text NOT NULL,
    jurisdiction bigint NOT NULL,
    name         text NOT NULL,
    webhook      bytea,
    added_by     uuid NOT NULL,
    added_at     timestamptz NOT NULL,
    retired_by   uuid,
    retired_at   timestamptz,
    sends        timestamptz[] NOT NULL DEFAULT '{}',
    quiet_until  timestamptz,
    CONSTRAINT robot_is_retired_by_somebody CHECK ((retired_by IS NULL) = (retired_at IS NULL)),
    CONSTRAINT robot_keeps_its_secret_while_it_serves CHECK ((webhook IS NULL) = (retired_at IS NOT NULL))
);
CREATE INDEX robot_by_place ON robot (jurisdiction);

CREATE TABLE message (
    id           uuid PRIMARY KEY,
    channel      text NOT NULL CONSTRAINT message_goes_a_known_way CHECK (channel IN ('SMS', 'ROBOT', 'CALL_LIST')),
    subject_kind text NOT NULL,
    subject_id   uuid NOT NULL,
    person_id    uuid,
    robot_id     uuid REFERENCES robot (id),
    jurisdiction bigint NOT NULL,
    purpose      text NOT NULL,
    on_day       date NOT NULL,
    half         text,
    until_at     timestamptz,
    part         smallint NOT NULL DEFAULT 1,
    markdown     boolean NOT NULL DEFAULT false,
    plain        text,
    wrapped_key  bytea,
    sealed       bytea,
    written_at   timestamptz NOT NULL,
    state        text NOT NULL CONSTRAINT message_is_in_a_known_state CHECK (state IN ('WAITING', 'SENT', 'FAILED', 'GIVEN_UP', 'OVERTAKEN')),
    attempts     smallint NOT NULL DEFAULT 0,
    next_at      timestamptz,
    claimed_at   timestamptz,
    sent_at      timestamptz,
    given_up_at  timestamptz,
    CONSTRAINT message_is_written_once
        UNIQUE NULLS NOT DISTINCT (channel, subject_kind, subject_id, robot_id, purpose, on_day, half, part),
    CONSTRAINT message_of_a_robot_is_plain CHECK ((channel = 'ROBOT') = (robot_id IS NOT NULL)
        AND (channel = 'ROBOT') = (plain IS NOT NULL)),
    CONSTRAINT message_is_sealed_under_a_key CHECK ((sealed IS NULL) = (wrapped_key IS NULL)
        AND (sealed IS NULL OR channel = 'SMS')),
    CONSTRAINT message_that_may_still_go_says_when CHECK ((state IN ('WAITING', 'FAILED')) = (next_at IS NOT NULL)),
    CONSTRAINT message_says_when_it_went CHECK ((state = 'SENT') = (sent_at IS NOT NULL)),
    CONSTRAINT message_says_when_it_was_given_up CHECK ((state = 'GIVEN_UP') = (given_up_at IS NOT NULL))
);
CREATE INDEX message_due ON message (channel, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX message_due_of_robot ON message (robot_id, next_at) WHERE next_at IS NOT NULL AND robot_id IS NOT NULL;
CREATE INDEX message_by_day ON message (on_day, jurisdiction);
CREATE INDEX message_of_person ON message (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX message_sealed ON message (written_at) WHERE sealed IS NOT NULL;

CREATE TABLE message_attempt (
    id         uuid PRIMARY KEY,
    message_id uuid NOT NULL REFERENCES message (id),
    at         timestamptz NOT NULL,
    ok         boolean NOT NULL,
    code       text NOT NULL,
    detail     text NOT NULL DEFAULT ''
);
CREATE INDEX message_attempt_of ON message_attempt (message_id, at);

ALTER TABLE robot ENABLE ROW LEVEL SECURITY;
ALTER TABLE message ENABLE ROW LEVEL SECURITY;
ALTER TABLE message_attempt ENABLE ROW LEVEL SECURITY;
CREATE POLICY within_reach ON robot FOR SELECT TO lianfang_app
    USING (CASE WHEN jurisdiction <@ (SELECT lianfang_reach()) THEN true ELSE false END);
CREATE POLICY added_within_own_reach ON robot FOR INSERT TO lianfang_app WITH CHECK (jurisdiction <@ (SELECT lianfang_writes()));
CREATE POLICY within_own_reach ON robot FOR UPDATE TO lianfang_app USING (jurisdiction <@ (SELECT lianfang_writes()));
CREATE POLICY worker_counts ON robot FOR UPDATE TO lianfang_app USING ((SELECT lianfang_is_worker()));
CREATE POLICY within_reach ON message FOR SELECT TO lianfang_app
    USING (CASE WHEN jurisdiction <@ (SELECT lianfang_reach()) THEN true ELSE false END);
CREATE POLICY within_own_reach ON message FOR INSERT TO lianfang_app
    WITH CHECK (jurisdiction <@ (SELECT lianfang_writes()) OR (SELECT lianfang_is_worker()));
CREATE POLICY worker_sends ON message FOR UPDATE TO lianfang_app USING ((SELECT lianfang_is_worker()));
CREATE POLICY with_its_message ON message_attempt FOR SELECT TO lianfang_app
    USING (EXISTS (SELECT FROM message m WHERE m.id = message_attempt.message_id));
CREATE POLICY within_own_reach ON message_attempt FOR INSERT TO lianfang_app
    WITH CHECK ((SELECT lianfang_is_worker())
                OR EXISTS (SELECT FROM message m WHERE m.id = message_id AND m.jurisdiction <@ (SELECT lianfang_writes())));
GRANT SELECT, INSERT ON robot, message, message_attempt TO lianfang_app;
GRANT UPDATE (webhook, retired_by, retired_at, sends, quiet_until) ON robot TO lianfang_app;
GRANT UPDATE (state, attempts, next_at, claimed_at, sent_at, given_up_at) ON message TO lianfang_app;

-- A number and what was said to it go; that somebody was reminded stays, as a figure does.
CREATE POLICY purge_clears ON message TO lianfang_purge USING (true) WITH CHECK (true);
GRANT SELECT (id, person_id, written_at, sealed), UPDATE (wrapped_key, sealed) ON message TO lianfang_purge;
