"""What a grid phone saw hours ago is written down, and moves what nothing that happened later has moved."""

from lianfang.kernel.ids import uuid7
from lianfang.quarantine.services import notify, put_in_place, report_broken
from tests.people.town import NOW
from tests.quarantine.ward import HOUR, NOBODY_DEPENDS, Ward


def test_told_at_the_desk_says_nothing_about_where_he_is(ward: Ward) -> None:
    made, phone = ward.ordered(at=NOW - HOUR), ward.phone()
    notify(by=ward.desk, at=NOW + HOUR, id=uuid7(), order=made.id)
    acted = put_in_place(
        by=phone, at=NOW + 2 * HOUR, id=uuid7(), order=made.id, answers=NOBODY_DEPENDS, occurred_at=NOW
    )
    again = ward.again(made)
    assert (acted.late, again.state, again.observed_from) == (False, "IN_PLACE", NOW)
    assert again.notified_at == NOW  # whoever was put in place was told by then


def test_told_again_at_the_desk_he_is_away_as_the_worker_saw(ward: Ward) -> None:
    made, phone = ward.in_place(at=NOW - HOUR), ward.phone()
    notify(by=ward.desk, at=NOW + HOUR, id=uuid7(), order=made.id)
    acted = report_broken(by=phone, at=NOW + 2 * HOUR, id=uuid7(), order=made.id, occurred_at=NOW)
    assert (acted.late, ward.again(made).state) == (False, "BROKEN")
