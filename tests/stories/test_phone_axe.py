"""Nothing on the phone is out of reach for somebody who sees, hears or holds it differently: axe finds nothing serious."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.stories.conftest import HERE, Site
from tests.stories.officer import DESK, PHONE, begin_shift, invite, sign_in

pytestmark = pytest.mark.story

AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
FINDINGS = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ['violations'] });
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => [id, target.join(' '), failureSummary]));
}"""

Visit = Callable[..., BrowserContext]


def findings(page: Page) -> list[Any]:
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8") + "; true")
    found: list[Any] = page.evaluate(FINDINGS)
    return found


class Walk:
    """One phone, screen after screen; what axe finds by screen."""

    def __init__(self, phone: Page, picture: Callable[[Page, str], None], theme: str) -> None:
        self.phone, self.picture, self.theme = phone, picture, theme
        self.found: dict[str, list[Any]] = {}

    def look(self, name: str, shown: str) -> None:
        expect(self.phone.get_by_test_id(shown).first).to_be_visible()
        self.phone.wait_for_timeout(400)
        self.picture(self.phone, f"phone-{name}-{self.theme.lower()}")
        found = findings(self.phone)
        if found:
            self.found[name] = found

    def tap(self, *parts: str) -> None:
        for part in parts:
            self.phone.get_by_test_id(part).click()


@pytest.mark.parametrize("theme", ["LIGHT", "DARK"])
def test_every_screen_of_the_officers_phone(
    site: Site, visit: Visit, picture: Callable[[Page, str], None], theme: str
) -> None:
    desk = visit(**DESK).new_page()
    sign_in(desk, site, "zhihuibu", "/desk")
    code = invite(desk, site, "HC11")
    walk = Walk(visit(**PHONE).new_page(), picture, theme)
    before_the_shift(walk, site, code)
    a_car(walk)
    beside_the_form(walk, site)
    assert not walk.found, json.dumps(walk.found, ensure_ascii=False, indent=1)


def before_the_shift(walk: Walk, site: Site, code: str) -> None:
    walk.phone.goto(f"{site.secure}/phone/#enrol={code}")
    walk.look("enrol", "enrol-submit")
    walk.tap("enrol-submit", "enrol-start")
    walk.look("shift", "shift-officer")
    begin_shift(walk.phone)
    walk.tap("settings", f"theme-{walk.theme}")
    walk.look("settings", "version")
    walk.tap("readiness")
    walk.look("readiness", "readiness-verdict")
    walk.phone.goto(f"{site.secure}/phone/#/register")
    walk.look("form", "plate")


def a_car(walk: Walk) -> None:
    walk.tap("plate")
    walk.look("plate", "plate-key-辽C")
    walk.tap(*(f"plate-key-{key}" for key in ("辽C", "1", "2", "3", "4", "5")), "purpose-RESIDENT_RETURN")
    walk.phone.get_by_test_id("name").fill("演示甲")
    walk.tap("document-number")
    walk.look("document", "id-key-X")
    walk.tap(*(f"id-key-{key}" for key in "420106198807150041"))
    walk.phone.get_by_test_id("temperature").fill("37.6")
    walk.look("typed", "finish")
    walk.tap("finish")
    walk.look("measure", "measure")
    walk.tap("measure-slip")
    walk.look("slip", "slip")
    walk.tap("slip-close", "measure-next")


def beside_the_form(walk: Walk, site: Site) -> None:
    walk.tap("status")
    walk.look("outbox", "send-now")
    walk.phone.goto(f"{site.secure}/phone/#/cards")
    walk.look("cards", "cards")
