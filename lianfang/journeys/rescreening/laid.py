"""The SQL of laying facts: what a registration and its corrections say, as rules ask it.

`r` is a registration, `o` what its corrections say, `po` what those of its passage say, in the order they happened. Few
are corrected: the others are laid as they are, without asking of every fact whether a correction names it.
"""

# Thousands are sorted by place in memory. The planner takes those who are not corrected for one person, and would go
# through all later decisions for each of them.
ROOM = "SELECT set_config('work_mem', '64MB', true), set_config('enable_nestloop', 'off', true)"

NEW = "r.tx >= %(from)s AND r.tx < %(to)s"
_OF = "SELECT of FROM correction WHERE target = '{}' AND tx >= %(from)s AND tx < %(to)s"
# As arrays, so that they are looked up by their keys.
TOUCHED = f"r.tx < %(to)s AND (r.id = ANY(ARRAY({_OF.format('REGISTRATION')})) OR r.passage_id = ANY(ARRAY({_OF.format('PASSAGE')})))"
ANYBODY = "SELECT EXISTS (SELECT FROM correction WHERE tx >= %(from)s AND tx < %(to)s)"
_AFTER_SO_MANY = (
    "(SELECT tx FROM {} WHERE tx >= %(from)s AND tx < %(to)s ORDER BY tx OFFSET %(at_once)s LIMIT 1)"
)
WAITING = f"SELECT least({_AFTER_SO_MANY.format('registration')}, {_AFTER_SO_MANY.format('correction')}, %(to)s::bigint)"
FORGET = "DELETE FROM screening_fact WHERE captured_on < %(since)s"
LIFT_TOUCHED = f"DELETE FROM screening_fact WHERE registration_id = ANY(ARRAY(SELECT r.id FROM registration r WHERE {TOUCHED}))"

# The plain facts; of each the type it has in a correction, and whether the passage's corrections name it.
_OF_PASSAGE = {"captured_on": "date", "direction": "text", "transport": "text", "purpose": "text"}
_OF_PERSON = {
    "age": "smallint", "celsius_tenths": "smallint", "case_contact": "boolean", "resident": "boolean", "from_code": "text",
    "destination_code": "text", "document_type": "text", "temperature_state": "text",
}  # fmt: skip
_FACTS = (*_OF_PASSAGE, *_OF_PERSON, "stays", "symptoms", "answer_codes")


def _corrected() -> str:
    """Every fact as corrected: the correction's where it names it (null included), else the row's own."""
    plain = [(fact, kind, "said_of_passage") for fact, kind in _OF_PASSAGE.items()]
    plain += [(fact, kind, "said") for fact, kind in _OF_PERSON.items()]
    facts = [
        f"CASE WHEN {said} ? '{fact}' THEN ({said}->>'{fact}')::{kind} ELSE r.{fact} END AS {fact}"
        for fact, kind, said in plain
    ]
    for fact, otherwise, made in (
        ("stays", "'[]'", "nullif(said->'stays', 'null')"),
        ("symptoms", "'{{}}'", "ARRAY(SELECT jsonb_array_elements_text(nullif(said->'symptoms', 'null')))"),
        ("answer_codes", "NULL", "nullif(said->'answer_codes', 'null')"),
    ):
        facts.append(
            f"CASE WHEN said ? '{fact}' THEN coalesce({made}, {otherwise}) ELSE r.{fact} END AS {fact}"
        )
    return ", ".join(facts)


# What was decided at the gate, as terms. The receipt alone has place and days; what has neither is not looked up there.
_TERMS = """CASE WHEN r.measures <@ '{{REGISTER,RE_MEASURE}}' THEN r.measures ELSE coalesce(nullif(ARRAY(
        SELECT concat_ws(' ', m->>'kind', m->>'place', m->>'days')
        FROM jsonb_array_elements(r.receipt::jsonb->'measures') WITH ORDINALITY AS m (m, n) ORDER BY n
    ), '{{}}'), r.measures) END"""
