"""Places of quarantine with their beds: a desk's own with every room, and all of the city's for whoever looks for a bed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q

from lianfang.kernel.divisions import span
from lianfang.kernel.reach import Reach
from lianfang.kernel.within import within
from lianfang.quarantine.models import Facility, FacilityRoom

_USED = "SELECT facility_id, room, used FROM lianfang_beds_used(%s)"


class RoomBeds(NamedTuple):
    room: str
    beds: int
    used: int

    @property
    def free(self) -> int:
        return max(0, self.beds - self.used)


@dataclass(frozen=True, slots=True)
class FacilityBeds:
    """A place with its rooms, by what stands on their doors."""

    id: UUID
    name: str
    division: str
    jurisdiction: int
    phone: str
    rooms: tuple[RoomBeds, ...]

    @property
    def beds(self) -> int:
        return sum(one.beds for one in self.rooms)

    @property
    def used(self) -> int:
        return sum(one.used for one in self.rooms)

    @property
    def free(self) -> int:
        return sum(one.free for one in self.rooms)


def facilities(reach: Reach) -> list[FacilityBeds]:
    """Those that are kept within the officer's area. Inside `reach()`."""
    reach.require("VIEW_QUARANTINE")
    return _with_beds(Facility.objects.filter(within(reach), closed_at=None))


def facility(reach: Reach, id: UUID) -> FacilityBeds | None:
    """One within the officer's area. Inside `reach()`."""
    reach.require("VIEW_QUARANTINE")
    found = _with_beds(Facility.objects.filter(within(reach), pk=id, closed_at=None))
    return found[0] if found else None


def facilities_of_city(reach: Reach, division: str) -> list[FacilityBeds]:
    """All of the city in which the division lies, whoever keeps them: whoever looks for a bed is told. Inside `reach()`."""
    reach.require("VIEW_QUARANTINE")
    lo, hi = span(division[:4])
    return _with_beds(Facility.objects.filter(Q(jurisdiction__gte=lo, jurisdiction__lte=hi), closed_at=None))


def _with_beds(found: Iterable[Facility]) -> list[FacilityBeds]:
    """In three questions, however many there are."""
    kept = sorted(found, key=lambda one: (one.jurisdiction, one.name))
    ids = [one.id for one in kept]
    with connection.cursor() as cursor:
        cursor.execute(_USED, [ids])
        used = {(facility, room): count for facility, room, count in cursor.fetchall()}
    rooms: dict[UUID, list[RoomBeds]] = {}
    for one in FacilityRoom.objects.filter(facility_id__in=ids).order_by("facility_id", "room"):
        taken = used.get((one.facility_id, one.room), 0)
        rooms.setdefault(one.facility_id, []).append(RoomBeds(one.room, one.beds, taken))
    return [
        FacilityBeds(
            one.id, one.name, one.division, one.jurisdiction, one.phone, tuple(rooms.get(one.id, ()))
        )
        for one in kept
    ]
