"""Questions about what was typed and told: documents, telephones, fields left empty, measures the phone told otherwise."""

from lianfang.situation.quality.question import OFFICER, Question, id_of, officer_of

# Whose documents do not check. `count` of `of` registrations with a document have a flag about it; one that was corrected
# counts by what the correction says. The number of an officer is compared at his checkpoint only.
_DOCUMENTS = """
WITH typed AS MATERIALIZED (
    SELECT id, passage_id, odd FROM people WHERE document_index IS NOT NULL OR odd
), mended AS (
    SELECT t.id FROM typed t CROSS JOIN LATERAL (
        SELECT c.receipt FROM correction c
        WHERE c.of = t.id AND c.target = 'REGISTRATION' AND c.facts ? 'document_type' AND {c}
        ORDER BY c.occurred_at DESC, c.id DESC LIMIT 1
    ) c WHERE t.odd AND c.receipt NOT LIKE %(document)s
), standing AS (
    SELECT t.passage_id, t.odd AND m.id IS NULL AS odd FROM typed t LEFT JOIN mended m ON m.id = t.id
)"""
BAD_CHECKSUM = Question(
    found=f"""{_DOCUMENTS}
SELECT p.checkpoint || '.' || {OFFICER} AS key, p.checkpoint, p.officer AS about,
       count(*) FILTER (WHERE s.odd) AS count, count(*) AS of, NULL::bigint AS seconds, NULL::timestamptz AS at,
       NULL::int AS further
FROM standing s JOIN passing p ON p.id = s.passage_id GROUP BY p.checkpoint, p.officer
HAVING count(*) >= %(documents_at_least)s AND count(*) FILTER (WHERE s.odd) * 100 >= count(*) * %(bad_percent)s
""",
    behind=f"""{_DOCUMENTS}
SELECT p.id FROM passing p WHERE p.checkpoint = %(checkpoint)s AND {OFFICER} = %(officer)s
  AND p.id IN (SELECT passage_id FROM standing WHERE odd)
""",
    order="count::float / of DESC, count DESC",
    key=officer_of,
)

# One telephone on many documents: `count` different ones, in `of` registrations, at `further` checkpoints. Its key is the
# first registration of it; neither the number nor its index is told. A corrected number does not count any more.
_HELD = """
SELECT r.* FROM people r
WHERE r.document_index IS NOT NULL AND r.phone_index IN ({phones}) AND NOT EXISTS (
    SELECT FROM correction c
    WHERE c.of = r.id AND c.target = 'REGISTRATION' AND c.phone_index IS NOT NULL AND {c}
)"""
_SHARED = """
SELECT phone_index FROM people WHERE document_index IS NOT NULL AND phone_index IS NOT NULL
GROUP BY phone_index HAVING count(DISTINCT document_index) >= %(documents_of_a_phone)s"""
_THIS_ONE = "SELECT r.phone_index FROM registration r WHERE r.id = %(id)s AND {r}"
SHARED_PHONE = Question(
    found=f"""
SELECT (array_agg(h.id ORDER BY h.id))[1]::text AS key, (array_agg(h.checkpoint ORDER BY h.id))[1] AS checkpoint,
       '' AS about, count(DISTINCT h.document_index) AS count, count(*) AS of, NULL::bigint AS seconds,
       max(h.occurred_at) AS at, count(DISTINCT h.checkpoint)::int AS further
FROM ({_HELD.replace("{phones}", _SHARED)}) h
GROUP BY h.phone_index HAVING count(DISTINCT h.document_index) >= %(documents_of_a_phone)s
""",
    behind=f"SELECT h.passage_id FROM ({_HELD.replace('{phones}', _THIS_ONE)}) h",
    order="count DESC, of DESC",
    key=id_of,
)

# What is still to be completed: `count` of `of` passages have an incomplete record that nobody has corrected since.
_WAITING = """
WITH incomplete AS MATERIALIZED (
    SELECT DISTINCT w.passage_id FROM (
        SELECT id AS passage_id, id AS record FROM passing WHERE incomplete
        UNION ALL
        SELECT passage_id, id FROM people WHERE incomplete
    ) w WHERE NOT EXISTS (SELECT FROM correction c WHERE c.of = w.record AND {c})
)"""
INCOMPLETE = Question(
    found=f"""{_WAITING}
SELECT p.checkpoint || '.' || {OFFICER} AS key, p.checkpoint, p.officer AS about,
       count(i.passage_id) AS count, count(*) AS of, NULL::bigint AS seconds, NULL::timestamptz AS at,
       NULL::int AS further
FROM passing p LEFT JOIN incomplete i ON i.passage_id = p.id
GROUP BY p.checkpoint, p.officer HAVING count(i.passage_id) >= %(one)s
""",
    behind=f"""{_WAITING}
SELECT p.id FROM passing p JOIN incomplete i ON i.passage_id = p.id
WHERE p.checkpoint = %(checkpoint)s AND {OFFICER} = %(officer)s
""",
    order="count DESC",
    key=officer_of,
)

# What the phone told the traveller is not what was decided here: `count` people of one phone, of whom `further` are
# quarantined or sent to the fever clinic by the server, `at` the last. Few are, so an index of theirs is read.
_OTHERWISE = "r.captured_on BETWEEN %(first)s AND %(last)s AND r.shown_otherwise AND {r}"
TOLD_OTHERWISE = Question(
    found=f"""
SELECT r.device_id::text AS key, (array_agg(r.checkpoint ORDER BY r.id DESC))[1] AS checkpoint, coalesce(max(d.name), '') AS about,
       count(*) AS count, NULL::bigint AS of, NULL::bigint AS seconds, max(r.occurred_at) AS at,
       (count(*) FILTER (WHERE r.measures && '{{{{FEVER_CLINIC,QUARANTINE}}}}'))::int AS further
FROM registration r LEFT JOIN device d ON d.id = r.device_id WHERE r.device_id IS NOT NULL AND {_OTHERWISE}
GROUP BY r.device_id
""",
    behind=f"SELECT r.passage_id FROM registration r WHERE r.device_id = %(id)s AND {_OTHERWISE}",
    order="further DESC, count DESC",
    key=id_of,
)
