"""Keeping places of quarantine: which there are, their rooms and beds. A room never holds more orders than it has beds.

Whoever gives a bed, changes rooms or closes a place locks the place first: two officers never give the same bed.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from lianfang.kernel.audit import Act, note
from lianfang.kernel.divisions import as_integer, is_code, level
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.quarantine.models import Facility, FacilityRoom

LONGEST_NAME, LONGEST_ROOM, LONGEST_PHONE = 60, 20, 40
MOST_ROOMS, MOST_BEDS = 500, 20
_USED = "SELECT room, used FROM lianfang_beds_used(%s)"
_WIDER = ("PROVINCE", "CITY")


class Bed(NamedTuple):
    """Where somebody stays in a facility."""

    facility: UUID
    room: str


def keep_facility(*, by: Reach, at: datetime, id: UUID, name: str, division: str, phone: str = "") -> Facility:  # fmt: skip
    """Opens a place, or changes the name and the telephone of one that is kept. Where it stands does not change."""
    by.require("KEEP_QUARANTINE")
    called, number = name.strip(), phone.strip()
    if not called or len(called) > LONGEST_NAME or len(number) > LONGEST_PHONE:
        raise Refusal("FACILITY_NAME", "请写明隔离点的名称。", "Say what the facility is called.")
    with reach(by) as seen:
        stands = Facility.objects.select_for_update().filter(pk=id).first()
        if stands is not None:
            _require_kept(seen, stands)
            stands.name, stands.phone = called, number
        else:
            _require_place(seen, division)
            stands = Facility(
                id=id, name=called, phone=number, division=division, jurisdiction=as_integer(division), opened_at=at
            )  # fmt: skip
        _save(stands)
        _noted(seen, stands, "KEPT")
    return stands


def set_rooms(*, by: Reach, at: datetime, facility: UUID, rooms: Mapping[str, int]) -> None:
    """All its rooms, by what stands on the door, with their beds: refused where somebody would have none."""
    by.require("KEEP_QUARANTINE")
    wanted = {room.strip(): beds for room, beds in rooms.items()}
    _require_rooms(wanted)
    with reach(by) as seen:
        found = _locked(facility)
        _require_kept(seen, found)
        for room, used in beds_used(facility).items():
            if wanted.get(room, 0) < used:
                raise Refusal(
                    "ROOM_IN_USE",
                    f"{room} 住着 {used} 人，床位不能少于此数。",
                    f"{used} people stay in {room}: it cannot have fewer beds.",
                    status=409,
                )
        FacilityRoom.objects.filter(facility_id=facility).exclude(room__in=wanted).delete()
        FacilityRoom.objects.bulk_create(
            [FacilityRoom(facility_id=facility, room=room, beds=beds) for room, beds in wanted.items()],
            update_conflicts=True, unique_fields=["facility_id", "room"], update_fields=["beds"],
        )  # fmt: skip
        _noted(seen, found, "ROOMS", beds=sum(wanted.values()))


def close_facility(*, by: Reach, at: datetime, facility: UUID) -> None:
    """Nobody is taken there any more; refused while somebody stays."""
    by.require("KEEP_QUARANTINE")
    with reach(by) as seen:
        found = _locked(facility)
        _require_kept(seen, found)
        stay = sum(beds_used(facility).values())
        if stay:
            raise Refusal(
                "FACILITY_IN_USE",
                f"还有 {stay} 人住在这里，先转移或解除再关闭。",
                f"{stay} people stay there: transfer or release them first.",
                status=409,
            )
        found.closed_at = at
        found.save(update_fields=["closed_at"])
        _noted(seen, found, "CLOSED")


def beds_used(facility: UUID) -> dict[str, int]:
    """Room → how many stay in it, whoever they are and whoever asks. Inside `reach()`."""
    with connection.cursor() as cursor:
        cursor.execute(_USED, [[facility]])
        return dict(cursor.fetchall())


def take_bed(bed: Bed) -> Facility:
    """The facility, locked until the act is done, with a free bed in that room. Inside `reach()`."""
    found = _locked(bed.facility)
    if found.closed_at is not None:
        raise _unknown()
    room = FacilityRoom.objects.filter(facility_id=bed.facility, room=bed.room).first()
    if room is None:
        raise Refusal("ROOM_UNKNOWN", "这个隔离点没有这间房。", "There is no such room in the facility.")
    if beds_used(bed.facility).get(bed.room, 0) >= room.beds:
        raise Refusal(
            "ROOM_FULL",
            f"{bed.room} 已经住满，请另选一间。",
            f"{bed.room} is full: choose another room.",
            status=409,
        )
    return found


def _locked(facility: UUID) -> Facility:
    found = Facility.objects.select_for_update().filter(pk=facility).first()
    if found is None:
        raise _unknown()
    return found


def _save(one: Facility) -> None:
    try:
        with transaction.atomic():
            if Facility.objects.filter(pk=one.pk).exists():
                one.save(update_fields=["name", "phone"])
            else:
                one.save(force_insert=True)
    except IntegrityError as error:
        raise Refusal(
            "FACILITY_NAMED",
            "这里已有同名的隔离点。",
            "There is a facility of that name there already.",
            status=409,
        ) from error


def _noted(by: Reach, one: Facility, what: str, **figures: int) -> None:
    details = {"what": what, **figures}
    note(
        Act.FACILITY_KEPT, by=by, subject=f"FACILITY {one.id}", jurisdiction=one.jurisdiction, details=details
    )


def _require_kept(by: Reach, one: Facility) -> None:
    """The same sentence whether there is none or it is another county's."""
    if one.closed_at is not None or not by.holds(one.jurisdiction):
        raise _unknown()


def _require_place(by: Reach, division: str) -> None:
    if not is_code(division) or level(division) in _WIDER:
        raise Refusal("DIVISION_UNKNOWN", "请选择所在的区县、乡镇或村（社区）。", "Choose where it stands.")
    by.require_cover(division)


def _require_rooms(rooms: Mapping[str, int]) -> None:
    odd = any(
        not 1 <= len(room) <= LONGEST_ROOM or not 1 <= beds <= MOST_BEDS for room, beds in rooms.items()
    )
    if odd or len(rooms) > MOST_ROOMS:
        raise Refusal(
            "ROOMS_ODD",
            f"每间房要有房号和 1 到 {MOST_BEDS} 个床位，最多 {MOST_ROOMS} 间。",
            f"A room has a number and 1 to {MOST_BEDS} beds; at most {MOST_ROOMS} rooms.",
        )


def _unknown() -> NotFound:
    return NotFound("FACILITY_UNKNOWN", "没有这个隔离点。", "There is no such facility.")
