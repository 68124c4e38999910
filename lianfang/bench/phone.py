"""bench phone: what the officer's phone costs to load, to start without a network, to tap, and in touches for a car of four.

A real browser in a phone's size, four times slower than this machine, against an installation of the bench's own.
"""

import argparse
import json
import statistics
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from lianfang.bench import codes
from lianfang.bench.barrier import COUNT, FAMILY, PLATE, enrol, one_qr, prefilled, press, tap, typed
from lianfang.bench.browser import SLOW, camera_showing, phone_browser, slowed
from lianfang.bench.installation import Installation, environment, installation
from lianfang.bench.surroundings import versions
from lianfang.machine.progress import Telling

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

BARS = {"first_load_kb": 200, "precached_kb": 1536, "offline_start_ms": 1000, "tap_p95_ms": 100}
MOST_TOUCHES = {"one_qr": 25, "prefilled": 40, "typed": 24}
STARTS = 7
TAPS = 140
KEYS = ("辽", "C", "2", "3", "4")
CHECKPOINT = "HC02"
REGISTER = "/api/v1/divisions"
FORM = '[data-testid="plate"]'
WORDS = {
    "first_load_kb": "第一次打开到能登记 / first load to the usable form",
    "precached_kb": "离线程序全部 / everything kept for offline use",
    "offline_start_ms": "断网启动 / start without a network",
    "tap_p95_ms": "按键到显示 / a tap until it shows, p95",
}

# When the form can be typed in: read by the page itself, so that no answer of ours is part of it.
WATCH_THE_FORM = """
const watch = () => {
  const field = document.querySelector('[data-testid="plate"]');
  if (field && field.offsetParent) window.__usableAt ??= performance.now();
  else requestAnimationFrame(watch);
};
requestAnimationFrame(watch);
"""
WATCH_TAPS = """() => {
  window.__taps = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.interactionId) window.__taps.push([entry.interactionId, entry.duration]);
  }).observe({ type: 'event', durationThreshold: 16 });
}"""
KEPT = """async () => {
  let bytes = 0;
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) bytes += (await (await cache.match(request)).arrayBuffer()).byteLength;
  }
  return bytes;
}"""


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--starts", type=int, default=STARTS, help="断网启动次数 / starts without a network")


def measure(options: argparse.Namespace, progress: Telling) -> dict[str, Any]:
    """The figures by name; `touches` by the way a car of four comes in."""
    with installation(progress) as site:
        server = site.serve()
        site.devices()
        base = f"http://localhost:{server.port}"
        progress.step("第一次打开、断网启动、按键", "The first load, starts without a network, taps")
        with phone_browser() as browser:
            page, first_load = _first_load(browser, f"{base}/phone/#enrol={invite(site)}")
            kept = _everything_kept(page)
            starts = _offline_starts(page, options.starts)
            taps = _taps(page)
        progress.step("一车四人", "A car of four")
        touches = {"one_qr": _scanned(site, base), **_by_hand(site, base)}
        return {
            "first_load_kb": round(first_load / 1024, 1),
            "precached_kb": round(kept / 1024, 1),
            "offline_start_ms": round(statistics.median(starts)),
            "tap_p95_ms": _p95(taps),
            "touches": touches,
            "starts_ms": [round(start) for start in starts],
            "taps": len(taps),
            "slowed": SLOW,
            "versions": versions(site.cluster),
        }


def _by_hand(site: Installation, base: str) -> dict[str, int]:
    """The same family twice, without network: typed in full, and when its plate comes back."""
    with phone_browser() as browser:
        browser.add_init_script(COUNT)
        page = browser.new_page()
        enrol(page, f"{base}/phone/#enrol={invite(site)}")
        _learn(page)
        browser.set_offline(True)
        return {"typed": typed(page), "prefilled": prefilled(page)}


def _scanned(site: Installation, base: str) -> int:
    """A family's declaration, sealed as its own phone seals it, held before the camera of a phone without network."""
    people = [codes.traveller(name, number) for name, number in FAMILY.items()]
    declared = codes.declare(
        base, CHECKPOINT, people, transport="CAR", plate="".join(PLATE), purpose="RESIDENT_RETURN"
    )
    with camera_showing(declared.texts) as flags, phone_browser(flags=flags) as browser:
        browser.add_init_script(COUNT)
        page = browser.new_page()
        enrol(page, f"{base}/phone/#enrol={invite(site)}")
        _learn(page)
        browser.set_offline(True)
        return one_qr(page)


