"""Who may see what, in a browser: the first evening of a platform, one tap to all of a file, and broken glass."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.stories.conftest import Site, start_site, trust
from tests.stories.officer import DESK, sign_in

pytestmark = pytest.mark.story

PASSWORD = "Dongji-2020-zhihui"
FULL_NUMBER = re.compile(r"(?<!\d)[1-9]\d{16}[\dX](?!\d)", re.ASCII)
MASKED_NUMBER = re.compile(r"\d{6}\*{8}[\dX]{4}", re.ASCII)


def test_the_first_evening_three_people_share_what_one_may_not_hold(
    visit: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    city = start_site(tmp_path / "empty", "--empty")
    try:
        home = tmp_path / "home"
        home.mkdir()
        page = visit(**DESK, home=trust(city, home)).new_page()
        token = re.search(r"/set-up/(\S+)", city.words)
        assert token
        links = set_up(page, city, token[1])
        assert len(links) == 3
        officers = [visit(**DESK, home=home).new_page() for _ in links]
        for desk, link in zip(officers, links, strict=True):
            activate(desk, link)
        security, auditor, headquarters = officers
        headquarters.goto(f"{city.secure}/desk")
        expect(headquarters.get_by_role("heading", name="我的工作")).to_be_visible()
        security.goto(f"{city.secure}/desk/postings")
        expect(security.get_by_role("heading", name="岗位任职")).to_be_visible()
        auditor.goto(f"{city.secure}/desk/audit")
        expect(auditor.get_by_role("heading", name="审计记录")).to_be_visible()
        for desk, closed in (
            (security, "/desk/passages"),
            (auditor, "/desk/postings"),
            (headquarters, "/desk/audit"),
        ):
            desk.goto(f"{city.secure}{closed}")
            expect(desk.get_by_text("您的岗位没有这项权限")).to_be_visible()
        # The link was good once.
        again = visit(**DESK, home=home).new_page()
        assert again.goto(links[0]).status == 410  # type: ignore[union-attr]
    finally:
        city.stop()


def set_up(page: Page, city: Site, token: str) -> list[str]:
    """The system administrator's form, and the three links that are shown once."""
    page.goto(f"{city.secure}/set-up/{token}")
    page.fill("input[name=sign_in_name]", "guanli")
    page.fill("input[name=name]", "管理某")
    page.fill("input[name=password]", PASSWORD)
    page.fill("input[name=again]", PASSWORD)
    page.fill("input[name=place]", "鞍山市")
    page.locator(".found label").first.click()
    page.click(".button--main")
    shown = page.get_by_test_id("activation-link")
    expect(shown).to_have_count(3)
    return [link.strip() for link in shown.all_inner_texts()]


def activate(page: Page, link: str) -> None:
    """A password, the code of an authenticator, and ten codes on paper; then the officer is at work."""
    page.goto(link)
    page.fill("input[name=password]", PASSWORD)
    page.fill("input[name=again]", PASSWORD)
    page.click(".button--main")
    secret = page.get_by_test_id("factor-secret").inner_text().replace(" ", "")
    page.fill("input[name=code]", pyotp.TOTP(secret).now())
    page.click(".button--main")
    expect(page.get_by_test_id("recovery-codes").locator("li")).to_have_count(10)
    page.click("a.button--main")


def open_one_with_a_number(page: Page, site: Site) -> str:
    """Opens the first passage of the list with a resident id on it, and answers its id."""
    links = [link.get_attribute("href") for link in page.locator("a[href^='/desk/passages/0']").all()]
    for link in dict.fromkeys(links):
        page.goto(f"{site.secure}{link}")
        if MASKED_NUMBER.search(page.inner_text("main")):
            return page.url.rsplit("/", 1)[-1]
    raise AssertionError("no passage of that day has a resident id")


def test_a_file_shows_its_numbers_after_one_tap_on_a_purpose_and_the_auditor_sees_it(
    site: Site, visit: Callable[..., BrowserContext]
) -> None:
    page = visit(**DESK).new_page()
    day = datetime.now(UTC).date() - timedelta(days=3)  # the demo's own people: stories send today's
    sign_in(page, site, "haicheng", f"/desk/passages?day={day}")
    assert not FULL_NUMBER.search(page.inner_text("main"))
    passage = open_one_with_a_number(page, site)
    assert not FULL_NUMBER.search(page.inner_text("main"))
    page.get_by_test_id("unmask").get_by_role("button", name="本人来询").click()
    expect(page.get_by_test_id("unmasked")).to_contain_text("已记录：海城市值班员")
    assert FULL_NUMBER.search(page.inner_text("main"))
    page.goto(f"{site.secure}/desk/passages/{passage}")
    assert not FULL_NUMBER.search(page.inner_text("main"))

    audit = visit(**DESK).new_page()
    sign_in(audit, site, "shenji", f"/desk/audit?subject={passage}")
    row = audit.locator("tbody tr", has_text="查看完整信息")
    expect(row).to_contain_text("海城市值班员")
    expect(row).to_contain_text("本人来询")
    assert not FULL_NUMBER.search(audit.inner_text("main"))
    assert site.command("audit", "verify")["sound"] is True


def test_broken_glass_shows_the_next_county_for_a_reason_and_its_desk_knows_at_once(
    site: Site, visit: Callable[..., BrowserContext]
) -> None:
    here, there = visit(**DESK).new_page(), visit(**DESK).new_page()
    sign_in(here, site, "haicheng", "/desk/glass")
    sign_in(there, site, "xiuyan", "/desk")
    here.fill("input[name=place]", "岫岩")
    here.locator(".found label").first.click()
    here.fill("[name=reason]", "追查从岫岩方向来的一辆客车，当地值班员电话不通")
    here.click("main .button--main")
    expect(here.get_by_text("破窗查看：").first).to_be_visible()
    there.goto(f"{site.secure}/desk")
    expect(there.get_by_text("追查从岫岩方向来的一辆客车").first).to_be_visible()
    there.goto(f"{site.secure}/desk/notices")
    there.get_by_role("button", name=re.compile("结束")).first.click()
    here.goto(f"{site.secure}/desk")
    expect(here.get_by_text("破窗查看：")).to_have_count(0)
