-- What was written beside an answer goes with the record or the file of whoever it is about: the purge asks for its day, and
-- finds the few that hold anything.
GRANT SELECT (captured_on) ON referral TO lianfang_purge;
GRANT SELECT (wrapped_key) ON referral_event TO lianfang_purge;
CREATE INDEX referral_event_written ON referral_event (referral_id) WHERE sealed IS NOT NULL;
