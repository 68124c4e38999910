"""The family from Wuhan, observed for fourteen days: from the barrier over the slip, twice a day by one phone, to the day after."""

import re
import time
from collections.abc import Sequence
from datetime import date
from datetime import time as clock
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.stories.at_home import HouseholdPhone, ObservingDesk
from tests.stories.conftest import HERE
from tests.stories.handed_over import Picture, Traveller, Visit, masked, number, register
from tests.stories.observed_city import Fortnight
from tests.stories.officer import stand

pytestmark = pytest.mark.story

VILLAGE, GATE = "210381112211", "HC13"  # 西柳镇西柳村
FATHER = Traveller(
    "鄢建国", number("observed 1", date(1985, 3, 1)), "15400008501", to=VILLAGE, address="3组18号"
)
MOTHER = Traveller("郏秀兰", number("observed 2", date(1987, 6, 9), male=False), "15400008502")
CHILD = Traveller("逄小满", born_on="20160312")
GRANDMOTHER = Traveller("綦桂英", number("observed 4", date(1950, 11, 20), male=False))
FAMILY = (FATHER, MOTHER, CHILD, GRANDMOTHER)
ALL = range(1, len(FAMILY) + 1)
MORNING, EVENING = 0, 1  # lines of a card on the slip's page
WITHIN = 20  # seconds: from the barrier to the list of the township
READER = "http://reader.test/"
READ = """async (code) => {
  const { default: decodeQR } = await import('/decode.js');
  const image = new Image();
  image.src = code;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  const drawn = canvas.getContext('2d');
  drawn.fillStyle = 'white';
  drawn.fillRect(0, 0, canvas.width, canvas.height);
  drawn.drawImage(image, 0, 0);
  return decodeQR(drawn.getImageData(0, 0, canvas.width, canvas.height));
}"""


class Township(ObservingDesk):
    """The desk that observes the family: the village's orders, and the one number of the village."""

    def on_list(self, which: str, one: Traveller) -> list[str]:
        """Addresses of the orders of somebody that stand on a list of the village."""
        self.goto(f"/desk/quarantine?list={which}&division={VILLAGE}")
        links = self.page.get_by_test_id("orders").locator("tbody a[data-row]", has_text=masked(one.name))
        return [str(link.get_attribute("href")) for link in links.all()]

    def await_order(self, which: str, one: Traveller) -> str:
        until = time.monotonic() + WITHIN
        while not (found := self.on_list(which, one)) and time.monotonic() < until:
            self.page.wait_for_timeout(500)
        (order,) = found
        return order

    def await_none(self, which: str, one: Traveller) -> None:
        """Nobody is to be called or visited any more who has been heard of: seen to every few seconds."""
        until = time.monotonic() + WITHIN
        while (left := self.follow_up(which, one.name)).count() and time.monotonic() < until:
            self.page.wait_for_timeout(500)
        expect(left).to_have_count(0)

    def number(self) -> dict[str, int]:
        """The one number of the village, as its page says it."""
        self.goto(f"/desk/quarantine/number?division={VILLAGE}")
        said = self.page.get_by_test_id("checked-in").inner_text()
        checked_in, called_for = (int(figure) for figure in re.findall(r"\d+", said))
        lone = {one: self._figure(one) for one in ("observed", "released-today", "due-tomorrow")}
        return {"checked-in": checked_in, "called-for": called_for, **lone}

    def _figure(self, which: str) -> int:
        return int(re.sub(r"\D", "", self.page.get_by_test_id(which).inner_text()))

    def on_their_last_day(self) -> int:
        """How many of the village are in place for the last day; the family is of them."""
        self.goto(f"/desk/quarantine?list=IN_PLACE&division={VILLAGE}")
        lines = self.page.get_by_test_id("orders").locator("tbody tr", has_text="第 14 天 / 14")
        for one in FAMILY:
            expect(lines.filter(has_text=masked(one.name))).to_have_count(1)
        return lines.count()

    def print_slip(self, order: str, picture: Picture) -> str:
        """One for the four of them; the link that a camera reads from it."""
        self.goto(f"{order}/slip")
        expect(self.page.locator("[name=orders]:checked")).to_have_count(len(FAMILY))
        self.page.get_by_role("button", name="打印").click()
        slip = self.page.get_by_test_id("slip")
        for mark in "①②③④":
            expect(slip.get_by_role("cell", name=mark)).to_be_visible()
        picture(self.page, "quarantine-family-slip")
        link = read_qr(self.page, str(slip.locator(".slip__code img").get_attribute("src")))
        assert link == slip.locator(".slip__link").inner_text().strip(), "what can be typed is what is read"
        return link

    def refused_release(self, order: str) -> None:
        """The page offers no release; whoever asks for one all the same is told why not."""
        self.goto(f"{order}/end")
        expect(self.page.get_by_test_id("release")).to_have_count(0)
        expect(self.page.get_by_test_id("not-yet")).to_contain_text(
            "期满以后才能解除；核酸阴性不能代替观察期满"
        )
        self.page.get_by_text("延长", exact=True).first.click()
        button = self.page.locator("button[name=act][value=extend]")
        button.evaluate("(one) => { one.value = 'release'; }")
        self.page.locator("button[name=act][value=release]").click()
        expect(self.page.get_by_test_id("refused")).to_contain_text("期满以后才能解除")

    def certificate(self, order: str) -> str:
        self.goto(order)
        self.page.get_by_test_id("certify").click()
        return self.page.get_by_test_id("certificate").inner_text()


def _served(route: Route) -> None:
    script = route.request.url.removeprefix(READER)
    if script:
        route.fulfill(path=HERE / "node_modules" / "qr" / script)
    else:
        route.fulfill(content_type="text/html", body="<!doctype html>")


