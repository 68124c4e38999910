"""A vehicle stops at a checkpoint, and headquarters knows."""

import json
import re
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.stories.conftest import Site
from tests.stories.officer import DESK, PHONE, WALL, begin_shift, invite, sign_in

pytestmark = pytest.mark.story


def register(page: Page, plate: str, name: str) -> None:
    """One car with one person, as a gloved officer types it: on the product's own keypads."""
    page.get_by_test_id("plate").click()
    for key in plate:
        page.get_by_test_id(f"plate-key-{key}").click()
    page.get_by_test_id("plate-done").click()
    page.get_by_test_id("name").fill(name)
    page.get_by_test_id("document-number").click()
    for key in "210381199002280013":
        page.get_by_test_id(f"id-key-{key}").click()
    expect(page.get_by_test_id("id-done")).to_be_hidden()  # a number that checks out closes its keypad
    page.get_by_test_id("temp-chip-36.5").click()
    page.get_by_test_id("finish").click()


def figure(page: Page, which: str) -> int:
    return int(re.sub(r"\D", "", page.inner_text(f"#{which}")))


def test_a_car_registered_on_a_phone_shows_on_the_wall(
    site: Site, visit: Callable[..., BrowserContext], picture: Callable[[Page, str], None]
) -> None:
    # Given headquarters watches the wall, and an officer's phone is enrolled by the desk's code
    wall = visit(**WALL).new_page()
    sign_in(wall, site, "zhihuibu", "/wall")
    expect(wall.locator("#today-vehicles")).to_have_text(re.compile(r"\d"))
    before = figure(wall, "today-vehicles")
    desk = visit(**DESK).new_page()
    sign_in(desk, site, "haicheng", "/desk")
    code = invite(desk, site, "HC02")
    phone = visit(**PHONE).new_page()
    phone.goto(f"{site.secure}/phone/#enrol={code}")
    assert phone.evaluate("window.isSecureContext")
    phone.get_by_test_id("enrol-submit").click()
    phone.get_by_test_id("enrol-start").click()
    begin_shift(phone)

    # When the officer registers a car
    register(phone, "辽C12345", "演示甲")

    # Then the traveller's measure is shown, and the wall counts the car without being touched
    expect(phone.get_by_test_id("measure")).to_be_visible()
    picture(phone, "phone-measure")
    expect(wall.locator("#today-vehicles")).to_have_text(re.compile(rf"{before + 1:,}"), timeout=5000)
    picture(wall, "wall")


def test_three_cars_registered_without_network_arrive_once(
    site: Site, visit: Callable[..., BrowserContext], picture: Callable[[Page, str], None]
) -> None:
    # Given an enrolled phone that has lost its network
    context = visit(**PHONE)
    desk = visit(**DESK).new_page()
    sign_in(desk, site, "haicheng", "/desk")
    code = invite(desk, site, "HC03")
    phone = context.new_page()
    phone.goto(f"{site.secure}/phone/#enrol={code}")
    phone.get_by_test_id("enrol-submit").click()
    phone.get_by_test_id("enrol-start").click()
    begin_shift(phone)
    phone.evaluate("navigator.serviceWorker && navigator.serviceWorker.ready")
    token = site.command("token")["token"]
    before = passages(site, token, "HC03")
    context.set_offline(True)

    # When three cars pass
    for number in range(3):
        register(phone, f"辽C5000{number}", f"演示{number}")
        phone.get_by_test_id("measure-next").click()  # the phone decides by the rules it keeps
    expect(phone.get_by_test_id("unsent-count")).to_contain_text("3")
    picture(phone, "phone-offline")

    # Then they are sent when the network is back, each once
    context.set_offline(False)
    expect(phone.get_by_test_id("unsent-count")).to_contain_text("0", timeout=20_000)
    expect(phone.get_by_test_id("acked-count")).to_contain_text("3")
    phone.wait_for_timeout(1500)
    assert passages(site, token, "HC03") == before + 3
    assert site.command("recount")["agrees"]


def passages(site: Site, token: str, checkpoint: str) -> int:
    question = urllib.request.Request(
        f"{site.local}/api/v1/board", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(question, timeout=10) as answer:
        board = json.load(answer)
    return next(row["passages"] for row in board["by_checkpoint"] if row["code"] == checkpoint)


def test_a_phone_on_a_clear_connection_sees_an_honest_notice(
    site: Site, visit: Callable[..., BrowserContext], picture: Callable[[Page, str], None]
) -> None:
    phone = visit(**PHONE).new_page()
    phone.goto(f"{site.clear}/phone/")
    assert not phone.evaluate("window.isSecureContext")
    expect(phone.get_by_test_id("insecure-notice")).to_be_visible()
    picture(phone, "phone-insecure")
    phone.goto(f"{site.clear}/sign-in")
    assert phone.url == f"{site.clear}/start", "no password is typed into a clear connection"
    refused = phone.request.post(
        f"http://127.0.0.1:{site.http_port}/api/v1/parcels", headers={"Host": "lianfang.lan"}, data="{}"
    )
    assert refused.status == 403
    picture(phone, "start")
