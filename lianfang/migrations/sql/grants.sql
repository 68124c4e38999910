-- Who may do what. Everything not named here is refused: nothing is granted on partitions, nothing lets a record change.

GRANT SELECT, INSERT, UPDATE ON officer, posting, set_up_link, checkpoint, device, enrolment TO lianfang_app;
GRANT SELECT, INSERT, UPDATE ON region, region_alias TO lianfang_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON cell, fold, fold_position, last_record TO lianfang_app;
GRANT SELECT ON django_migrations TO lianfang_app;  -- a server that is older or newer than its database says so
GRANT SELECT ON passage, registration, conflict_item TO lianfang_app;
GRANT SELECT, INSERT ON correction TO lianfang_app;
GRANT EXECUTE ON FUNCTION lianfang_reach(), lianfang_session_hash(text), lianfang_open_session(uuid, text, interval, interval),
    lianfang_session(text), lianfang_close_session(text), lianfang_add_partitions(int, int) TO lianfang_app;

-- The intake: insert, and read what a retry's answer needs. No blob, no index.
GRANT INSERT ON passage, registration, correction, conflict_item TO lianfang_intake;
GRANT SELECT (id, digest, receipt, received_at, captured_on) ON passage, correction TO lianfang_intake;
GRANT SELECT (id, digest, receipt, received_at, captured_on, rule_set) ON registration TO lianfang_intake;
GRANT SELECT (record_id, digest) ON conflict_item TO lianfang_intake;
GRANT SELECT ON checkpoint, device TO lianfang_intake;

-- The purge: find by day, clear the private columns, nothing else.
GRANT SELECT (id, captured_on) ON passage, registration, correction, conflict_item TO lianfang_purge;
GRANT UPDATE (digest, sealed, plate_index) ON passage TO lianfang_purge;
GRANT UPDATE (digest, sealed, document_index, phone_index) ON registration TO lianfang_purge;
GRANT UPDATE (digest, sealed, plate_index, document_index, phone_index) ON correction TO lianfang_purge;
GRANT UPDATE (sealed) ON conflict_item TO lianfang_purge;
