"""An officer with a phone, as a story tells it: enrolled by the desk's code, at the barrier, with and without network."""

import json
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.stories.conftest import Site

PHONE = {"width": 360, "height": 740, "phone": True}
DESK = {"width": 1366, "height": 768}
WALL = {"width": 1920, "height": 1080}
OFFICER, PIN = "A017", "2580"

# Registers cars as fast as the page allows, on its own fields and buttons: for shifts of hundreds of vehicles. What the
# phone says it saved is told one by one, so that nobody has to believe a total.
MANY = """async ([from, to, told]) => {
  const $ = (id) => document.querySelector(`[data-testid="${id}"]`);
  const until = async (test) => { while (!test()) await new Promise((go) => setTimeout(go, 4)); };
  const fill = (id, text) => {
    const field = $(id);
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
  };
  for (let n = from; n < to; n += 1) {
    await until(() => !$('measure') && $('plate') && $('plate').value === '');
    fill('plate', `辽C${String(n).padStart(5, '0')}`);
    fill('name', `演示${n}`);
    fill('phone', `1390000${String(n).padStart(4, '0')}`);
    fill('temperature', '36.5');
    $('finish').click();
    await until(() => $('measure') || ($('plate').value === '' && $('notice')) || $('notice')?.classList.contains('notice--bad'));
    if ($('notice')?.classList.contains('notice--bad')) return n;
    if (told) window.__saved(n);
    while ($('measure')) { $('measure-next').click(); await new Promise((go) => setTimeout(go, 0)); }
  }
  return to;
}"""


def sign_in(page: Page, site: Site, name: str, then: str) -> None:
    page.goto(f"{site.secure}/sign-in?next={then}")
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", site.password(name))
    page.click(".button--main")
    page.wait_for_url(f"{site.secure}{then}")


def invite(page: Page, site: Site, checkpoint: str) -> str:
    """The enrolment code that the desk shows large beside its QR."""
    page.goto(f"{site.secure}/desk/devices/new?checkpoint={checkpoint}")
    page.click(".button--main")
    return page.inner_text(".invitation__code").strip()


def enrol(page: Page, site: Site, code: str) -> None:
    """From the code to the form: the phone is enrolled and the shift begun."""
    page.goto(f"{site.secure}/phone/#enrol={code}")
    page.get_by_test_id("enrol-submit").click()
    page.get_by_test_id("enrol-start").click()
    begin_shift(page)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def type_pin(page: Page, pin: str) -> None:
    for digit in pin:
        page.get_by_test_id(f"shift-pin-{digit}").click()
    page.get_by_test_id("shift-start").click()


def begin_shift(page: Page, officer: str = OFFICER, pin: str = PIN, *, again: bool = False) -> None:
    """The officer's number and PIN; the first time on this phone the PIN is chosen, so it is typed twice."""
    page.get_by_test_id("shift-officer").fill(officer)
    for _ in range(1 if again else 2):
        type_pin(page, pin)
    expect(page.get_by_test_id("plate")).to_be_visible()


def register_many(page: Page, first: int, beyond: int, *, told: bool = False) -> int:
    """Cars numbered from `first` up to `beyond`; the number of the car that could not be saved, or `beyond`."""
    reached: int = page.evaluate(MANY, [first, beyond, told])
    return reached


def board_of(site: Site, token: str, checkpoint: str) -> dict[str, Any]:
    question = urllib.request.Request(
        f"{site.local}/api/v1/board", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(question, timeout=10) as answer:
        board = json.load(answer)
    found: dict[str, Any] = next(row for row in board["by_checkpoint"] if row["code"] == checkpoint)
    return found


def everything_sent(page: Page, count: int, *, timeout: float = 240_000) -> None:
    """So many receipts today. A page that has just been opened has not counted yet, and a pause may last a minute."""
    expect(page.get_by_test_id("acked-count")).to_have_text(str(count), timeout=timeout)
    expect(page.get_by_test_id("unsent-count")).to_have_text("0")


class Unwell:
    """A server that answers the phone's parcels badly, in turn; after the last word it is well again."""

    def __init__(self, site: Site, context: BrowserContext, *words: str) -> None:
        self.site, self.words = site, list(words)
        self.said: list[str] = []
        context.route("**/api/v1/parcels", self._answer)

    def _answer(self, route: Route) -> None:
        word = self.words.pop(0) if self.words else "well"
        self.said.append(word)
        getattr(self, f"_{word}")(route)

    def _well(self, route: Route) -> None:
        route.continue_()

    def _fails(self, route: Route) -> None:
        route.fulfill(status=500, body="Internal Server Error")

    def _busy(self, route: Route) -> None:
        error = {"code": "BUSY", "zh": "服务器正忙", "en": "The server is busy", "retry_after": 1}
        route.fulfill(status=503, headers={"Retry-After": "1"}, json={"error": error})

    def _away(self, route: Route) -> None:
        route.abort("connectionrefused")

    def _portal(self, route: Route) -> None:
        """A hotel's sign-in page instead of the server."""
        route.fulfill(status=200, content_type="text/html", body="<html>Welcome to free Wi-Fi</html>")

    def _garbage(self, route: Route) -> None:
        route.fulfill(status=200, json={"parcel_id": None, "receipts": [{"id": "x"}]})

    def _lost(self, route: Route) -> None:
        """The server takes the parcel and commits; its answer never arrives."""
        self._deliver(route)
        route.abort("connectionreset")

    def _twice(self, route: Route) -> None:
        """Some box on the way delivers the parcel twice."""
        self._deliver(route)
        route.continue_()

    def _deliver(self, route: Route) -> None:
        names = ("authorization", "content-type", "content-encoding")
        headers = {name: value for name, value in route.request.all_headers().items() if name in names}
        parcel = urllib.request.Request(
            f"{self.site.local}/api/v1/parcels", data=route.request.post_data_buffer, headers=headers
        )
        with urllib.request.urlopen(parcel, timeout=30) as answer:
            assert answer.status == 200


class Barrier:
    """A phone at a checkpoint of its own, so that what stands on the board beside it can be counted."""

    def __init__(
        self, site: Site, context: BrowserContext, profile: Path, checkpoint: str, code: str
    ) -> None:
        self.site, self.context, self.profile, self.checkpoint = site, context, profile, checkpoint
        self.token = site.command("token")["token"]
        self.page = context.new_page()
        enrol(self.page, site, code)
        self.before = board_of(site, self.token, checkpoint)["passages"]

    def expect_passages(self, count: int) -> None:
        """Exactly so many since the phone was enrolled, on the board and in the raw records."""
        until = time.monotonic() + 20
        while self.arrived() < count and time.monotonic() < until:
            time.sleep(0.2)
        time.sleep(1)
        arrived = self.arrived()
        assert arrived == count, f"{arrived} of {count}"
        assert self.site.command("recount")["agrees"]

    def arrived(self) -> int:
        return board_of(self.site, self.token, self.checkpoint)["passages"] - self.before


def stand(site: Site, visit: Callable[..., BrowserContext], folder: Path, checkpoint: str) -> Barrier:
    """An officer at a checkpoint with a phone whose profile lies in `folder`, enrolled by the desk's code."""
    desk = visit(**DESK).new_page()
    sign_in(desk, site, "zhihuibu", "/desk")
    code = invite(desk, site, checkpoint)
    desk.close()
    profile = folder / f"phone-{checkpoint}"
    return Barrier(site, visit(**PHONE, profile=profile), profile, checkpoint, code)