def _learn(page: "Page") -> None:
    """The register of places, the rules and the keys come once the form stands; with them the phone needs no network."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_timeout(3000)


def invite(site: Installation) -> str:
    """A one-time code, as the desk would show it."""
    done = subprocess.run(
        [sys.executable, "-m", "lianfang.bench.furnish", "--invite", CHECKPOINT],
        env=environment(site.data),
        check=True,
        stdout=subprocess.PIPE,
    )
    code: str = json.loads(done.stdout)["code"]
    return code


def _first_load(browser: "BrowserContext", address: str) -> tuple["Page", float]:
    """The page at its form, and the bytes that came over the wire until then. The register of places, which comes
    meanwhile and is not waited for, is not among them."""
    page = browser.new_page()
    page.add_init_script(WATCH_THE_FORM)
    network = browser.new_cdp_session(page)
    network.send("Network.enable")
    registers: set[str] = set()
    received: dict[str, float] = {}

    def asked(event: dict[str, Any]) -> None:
        if REGISTER in event["request"]["url"]:
            registers.add(event["requestId"])

    def finished(event: dict[str, Any]) -> None:
        received[event["requestId"]] = event["encodedDataLength"]

    network.on("Network.requestWillBeSent", asked)
    network.on("Network.loadingFinished", finished)
    enrol(page, address)
    return page, sum(size for request, size in received.items() if request not in registers)


def _everything_kept(page: "Page") -> float:
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    bytes_kept: float = page.evaluate(KEPT)
    return bytes_kept


def _offline_starts(page: "Page", times: int) -> list[float]:
    """Milliseconds from opening a tab to a form that can be typed in, each time with the service worker stopped: from
    nothing but what the phone keeps."""
    address = page.url
    page.context.set_offline(True)
    starts = []
    for _ in range(times):
        _stop_workers(page)
        tab = page.context.new_page()
        tab.add_init_script(WATCH_THE_FORM)
        slowed(tab)
        tab.goto(address)
        tab.wait_for_selector(FORM, state="visible")
        starts.append(tab.evaluate("window.__usableAt"))
        tab.close()
    return starts


def _stop_workers(page: "Page") -> None:
    workers = page.context.new_cdp_session(page)
    workers.send("ServiceWorker.enable")
    workers.send("ServiceWorker.stopAllWorkers")
    workers.detach()


def _taps(page: "Page") -> list[float]:
    """How long each key of the plate's keypad took until the screen had changed."""
    slowed(page)
    page.evaluate(WATCH_TAPS)
    tap(page, "plate")
    for _ in range(TAPS // len(KEYS) // 2):
        press(page, "plate-key", KEYS)
        tap(page, *["plate-erase"] * len(KEYS))
    page.wait_for_timeout(500)
    longest: dict[int, float] = {}
    for interaction, took in page.evaluate("window.__taps"):
        longest[interaction] = max(took, longest.get(interaction, 0.0))
    return list(longest.values())


def _p95(values: list[float]) -> int:
    return round(statistics.quantiles(values, n=20)[-1]) if len(values) > 1 else 0


def wrong(figures: dict[str, Any]) -> bool:
    """Nothing here can be wrong that a slow machine does not explain; touches are counted, and a flow that fails raises."""
    return False


def report(figures: dict[str, Any]) -> str:
    lines = [
        f"手机，比本机慢 {figures['slowed']} 倍 / a phone {figures['slowed']} times slower than this machine"
    ]
    for name, bar in BARS.items():
        lines.append(f"  {mark(figures[name] <= bar)} {WORDS[name]}: {figures[name]:,} (≤ {bar:,})")
    lines.append("一车四人的点按次数 / touches for a car of four")
    for name, bar in MOST_TOUCHES.items():
        lines.append(
            f"  {mark(figures['touches'].get(name, 0) <= bar)} {name}: {figures['touches'].get(name, 0)} (≤ {bar})"
        )
    return "\n".join(lines)


def mark(holds: bool) -> str:
    return "✓" if holds else "✗"
