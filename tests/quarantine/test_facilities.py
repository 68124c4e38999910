"""Places of quarantine: a room never holds more people than it has beds, whoever gives them."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.quarantine.models import Facility, FacilityRoom
from lianfang.quarantine.queries.facilities import facilities, facilities_of_city, facility
from lianfang.quarantine.services import (
    Bed,
    WrittenBeside,
    close_facility,
    keep_facility,
    lift,
    put_in_place,
    set_rooms,
    transfer,
)
from tests import factories
from tests.noted import noted
from tests.people.town import NEXT_COUNTY, NOW
from tests.quarantine.ward import HOUR, NOBODY_DEPENDS, WHY, Ward


def test_a_facility_has_rooms_and_beds_and_shows_what_is_free(ward: Ward) -> None:
    place = ward.facility(rooms={"301": 2, "302": 1})
    made = ward.in_place()
    transfer(by=ward.desk, at=NOW, id=uuid7(), order=made.id, to=Bed(place, "301"), written=WHY)
    with reach(ward.desk) as seen:
        (one,) = facilities(seen)
        assert facility(seen, place) == one
    assert (one.beds, one.used, one.free) == (3, 1, 2)
    assert [(room.room, room.free) for room in one.rooms] == [("301", 1), ("302", 1)]
    assert {entry.details["what"] for entry in noted("FACILITY_KEPT")} == {"KEPT", "ROOMS"}


def test_a_full_room_takes_nobody_and_whoever_goes_leaves_his_bed(ward: Ward) -> None:
    place = ward.facility(rooms={"301": 1})
    first, second = ward.in_place(), ward.in_place()
    transfer(by=ward.desk, at=NOW, id=uuid7(), order=first.id, to=Bed(place, "301"), written=WHY)
    with pytest.raises(Refusal) as refused:
        transfer(by=ward.desk, at=NOW, id=uuid7(), order=second.id, to=Bed(place, "301"), written=WHY)
    assert refused.value.code == "ROOM_FULL"
    lift(by=ward.desk, at=NOW, id=uuid7(), order=first.id, written=WHY)
    transfer(by=ward.desk, at=NOW, id=uuid7(), order=second.id, to=Bed(place, "301"), written=WHY)
    assert ward.again(second).room == "301"


def test_two_officers_at_once_do_not_give_the_same_bed(ward: Ward) -> None:
    place = ward.facility(rooms={"301": 1})
    orders = [ward.in_place().id for _ in range(2)]
    officers = [ward.desk, factories.officer("COUNTY_DESK", factories.HAICHENG)]
    together, codes = Barrier(2), []

    def move(by: Reach, order: object) -> None:
        together.wait()
        try:
            transfer(by=by, at=NOW, id=uuid7(), order=order, to=Bed(place, "301"), written=WHY)  # type: ignore[arg-type]
            codes.append("DONE")
        except Refusal as refusal:
            codes.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=move, args=pair) for pair in zip(officers, orders, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["DONE", "ROOM_FULL"]


def test_the_bed_of_another_county_is_counted_though_its_people_are_not_seen(ward: Ward) -> None:
    there = keep_facility(
        by=ward.town.stranger, at=NOW, id=uuid7(), name="岫岩宾馆", division=NEXT_COUNTY[:6]
    )
    set_rooms(by=ward.town.stranger, at=NOW, facility=there.id, rooms={"1": 1})
    first, second = ward.in_place(), ward.in_place()
    transfer(by=ward.desk, at=NOW, id=uuid7(), order=first.id, to=Bed(there.id, "1"), written=WHY)
    put_in_place(by=ward.town.stranger, at=NOW + HOUR, id=uuid7(), order=first.id, answers=NOBODY_DEPENDS)
    with reach(ward.desk) as seen:
        assert facilities(seen) == []
        (one,) = facilities_of_city(seen, "210381")
    assert (one.id, one.used) == (there.id, 1)
    with pytest.raises(Refusal, match="full"):
        transfer(by=ward.desk, at=NOW, id=uuid7(), order=second.id, to=Bed(there.id, "1"), written=WHY)


@pytest.mark.parametrize(
    ("rooms", "code"),
    [({"": 1}, "ROOMS_ODD"), ({"1": 0}, "ROOMS_ODD"), ({"1": 21}, "ROOMS_ODD"), ({"302": 4}, "ROOM_IN_USE")],
)
def test_rooms_that_cannot_be_are_refused(ward: Ward, rooms: dict[str, int], code: str) -> None:
    place = ward.facility(rooms={"301": 1})
    made = ward.in_place()
    transfer(by=ward.desk, at=NOW, id=uuid7(), order=made.id, to=Bed(place, "301"), written=WHY)
    with pytest.raises(Refusal) as refused:
        set_rooms(by=ward.desk, at=NOW, facility=place, rooms=rooms)
    assert refused.value.code == code
    assert FacilityRoom.objects.using("owner").get().room == "301"


def test_a_facility_is_closed_when_nobody_stays_in_it(ward: Ward) -> None:
    place = ward.facility(rooms={"301": 1})
    made = ward.in_place()
    transfer(by=ward.desk, at=NOW, id=uuid7(), order=made.id, to=Bed(place, "301"), written=WHY)
    with pytest.raises(Refusal, match="stay there"):
        close_facility(by=ward.desk, at=NOW, facility=place)
    lift(by=ward.desk, at=NOW, id=uuid7(), order=made.id, written=WHY)
    close_facility(by=ward.desk, at=NOW, facility=place)
    other = ward.in_place()
    with pytest.raises(NotFound):
        transfer(by=ward.desk, at=NOW, id=uuid7(), order=other.id, to=Bed(place, "301"), written=WHY)
    with reach(ward.desk) as seen:
        assert facilities(seen) == []


def test_a_name_is_given_once_in_a_place_and_can_be_changed(ward: Ward) -> None:
    place = ward.facility(rooms={})
    with pytest.raises(Refusal) as refused:
        ward.facility(rooms={})
    assert refused.value.code == "FACILITY_NAMED"
    keep_facility(by=ward.desk, at=NOW, id=place, name="第二招待所", division="210381", phone="0412-1234567")
    stands = Facility.objects.using("owner").get(pk=place)
    assert (stands.name, stands.phone, stands.opened_at) == ("第二招待所", "0412-1234567", NOW)


ACTS: dict[str, Callable[[Reach, Ward, object], object]] = {
    "rename": lambda by, ward, id: keep_facility(by=by, at=NOW, id=id, name="别的", division="210381"),  # type: ignore[arg-type]
    "rooms": lambda by, ward, id: set_rooms(by=by, at=NOW, facility=id, rooms={"1": 1}),  # type: ignore[arg-type]
    "close": lambda by, ward, id: close_facility(by=by, at=NOW, facility=id),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("act", ACTS)
def test_the_next_county_keeps_its_own_and_no_other(ward: Ward, act: str) -> None:
    place = ward.facility(rooms={"301": 1})
    with pytest.raises(NotFound):
        ACTS[act](ward.town.stranger, ward, place)
    with pytest.raises(Forbidden):
        ACTS[act](factories.officer("CHECKPOINT_LEAD", "210381"), ward, place)
    with pytest.raises(Forbidden):
        keep_facility(by=ward.town.stranger, at=NOW, id=uuid7(), name="别处", division="210381")
    with reach(ward.town.stranger) as seen:
        assert facility(seen, place) is None


def test_in_a_facility_nobody_is_in_place_without_a_room(ward: Ward) -> None:
    place = ward.facility(rooms={"301": 1})
    made = ward.ordered(kind="FACILITY")
    with pytest.raises(Refusal, match="room first"):
        put_in_place(by=ward.desk, at=NOW, id=uuid7(), order=made.id, answers=NOBODY_DEPENDS)
    transfer(
        by=ward.desk,
        at=NOW,
        id=uuid7(),
        order=made.id,
        to=Bed(place, "301"),
        written=WrittenBeside("安排房间"),
    )
    assert put_in_place(
        by=ward.desk, at=NOW, id=uuid7(), order=made.id, answers=NOBODY_DEPENDS
    ).state == "IN_PLACE"  # fmt: skip
