"""A traveller reads the poster, fills in their own page, and what it sealed opens at the checkpoint and nowhere else."""

import base64
import json
import urllib.request
import zlib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lianfang.kernel.key_folder import KeyFolder
from tests.stories.conftest import Site
from tests.stories.officer import PHONE

pytestmark = pytest.mark.story

NUMBER = "11010519491231002X"  # the standard's own example


def asked(site: Site, path: str, token: str) -> Any:
    question = urllib.request.Request(f"{site.local}{path}", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(question, timeout=10) as answer:
        return json.load(answer)


def go_on(page: Page, then: str) -> None:
    page.get_by_test_id("go-on").click()
    expect(page.locator("main")).to_have_attribute("data-step", then)


def fill_in(page: Page) -> None:
    page.get_by_test_id("agree").click()
    page.get_by_test_id("transport-CAR").click()
    page.get_by_test_id("plate").fill("辽c12345")
    go_on(page, "PURPOSE")
    page.get_by_test_id("purpose-RESIDENT_RETURN").click()
    go_on(page, "PEOPLE")
    page.get_by_test_id("name-1").fill("演示甲")
    page.get_by_test_id("number-1").fill(NUMBER[:-1] + "1")
    page.get_by_test_id("phone-1").fill("13900000000")
    page.get_by_test_id("go-on").click()
    expect(page.get_by_test_id("doubts")).to_contain_text("证件号码有一位不对")
    page.get_by_test_id("number-1").fill(NUMBER)
    expect(page.get_by_test_id("doubts")).to_be_hidden()
    go_on(page, "FROM")
    page.get_by_test_id("from-1").click()
    page.get_by_test_id("region-search").fill("武汉")
    page.get_by_test_id("region-420100").click()
    page.get_by_test_id("always-1").click()
    go_on(page, "TO")
    page.get_by_test_id("go-on").click()  # what is not known is asked once
    expect(page.get_by_test_id("doubts")).to_be_visible()
    go_on(page, "HEALTH")
    page.reload()  # and nothing is lost
    page.get_by_test_id("no-symptoms-1").click()
    page.get_by_test_id("contact-1-NO").click()
    go_on(page, "CODE")


def test_what_a_traveller_fills_in_opens_at_the_checkpoint(
    site: Site, visit: Callable[..., BrowserContext], picture: Callable[[Page, str], None]
) -> None:
    # Given a traveller who scanned the poster of a checkpoint
    page = visit(**PHONE).new_page()
    page.goto(f"{site.secure}/d/HC01")

    # When they have filled in what they know
    fill_in(page)
    code = page.get_by_test_id("short-code").inner_text().replace(" ", "")
    picture(page, "declared")

    # Then an officer's phone of that checkpoint fetches it, and the key of the day opens it
    device = site.command("device", "--checkpoint", "HC01")["token"]
    fetched = asked(site, f"/api/v1/device/declarations/{code}", device)
    binary = base64.b64decode(fetched["sealed"])
    day = date.fromisoformat(str(int.from_bytes(binary[1:5])))
    key = KeyFolder(site.data / "keys").declarations("HC01", day)
    content = json.loads(
        zlib.decompress(key.open(binary[5:], info=b"lianfang declaration v1 HC01"), wbits=-zlib.MAX_WBITS)
    )
    assert (content["plate"], content["purpose"]) == ("辽C12345", "RESIDENT_RETURN")
    assert content["people"][0]["document"]["number"] == NUMBER
    assert content["people"][0]["stays"][0]["code"] == "420100"
    assert NUMBER not in page.inner_text("main")


def test_a_traveller_without_network_still_has_a_code(
    site: Site, visit: Callable[..., BrowserContext]
) -> None:
    context = visit(**PHONE)
    page = context.new_page()
    page.goto(f"{site.secure}/d/HC01")
    expect(page.get_by_test_id("agree")).to_be_visible()
    page.wait_for_load_state("networkidle")
    context.set_offline(True)
    page.get_by_test_id("agree").click()
    for _ in range(12):  # everything left empty, each screen asked once
        page.get_by_test_id("go-on").click()
    expect(page.get_by_test_id("no-short")).to_be_visible(timeout=15_000)
    assert str(page.get_by_test_id("qr").get_attribute("data-text")).startswith("LF1:")
    context.set_offline(False)
    expect(page.get_by_test_id("short-code")).to_be_visible()


def test_a_coach_fills_and_its_driver_sees_how_far(site: Site, visit: Callable[..., BrowserContext]) -> None:
    # Given a driver who opened a roster for three
    driver = visit(**PHONE).new_page()
    driver.goto(f"{site.secure}/d/HC02")
    driver.get_by_test_id("driver").click()
    driver.get_by_test_id("expected").fill("3")
    driver.get_by_test_id("open-roster").click()
    expect(driver.get_by_test_id("count")).to_have_text("0/3")

    # When a passenger scans the code and gives seat 2
    passenger = visit(**PHONE).new_page()
    passenger.goto(str(driver.get_by_test_id("qr").get_attribute("data-text")))
    passenger.get_by_test_id("agree").click()
    passenger.get_by_test_id("seat").fill("2号")
    go_on(passenger, "PURPOSE")
    for _ in range(10):
        passenger.get_by_test_id("go-on").click()
    expect(passenger.get_by_test_id("joined")).to_be_visible()

    # Then the driver sees one of three, and which seats are missing
    expect(driver.get_by_test_id("count")).to_have_text("1/3", timeout=15_000)
    expect(driver.get_by_test_id("missing")).to_contain_text("1 3")


def test_in_the_clear_nobody_declares(site: Site, visit: Callable[..., BrowserContext]) -> None:
    page = visit(**PHONE).new_page()
    page.goto(f"{site.clear}/d/HC01")
    assert page.url.endswith("/start")


def test_the_officers_program_carries_nothing_of_the_travellers_page(site: Site) -> None:
    with urllib.request.urlopen(f"{site.local}/phone/sw.js", timeout=10) as answer:
        kept = answer.read().decode()
    assert "index.html" in kept
    assert "declare" not in kept
    with urllib.request.urlopen(f"{site.local}/d/HC01", timeout=10) as answer:
        page = answer.read().decode()
    assert "manifest" not in page