# Outside of every period of its rule set it was decided by what had lapsed. The moment is the one the intake decided by
# (checkpoints/intake/moments.py): when it happened, set right where the device knew its clock to be wrong, or when it
# came where its clock was not believed.
_DECIDED_AT = """CASE WHEN starts_with(r.receipt, '{{"ruled_at":') THEN (r.receipt::jsonb->>'ruled_at')::timestamptz
        WHEN r.occurred_at BETWEEN r.received_at - interval '30 days' AND r.received_at + interval '15 minutes'
        THEN r.occurred_at ELSE r.received_at END"""
_LAPSED = f"""later.rule_set IS NULL AND NOT EXISTS (
        SELECT FROM period p WHERE p.rule_set = r.rule_set AND p.during @> {_DECIDED_AT})"""
_DECIDED = f"""coalesce(later.rule_set, r.rule_set) AS rule_set, coalesce(later.rule_rows, r.rule_rows) AS rule_rows,
           coalesce(later.stands, {_TERMS}) AS measures"""


def _overlay(target: str, ids: str) -> str:
    return f"""(
        SELECT of, lianfang_overlay(facts ORDER BY occurred_at, id) AS said, max(tx) AS tx FROM correction
        WHERE target = '{target}' AND tx < %(to)s AND of = ANY(ARRAY(SELECT {ids} FROM r)) GROUP BY of
    )"""


_LAY = f"""
WITH r AS MATERIALIZED (
    SELECT r.* FROM (
        SELECT id, tx, passage_id, jurisdiction, occurred_at, received_at, {", ".join(_FACTS)}, rule_set, rule_rows, measures,
               receipt, sealed IS NOT NULL AS is_held
        FROM registration
    ) r WHERE {{who}} AND r.is_held
), period AS MATERIALIZED (
    SELECT rule_set, during FROM rule_period
), overlaid AS MATERIALIZED (
    SELECT r.id, coalesce(o.said, '{{{{}}}}') AS said, coalesce(po.said, '{{{{}}}}') AS said_of_passage,
           greatest(o.tx, po.tx) AS tx
    FROM r LEFT JOIN {_overlay("REGISTRATION", "id")} o ON o.of = r.id
    LEFT JOIN {_overlay("PASSAGE", "passage_id")} po ON po.of = r.passage_id
    WHERE o.of IS NOT NULL OR po.of IS NOT NULL
), later AS MATERIALIZED (
    SELECT DISTINCT ON (d.registration_id) d.registration_id, d.rule_set, d.rule_rows, d.stands FROM rescreened d
    WHERE d.registration_id = ANY(ARRAY(SELECT id FROM r)) ORDER BY d.registration_id, d.at DESC, d.rescreening_id DESC
), stands AS (
    SELECT r.id, r.tx, r.jurisdiction, {_LAPSED} AS anew, {", ".join(f"r.{fact}" for fact in _FACTS)}, {_DECIDED}
    FROM r LEFT JOIN later ON later.registration_id = r.id
    WHERE NOT EXISTS (SELECT FROM overlaid WHERE overlaid.id = r.id)
    UNION ALL
    SELECT r.id, greatest(r.tx, overlaid.tx), r.jurisdiction,
           said <> '{{{{}}}}' OR said_of_passage <> '{{{{}}}}' OR ({_LAPSED}), {_corrected()}, {_DECIDED}
    FROM r JOIN overlaid ON overlaid.id = r.id LEFT JOIN later ON later.registration_id = r.id
)
INSERT INTO screening_fact (registration_id, code, is_first, tx, jurisdiction, anew, {", ".join(_FACTS)}, rule_set, rule_rows,
    measures)
SELECT s.id, place.code, place.is_first, s.tx, s.jurisdiction, s.anew, {", ".join(f"s.{fact}" for fact in _FACTS)}, s.rule_set,
       s.rule_rows, s.measures
FROM stands s CROSS JOIN LATERAL (
    SELECT coalesce(s.from_code, s.stays->0->>'code', '') AS code, true AS is_first
    UNION ALL
    SELECT DISTINCT stay->>'code', false FROM jsonb_array_elements(s.stays) AS stay
    WHERE s.stays <> '[]' AND stay->>'code' <> coalesce(s.from_code, s.stays->0->>'code', '')
) AS place
WHERE s.captured_on >= %(since)s
ORDER BY place.code, s.captured_on, s.id
ON CONFLICT DO NOTHING
"""
LAY_NEW, LAY_TOUCHED = _LAY.format(who=NEW), _LAY.format(who=TOUCHED)
