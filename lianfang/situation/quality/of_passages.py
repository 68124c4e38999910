"""The question about passages that may be one and the same."""

from typing import Any

from lianfang.situation.quality.question import DAYS, Question, id_of

CONFLICT = "conflict-"


def _record_of(key: str) -> dict[str, Any] | None:
    """The id of the first of a run, or of a record that others came for."""
    if key.startswith(CONFLICT):
        found = id_of(key.removeprefix(CONFLICT), "conflict")
        return found and {**found, "id": None}
    found = id_of(key)
    return found and {**found, "conflict": None}


# Cars that passed twice: `count` passages of one plate, the same way through one gate, each within minutes of the one
# before, `seconds` from first to last. Those whose plate, way, gate or time was corrected since are left out.
_RUNS = """
WITH following AS (
    SELECT p.id, p.checkpoint, p.direction, p.plate_index, p.occurred_at,
           lag(p.occurred_at) OVER (PARTITION BY p.plate_index, p.checkpoint, p.direction ORDER BY p.occurred_at, p.id) AS before
    FROM passing p WHERE p.plate_index IS NOT NULL
), numbered AS (
    SELECT *, count(*) FILTER (WHERE before IS NULL OR occurred_at - before > %(same_car_within)s)
                  OVER (PARTITION BY plate_index, checkpoint, direction ORDER BY occurred_at, id) AS run
    FROM following
), close AS (
    SELECT *, count(*) OVER (PARTITION BY plate_index, checkpoint, direction, run) AS many FROM numbered
), runs AS MATERIALIZED (
    SELECT (array_agg(n.id ORDER BY n.occurred_at, n.id))[1] AS first, n.checkpoint, array_agg(n.id) AS ids,
           max(n.occurred_at) AS at, extract(epoch FROM max(n.occurred_at) - min(n.occurred_at))::bigint AS seconds
    FROM close n WHERE n.many > 1 AND NOT EXISTS (
        SELECT FROM correction c WHERE c.of = n.id AND c.target = 'PASSAGE'
           AND (c.plate_index IS NOT NULL OR c.facts ?| ARRAY['checkpoint', 'direction', 'captured_on']) AND {c}
    ) GROUP BY n.plate_index, n.checkpoint, n.direction, n.run HAVING count(*) > 1
)"""
# Conflicts wait for the desk: `further` is 1, `count` the other contents that came under one id.
DUPLICATE = Question(
    found=f"""{_RUNS}
SELECT first::text AS key, checkpoint, '' AS about, cardinality(ids)::bigint AS count, NULL::bigint AS of, seconds, at,
       0 AS further
FROM runs
UNION ALL
SELECT '{CONFLICT}' || x.record_id, x.checkpoint, coalesce(max(d.name), ''), count(*), NULL, NULL, max(x.received_at), 1
FROM conflict_item x LEFT JOIN device d ON d.id = x.device_id WHERE x.{DAYS} AND {{x}} GROUP BY x.record_id, x.checkpoint
""",
    behind=f"""{_RUNS}
, records AS (
    SELECT record_id AS id FROM conflict_item x WHERE x.record_id = %(conflict)s::uuid AND {{x}}
    UNION
    SELECT c.of FROM conflict_item x JOIN correction c ON c.id = x.record_id AND {{c}}
    WHERE x.record_id = %(conflict)s::uuid AND {{x}}
)
SELECT unnest(ids) FROM runs WHERE first = %(id)s::uuid
UNION ALL
SELECT id FROM records
UNION ALL
SELECT r.passage_id FROM registration r JOIN records e ON e.id = r.id WHERE {{r}}
""",
    order="further DESC, count DESC, seconds",
    key=_record_of,
)
