"""The family from Wuhan in one car: from the barrier to the door, walked on paper, and everybody knows where they stand."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from lianfang.kernel.days import SHANGHAI
from tests.stories.conftest import Site
from tests.stories.handed_over import Picture, ReferralDesk, Traveller, Visit, number, register
from tests.stories.officer import stand

pytestmark = pytest.mark.story

TOWN, VILLAGE = "210381112", "210381112211"  # 西柳镇, its 西柳村
FATHER = Traveller(
    "亓建国", number("family 1", date(1985, 3, 1)), "15400008101", to=VILLAGE, address="3组12号"
)
MOTHER = Traveller("殳秀兰", number("family 2", date(1987, 6, 9), male=False), "15400008102")
CHILD = Traveller("麴小满", born_on="20160312")
GRANDMOTHER = Traveller("郗桂英", number("family 5", date(1950, 11, 20), male=False))
FAMILY = (FATHER, MOTHER, CHILD, GRANDMOTHER)
AT_THE_DOOR = {FATHER: "ARRIVED", MOTHER: "ARRIVED", CHILD: "NOT_HERE", GRANDMOTHER: "WRONG_ADDRESS"}


def printed(desk: ReferralDesk) -> Mapping[str, int]:
    """The township's list of the day on A4: name → row; the page itself is left open."""
    desk.goto(f"/desk/referrals/sheet?division={TOWN}")
    desk.page.get_by_test_id("print-sheet").click()
    expect(desk.page.get_by_test_id("sheet-page").first).to_be_visible()
    rows = desk.page.locator("[data-testid=sheet-page] tbody tr").all()
    return {
        row.locator("td").first.inner_text().split()[0]: int(row.locator("th").inner_text()) for row in rows
    }


def called(desk: ReferralDesk, one: Traveller) -> str:
    """The telephone beside somebody's name on the printed list."""
    row = desk.page.locator("[data-testid=sheet-page] tbody tr", has_text=one.name)
    return row.locator("td").nth(1).inner_text().strip()


def typed_back(desk: ReferralDesk, sheet: str, marks: Mapping[int, str]) -> None:
    """All rows in one pass: the time of the round, one tick a row, one button."""
    desk.goto(f"/desk/referrals/sheet/type-in?number={sheet}")
    form = desk.page.get_by_test_id("type-in")
    form.locator("[name=time]").fill(f"{datetime.now(SHANGHAI):%H:%M}")
    for row, kind in marks.items():
        form.locator(f"[name=kind-{row}][value={kind}]").check()
    form.get_by_role("button", name="全部录入").click()
    expect(desk.page.get_by_test_id("typed")).to_contain_text(f"录入 {len(marks)} 行")


def figures(county: ReferralDesk) -> dict[str, int]:
    """The township's line on the county's page of the day."""
    county.goto("/desk/referrals/day")
    line = county.page.get_by_test_id("referral-day").locator("tbody tr", has_text="西柳镇")
    said = [int(re.sub(r"\D", "", cell)) for cell in line.locator("td.number").all_inner_texts()]
    return dict(zip(("late", "open", "sent", "accepted", "arrived"), said, strict=True))


def by_name(page: Page, one: Traveller) -> Locator:
    return page.locator("section.card", has=page.get_by_role("heading", name=re.compile(one.name)))


def test_a_handover_of_a_family_from_the_barrier_to_the_door_and_back_on_paper(
    site: Site, visit: Visit, tmp_path: Path, picture: Picture
) -> None:
    # Given a barrier, and the desks of the township and of its county
    barrier = stand(site, visit, tmp_path, "HC13")
    township, county = ReferralDesk(site, visit, "xiliu"), ReferralDesk(site, visit, "haicheng")

    # When a family of four from Wuhan is registered in one car: the child has no document, the grandmother no telephone
    told = register(barrier.page, "鄂A10001", FAMILY)
    assert told == ["QUARANTINE"] * 4, told

    # Then within seconds they stand on the township's list, and on the page of one of them are the others of the car
    for one in FAMILY:
        township.await_lines("UNACCEPTED", one.name)
    picture(township.page, "handover-family-list")
    before = figures(county)
    township.open("UNACCEPTED", FATHER.name)
    party = township.page.locator("section.card", has=township.page.get_by_role("heading", name="同车的人"))
    expect(party.get_by_test_id("referrals").locator("tbody tr")).to_have_count(3)
    picture(township.page, "handover-family-page")

    # When the township prints the list of the day, walks it, and types it back
    rows = printed(township)
    sheet = township.page.locator(".pad__label").first.inner_text().strip()
    numbers = [rows[one.name] for one in FAMILY]
    assert max(numbers) - min(numbers) == 3, "who came together is called on together"
    assert called(township, FATHER) == FATHER.phone
    assert called(township, GRANDMOTHER) == "", "she has none, and nobody else's stands in its place"
    picture(township.page, "handover-family-sheet")
    typed_back(township, sheet, {rows[one.name]: kind for one, kind in AT_THE_DOOR.items()})
    picture(township.page, "handover-family-typed")

    # Then each stands on the list of what was found at the door
    for one, kind in AT_THE_DOOR.items():
        township.await_lines(kind, one.name)
        expect(township.lines("UNACCEPTED", one.name)).to_have_count(0)

    # And the county's page of the day counts them: all four answered, two arrived, two not found yet
    after = figures(county)
    assert after["sent"] == before["sent"]
    assert after["accepted"] == before["accepted"] + 4
    assert after["arrived"] == before["arrived"] + 2
    assert after["open"] == before["open"] - 2
    picture(county.page, "handover-family-day")

    # And the page of their passage says where each of them stands
    county.goto("/desk/passages?checkpoint=HC13")
    county.page.locator("tbody a[data-row]").first.click()
    for one, words in ((FATHER, "已到"), (MOTHER, "已到"), (CHILD, "不在"), (GRANDMOTHER, "地址有误")):
        expect(by_name(county.page, one).get_by_test_id("handed-over")).to_contain_text(words)
    picture(county.page, "handover-family-passage")
