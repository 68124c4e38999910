-- Orders are made from referrals: what was done about them lately is looked through every few seconds.
CREATE INDEX referral_event_lately ON referral_event (received_at, referral_id);

-- A referral may bring several rows of rules, and bring them again to a later order (handed over, and back): once to each.
DROP INDEX reason_is_given_once_for_a_reference;
CREATE UNIQUE INDEX reason_is_given_once_for_a_reference
    ON quarantine_reason (reference, order_id, coalesce(rule_set, ''), coalesce(rule_row, '')) WHERE reference IS NOT NULL;
