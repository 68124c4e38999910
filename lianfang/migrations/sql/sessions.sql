-- Reach follows the postings in force at this moment, not those of the moment of signing in: a posting that ends, ends
-- what its officer sees. Broken glass adds to what is read, never to what is written.

ALTER TABLE officer_session DROP COLUMN reach;
ALTER TABLE officer_session ADD COLUMN place text NOT NULL DEFAULT '';
ALTER TABLE officer_session ADD COLUMN agent text NOT NULL DEFAULT '';

-- The officer of the session named in the setting; NULL without a setting, for a made-up one, a closed or expired
-- session, or one that was idle for too long.
CREATE FUNCTION lianfang_officer(kinds text[]) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT s.officer_id FROM officer_session s JOIN officer o ON o.id = s.officer_id
    WHERE s.id_hash = lianfang_session_hash(current_setting('lianfang.session', true)) AND s.kind = ANY (kinds)
      AND s.closed_at IS NULL AND s.expires_at > now() AND s.seen_at + s.idle_for > now() AND o.left_at IS NULL
$$;

CREATE FUNCTION lianfang_posted(officer uuid) RETURNS int8multirange
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT coalesce(range_agg(int8range(p.lo, p.hi, '[]')), '{}') FROM posting p
    WHERE p.officer_id = officer AND p.from_at <= now() AND (p.until_at IS NULL OR p.until_at > now())
$$;

-- Only while the officer is posted anywhere: whose last posting ends sees nothing through glass either.
CREATE FUNCTION lianfang_through_glass(officer uuid) RETURNS int8multirange
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT coalesce(range_agg(int8range(g.lo, g.hi, '[]')), '{}') FROM glass g
    WHERE g.officer_id = officer AND g.broken_at <= now() AND g.ends_at > now() AND g.closed_at IS NULL
      AND NOT isempty(lianfang_posted(officer))
$$;

-- What the session may read. Glass is broken by somebody who sits at a desk: a token for scripts sees nothing of it.
CREATE OR REPLACE FUNCTION lianfang_reach() RETURNS int8multirange
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT coalesce(lianfang_posted(o) + lianfang_through_glass(lianfang_officer(ARRAY['DESK'])), '{}')
    FROM lianfang_officer(ARRAY['DESK', 'TOKEN', 'WORK']) o
$$;

-- Where the session may write: its own postings, and never with a read-only token.
CREATE FUNCTION lianfang_writes() RETURNS int8multirange
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT coalesce(lianfang_posted(o), '{}') FROM lianfang_officer(ARRAY['DESK']) o
$$;

DROP POLICY within_reach ON correction;
CREATE POLICY within_reach ON correction FOR SELECT TO lianfang_app
    USING (CASE WHEN jurisdiction <@ (SELECT lianfang_reach()) THEN true ELSE false END);
CREATE POLICY within_own_reach ON correction FOR INSERT TO lianfang_app
    WITH CHECK (jurisdiction <@ (SELECT lianfang_writes()));

DROP FUNCTION lianfang_open_session(uuid, text, interval, interval);
-- Opens a session and answers its random id (shown only here).
CREATE FUNCTION lianfang_open_session(officer uuid, session_kind text, lasts interval, idle interval,
                                      from_place text DEFAULT '', with_agent text DEFAULT '') RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    session text := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
BEGIN
    INSERT INTO officer_session (id_hash, officer_id, kind, opened_at, seen_at, idle_for, expires_at, place, agent)
    VALUES (lianfang_session_hash(session), officer, session_kind, now(), now(), idle, now() + lasts, from_place, with_agent);
    RETURN session;
END $$;

DROP FUNCTION lianfang_session(text);
-- Who stands behind a session id; no row when it is unknown, closed, expired or idle for too long. Notes that it was
-- seen, at most once a minute. `los` and `his`: the spans of the postings; `glass_los`, `glass_his`: of broken glass.
CREATE FUNCTION lianfang_session(session text)
RETURNS TABLE (officer_id uuid, officer_name text, kind text, expires_at timestamptz, roles text[], los bigint[], his bigint[],
               glass_los bigint[], glass_his bigint[])
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    who officer_session;
    own int8multirange;
    glass int8multirange;
