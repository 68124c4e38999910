"""One passage with its people and its history, as it stands after its corrections."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from lianfang.checkpoints.history import Event, Names, history, in_words
from lianfang.checkpoints.models import ConflictItem, Correction, Device, Passage, Registration
from lianfang.checkpoints.opening import Standing, State, standing
from lianfang.checkpoints.queries.lists import checkpoint_names, corrections_of, occurred_at, people_of
from lianfang.checkpoints.queries.person_files import PersonFile, person_file
from lianfang.checkpoints.queries.turn_backs import PROPOSED, TurnBackDecided, decisions_of
from lianfang.checkpoints.queries.within import within
from lianfang.command.models import Officer
from lianfang.kernel.masking import OPENED, UNMASKED, Sight
from lianfang.kernel.reach import Reach


@dataclass(frozen=True, slots=True)
class PassageFile:
    """A passage, its people in the order of the party, and what became of them all in the order it was received.

    `own`: it lies within the officer's own postings, so he may do something about it.
    """

    id: UUID
    jurisdiction: int
    state: State
    occurred_at: datetime
    received_at: datetime
    captured_on: date
    checkpoint: str
    checkpoint_name: str
    lane: str | None
    officer: str | None
    crew: tuple[str, ...]
    direction: str
    transport: str
    purpose: str | None
    source: str
    plate: str | None
    vehicle_note: str | None
    trip: str
    roster_expected: int | None
    flags: tuple[str, ...]
    corrected: bool
    own: bool
    people: tuple[PersonFile, ...]
    history: tuple[Event, ...]


Records = Sequence[Passage | Registration]
SightOf = Callable[[UUID], Sight]


def passage_file(reach: Reach, id: UUID, *, sight: Sight = OPENED) -> PassageFile | None:
    """None when there is no such passage, or none that this officer may see. Numbers take a permission of their own."""
    reach.require("VIEW_PASSAGES")
    if sight is UNMASKED:
        reach.require("UNMASK")
    return files_of(reach, [id], lambda _record: sight).get(id)


def files_of(reach: Reach, ids: Sequence[UUID], sight_of: SightOf) -> dict[UUID, PassageFile]:
    """Files by id, in as many questions as one takes. `sight_of` says by a record's id how much of it is shown.

    For questions and acts that have asked for their permission.
    """
    rows = list(Passage.objects.filter(within(reach), pk__in=ids))
    people = people_of(reach, [row.id for row in rows])
    records: list[Passage | Registration] = [*rows, *(one for party in people.values() for one in party)]
    corrections = corrections_of(reach, [record.id for record in records])
    past = _Past(corrections, _conflicts(reach, records), sight_of)
    named, posts = past.named(records), checkpoint_names(reach)
    proposed = [one.id for party in people.values() for one in party if PROPOSED in one.measures]
    decided = decisions_of(reach, proposed, sight_of)
    files = {}
    for row in rows:
        header = standing(row, corrections[row.id, "PASSAGE"])
        party = [standing(person, corrections[person.id, "REGISTRATION"]) for person in people[row.id]]
        files[row.id] = _file(
            header,
            party,
            past.events([row, *people[row.id]], named),
            posts,
            sight_of,
            decided,
            own=reach.holds(row.jurisdiction),
        )
    return files


def _conflicts(reach: Reach, records: Records) -> Mapping[tuple[UUID, str], list[ConflictItem]]:
    conflicts: dict[tuple[UUID, str], list[ConflictItem]] = defaultdict(list)
    ids = [record.id for record in records]
    for item in ConflictItem.objects.filter(within(reach), record_id__in=ids).order_by("received_at", "id"):
        conflicts[item.record_id, item.kind].append(item)
    return conflicts


@dataclass(frozen=True, slots=True)
class _Past:
    """What lies over the records and beside them."""

    corrections: Mapping[tuple[UUID, str], list[Correction]]
    conflicts: Mapping[tuple[UUID, str], list[ConflictItem]]
    sight_of: SightOf

    def named(self, records: Records) -> Names:
        """Everybody who registered, corrected or met them."""
        rows = [*records, *(c for some in self.corrections.values() for c in some)]
        return _names([*rows, *(item for some in self.conflicts.values() for item in some)])

    def events(self, records: Records, names: Names) -> tuple[Event, ...]:
        """Of a passage, which comes first, and its people."""
        events = []
        for place, record in enumerate(records):
            kind = "REGISTRATION" if isinstance(record, Registration) else "PASSAGE"
            events += history(
                record=record,
                person=place or None,
                corrections=self.corrections.get((record.id, kind), ()),
                conflicts=self.conflicts.get((record.id, kind), ()),
                names=names,
                sight=self.sight_of(record.id),
            )
        return tuple(sorted(events, key=lambda event: event.received_at))


def _names(rows: Iterable[Any]) -> Names:
    devices = {row.device_id for row in rows if row.device_id}
    officers = {row.officer_id for row in rows if isinstance(row, Correction) and row.officer_id}
    return Names(
        dict(Device.objects.filter(pk__in=devices).values_list("id", "name")),
        dict(Officer.objects.filter(pk__in=officers).values_list("id", "name")),
    )


def _file(
    header: Standing[Passage],
    party: Sequence[Standing[Registration]],
    events: tuple[Event, ...],
    names: Mapping[str, str],
    sight_of: SightOf,
    decided: Mapping[UUID, TurnBackDecided],
    *,
    own: bool,
) -> PassageFile:
    code, fields = header.fact("checkpoint"), header.fields
    places = {str(person.row.id): place for place, person in enumerate(party, 1)}
    return PassageFile(
        id=header.row.id,
        jurisdiction=header.row.jurisdiction,
        state=header.state,
        occurred_at=occurred_at(header),
        received_at=header.row.received_at,
        captured_on=header.day,
        checkpoint=code,
        checkpoint_name=names.get(code, code),
        lane=in_words("lane", fields.get("lane")) or None,
        officer=fields.get("officer") or header.row.officer,
        crew=tuple(fields.get("crew") or ()),
        direction=header.fact("direction"),
        transport=header.fact("transport"),
        purpose=header.fact("purpose"),
        source=header.row.source,
        plate=fields.get("plate"),
        vehicle_note=in_words("vehicle_note", fields.get("vehicle_note"), sight_of(header.row.id)) or None,
        trip=in_words("trip", fields.get("trip")),
        roster_expected=header.row.roster_expected,
        flags=header.flags,
        corrected=header.corrected,
        own=own,
        people=tuple(
            person_file(person, place, places, sight_of(person.row.id), decided.get(person.row.id))
            for place, person in enumerate(party, 1)
        ),
        history=events,
    )
