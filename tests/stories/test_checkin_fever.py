"""Fever on day 6: a wife reports for herself and her husband; who is told what, and until when somebody sees it."""

from datetime import date

import pytest
from playwright.sync_api import expect

from tests.stories.at_home import HouseholdPhone, Member, ObservingDesk, days_ago
from tests.stories.conftest import Site
from tests.stories.handed_over import Picture, Visit, number

pytestmark = pytest.mark.story

VILLAGE = "210381112211"  # 西柳镇西柳村
HUSBAND = Member("郤长河", number("fever 1", date(1978, 5, 2)), "15400008301")
WIFE = Member("仉素芬", number("fever 2", date(1980, 8, 21), male=False), relation="SPOUSE")
HOSPITAL = "海城市中心医院"


def reports_fever(phone: HouseholdPhone) -> None:
    """She is told to stay, and that she is called; 120 stands beside it. Of him nothing is said but that it is well."""
    phone.type(1, "37.8")
    expect(phone.card(1).locator(".doubt")).to_contain_text("已到发热")
    phone.type(2, "36.5")
    phone.page.get_by_role("button", name="全家一起报").tap()
    expect(phone.answer(1)).to_contain_text("请留在家里，不要自己外出就医，我们马上打电话给您")
    expect(phone.answer(1)).to_be_in_viewport()  # the button that she pressed is a screen below
    expect(phone.answer(1).get_by_role("link", name="120")).to_have_attribute("href", "tel:120")
    expect(phone.answer(2)).to_contain_text("已收到，无异常")
    expect(phone.card(1).locator(".half--SYMPTOMATIC")).to_be_visible()


def test_checkin_of_fever_on_day_6_is_seen_until_the_clinic_answers(
    site: Site, visit: Visit, picture: Picture
) -> None:
    # Given a couple at home on day 6, in place, with the slip of their household
    desk = ObservingDesk(site, visit, village=VILLAGE)
    files = desk.household(VILLAGE, "3组31号", (HUSBAND, WIFE))
    husband, wife = (desk.order(file, days_ago(6)) for file in files)
    link = desk.slip(wife)  # she stands first on it
    for one in (husband, wife):
        desk.in_place(one)
    expect(desk.page.get_by_test_id("order-day")).to_have_text("第 6 天 / 14")
    expect(desk.on_number("SYMPTOMATIC", VILLAGE, WIFE.name)).to_have_count(0)

    # When she reports both of them from one phone: 37.8 of herself, 36.5 of him
    phone = HouseholdPhone(visit)
    phone.scan(link)
    reports_fever(phone)
    picture(phone.page, "checkin-fever-phone")

    # Then the desk sees her at once among those with symptoms, and him not
    expect(desk.on_number("SYMPTOMATIC", VILLAGE, WIFE.name)).to_have_count(1)
    expect(desk.on_number("SYMPTOMATIC", VILLAGE, HUSBAND.name)).to_have_count(0)
    expect(desk.on_number("DONE", VILLAGE, HUSBAND.name)).to_have_count(1)

    # And a way to the fever clinic is open, on its list and in the officer's own work
    desk.await_follow_up("symptomatic", WIFE.name)
    picture(desk.page, "checkin-fever-list")
    open_now = desk.works_on("/desk/quarantine/symptomatic")
    assert open_now >= 1, "it stands on the first page"

    # When she is better an hour later, it does not go away by that
    expect(phone.report(1, "36.9")).to_contain_text("已收到，无异常")
    expect(desk.follow_up("symptomatic", WIFE.name)).to_have_count(1)
    expect(desk.on_number("SYMPTOMATIC", VILLAGE, WIFE.name)).to_have_count(1)

    # When the clinic has her, the desk writes it down, and she stays on the list until there is a result
    desk.close("symptomatic", WIFE.name, "AT_CLINIC")
    expect(desk.follow_up("symptomatic", WIFE.name)).to_contain_text("已到发热门诊")
    desk.goto(wife)
    expect(desk.page.get_by_test_id("order-care")).to_contain_text("已到发热门诊")
    picture(desk.page, "checkin-fever-order")

    # And it is told that she is admitted: her order ends there, his goes on
    desk.end(wife, "admitted", where=HOSPITAL)
    desk.expect_state("转隔离治疗")
    expect(desk.follow_up("symptomatic", WIFE.name)).to_have_count(0)
    desk.goto(husband)
    desk.expect_state("隔离中")

    # Then nothing more is asked of her on the household's page, and he reports as before
    phone.scan(link)
    expect(phone.card(1)).to_contain_text("观察已结束，不用再报")
    expect(phone.card(1).locator(".reading")).to_have_count(0)
    expect(phone.report(2, "36.4")).to_contain_text("已收到，无异常")
    expect(desk.on_number("SYMPTOMATIC", VILLAGE, WIFE.name)).to_have_count(0)
