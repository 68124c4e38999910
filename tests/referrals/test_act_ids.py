"""The id of an act is made by whoever acts: the same act again is none, and an id that stands elsewhere is said to."""

from uuid import UUID

import pytest

from lianfang.kernel.ids import derived, uuid7
from lianfang.kernel.reach import GridReach, Reach, grid_reach, reach
from lianfang.kernel.refusals import Refusal
from lianfang.machine.postgres import Database
from lianfang.referrals import services
from lianfang.referrals.models import Referral, ReferralEvent
from lianfang.referrals.services import ReferralNote
from tests.referrals.test_acts import ANSHAN, GRID, NEXT, NOW, VILLAGE, XIUYAN, Town, now_of

BEYOND = {"code": "210782106253"}


@pytest.fixture
def town(clean: Database) -> Town:
    return Town(clean)


def refused(town: Town, by: Reach | GridReach, one: Referral, kind: str, id: UUID) -> None:
    """Told so, and nothing is moved or written."""
    before = now_of(one).state, ReferralEvent.objects.using("owner").count()
    with pytest.raises(Refusal) as taken:
        act(town, by, one, kind, id)
    assert (taken.value.code, taken.value.status) == ("ACT_ID_TAKEN", 409)
    assert (now_of(one).state, ReferralEvent.objects.using("owner").count()) == before


def act(town: Town, by: Reach | GridReach, one: Referral, kind: str, id: UUID) -> services.Acted:
    said = {"by": by, "at": NOW, "id": id, "referral": one.id}
    with grid_reach(by) if isinstance(by, GridReach) else reach(by):
        if kind == "PLACED":
            return services.place(**said, destination=GRID, city=ANSHAN)
        if kind == "MOVED_ON":
            return services.move_on(**said, destination=XIUYAN, city=ANSHAN)
        if kind == "WITHDRAWN":
            return services.withdraw(**said, written=ReferralNote("重复登记"))
        if kind.startswith("LETTER"):
            return services.write_letter(**said, kind=kind)
        return services.answer(**said, kind=kind)


DONE = ("ACCEPTED", "ARRIVED", "NOT_HERE", "WRONG_ADDRESS", "CALLED", "PLACED", "MOVED_ON", "WITHDRAWN")


@pytest.mark.parametrize("kind", DONE)
def test_an_id_of_another_referral_is_refused_wherever_it_stands(town: Town, kind: str) -> None:
    mine, near, far = town.refer(), town.refer(), town.refer(destination={"code": XIUYAN})
    seen, hidden = uuid7(), uuid7()
    town.answer(town.township, near, "ACCEPTED", id=seen)
    town.answer(town.stranger, far, "ACCEPTED", id=hidden)
    for id in (seen, hidden):
        refused(town, town.township, mine, kind, id)


@pytest.mark.parametrize("kind", ["LETTER_SENT", "LETTER_ANSWERED", "LETTER_RETURNED"])
def test_so_is_a_letters(town: Town, kind: str) -> None:
    abroad, near, id = town.refer(destination=BEYOND), town.refer(), uuid7()
    town.answer(town.township, near, "ACCEPTED", id=id)
    refused(town, town.county, abroad, kind, id)


def test_an_id_of_another_act_on_the_same_referral_is_refused(town: Town) -> None:
    one, id = town.refer(), uuid7()
    assert not town.answer(town.township, one, "ACCEPTED", id=id).repeated
    refused(town, town.township, one, "ARRIVED", id)
    assert town.answer(town.township, one, "ACCEPTED", id=id).repeated


def test_a_phone_is_refused_as_a_desk_is(town: Town) -> None:
    mine, other, id = town.refer(), town.refer(destination={"code": NEXT}), uuid7()
    town.answer(town.county, other, "ACCEPTED", id=id)
    for kind in ("ARRIVED", "MOVED_ON"):
        refused(town, town.phone(token=kind), mine, kind, id)


def test_an_id_that_the_next_ones_first_line_would_have_is_refused_too(town: Town) -> None:
    one, other, id = town.refer(), town.refer(), uuid7()
    town.answer(town.township, other, "ACCEPTED", id=derived(id, 2))
    refused(town, town.township, one, "MOVED_ON", id)
    assert not Referral.objects.using("owner").filter(previous_id=one.id).exists()


def test_a_list_on_paper_is_one_places(town: Town) -> None:
    town.refer(), town.refer(destination={"code": NEXT}), town.refer(destination={"code": XIUYAN})
    id = uuid7()
    with reach(town.county) as by:
        first = services.print_sheet(by=by, at=NOW, id=id, division=VILLAGE)
        assert services.print_sheet(by=by, at=NOW, id=id, division=VILLAGE).number == first.number
    for by, division in ((town.county, NEXT), (town.stranger, XIUYAN)):
        with pytest.raises(Refusal, match="ACT_ID_TAKEN"), reach(by):
            services.print_sheet(by=by, at=NOW, id=id, division=division)
