"""The file of a person: what is said, where he belongs, who is kin, what was joined, and what happened in time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from lianfang.kernel.days import day_of
from lianfang.kernel.masking import OPENED, UNMASKED, Sight
from lianfang.kernel.reach import Reach
from lianfang.kernel.within import within
from lianfang.people.models import Kinship, NotTheSame, Person, PersonCall, PersonMerge, StayInHousehold
from lianfang.people.opening import open_person
from lianfang.people.queries.kin import Tie, standing, ties_of
from lianfang.people.queries.shown import DoorShown, PersonInView, door_shown, shown
from lianfang.people.queries.tellers import tellers


class StayShown(NamedTuple):
    """A stretch in a household within reach."""

    household: UUID
    door: DoorShown
    relation: str
    state: str
    from_at: datetime
    until_at: datetime | None


class KinShown(NamedTuple):
    """Somebody who is the `kind` (CHILD …) of the person, who is the `other_way` of him; `name` is None beyond reach."""

    person: UUID
    name: str | None
    kind: str
    other_way: str
    at: datetime
    by: str


class MergeShown(NamedTuple):
    """A merge with another file, which was kept or merged into this one."""

    id: UUID
    other: UUID
    name: str
    this_was_kept: bool
    at: datetime
    by: str
    reason: str
    undone_at: datetime | None
    undone_by: str


class Happened(NamedTuple):
    """A line of the file's time: what (a code), when, who (a name, or nobody), and details in codes."""

    at: datetime
    what: str
    by: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileOfPerson:
    """`own`: it lies within the officer's own postings, so he may act. `merged_into`: the file that was kept."""

    id: UUID
    jurisdiction: int
    opened_on: date
    own: bool
    person: PersonInView
    merged_into: UUID | None
    stays: tuple[StayShown, ...]
    kin: tuple[KinShown, ...]
    merges: tuple[MergeShown, ...]
    calls: tuple[PersonCall, ...]
    others: tuple[UUID, ...]
    time_line: tuple[Happened, ...]


def person_file(reach: Reach, id: UUID, *, at: datetime, sight: Sight = OPENED) -> FileOfPerson | None:
    """None when there is no such file, or none that this officer may see. Numbers take a permission of their own."""
    reach.require("VIEW_PEOPLE")
    if sight is UNMASKED:
        reach.require("UNMASK")
    return files_of(reach, [id], at=at, sight=sight).get(id)


