"""A volunteer with a phone of his own: invited by the township, at the doors without network, and the desk knows when he is back."""

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.stories.conftest import Site
from tests.stories.handed_over import Picture, ReferralDesk, Traveller, Visit, number, register
from tests.stories.officer import PHONE, stand

pytestmark = pytest.mark.story

VILLAGE, PIN = "210381112211", "2580"  # 西柳镇西柳村
MAN = Traveller(
    "阙建军", number("volunteer 1", date(1984, 5, 2)), "15400009101", to=VILLAGE, address="5组7号"
)
WIFE = Traveller("阚秀芳", number("volunteer 2", date(1986, 1, 8), male=False), "15400009102")
SON = Traveller("佘小军", born_on="20150901")
FAMILY = (MAN, WIFE, SON)


def invitation(township: ReferralDesk, name: str) -> str:
    """The township's desk makes a code for one village; the page shows it as a QR code and as what can be typed."""
    township.goto("/desk/grid-workers/new")
    page = township.page
    page.fill("[name=place]", VILLAGE)
    page.locator(f"[name=division][value='{VILLAGE}']").check()
    page.fill("[name=name]", name)
    page.click(".button--main")
    expect(page.locator(".invitation__qr")).to_be_visible()
    return page.locator(".invitation__code").inner_text().strip()


def type_pin(page: Page, pin: str, field: str) -> None:
    for digit in pin:
        page.get_by_test_id(f"grid-digit-{digit}").click()
    page.get_by_test_id(f"{field}-go").click()


def enrol_by_link(context: BrowserContext, site: Site, code: str) -> Page:
    page = context.new_page()
    page.goto(f"{site.secure}/grid/#{code}")
    expect(page.get_by_test_id("grid-code")).to_have_value(code)
    assert code not in page.url, "the code is taken out of the address at once"
    type_pin(page, PIN, "grid-new-pin")
    type_pin(page, PIN, "grid-new-pin-again")
    expect(page.get_by_test_id("grid-tab-doors")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


def door_of(page: Page, one: Traveller) -> None:
    page.get_by_test_id("grid-door").filter(has_text=one.name).get_by_test_id("grid-door-open").click()
    expect(page.get_by_test_id("grid-person")).to_have_count(len(FAMILY))


def waiting(page: Page, count: int) -> None:
    expect(page.get_by_test_id("grid-waiting")).to_have_text(str(count), timeout=60_000)


def test_a_handover_on_the_phone_of_a_volunteer_who_has_no_network_at_the_door(
    site: Site, visit: Visit, tmp_path: Path, picture: Picture
) -> None:
    # Given a family registered at a barrier, headed for a village of the township
    barrier = stand(site, visit, tmp_path, "HC14")
    township = ReferralDesk(site, visit, "xiliu")
    assert register(barrier.page, "鄂A10091", FAMILY) == ["QUARANTINE"] * 3
    for one in FAMILY:
        township.await_lines("UNACCEPTED", one.name)

    # When the township invites a volunteer, who opens the link on his own phone and chooses a PIN
    code = invitation(township, "志愿者")
    profile = tmp_path / "volunteer"
    context = visit(**PHONE, profile=profile)
    page = enrol_by_link(context, site, code)
    picture(page, "grid-doors")

    # Then the family's door stands on his list, one card for the three, with the way to call them
    card = page.get_by_test_id("grid-door").filter(has_text=MAN.name)
    expect(card).to_contain_text(WIFE.name)
    expect(card.get_by_test_id("grid-call")).to_have_attribute("href", f"tel:{MAN.phone}")

    # When he stands at the door without network, starts the page anew there, and answers
    context.set_offline(True)
    page.reload()
    type_pin(page, PIN, "grid-pin")
    expect(page.get_by_test_id("grid-link")).to_contain_text("离线")
    door_of(page, MAN)
    page.get_by_test_id("grid-all-arrived").click()
    waiting(page, 3)
    expect(page.locator("[data-mark=WAITING]")).to_have_count(3)
    picture(page, "grid-door-offline")

    # And finds that the boy is with his grandmother next door, so he says so instead
    boy = page.get_by_test_id("grid-person").filter(has_text=SON.name)
    boy.get_by_test_id("grid-correct").click()
    boy.get_by_test_id("grid-answer-NOT_HERE").click()
    waiting(page, 4)

    # Then everything is delivered by itself when the network is back
    context.set_offline(False)
    waiting(page, 0)
    expect(page.get_by_test_id("grid-kept")).to_have_text("4")
    expect(page.get_by_test_id("grid-aside")).to_have_text("0")

    # And the desk sees who arrived
    for one in (MAN, WIFE):
        township.await_lines("ARRIVED", one.name)
    township.await_lines("NOT_HERE", SON.name)
    township.open("ARRIVED", MAN.name)
    expect(township.state()).to_contain_text("已到")

    # And what the phone keeps names nobody, but for whom the PIN opens it
    said = page.evaluate(READ_ALL)
    assert not re.search("|".join(one.name for one in FAMILY) + f"|{MAN.phone}|5组7号", said)


# Everything in the page's own databases as text; bytes as the letters that they would be.
READ_ALL = """async () => {
  const told = [];
  const text = (_, value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? new TextDecoder().decode(value) : value;
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((go) => { const r = indexedDB.open(name); r.onsuccess = () => go(r.result); });
    for (const table of db.objectStoreNames) {
      const rows = await new Promise((go) => {
        const r = db.transaction(table).objectStore(table).getAll();
        r.onsuccess = () => go(r.result);
      });
      told.push(table, JSON.stringify(rows, text));
    }
    db.close();
  }
  return told.join(' ') + JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage });
}"""


def test_a_handover_phone_in_wrong_hands_shows_nothing_and_forgets_after_five_guesses(
    site: Site, visit: Visit, tmp_path: Path
) -> None:
    # Given an enrolled phone that somebody found
    township = ReferralDesk(site, visit, "xiliu")
    context = visit(**PHONE, profile=tmp_path / "lost")
    page = enrol_by_link(context, site, invitation(township, "拾到的"))
    page.reload()
    expect(page.get_by_test_id("grid-door")).to_have_count(0)

    # When he guesses, the server counts along and says how often he still may
    for left in (4, 3, 2, 1):
        type_pin(page, "1470", "grid-pin")
        expect(page.get_by_test_id("grid-error")).to_contain_text(f"还可以试 {left} 次")
    type_pin(page, "1470", "grid-pin")

    # Then the fifth time the phone is switched off, here and at the desk
    expect(page.get_by_test_id("grid-ended")).to_be_visible()
    expect(page.get_by_test_id("grid-digit-1")).to_be_visible()
    township.goto("/desk/grid-workers")
    expect(township.page.locator("tbody tr").first).to_contain_text("密码锁定")
