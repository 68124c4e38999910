"""SQL that makes sixty days of arrivals to be decided again: as long as real ones, from a hundred cities, one in a hundred each.

Two in three said nothing of where they stayed, the others named one place or two, with dates.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import psycopg

from lianfang.screening.facts import Facts

PEOPLE_AT_ONCE = 5_000
PREFIXES = tuple(f"{province}{city:02d}" for province in range(33, 43) for city in range(1, 11))
_JURISDICTION = 210381 * 10**12
_PLACE = "(%(places)s::text[])[1 + floor(random() * 100)::int] || '0' || (1 + floor(random() * 9))::int"
_BYTES = "decode(md5(random()::text), 'hex')"
_STAY = f"jsonb_build_object('code', {_PLACE}, 'from', day - 9, 'to', day - floor(random() * 9)::int)"

ARRIVALS = f"""
INSERT INTO registration (id, digest, receipt, received_at, occurred_at, captured_on, captured_hour, checkpoint,
    jurisdiction, passage_id, place_in_party, direction, transport, purpose, from_code, destination_code, document_type, age,
    stays, celsius_tenths, temperature_state, symptoms, rule_set, rule_rows, measures, document_index, phone_index, sealed)
SELECT id, {_BYTES}, '{{"flags":[],"measures":[{{"kind":"REGISTER","row":"arrival"}}]}}', moment, moment, day,
       extract(hour FROM moment AT TIME ZONE 'Asia/Shanghai'), 'HC01', {_JURISDICTION}, id, 0,
       CASE WHEN chance < 0.82 THEN 'IN' ELSE 'OUT' END,
       (ARRAY['CAR', 'CAR', 'CAR', 'TRUCK', 'COACH', 'TRAIN'])[1 + floor(random() * 6)::int],
       (ARRAY['COMMUTE', 'VISIT', 'RESIDENT_RETURN', 'FREIGHT', NULL])[1 + floor(random() * 5)::int], {_PLACE},
       '2103811' || lpad((floor(random() * 27))::int::text, 2, '0'), 'RESIDENT_ID', (random() * 80)::smallint,
       CASE WHEN told < 0.67 THEN '[]'::jsonb WHEN told < 0.9 THEN jsonb_build_array({_STAY})
            ELSE jsonb_build_array({_STAY}, {_STAY}) END,
       (361 + random() * 9)::smallint, 'READ', '{{}}', %(rule_set)s,
       CASE WHEN chance < 0.82 THEN '{{arrival}}' ELSE '{{}}' END::text[],
       CASE WHEN chance < 0.82 THEN '{{REGISTER}}' ELSE '{{}}' END::text[], {_BYTES}, {_BYTES},
       convert_to(substr(repeat(md5(random()::text), 11), 1, 345), 'UTF8')
FROM (
    SELECT moment, (moment AT TIME ZONE 'Asia/Shanghai')::date AS day, random() AS chance, random() AS told,
           (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3) || '8'
            || substr(md5(random()::text), 5, 15))::uuid AS id
    FROM (
        SELECT %(start)s::timestamptz + n * (%(until)s::timestamptz - %(start)s::timestamptz) / %(people)s AS moment
        FROM generate_series(0, %(people)s - 1) n
    ) x
) m
"""
TIDY = "VACUUM (ANALYZE) screening_fact, registration, rescreened"
STANDING = """
SELECT (SELECT count(*) FROM registration), (SELECT count(*) FROM screening_fact),
       (SELECT count(*) FROM screening_fact WHERE code >= %(area)s AND code < %(area)s || '~'),
       (SELECT relpages FROM pg_class WHERE oid = 'screening_fact'::regclass)
"""
_SOME = """
SELECT captured_on, direction, stays, celsius_tenths, temperature_state, symptoms, transport, purpose, from_code,
       destination_code, document_type, age, case_contact, resident
FROM screening_fact WHERE is_first LIMIT %s
"""


def people_standing(owner: "psycopg.Connection[Any]", most: int) -> list[Facts]:
    """Some of them, as the server's engine asks about them."""
    return [
        Facts(row[0], row[1], _stays(row[2]), *row[3:]) for row in owner.execute(_SOME, [most]).fetchall()
    ]


def _stays(told: Sequence[dict[str, str | None]]) -> list[tuple[str, date | None, date | None]]:
    return [(str(stay["code"]), _day(stay["from"]), _day(stay["to"])) for stay in told]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
