"""An officer takes a phone over, is asked who he is once, and hands it on."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.stories.conftest import Site
from tests.stories.officer import DESK, PHONE, PIN, begin_shift, invite, sign_in, type_pin
from tests.stories.test_a_car_at_the_barrier import register

pytestmark = pytest.mark.story


@pytest.fixture
def phone(site: Site, visit: Callable[..., BrowserContext]) -> Page:
    """A phone just enrolled at the gate."""
    desk = visit(**DESK).new_page()
    sign_in(desk, site, "haicheng", "/desk")
    code = invite(desk, site, "HC02")
    page = visit(**PHONE).new_page()
    page.goto(f"{site.secure}/phone/#enrol={code}")
    page.get_by_test_id("enrol-submit").click()
    page.get_by_test_id("enrol-start").click()
    return page


def test_a_phone_opens_for_its_officer_and_for_nobody_else(
    phone: Page, picture: Callable[[Page, str], None]
) -> None:
    # Given an officer on duty who has registered a car
    picture(phone, "phone-shift")
    begin_shift(phone)
    register(phone, "辽C60001", "演示丁")
    expect(phone.get_by_test_id("measure")).to_be_visible()

    # When he shows the traveller a card from the measure, the measure is still there afterwards
    phone.get_by_test_id("show-cards").click()
    phone.get_by_test_id("card-symptoms").click()
    expect(phone.get_by_test_id("card")).to_contain_text("Fever or cough?")
    picture(phone, "phone-card")
    phone.get_by_test_id("cards-close").click()
    expect(phone.get_by_test_id("measure")).to_be_visible()
    phone.get_by_test_id("measure-next").click()

    # A reload asks nothing; handing the phone on asks again, and a wrong PIN opens nothing
    phone.reload()
    expect(phone.get_by_test_id("plate")).to_be_visible()
    phone.get_by_test_id("settings").click()
    phone.get_by_test_id("shift-end").click()
    expect(phone.get_by_test_id("plate")).to_be_hidden()
    for _ in range(5):
        type_pin(phone, "9999")
        expect(phone.get_by_test_id("shift-error")).to_be_visible()
    expect(phone.get_by_test_id("shift-error")).to_contain_text("0:")

    # Not even the right one, not even after a reload, until the pause is over
    phone.reload()
    expect(phone.get_by_test_id("shift-error")).to_be_visible()
    type_pin(phone, PIN)
    expect(phone.get_by_test_id("plate")).to_be_hidden()


def test_a_spare_phone_says_what_it_is_ready_for(phone: Page, picture: Callable[[Page, str], None]) -> None:
    # Given a phone just enrolled, before its shift
    phone.get_by_test_id("readiness").click()

    # Then program, rules, places and enrolment are there, without anybody touching it
    for thing in ("program", "rules", "register", "clock", "enrolment", "outbox"):
        expect(phone.get_by_test_id(f"ready-{thing}")).to_have_attribute("data-state", "GOOD", timeout=20_000)
    picture(phone, "phone-readiness")

    # And from there to the form it is a number and a PIN
    phone.get_by_test_id("readiness-go").click()
    begin_shift(phone, officer="B2001")
    phone.get_by_test_id("settings").click()
    expect(phone.get_by_test_id("officer")).to_have_text("B2001")
