"""The grandmother without a telephone: her grid worker's phone has her, with and without network, and she is never without a list."""

from datetime import date
from datetime import time as clock
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.stories.at_home import Member, ObservingDesk
from tests.stories.handed_over import Picture, ReferralDesk, Visit, number
from tests.stories.observed_city import Fortnight
from tests.stories.officer import PHONE
from tests.stories.test_handover_on_the_phone import enrol_by_link, invitation, type_pin, waiting

pytestmark = pytest.mark.story

VILLAGE, PIN = "210381112211", "2580"  # 西柳镇西柳村
DOOR = "7组3号"
GRANDMOTHER = Member("逯桂英", number("observed 21", date(1941, 8, 2), male=False))
WORK_LISTS = ("SYMPTOMATIC", "MISSED", "DUE", "DONE")


def lists_of(desk: ObservingDesk) -> list[str]:
    """On which work lists of the desk she stands; of somebody who is observed it is one, at any moment."""
    return [which for which in WORK_LISTS if desk.on_number(which, VILLAGE, GRANDMOTHER.name).count()]


def await_list(desk: ObservingDesk, which: str) -> None:
    """What the worker's phone has sent is on the desk's lists with the next look at them."""
    expect(desk.on_number(which, VILLAGE, GRANDMOTHER.name)).to_have_count(1)
    assert lists_of(desk) == [which]


class WalkedGrid:
    """The grid worker's phone, opened by his PIN; the list of who is observed."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.context, self.page = context, page

    def open_anew(self, *, network: bool) -> None:
        self.context.set_offline(not network)
        self.page.reload()
        type_pin(self.page, PIN, "grid-pin")
        expect(self.page.get_by_test_id("grid-link")).to_contain_text("在线" if network else "离线")
        self.page.get_by_test_id("grid-tab-observed").click()

    def door(self) -> Locator:
        return self.page.get_by_test_id("grid-observed-door").filter(has_text=GRANDMOTHER.name)

    def at_her_door(self) -> Locator:
        self.door().get_by_test_id("grid-observed-open").click()
        return self.page.get_by_test_id("grid-observed").filter(has_text=GRANDMOTHER.name)

    def without_network(self) -> None:
        self.context.set_offline(True)

    def back_in_the_village(self) -> None:
        """Everything is sent by itself."""
        self.context.set_offline(False)
        waiting(self.page, 0)
        expect(self.page.get_by_test_id("grid-aside")).to_have_text("0")


def called_by(desk: ObservingDesk) -> str:
    """The telephone beside her name on the printed sheet."""
    desk.follow_up("calls", GRANDMOTHER.name)
    desk.page.get_by_test_id("call-sheet").click()
    row = desk.page.get_by_test_id("call-page").locator("tbody tr", has_text=GRANDMOTHER.name)
    return row.locator("td").nth(1).inner_text().strip()


def placed_at_her_door(phone: WalkedGrid, picture: Picture) -> None:
    """The order is read to her, she is asked who depends on her, her temperature is taken: three answers that wait."""
    phone.open_anew(network=False)
    her = phone.at_her_door()
    her.get_by_test_id("grid-told").click()
    her.get_by_test_id("grid-in-place").click()
    her.get_by_test_id("grid-care-DEPENDANTS-no").click()
    picture(phone.page, "quarantine-grandmother-care")
    her.get_by_test_id("grid-placed").click()
    her.get_by_test_id("grid-well-36.5").click()
    expect(her).to_have_attribute("data-stand", "DONE")
    waiting(phone.page, 3)
    picture(phone.page, "quarantine-grandmother-at-the-door")


def rung_in_vain(county: ObservingDesk, picture: Picture) -> None:
    """On the list of whom to ring; its sheet has no number beside her name, so that somebody is to go."""
    county.await_follow_up("calls", GRANDMOTHER.name)
    assert called_by(county) == ""
    picture(county.page, "quarantine-grandmother-call-sheet")
    county.close("calls", GRANDMOTHER.name, "NO_ANSWER")
    county.await_follow_up("visits", GRANDMOTHER.name)
    picture(county.page, "quarantine-grandmother-visits")


def invited_anew(phone: WalkedGrid, township: ReferralDesk) -> WalkedGrid:
    """A phone's list ends after twenty-four hours, and erases itself; who walks again today is given today's."""
    phone.page.reload()
    expect(phone.page.get_by_test_id("grid-ended")).to_be_visible()
    phone.page.close()
    code = invitation(township, "志愿者")
    return WalkedGrid(phone.context, enrol_by_link(phone.context, township.site, code))


def visited(phone: WalkedGrid, picture: Picture) -> None:
    """The phone says that somebody is to look after her; at her door without network one tap says that she is well."""
    phone.open_anew(network=True)
    expect(phone.door()).to_have_attribute("data-stand", "MISSED")
    her = phone.at_her_door()
    expect(her.get_by_test_id("grid-follow-up")).to_have_attribute("data-kind", "VISIT")
    picture(phone.page, "quarantine-grandmother-visit")
    phone.without_network()
    her.get_by_test_id("grid-well-36.4").click()
    expect(her.get_by_test_id("grid-follow-up")).to_have_count(0)
    waiting(phone.page, 2)


def test_quarantine_of_a_grandmother_without_a_telephone_at_her_own_door(
    fortnight: Fortnight, visit: Visit, tmp_path: Path, picture: Picture
) -> None:
    # Given a grandmother who has no telephone, and a volunteer with a phone who walks her village
    county = ObservingDesk(fortnight.site, fortnight.trusted(visit), village=VILLAGE)
    (file,) = county.household(VILLAGE, DOOR, [GRANDMOTHER])
    township = ReferralDesk(fortnight.site, fortnight.trusted(visit), "xiliu")
    code = invitation(township, "志愿者")
    context = fortnight.phones(visit)(**PHONE, profile=tmp_path / "volunteer")
    phone = WalkedGrid(context, enrol_by_link(context, fortnight.site, code))

    # When she is put under observation: then she is on the phone of whoever walks there, with nothing to ring her by
    order = county.order(file, fortnight.day0)
    phone.open_anew(network=True)
    expect(phone.door()).to_have_attribute("data-stand", "TO_PLACE")
    expect(phone.door().get_by_test_id("grid-observed-call")).to_have_count(0)

    # When he stands at her door without network: then his own list has it at once, and the desk has not heard of it
    placed_at_her_door(phone, picture)
    assert lists_of(county) == []

    # When he is back where there is network: then the desk has her in place, and on exactly one list
    phone.back_in_the_village()
    await_list(county, "DONE")
    county.goto(order)
    county.expect_state("隔离中")
    expect(county.page.get_by_test_id("order-reports")).to_contain_text("36.5")
    picture(county.page, "quarantine-grandmother-order")

    # When nobody comes in the evening, nor on the next morning: then she is missed, rung in vain, and somebody is to go
    fortnight.later(clock(10, 30), day=1)
    await_list(county, "MISSED")
    rung_in_vain(county, picture)
    assert lists_of(county) == ["MISSED"], "while somebody is on his way"

    # When he walks again, with a list of today, and finds her well: then nobody has to go any more, and her page says what was found
    phone = invited_anew(phone, township)
    visited(phone, picture)
    phone.back_in_the_village()
    await_list(county, "DONE")
    expect(county.follow_up("visits", GRANDMOTHER.name)).to_have_count(0)
    county.goto(order)
    cared = county.page.get_by_test_id("order-care")
    expect(cared.locator("div.wide", has_text="上门看望")).to_contain_text("无异常")
    picture(county.page, "quarantine-grandmother-visited")
