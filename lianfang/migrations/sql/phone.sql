-- Who may do what with the tables of the phone. None of them holds a name or a number that is not sealed.

GRANT SELECT, INSERT, UPDATE ON device_report, clock_in, shift_handover, paper_pad, paper_line, pilot_explanation TO lianfang_app;
GRANT USAGE ON SEQUENCE paper_pad_number_seq TO lianfang_app;
-- A shift's closing is never changed: closed again, the newest counts.
REVOKE UPDATE ON shift_closing FROM lianfang_app;

-- Declarations and rosters: anybody may add one, the clock takes them away, and what is sealed in them is handed only to
-- an enrolled device of their checkpoint, through the two functions below. No page reads it.
GRANT INSERT, DELETE ON roster, declaration TO lianfang_app;
GRANT SELECT (id, code, checkpoint_id, expected, expires_at) ON roster TO lianfang_app;
GRANT SELECT (id, checkpoint_id, short_code, roster_id, seat, people, expires_at) ON declaration TO lianfang_app;
ALTER TABLE roster ENABLE ROW LEVEL SECURITY;
ALTER TABLE declaration ENABLE ROW LEVEL SECURITY;
CREATE POLICY comes_and_goes ON roster TO lianfang_app USING (true) WITH CHECK (true);
CREATE POLICY comes_and_goes ON declaration TO lianfang_app USING (true) WITH CHECK (true);

-- The checkpoint of a device by the hash of its token; NULL when it is unknown, expired, revoked or to be wiped.
CREATE FUNCTION lianfang_post_of(device_token bytea, at timestamptz) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT d.checkpoint_id FROM device d
    WHERE d.token_hash = device_token AND d.expires_at > at AND d.revoked_at IS NULL AND d.wipe_asked_at IS NULL
$$;

-- The declaration with this short code at the device's own checkpoint, or no row.
CREATE FUNCTION lianfang_declaration(device_token bytea, wanted text, at timestamptz)
RETURNS TABLE (id uuid, kind text, people smallint, sealed bytea, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT d.id, d.kind, d.people, d.sealed, d.expires_at FROM declaration d
    WHERE d.checkpoint_id = lianfang_post_of(device_token, at) AND d.short_code = wanted AND d.expires_at > at
$$;

-- A coach's declarations by seat, for a device of the checkpoint it stops at; the driver's own words come with seat NULL.
CREATE FUNCTION lianfang_roster_sheet(device_token bytea, wanted text, at timestamptz)
RETURNS TABLE (id uuid, seat text, people smallint, sealed bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH found AS (
        SELECT r.* FROM roster r
        WHERE r.checkpoint_id = lianfang_post_of(device_token, at) AND r.code = wanted AND r.expires_at > at
    )
    SELECT f.id, NULL::text, f.expected, f.sealed FROM found f
    UNION ALL
    SELECT d.id, d.seat, d.people, d.sealed FROM declaration d JOIN found f ON f.id = d.roster_id WHERE d.expires_at > at
$$;

REVOKE ALL ON FUNCTION lianfang_post_of(bytea, timestamptz), lianfang_declaration(bytea, text, timestamptz),
    lianfang_roster_sheet(bytea, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianfang_post_of(bytea, timestamptz), lianfang_declaration(bytea, text, timestamptz),
    lianfang_roster_sheet(bytea, text, timestamptz) TO lianfang_app;
