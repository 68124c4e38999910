"""A grid worker opens the doors of his grid: who is handed over to it, door by door as it is walked, and its households.

Referrals say who, files say his name, telephone and address, households say the door. All of it in full: it is the worker's
own grid, and he must find the door. What is read is written down with its count.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from lianfang.checkpoints.queries.handed_over import CameFrom, came_from
from lianfang.command.models import RosterToken
from lianfang.command.services import open_grid_phone
from lianfang.kernel.audit import Act, note
from lianfang.kernel.reach import GridReach, grid_reach
from lianfang.people.queries.at_doors import (
    HomeDoor,
    HouseholdsAtDoors,
    homes_of,
    households_at_doors,
    people_at_doors,
)
from lianfang.people.queries.shown import PersonInView
from lianfang.referrals.headed import addresses_since
from lianfang.referrals.models import Referral
from lianfang.referrals.on_the_grid import AnsweredAtDoor, OnTheGrid, answered, on_the_grid
from lianfang.referrals.services.sheets import walking


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody to be called on. `party`: how many of one vehicle are handed over to this grid, he included."""

    one: Referral
    person: PersonInView | None
    came: CameFrom
    party: int
    answered: AnsweredAtDoor | None
    since: str | None = None

    @property
    def address(self) -> str:
        """Where he is to be found: what was written when he was sent here from elsewhere, else what he told."""
        return self.since or (self.person.address if self.person else "")


@dataclass(frozen=True, slots=True)
class GridDoor:
    """A door with everybody who is called on there. `household` None: nobody knows yet which of the grid's it is."""

    household: UUID | None
    code: str | None
    address: str
    people: tuple[Caller, ...]


class GridDoors(NamedTuple):
    """The doors of a division in walking order."""

    division: str
    expires_at: datetime
    doors: list[GridDoor]
    more: bool


class GridHouseholds(NamedTuple):
    """A page of a division's households."""

    division: str
    page: HouseholdsAtDoors


def read_grid_doors(*, token: str, pin: str, at: datetime) -> GridDoors:
    """Refused like `open_grid_phone`."""
    phone, hand = _opened(token, pin, at)
    with grid_reach(hand):
        found = on_the_grid(hand, at=at)
        callers = _callers(hand, found, at)
        doors = _doors(callers, homes_of(hand, {one.person.id for one in callers if one.person}))
        note_read(hand, len(found.referrals), "doors")
    return GridDoors(phone.division, phone.expires_at or at, doors, found.more)


def read_grid_households(*, token: str, pin: str, at: datetime, after: str | None = None) -> GridHouseholds:
    """Refused like `open_grid_phone`."""
    phone, hand = _opened(token, pin, at)
    with grid_reach(hand):
        page = households_at_doors(hand, at=at, after=after)
        note_read(hand, sum(len(one.residents) for one in page.households), "households")
    return GridHouseholds(phone.division, page)


def hand_of(phone: RosterToken, at: datetime) -> GridReach:
    return GridReach(phone.id, bytes(phone.token_hash or b""), phone.lo, phone.hi, at)


def note_read(hand: GridReach, count: int, page: str) -> None:
    """What the phone read, with its count."""
    note(
        Act.ROSTER_READ, by=None, subject=f"ROSTER {hand.roster_id}", count=count, jurisdiction=hand.lo,
        details={"page": page},
    )  # fmt: skip


def _opened(token: str, pin: str, at: datetime) -> tuple[RosterToken, GridReach]:
    phone = open_grid_phone(token=token, pin=pin, at=at)
    return phone, hand_of(phone, at)


def _callers(hand: GridReach, found: OnTheGrid, at: datetime) -> list[Caller]:
    ids = [one.id for one in found.referrals]
    people = people_at_doors(hand, _files(found.referrals), at=at)
    came, said = came_from(hand, ids), answered(hand, ids)
    since = addresses_since(hand, found.referrals)
    party = Counter(one.passage_id for one in found.referrals)
    return [
        Caller(
            one,
            people.get(one.person_id) if one.person_id else None,
            came.get(one.registration_id, CameFrom(None, "")),
            party[one.passage_id],
            said.get(one.id),
            since.get(one.id),
        )
        for one in found.referrals
    ]


def _files(referrals: Sequence[Referral]) -> set[UUID]:
    return {one.person_id for one in referrals if one.person_id}


def _doors(callers: Sequence[Caller], homes: Mapping[UUID, HomeDoor]) -> list[GridDoor]:
    """Households as they are walked; then doors nobody knows yet, by address: a family of one vehicle stands at one."""
    known: dict[HomeDoor, list[Caller]] = defaultdict(list)
    told: dict[tuple[str, UUID], list[Caller]] = defaultdict(list)
    for caller in callers:
        home = homes.get(caller.person.id) if caller.person else None
        if home is not None:
            known[home].append(caller)
        else:
            told[caller.address, caller.one.passage_id].append(caller)
    walked = [
        GridDoor(home.household, home.code, home.address, _together(people))
        for home, people in sorted(known.items(), key=lambda one: one[0].place)
    ]
    unknown = [
        GridDoor(None, None, address, _together(people))
        for (address, _), people in sorted(told.items(), key=lambda one: (walking(one[0][0]), one[0][1]))
    ]
    return walked + unknown


def _together(people: Sequence[Caller]) -> tuple[Caller, ...]:
    return tuple(sorted(people, key=lambda one: (one.one.passage_id, one.one.registration_id)))
