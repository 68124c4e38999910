"""Where a row belongs: the door that there is or that is opened, the file that there is or that is opened, and the stay."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from lianfang.journeys.rosters.telling import RosterRow
from lianfang.kernel import documents
from lianfang.kernel.as_typed import plain
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import as_integer, span
from lianfang.kernel.reach import Reach
from lianfang.kernel.within import within
from lianfang.people.facts import Call, DoorTold, PersonTold, WantedFile, keys_of
from lianfang.people.models import Household, Person, StayInHousehold
from lianfang.people.opening import open_door, open_person
from lianfang.people.rules import PRESENT, similar_names
from lianfang.people.services import Door, Joining, join_all, open_households
from lianfang.people.services.opening import elsewhere, open_more
from lianfang.regions.queries import under

COMPARED = (
    "name",
    "phone",
    "other_phones",
    "sex",
    "born_on",
    "occupation",
    "note",
)  # of a file that there is already, with what the table says


def same_door(address: str) -> str:
    """An address as it is compared: 8号楼3单元201室 and ８号楼 3单元 201 are one door."""
    return plain(address).removesuffix("室").removesuffix("户")


class DoorKey(NamedTuple):
    """Two grids have a 1号 each: what tells doors apart is the place (18 digits) and the address in it."""

    place: int
    address: str


@dataclass(slots=True)
class Doors:
    """The doors of a division, by place and address; `members`: who is behind each now."""

    division: str
    grids: Mapping[str, str]
    known: dict[DoorKey, Household]
    members: dict[UUID, dict[UUID, StayInHousehold]]
    opened: int = 0

    @classmethod
    def of(cls, seen: Reach, division: str, at: datetime) -> "Doors":
        lo, hi = span(division)
        rows = Household.objects.filter(
            within(seen), closed_at=None, jurisdiction__gte=lo, jurisdiction__lte=hi
        )
        known = {DoorKey(row.jurisdiction, same_door(open_door(row).facts.address)): row for row in rows}
        members: dict[UUID, dict[UUID, StayInHousehold]] = {}
        stays = StayInHousehold.objects.filter(
            household__in=[row.id for row in known.values()], until_at=None
        )
        for stay in stays:
            members.setdefault(stay.household_id, {})[stay.person_id] = stay
        return cls(division, _grids(division, at), known, members)

    def open(self, seen: Reach, at: datetime, rows: Sequence[RosterRow]) -> dict[int, UUID]:
        """The household of each row, by the row's number; new doors are opened in the order of the table."""
        new: dict[DoorKey, Door] = {}
        keys: dict[int, DoorKey] = {}
        alone = _alone(self.known)
        for row in rows:
            division = self._division(row)
            key = DoorKey(as_integer(division), same_door(row.door))
            if not row.grid and key not in self.known:
                key = alone.get(key.address, key)
            keys[row.line.number] = key
            if key not in self.known and (key not in new or row.person is not None):
                occupancy = row.occupancy
                if row.person is not None and occupancy in ("VACANT", "MOVED"):
                    row.flags.append("OCCUPANCY_ODD")
                    occupancy = "OCCUPIED"
                new[key] = Door(division, DoorTold(address=row.door, note=row.note), occupancy)
            elif row.note:
                row.flags.append("NOTE_NOT_KEPT")
        made = open_households(by=seen, at=at, doors=list(new.values())) if new else []
        self.known.update(zip(new, made, strict=True))
        self.opened = len(made)
        return {number: self.known[key].id for number, key in keys.items()}

    def _division(self, row: RosterRow) -> str:
        if not row.grid:
            return self.division
        found = self.grids.get(plain(row.grid))
        if found is None:
            row.flags.append("GRID_UNKNOWN")
        return found or self.division


def _alone(known: Iterable[DoorKey]) -> dict[str, DoorKey]:
    """The doors whose address stands in one place only: a row that names no grid is about that one."""
    times = Counter(key.address for key in known)
    return {key.address: key for key in known if times[key.address] == 1}


def _grids(division: str, at: datetime) -> dict[str, str]:
    """Grids and micro-grids below, by code, name and short name."""
    on = day_of(at)
    below = [one for level in ("GRID", "MICRO_GRID") for one in under(division, level, on)]
    return {plain(name): one.code for one in below for name in (one.code, one.name, one.short_name)}


