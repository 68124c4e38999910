-- Turning back is only proposed by rules; a named officer decides, once. Read within reach, added within one's own.

ALTER TABLE turn_back ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON turn_back TO lianfang_app;
CREATE POLICY within_reach ON turn_back FOR SELECT TO lianfang_app
    USING (CASE WHEN jurisdiction <@ (SELECT lianfang_reach()) THEN true ELSE false END);
CREATE POLICY within_own_reach ON turn_back FOR INSERT TO lianfang_app
    WITH CHECK (jurisdiction <@ (SELECT lianfang_writes()));

-- The reason goes with the record of the person it is about.
GRANT SELECT (registration_id, reason, decided_at), UPDATE (reason) ON turn_back TO lianfang_purge;
CREATE POLICY purge_clears ON turn_back TO lianfang_purge USING (true) WITH CHECK (true);

-- The few for whom it was proposed.
CREATE INDEX registration_turn_back_proposed ON registration (captured_on) WHERE measures && '{TURN_BACK_PROPOSED}'::text[];

-- A period without an end would be longer than 30 days and compare with nothing.
ALTER TABLE rule_period ADD CONSTRAINT rule_period_has_two_ends
    CHECK (isfinite(lower(during)) IS TRUE AND isfinite(upper(during)) IS TRUE);
