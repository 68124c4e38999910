"""The man with a wrong address: what is said at the door goes with him to the next one, and is read by nobody else."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.stories.conftest import Site
from tests.stories.handed_over import Picture, ReferralDesk, Traveller, Visit, number, register
from tests.stories.officer import stand

pytestmark = pytest.mark.story

TOLD, RIGHT = (
    "210381112200",
    "210381109215",
)  # 西柳镇河树村, where he said he lives; 毛祁镇北毛祁村, where he does
MAN = Traveller(
    "逄长贵", number("wrong address", date(1979, 5, 17)), "15400008201", to=TOLD, address="后街9号"
)
AT_THE_DOOR = "邻居说他三年前已搬到北毛祁村"
ASKED = "北毛祁村2组5号"
AT_THE_SECOND = "本人在家，电话已改"


def test_a_handover_with_a_wrong_address_is_answered_at_the_second_door(
    site: Site, visit: Visit, tmp_path: Path, picture: Picture
) -> None:
    # Given a man from Wuhan, handed over to the village that he named at the barrier
    barrier = stand(site, visit, tmp_path, "HC14")
    assert register(barrier.page, "鄂A20001", [MAN]) == ["QUARANTINE"]
    township, county = ReferralDesk(site, visit, "xiliu"), ReferralDesk(site, visit, "haicheng")
    page = township.open("UNACCEPTED", MAN.name)

    # When nobody knows him at that door, and the words of the neighbour are written down
    township.answer("WRONG_ADDRESS", note=AT_THE_DOOR, address=ASKED)
    expect(township.state()).to_have_text("地址有误")
    township.open("WRONG_ADDRESS", MAN.name)

    # And the township sends him on to where he lives
    township.send("PLACED", RIGHT, note="请北毛祁村上门")
    picture(township.page, "handover-placed")

    # Then the clock begins anew, and until he is found he stands on the township's list of those it sent away
    expect(township.state()).to_have_text("待接收")
    expect(township.page.get_by_text("前接收")).to_be_visible()
    expect(township.lines("UNACCEPTED", MAN.name)).to_have_count(0)
    expect(township.lines("UNACCEPTED", MAN.name, "&sent=1")).to_have_count(1)

    # And the second place takes him over and finds him
    assert county.open("UNACCEPTED", MAN.name, f"&division={RIGHT}") == page
    county.answer("ACCEPTED")
    county.answer("ARRIVED", note=AT_THE_SECOND)

    # Then the county reads everything that was done, in order
    assert county.steps() == ["移交", "地址有误", "改派", "接收", "已到"]
    steps = county.page.get_by_test_id("referral-steps")
    for said in (AT_THE_DOOR, AT_THE_SECOND, "问到的地址：北毛祁村**"):
        expect(steps).to_contain_text(said)
    picture(county.page, "handover-wrong-address")
    county.page.get_by_test_id("unmask").get_by_role("button", name="疫情处置").click()
    expect(steps).to_contain_text(f"问到的地址：{ASKED}")

    # And the first place sees what became of him, reads what it wrote itself, and nothing that the second wrote
    township.goto(page)
    expect(township.state()).to_have_text("已到")
    assert township.steps() == ["移交", "地址有误", "改派", "接收", "已到"]
    expect(township.page.get_by_test_id("referral-steps")).to_contain_text(AT_THE_DOOR)
    expect(township.page.get_by_test_id("referral-steps")).not_to_contain_text(AT_THE_SECOND)
    assert township.offers() == []
