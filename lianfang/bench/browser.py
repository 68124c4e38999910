"""A phone's browser on this machine: Debian's Chromium through Playwright, in the size, touch and slowness of a phone."""

import importlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lianfang.bench.codes import film
from lianfang.machine.trouble import Trouble

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, CDPSession, Page

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
SLOW = 4  # times slower than this machine: a five-year-old phone


@contextmanager
def phone_browser(*, flags: Sequence[str] = ()) -> Iterator["BrowserContext"]:
    """A fresh profile at 360×740 with touch; removed afterwards. It meets the loopback only."""
    try:
        playwright = importlib.import_module("playwright.sync_api")
    except ImportError:
        raise Trouble(
            "缺少测试组件：请先运行 scripts/setup --dev。", "Run scripts/setup --dev first."
        ) from None
    if not CHROMIUM.exists():
        raise Trouble(
            "缺少浏览器：apt install chromium fonts-noto-cjk。", "apt install chromium fonts-noto-cjk."
        )
    with (
        tempfile.TemporaryDirectory(prefix="lianfang-phone-") as home,
        playwright.sync_playwright() as started,
    ):
        context = started.chromium.launch_persistent_context(
            str(Path(home) / "profile"),
            executable_path=str(CHROMIUM),
            headless=True,
            args=[*FLAGS, *flags],
            env={**os.environ, "HOME": home},
            viewport={"width": 360, "height": 740},
            is_mobile=True,
            has_touch=True,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        try:
            yield context
        finally:
            context.close()


def slowed(page: "Page") -> "CDPSession":
    """From now on the page's processor is SLOW times slower."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW})
    return session


@contextmanager
def camera_showing(texts: Sequence[str]) -> Iterator[list[str]]:
    """Flags with which the browser's camera sees these codes, one after the other."""
    with tempfile.TemporaryDirectory(prefix="lianfang-camera-") as folder:
        seen = film(Path(folder) / "codes.y4m", list(texts))
        fake = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
        yield [*fake, f"--use-file-for-fake-video-capture={seen}"]
