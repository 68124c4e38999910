"""How often an officer's finger comes down for a car of four, counted on the page itself (core.md, section 8).

A touch is a pointer that goes down. Keys of the product's own keypads that type a character are characters; what is
typed on the phone's own keyboard (names, an address) never touches the page.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.stories.conftest import Site
from tests.stories.officer import DESK, PHONE, begin_shift, invite, sign_in

pytestmark = pytest.mark.story

FAMILY = {
    "演示甲": "210381199002280013",
    "演示乙": "420106198807150041",
    "演示丙": "210727198503152019",
    "演示丁": "11010519491231002X",
}
ENTER_KEYS = 5  # one after each name, one after the address: keys of the phone's own keyboard
TYPES_A_CHARACTER = re.compile(r"(plate|id|phone)-key-|temp-tenth-")
COUNT = """
window.touches = [];
addEventListener('pointerdown', (event) => {
  const part = event.target.closest('[data-testid]');
  window.touches.push(part ? part.dataset.testid : event.target.tagName);
}, true);
"""


def enrolled_phone(site: Site, visit: Callable[..., BrowserContext], checkpoint: str) -> Page:
    desk = visit(**DESK).new_page()
    sign_in(desk, site, "haicheng", "/desk")
    code = invite(desk, site, checkpoint)
    context = visit(**PHONE)
    context.add_init_script(COUNT)
    phone = context.new_page()
    phone.goto(f"{site.secure}/phone/#enrol={code}")
    phone.get_by_test_id("enrol-submit").tap()
    phone.get_by_test_id("enrol-start").tap()
    begin_shift(phone)
    phone.wait_for_timeout(3000)  # the register of places and the rules come once the form stands
    return phone


def tap(phone: Page, *parts: str) -> None:
    for part in parts:
        phone.get_by_test_id(part).tap()


def press(phone: Page, keypad: str, characters: str) -> None:
    tap(phone, *(f"{keypad}-{character}" for character in characters))


def name(phone: Page, words: str) -> None:
    """On the phone's own keyboard, ended with its Enter key; the keypad for the number opens by itself."""
    expect(phone.get_by_test_id("name")).to_be_focused()
    phone.keyboard.type(words)
    phone.keyboard.press("Enter")


def counted(phone: Page) -> tuple[int, int]:
    """All touches since the last count, and those among them that typed no character."""
    touches = phone.evaluate("window.touches.splice(0)")
    return len(touches), sum(not TYPES_A_CHARACTER.match(part) for part in touches)


def see_measures(phone: Page, people: int) -> None:
    expect(phone.get_by_test_id("measure")).to_be_visible()
    for _ in range(people):
        tap(phone, "measure-next")
        phone.wait_for_timeout(450)
    expect(phone.get_by_test_id("measure")).to_be_hidden()


def fill_family(phone: Page, *, asks_the_way: bool) -> None:
    """Four people, each question opened by the answer before it; what they share is taken over from the first."""
    for place, (words, number) in enumerate(FAMILY.items()):
        name(phone, words)
        press(phone, "id-key", number)
        if place == 0:
            press(phone, "phone-key", "13904160001")
        tap(phone, "occupation-WORKER")
        if place == 0:
            way(phone, asks_the_way=asks_the_way)
        press(phone, "temp-tenth", "365")
        tap(phone, "health-none-next" if place < 3 else "health-none-finish")
    see_measures(phone, 4)


def way(phone: Page, *, asks_the_way: bool) -> None:
    if asks_the_way:
        tap(phone, "region-search")
        phone.keyboard.type("武汉")
        tap(phone, "region-420100", "region-210381104")  # the township: villages come with the network
    expect(phone.get_by_test_id("address")).to_be_focused()
    phone.keyboard.type("村东 3 号")
    phone.keyboard.press("Enter")
    tap(phone, "stays-from")


def test_a_car_of_four_typed_in_full_and_back_within_the_day_on_the_phone(
    site: Site, visit: Callable[..., BrowserContext], picture: Callable[[Page, str], None]
) -> None:
    # Given an enrolled phone that has the register and the rules, and no network
    phone = enrolled_phone(site, visit, "HC02")
    phone.context.set_offline(True)
    counted(phone)

    # When a car of four is typed in full, every field of the ten clears
    tap(phone, "plate", "plate-key-辽C")
    press(phone, "plate-key", "12345")
    tap(phone, "purpose-RESIDENT_RETURN")
    fill_family(phone, asks_the_way=True)

    # Then the phone itself told each person's measure, and the count is within the bar, the five Enter keys included
    _, beyond_characters = counted(phone)
    assert beyond_characters + ENTER_KEYS <= 24

    # And when the same plate comes back, one tap brings its people, their ways and the purpose
    tap(phone, "plate", "plate-key-辽C")
    press(phone, "plate-key", "12345")
    picture(phone, "phone-last-trip")
    tap(phone, "prefill")
    fill_family(phone, asks_the_way=False)
    _, again = counted(phone)
    assert again < beyond_characters
    expect(phone.get_by_test_id("unsent-count")).to_have_text("2")


def test_an_ambulance_in_one_tap_and_completed_later_on_the_phone(
    site: Site, visit: Callable[..., BrowserContext], picture: Callable[[Page, str], None]
) -> None:
    # Given a car is being typed when an ambulance comes
    phone = enrolled_phone(site, visit, "HC03")
    tap(phone, "plate", "plate-key-辽C")
    press(phone, "plate-key", "54321")
    tap(phone, "plate-done")
    counted(phone)

    # When it is let through
    tap(phone, "emergency")

    # Then that was one touch, the record is saved, and the car in the form waits
    expect(phone.get_by_test_id("acked-count")).to_have_text("1", timeout=10_000)
    assert counted(phone)[0] == 1
    expect(phone.get_by_test_id("plate")).to_have_value("辽C54321")

    # And it is completed in a quiet minute: the server knows the record and takes the patient
    tap(phone, "clear", "latest")
    picture(phone, "phone-latest")
    phone.locator("[data-testid^=unfinished-]").last.tap()
    tap(phone, "plate", "plate-key-辽A")
    press(phone, "plate-key", "D12345")
    phone.get_by_test_id("name").fill("演示甲")
    tap(phone, "finish")
    see_measures(phone, 1)
    expect(phone.get_by_test_id("acked-count")).to_have_text("2", timeout=10_000)
    expect(phone.get_by_test_id("set-aside-count")).to_have_text("0")
    expect(phone.get_by_test_id("unfinished-count")).to_be_hidden()
