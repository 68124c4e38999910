"""What records add to the board's cells, as SQL. The fold and the recount ask the same question here.

A record counts with the corrections known below a transaction bound laid over it, in the order they happened.
台次: IN passages whose transport is a vehicle. 人次: IN registrations. Passages: both directions.
"""

from dataclasses import dataclass

VEHICLES = ("CAR", "TRUCK", "COACH", "BUS", "TAXI", "MOTORCYCLE", "OTHER_VEHICLE")
_VEHICLES = ", ".join(f"'{transport}'" for transport in VEHICLES)


@dataclass(frozen=True, slots=True)
class Which:
    """Which records count: conditions on `p` (passage), `r` (registration), and on corrections by what they are `of`."""

    passages: str
    registrations: str
    passages_corrected: str = "true"
    registrations_corrected: str = "true"


EVERYTHING = Which(passages="p.tx < %(bound)s", registrations="r.tx < %(bound)s")

NEW = Which(
    passages="p.tx >= %(from)s AND p.tx < %(bound)s",
    registrations="r.tx >= %(from)s AND r.tx < %(bound)s",
    passages_corrected="""of IN (
        SELECT id FROM passage WHERE tx >= %(from)s AND tx < %(bound)s
        UNION ALL SELECT passage_id FROM registration WHERE tx >= %(from)s AND tx < %(bound)s)""",
    registrations_corrected="of IN (SELECT id FROM registration WHERE tx >= %(from)s AND tx < %(bound)s)",
)

# Records counted before (tx < from) that a correction in [from, to) touches: once as they are, once as they were.
_TOUCHED = "SELECT of FROM correction WHERE target = '{}' AND tx >= %(from)s AND tx < %(to)s"
_PASSAGES_TOUCHED = _TOUCHED.format("PASSAGE")
_REGISTRATIONS_TOUCHED = _TOUCHED.format("REGISTRATION")
_PEOPLE_TOUCHED = f"SELECT id FROM registration WHERE id IN ({_REGISTRATIONS_TOUCHED}) OR passage_id IN ({_PASSAGES_TOUCHED})"
TOUCHED = Which(
    passages=f"p.tx < %(from)s AND p.id IN ({_PASSAGES_TOUCHED})",
    registrations=f"r.tx < %(from)s AND r.id IN ({_PEOPLE_TOUCHED})",
    passages_corrected=f"""of IN (
        {_PASSAGES_TOUCHED}
        UNION ALL SELECT passage_id FROM registration WHERE id IN ({_REGISTRATIONS_TOUCHED}))""",
    registrations_corrected=f"of IN ({_PEOPLE_TOUCHED})",
)


def contribution(which: Which) -> str:
    """SELECT cube, day, hour, key, passages, vehicles, people of the records, as known below %(bound)s."""
    return f"""
WITH passage_overlay AS (
    SELECT of, lianfang_overlay(facts ORDER BY occurred_at, id) AS facts FROM correction
    WHERE target = 'PASSAGE' AND tx < %(bound)s AND {which.passages_corrected} GROUP BY of
), registration_overlay AS (
    SELECT of, lianfang_overlay(facts ORDER BY occurred_at, id) AS facts FROM correction
    WHERE target = 'REGISTRATION' AND tx < %(bound)s AND {which.registrations_corrected} GROUP BY of
), passages AS (
    SELECT {_header("p", "o")}
    FROM passage p LEFT JOIN passage_overlay o ON o.of = p.id WHERE {which.passages}
), people AS (
    SELECT {_header("r", "po")},
           coalesce(rpad(left({_corrected("r", "o", "from_code")}, 6), 6, '0'), '') AS origin, r.measures
    FROM registration r
    LEFT JOIN passage_overlay po ON po.of = r.passage_id
    LEFT JOIN registration_overlay o ON o.of = r.id
    WHERE {which.registrations}
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