@dataclass(slots=True)
class RowsOfPeople:
    """The rows that name somebody, with the household of each, and what becomes of them."""

    rows: list[RosterRow]
    homes: Mapping[int, UUID]
    doors: Doors
    at: datetime
    found: dict[int, UUID] = field(default_factory=dict)
    opened: int = 0

    @classmethod
    def of(
        cls,
        seen: Reach,
        at: datetime,
        rows: Sequence[RosterRow],
        homes: Mapping[int, UUID],
        doors: Doors,
        *,
        ask_elsewhere: bool,
    ) -> "RowsOfPeople":
        people = cls([row for row in rows if row.person is not None], homes, doors, at)
        people._part_shared_documents()
        if ask_elsewhere:
            people._refuse_those_elsewhere()
        people._find_by_name(seen)
        return people

    def _key(self, row: RosterRow) -> str | None:
        return keys_of(row.person or PersonTold(), on=day_of(self.at)).document

    def _part_shared_documents(self) -> None:
        """One number over two people (a merged cell): it is nobody's but the first's, and stays in the other's note."""
        first: dict[str, str] = {}
        for row in self.rows:
            key, told = self._key(row), row.person
            if key is None or told is None or told.document is None:
                continue
            name = first.setdefault(key, told.name)
            if not similar_names(name, told.name):
                row.flags.append("DOCUMENT_SHARED")
                row.person = _without_document(told)

    def _refuse_those_elsewhere(self) -> None:
        beyond = elsewhere(key for row in self.rows if (key := self._key(row)))
        for row in self.rows:
            if beyond and self._key(row) in beyond:
                row.refused = "FILE_ELSEWHERE"
        self.rows = [row for row in self.rows if not row.refused]

    def _find_by_name(self, seen: Reach) -> None:
        """Whoever has no document is found among those behind the same door, so that a table may be loaded again.

        So is who has one by now, or the right one: under his name stands a file without a document in order.
        """
        ids = {person for some in self.doors.members.values() for person in some}
        names = {row.id: open_person(row).facts for row in Person.objects.filter(within(seen), pk__in=ids)}
        for row in self.rows:
            behind = self.doors.members.get(self.homes[row.line.number], {})
            same = (
                id
                for id in behind
                if id in names
                and _same_name(row, names[id])
                and (self._key(row) is None or not _has_document(names[id], day_of(self.at)))
            )
            if (id := next(same, None)) is not None:
                self.found[row.line.number] = id

    def open(self, *, reference: str) -> None:
        """The files of the others, in one go; `reference` names this import as what called for them."""
        asked = [row for row in self.rows if row.line.number not in self.found]
        divisions = {door.id: door.division for door in self.doors.known.values()}
        wanted = [
            WantedFile(
                Call("ROSTER", f"{reference}/{row.line.number}"),
                row.person or PersonTold(),
                divisions[self.homes[row.line.number]],
            )
            for row in asked
        ]
        answers = open_more(wanted=wanted, at=self.at)
        for row, answer in zip(asked, answers, strict=True):
            if answer.is_cleared:
                row.refused = "FILE_DESTROYED"
            else:
                self.found[row.line.number] = answer.id
        self.opened = len({one.id for one in answers if one.is_new})
        self.rows = [row for row in self.rows if not row.refused]
        self._compare({one.id for one in answers if one.is_new})

    def _compare(self, new: set[UUID]) -> None:
        """A file that there is already, be it by an earlier row, is not changed; that a row says something else is told."""
        known = Person.objects.filter(pk__in=set(self.found.values()) - new)
        stands = {row.id: open_person(row).facts for row in known}
        for row in self.rows:
            told = row.person or PersonTold()
            before = stands.setdefault(self.found[row.line.number], told)
            key = self._key(row)
            other_document = key is not None and key != keys_of(before, on=day_of(self.at)).document
            if other_document or any(_differs(before, told, name) for name in COMPARED):
                row.flags.append("DIFFERS")

    def settle(self, seen: Reach) -> None:
        """Everybody into the household of the row; whoever is present elsewhere is written down as away here."""
        stays = StayInHousehold.objects.filter(person__in=set(self.found.values()), until_at=None)
        present = {one.person_id for one in stays if one.state in PRESENT}
        there = {(one.person_id, one.household_id) for one in stays}
        new: list[Joining] = []
        now_there: set[tuple[UUID, UUID]] = set()
        for row in self.rows:
            person, home = self.found[row.line.number], self.homes[row.line.number]
            if (person, home) in now_there:
                row.flags.append("ROW_TWICE")
            if (person, home) in there or (person, home) in now_there:
                continue
            state = row.state
            if state in PRESENT and person in present:
                row.flags.append("PRESENT_ELSEWHERE")
                state = "AWAY"
            if state in PRESENT:
                present.add(person)
            now_there.add((person, home))
            new.append(Joining(person, home, row.relation, state))
        if new:
            join_all(by=seen, at=self.at, joining=new)


def _without_document(told: PersonTold) -> PersonTold:
    number = told.document.number if told.document else ""
    note = "；".join(filter(None, [told.note, f"表格里的证件号：{number}"]))
    return PersonTold(
        name=told.name, sex=told.sex, born_on=told.born_on, age_told=told.age_told, told_on=told.told_on,
        occupation=told.occupation, phone=told.phone, other_phones=told.other_phones, address=told.address, note=note,
    )  # fmt: skip


def _has_document(stands: PersonTold, on: date) -> bool:
    """One that passes every check."""
    told = stands.document
    return told is not None and not documents.normalise(told.type, told.number, on=on).flags


def _same_name(row: RosterRow, stands: PersonTold) -> bool:
    told = row.person
    return told is not None and bool(told.name) and plain(told.name) == plain(stands.name)


def _differs(stands: PersonTold, told: PersonTold, name: str) -> bool:
    """What the table leaves blank says nothing."""
    new, old = getattr(told, name), getattr(stands, name)
    return bool(new) and plain(str(new)) != plain(str(old or ""))
