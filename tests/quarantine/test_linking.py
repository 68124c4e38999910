"""Links: for a household, by whoever keeps its orders; the newer ends the older wherever it was issued."""

from datetime import timedelta

import pytest

from lianfang.kernel.ids import uuid7
from lianfang.kernel.refusals import Forbidden, NotFound, Refusal
from lianfang.kernel.tokens import hashed
from lianfang.quarantine.models import CheckInLink, QuarantineOrder
from lianfang.quarantine.services.linking import issue_link, revoke_links
from tests import factories
from tests.people.town import NEXT_COUNTY, NOW
from tests.quarantine.ward import HOUR, Ward


def standing() -> list[CheckInLink]:
    return list(CheckInLink.objects.using("owner").filter(revoked_at=None).order_by("issued_at", "id"))


def test_a_link_answers_for_a_household_in_the_order_of_the_slip_and_keeps_no_token(ward: Ward) -> None:
    ids = [ward.in_place().id for _ in range(3)]
    token = issue_link(by=ward.desk, at=NOW, orders=[ids[2], ids[0], ids[2]])
    (link,) = standing()
    assert token.startswith("k_")
    assert bytes(link.token_hash) == hashed(token)
    assert link.orders == [ids[2], ids[0]]
    assert link.expires_at > NOW + timedelta(days=14)


def test_a_new_link_ends_the_older_ones_of_anybody_in_it(ward: Ward) -> None:
    first, second, third = (ward.in_place().id for _ in range(3))
    issue_link(by=ward.desk, at=NOW, orders=[first, second])
    other = issue_link(by=ward.desk, at=NOW, orders=[third])
    newer = issue_link(by=ward.desk, at=NOW + HOUR, orders=[second])
    assert {bytes(link.token_hash) for link in standing()} == {hashed(other), hashed(newer)}


def test_a_link_that_another_place_issued_ends_too(ward: Ward) -> None:
    moved = ward.in_place()
    issue_link(by=ward.desk, at=NOW, orders=[moved.id])
    QuarantineOrder.objects.using("owner").filter(pk=moved.pk).update(
        division=NEXT_COUNTY, jurisdiction=int(NEXT_COUNTY.ljust(18, "0")), came_from=moved.jurisdiction
    )
    there = factories.officer("COUNTY_DESK", NEXT_COUNTY[:6])
    newer = issue_link(by=there, at=NOW + HOUR, orders=[moved.id])
    assert [bytes(link.token_hash) for link in standing()] == [hashed(newer)]
    with pytest.raises(Forbidden):
        issue_link(by=ward.desk, at=NOW + HOUR, orders=[moved.id])


def test_a_slip_that_was_lost_is_ended_and_a_grid_phone_may_do_so(ward: Ward) -> None:
    one = ward.in_place()
    issue_link(by=ward.desk, at=NOW, orders=[one.id])
    assert revoke_links(by=ward.phone(), at=NOW, orders=[one.id]) == 1
    assert standing() == []
    assert revoke_links(by=ward.desk, at=NOW, orders=[one.id]) == 0


def test_whoever_does_not_keep_the_order_issues_no_link(ward: Ward) -> None:
    one = ward.in_place()
    with pytest.raises(NotFound):
        issue_link(by=ward.town.stranger, at=NOW, orders=[one.id])
    with pytest.raises(NotFound):
        issue_link(by=ward.desk, at=NOW, orders=[uuid7()])
    assert standing() == []


@pytest.mark.parametrize("people", [0, 31])
def test_a_household_has_somebody_and_not_everybody(ward: Ward, people: int) -> None:
    with pytest.raises(Refusal, match="1 to 30"):
        issue_link(by=ward.desk, at=NOW, orders=[uuid7() for _ in range(people)])
