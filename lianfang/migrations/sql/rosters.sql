-- What a grid worker's phone reads: people on their way into its own grid for whom a measure goes on. The app role asks by
-- the hash of a token; without a good one there is no row, and with one there are none but its own grid's.

-- Whose measure goes on are few, so the index takes next to nothing from the intake. Spans are compared as 18 digits.
CREATE INDEX registration_headed_for ON registration (rpad(destination_code, 18, '0') COLLATE "C")
    WHERE measures && ARRAY['QUARANTINE', 'FEVER_CLINIC', 'NOTIFY_GRID'];

CREATE FUNCTION lianfang_roster_grid(roster bytea, at timestamptz) RETURNS TABLE (first text, last text)
LANGUAGE sql STABLE ROWS 1 SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT t.lo::text, t.hi::text FROM roster_token t
    WHERE t.token_hash = roster AND t.revoked_at IS NULL AND t.expires_at > at
$$;

REVOKE ALL ON FUNCTION lianfang_roster_grid(bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianfang_roster_grid(bytea, timestamptz) TO lianfang_app;
