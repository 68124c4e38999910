"""A grid worker opens who is observed in his grid: orders say how each stands, files say name, telephone and address, households
the door. In full, as the doors are; what is read is written down with its count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from lianfang.command.services import open_grid_phone
from lianfang.journeys.grid_doors import hand_of, note_read
from lianfang.kernel.reach import grid_reach
from lianfang.people.queries.at_doors import HomeDoor, homes_of, people_at_doors
from lianfang.people.queries.shown import PersonInView
from lianfang.quarantine.queries.at_doors import ObservedAtDoor, observed_on_the_grid
from lianfang.quarantine.queries.thresholds import thresholds_at
from lianfang.quarantine.rules import Thresholds
from lianfang.referrals.services.sheets import walking


@dataclass(frozen=True, slots=True)
class ObservedInGrid:
    """Somebody under an order. `person` None: his file cannot be seen from here any more. `home`: where his household is known."""

    stands: ObservedAtDoor
    person: PersonInView | None
    home: HomeDoor | None

    @property
    def address(self) -> str:
        """Of the household; else what he told."""
        return self.home.address if self.home else self.person.address if self.person else ""


class GridObserved(NamedTuple):
    """Everybody of a division under an order, as the doors are walked."""

    division: str
    thresholds: Thresholds
    people: list[ObservedInGrid]
    more: bool


def read_grid_observed(*, token: str, pin: str, at: datetime) -> GridObserved:
    """Refused like `open_grid_phone`."""
    phone = open_grid_phone(token=token, pin=pin, at=at)
    hand = hand_of(phone, at)
    with grid_reach(hand):
        thresholds = thresholds_at(at)
        found = observed_on_the_grid(hand, at=at, by=thresholds)
        ids = {one.order.person_id for one in found.people}
        people = people_at_doors(hand, ids, at=at)
        homes = homes_of(hand, {person.id for person in people.values()})
        note_read(hand, len(found.people), "observed")
    return GridObserved(phone.division, thresholds, _walked(found.people, people, homes), found.more)


def _walked(
    found: Sequence[ObservedAtDoor], people: Mapping[UUID, PersonInView], homes: Mapping[UUID, HomeDoor]
) -> list[ObservedInGrid]:
    """Households as they are walked; then doors nobody knows yet, by address."""
    seen = [_observed(one, people, homes) for one in found]
    known = sorted((one for one in seen if one.home), key=lambda one: one.home.place if one.home else ())
    unknown = sorted((one for one in seen if not one.home), key=lambda one: walking(one.address))
    return known + unknown


def _observed(
    one: ObservedAtDoor, people: Mapping[UUID, PersonInView], homes: Mapping[UUID, HomeDoor]
) -> ObservedInGrid:
    person = people.get(one.order.person_id)
    return ObservedInGrid(one, person, homes.get(person.id) if person else None)
