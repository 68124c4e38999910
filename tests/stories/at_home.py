"""People under observation as a story tells it: a household that the desk opens, its orders, their slip and its page on a phone."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from playwright.sync_api import Locator, Page, Request, expect

from lianfang.kernel.days import SHANGHAI
from tests.stories.conftest import Site
from tests.stories.handed_over import Visit, masked
from tests.stories.officer import DESK, sign_in

HOUSEHOLD_PHONE = {"width": 360, "height": 640, "phone": True}  # a small one of the year before
WITHIN = 90  # seconds: from a report to the list of the desk, on a machine that has a second city to run


@dataclass(frozen=True)
class Member:
    """Somebody of a household; a name that nobody else in the city has."""

    name: str
    document: str = ""
    phone: str = ""
    born_on: str = ""
    relation: str = "HEAD"


def days_ago(days: int) -> date:
    return datetime.now(SHANGHAI).date() - timedelta(days=days)


class ObservingDesk:
    """An officer of the county who orders, prints, puts in place and ends, in a browser of his own.

    `village`: where he looks for whom to call, visit or bring to a clinic; a whole county's list is of many pages.
    """

    def __init__(self, site: Site, visit: Visit, officer: str = "haicheng", *, village: str = "") -> None:
        self.site, self.village, self.page = site, village, visit(**DESK).new_page()
        sign_in(self.page, site, officer, "/desk/quarantine")

    def goto(self, path: str) -> None:
        self.page.goto(f"{self.site.secure}{path}")

    def household(self, village: str, door: str, people: Sequence[Member]) -> list[str]:
        """A new door with these people; the addresses of their files, in this order."""
        self.goto("/desk/households/new")
        form = self.page.locator("form.card")
        form.locator("[name=place]").fill(village)
        form.locator(f"[name=division][value='{village}']").check()
        form.locator("[name=address]").fill(door)
        form.locator(".button--main").click()
        for one in people:
            self._add(one)
        members = self.page.get_by_test_id("members")
        return [str(members.get_by_role("link", name=one.name).get_attribute("href")) for one in people]

    def _add(self, one: Member) -> None:
        self.page.get_by_text("登记一个人").click()
        form = self.page.locator("form[action$='/members']")
        form.locator("[name=name]").fill(one.name)
        form.locator("[name=number]").fill(one.document)
        form.locator("[name=relation]").select_option(one.relation)
        form.locator("[name=phone]").fill(one.phone)
        form.locator("[name=born_on]").fill(one.born_on)
        form.locator(".button--main").click()
        expect(self.page.get_by_test_id("members").get_by_role("link", name=one.name)).to_be_visible()

    def order(self, file: str, day0: date, *, days: int = 14) -> str:
        """Observation at home from day 0 on; the address of the order."""
        self.goto(file)
        self.page.get_by_test_id("person-orders").get_by_role("link", name="下达隔离观察").click()
        self.page.locator("[name=reason][value=CONTACT]").check()
        self.page.locator("[name=day0_on]").fill(day0.isoformat())
        self.page.locator("[name=days]").fill(str(days))
        self.page.get_by_role("button", name="下达", exact=True).click()
        self.expect_state("待送达")
        return self.page.url.removeprefix(self.site.secure)

    def slip(self, order: str) -> str:
        """The household's slip is printed; the link that stands on it."""
        self.goto(f"{order}/slip")
        self.page.get_by_role("button", name="打印").click()
        expect(self.page.get_by_test_id("slip")).to_be_visible()
        return self.page.locator(".slip__link").inner_text().strip()

    def told(self, order: str) -> None:
        """The slip is handed to him."""
        self.goto(order)
        self.page.locator("button[value=NOTIFIED]").click()
        self.expect_state("已送达")

    def answer_care(self, order: str, *, dependants: str = "NO", need: str = "", carer: str = "") -> None:
        """In place, with the question who depends on him answered. Whether it could be noted the page says."""
        self.goto(order)
        form = self.page.get_by_test_id("care-form")
        if not form.is_visible():
            self.page.get_by_text("到位，问清照料").click()
        form.locator(f"[name=DEPENDANTS-answer][value={dependants}]").check()
        form.locator("[name=DEPENDANTS-need]").fill(need)
        form.locator("[name=DEPENDANTS-carer]").fill(carer)
        form.locator("[name=DEPENDANTS-phone]").fill("15400000000" if carer else "")
        form.locator("button[value=IN_PLACE]").click()

    def in_place(self, order: str) -> None:
        self.told(order)
        self.answer_care(order)
        self.expect_state("隔离中")

    def expect_state(self, words: str) -> None:
        expect(self.page.get_by_test_id("order-state")).to_have_text(words)

    def end(self, order: str, act: str, **fields: str) -> None:
        """One of the acts on the page of ends, with what its form asks."""
        self.goto(f"{order}/end")
        button = self.page.locator(f"button[name=act][value='{act}']")
        if not button.is_visible():
            self.page.locator("details", has=button).locator("summary").click()
        form = self.page.locator("form", has=button)
        for name, text in fields.items():
            form.locator(f"[name={name}]").fill(text)
        button.click()
        expect(self.page.locator(".notice--good")).to_contain_text("已记下")

    def follow_up(self, which: str, name: str) -> Locator:
        """The lines of somebody among calls, visits or symptomatic."""
        self.goto(f"/desk/quarantine/{which}?division={self.village}")
        return self.page.get_by_test_id("follow-ups").locator("tbody tr").filter(has_text=masked(name))

    def await_follow_up(self, which: str, name: str) -> Locator:
        """As an officer does who waits for it: the list is opened again until the line stands on it."""
        until = time.monotonic() + WITHIN
        found = self.follow_up(which, name)
        while found.count() == 0 and time.monotonic() < until:
            self.page.wait_for_timeout(500)
            found = self.follow_up(which, name)
        expect(found).to_have_count(1)
        return found

    def close(self, which: str, name: str, outcome: str) -> None:
        line = self.follow_up(which, name)
        line.locator("[name=outcome]").select_option(outcome)
        line.get_by_role("button", name="记下").click()
        expect(self.page.locator(".notice--good")).to_contain_text("已记下")

    def on_number(self, which: str, village: str, name: str) -> Locator:
        """The lines of somebody on a list of the one number, in his village."""
        self.goto(f"/desk/quarantine/number?list={which}&division={village}")
        return self.page.get_by_test_id("observed-lines").locator("tbody tr").filter(has_text=masked(name))

    def works_on(self, path: str) -> int:
        """The figure beside that list on the officer's own first page; 0 where it does not stand there."""
        self.goto("/desk")
        line = self.page.get_by_test_id("my-quarantine").locator(
            "tr", has=self.page.locator(f"a[href='{path}']")
        )
        return int(re.sub(r"\D", "", line.locator("td.number").inner_text())) if line.count() else 0


class HouseholdPhone:
    """A phone that has scanned a slip: the page of its household, and every address that it asked for."""

    def __init__(self, visit: Visit) -> None:
        context = visit(**HOUSEHOLD_PHONE)
        self.page: Page = context.new_page()
        self.asked: list[str] = []
        context.on("request", self._asks)

    def _asks(self, request: Request) -> None:
        self.asked.append(request.url.partition("#")[0])  # what stands behind it is not sent

    def scan(self, link: str) -> None:
        """As a phone does that opens a link: a page of its own, not another fragment of the one that is open."""
        self.page.goto("about:blank")
        self.page.goto(link)

    def card(self, place: int) -> Locator:
        return self.page.locator(f".card[data-place='{place}']")

    def type(self, place: int, temperature: str) -> None:
        self.card(place).locator(".reading").fill(temperature)

    def report(self, place: int, temperature: str) -> Locator:
        """One of the household; what he is told."""
        self.type(place, temperature)
        self.card(place).locator("button.send").tap()
        return self.answer(place)

    def answer(self, place: int) -> Locator:
        return self.card(place).locator(".answer")
