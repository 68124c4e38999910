"""An order comes at six: headquarters writes it as rules, and every barrier asks the new question, without a programmer."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.stories.conftest import Site, start_site, trust
from tests.stories.officer import DESK, Barrier, sign_in, stand

pytestmark = pytest.mark.story

FIVE_MINUTES = 300_000
QUESTION = "近14天去过海鲜市场吗？"
ORDER = "2月10日18时 市指挥部令"
SAID = "您去过海鲜市场，请到集中隔离点观察14天。"


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Site]:
    """A city of its own: what is ordered here would be asked in every other story."""
    started = start_site(tmp_path / "city", "--demo", "--still")
    yield started
    started.stop()


def draft_from_what_is_in_force(desk: Page, site: Site) -> None:
    desk.goto(f"{site.secure}/desk/rules")
    desk.get_by_role("button", name="照它起草修改").click()


def add_the_question(desk: Page) -> None:
    desk.get_by_role("link", name="加一个问题").click()
    english = "Were you at a seafood market in the last 14 days?"
    for name, value in (("zh", QUESTION), ("en", english), ("key", "market")):
        desk.fill(f".question-form [name={name}]", value)
    desk.select_option(".question-form [name=kind]", "YES_NO")
    desk.get_by_role("button", name="保存这个问题").click()
    expect(desk.locator("#questions")).to_contain_text(QUESTION)


def add_the_row(desk: Page) -> None:
    """Whoever answers yes is quarantined in a facility."""
    desk.get_by_role("button", name="加一行").click()
    desk.select_option("[name=new-when]", "answers.market")
    desk.locator("button[name=act][value=add-when]").click()
    desk.select_option(".row-form [name=kind]", "QUARANTINE")
    desk.select_option(".row-form [name=place]", "FACILITY")
    desk.fill(".row-form [name=days]", "14")
    desk.fill(".row-form [name=name]", "market")
    desk.fill(".row-form [name=zh]", SAID)
    desk.fill(".row-form [name=en]", "You were at a seafood market: quarantine in a facility for 14 days.")
    desk.get_by_role("button", name="保存这一行").click()
    expect(desk.locator(".rule-table")).to_contain_text(QUESTION)


def propose(desk: Page) -> None:
    desk.get_by_role("link", name="提交审批").click()
    desk.fill("[name=days]", "14")
    desk.fill("[name=reason]", ORDER)
    desk.locator("main").get_by_role("button", name="提交审批").click()
    expect(desk.locator("main")).to_contain_text("等另一位值班员")


def approve(desk: Page, site: Site) -> None:
    desk.goto(f"{site.secure}/desk/rules")
    desk.get_by_role("link", name="对照、批准或退回").click()
    expect(desk.locator("main")).to_contain_text(QUESTION)
    desk.get_by_role("button", name="批准，几秒后生效").click()
    expect(desk.locator("main")).to_contain_text("已批准，几秒后生效")


def half_typed(phone: Page, plate: str, name: str) -> None:
    phone.get_by_test_id("plate").fill(plate)
    phone.get_by_test_id("name").fill(name)


def finished(phone: Page) -> None:
    phone.get_by_test_id("temperature").fill("36.5")
    phone.get_by_test_id("finish").click()


def told(phone: Page, measure: str, sentence: str = "") -> None:
    shown = phone.get_by_test_id("measure")
    expect(shown).to_have_attribute("data-measure", measure)
    expect(shown).to_contain_text(sentence)
    phone.get_by_test_id("measure-next").click()


def explained(desk: Page, site: Site, checkpoint: str, *, answer: str, words: list[str]) -> None:
    """The newest passage of the checkpoint: what was answered, and why it was decided so."""
    desk.goto(f"{site.secure}/desk/passages?checkpoint={checkpoint}")
    desk.locator("tbody a[data-row]").first.click()
    if answer:
        expect(desk.locator("main")).to_contain_text(QUESTION)
        expect(desk.locator("main")).to_contain_text(answer)
    desk.locator("main").get_by_role("link", name="为什么这样判").first.click()
    for said in words:
        expect(desk.locator("main")).to_contain_text(said)


def test_an_order_at_six_asks_a_new_question_at_every_barrier_by_five_past(
    city: Site,
    visit: Callable[..., BrowserContext],
    tmp_path: Path,
    picture: Callable[[Page, str], None],
) -> None:
    # Given two barriers: at one a car is half typed, the other's phone gets no new rules any more
    home = tmp_path / "home"
    home.mkdir()
    site, visit = city, partial(visit, home=trust(city, home))
    barrier: Barrier = stand(site, visit, tmp_path, "HC05")
    phone = barrier.page
    half_typed(phone, "辽C60001", "演示甲")
    old: Barrier = stand(site, visit, tmp_path, "HC06")
    old.context.route("**/api/v1/rules", lambda route: route.abort())
    expect(phone.get_by_test_id("question-market")).to_have_count(0)

    # When one officer drafts the order from what is in force, and another approves it
    desk, second = visit(**DESK).new_page(), visit(**DESK).new_page()
    sign_in(desk, site, "zhihuibu", "/desk")
    draft_from_what_is_in_force(desk, site)
    add_the_question(desk)
    add_the_row(desk)
    picture(desk, "rules-draft")
    propose(desk)
    sign_in(second, site, "fuhe", "/desk")
    approve(second, site)
    (in_force, *_before) = site.command("screening", "rules")["history"]
    assert in_force["reason"] == ORDER

    # Then the open phone asks, and the half-typed car is still there
    expect(phone.get_by_test_id("question-market")).to_contain_text(QUESTION, timeout=FIVE_MINUTES)
    expect(phone.get_by_test_id("plate")).to_have_value("辽C·60001")
    expect(phone.get_by_test_id("name")).to_have_value("演示甲")
    phone.get_by_test_id("question-market").scroll_into_view_if_needed()
    picture(phone, "phone-question")

    # And the answer decides, on the phone and at the server, and the desk sees why
    phone.get_by_test_id("question-market-YES").click()
    finished(phone)
    told(phone, "QUARANTINE", SAID)
    barrier.expect_passages(1)
    explained(desk, site, "HC05", answer="是", words=[in_force["hash"], SAID])
    expect(desk.get_by_test_id("told-otherwise")).to_have_count(0)
    picture(desk, "decision-explained")

    # And a phone that knows nothing of it still registers and sends; nobody is held for what nobody asked
    half_typed(old.page, "辽C60002", "演示乙")
    expect(old.page.get_by_test_id("question-market")).to_have_count(0)
    finished(old.page)
    told(old.page, "REGISTER")
    old.expect_passages(1)
    explained(desk, site, "HC06", answer="", words=[in_force["hash"]])
