"""Phones that are lost, stopped or never online again: what they hold is not lost with them, and nobody reads it."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, TimeoutError, expect

from tests.stories.conftest import Site
from tests.stories.officer import DESK, Barrier, register_many, sign_in, stand

pytestmark = pytest.mark.story

Visit = Callable[..., BrowserContext]


@pytest.fixture
def barrier(site: Site, visit: Visit, tmp_path: Path) -> Callable[[str], Barrier]:
    return lambda checkpoint: stand(site, visit, tmp_path, checkpoint)


@pytest.fixture
def desk(site: Site, visit: Visit) -> Page:
    page = visit(**DESK).new_page()
    sign_in(page, site, "zhihuibu", "/desk")
    return page


def phone_on_the_desk(desk: Page, post: Barrier) -> str:
    """The address of the phone's own pages at the desk."""
    with post.page.expect_response("**/api/v1/device/state") as told:
        post.page.evaluate("dispatchEvent(new Event('online'))")
    return f"{post.site.secure}/desk/devices/{told.value.json()['device_id']}"


def export(post: Barrier, to: Path) -> Path:
    button = post.page.get_by_test_id("export")
    for _ in range(6):  # a screen that is drawn anew under the finger: one taps again
        with suppress(TimeoutError):
            post.page.get_by_test_id("status").click(timeout=5_000)
        with suppress(TimeoutError):
            button.wait_for(timeout=5_000)
            break
    with post.page.expect_download() as saved:
        button.click()
    expect(post.page.get_by_test_id("export-done")).to_be_visible()
    saved.value.save_as(to)
    return to


def receive(desk: Page, site: Site, file: Path) -> None:
    desk.goto(f"{site.secure}/desk/outboxes")
    desk.set_input_files("input[type=file]", file)
    desk.click(".narrow .button--main")
    expect(desk.get_by_role("status").first).to_contain_text("7")


def test_a_phone_that_was_stopped_hands_its_records_over_as_a_file(
    site: Site, desk: Page, barrier: Callable[[str], Barrier], tmp_path: Path
) -> None:
    # Given a phone with records it could not send, that headquarters has stopped meanwhile
    post = barrier("HC12")
    address = phone_on_the_desk(desk, post)
    post.context.set_offline(True)
    assert register_many(post.page, 0, 7) == 7
    desk.goto(f"{site.secure}/desk/devices")
    with desk.expect_navigation():  # back to the same address: until then the phone is not stopped
        desk.locator(f"form[action$='{address.removeprefix(site.secure)}/revoke']").evaluate(
            "(form) => form.submit()"
        )
    post.context.set_offline(False)
    expect(post.page.get_by_test_id("revoked")).to_be_visible(timeout=30_000)

    # When its outbox is exported and received at the desk
    file = export(post, tmp_path / "outbox.json")
    assert "演示" not in file.read_text(encoding="utf-8"), "what it holds is sealed"
    receive(desk, site, file)

    # Then every record is there, and the same file again changes nothing
    post.expect_passages(7)
    receive(desk, site, file)
    post.expect_passages(7)


def test_a_phone_that_is_to_be_wiped_delivers_what_it_holds_and_forgets_the_rest(
    site: Site, desk: Page, barrier: Callable[[str], Barrier], picture: Callable[[Page, str], None]
) -> None:
    # Given a lost phone with records it could not send
    post = barrier("HC13")
    address = phone_on_the_desk(desk, post)
    post.context.set_offline(True)
    assert register_many(post.page, 0, 7) == 7

    # When the desk asks that it be wiped, its outbox kept, and it comes online
    desk.goto(f"{address}/wipe")
    desk.locator("input[name=outbox][value=KEEP]").check(force=True)
    desk.click(".narrow .button--main")
    desk.click(".narrow .button--bad")
    desk.wait_for_url("**/desk/devices")
    post.context.set_offline(False)

    # Then nobody can register on it, what it held has arrived, and the desk sees that it has forgotten the rest
    expect(post.page.get_by_test_id("wiped")).to_be_visible(timeout=60_000)
    expect(post.page.get_by_test_id("wiped-reported")).to_contain_text("已报告指挥部", timeout=90_000)
    picture(post.page, "phone-wiped")
    post.expect_passages(7)
    kept = post.page.evaluate(KEPT)
    assert kept["token"] is None
    assert kept["keys"] == 0


KEPT = """() => new Promise((resolve) => {
  const opening = indexedDB.open('lianfang-phone');
  opening.onsuccess = () => {
    const read = opening.result.transaction(['settings', 'readingKeys']);
    const enrolment = read.objectStore('settings').get('enrolment');
    const keys = read.objectStore('readingKeys').count();
    read.oncomplete = () => resolve({ token: enrolment.result?.value?.token ?? null, keys: keys.result });
  };
})"""
