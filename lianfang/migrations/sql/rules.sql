-- Rule sets: added and never changed; what is in force and until when. The intake reads them to decide.

ALTER TABLE rule_period ADD CONSTRAINT rule_period_ends_within_30_days
    CHECK (NOT isempty(during) AND upper(during) - lower(during) <= interval '30 days');
GRANT SELECT, INSERT ON rule_set TO lianfang_app;
GRANT SELECT, INSERT, UPDATE ON rule_draft, rule_period TO lianfang_app;
GRANT SELECT ON rule_set, rule_period TO lianfang_intake;

-- What rules may ask besides, and whether the phone had told the traveller something else.
ALTER TABLE registration
    ADD COLUMN resident boolean,
    ADD COLUMN answer_codes jsonb,
    ADD COLUMN shown_otherwise boolean;
CREATE INDEX registration_told_otherwise ON registration (captured_on) WHERE shown_otherwise;
