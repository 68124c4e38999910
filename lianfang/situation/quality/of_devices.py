"""Questions about phones: quicker than hands, a wrong clock, another checkpoint's name, silent for too long."""

from datetime import datetime
from typing import Any
from uuid import UUID

from lianfang.kernel.days import SHANGHAI
from lianfang.situation.quality.question import DAYS, Question, id_of

# Paper and tables are typed in later, with the hours that stand on them.
_LIVE = "p.source NOT IN ('PAPER', 'IMPORT')"
_CORRECTED = "EXISTS (SELECT FROM correction c WHERE c.of = p.id AND c.target = 'PASSAGE' AND c.facts ? '{fact}' AND {{c}})"

# The minute in which a person's form was opened: the first 48 bits of the id are milliseconds.
_OPENED = "date_trunc('minute', to_timestamp(('x' || left(replace(r.id::text, '-', ''), 12))::bit(48)::bigint / 1000.0))"
_MINUTES = f"""
WITH quick AS MATERIALIZED (
    SELECT device_id, minute, max(vehicles) AS vehicles, max(people) AS people FROM (
        SELECT p.device_id, date_trunc('minute', p.occurred_at) AS minute, count(*) AS vehicles, 0 AS people
        FROM passage p WHERE p.{DAYS} AND {{p}} AND {_LIVE} AND p.device_id IS NOT NULL GROUP BY 1, 2
        UNION ALL
        SELECT r.device_id, {_OPENED}, 0, count(*) FROM registration r JOIN passage p ON p.id = r.passage_id AND {_LIVE}
        WHERE r.{DAYS} AND {{r}} AND p.{DAYS} AND {{p}} AND r.device_id IS NOT NULL GROUP BY 1, 2
    ) m WHERE vehicles > %(vehicles_a_minute)s OR people > %(people_a_minute)s GROUP BY 1, 2
)"""
# Quicker than hands: `count` vehicles and `further` people in the quickest minute, in `of` minutes of the hour `at`.
IMPOSSIBLE_RATE = Question(
    found=f"""{_MINUTES}
SELECT d.id::text || '.' || to_char(date_trunc('hour', q.minute) AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24') AS key,
       d.checkpoint_id AS checkpoint, d.name AS about, max(q.vehicles) AS count, count(*) AS of, NULL::int AS seconds,
       date_trunc('hour', q.minute) AS at, max(q.people)::int AS further
FROM quick q JOIN device d ON d.id = q.device_id JOIN checkpoint k ON k.code = d.checkpoint_id AND {{k}}
GROUP BY d.id, d.checkpoint_id, d.name, date_trunc('hour', q.minute)
""",
    behind=f"""{_MINUTES}
, minutes AS (
    SELECT minute, vehicles FROM quick WHERE device_id = %(device)s AND date_trunc('hour', minute) = %(hour)s
)
SELECT p.* FROM passage p
WHERE p.{DAYS} AND {{p}} AND p.device_id = %(device)s AND (
    date_trunc('minute', p.occurred_at) IN (SELECT minute FROM minutes WHERE vehicles > 0)
    OR p.id IN (
        SELECT r.passage_id FROM registration r
        WHERE r.{DAYS} AND {{r}} AND r.device_id = %(device)s AND {_OPENED} IN (SELECT minute FROM minutes)
    )
)
""",
    order="greatest(count::float / %(vehicles_a_minute)s, further::float / %(people_a_minute)s) DESC",
    key=lambda key: _hour_of(key),
)


def _hour_of(key: str) -> dict[str, Any] | None:
    """0190…-….2020-02-13T08: a device, and an hour in Asia/Shanghai."""
    device, _, hour = key.rpartition(".")
    try:
        return {
            "device": UUID(device),
            "hour": datetime.strptime(hour, "%Y-%m-%dT%H").replace(tzinfo=SHANGHAI),
        }
    except ValueError:
        return None


# Clocks that are wrong: `count` of `of` passages lie ahead of their own arrival or were flagged CLOCK, by `seconds` in the
# middle (ahead is positive). Those whose time was corrected do not count.
_AHEAD = f"(p.receipt LIKE %(clock)s OR p.occurred_at > p.received_at + %(ahead)s) AND {_LIVE} AND NOT {_CORRECTED.format(fact='captured_on')}"
# Another checkpoint than the phone's own, or none that exists: `count` of `of`; corrected ones do not count.
_ELSEWHERE = (
    f"(p.receipt LIKE %(unknown)s OR p.receipt LIKE %(other)s) AND NOT {_CORRECTED.format(fact='checkpoint')}"
)
_BY_DEVICE = f"""
WITH odd AS MATERIALIZED (SELECT p.* FROM passage p WHERE p.{DAYS} AND {{p}} AND p.device_id IS NOT NULL AND {{odd}}),
sent AS (SELECT p.device_id, count(*) AS passages FROM passage p WHERE p.{DAYS} AND {{p}} GROUP BY p.device_id)
SELECT o.device_id::text AS key, (array_agg(o.checkpoint ORDER BY o.id DESC))[1] AS checkpoint,
       coalesce(max(d.name), '') AS about, count(*) AS count, max(s.passages) AS of,
       {{seconds}} AS seconds, max(o.received_at) AS at, NULL::int AS further
FROM odd o JOIN sent s ON s.device_id = o.device_id LEFT JOIN device d ON d.id = o.device_id
GROUP BY o.device_id HAVING count(*) >= %(one)s
"""
_OF_DEVICE = f"SELECT p.* FROM passage p WHERE p.{DAYS} AND {{p}} AND p.device_id = %(id)s AND {{odd}}"
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
    found=_BY_DEVICE.replace("{odd}", _ELSEWHERE).replace("{seconds}", "NULL::int"),
    behind=_OF_DEVICE.replace("{odd}", _ELSEWHERE),
    order="count DESC",
    key=id_of,
)

# Not heard of: `at` is its last record (none: never), which had waited `seconds` on the phone; `further` hours since then,
# or since it was enrolled. Asked about now, whatever the days. Behind it: what it sent on its last day.
UNSENT = Question(
    found="""
SELECT d.id::text AS key, d.checkpoint_id AS checkpoint, d.name AS about, 1 AS count, NULL::bigint AS of,
       extract(epoch FROM s.received_at - s.occurred_at)::bigint AS seconds, s.received_at AS at,
       (extract(epoch FROM %(at)s - coalesce(s.received_at, d.enrolled_at)) / 3600)::int AS further
FROM device d JOIN checkpoint k ON k.code = d.checkpoint_id LEFT JOIN last_sent s ON s.device_id = d.id
WHERE {k} AND k.code = ANY(%(open)s) AND d.revoked_at IS NULL AND d.expires_at > %(at)s
  AND CASE WHEN s.received_at IS NULL THEN d.enrolled_at <= %(at)s - %(never_sent_after)s
           ELSE s.received_at <= %(at)s - %(unsent_after)s END
""",
    behind="""
SELECT p.* FROM last_sent s JOIN passage p ON p.device_id = s.device_id AND {p}
 AND p.captured_on BETWEEN (least(s.occurred_at, s.received_at) AT TIME ZONE 'Asia/Shanghai')::date
                       AND (s.received_at AT TIME ZONE 'Asia/Shanghai')::date
WHERE s.device_id = %(id)s AND s.occurred_at > s.received_at - interval '30 days'
""",
    order="further DESC",
    key=id_of,
)