def read_qr(page: Page, code: str) -> str:
    """As a camera does: by the scanner's own decoder, on a page that is nobody's and reaches no server."""
    reader = page.context.new_page()
    reader.route(f"{READER}**", _served)
    reader.goto(READER)
    said: str = reader.evaluate(READ, code)
    reader.close()
    return said


def reported(phone: HouseholdPhone, half: int) -> None:
    """All four of them have reported, each says so in the line of that half-day."""
    for place in ALL:
        expect(phone.card(place).locator(".half").nth(half)).to_have_class(re.compile("half--WELL"))


def report_for_all(phone: HouseholdPhone, link: str, temperatures: Sequence[str], *, half: int) -> None:
    phone.scan(link)
    for place, temperature in zip(ALL, temperatures, strict=True):
        phone.type(place, temperature)
    phone.page.get_by_role("button", name="全家一起报").tap()
    reported(phone, half)


def in_place_when_asked(desk: Township, orders: dict[Traveller, str]) -> None:
    """Told with the slip in hand; the father is not in place before somebody asked who depends on him."""
    desk.told(orders[FATHER])
    desk.page.get_by_test_id("care-form").locator("button[value=IN_PLACE]").click()
    expect(desk.page.locator(".notice--warn")).to_contain_text("还不能记为到位")
    desk.expect_state("已送达")
    desk.answer_care(orders[FATHER])
    desk.expect_state("隔离中")
    for one in FAMILY[1:]:
        desk.in_place(orders[one])


def released(desk: Township, orders: dict[Traveller, str], picture: Picture) -> None:
    """The father by himself, everybody else whose time is over with one button; the number says so."""
    desk.end(orders[FATHER], "release")
    desk.expect_state("已解除")
    assert desk.number()["released-today"] == 1
    desk.goto("/desk/quarantine/release")
    picture(desk.page, "quarantine-family-release")
    desk.page.get_by_role("button", name="全部解除").click()
    expect(desk.page.get_by_test_id("released")).to_contain_text("已解除")
    for one in FAMILY[1:]:
        assert desk.on_list("ENDED", one) == [orders[one]]
    assert desk.number()["released-today"] >= len(FAMILY)


def nothing_more_is_asked(phone: HouseholdPhone, link: str) -> None:
    phone.scan(link)
    for place in ALL:
        expect(phone.card(place)).to_contain_text("观察已结束，不用再报")
    expect(phone.page.locator(".reading")).to_have_count(0)


def test_quarantine_of_a_family_from_the_barrier_to_release_on_day_fourteen(
    fortnight: Fortnight, visit: Visit, tmp_path: Path, picture: Picture
) -> None:
    # Given a barrier, and the desk of the township where the family is going to live
    barrier = stand(fortnight.site, fortnight.phones(visit), tmp_path, GATE)
    desk = Township(fortnight.site, fortnight.trusted(visit), "xiliu", village=VILLAGE)
    before = desk.number()

    # When four people from Wuhan are registered in one car
    assert register(barrier.page, "鄂A20001", FAMILY) == ["QUARANTINE"] * 4
    # Then within seconds an order for each of them stands on the list of whom to tell
    orders = {one: desk.await_order("TO_TELL", one) for one in FAMILY}
    picture(desk.page, "quarantine-family-to-tell")

    # When they are told with one slip for the household, and asked who depends on them
    link = desk.print_slip(orders[FATHER], picture)
    in_place_when_asked(desk, orders)
    picture(desk.page, "quarantine-family-order")
    # Then the one number asks for four reports more
    placed = desk.number()
    assert placed["observed"] == before["observed"] + 4
    assert (placed["called-for"], placed["checked-in"]) == (before["called-for"] + 4, before["checked-in"])

    # When the father scans the slip and reports for all: then the number counts them, and his page has named nobody
    phone = HouseholdPhone(fortnight.phones(visit))
    report_for_all(phone, link, ("36.5", "36.4", "36.8", "36.2"), half=MORNING)
    picture(phone.page, "quarantine-family-check-in")
    assert desk.number()["checked-in"] == before["checked-in"] + 4
    picture(desk.page, "quarantine-family-number")
    assert not re.search("|".join(one.name for one in FAMILY), phone.page.inner_text("body"))

    # When nothing comes in the evening, nor on the next morning: then somebody rings, and nobody is rung who reports
    fortnight.later(clock(10, 30), day=1)
    desk.await_follow_up("calls", FATHER.name)
    picture(desk.page, "quarantine-family-calls")
    desk.close("calls", FATHER.name, "WELL")
    report_for_all(phone, link, ("36.6", "36.4", "36.7", "36.3"), half=MORNING)
    for one in FAMILY:
        desk.await_none("calls", one)

    # When it is day fourteen: then they are not released yet, the desk says why, and the number has them for tomorrow
    fortnight.later(clock(18, 30), day=14)
    report_for_all(phone, link, ("36.5", "36.5", "36.6", "36.1"), half=EVENING)
    expect(phone.card(1)).to_contain_text("第 14 天，共 14 天")
    desk.refused_release(orders[FATHER])
    picture(desk.page, "quarantine-family-refused")
    last_day = desk.number()
    assert (last_day["due-tomorrow"], last_day["released-today"]) == (desk.on_their_last_day(), 0)

    # When that day is over: then they are released, with a certificate each, and the slip's page asks for nothing more
    fortnight.later(clock(8, 30), day=15)
    released(desk, orders, picture)
    told = desk.certificate(orders[FATHER])
    assert FATHER.name in told
    assert "隔离医学观察满 14 天，现予解除" in told
    picture(desk.page, "quarantine-family-certificate")
    nothing_more_is_asked(phone, link)
    picture(phone.page, "quarantine-family-over")
