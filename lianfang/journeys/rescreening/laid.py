"""The SQL of laying facts: what a registration and its corrections say, as rules ask it.

`r` is a registration, `o` what its corrections say, `po` what those of its passage say, in the order they happened.
"""

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
LIFT = "DELETE FROM screening_fact f USING registration r WHERE f.registration_id = r.id AND {who}"


def _corrected(row: str, overlay: str, fact: str, cast: str = "") -> str:
    """A fact as corrected: the overlay's where it names it (null included), else the row's own."""
    return f"CASE WHEN {overlay} ? '{fact}' THEN ({overlay}->>'{fact}'){cast} ELSE {row}.{fact} END AS {fact}"


def _of_json(fact: str, otherwise: str, made: str) -> str:
    return f"CASE WHEN said ? '{fact}' THEN coalesce({made}, {otherwise}) ELSE r.{fact} END AS {fact}"


# What was decided at the gate, as terms. The receipt alone has place and days; what has neither is not looked up there.
_TERMS = """CASE WHEN r.measures <@ '{{REGISTER,RE_MEASURE}}' THEN r.measures ELSE coalesce(nullif(ARRAY(
        SELECT concat_ws(' ', m->>'kind', m->>'place', m->>'days')
        FROM jsonb_array_elements(r.receipt::jsonb->'measures') WITH ORDINALITY AS m (m, n) ORDER BY n
    ), '{{}}'), r.measures) END"""
# Outside of every period of its rule set it was decided by what had lapsed.
_IN_FORCE = """EXISTS (SELECT FROM rule_period p WHERE p.rule_set = r.rule_set
        AND (p.during @> r.occurred_at OR p.during @> r.received_at))"""

LAY = f"""
WITH r AS MATERIALIZED (
    SELECT r.* FROM (
        SELECT id, tx, passage_id, jurisdiction, captured_on, occurred_at, received_at, age, celsius_tenths, case_contact,
               resident, direction, transport, purpose, from_code, destination_code, document_type, temperature_state,
               stays, symptoms, answer_codes, rule_set, rule_rows, measures, receipt, sealed IS NOT NULL AS is_held
        FROM registration
    ) r WHERE {{who}} AND r.is_held
), overlaid AS MATERIALIZED (
    SELECT r.id, coalesce(o.said, '{{{{}}}}') AS said, coalesce(po.said, '{{{{}}}}') AS said_of_passage,
           greatest(r.tx, o.tx, po.tx) AS tx, (o.said <> '{{{{}}}}' OR po.said <> '{{{{}}}}') IS TRUE AS corrected
    FROM r LEFT JOIN (
        SELECT of, lianfang_overlay(facts ORDER BY occurred_at, id) AS said, max(tx) AS tx FROM correction
        WHERE target = 'REGISTRATION' AND tx < %(to)s AND of = ANY(ARRAY(SELECT id FROM r)) GROUP BY of
    ) o ON o.of = r.id LEFT JOIN (
        SELECT of, lianfang_overlay(facts ORDER BY occurred_at, id) AS said, max(tx) AS tx FROM correction
        WHERE target = 'PASSAGE' AND tx < %(to)s AND of = ANY(ARRAY(SELECT passage_id FROM r)) GROUP BY of
    ) po ON po.of = r.passage_id
), later AS MATERIALIZED (
    SELECT DISTINCT ON (d.registration_id) d.registration_id, d.rule_set, d.rule_rows, d.stands FROM rescreened d
    WHERE d.registration_id = ANY(ARRAY(SELECT id FROM r)) ORDER BY d.registration_id, d.at DESC, d.rescreening_id DESC
), stands AS (
    SELECT r.id, overlaid.tx, r.jurisdiction,
           {_corrected("r", "said_of_passage", "captured_on", "::date")},
           {_corrected("r", "said", "age", "::smallint")},
           {_corrected("r", "said", "celsius_tenths", "::smallint")},
           {_corrected("r", "said", "case_contact", "::boolean")},
           {_corrected("r", "said", "resident", "::boolean")},
           {_corrected("r", "said_of_passage", "direction")},
           {_corrected("r", "said_of_passage", "transport")},
           {_corrected("r", "said_of_passage", "purpose")},
           {_corrected("r", "said", "from_code")},
           {_corrected("r", "said", "destination_code")},
           {_corrected("r", "said", "document_type")},
           {_corrected("r", "said", "temperature_state")},
           {_of_json("stays", "'[]'", "nullif(said->'stays', 'null')")},
           {_of_json("symptoms", "'{{}}'", "ARRAY(SELECT jsonb_array_elements_text(nullif(said->'symptoms', 'null')))")},
           {_of_json("answer_codes", "NULL", "nullif(said->'answer_codes', 'null')")},
           corrected OR (later.rule_set IS NULL AND NOT {_IN_FORCE}) AS anew,
           coalesce(later.rule_set, r.rule_set) AS rule_set,
           coalesce(later.rule_rows, r.rule_rows) AS rule_rows,
           coalesce(later.stands, {_TERMS}) AS measures
    FROM r JOIN overlaid ON overlaid.id = r.id LEFT JOIN later ON later.registration_id = r.id
)
INSERT INTO screening_fact (registration_id, code, is_first, tx, jurisdiction, captured_on, age, celsius_tenths,
    case_contact, resident, direction, transport, purpose, from_code, destination_code, document_type, temperature_state,
    stays, symptoms, answer_codes, anew, rule_set, rule_rows, measures)
SELECT id, place.code, place.is_first, s.tx, s.jurisdiction, s.captured_on, s.age, s.celsius_tenths, s.case_contact,
       s.resident, s.direction, s.transport, s.purpose, s.from_code, s.destination_code, s.document_type,
       s.temperature_state, s.stays, s.symptoms, s.answer_codes, s.anew, s.rule_set, s.rule_rows, s.measures
FROM stands s CROSS JOIN LATERAL (
    SELECT coalesce(s.from_code, s.stays->0->>'code', '') AS code, true AS is_first
    UNION
    SELECT stay->>'code', false FROM jsonb_array_elements(s.stays) AS stay
    WHERE s.stays <> '[]' AND stay->>'code' <> coalesce(s.from_code, s.stays->0->>'code', '')
) AS place
WHERE s.captured_on >= %(since)s
ORDER BY place.code, s.captured_on, id
ON CONFLICT DO NOTHING
"""
