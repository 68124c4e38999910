"""A program of JavaScript that answers line by line, run by whatever node stands here (scripts/with-node)."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUN = (str(ROOT / "scripts" / "with-node"), "node")
READY = b"ready\n"  # its first line


class Answering:
    """A running program: one line in, one line out."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    def ask(self, line: bytes) -> bytes:
        """Raises BrokenPipeError when the program has ended."""
        asked, answered = self._process.stdin, self._process.stdout
        if asked is None or answered is None:
            raise BrokenPipeError
        asked.write(line + b"\n")
        asked.flush()
        answer = answered.readline()
        if not answer.endswith(b"\n"):
            raise BrokenPipeError
        return answer


@contextmanager
def answering(program: Path) -> Iterator[Answering | None]:
    """The program while the block runs; None where it cannot: there is no node, or not the packages it needs."""
    try:
        process = subprocess.Popen(
            (*RUN, str(program)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError:
        yield None
        return
    try:
        started = process.stdout is not None and process.stdout.readline() == READY
        yield Answering(process) if started else None
    finally:
        process.kill()
        process.communicate()
