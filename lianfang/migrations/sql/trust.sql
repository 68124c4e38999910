-- Trust's shape. The app role never touches officer_session: it opens, reads and closes sessions through functions, and
-- row-level security asks lianfang_reach() once a statement (policies call it as an uncorrelated sub-select).

CREATE TABLE officer_session (
    id_hash     bytea PRIMARY KEY,
    officer_id  uuid NOT NULL REFERENCES officer (id),
    kind        text NOT NULL CONSTRAINT session_kind_is_known CHECK (kind IN ('DESK', 'TOKEN', 'WORK')),
    reach       int8multirange NOT NULL,
    opened_at   timestamptz NOT NULL,
    seen_at     timestamptz NOT NULL,
    idle_for    interval NOT NULL,
    expires_at  timestamptz NOT NULL,
    closed_at   timestamptz
);
CREATE INDEX officer_session_by_officer ON officer_session (officer_id, opened_at);

CREATE FUNCTION lianfang_session_hash(session text) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT sha256(convert_to(session, 'UTF8')) $$;

-- What the session named in the setting may see. No setting, a made-up one, a closed or expired session: nothing.
CREATE FUNCTION lianfang_reach() RETURNS int8multirange
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT coalesce((
        SELECT s.reach FROM officer_session s
        WHERE s.id_hash = lianfang_session_hash(current_setting('lianfang.session', true))
          AND s.closed_at IS NULL AND s.expires_at > now()
    ), '{}'::int8multirange)
$$;

-- Opens a session over the spans of the officer's postings in force, and answers its random id (shown only here).
CREATE FUNCTION lianfang_open_session(officer uuid, session_kind text, lasts interval, idle interval) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    session text := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
    seen int8multirange;
BEGIN
    SELECT coalesce(range_agg(int8range(p.lo, p.hi, '[]')), '{}'::int8multirange) INTO seen
    FROM posting p JOIN officer o ON o.id = p.officer_id
    WHERE p.officer_id = officer AND o.left_at IS NULL AND p.from_at <= now()
      AND (p.until_at IS NULL OR p.until_at > now());
    INSERT INTO officer_session (id_hash, officer_id, kind, reach, opened_at, seen_at, idle_for, expires_at)
    VALUES (lianfang_session_hash(session), officer, session_kind, seen, now(), now(), idle, now() + lasts);
    RETURN session;
END $$;

-- Who stands behind a session id; no row when it is unknown, closed, expired or idle for too long. Notes that it was
-- seen, at most once a minute.
CREATE FUNCTION lianfang_session(session text)
RETURNS TABLE (officer_id uuid, officer_name text, kind text, expires_at timestamptz, roles text[], los bigint[], his bigint[])
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    who officer_session;
BEGIN
    SELECT s.* INTO who FROM officer_session s JOIN officer o ON o.id = s.officer_id
    WHERE s.id_hash = lianfang_session_hash(session) AND s.closed_at IS NULL AND s.expires_at > now()
      AND s.seen_at + s.idle_for > now() AND o.left_at IS NULL;
    IF NOT FOUND THEN RETURN; END IF;
    IF who.seen_at < now() - interval '1 minute' THEN
        UPDATE officer_session s SET seen_at = now() WHERE s.id_hash = who.id_hash;
    END IF;
    RETURN QUERY
        SELECT o.id, o.name, who.kind, who.expires_at,
               coalesce(array_agg(DISTINCT p.role) FILTER (WHERE p.role IS NOT NULL), '{}'),
               coalesce((SELECT array_agg(lower(r)) FROM unnest(who.reach) r), '{}'),
               coalesce((SELECT array_agg(upper(r) - 1) FROM unnest(who.reach) r), '{}')
        FROM officer o LEFT JOIN posting p
          ON p.officer_id = o.id AND p.from_at <= now() AND (p.until_at IS NULL OR p.until_at > now())
        WHERE o.id = who.officer_id GROUP BY o.id, o.name;
END $$;

CREATE FUNCTION lianfang_close_session(session text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    UPDATE officer_session SET closed_at = now()
    WHERE id_hash = lianfang_session_hash(session) AND closed_at IS NULL
$$;

REVOKE ALL ON FUNCTION lianfang_reach(), lianfang_session_hash(text), lianfang_open_session(uuid, text, interval, interval),
    lianfang_session(text), lianfang_close_session(text) FROM PUBLIC;
