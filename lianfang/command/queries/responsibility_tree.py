"""The tree of responsibility, a level at a time: a division, what lies directly under it, and everything that was here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from lianfang.command.models import Officer, Posting, ResponsiblePerson
from lianfang.command.queries.officers import MOST_COLLEAGUES, Colleague, lasting_beyond, lies_within
from lianfang.command.queries.responsibility import (
    EMPTY,
    LEAF,
    NODES,
    Coverage,
    asked_about,
    is_acknowledged,
    require_readable,
)
from lianfang.command.rules.responsibility import ESCALATES_AFTER, PRINCIPAL, red_since, upwards
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import canonical, prefix
from lianfang.kernel.reach import Reach


class Branch(NamedTuple):
    """A division directly under another with everything in it, itself included."""

    code: str
    level: str
    name: str
    villages: int
    grids: int
    micro_grids: int
    acknowledged: int
    leaves: int
    vacant: int
    red: int
    is_vacant: bool

    @property
    def coverage(self) -> Coverage:
        return Coverage(self.acknowledged, self.leaves)

    @property
    def is_leaf(self) -> bool:
        """Whether nothing is registered under it."""
        below = {"VILLAGE": self.grids, "GRID": self.micro_grids, "MICRO_GRID": 0}
        return below.get(self.level, 1) == 0


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A responsible person as listed. `assigned_by` and the others: names, "" at the server's command line."""

    id: UUID
    division: str
    kind: str
    name: str
    unit: str
    phone: str
    officer_id: UUID | None
    from_at: datetime
    until_at: datetime | None
    acknowledged_at: datetime | None
    ended_as: str
    is_acknowledged: bool
    assigned_by: str = ""
    acknowledged_by: str = ""
    ended_by: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A division of the tree at a moment: itself, what lies under it, and names and people of both and of those above."""

    own: Branch
    branches: tuple[Branch, ...]
    names: dict[str, str]
    people: dict[str, tuple[PersonLine, ...]]

    def principal(self, code: str) -> PersonLine | None:
        return next((one for one in self.people.get(code, ()) if one.kind == PRINCIPAL), None)

    def deputies(self, code: str) -> tuple[PersonLine, ...]:
        return tuple(one for one in self.people.get(code, ()) if one.kind != PRINCIPAL)


class PlacedCounts(NamedTuple):
    """Overlays and grid staff within a division, by kind."""

    overlays: dict[str, int]
    staff: dict[str, int]


class PlacedLine(NamedTuple):
    """An overlay or somebody of the grid staff as listed: `title` is the overlay's, `home_unit` and `duties` the staff's."""

    id: UUID
    kind: str
    title: str
    name: str
    phone: str
    home_unit: str
    duties: list[str]
    from_at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """Everybody there ever was for a division, the newest first; what lies over it and who works there at a moment."""

    people: tuple[PersonLine, ...]
    overlays: tuple[PlacedLine, ...]
    staff: tuple[PlacedLine, ...]

    def standing(self, at: datetime) -> tuple[PersonLine, ...]:
        """Those of a moment, the principal first, then the deputies in the order they came."""
        here = [
            one for one in self.people if one.from_at <= at and (one.until_at is None or one.until_at > at)
        ]
        return tuple(sorted(here, key=lambda one: (one.kind != PRINCIPAL, one.from_at)))


def node(reach: Reach, division: str, *, at: datetime, after: timedelta = ESCALATES_AFTER) -> Node | None:
    """The division with its branches and the principals and deputies of both and of those above. Two questions.

    None: it is not registered on that day.
    """
    require_readable(reach, division)
    branches = _branches(division, at, after)
    own = next((one for one in branches if one.code == canonical(division)), None)
    if own is None:
        return None
    under = tuple(one for one in branches if one is not own)
    names, people = _people([*upwards(division), *(one.code for one in under)], at)
    return Node(_with_all(own, under), under, names, people)


def counted(reach: Reach, division: str, at: datetime) -> PlacedCounts:
    """One question for both."""
    require_readable(reach, division)
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, asked_about(division, at))
        rows = cursor.fetchall()
    return PlacedCounts(
        {kind: n for what, kind, n in rows if what == "OVERLAY"},
        {kind: n for what, kind, n in rows if what == "STAFF"},
    )


def history(reach: Reach, division: str, *, at: datetime) -> History:
    """`at`: what lies over it and who works there then; the people whenever they were. Two questions."""
    require_readable(reach, division)
    rows = ResponsiblePerson.objects.filter(division=canonical(division)).order_by("-from_at", "-id")
    with connection.cursor() as cursor:
        cursor.execute(PLACED, {"division": canonical(division), "at": at})
        placed = cursor.fetchall()
    return History(
        people=_named(rows, at),
        overlays=tuple(PlacedLine(*line) for what, *line in placed if what == "OVERLAY"),
        staff=tuple(PlacedLine(*line) for what, *line in placed if what == "STAFF"),
    )


def accounts(reach: Reach, division: str, *, at: datetime) -> list[Colleague]:
    """Officers whose account may be linked with a responsible person: posted within reach and where the division lies."""
    reach.require("KEEP_RESPONSIBILITY")
    lo = asked_about(division, at)["lo"]
    postings = Posting.objects.filter(
        lies_within(reach), lasting_beyond(at), from_at__lte=at, lo__lte=lo, hi__gte=lo
    )
    held = Exists(postings.filter(officer=OuterRef("pk")))
    rows = Officer.objects.filter(held, left_at=None).exclude(sign_in_name__startswith="system:")
    return [
        Colleague(*row) for row in rows.order_by("name", "id").values_list("id", "name")[:MOST_COLLEAGUES]
    ]


def _branches(division: str, at: datetime, after: timedelta) -> list[Branch]:
    limits = red_since(canonical(division), at, after)
    asked = {
        **asked_about(division, at), "levels": list(limits), "limits": list(limits.values()),
        "code": canonical(division), "length": _length_below(division),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(BRANCHES, asked)
        return [Branch(*row) for row in cursor.fetchall()]


def _people(codes: list[str], at: datetime) -> tuple[dict[str, str], dict[str, tuple[PersonLine, ...]]]:
    """Names of divisions, and whoever stands for them, by code."""
    names: dict[str, str] = {}
    people: dict[str, list[PersonLine]] = {}
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, {"codes": codes, "on": day_of(at), "at": at})
        for code, name, *said in cursor.fetchall():
            names[code] = name
            if said[0] is not None:
                line = PersonLine(*said)
                people.setdefault(code, []).append(line)
    return names, {code: tuple(lines) for code, lines in people.items()}


def _length_below(division: str) -> int:
    """How many digits the code of a division directly under it has."""
    digits = len(prefix(division))
    return digits + (2 if digits < 6 else 3)


def _with_all(own: Branch, under: Iterable[Branch]) -> Branch:
    """The division itself with all its branches added up."""
    rows = [own, *under]
    sums = {
        name: sum(getattr(row, name) for row in rows)
        for name in ("villages", "grids", "micro_grids", "acknowledged", "leaves", "vacant", "red")
    }
    return own._replace(**sums)


def _named(rows: QuerySet[ResponsiblePerson], at: datetime) -> tuple[PersonLine, ...]:
    """With the names of those who assigned, acknowledged and ended, in the same question."""
    people = Officer.objects.exclude(sign_in_name__startswith="system:")
    told = rows.annotate(
        assigner=_name(people, "assigned_by"),
        acknowledger=_name(people, "acknowledged_by"),
        ender=_name(people, "ended_by"),
    )
    return tuple(_line(row, at) for row in told)


def _name(people: QuerySet[Officer], who: str) -> object:
    return Subquery(people.filter(pk=OuterRef(who)).values("name"))


def _line(row: ResponsiblePerson, at: datetime) -> PersonLine:
    return PersonLine(
        row.id, row.division, row.kind, row.name, row.unit, row.phone, row.officer_id, row.from_at, row.until_at,
        row.acknowledged_at, row.ended_as, is_acknowledged(row, at), getattr(row, "assigner", None) or "",
        getattr(row, "acknowledger", None) or "", getattr(row, "ender", None) or "",
    )  # fmt: skip


# One row for the division itself, one for each directly under it with all it holds.
BRANCHES = f"""
{NODES}{EMPTY}
, known AS (
    SELECT *, {LEAF} AS is_leaf, CASE WHEN code = %(code)s THEN code ELSE left(code, %(length)s) END AS branch FROM node
)
SELECT n.branch, max(n.level) FILTER (WHERE n.code = n.branch), max(n.name) FILTER (WHERE n.code = n.branch),
       count(*) FILTER (WHERE n.level = 'VILLAGE'), count(*) FILTER (WHERE n.level = 'GRID'),
       count(*) FILTER (WHERE n.level = 'MICRO_GRID'), count(*) FILTER (WHERE n.is_leaf AND n.held),
       count(*) FILTER (WHERE n.is_leaf), count(*) FILTER (WHERE NOT n.held), count(*) FILTER (WHERE told.is_red),
       bool_or(NOT n.held) FILTER (WHERE n.code = n.branch)
