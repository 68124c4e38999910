"""The processes of `lianfang serve`: the web, the worker, and a watch over them and the database."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

from lianfang.console.serving.places import Places
from lianfang.machine.postgres import Cluster

log = logging.getLogger("lianfang.serve")

WATCH_EVERY = 0.5  # seconds between looks at the database and the children
STARTS_WITHIN = 60.0
FAREWELL = 12.0  # seconds a child gets to finish what it has begun


class Child:
    """One process of ours. Its own session: Ctrl-C in the terminal reaches us alone, and we end it in order."""

    def __init__(self, name: str, words: list[str]) -> None:
        self.name = name
        self._command = [sys.executable, "-m", "lianfang", *words, "--parent", str(os.getpid())]
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, start_new_session=True)  # noqa: S603 -- our own program

    def look_after(self) -> None:
        """Starts it again if it has ended."""
        if self._process.poll() is not None:
            log.warning("the %s ended (%s), starting another", self.name, self._process.returncode)
            self._process = self._start()

    def end(self) -> None:
        self._process.terminate()

    def gone(self, within: float) -> None:
        try:
            self._process.wait(max(within, 0.1))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def serve(
    *, cluster: Cluster, places: Places, webs: int, welcome: Callable[[], None], living: bool = False
) -> None:
    """Runs until told to stop. `living`: a demo city, in which people keep arriving."""
    stopping = _stop_signals()
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    children: list[Child] = [Web(places, writing) for _ in range(webs)]
    children.append(Child("worker", ["work"]))
    if living:
        children.append(Child("demo city", ["demo", "--live"]))
    try:
        if _answering(reading, webs, stopping):
            welcome()
        while not stopping.wait(WATCH_EVERY):
            _look_after(cluster, children)
    finally:
        for child in children:
            child.end()
        deadline = time.monotonic() + FAREWELL
        for child in children:
            child.gone(deadline - time.monotonic())
        os.close(reading)
        os.close(writing)


def _stop_signals() -> threading.Event:
    asked = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        asked.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return asked


class Web(Child):
    """A web process inherits the pipe on which it says that it takes connections."""

    def __init__(self, places: Places, ready: int) -> None:
        self._ready = ready
        super().__init__("web process", ["web", *places.words(), "--ready", str(ready)])

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, start_new_session=True, pass_fds=[self._ready])  # noqa: S603 -- our own


def _answering(reading: int, webs: int, stopping: threading.Event) -> bool:
    """Waits until every web process has said it takes connections; False if it was told to stop first."""
    os.set_blocking(reading, False)
    heard = 0
    deadline = time.monotonic() + STARTS_WITHIN
    while heard < webs and time.monotonic() < deadline and not stopping.wait(0.02):
        try:
            heard += len(os.read(reading, webs))
        except BlockingIOError:
            continue
    return heard >= webs


def _look_after(cluster: Cluster, children: list[Child]) -> None:
    try:
        if cluster.ensure_alive():
            log.warning("the database was brought back")
    except Exception:
        log.exception("the database does not come back, trying again")
    for child in children:
        child.look_after()
