"""A check-in link that is guessed, used again, and over: what it tells, what it never tells, and on how small a phone."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lianfang.kernel.tokens import new_token
from tests.stories.at_home import HouseholdPhone, Member, ObservingDesk, days_ago
from tests.stories.conftest import Site
from tests.stories.handed_over import Picture, Visit, number

pytestmark = pytest.mark.story

VILLAGE = "210381112214"  # 西柳镇码头村
CHINESE = re.compile(r"[\u4e00-\u9fff]")
FINGER = 40  # pixels that a finger needs
GUESSES = 60  # many more than anybody mistypes

GUESS = """async (tokens) => {
  const said = [];
  for (const token of tokens) {
    const answer = await fetch('/api/v1/check-in/page', { method: 'POST', headers: { Authorization: `Bearer ${token}` } });
    said.push([answer.status, JSON.stringify(await answer.json())]);
  }
  return said;
}"""


def household(name: str, seed: str) -> tuple[Member, Member]:
    """Two of a family name that nobody else in the city has."""
    return (
        Member(f"{name}守田", number(f"{seed} 1", date(1969, 2, 3)), "15400008501"),
        Member(f"{name}月娥", number(f"{seed} 2", date(1971, 12, 30), male=False), relation="SPOUSE"),
    )


def ordered(desk: ObservingDesk, door: str, people: tuple[Member, ...], day0: date) -> list[str]:
    orders = [desk.order(file, day0) for file in desk.household(VILLAGE, door, people)]
    for one in orders:
        desk.in_place(one)
    return orders


def said(page: Page) -> str:
    return page.locator("#check-in").inner_text()


def test_checkin_by_a_guessed_link_tells_nothing_and_holds_up_nobody(site: Site, visit: Visit) -> None:
    # Given a household with its link
    desk = ObservingDesk(site, visit)
    (order, _other) = ordered(desk, "1组8号", household("逄", "guessed"), days_ago(3))
    link = desk.slip(order)

    # When somebody opens a link that is nobody's, the page says that it is none, and nothing of anybody
    phone = HouseholdPhone(visit)
    phone.scan(f"{site.secure}/k/#{new_token('k')}")
    expect(phone.page.get_by_role("alert")).to_contain_text("链接不对")
    expect(phone.page.locator(".card")).to_have_count(0)

    # And of many guesses every one is told the same, until they are told to wait
    answers = phone.page.evaluate(GUESS, [new_token("k") for _ in range(GUESSES)])
    assert len({words for status, words in answers if status == 401}) == 1
    assert {status for status, _ in answers} == {401, 429}, answers
    assert answers[-1][0] == 429, "and they stay held up"
    for _ in range(GUESSES):  # each web process counts for itself
        phone.scan(f"{site.secure}/k/#{new_token('k')}")
        expect(phone.page.locator("#check-in")).to_contain_text(
            re.compile("链接不对|试得太多了，请一分钟后再试")
        )
        if "试得太多了" in said(phone.page):
            break
    else:
        pytest.fail("whoever guesses on is never told to wait")

    # But a good link from the same address works all the while
    phone.scan(link)
    expect(phone.report(1, "36.6")).to_contain_text("已收到，无异常")


def test_checkin_link_of_an_older_slip_says_to_use_the_newest(site: Site, visit: Visit) -> None:
    # Given a household that lost its slip, and a phone on which the page of it still stands open
    desk = ObservingDesk(site, visit)
    (order, _other) = ordered(desk, "2组15号", household("厍", "reused"), days_ago(3))
    first = desk.slip(order)
    phone = HouseholdPhone(visit)
    phone.scan(first)
    phone.type(1, "36.7")

    # When the desk prints another one
    newest = desk.slip(order)
    assert newest != first

    # Then the page that stands open takes no more reports, and says what to do; so does the old slip, scanned again
    phone.card(1).locator("button.send").tap()
    expect(phone.page.get_by_role("alert")).to_contain_text("请用最新的告知书上的链接")
    phone.scan(first)
    expect(phone.page.get_by_role("alert")).to_contain_text("请用最新的告知书上的链接")
    desk.goto(order)
    expect(desk.page.get_by_test_id("order-reports").locator("svg")).to_have_count(0)

    # And the newest works
    phone.scan(newest)
    expect(phone.report(1, "36.7")).to_contain_text("已收到，无异常")


def test_checkin_link_after_the_end_asks_for_nothing_more(site: Site, visit: Visit) -> None:
    # Given a household whose last day is over by two days
    desk = ObservingDesk(site, visit)
    first, second = ordered(desk, "4组2号", household("亢", "ended"), days_ago(16))
    link = desk.slip(first)
    phone = HouseholdPhone(visit)

    # When one of them is released, he is asked for nothing, and the other not either: his last day is over as well
    desk.end(first, "release")
    desk.expect_state("已解除")
    phone.scan(link)
    for place in (1, 2):
        expect(phone.card(place)).to_contain_text("观察已结束，不用再报")
        expect(phone.card(place).locator(".reading")).to_have_count(0)

    # When the other is extended she is asked again; and when that is lifted, the page that stands open says so
    desk.end(second, "extend", until=days_ago(-1).isoformat(), note="复查未出结果")
    phone.scan(link)
    expect(phone.report(2, "36.5")).to_contain_text("已收到，无异常")
    desk.end(second, "lift", note="复查阴性，事由不成立")
    phone.type(2, "36.5")
    phone.card(2).locator("button.send").tap()
    expect(phone.answer(2)).to_contain_text("此人的观察已结束，不用再报")


def test_checkin_page_names_nobody_and_its_link_reaches_no_address(site: Site, visit: Visit) -> None:
    # Given a household with its link on a phone
    desk = ObservingDesk(site, visit)
    people = household("郏", "unnamed")
    (order, _other) = ordered(desk, "6组3号", people, days_ago(3))
    link = desk.slip(order)
    token = link.partition("#")[2]
    phone = HouseholdPhone(visit)
    answered: list[str] = []
    phone.page.on(
        "response", lambda answer: answered.append(answer.text()) if "/api/" in answer.url else None
    )

    # When they report
    phone.scan(link)
    expect(phone.report(1, "36.6")).to_contain_text("已收到")
    expect(phone.report(2, "36.4")).to_contain_text("已收到")

    # Then neither the page nor what it was answered names anybody, by name, number, telephone, door or place
    shown = phone.page.content() + "".join(answered)
    assert len(answered) >= 3
    for one in people:
        for secret in filter(
            None, (one.name, one.name[1:], one.document, one.phone, "6组3号", VILLAGE, "西柳")
        ):
            assert secret not in shown, secret

    # And the token stands in no address that was asked for, in no store of the phone, and nowhere in the server's folder
    assert link.startswith(f"{site.secure}/k/#k_")
    assert phone.asked
    assert not [address for address in phone.asked if token in address]
    assert phone.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    assert phone.page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    assert not [file for file in written(site.data) if token.encode() in file.read_bytes()]


def written(folder: Path) -> Iterator[Path]:
    """What the server itself keeps; what PostgreSQL keeps holds the hash (tests/quarantine)."""
    return (file for file in folder.rglob("*") if file.is_file() and "postgres" not in file.parts)


def test_checkin_page_works_on_a_small_phone_in_both_languages(
    site: Site, visit: Visit, picture: Picture
) -> None:
    # Given a household's link on a small phone
    desk = ObservingDesk(site, visit)
    (order, _other) = ordered(desk, "7组21号", household("乜", "small"), days_ago(13))
    phone = HouseholdPhone(visit)
    phone.scan(desk.slip(order))
    page = phone.page

    # Then it asks in Chinese, nothing goes beyond the screen, and everything that is pressed is as large as a finger
    expect(page.get_by_role("heading", name="健康打卡")).to_be_visible()
    expect(phone.card(1)).to_contain_text("第 13 天，共 14 天")
    fits(page)
    picture(page, "checkin-small-zh")

    # When somebody chooses English, it says so to a screen reader as well, and no Chinese is left but the way back
    page.get_by_role("button", name="English").tap()
    expect(page.get_by_role("heading", name="Health check-in")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "en"
    fits(page)
    own = page.locator("#check-in > :not(:has(.notices))").all_inner_texts()
    left = "".join(own).replace("中文", "")
    assert not CHINESE.search(left), left
    picture(page, "checkin-small-en")

    # Then a temperature that is none is asked for again, and one as people type it is taken
    phone.type(1, "3650")
    phone.card(1).locator("button.send").tap()
    expect(phone.card(1).locator(".doubt")).to_contain_text("Enter a temperature")
    page.get_by_role("button", name="Cough").first.tap()
    expect(phone.report(1, "３６。８")).to_contain_text("Please stay at home")
    fits(page)
    expect(phone.report(2, "366")).to_contain_text("Received: nothing of note")

    # And back in Chinese the answers stand, in Chinese
    page.get_by_role("button", name="中文").tap()
    expect(phone.answer(1)).to_contain_text("请留在家里")
    expect(phone.answer(2)).to_contain_text("已收到，无异常")
    fits(page)


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    pressed = page.locator(
        "#check-in button:visible, #check-in .reading:visible, #check-in .call__number:visible"
    )
    heights = [box["height"] for one in pressed.all() if (box := one.bounding_box())]
    assert heights
    assert min(heights) >= FINGER, heights
