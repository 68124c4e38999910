"""lianfang work: fact readers and the schedule, one process at a time."""

import argparse
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import FrameType
from typing import TYPE_CHECKING

from lianfang.console.database import running

if TYPE_CHECKING:
    from lianfang.kernel.reach import Reach
    from lianfang.project.schedule import Entry

log = logging.getLogger("lianfang.work")

PAUSE = 0.3  # seconds from one reading to the next
RETRY = 1.0
# An act that failed is tried again on its own beat, but neither more nor less often than this.
SOONEST, LATEST = timedelta(seconds=10), timedelta(minutes=1)
RENEW_BEFORE = timedelta(minutes=10)
_ONE_AT_A_TIME = 0x6C66_776F  # "lfwo": the advisory lock's key


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--parent", type=int, help="结束于该进程结束时 / stop when this process has gone")


def run(options: argparse.Namespace) -> int:
    stopping = _stop_signals()
    with running():
        while not stopping() and not _orphaned(options.parent):
            try:
                _turns(stopping, options.parent)
            except Exception:
                # Whatever it was (the database restarts, a session expired), the worker starts over.
                log.exception("the worker starts over")
                _close()
                time.sleep(RETRY)
    return 0


def _stop_signals() -> Callable[[], bool]:
    asked: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        asked.append(number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return lambda: bool(asked)


def _orphaned(parent: int | None) -> bool:
    return parent is not None and os.getppid() != parent


def _turns(stopping: Callable[[], bool], parent: int | None) -> None:
    """The readers here, the schedule in threads beside them: what takes its time never keeps the wall waiting."""
    from django.db import connection  # noqa: PLC0415 -- Django is set up by now, not before

    from lianfang.command.services import worker_session  # noqa: PLC0415
    from lianfang.project.readers import READERS  # noqa: PLC0415

    with connection.cursor() as cursor:  # held by this connection for as long as it lives
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ONE_AT_A_TIME])
        if not cursor.fetchone()[0]:
            _wait(stopping, 2.0)
            return
    with _schedule_beside():
        worker = worker_session()
        while not stopping() and not _orphaned(parent):
            if worker.expires_at - datetime.now(UTC) < RENEW_BEFORE:
                worker = worker_session()
            begun = time.monotonic()
            for reader in READERS:
                reader(worker)
            # A steady beat: what arrives meanwhile is read at one go, which costs the same as reading little.
            _wait(stopping, PAUSE - (time.monotonic() - begun))


@contextmanager
def _schedule_beside() -> Iterator[None]:
    """The schedule runs for as long as the readers do: they hold the lock. What is prompt waits for nothing else."""
    from lianfang.project.schedule import OUTWARD, PROMPT, SCHEDULE  # noqa: PLC0415 -- after Django is set up

    ending = threading.Event()
    threads = [
        threading.Thread(target=_keep, args=(entries, ending), name=name)
        for name, entries in (("schedule", SCHEDULE), ("prompt", PROMPT), ("outward", OUTWARD))
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ending.set()
        for thread in threads:
            thread.join()


def _keep(entries: "Sequence[Entry]", ending: threading.Event) -> None:
    while not ending.is_set():
        try:
            _acts(entries, ending)
        except Exception:
            log.exception("the schedule starts over")
            ending.wait(RETRY)
        finally:
            _close()


def _acts(entries: "Sequence[Entry]", ending: threading.Event) -> None:
    from lianfang.command.services import worker_session  # noqa: PLC0415 -- after Django is set up
    from lianfang.kernel.clock import now  # noqa: PLC0415

    worker = worker_session()
    due = {entry.name: 0.0 for entry in entries}
    while not ending.wait(PAUSE):
        if worker.expires_at - datetime.now(UTC) < RENEW_BEFORE:
            worker = worker_session()
        for entry in entries:
            if due[entry.name] <= time.monotonic() and not ending.is_set():
                if _done(entry, worker, now()):
                    again = entry.every
                else:
                    again = max(SOONEST, min(entry.every, LATEST))
                    # Whatever it was: where there is no database no session begins, and all of it starts over.
                    worker = worker_session()
                due[entry.name] = time.monotonic() + again.total_seconds()


def _done(entry: "Entry", worker: "Reach", at: datetime) -> bool:
    """Whether it could be done. One that fails keeps none of the others from what they are for."""
    try:
        entry.act(worker, at)
    except Exception:
        log.exception("an act failed; the schedule goes on")
        _close()
        return False
    return True


def _wait(stopping: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not stopping() and time.monotonic() < deadline:
        time.sleep(0.05)


def _close() -> None:
    from django.db import connections  # noqa: PLC0415 -- after Django is set up

    connections.close_all()
