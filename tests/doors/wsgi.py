"""WSGI applications to try the bridge with."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from lianfang.doors.bridge import BUFFERED, Bridge

Environ = dict[str, Any]
Start = Callable[..., Any]

SMALL = b"name=value"
LARGE = b"0123456789abcdef" * 196_608  # 3 MiB: beyond what stays in memory
LIMIT = 4 << 20


def echo(environ: Environ, start: Start) -> Iterable[bytes]:
    """What arrived, as JSON."""
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    names = [name for name in environ if name.isupper()]
    told = {name: environ[name] for name in names} | {"sha": hashlib.sha256(body).hexdigest()}
    answer = json.dumps(told).encode()
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))])
    return [answer]


class Pieces:
    """A long answer, and how much of it was asked for."""

    def __init__(self, count: int, *, breaks_at: int | None = None) -> None:
        self.count = count
        self.breaks_at = breaks_at
        self.made = 0
        self.closed = threading.Event()

    def __call__(self, environ: Environ, start: Start) -> "Pieces":
        start("200 OK", [("Content-Type", "text/plain")])
        return self

    def __iter__(self) -> Iterator[bytes]:
        for number in range(self.count):
            if number == self.breaks_at:
                raise ValueError("the view broke in the middle")
            self.made += 1
            yield bytes([number % 251]) * BUFFERED

    def close(self) -> None:
        self.closed.set()


@pytest.fixture
def bridge() -> Iterator[Callable[..., Bridge]]:
    made: list[Bridge] = []

    def make(wsgi: Any, **options: Any) -> Bridge:
        made.append(Bridge(wsgi, max_body=LIMIT, **options))
        return made[-1]

    yield make
    for each in made:
        each.pool.shutdown(wait=True)
