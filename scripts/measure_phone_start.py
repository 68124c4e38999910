"""How long the phone at the barrier takes to stand without network, and what its first load weighs.

A product serves a fresh build; the desk shows an enrolment code:

    python -m scripts.measure_phone_start http://localhost:8000 CODE

The browser is started anew for each run, the network is dead, the CPU slowed fourfold. On a busy machine only
`main_thread_ms` means something: the CPU time of the page's main thread, not slowed, until the form is there.
"""

import argparse
import json
import statistics
import tempfile
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, CDPSession, Page, Playwright, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
SLOWED = 4
# Two frames after the plate's field is in the document it has been drawn.
WATCH = """(() => {
  const look = () => {
    if (window.__seen || !document.querySelector('[data-testid=plate]')) return;
    window.__seen = true;
    requestAnimationFrame(() => requestAnimationFrame(() => { window.__usable = performance.now(); }));
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
})()"""


def opened(playwright: Playwright, profile: str, *flags: str) -> BrowserContext:
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=CHROMIUM,
        args=[*FLAGS, *flags],
        viewport={"width": 360, "height": 740},
        is_mobile=True,
        has_touch=True,
        timezone_id="Asia/Shanghai",
    )
    context.add_init_script(WATCH)
    return context


def furnish(page: Page, site: str, code: str) -> None:
    """Enrolled, a shift begun, the whole program kept."""
    page.goto(f"{site}/phone/#enrol={code}")
    page.get_by_test_id("enrol-submit").click()
    page.get_by_test_id("enrol-start").click()
    page.get_by_test_id("shift-officer").fill("A1024")
    for _ in range(2):
        for digit in "1357":
            page.get_by_test_id(f"shift-pin-{digit}").click()
        page.get_by_test_id("shift-start").click()
    page.get_by_test_id("plate").wait_for()
    kept = "navigator.serviceWorker.getRegistration().then((one) => one?.active?.state)"
    while page.evaluate(kept) != "activated":
        page.wait_for_timeout(250)
    page.wait_for_timeout(2_000)


def first_load(page: Page, site: str) -> float:
    """KB over the wire until the form stands, nothing kept from before."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send("Network.setBypassServiceWorker", {"bypass": True})
    weights: list[float] = []
    session.on("Network.loadingFinished", lambda done: weights.append(done["encodedDataLength"]))
    page.goto(f"{site}/phone/")
    usable(page)
    return sum(weights) / 1_000


def usable(page: Page) -> float:
    while not (moment := page.evaluate("window.__usable ?? 0")):
        page.wait_for_timeout(50)
    return float(moment)


def main_thread(session: CDPSession) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(float(one["value"]) * 1_000 for one in metrics if one["name"] == "TaskDuration")


def offline_start(playwright: Playwright, profile: str, site: str, *, slowed: int) -> tuple[float, float]:
    """Milliseconds on the clock, and of the main thread."""
    dead = f"--host-resolver-rules=MAP {urlsplit(site).netloc} 127.0.0.1:9"
    context = opened(playwright, profile, dead)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    session.send("Emulation.setCPUThrottlingRate", {"rate": slowed})
    page.goto(f"{site}/phone/", wait_until="commit")
    started = usable(page), main_thread(session)
    context.close()
    return started


def measured(site: str, code: str, runs: int) -> dict[str, Any]:
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as profile:
        context = opened(playwright, profile)
        page = context.new_page()
        furnish(page, site, code)
        weight = first_load(page, site)
        context.close()
        clock = [offline_start(playwright, profile, site, slowed=SLOWED)[0] for _ in range(runs)]
        work = [offline_start(playwright, profile, site, slowed=1)[1] for _ in range(runs)]
    return {
        "first_load_kb": round(weight),
        "offline_start_ms": round(statistics.median(clock)),
        "offline_start_ms_best": round(min(clock)),
        "main_thread_ms": round(statistics.median(work)),
    }


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("site")
    asked.add_argument("code")
    asked.add_argument("--runs", type=int, default=7)
    given = asked.parse_args()
    print(json.dumps(measured(given.site.rstrip("/"), given.code, given.runs)))
