"""Who answers for a division, now or at any moment; which are vacant since when; how many have somebody.

Set-based: one question for any number of divisions. Names and duty telephones of officials are no secret among officers, so
what journeys ask of a division needs no reach; lists do.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Left

from lianfang.command.models import GridStaff, Overlay, ResponsiblePerson
from lianfang.command.rules.responsibility import (
    ESCALATES_AFTER,
    PRINCIPAL,
    Acknowledged,
    Answering,
    red_since,
    standing,
    upwards,
    who_answers,
)
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import canonical, is_code, span
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import NotFound

VACANCIES_A_PAGE = 100


class Coverage(NamedTuple):
    """责任落实率: leaves with an acknowledged principal, of all leaves."""

    acknowledged: int
    leaves: int

    @property
    def percent(self) -> float | None:
        """Rounded down: 100 is said when nothing is missing, and not before. None where there is no leaf."""
        return self.acknowledged * 1000 // self.leaves / 10 if self.leaves else None


class Vacancy(NamedTuple):
    """A division without an acknowledged principal.

    `since`: when the last one ended, or when the place came to stand in the register. `assigned`: who waits to be
    acknowledged, "" if nobody. `is_red`: it has climbed to the list that was asked for.
    """

    division: str
    level: str
    since: datetime
    was_held: bool
    assigned: str
    assigned_at: datetime | None
    is_red: bool


class Vacancies(NamedTuple):
    """A page of them, the red ones first, then the longest; how many there are, and how many of them are red."""

    lines: tuple[Vacancy, ...]
    total: int
    red: int


@dataclass(frozen=True, slots=True)
class ResponsibleOn:
    """Everybody there was for a division at a moment. `principal` may wait to be acknowledged still."""

    division: str
    at: datetime
    principal: ResponsiblePerson | None
    deputies: tuple[ResponsiblePerson, ...]
    overlays: tuple[Overlay, ...]
    staff: tuple[GridStaff, ...]

    @property
    def is_vacant(self) -> bool:
        return self.principal is None or not is_acknowledged(self.principal, self.at)


def answering_for(divisions: Collection[str], *, at: datetime) -> dict[str, Answering]:
    """Who answers for each of the divisions at that moment, in one question.

    The acknowledged principal, else an acknowledged deputy, else whoever answers for the division above, up to the city.
    A division for which nobody answers up to the city is left out.
    """
    lines = {code: upwards(code) for code in divisions}
    steps = {step for line in lines.values() for step in line}
    if not steps:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(STANDING, {"divisions": list(steps), "at": at})
        held = standing(Acknowledged(*row) for row in cursor.fetchall())
    answers = {code: who_answers(code, line, held) for code, line in lines.items()}
    return {code: one for code, one in answers.items() if one is not None}


def vacant_places(divisions: Collection[str], *, at: datetime) -> frozenset[str]:
    """Those of the divisions for which nobody of their own answers, so that what comes in stands with the one above at once.

    Where nobody has been named in a whole city it keeps no list, and nothing is known about its places. Two questions.
    """
    answering = answering_for(divisions, at=at)
    vacant = {code for code in answering if answering[code].vacant_below}
    silent = set(divisions) - set(answering)
    if silent:
        kept = ResponsiblePerson.objects.filter(in_force(at), acknowledged_at__lte=at).values_list(
            "division", flat=True
        )
        cities = set(kept.annotate(city=Left("division", 4)).values_list("city", flat=True).distinct())
        vacant |= {code for code in silent if code[:4] in cities}
    return frozenset(vacant)


def responsible_on(division: str, at: datetime) -> ResponsibleOn:
    """Who was responsible on 3 February: principal and deputies, what lay over it, who worked there. Three questions."""
    here = Q(in_force(at), division=canonical(division))
    people = list(ResponsiblePerson.objects.filter(here).order_by("from_at", "id"))
    return ResponsibleOn(
        division=canonical(division),
        at=at,
        principal=next((one for one in people if one.kind == PRINCIPAL), None),
        deputies=tuple(one for one in people if one.kind != PRINCIPAL),
        overlays=tuple(Overlay.objects.filter(here).order_by("kind", "title", "id")),
        staff=tuple(GridStaff.objects.filter(here).order_by("kind", "name", "id")),
    )


def coverage(under: str, at: datetime) -> Coverage:
    """Of the lowest registered divisions (micro-grids, else grids, else villages): how many have somebody, of how many."""
    with connection.cursor() as cursor:
        cursor.execute(COVERAGE, asked_about(under, at))
        return Coverage(*cursor.fetchone())


def vacancies(
    reach: Reach,
    under: str,
    at: datetime,
    *,
    after: timedelta = ESCALATES_AFTER,
    only_red: bool = False,
    skip: int = 0,
) -> Vacancies:
    """Divisions under one (it included) without an acknowledged principal. `after`: so long by day, and it climbs a level."""
    require_readable(reach, under)
    limits = red_since(canonical(under), at, after)
    asked = {
        **asked_about(under, at), "levels": list(limits), "limits": list(limits.values()), "only_red": only_red,
        "skip": skip, "most": VACANCIES_A_PAGE,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(VACANT, asked)
        rows = cursor.fetchall()
    lines = tuple(Vacancy(*row[:7]) for row in rows if row[0] is not None)
    return Vacancies(lines, *rows[0][7:])


def require_readable(reach: Reach, division: str) -> None:
    """Whoever may see responsibility, within his own area or through broken glass."""
    reach.require("VIEW_RESPONSIBILITY")
    lo, hi = span(division) if is_code(division) else (-1, -1)
    if not any(from_ <= lo and hi <= to for from_, to in reach.readable):
        raise NotFound(
            "DIVISION_OUT_OF_REACH", "辖区内没有这个地方。", "There is no such division in your area."
        )


def in_force(at: datetime) -> Q:
    return Q(from_at__lte=at) & (Q(until_at=None) | Q(until_at__gt=at))


def is_acknowledged(person: ResponsiblePerson, at: datetime) -> bool:
    return person.acknowledged_at is not None and person.acknowledged_at <= at


def my_responsibilities(reach: Reach, *, at: datetime) -> list[ResponsiblePerson]:
    """The divisions that the reader answers for, those to be acknowledged first."""
    rows = ResponsiblePerson.objects.filter(in_force(at), officer=reach.officer_id)
    return sorted(rows, key=lambda one: (is_acknowledged(one, at), one.lo, one.kind))


def officer_ids(people: Collection[ResponsiblePerson]) -> set[UUID]:
    """Whose names a history needs: who assigned, acknowledged and ended."""
    return {
        id for one in people for id in (one.assigned_by, one.acknowledged_by, one.ended_by) if id is not None
    }


def asked_about(under: str, at: datetime) -> dict[str, Any]:
    lo, hi = span(under)
    return {"lo": lo, "hi": hi, "on": day_of(at), "at": at}


STANDING = """
SELECT division, kind, name, phone, officer_id FROM responsible_person
WHERE division = ANY(%(divisions)s) AND from_at <= %(at)s AND (until_at IS NULL OR until_at > %(at)s)
  AND acknowledged_at <= %(at)s ORDER BY from_at, id
