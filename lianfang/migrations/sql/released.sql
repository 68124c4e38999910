-- Of a city, how many were released from observation, ever and since a midnight: two figures, for a display that sees no order.
CREATE INDEX order_released ON quarantine_order (jurisdiction) INCLUDE (ended_at) WHERE state = 'RELEASED';
CREATE FUNCTION lianfang_released(lo bigint, hi bigint, midnight timestamptz, moment timestamptz)
RETURNS TABLE (ever bigint, today bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT count(*), count(*) FILTER (WHERE ended_at >= midnight AND ended_at <= moment)
    FROM quarantine_order WHERE state = 'RELEASED' AND jurisdiction BETWEEN lo AND hi
$$;
REVOKE ALL ON FUNCTION lianfang_released(bigint, bigint, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianfang_released(bigint, bigint, timestamptz, timestamptz) TO lianfang_app;
