"""The SQL of a slice: the next so many people in the order in which their facts came, decided by the database's engine."""

# As what lies between the slice and the engine costs more than the engine where it is spilled to disk.
ROOM = "SELECT set_config('work_mem', '64MB', true)"

_FACTS = """f.captured_on, f.direction, f.transport, f.purpose, f.from_code, f.destination_code, f.document_type, f.age,
        f.stays, f.celsius_tenths, f.temperature_state, f.symptoms, f.case_contact, f.resident, f.answer_codes"""
# Whoever left, or was turned back at the barrier, is not here: nobody is there to be told.
_IS_HERE = """f.direction = 'IN' AND NOT EXISTS (
        SELECT FROM turn_back b WHERE b.registration_id = f.registration_id AND b.verdict = 'TURNED_BACK')"""
# Whoever was written has the rule set in his facts, which lie on another page since. Looked up one by one: as NOT EXISTS each
# slice would read all that were written before it.
NOT_YET = """AND (f.rule_set <> %(rule_set)s OR (
        SELECT true FROM rescreened d WHERE d.rescreening_id = %(id)s AND d.registration_id = f.registration_id
    ) IS NULL)"""

DECIDED = f"""
WITH looked AS (
    SELECT {{distinct}} f.tx, f.registration_id, f.jurisdiction, f.measures, f.anew, {_FACTS}
    FROM screening_fact f
    WHERE ({{who}}) AND f.captured_on BETWEEN %(since)s AND %(until)s AND {_IS_HERE} AND {{after}} {{not_yet}} {{order}}
), decided AS {{materialized}} (
    SELECT f.tx, f.registration_id, f.captured_on, f.jurisdiction, f.destination_code, f.measures,
           CASE WHEN f.tx < %(known_tx)s THEN 'KNOWN' WHEN f.anew THEN 'CORRECTED' ELSE 'NEW' END AS came,
           {{engine}} AS rows
    FROM looked f
)"""
# Facts keep what stands now, so that the next re-screening compares with it.
WRITTEN = """, change AS (
    SELECT before::text[], rows::text[], kinds::text[], details::jsonb, stands::text[]
    FROM unnest(%(befores)s::text[], %(rows)s::text[], %(kinds)s::text[], %(details)s::text[], %(stands)s::text[])
        c (before, rows, kinds, details, stands)
), written AS (
    INSERT INTO rescreened (rescreening_id, registration_id, captured_on, jurisdiction, destination_code, rule_set, rule_rows,
        measures, details, before, stands, at)
    SELECT %(id)s, d.registration_id, d.captured_on, d.jurisdiction, d.destination_code, %(rule_set)s, d.rows,
           c.kinds, c.details, d.measures, c.stands, %(at)s
    FROM decided d JOIN change c ON c.before = d.measures AND c.rows = d.rows
    ON CONFLICT DO NOTHING RETURNING registration_id, rule_rows, stands
), kept AS (
    UPDATE screening_fact f SET rule_set = %(rule_set)s, rule_rows = w.rule_rows, measures = w.stands, anew = false
    FROM written w WHERE f.registration_id = w.registration_id
)"""
_GROUPS = """
    SELECT coalesce(rpad(left(destination_code, 9), 9, '0'), '') AS township, measures, rows, came,
           width_bucket(%(today)s::date - captured_on - 1, %(terms)s::int[]) AS over, count(*) AS people
    FROM decided GROUP BY 1, 2, 3, 4, 5
"""
GROUPED = _GROUPS
GROUPED_TO_THE_LAST = f""", last AS (
    SELECT tx, registration_id FROM decided ORDER BY tx DESC, registration_id DESC LIMIT 1
)
SELECT g.*, last.tx, last.registration_id FROM ({_GROUPS}) g CROSS JOIN last
"""

# By pages of the table: everybody whose facts were laid before it began, each page once, in no order and without a sort.
IN_PAGES = "f.ctid >= %(page)s::tid AND f.ctid < %(end)s::tid AND f.tx < %(began_tx)s"
PAGES = "SELECT pg_relation_size('screening_fact') / current_setting('block_size')::int"
# In the order in which they came: the few of some places, and whoever was laid after it began.
AFTER = "f.tx >= %(after_tx)s AND (f.tx, f.registration_id) > (%(after_tx)s, %(after_id)s::uuid)"
IN_ORDER = "ORDER BY f.tx, f.registration_id LIMIT %(size)s"
# A person is looked at once, though several places match.
EVERYBODY = "f.is_first"
ONCE = "DISTINCT ON (f.tx, f.registration_id)"
ANEW = "(f.is_first AND f.anew)"
IN_PLACE = "(f.code >= %(lo_{n})s AND f.code < %(hi_{n})s)"
# Whether those of some places are few.
FEW = """
SELECT count(*) <= %(most)s FROM (
    SELECT FROM screening_fact f WHERE ({who}) AND f.captured_on BETWEEN %(since)s AND %(until)s LIMIT %(most)s + 1
) found
"""

# Every rule set by which somebody of these days was decided last, from one entry of the index to the next.
RULE_SETS = """
WITH RECURSIVE named AS (
    (SELECT rule_set FROM screening_fact WHERE is_first ORDER BY rule_set LIMIT 1)
    UNION ALL
    SELECT (SELECT f.rule_set FROM screening_fact f WHERE f.is_first AND f.rule_set > named.rule_set ORDER BY f.rule_set LIMIT 1)
    FROM named WHERE named.rule_set IS NOT NULL
)
SELECT rule_set FROM named WHERE rule_set IS NOT NULL AND EXISTS (
    SELECT FROM screening_fact f WHERE f.is_first AND f.rule_set = named.rule_set
      AND f.captured_on BETWEEN %(since)s AND %(until)s
)
"""