BEGIN
    SELECT s.* INTO who FROM officer_session s JOIN officer o ON o.id = s.officer_id
    WHERE s.id_hash = lianfang_session_hash(session) AND s.closed_at IS NULL AND s.expires_at > now()
      AND s.seen_at + s.idle_for > now() AND o.left_at IS NULL;
    IF NOT FOUND THEN RETURN; END IF;
    IF who.seen_at < now() - interval '1 minute' THEN
        UPDATE officer_session s SET seen_at = now() WHERE s.id_hash = who.id_hash;
    END IF;
    own := lianfang_posted(who.officer_id);
    glass := CASE WHEN who.kind = 'DESK' THEN lianfang_through_glass(who.officer_id) ELSE '{}' END;
    RETURN QUERY
        SELECT o.id, o.name, who.kind, who.expires_at,
               coalesce((SELECT array_agg(DISTINCT p.role) FROM posting p
                         WHERE p.officer_id = o.id AND p.from_at <= now() AND (p.until_at IS NULL OR p.until_at > now())), '{}'),
               coalesce((SELECT array_agg(lower(r)) FROM unnest(own) r), '{}'),
               coalesce((SELECT array_agg(upper(r) - 1) FROM unnest(own) r), '{}'),
               coalesce((SELECT array_agg(lower(r)) FROM unnest(glass) r), '{}'),
               coalesce((SELECT array_agg(upper(r) - 1) FROM unnest(glass) r), '{}')
        FROM officer o WHERE o.id = who.officer_id;
END $$;

-- The open sessions of the officer whose session is shown, and the one that is shown: when, from where, with what.
CREATE FUNCTION lianfang_sessions(session text)
RETURNS TABLE (ref text, kind text, opened_at timestamptz, seen_at timestamptz, expires_at timestamptz, place text, agent text,
               this boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT left(encode(s.id_hash, 'hex'), 16), s.kind, s.opened_at, s.seen_at, s.expires_at, s.place, s.agent,
           s.id_hash = me.id_hash
    FROM officer_session me JOIN officer_session s ON s.officer_id = me.officer_id
    WHERE me.id_hash = lianfang_session_hash(session) AND me.closed_at IS NULL AND me.expires_at > now()
      AND s.closed_at IS NULL AND s.expires_at > now() AND s.seen_at + s.idle_for > now()
    ORDER BY s.opened_at DESC
$$;

-- Closes sessions of an officer: the one named by the first digits of its hash, or all but `kept` (a session's id).
CREATE FUNCTION lianfang_close_sessions(officer uuid, wanted text DEFAULT NULL, kept text DEFAULT NULL) RETURNS int
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    closed int;
BEGIN
    UPDATE officer_session s SET closed_at = now()
    WHERE s.officer_id = officer AND s.closed_at IS NULL
      AND (wanted IS NULL OR left(encode(s.id_hash, 'hex'), 16) = wanted)
      AND (kept IS NULL OR s.id_hash <> lianfang_session_hash(kept));
    GET DIAGNOSTICS closed = ROW_COUNT;
    RETURN closed;
END $$;

-- Why a session that was shown is nobody's any more: IDLE, EXPIRED, CLOSED; NULL when it is open or was never one.
CREATE FUNCTION lianfang_session_end(session text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT CASE WHEN s.closed_at IS NOT NULL OR o.left_at IS NOT NULL THEN 'CLOSED' WHEN s.expires_at <= now() THEN 'EXPIRED'
                WHEN s.seen_at + s.idle_for <= now() THEN 'IDLE' END
    FROM officer_session s JOIN officer o ON o.id = s.officer_id WHERE s.id_hash = lianfang_session_hash(session)
$$;

-- When and from where an officer signed in last; no row at the first time.
CREATE FUNCTION lianfang_last_sign_in(officer uuid) RETURNS TABLE (opened_at timestamptz, place text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT s.opened_at, s.place FROM officer_session s
    WHERE s.officer_id = officer AND s.kind = 'DESK' AND s.place <> '' ORDER BY s.opened_at DESC LIMIT 1
$$;

REVOKE ALL ON FUNCTION lianfang_officer(text[]), lianfang_posted(uuid), lianfang_through_glass(uuid), lianfang_writes(),
    lianfang_open_session(uuid, text, interval, interval, text, text), lianfang_session(text), lianfang_sessions(text),
    lianfang_close_sessions(uuid, text, text), lianfang_session_end(text), lianfang_last_sign_in(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianfang_writes(), lianfang_open_session(uuid, text, interval, interval, text, text),
    lianfang_session(text), lianfang_sessions(text), lianfang_close_sessions(uuid, text, text),
    lianfang_session_end(text), lianfang_last_sign_in(uuid) TO lianfang_app;

GRANT SELECT, INSERT, UPDATE ON activation_link, recovery_code, glass, officer_notice, roster_token TO lianfang_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_failures TO lianfang_app;
GRANT DELETE ON recovery_code TO lianfang_app;
