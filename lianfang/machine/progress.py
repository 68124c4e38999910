"""Progress of what is slow: a moving bar on a terminal, plain lines in a log."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from rich import progress as bars
from rich.console import Console

LINE_EVERY = 5.0  # seconds between two lines of one step in a log


class Telling(Protocol):
    """Whoever is told how far a slow thing is."""

    def step(self, zh: str, en: str) -> None:
        """The next thing begins; what went before it is done."""

    def count(self, done: int, total: int) -> None:
        """How far the step is."""


class Silent:
    """Tells nobody."""

    def step(self, zh: str, en: str) -> None: ...

    def count(self, done: int, total: int) -> None: ...


@contextmanager
def telling(stream: TextIO | None = None) -> Iterator[Telling]:
    """Tells on `stream` (standard error, so that standard output stays for results) while the block runs."""
    stream = stream or sys.stderr
    if not stream.isatty():
        yield _Lines(stream)
        return
    with _Bar(Console(file=stream)) as bar:
        yield bar


class _Lines:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._sentence = ""
        self._told_at = 0.0

    def step(self, zh: str, en: str) -> None:
        self._sentence = f"{zh} · {en}"
        self._tell(self._sentence)

    def count(self, done: int, total: int) -> None:
        if done >= total or time.monotonic() - self._told_at >= LINE_EVERY:
            self._tell(f"{self._sentence} {done:,}/{total:,}")

    def _tell(self, line: str) -> None:
        self._told_at = time.monotonic()
        print(line, file=self._stream, flush=True)


class _Bar:
    def __init__(self, console: Console) -> None:
        self._progress = bars.Progress(
            bars.SpinnerColumn(finished_text="✓"),
            bars.TextColumn("{task.description}"),
            bars.BarColumn(24),
            bars.TimeElapsedColumn(),
            bars.TextColumn("{task.fields[counted]}"),
            console=console,
        )
        self._task: bars.TaskID | None = None

    def __enter__(self) -> "_Bar":
        self._progress.start()
        return self

    def __exit__(self, *failure: object) -> None:
        if failure[0] is None:
            self._finish()
        self._progress.stop()

    def step(self, zh: str, en: str) -> None:
        self._finish()
        self._task = self._progress.add_task(f"{zh} · {en}", total=None, counted="")

    def count(self, done: int, total: int) -> None:
        if self._task is not None:
            self._progress.update(self._task, completed=done, total=total, counted=f"{done:,}/{total:,}")

    def _finish(self) -> None:
        if self._task is None:
            return
        total = self._progress.tasks[self._task].total or 1
        self._progress.update(self._task, completed=total, total=total)
        self._task = None
