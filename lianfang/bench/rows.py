"""SQL that makes a stretch of a city's records: as many and as long as real ones, with ids of their moments.

Nobody stands behind them: what would be sealed or indexed is random, of the real length. Every choice is drawn from an
array in which what is frequent stands often. One in a hundred comes a day late, as queues drain; one in a hundred is
corrected afterwards, half of these in the passage, half in a person.
"""

# Digests of random numbers: what PostgreSQL makes of the machine's own randomness takes five times as long.
_BYTES = "decode(md5(random()::text), 'hex')"
_DEVICE = "'00000000-0000-7000-8000-000000000001'::uuid"
_ID = "(h || '7' || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 5, 15))::uuid"
_HEADER = "captured_on, captured_hour, checkpoint, jurisdiction, device_id, direction, transport, purpose"


def _one_of(name: str, kind: str = "text") -> str:
    return f"(%({name})s::{kind}[])[1 + floor(random() * array_length(%({name})s::{kind}[], 1))::int]"


def _place(name: str) -> str:
    """Codes as numbers, 0 for none: the thousandth of many numbers is found at once, the thousandth text is not."""
    return f"nullif({_one_of(name, 'int')}::text, '0')"


def _sealed(length: int) -> str:
    return f"convert_to(substr(repeat(md5(random()::text), 11), 1, {length}), 'UTF8')"


# Rows stand in the order of their moments; `h` are the first digits of an id of that moment.
_MADE = f"""
CREATE TEMPORARY TABLE made ON COMMIT DROP AS
SELECT {_ID} AS id, m.*, (moment AT TIME ZONE 'Asia/Shanghai')::date AS captured_on,
       extract(hour FROM moment AT TIME ZONE 'Asia/Shanghai')::smallint AS captured_hour,
       {_one_of("checkpoints")} AS checkpoint, %(jurisdiction)s::bigint AS jurisdiction, {_DEVICE} AS device_id,
       CASE WHEN random() < 0.82 THEN 'IN' ELSE 'OUT' END AS direction, {_one_of("transports")} AS transport,
       nullif({_one_of("purposes")}, '') AS purpose, {_one_of("parties")}::int AS party, random() AS chance
FROM (
    SELECT moment, lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') AS h FROM (
        SELECT %(start)s::timestamptz + random() * (%(until)s::timestamptz - %(start)s::timestamptz)
               - CASE WHEN random() < 0.01 THEN interval '1 day' ELSE interval '0' END AS moment
        FROM generate_series(1, %(passages)s)
    ) x ORDER BY moment
) m
"""
_PASSAGES = f"""
INSERT INTO passage (id, digest, receipt, received_at, occurred_at, {_HEADER}, source, plate_index, sealed)
SELECT id, {_BYTES}, '{{"flags":[]}}', moment, moment, {_HEADER}, 'OFFICER',
       CASE WHEN transport NOT IN ('TRAIN', 'FOOT') THEN {_BYTES} END, {_sealed(218)}
FROM made
"""
_PEOPLE = f"""
INSERT INTO registration (id, digest, receipt, received_at, occurred_at, {_HEADER}, passage_id, place_in_party,
    from_code, destination_code, document_type, age, stays, celsius_tenths, temperature_state, symptoms, rule_set,
    rule_rows, measures, document_index, phone_index, sealed)
SELECT {_ID}, {_BYTES}, '{{"flags":[],"measures":[{{"kind":"REGISTER","row":"arrival"}}]}}', moment, moment, {_HEADER},
       id, place, {_place("origins")}, {_place("destinations")}, 'RESIDENT_ID',
       (random() * 80)::smallint, '[]', (361 + random() * 9)::smallint, 'READ', '{{}}', '96cfde8c6341840a', '{{arrival}}',
       CASE WHEN direction = 'OUT' THEN '{{}}' ELSE {_one_of("measures")}::text[] END, {_BYTES}, {_BYTES}, {_sealed(345)}
FROM made CROSS JOIN LATERAL generate_series(1, party) AS place
"""


def _corrections(target: str, of: str, facts: str, rows: str) -> str:
    return f"""
INSERT INTO correction (id, digest, receipt, received_at, occurred_at, captured_on, captured_hour, checkpoint,
    jurisdiction, device_id, of, target, facts, sealed)
SELECT {_ID}, {_BYTES}, '{{"flags":[]}}', moment, moment, captured_on, captured_hour, checkpoint, jurisdiction, device_id,
       {of}, '{target}', {facts}, {_sealed(160)}
FROM {rows}
"""


_MOVED = _corrections(
    "PASSAGE",
    "id",
    f"CASE WHEN chance < 0.003 THEN jsonb_build_object('purpose', nullif({_one_of('purposes')}, '')) "
    f"ELSE jsonb_build_object('checkpoint', {_one_of('checkpoints')}) END",
    "made WHERE chance < 0.005",
)
_MOVED_PEOPLE = _corrections(
    "REGISTRATION",
    "first",
    f"jsonb_build_object('from_code', {_place('origins')})",
    "made m CROSS JOIN LATERAL (SELECT id AS first FROM registration WHERE passage_id = m.id LIMIT 1) r "
    "WHERE chance >= 0.005 AND chance < 0.01",
)
STRETCH = (_MADE, _PASSAGES, _PEOPLE, _MOVED, _MOVED_PEOPLE)

# What the board must say in the end. Nothing above corrects a direction, or a vehicle into something else.
TOTALS = """
SELECT (SELECT count(*) FROM passage), (SELECT count(*) FROM passage WHERE direction = 'IN' AND transport = ANY(%s)),
       (SELECT count(*) FROM registration WHERE direction = 'IN')
"""
