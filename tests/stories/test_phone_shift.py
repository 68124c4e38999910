"""A whole shift without network, and everything that goes wrong in one: no record is lost, none counts twice."""

import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.stories.conftest import HERE, Site, kill_browser, start_site, trust
from tests.stories.officer import (
    DESK,
    MANY,
    PHONE,
    Barrier,
    Unwell,
    begin_shift,
    board_of,
    enrol,
    everything_sent,
    invite,
    register_many,
    sign_in,
    stand,
)

pytestmark = pytest.mark.story

Visit = Callable[..., BrowserContext]
A_SHIFT = 500  # vehicles


@pytest.fixture
def barrier(site: Site, visit: Visit, tmp_path: Path) -> Callable[[str], Barrier]:
    return lambda checkpoint: stand(site, visit, tmp_path, checkpoint)


def test_a_phone_in_airplane_mode_for_five_hundred_vehicles_loses_none(
    barrier: Callable[[str], Barrier], picture: Callable[[Page, str], None]
) -> None:
    # Given a phone that has had no network since the shift began
    post = barrier("HC04")
    post.context.set_offline(True)
    # When a shift's vehicles pass, and the phone is started anew in the middle of it
    assert register_many(post.page, 0, A_SHIFT // 2) == A_SHIFT // 2
    post.page.reload()
    assert register_many(post.page, A_SHIFT // 2, A_SHIFT) == A_SHIFT
    expect(post.page.get_by_test_id("unsent-count")).to_have_text(str(A_SHIFT))
    picture(post.page, "phone-shift-offline")
    # Then all of them arrive, each once, when the network is back
    post.context.set_offline(False)
    everything_sent(post.page, A_SHIFT)
    post.expect_passages(A_SHIFT)


def test_a_phone_whose_server_is_unwell_goes_on_and_delivers_each_record_once(
    barrier: Callable[[str], Barrier],
) -> None:
    # Given a server that fails, is busy, away, behind a portal, talks nonsense, loses answers, and gets parcels twice
    post = barrier("HC05")
    server = Unwell(
        post.site,
        post.context,
        "fails",
        "busy",
        "away",
        "portal",
        "garbage",
        "lost",
        "twice",
        "lost",
        "fails",
    )
    # When cars pass meanwhile
    assert register_many(post.page, 0, 30) == 30
    # Then the officer was never stopped, and nobody has to do anything
    until = time.monotonic() + 180
    while post.page.get_by_test_id("unsent-count").inner_text() != "0" and time.monotonic() < until:
        post.page.wait_for_timeout(500)
    assert set(server.said) >= {"fails", "busy", "away", "portal", "garbage", "lost", "twice", "well"}
    everything_sent(post.page, 30)
    post.expect_passages(30)


def test_a_phone_whose_browser_is_killed_while_it_writes_keeps_what_it_said_it_saved(
    site: Site, visit: Visit, barrier: Callable[[str], Barrier]
) -> None:
    # Given a phone without network that says each car it has saved
    post = barrier("HC06")
    saved: list[int] = []
    post.page.expose_function("__saved", lambda number: saved.append(number))
    post.context.set_offline(True)
    # When the browser is killed in the middle of registering
    post.page.evaluate(f"(cars) => void ({MANY})(cars)", [0, 400, True])
    until = time.monotonic() + 60
    while len(saved) < 60 and time.monotonic() < until:
        post.page.wait_for_timeout(20)
    kill_browser(post.profile)
    assert 60 <= len(saved) < 400
    # Then everything it had said it saved is there when it is opened again, and arrives once
    page = visit(**PHONE, profile=post.profile).new_page()
    page.goto(f"{site.secure}/phone/")
    acked = page.get_by_test_id("acked-count")
    until = time.monotonic() + 120
    while int(acked.inner_text()) < len(saved) and time.monotonic() < until:
        page.wait_for_timeout(100)
    expect(page.get_by_test_id("unsent-count")).to_have_text("0", timeout=120_000)
    kept = int(acked.inner_text())
    assert len(saved) <= kept <= len(saved) + 2, "at most the car in hand was written before it was told"
    post.expect_passages(kept)


def test_a_phone_that_is_full_says_so_and_keeps_the_car_on_the_screen(
    site: Site, barrier: Callable[[str], Barrier], picture: Callable[[Page, str], None]
) -> None:
    # Given a phone without network and with hardly any space left
    post = barrier("HC07")
    post.context.set_offline(True)
    assert register_many(post.page, 0, 5) == 5
    quota = post.context.new_cdp_session(post.page)
    used = int(post.page.evaluate("navigator.storage.estimate().then((e) => e.usage)"))
    quota.send("Storage.overrideQuotaForOrigin", {"origin": site.secure, "quotaSize": used})
    # When cars pass until one cannot be written
    stopped_at = register_many(post.page, 5, 2000)
    # Then the officer is told, the car is still in the form, and nothing written before is lost
    assert 5 <= stopped_at < 2000
    expect(post.page.get_by_test_id("notice")).to_be_visible()
    assert post.page.get_by_test_id("name").input_value() == f"演示{stopped_at}"
    picture(post.page, "phone-full")
    quota.send("Storage.overrideQuotaForOrigin", {"origin": site.secure})
    post.page.wait_for_timeout(500)  # a tap that follows at once on the same form is a glove's
    post.page.get_by_test_id("finish").click()
    expect(post.page.get_by_test_id("unsent-count")).to_have_text(str(stopped_at + 1))
    post.context.set_offline(False)
    everything_sent(post.page, stopped_at + 1)
    post.expect_passages(stopped_at + 1)


@pytest.mark.parametrize(("hours", "checkpoint"), [(-5, "HC08"), (30, "HC09")], ids=["behind", "ahead"])
def test_a_phone_whose_clock_is_wrong_is_told_and_delivers_all_the_same(
    hours: int, checkpoint: str, barrier: Callable[[str], Barrier]
) -> None:
    # Given a phone whose clock was moved after it was enrolled
    post = barrier(checkpoint)
    post.page.add_init_script(CLOCK % (hours * 3_600_000))
    post.page.reload()
    form_or_shift = post.page.locator("[data-testid=plate], [data-testid=shift-officer]")
    expect(form_or_shift).to_be_visible()
    if post.page.get_by_test_id("shift-officer").is_visible():  # by this clock another shift has begun
        begin_shift(post.page, again=True)
    # When cars pass
    assert register_many(post.page, 0, 3) == 3
    # Then the officer sees the notice, and the records arrive, flagged where the time cannot be believed
    expect(post.page.get_by_test_id("clock-notice")).to_be_visible()
    everything_sent(post.page, 3)
    post.expect_passages(3)


CLOCK = """
const by = %d, Real = Date;
Date = class extends Real {
  constructor(...parts) { parts.length ? super(...parts) : super(Real.now() + by); }
  static now() { return Real.now() + by; }
};
"""


def test_a_phone_with_a_full_outbox_takes_an_update_and_loses_nothing(
    tmp_path: Path, visit: Visit, of_a_copy: Site
) -> None:
    # Given a phone of the old version with records it could not send
    copy, home = of_a_copy, trust(of_a_copy, tmp_path / "home")
    desk = visit(**DESK, home=home).new_page()
    sign_in(desk, copy, "zhihuibu", "/desk")
    code = invite(desk, copy, "HC10")
    context = visit(**PHONE, home=home)
    page = context.new_page()
    enrol(page, copy, code)
    token = copy.command("token")["token"]
    before = board_of(copy, token, "HC10")["passages"]
    context.set_offline(True)
    assert register_many(page, 0, 40) == 40
    old = page.evaluate("document.querySelector('script[type=module]').src")
    # When a new version stands on the server, and the phone meets it before it could send
    Unwell(copy, context, *["away"] * 4)
    a_new_version(copy)
    context.set_offline(False)
    page.evaluate("navigator.serviceWorker.getRegistration().then((r) => r.update())")
    page.get_by_test_id("update").click(timeout=60_000)
    # Then the phone runs the new program, and the records of the old one arrive, each once
    expect(page.get_by_test_id("plate")).to_be_visible(timeout=30_000)
    assert page.evaluate("document.querySelector('script[type=module]').src") != old
    everything_sent(page, 40)
    until = time.monotonic() + 20
    while board_of(copy, token, "HC10")["passages"] < before + 40 and time.monotonic() < until:
        time.sleep(0.2)
    assert board_of(copy, token, "HC10")["passages"] == before + 40


@pytest.fixture
def of_a_copy(tmp_path: Path) -> Iterator[Site]:
    """A site served from a copy of the program, so that a new version can be put in its place while it runs."""
    root = tmp_path / "copy"
    for part in ("lianfang", "phone/dist", "desk/dist"):
        shutil.copytree(HERE / part, root / part)
    started = start_site(tmp_path / "data", "--demo", "--still", program=root)
    yield started
    started.stop()


def a_new_version(site: Site) -> None:
    """The same program under another name, as a build of changed sources gives it."""
    dist = site.program / "phone" / "dist"
    (main,) = (path.name for path in (dist / "assets").glob("index-*.js"))
    renamed = main.replace("index-", "index-N")
    for path in dist.rglob("*"):
        if path.suffix in (".gz", ".br"):  # compressed copies of the old one
            path.unlink()
        elif path.suffix in (".js", ".html", ".css"):
            path.write_text(path.read_text().replace(main, renamed))
    (dist / "assets" / main).rename(dist / "assets" / renamed)
    worker = dist / "sw.js"
    worker.write_text(
        re.sub(r'(url:"index.html",revision:")[0-9a-f]+', r"\g<1>0123456789abcdef", worker.read_text())
    )
    (dist / "index.html").touch()
