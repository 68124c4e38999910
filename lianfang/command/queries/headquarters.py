"""Headquarters that an officer may know, their groups, and who is in them."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from lianfang.command.models import Headquarters, Membership, Officer, Posting, WorkGroup
from lianfang.command.queries.officers import Colleague, lies_within
from lianfang.kernel.divisions import is_code, span
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Forbidden, NotFound

MOST_OFFICERS = 500


class HeadquartersLine(NamedTuple):
    """A headquarters as it is chosen. `kept`: the reader may write its plan."""

    id: UUID
    division: str
    name: str
    lo: int
    hi: int
    kept: bool


class GroupLine(NamedTuple):
    """A group of a headquarters. `depth`: 0, or 1 for a group of a group."""

    id: UUID
    code: str
    zh: str
    en: str
    depth: int


@dataclass(frozen=True, slots=True)
class MemberLine:
    """Somebody in a group today. `gone`: an officer who has left the service."""

    id: UUID
    group: UUID
    person: UUID
    name: str
    phone: str
    role: str
    title: str
    from_at: datetime
    has_account: bool
    gone: bool


def in_sight(reach: Reach, of: str = "") -> Q:
    """Headquarters within the officer's own area, and those above it, whom he calls. `of`: the way there from a row."""
    found = Q(pk__in=[])
    for lo, hi in reach.spans:
        found |= Q(**{f"{of}lo__gte": lo, f"{of}hi__lte": hi}) | Q(**{f"{of}lo__lte": lo, f"{of}hi__gte": hi})
    return found


def is_kept(reach: Reach, headquarters: Headquarters) -> bool:
    return reach.may("KEEP_DUTY") and reach.covers(headquarters.division)


def headquarters_in_sight(reach: Reach) -> list[HeadquartersLine]:
    """The officer's own first, then those above it, the closest first, then those below, by code."""
    reach.require("VIEW_DUTY")
    rows = Headquarters.objects.filter(in_sight(reach)).order_by("lo", F("hi").desc())
    own = {(lo, hi) for lo, hi in reach.spans}
    listed = sorted(rows, key=lambda row: _nearness(row, own))
    return [_line(reach, row) for row in listed]


def _nearness(row: Headquarters, own: set[tuple[int, int]]) -> tuple[int, int]:
    if (row.lo, row.hi) in own:
        return 0, row.lo
    above = any(row.lo <= lo and hi <= row.hi for lo, hi in own)
    return (1, row.hi - row.lo) if above else (2, row.lo)


def headquarters_over(reach: Reach, division: str | None) -> HeadquartersLine | None:
    """The closest headquarters that answers for a division: of the city a wall hangs in. For screens too."""
    if not reach.may("VIEW_WALL"):
        reach.require("VIEW_DUTY")
    if division is None or not is_code(division):
        return None
    lo, hi = span(division)
    row = Headquarters.objects.filter(lo__lte=lo, hi__gte=hi).order_by(F("hi") - F("lo")).first()
    return _line(reach, row) if row else None


def _line(reach: Reach, row: Headquarters) -> HeadquartersLine:
    return HeadquartersLine(row.id, row.division, row.name, row.lo, row.hi, is_kept(reach, row))


def groups_of(reach: Reach, headquarters: UUID) -> list[GroupLine]:
    """In the order in which they are named, each followed by its own."""
    if not reach.may("VIEW_WALL"):
        reach.require("VIEW_DUTY")
    rows = list(WorkGroup.objects.filter(headquarters=headquarters).order_by("position", "id"))
    parts = {row.id: [one for one in rows if one.parent_id == row.id] for row in rows}
    ordered = [
        (one, depth) for row in rows if row.parent_id is None for one, depth in _with_parts(row, parts, 0)
    ]
    return [GroupLine(row.id, row.code, row.name_zh, row.name_en, depth) for row, depth in ordered]


def _with_parts(
    row: WorkGroup, parts: dict[UUID, list[WorkGroup]], depth: int
) -> list[tuple[WorkGroup, int]]:
    below = [pair for part in parts[row.id] for pair in _with_parts(part, parts, depth + 1)]
    return [(row, depth), *below]


_RANK = ("LEADER", "DEPUTY_LEADER", "MEMBER", "LIAISON")


def members_of(reach: Reach, headquarters: UUID, *, at: datetime) -> list[MemberLine]:
    """Everybody in its groups at that moment, leaders first."""
    reach.require("VIEW_DUTY")
    rows = (
        Membership.objects.filter(in_sight(reach, "group__headquarters__"), group__headquarters=headquarters)
        .filter(is_member(at))
        .select_related("person__officer")
    )
    lines = [
        MemberLine(
            row.id, row.group_id, row.person_id, row.person.name, row.person.phone, row.role, row.title, row.from_at,
            has_account=row.person.officer is not None,
            gone=row.person.officer is not None and row.person.officer.left_at is not None,
        )
        for row in rows
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (_RANK.index(line.role), line.name, line.id))


def officers_to_choose(reach: Reach) -> list[Colleague]:
    """Officers posted within the reader's own area, by name: who of them does duty is his to say."""
    reach.require("KEEP_DUTY")
    found = posted_within(reach).order_by("name", "id").values_list("id", "name")
    return [Colleague(*row) for row in found[:MOST_OFFICERS]]


def posted_within(reach: Reach) -> QuerySet[Officer]:
    """In service, with a posting in force within reach, by the database's clock as for sessions."""
    in_force = Q(from_at__lte=Now()) & (Q(until_at=None) | Q(until_at__gt=Now()))
    held = Posting.objects.filter(lies_within(reach), in_force, officer=OuterRef("pk"))
    people = Officer.objects.exclude(sign_in_name__startswith="system:")
    return people.filter(Exists(held), left_at=None)


def is_member(at: datetime) -> Q:
    return Q(from_at__lte=at) & (Q(until_at=None) | Q(until_at__gt=at))


def kept_headquarters(reach: Reach, id: UUID) -> Headquarters:
    """The one whose plan the officer may write; one that he only sees is refused, another does not exist for him."""
    reach.require("KEEP_DUTY")
    found = Headquarters.objects.filter(in_sight(reach), pk=id).first()
    if found is None:
        raise unknown_headquarters()
    require_kept(reach, found)
    return found


def require_kept(reach: Reach, headquarters: Headquarters) -> None:
    reach.require("KEEP_DUTY")
    if not reach.covers(headquarters.division):
        raise Forbidden(
            "HEADQUARTERS_OF_OTHERS",
            "这是上级指挥部，由它自己的值班员来办。",
            "These are headquarters above yours: their own desk does this.",
        )


def unknown_headquarters() -> NotFound:
    return NotFound(
        "HEADQUARTERS_UNKNOWN", "辖区内没有这个指挥部。", "There are no such headquarters in your area."
    )
