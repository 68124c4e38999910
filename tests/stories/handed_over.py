"""Hand-over as a story tells it: people registered at a barrier on an officer's phone, and the desks that they are handed over to."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from playwright.sync_api import BrowserContext, Locator, Page, expect

from lianfang.demo.numbers import resident_id
from tests.stories.conftest import Site
from tests.stories.officer import DESK, sign_in

Visit = Callable[..., BrowserContext]
Picture = Callable[[Page, str], None]

WUHAN = "420100"
TOWNSHIP, VILLAGE = 9, 12  # digits of their codes
WITHIN = 20  # seconds: from the barrier to the list of the township


def number(seed: str, born_on: date, *, male: bool = True) -> str:
    """A resident id that belongs to nobody, the same for the same seed."""
    made = resident_id(Random(seed), born_on=born_on, male=male, origin=WUHAN)
    assert made
    return made


@dataclass(frozen=True)
class Traveller:
    """Somebody in a car. What is empty is not typed; who has no `document` has none with him."""

    name: str
    document: str = ""
    phone: str = ""
    born_on: str = ""
    to: str = ""
    address: str = ""
    from_: str = WUHAN
    temperature: str = "36.5"


def register(phone: Page, plate: str, people: Sequence[Traveller]) -> list[str]:
    """One car on the phone's form, person after person; the measure that each of them is told."""
    phone.get_by_test_id("plate").fill(plate)
    for place, one in enumerate(people):
        if place:
            phone.get_by_test_id("next-person").click()
        _type(phone, one)
    phone.get_by_test_id("finish").click()
    measure = phone.get_by_test_id("measure")
    expect(measure).to_be_visible()
    told = []
    while measure.is_visible():
        told.append(str(measure.get_attribute("data-measure")))
        phone.get_by_test_id("measure-next").click()
    expect(phone.get_by_test_id("plate")).to_have_value("")
    return told


def _type(phone: Page, one: Traveller) -> None:
    phone.get_by_test_id("name").fill(one.name)
    if one.document:
        phone.get_by_test_id("document-number").fill(one.document)
    else:
        phone.get_by_test_id("document-type").click()
        phone.get_by_test_id("document-NONE").click()
        phone.get_by_test_id("born-on").fill(one.born_on)
    # From the last question to the first, since an answer opens the next one that has none.
    if one.to:
        _head_for(phone, one.to)
    for asked, text in (("address", one.address), ("from", one.from_)):
        if text:
            phone.get_by_test_id(asked).fill(text)
    phone.get_by_test_id("phone").fill(one.phone)  # who has none does not take over that of the one before
    phone.get_by_test_id("temperature").fill(one.temperature)


def _head_for(phone: Page, code: str) -> None:
    """A village of the barrier's own county is found below its township; every other place is known by its code."""
    if len(code) < VILLAGE:
        phone.get_by_test_id("to").fill(code)
        return
    phone.get_by_test_id("to").click()
    phone.get_by_test_id(f"region-{code[:TOWNSHIP]}").click()
    phone.get_by_test_id(f"region-{code}").click()


class ReferralDesk:
    """An officer at a desk of a township, a county or headquarters, in a browser of his own."""

    def __init__(self, site: Site, visit: Visit, officer: str) -> None:
        self.site, self.page = site, visit(**DESK).new_page()
        sign_in(self.page, site, officer, "/desk/referrals")

    def goto(self, path: str) -> None:
        self.page.goto(f"{self.site.secure}{path}")

    def on_list(self, which: str, query: str = "") -> Locator:
        """The lines of a list, at most a page."""
        self.goto(f"/desk/referrals?list={which}{query}")
        return self.page.get_by_test_id("referrals").locator("tbody tr")

    def lines(self, which: str, name: str, query: str = "") -> Locator:
        """Those of somebody; names are masked on lists, and those of a story are its own."""
        return self.on_list(which, query).filter(has_text=masked(name))

    def await_lines(self, which: str, name: str, query: str = "", *, many: int = 1) -> Locator:
        """As an officer does who waits for it: the list is opened again until so many stand on it."""
        until = time.monotonic() + WITHIN
        found = self.lines(which, name, query)
        while found.count() < many and time.monotonic() < until:
            self.page.wait_for_timeout(500)
            found = self.lines(which, name, query)
        expect(found).to_have_count(many)
        return found

    def people(self, which: str) -> int:
        """What the tab of a list says."""
        self.on_list(which)
        return int(re.sub(r"\D", "", self.page.get_by_test_id(f"list-{which}").inner_text()))

    def open(self, which: str, name: str, query: str = "") -> str:
        """The page of somebody who stands alone on a list; its address."""
        self.await_lines(which, name, query).locator("a[data-row]").click()
        expect(self.page.get_by_role("heading", name=name)).to_be_visible()
        return self.page.url.removeprefix(self.site.secure)

    def answer(self, kind: str, *, note: str = "", address: str = "") -> None:
        """One of the buttons on somebody's page, with words where there are any."""
        form = self._form("answer")
        if note or address:
            form.get_by_text("附上说明或问到的地址").click()
            form.locator("[name=note]").fill(note)
            form.locator("[name=address]").fill(address)
        self._press(form, kind)

    def send(self, kind: str, to: str, *, note: str = "") -> None:
        """改派 or 已转走: the place is searched by its code and chosen."""
        self.page.get_by_text("改派或转走").click()
        form = self._form("move")
        form.locator("[name=place]").fill(to)
        form.locator(f"[name=division][value='{to}']").check()
        form.locator("[name=note]").fill(note)
        self._press(form, kind)

    def letter(self, kind: str, *, note: str = "") -> None:
        """发协查函 opens the letter; the answer to one is written down on the page."""
        form = self._form("letter")
        form.locator("[name=note]").fill(note)
        form.locator(f"button[value={kind}]").click()

    def state(self) -> Locator:
        return self.page.get_by_test_id("referral-state")

    def steps(self) -> list[str]:
        """What was done, the oldest first; each as its line says it."""
        return self.page.get_by_test_id("referral-steps").locator("li strong").all_inner_texts()

    def offers(self) -> list[str]:
        """The answers that the page offers to this officer."""
        return [str(one.get_attribute("value")) for one in self._form("answer").locator("button").all()]

    def _form(self, which: str) -> Locator:
        return self.page.locator(f"[data-testid=referral-acts] form[action$='/{which}']")

    def _press(self, form: Locator, kind: str) -> None:
        form.locator(f"button[value={kind}]").click()
        expect(self.page.locator(".notice--good")).to_contain_text("已记下")


def masked(name: str) -> str:
    """As lists show it."""
    return name[0] + "*" * (len(name) - 1)