def files_of(reach: Reach, ids: Sequence[UUID], *, at: datetime, sight: Sight) -> dict[UUID, FileOfPerson]:
    """Files by id, in as many questions as one takes; for questions and acts that asked for their permission."""
    rows = list(Person.objects.filter(within(reach), pk__in=ids))
    found = [row.id for row in rows]
    stays = list(
        StayInHousehold.objects.filter(person__in=found).order_by("from_at", "id").select_related("household")
    )
    ties = ties_of(found)
    merges = list(PersonMerge.objects.filter(Q(kept__in=found) | Q(merged__in=found)).order_by("merged_at"))
    calls = list(PersonCall.objects.filter(person_id__in=found).order_by("at", "kind", "reference"))
    pairs = list(NotTheSame.objects.filter(Q(one__in=found) | Q(other__in=found)))
    around = {tie.other for some in ties.values() for tie in some}
    around |= {id for one in merges for id in (one.kept_id, one.merged_id)}
    known = _Round(_people_named(reach, around - {*found}, rows, sight), {}, sight, at)
    known.officers.update(
        _officers(stays, [tie.told for some in ties.values() for tie in some], merges, rows)
    )
    return {
        row.id: _file(reach, row, known, stays=[s for s in stays if s.person_id == row.id],
                      kin=ties[row.id],
                      merges=[m for m in merges if row.id in (m.kept_id, m.merged_id)],
                      calls=[c for c in calls if c.person_id == row.id],
                      pairs=[p for p in pairs if row.id in (p.one_id, p.other_id)])
        for row in rows
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Round:
    """Names round a file, how much of it is seen, and the moment it is asked at."""

    names: dict[UUID, str]
    officers: dict[UUID, str]
    sight: Sight
    at: datetime


def _people_named(reach: Reach, ids: Iterable[UUID], rows: Sequence[Person], sight: Sight) -> dict[UUID, str]:
    others = list(Person.objects.filter(within(reach), pk__in=list(ids)))
    return {row.id: sight.name(open_person(row).facts.name) for row in [*rows, *others]}


def _officers(
    stays: Sequence[StayInHousehold],
    kin: Sequence[Kinship],
    merges: Sequence[PersonMerge],
    rows: Sequence[Person],
) -> dict[UUID, str]:
    """Whoever told, by name: officers, and grid workers by what their phone is called."""
    ids = {one.told_by for one in stays} | {one.told_by for one in kin} | {one.merged_by for one in merges}
    ids |= {one.taken_back_by for one in kin if one.taken_back_by}
    ids |= {one.undone_by for one in merges if one.undone_by}
    ids |= {earlier.by for row in rows for earlier in open_person(row).facts.earlier}
    return tellers(ids)


def _file(
    reach: Reach,
    row: Person,
    known: _Round,
    *,
    stays: Sequence[StayInHousehold],
    kin: Sequence[Tie],
    merges: Sequence[PersonMerge],
    calls: Sequence[PersonCall],
    pairs: Sequence[NotTheSame],
) -> FileOfPerson:
    opened = open_person(row)
    into = next((one.kept_id for one in merges if one.merged_id == row.id and not one.undone_at), None)
    happened = [
        Happened(row.opened_at, "OPENED", ""),
        *(Happened(one.at, "CALLED", "", (one.kind, one.rule_row or "")) for one in calls),
        *(
            Happened(one.at, "AMENDED", known.officers.get(one.by, ""), tuple(sorted(one.before)) or ("-",))
            for one in opened.facts.earlier
        ),
        *_stayed(stays, known),
        *_related([tie.told for tie in kin], known),
        *_merged(row, merges, known),
    ]
    if row.closed_at:
        happened.append(Happened(row.closed_at, "CLOSED", ""))
    return FileOfPerson(
        id=row.id,
        jurisdiction=row.jurisdiction,
        opened_on=row.opened_on,
        own=reach.holds(row.jurisdiction),
        person=shown(row, opened.state, opened.facts, known.sight, on=day_of(known.at)),
        merged_into=into,
        stays=tuple(_stay(one, known) for one in stays),
        kin=tuple(_kin(tie, known) for tie in standing(kin)),
        merges=tuple(_merge(row, one, known) for one in merges),
        calls=tuple(calls),
        others=tuple(one.other_id if one.one_id == row.id else one.one_id for one in pairs),
        time_line=tuple(sorted(happened, key=lambda one: one.at)),
    )


def _stay(one: StayInHousehold, known: _Round) -> StayShown:
    return StayShown(
        one.household_id,
        door_shown(one.household, known.sight),
        one.relation,
        one.state,
        one.from_at,
        one.until_at,
    )


def _stayed(stays: Sequence[StayInHousehold], known: _Round) -> list[Happened]:
    return [
        Happened(one.from_at, "STAYED", known.officers.get(one.told_by, ""), (one.state, one.household.code))
        for one in stays
    ]


def _kin(tie: Tie, known: _Round) -> KinShown:
    by = known.officers.get(tie.told.told_by, "")
    return KinShown(tie.other, known.names.get(tie.other), tie.kind, tie.other_way, tie.told.at, by)


def _related(kin: Sequence[Kinship], known: _Round) -> list[Happened]:
    happened = []
    for one in kin:
        happened.append(Happened(one.at, "KIN_TOLD", known.officers.get(one.told_by, "")))
        if one.taken_back_at and one.taken_back_by:
            by = known.officers.get(one.taken_back_by, "")
            happened.append(Happened(one.taken_back_at, "KIN_TAKEN_BACK", by))
    return happened


def _merge(row: Person, one: PersonMerge, known: _Round) -> MergeShown:
    kept = one.kept_id == row.id
    other = one.merged_id if kept else one.kept_id
    return MergeShown(
        id=one.id,
        other=other,
        name=known.names.get(other, ""),
        this_was_kept=kept,
        at=one.merged_at,
        by=known.officers.get(one.merged_by, ""),
        reason=known.sight.text(one.reason),
        undone_at=one.undone_at,
        undone_by=known.officers.get(one.undone_by, "") if one.undone_by else "",
    )


def _merged(row: Person, merges: Sequence[PersonMerge], known: _Round) -> list[Happened]:
    happened = []
    for one in merges:
        what = "KEPT" if one.kept_id == row.id else "MERGED"
        happened.append(Happened(one.merged_at, what, known.officers.get(one.merged_by, "")))
        if one.undone_at and one.undone_by:
            happened.append(Happened(one.undone_at, "UNDONE", known.officers.get(one.undone_by, "")))
    return happened
