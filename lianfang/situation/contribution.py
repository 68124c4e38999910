"""What records add to the board's cells, as SQL. The fold and the recount ask the same question here.

A record counts with the corrections known below a transaction bound laid over it, in the order they happened.
台次: IN passages whose transport is a vehicle. 人次: IN registrations. Passages: both directions.
"""

from dataclasses import dataclass

VEHICLES = ("CAR", "TRUCK", "COACH", "BUS", "TAXI", "MOTORCYCLE", "OTHER_VEHICLE")
_VEHICLES = ", ".join(f"'{transport}'" for transport in VEHICLES)


@dataclass(frozen=True, slots=True)
class Which:
    """Which records count: conditions on `p` (passage) and `r` (registration)."""

    passages: str
    registrations: str


EVERYTHING = Which("p.tx < %(bound)s", "r.tx < %(bound)s")
NEW = Which("p.tx >= %(from)s AND p.tx < %(bound)s", "r.tx >= %(from)s AND r.tx < %(bound)s")

# Records counted before (tx < from) that a correction in [from, to) touches: once as they are, once as they were.
_TOUCHED = "SELECT of FROM correction WHERE target = '{}' AND tx >= %(from)s AND tx < %(to)s"
_PASSAGES_TOUCHED = _TOUCHED.format("PASSAGE")
_PEOPLE_TOUCHED = _TOUCHED.format("REGISTRATION")
TOUCHED = Which(
    f"p.tx < %(from)s AND p.id IN ({_PASSAGES_TOUCHED})",
    f"r.tx < %(from)s AND (r.id IN ({_PEOPLE_TOUCHED}) OR r.passage_id IN ({_PASSAGES_TOUCHED}))",
)


def contribution(which: Which) -> str:
    """SELECT cube, day, hour, key, passages, vehicles, people of the records, as known below %(bound)s."""
    return f"""
WITH p AS MATERIALIZED (
    SELECT p.id, {_PLAIN.format("p")} FROM passage p WHERE {which.passages}
), r AS MATERIALIZED (
    SELECT r.id, r.passage_id, {_PLAIN.format("r")}, r.from_code, r.measures
    FROM registration r WHERE {which.registrations}
), passage_overlay AS MATERIALIZED (
    SELECT of, lianfang_overlay(facts ORDER BY occurred_at, id) AS facts FROM correction
    WHERE target = 'PASSAGE' AND tx < %(bound)s AND of IN (SELECT id FROM p UNION ALL SELECT passage_id FROM r)
    GROUP BY of
), registration_overlay AS MATERIALIZED (
    SELECT of, lianfang_overlay(facts ORDER BY occurred_at, id) AS facts FROM correction
    WHERE target = 'REGISTRATION' AND tx < %(bound)s AND of IN (SELECT id FROM r) GROUP BY of
), passages AS (
    SELECT {_header("p", "o")} FROM p LEFT JOIN passage_overlay o ON o.of = p.id
), people AS (
    SELECT {_header("r", "po")},
           coalesce(rpad(left({_corrected("r", "o", "from_code")}, 6), 6, '0'), '') AS origin, r.measures
    FROM r LEFT JOIN passage_overlay po ON po.of = r.passage_id LEFT JOIN registration_overlay o ON o.of = r.id
), counted AS (
    SELECT 'CHECKPOINT' AS cube, day, hour, checkpoint AS key, count(*) AS passages,
           count(*) FILTER (WHERE is_vehicle AND is_in) AS vehicles, 0 AS people
    FROM passages GROUP BY day, hour, checkpoint
    UNION ALL
    SELECT 'PURPOSE', day, -1, purpose, count(*), count(*) FILTER (WHERE is_vehicle AND is_in), 0
    FROM passages GROUP BY day, purpose
    UNION ALL
    SELECT 'CHECKPOINT', day, hour, checkpoint, 0, 0, count(*) FROM people WHERE is_in GROUP BY day, hour, checkpoint
    UNION ALL
    SELECT 'PURPOSE', day, -1, purpose, 0, 0, count(*) FROM people WHERE is_in GROUP BY day, purpose
    UNION ALL
    SELECT 'ORIGIN', day, -1, origin, 0, 0, count(*) FROM people WHERE is_in GROUP BY day, origin
    UNION ALL
    SELECT 'MEASURE', day, -1, measure, 0, 0, count(*) FROM people, unnest(measures) AS measure WHERE is_in
    GROUP BY day, measure
)
SELECT cube, day, hour::smallint AS hour, key, sum(passages)::int AS passages, sum(vehicles)::int AS vehicles,
       sum(people)::int AS people
FROM counted GROUP BY cube, day, hour, key
"""


# What a record's own row says and a passage's correction may change.
_PLAIN = "{0}.captured_on, {0}.captured_hour, {0}.checkpoint, {0}.purpose, {0}.direction, {0}.transport"


def _corrected(row: str, overlay: str, fact: str, cast: str = "") -> str:
    """A fact as corrected: the overlay's where it names it (null included), else the row's own."""
    return (
        f"CASE WHEN {overlay}.facts ? '{fact}' THEN ({overlay}.facts->>'{fact}'){cast} ELSE {row}.{fact} END"
    )


def _header(row: str, overlay: str) -> str:
    return f"""{_corrected(row, overlay, "captured_on", "::date")} AS day,
           {_corrected(row, overlay, "captured_hour", "::smallint")} AS hour,
           {_corrected(row, overlay, "checkpoint")} AS checkpoint,
           coalesce({_corrected(row, overlay, "purpose")}, '') AS purpose,
           {_corrected(row, overlay, "direction")} = 'IN' AS is_in,
           {_corrected(row, overlay, "transport")} IN ({_VEHICLES}) AS is_vehicle"""
