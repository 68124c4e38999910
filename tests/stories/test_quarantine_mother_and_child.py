"""A mother is taken to a facility and her child stays at home: nobody is in place before somebody cares for it, by name."""

from datetime import date

import pytest
from playwright.sync_api import expect

from tests.stories.at_home import Member, ObservingDesk, days_ago
from tests.stories.conftest import Site
from tests.stories.handed_over import Picture, Visit, number

pytestmark = pytest.mark.story

VILLAGE = "210381112213"  # 西柳镇前柳村
STREET = "210381001"  # 海州街道
MOTHER = Member("缑玉兰", number("facility 1", date(1988, 4, 17), male=False), "15400008401")
CHILD = Member("缑小禾", born_on="2014-09-03", relation="CHILD")
NEED = "女儿五岁，一个人在家"
NEIGHBOUR, AUNT = "邻居佘大姐", "姨妈缑玉梅"
FACILITY, ROOMS, ROOM = "西柳路招待所", "101 1\n102 2", "102"


def opened_facility(desk: ObservingDesk) -> str:
    """A house with two rooms and three beds; its address."""
    desk.goto("/desk/facilities/new")
    form = desk.page.locator("form.card")
    form.locator("[name=name]").fill(FACILITY)
    form.locator("[name=place]").fill(STREET)
    form.locator(f"[name=division][value='{STREET}']").check()
    form.locator(".button--main").click()
    desk.page.locator("textarea[name=rooms]").fill(ROOMS)
    desk.page.get_by_role("button", name="更改房间").click()
    expect(desk.page.get_by_test_id("free-beds")).to_contain_text("3/ 3")
    return desk.page.url.removeprefix(desk.site.secure)


def blocked(desk: ObservingDesk) -> None:
    """Still on the way, and the page says what is missing."""
    expect(desk.page.locator(".notice--warn")).to_contain_text("还不能记为到位")
    desk.expect_state("已送达")


def taken_to_the_facility(desk: ObservingDesk, order: str) -> None:
    desk.goto(f"{order}/end")
    desk.page.locator("summary", has_text="转移").click()
    form = desk.page.get_by_test_id("transfer")
    form.locator("[name=to-kind][value=FACILITY]").check()
    bed = form.locator(f"optgroup[label='{FACILITY}'] option", has_text=f"{ROOM}（2）")
    form.locator("[name=to-bed]").select_option(str(bed.get_attribute("value")))
    form.locator("[name=to-note]").fill("家里没有单独的房间")
    form.get_by_role("button", name="转移").click()
    expect(desk.page.locator(".notice--good")).to_contain_text("已记下")


def has_one_bed_taken(desk: ObservingDesk, facility: str) -> None:
    desk.goto(facility)
    expect(desk.page.get_by_test_id("free-beds")).to_contain_text("2/ 3")
    room = desk.page.get_by_test_id("rooms").locator("tbody tr", has_text=ROOM)
    expect(room.locator("td.number")).to_have_text(["2", "1"])


def stays_at_home(desk: ObservingDesk, child: str) -> None:
    """In place, day by day; and the child's slip is the child's alone, for its mother is not at this door any more."""
    desk.goto(child)
    desk.expect_state("隔离中")
    expect(desk.page.get_by_test_id("order-day")).to_have_text("第 2 天 / 14")
    facts = desk.page.get_by_test_id("order-facts")
    expect(facts).to_contain_text("居家隔离")
    expect(facts).not_to_contain_text(ROOM)
    desk.goto(f"{child}/slip")
    expect(desk.page.locator("[name=orders]")).to_have_count(1)


def test_quarantine_of_a_mother_in_a_facility_while_her_child_stays_at_home(
    site: Site, visit: Visit, picture: Picture
) -> None:
    # Given a mother and her child, both ordered to stay at home and told, and a house with free beds
    desk = ObservingDesk(site, visit)
    facility = opened_facility(desk)
    files = desk.household(VILLAGE, "5组7号", (MOTHER, CHILD))
    mother, child = (desk.order(file, days_ago(2)) for file in files)
    desk.slip(mother)
    for one in (mother, child):
        desk.told(one)

    # When somebody depends on her and nobody is named, she is not in place, and it says why
    desk.answer_care(mother, dependants="YES", need=NEED)
    blocked(desk)
    expect(desk.page.get_by_test_id("order-care")).to_contain_text("没有人照料")
    picture(desk.page, "quarantine-mother-blocked")

    # When a neighbour is named she is
    desk.answer_care(mother, dependants="YES", need=NEED, carer=NEIGHBOUR)
    desk.expect_state("隔离中")
    desk.answer_care(child)
    desk.expect_state("隔离中")

    # When she is taken to a bed of the facility, the bed is hers, and she is on the way
    taken_to_the_facility(desk, mother)
    has_one_bed_taken(desk, facility)
    picture(desk.page, "quarantine-facility")
    desk.goto(mother)
    desk.expect_state("已送达")
    expect(desk.page.get_by_test_id("order-facts")).to_contain_text(ROOM)

    # Then who cares for the child now is asked anew: the neighbour of then is no answer
    expect(desk.page.get_by_test_id("order-care")).to_contain_text("没有人照料")
    desk.answer_care(mother, dependants="YES", need=NEED)
    blocked(desk)
    desk.answer_care(mother, dependants="YES", need=NEED, carer=AUNT)
    desk.expect_state("隔离中")
    care = desk.page.get_by_test_id("order-care")
    expect(care).not_to_contain_text("没有人照料")
    expect(care).to_contain_text("由 姨")
    care.get_by_role("button", name="已落实").click()
    expect(care.locator(".badge--good")).to_have_text("已落实")
    picture(desk.page, "quarantine-mother-in-the-facility")

    # And the child's own order goes on at home, at its own day, and is not touched by hers
    stays_at_home(desk, child)
