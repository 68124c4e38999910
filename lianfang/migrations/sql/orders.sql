-- Orders are made from referrals: what was done about them lately is looked through every few seconds.
CREATE INDEX referral_event_lately ON referral_event (received_at, referral_id);
-- And what a clinic answered lately: until then an order does not follow its person out of the city.
CREATE INDEX follow_up_clinic_answered ON follow_up (closed_at) WHERE kind = 'CLINIC' AND closed_at IS NOT NULL;

-- A referral may bring several rows of rules, and bring them again to a later order (handed over, and back): once to each.
DROP INDEX reason_is_given_once_for_a_reference;
CREATE UNIQUE INDEX reason_is_given_once_for_a_reference
    ON quarantine_reason (reference, order_id, coalesce(rule_set, ''), coalesce(rule_row, '')) WHERE reference IS NOT NULL;

-- The worker asks about every order; whoever else asks about one is answered through its key, not through a list of all orders.
DROP POLICY with_the_order ON quarantine_reason;
CREATE POLICY with_the_order ON quarantine_reason FOR SELECT TO lianfang_app
    USING (CASE WHEN (SELECT lianfang_is_worker()) THEN true
           ELSE EXISTS (SELECT FROM quarantine_order o WHERE o.id = quarantine_reason.order_id) END);
DROP POLICY with_the_order ON order_event;
CREATE POLICY with_the_order ON order_event FOR SELECT TO lianfang_app
    USING (CASE WHEN (SELECT lianfang_is_worker()) THEN true
           ELSE EXISTS (SELECT FROM quarantine_order o WHERE o.id = order_event.order_id) END);
