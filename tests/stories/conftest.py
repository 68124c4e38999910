"""The product as its users meet it: a real server, a real browser, the authority trusted like on an officer's phone.

Names are mapped to the loopback by the browser, so no traffic leaves this machine.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from lianfang.bench.browser import CHROMIUM, FLAGS
from lianfang.machine.addresses import free_port
from lianfang.machine.data_folder import DataFolder
from lianfang.machine.postgres import Cluster

HERE = Path(__file__).resolve().parents[2]
NAMES = "--host-resolver-rules=MAP lianfang.lan 127.0.0.1"
WATCH = """
window.__violations = [];
document.addEventListener('securitypolicyviolation', (e) =>
  window.__violations.push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));
"""


@dataclass(frozen=True)
class Site:
    """A running `lianfang serve --demo`."""

    process: subprocess.Popen[bytes]
    data: Path
    http_port: int
    https_port: int
    words: str
    program: Path

    @property
    def secure(self) -> str:
        return f"https://lianfang.lan:{self.https_port}"

    @property
    def clear(self) -> str:
        return f"http://lianfang.lan:{self.http_port}"

    @property
    def local(self) -> str:
        return f"http://localhost:{self.http_port}"

    def password(self, sign_in_name: str) -> str:
        """As printed on the terminal at the start."""
        found = re.search(rf"\s{sign_in_name}\s+(\S+)", self.words)
        assert found, "the sign-in is printed"
        return found[1]

    def command(self, *words: str) -> dict:
        """The JSON that a console command ends with."""
        done = subprocess.run(
            [sys.executable, "-m", "lianfang", *words, "--json", "--data", str(self.data)],
            capture_output=True, text=True, check=True, timeout=120,
        )  # fmt: skip
        return json.loads(done.stdout.strip().splitlines()[-1])

    def end(self, *, within: float) -> None:
        """As systemd would, in so many seconds; its data stays."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(within) == 0

    def stop(self) -> None:
        self.end(within=20)
        Cluster(DataFolder.open(self.data)).demolish()


def start_site(data: Path, *words: str, program: Path = HERE, ports: tuple[int, int] | None = None) -> Site:
    """The product as it lies in `program`: this checkout, or a copy of it. `ports`: where it answered before, http first."""
    http_port, https_port = ports or (free_port(), free_port())
    command = [sys.executable, "-m", "lianfang", "serve", "--data", str(data), "--port", str(http_port)]
    # A file, since a pipe that nobody reads would hold the worker when it is full.
    with log_of(data).open("a") as log:
        before = log.tell()
        process = subprocess.Popen(
            [*command, "--https-port", str(https_port), *words],
            stdout=log, stderr=subprocess.STDOUT,
            cwd=program, env={**os.environ, "PYTHONPATH": str(program)},
        )  # fmt: skip
    deadline = time.monotonic() + 300
    while "/start" not in (said := _said(data, before)) and process.poll() is None:
        assert time.monotonic() < deadline, said
        time.sleep(0.2)
    assert "/start" in said, said
    return Site(process, data, http_port, https_port, said, program)


def log_of(data: Path) -> Path:
    """Beside its data: the city may be started anew on it and goes on writing."""
    return data.parent / f"{data.name}.log"


def _said(data: Path, after: int) -> str:
    return log_of(data).read_bytes()[after:].decode(errors="replace")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    started = start_site(tmp_path_factory.mktemp("city"), "--demo", "--still")
    yield started
    started.stop()


@pytest.fixture
def playwright() -> Iterator[Playwright]:
    """Ended after each story: while it runs its event loop stands in the way of the asynchronous tests."""
    with sync_playwright() as started:
        yield started


def trust(site: Site, home: Path) -> Path:
    """A home whose certificate store trusts the site's authority, and nothing else of ours."""
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    certutil = shutil.which("certutil")
    assert certutil, "certutil comes with libnss3-tools"
    subprocess.run([certutil, "-N", "-d", f"sql:{store}", "--empty-password"], check=True, timeout=30)
    authority = site.data / "tls" / "authority.pem"
    subprocess.run(
        [certutil, "-A", "-d", f"sql:{store}", "-n", "lianfang", "-t", "C,,", "-i", str(authority)],
        check=True, timeout=30,
    )  # fmt: skip
    return home


@pytest.fixture(scope="session")
def trusting_home(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trust(site, tmp_path_factory.mktemp("home"))


@pytest.fixture
def visit(
    playwright: Playwright, trusting_home: Path, tmp_path: Path
) -> Iterator[Callable[..., BrowserContext]]:
    """Opens a browser with a fresh profile; at the end no page may have violated the content security policy.

    `profile`: one that a killed browser left behind. `home`: where another site's authority is trusted.
    """
    opened: list[BrowserContext] = []

    def open_browser(
        *,
        width: int,
        height: int,
        phone: bool = False,
        profile: Path | None = None,
        home: Path = trusting_home,
        flags: Sequence[str] = (),
    ) -> BrowserContext:
        context = playwright.chromium.launch_persistent_context(
            str(profile or tmp_path / f"profile-{len(opened)}"),
            executable_path=str(CHROMIUM),
            headless=True,
            args=[*FLAGS, NAMES, *flags],
            env={**os.environ, "HOME": str(home)},
            viewport={"width": width, "height": height},
            is_mobile=phone,
            has_touch=phone,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        context.add_init_script(WATCH)
        context.on("close", lambda: opened.remove(context))
        opened.append(context)
        return context

    yield open_browser
    violations = [
        v for context in opened for page in context.pages for v in page.evaluate("window.__violations || []")
    ]
    for context in [*opened]:
        context.close()
    assert violations == []


def kill_browser(profile: Path) -> None:
    """As an empty battery would: every process of the browser with this profile at once."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if f"--user-data-dir={profile}" in (entry / "cmdline").read_text().split("\0"):
                    os.kill(int(entry.name), signal.SIGKILL)


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Keeps a screenshot where LIANFANG_PICTURES names a folder."""
    folder = os.environ.get("LIANFANG_PICTURES")

    def take(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=str(Path(folder) / f"{name}.png"))

    return take


# Where the fixtures of a whole session stand; at the end, since they are made of what stands above.
from tests.stories.observed_city import fortnight, fortnight_city  # noqa: E402, F401
