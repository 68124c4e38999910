"""Questions about phones: quicker than hands, a wrong clock, another checkpoint's name, silent for too long."""

from datetime import datetime
from typing import Any
from uuid import UUID

from lianfang.kernel.days import SHANGHAI
from lianfang.situation.quality.question import Question, id_of


def _hour_of(key: str) -> dict[str, Any] | None:
    """0190…-….2020-02-13T08: a device, and an hour in Asia/Shanghai."""
    device, _, text = key.rpartition(".")
    try:
        hour = datetime.strptime(text, "%Y-%m-%dT%H").replace(tzinfo=SHANGHAI)
        return {"device": UUID(device), "hour": hour}
    except ValueError:
        return None


# Quicker than hands: `count` vehicles and `further` people in the quickest minute, in `of` minutes of the hour `at`. What
# is typed in from paper or tables has the hours that stand on them. A person is of the minute in which the form was
# opened: the first 48 bits of the id are milliseconds.
_OPENED = "date_trunc('minute', to_timestamp(('x' || left(replace(r.id::text, '-', ''), 12))::bit(48)::bigint / 1000.0))"
_MINUTES = f"""
WITH quick AS MATERIALIZED (
    SELECT device_id, minute, max(vehicles) AS vehicles, max(people) AS people FROM (
        SELECT p.device_id, date_trunc('minute', p.occurred_at) AS minute, count(*) AS vehicles, 0 AS people
        FROM passing p WHERE p.live AND p.device_id IS NOT NULL GROUP BY 1, 2
        UNION ALL
        SELECT r.device_id, {_OPENED}, 0, count(*) FROM people r JOIN passing p ON p.id = r.passage_id
        WHERE p.live AND r.device_id IS NOT NULL GROUP BY 1, 2
    ) m WHERE vehicles > %(vehicles_a_minute)s OR people > %(people_a_minute)s GROUP BY 1, 2
)"""
IMPOSSIBLE_RATE = Question(
    found=f"""{_MINUTES}
SELECT d.id::text || '.' || to_char(q.hour AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24') AS key,
       d.checkpoint_id AS checkpoint, d.name AS about, max(q.vehicles) AS count, count(*) AS of, NULL::bigint AS seconds,
       q.hour AS at, max(q.people)::int AS further
FROM (SELECT *, date_trunc('hour', minute) AS hour FROM quick) q
JOIN device d ON d.id = q.device_id JOIN checkpoint k ON k.code = d.checkpoint_id AND {{k}}
GROUP BY d.id, d.checkpoint_id, d.name, q.hour
""",
    behind=f"""{_MINUTES}
, minutes AS (
    SELECT minute, vehicles FROM quick WHERE device_id = %(device)s AND date_trunc('hour', minute) = %(hour)s
)
SELECT p.id FROM passing p WHERE p.device_id = %(device)s AND (
    date_trunc('minute', p.occurred_at) IN (SELECT minute FROM minutes WHERE vehicles > 0)
    OR p.id IN (SELECT r.passage_id FROM people r WHERE r.device_id = %(device)s AND {_OPENED} IN (SELECT minute FROM minutes))
)
""",
    order="greatest(count::float / %(vehicles_a_minute)s, further::float / %(people_a_minute)s) DESC",
    key=_hour_of,
)

_CORRECTED = "EXISTS (SELECT FROM correction c WHERE c.of = p.id AND c.target = 'PASSAGE' AND c.facts ? '{fact}' AND {{c}})"
# Clocks that are wrong: `count` of `of` passages lie ahead of their own arrival or were flagged CLOCK, by `seconds` in the
# middle (ahead is positive). Those whose time was corrected do not count.
_AHEAD = f"p.live AND (p.clock OR p.occurred_at > p.received_at + %(ahead)s) AND NOT {_CORRECTED.format(fact='captured_on')}"
# Another checkpoint than the phone's own, or none that exists: `count` of `of`; corrected ones do not count.
_ELSEWHERE = f"p.elsewhere AND NOT {_CORRECTED.format(fact='checkpoint')}"
_BY_DEVICE = """
WITH odd AS MATERIALIZED (SELECT p.* FROM passing p WHERE p.device_id IS NOT NULL AND {odd}),
sent AS (SELECT device_id, count(*) AS passages FROM passing GROUP BY device_id)
SELECT o.device_id::text AS key, (array_agg(o.checkpoint ORDER BY o.id DESC))[1] AS checkpoint,
       coalesce(max(d.name), '') AS about, count(*) AS count, max(s.passages) AS of,
       {seconds} AS seconds, max(o.received_at) AS at, NULL::int AS further
FROM odd o JOIN sent s ON s.device_id = o.device_id LEFT JOIN device d ON d.id = o.device_id
GROUP BY o.device_id HAVING count(*) >= %(one)s
"""
_OF_DEVICE = "SELECT p.id FROM passing p WHERE p.device_id = %(id)s AND {odd}"
_SKEW = (
    "(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM o.occurred_at - o.received_at)))::bigint"
)
CLOCK_SKEW = Question(
    found=_BY_DEVICE.replace("{odd}", _AHEAD).replace("{seconds}", _SKEW),
    behind=_OF_DEVICE.replace("{odd}", _AHEAD),
    order="count DESC, abs(seconds) DESC",
    key=id_of,
)
UNKNOWN_CHECKPOINT = Question(
    found=_BY_DEVICE.replace("{odd}", _ELSEWHERE).replace("{seconds}", "NULL::bigint"),
    behind=_OF_DEVICE.replace("{odd}", _ELSEWHERE),
    order="count DESC",
    key=id_of,
)

# Not heard of: `at` is its last record (none: never), which had waited `seconds` on the phone; `further` hours since then,
# or since it was enrolled. Asked about now, whatever the days. Behind it: what it sent on its last day.
UNSENT = Question(
    found="""
SELECT d.id::text AS key, d.checkpoint_id AS checkpoint, d.name AS about, 1::bigint AS count, NULL::bigint AS of,
       extract(epoch FROM s.received_at - s.occurred_at)::bigint AS seconds, s.received_at AS at,
       (extract(epoch FROM %(at)s - coalesce(s.received_at, d.enrolled_at)) / 3600)::int AS further
FROM device d JOIN checkpoint k ON k.code = d.checkpoint_id LEFT JOIN last_sent s ON s.device_id = d.id
WHERE {k} AND k.code = ANY(%(open)s) AND d.revoked_at IS NULL AND d.wipe_asked_at IS NULL AND d.expires_at > %(at)s
  AND CASE WHEN s.received_at IS NULL THEN d.enrolled_at <= %(at)s - %(never_sent_after)s
           ELSE s.received_at <= %(at)s - %(unsent_after)s END
""",
    behind="""
SELECT p.id FROM last_sent s JOIN passage p ON p.device_id = s.device_id AND {p}
 AND p.captured_on BETWEEN (least(s.occurred_at, s.received_at) AT TIME ZONE 'Asia/Shanghai')::date
                       AND (s.received_at AT TIME ZONE 'Asia/Shanghai')::date
WHERE s.device_id = %(id)s AND s.occurred_at > s.received_at - interval '30 days'
""",
    order="further DESC",
    key=id_of,
)
