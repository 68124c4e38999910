"""Transfer: the order goes where the person goes, and who depends on him is asked about anew."""

import pytest

from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import reach
from lianfang.kernel.refusals import Forbidden, Refusal
from lianfang.people.queries.kept import rows_kept
from lianfang.quarantine.models import CareNeed, CheckInLink, FollowUp, OrderEvent, QuarantineOrder
from lianfang.quarantine.services import Bed, keep_facility, put_in_place, release, set_rooms, transfer
from tests.people.town import GRID, NEXT_COUNTY, NOW, OTHER_GRID
from tests.quarantine.ward import DAY, GRANDSON, HOUR, NOBODY_DEPENDS, WHY, Ward

THERE = int(NEXT_COUNTY.ljust(18, "0"))


def link(*orders: QuarantineOrder) -> CheckInLink:
    return CheckInLink.objects.using("owner").create(
        token_hash=uuid7().bytes, orders=[one.id for one in orders], jurisdiction=orders[0].jurisdiction, issued_at=NOW,
        expires_at=NOW + 20 * DAY,
    )  # fmt: skip


def test_the_next_county_takes_him_over_and_whoever_sent_him_goes_on_seeing_him(ward: Ward) -> None:
    made = ward.in_place()
    ward.followed(made, "CALL", NOW)
    own, shared = link(made), link(made, ward.in_place())
    id = uuid7()
    acted = transfer(by=ward.desk, at=NOW, id=id, order=made.id, to=NEXT_COUNTY, written=WHY)
    assert acted.state == "NOTIFIED"
    assert transfer(by=ward.desk, at=NOW, id=id, order=made.id, to=NEXT_COUNTY, written=WHY).repeated
    again = ward.again(made)
    assert (again.division, again.jurisdiction, again.came_from) == (
        NEXT_COUNTY,
        THERE,
        int(GRID.ljust(18, "0")),
    )
    assert FollowUp.objects.using("owner").get(order_id=made.id).jurisdiction == THERE
    links = CheckInLink.objects.using("owner")
    assert (links.get(pk=own.pk).jurisdiction, links.get(pk=shared.pk).jurisdiction) == (
        THERE,
        made.jurisdiction,
    )
    with reach(ward.desk):
        assert QuarantineOrder.objects.filter(pk=made.id).exists()
    with pytest.raises(Forbidden, match="only seen"):
        release(by=ward.desk, at=NOW + 20 * DAY, id=uuid7(), order=made.id)
    with reach(ward.town.stranger):
        assert rows_kept([made.person_id])[made.person_id].sealed
        assert OrderEvent.objects.filter(order_id=made.id).count() == 3
    put_in_place(by=ward.town.stranger, at=NOW + HOUR, id=uuid7(), order=made.id)
    assert (ward.again(made).state, ward.again(made).observed_from) == ("IN_PLACE", NOW + HOUR)


def test_a_mother_taken_to_a_facility_names_anew_who_sees_to_her_child(ward: Ward) -> None:
    place = ward.facility(rooms={"301": 1})
    mother = ward.in_place(care=GRANDSON)
    transfer(by=ward.desk, at=NOW, id=uuid7(), order=mother.id, to=Bed(place, "301"), written=WHY)
    assert (ward.again(mother).dependants, ward.again(mother).kind) == (None, "FACILITY")
    need = CareNeed.objects.using("owner").get(order_id=mother.id)
    assert (need.has_carer, need.settled_at) == (False, None)
    assert put_in_place(by=ward.desk, at=NOW, id=uuid7(), order=mother.id).blocked_by == ("DEPENDANTS",)
    acted = put_in_place(by=ward.desk, at=NOW, id=uuid7(), order=mother.id, answers=GRANDSON)
    assert (acted.state, acted.blocked_by) == ("IN_PLACE", ())


def test_whoever_has_nobody_depending_on_him_is_not_asked_again(ward: Ward) -> None:
    made = ward.in_place(care=NOBODY_DEPENDS)
    transfer(by=ward.desk, at=NOW, id=uuid7(), order=made.id, to=OTHER_GRID, written=WHY)
    assert ward.again(made).dependants == "NO"
    assert put_in_place(by=ward.desk, at=NOW, id=uuid7(), order=made.id).state == "IN_PLACE"


def test_another_room_is_no_way_to_go(ward: Ward) -> None:
    place = ward.facility(rooms={"301": 1, "302": 1})
    made = ward.in_place(care=GRANDSON)
    transfer(by=ward.desk, at=NOW, id=uuid7(), order=made.id, to=Bed(place, "301"), written=WHY)
    put_in_place(by=ward.desk, at=NOW, id=uuid7(), order=made.id, answers=GRANDSON)
    with pytest.raises(Refusal) as refused:
        transfer(by=ward.desk, at=NOW, id=uuid7(), order=made.id, to=Bed(place, "301"), written=WHY)
    assert refused.value.code in {"ALREADY_THERE", "ROOM_FULL"}
    transfer(by=ward.desk, at=NOW, id=uuid7(), order=made.id, to=Bed(place, "302"), written=WHY)
    again = ward.again(made)
    assert (again.state, again.room, again.dependants) == ("IN_PLACE", "302", "YES")


def test_home_again_he_leaves_his_bed(ward: Ward) -> None:
    place = ward.facility(rooms={"301": 1})
    made = ward.in_place()
    transfer(by=ward.desk, at=NOW, id=uuid7(), order=made.id, to=Bed(place, "301"), written=WHY)
    transfer(by=ward.desk, at=NOW, id=uuid7(), order=made.id, to=GRID, written=WHY)
    again = ward.again(made)
    assert (again.kind, again.facility_id, again.room, again.state) == ("HOME", None, None, "NOTIFIED")


@pytest.mark.parametrize(
    ("to", "code"), [(GRID, "ALREADY_THERE"), ("210102001001", "ANOTHER_CITY"), ("x", "DIVISION_UNKNOWN")]
)
def test_what_is_no_transfer_is_refused(ward: Ward, to: str, code: str) -> None:
    made = ward.in_place()
    with pytest.raises(Refusal) as refused:
        transfer(by=ward.desk, at=NOW, id=uuid7(), order=made.id, to=to, written=WHY)
    assert refused.value.code == code


def test_a_facility_of_the_next_county_takes_him_with_its_own_division(ward: Ward) -> None:
    there = keep_facility(by=ward.town.stranger, at=NOW, id=uuid7(), name="宾馆", division="210323")
    set_rooms(by=ward.town.stranger, at=NOW, facility=there.id, rooms={"1": 1})
    made = ward.in_place()
    transfer(by=ward.desk, at=NOW, id=uuid7(), order=made.id, to=Bed(there.id, "1"), written=WHY)
    assert (ward.again(made).division, ward.again(made).room) == ("210323", "1")