"""
# The divisions in question as they are registered on the day, each with its principal of the moment, acknowledged or not.
NODES = """
WITH node AS MATERIALIZED (
    SELECT r.code, r.level, r.short_name AS name, r.parent_code, r.valid_from, p.name AS assigned, p.from_at AS assigned_at,
           coalesce(p.acknowledged_at <= %(at)s, false) AS held
    FROM region r LEFT JOIN responsible_person p ON p.division = r.code AND p.kind = 'PRINCIPAL'
        AND p.lo BETWEEN %(lo)s AND %(hi)s AND p.from_at <= %(at)s AND (p.until_at IS NULL OR p.until_at > %(at)s)
    WHERE r.lo >= %(lo)s AND r.hi <= %(hi)s AND r.valid_from <= %(on)s AND (r.valid_to IS NULL OR r.valid_to > %(on)s)
      AND r.level <> 'PROVINCE' AND r.kind <> 'placeholder'
)
"""
LEAF = """
level IN ('VILLAGE', 'GRID', 'MICRO_GRID')
    AND code NOT IN (SELECT parent_code FROM node WHERE level IN ('GRID', 'MICRO_GRID'))
"""
COVERAGE = f"{NODES} SELECT count(*) FILTER (WHERE held), count(*) FROM node WHERE {LEAF}"
# A vacancy began when the last acknowledged principal ended; where there never was one, with the place itself.
EMPTY = """
, past AS (
    SELECT division, max(until_at) AS until_at FROM responsible_person
    WHERE kind = 'PRINCIPAL' AND acknowledged_at IS NOT NULL AND until_at <= %(at)s AND lo BETWEEN %(lo)s AND %(hi)s
    GROUP BY division
), vacant AS MATERIALIZED (
    SELECT n.*, coalesce(past.until_at, n.valid_from::timestamp AT TIME ZONE 'Asia/Shanghai') AS since,
           past.until_at IS NOT NULL AS was_held
    FROM node n LEFT JOIN past ON past.division = n.code WHERE NOT n.held
), told AS MATERIALIZED (
    SELECT v.*, v.since <= l.limit_at AS is_red
    FROM vacant v JOIN unnest(%(levels)s::text[], %(limits)s::timestamptz[]) AS l(level, limit_at) USING (level)
)
"""
# The counts stand in every row, so that a page is one question; without any row they stand alone.
VACANT = f"""
{NODES}{EMPTY}
SELECT listed.*, sums.* FROM (SELECT count(*), count(*) FILTER (WHERE is_red) FROM told) AS sums LEFT JOIN (
    SELECT code, level, since, was_held, coalesce(assigned, ''), assigned_at, is_red FROM told
    WHERE is_red OR NOT %(only_red)s ORDER BY is_red DESC, since, code LIMIT %(most)s OFFSET %(skip)s
) AS listed ON true ORDER BY listed.is_red DESC, listed.since, listed.code
"""
