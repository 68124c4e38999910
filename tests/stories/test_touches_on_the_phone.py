"""How often an officer's finger comes down for a car of four, counted on the page itself (core.md, section 8)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lianfang.bench import codes
from lianfang.bench.barrier import COUNT, FAMILY, counted, one_qr, prefilled, press, see_measures, tap, typed
from lianfang.bench.browser import camera_showing
from lianfang.bench.phone import MOST_TOUCHES
from tests.stories.conftest import Site
from tests.stories.officer import DESK, PHONE, begin_shift, invite, sign_in

pytestmark = pytest.mark.story


def enrolled_phone(
    site: Site, visit: Callable[..., BrowserContext], checkpoint: str, flags: list[str] | None = None
) -> Page:
    desk = visit(**DESK).new_page()
    sign_in(desk, site, "haicheng", "/desk")
    code = invite(desk, site, checkpoint)
    context = visit(**PHONE, flags=flags or [])
    context.add_init_script(COUNT)
    phone = context.new_page()
    phone.goto(f"{site.secure}/phone/#enrol={code}")
    phone.get_by_test_id("enrol-submit").tap()
    phone.get_by_test_id("enrol-start").tap()
    begin_shift(phone)
    phone.wait_for_timeout(3000)  # the register of places and the rules come once the form stands
    return phone


def test_a_car_of_four_typed_in_full_and_back_within_the_day_on_the_phone(
    site: Site, visit: Callable[..., BrowserContext]
) -> None:
    # Given an enrolled phone that has the register and the rules, and no network
    phone = enrolled_phone(site, visit, "HC02")
    phone.context.set_offline(True)

    # When a car of four is typed in full, every field of the ten clears
    # Then the touches beyond the characters themselves are within the bar, the phone's own Enter keys included
    assert typed(phone) <= MOST_TOUCHES["typed"]

    # And when the same plate comes back, one tap brings its people, their ways and the purpose
    assert prefilled(phone) <= MOST_TOUCHES["prefilled"]
    expect(phone.get_by_test_id("unsent-count")).to_have_text("2")


def test_a_family_of_four_on_one_code_of_its_own_phone(
    site: Site, visit: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    # Given a family that declared on its own phone, and an officer's phone without network
    people = [codes.traveller(name, number) for name, number in FAMILY.items()]
    declared = codes.declare(
        site.local, "HC04", people, transport="CAR", plate="辽C12345", purpose="RESIDENT_RETURN"
    )
    with camera_showing(declared.texts) as flags:
        phone = enrolled_phone(site, visit, "HC04", flags)
        phone.context.set_offline(True)

        # When the code is scanned, then only temperatures are left
        assert one_qr(phone) <= MOST_TOUCHES["one_qr"]
        expect(phone.get_by_test_id("unsent-count")).to_have_text("1")


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