FROM known n LEFT JOIN told ON told.code = n.code GROUP BY n.branch
HAVING bool_or(n.code = n.branch) ORDER BY n.branch
"""
PLACED = """
SELECT 'OVERLAY', id, kind, title, name, phone, '', '{}'::text[], from_at FROM overlay
WHERE division = %(division)s AND from_at <= %(at)s AND (until_at IS NULL OR until_at > %(at)s)
UNION ALL
SELECT 'STAFF', id, kind, '', name, phone, home_unit, duties, from_at FROM grid_staff
WHERE division = %(division)s AND from_at <= %(at)s AND (until_at IS NULL OR until_at > %(at)s)
ORDER BY 1, 3, 4, 5, 2
"""
PEOPLE = """
SELECT r.code, r.short_name, p.id, p.division, p.kind, p.name, p.unit, p.phone, p.officer_id, p.from_at, p.until_at,
       p.acknowledged_at, p.ended_as, coalesce(p.acknowledged_at <= %(at)s, false)
FROM region r LEFT JOIN responsible_person p ON p.division = r.code AND p.from_at <= %(at)s
    AND (p.until_at IS NULL OR p.until_at > %(at)s)
WHERE r.code = ANY(%(codes)s) AND r.valid_from <= %(on)s AND (r.valid_to IS NULL OR r.valid_to > %(on)s)
ORDER BY p.from_at, p.id
"""
COUNTED = """
SELECT 'OVERLAY', kind, count(*) FROM overlay
WHERE lo >= %(lo)s AND hi <= %(hi)s AND from_at <= %(at)s AND (until_at IS NULL OR until_at > %(at)s) GROUP BY kind
UNION ALL
SELECT 'STAFF', kind, count(*) FROM grid_staff
WHERE lo >= %(lo)s AND hi <= %(hi)s AND from_at <= %(at)s AND (until_at IS NULL OR until_at > %(at)s) GROUP BY kind
"""
