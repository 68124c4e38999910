"""What records add to the board's cells, as SQL. The fold and the recount ask the same question here.

A record counts with the corrections known below a transaction bound laid over it, in the order they happened.
台次: IN passages whose transport is a vehicle. 人次: IN registrations. Passages: both directions.
"""

from dataclasses import dataclass

from lianfang.situation.cubes import lines, measure_lines

VEHICLES = ("CAR", "TRUCK", "COACH", "BUS", "TAXI", "MOTORCYCLE", "OTHER_VEHICLE")
_VEHICLES = ", ".join(f"'{transport}'" for transport in VEHICLES)


@dataclass(frozen=True, slots=True)
class Which:
    """Which records count: conditions on `p` (passage) and `r` (registration); `few` of all that there are, or not."""

    passages: str
    registrations: str
    few: bool = True

    def corrected(self, ids: str) -> str:
        """Those of the corrections that lie over them: looked up by their keys, unless they are most of all."""
        return f"of = ANY(ARRAY({ids}))" if self.few else f"of IN ({ids})"


EVERYTHING = Which("p.tx < %(bound)s", "r.tx < %(bound)s", few=False)
NEW = Which("p.tx >= %(from)s AND p.tx < %(bound)s", "r.tx >= %(from)s AND r.tx < %(bound)s")

# Records counted before (tx < from) that a correction in [from, to) touches: once as they are, once as they were. As
# arrays, so that they are looked up by their keys: two sub-selects with OR between them would read every registration.
_TOUCHED = "SELECT of FROM correction WHERE target = '{}' AND tx >= %(from)s AND tx < %(to)s"
_PASSAGES_TOUCHED = _TOUCHED.format("PASSAGE")
_PEOPLE_TOUCHED = _TOUCHED.format("REGISTRATION")
TOUCHED = Which(
    f"p.tx < %(from)s AND p.id = ANY(ARRAY({_PASSAGES_TOUCHED}))",
    f"r.tx < %(from)s AND (r.id = ANY(ARRAY({_PEOPLE_TOUCHED})) OR r.passage_id = ANY(ARRAY({_PASSAGES_TOUCHED})))",
)


def contribution(which: Which, cubes: str = "BOARD") -> str:
    """SELECT cube, day, hour, key, across, passages, vehicles, people of the records, as known below %(bound)s."""
    return f"""
WITH p AS MATERIALIZED (
    SELECT p.id, {_PLAIN.format("p")} FROM passage p WHERE {which.passages}
), r AS MATERIALIZED (
    SELECT r.id, r.passage_id, {_PLAIN.format("r")}, r.from_code, r.destination_code, r.measures
    FROM registration r WHERE {which.registrations}
), passage_overlay AS MATERIALIZED (
    SELECT of, lianfang_overlay(facts ORDER BY occurred_at, id) AS facts FROM correction
    WHERE target = 'PASSAGE' AND tx < %(bound)s AND {which.corrected("SELECT id FROM p UNION ALL SELECT passage_id FROM r")}
    GROUP BY of
), registration_overlay AS MATERIALIZED (
    SELECT of, lianfang_overlay(facts ORDER BY occurred_at, id) AS facts FROM correction
    WHERE target = 'REGISTRATION' AND tx < %(bound)s AND {which.corrected("SELECT id FROM r")} GROUP BY of
), passages AS MATERIALIZED (
    SELECT {_header("p", "o")} FROM p LEFT JOIN passage_overlay o ON o.of = p.id
), people AS MATERIALIZED (
    SELECT {_header("r", "po")},
           coalesce(rpad(left({_corrected("r", "o", "from_code")}, 6), 6, '0'), '') AS origin,
           coalesce(rpad(left({_corrected("r", "o", "destination_code")}, 9), 9, '0'), '') AS destination, r.measures
    FROM r LEFT JOIN passage_overlay po ON po.of = r.passage_id LEFT JOIN registration_overlay o ON o.of = r.id
), counted AS (
    SELECT c.cube, day, c.hour, c.key, c.across, 1 AS passages, (is_vehicle AND is_in)::int AS vehicles, 0 AS people
    FROM passages CROSS JOIN LATERAL (VALUES {", ".join(lines(of_people=False, cubes=cubes))}) c (cube, hour, key, across)
    UNION ALL
    SELECT c.cube, day, c.hour, c.key, c.across, 0, 0, 1
    FROM people CROSS JOIN LATERAL (VALUES {", ".join(lines(of_people=True, cubes=cubes))}) c (cube, hour, key, across)
    WHERE is_in
    UNION ALL
    SELECT c.cube, day, c.hour, c.key, c.across, 0, 0, 1
    FROM people CROSS JOIN LATERAL unnest(measures) AS measure
    CROSS JOIN LATERAL (VALUES {", ".join(measure_lines(cubes=cubes))}) c (cube, hour, key, across) WHERE is_in
)
SELECT cube, day, hour::smallint AS hour, key, across, sum(passages)::int AS passages, sum(vehicles)::int AS vehicles,
       sum(people)::int AS people
FROM counted GROUP BY cube, day, hour, key, across
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
           {_corrected(row, overlay, "transport")} AS transport,
           {_corrected(row, overlay, "direction")} = 'IN' AS is_in,
           {_corrected(row, overlay, "transport")} IN ({_VEHICLES}) AS is_vehicle"""
