"""A steady stream of single passages, and when each was acknowledged; what the wall heard of them meanwhile.

Clocks are the machine's monotonic one, which all processes share.
"""

import contextlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from lianfang.bench.installation import BenchDevice
from lianfang.bench.load import read_answer, takes_all
from lianfang.bench.parcels import Parcels, Request

SENDERS = 2  # requests on their way at the same time


@dataclass(frozen=True, slots=True)
class Stream:
    """What is to be sent: so many passages a second, for so long."""

    devices: Sequence[BenchDevice]
    port: int
    seed: int
    seconds: float
    per_second: float


@dataclass(frozen=True, slots=True)
class Sent:
    """When passages were acknowledged, in that order; their ids; requests that were not; the sender's CPU seconds."""

    times: tuple[float, ...]
    passages: tuple[UUID, ...]
    refused: int
    seconds: float
    cpu: float

    @property
    def per_second(self) -> float:
        return len(self.times) / self.seconds


def send(stream: Stream) -> Sent:
    count = max(SENDERS, round(stream.seconds * stream.per_second))
    parcels = Parcels(stream.devices, seed=stream.seed)
    requests = parcels.requests(count, spread_ms=round(stream.seconds * 1000))
    told: list[tuple[float, UUID]] = []
    refused: list[Request] = []
    begun, cpu = time.monotonic(), time.process_time()

    def work(first: int) -> None:
        with socket.create_connection(("127.0.0.1", stream.port), timeout=30.0) as line:
            for n in range(first, count, SENDERS):
                time.sleep(max(0.0, begun + n / stream.per_second - time.monotonic()))
                if acknowledged(line, requests[n]):
                    told.append((time.monotonic(), requests[n].passages[0]))
                else:
                    refused.append(requests[n])

    threads = [threading.Thread(target=work, args=(n,)) for n in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told.sort()
    took = time.monotonic() - begun
    times, ids = zip(*told, strict=True) if told else ((), ())
    return Sent(times, ids, len(refused), took, time.process_time() - cpu)


def acknowledged(line: socket.socket, request: Request) -> bool:
    """Sends it and reads the whole answer; whether that takes every record."""
    line.sendall(request.raw)
    received = b""
    while (answer := read_answer(received)) is None or len(received) < answer.length:
        received += line.recv(65_536) or _broken()
    return answer.status == 200 and takes_all(received, request.records)


def _broken() -> bytes:
    raise ConnectionError("the server hung up")


class Wall:
    """Listens to the board's stream: `heard` are (when, how many passages are counted in all)."""

    def __init__(self, port: int, cookie: str) -> None:
        self.heard: list[tuple[float, int]] = []
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60.0)
        self._connection.request("GET", "/api/v1/board/stream", headers={"Cookie": cookie})
        self._answer = self._connection.getresponse()
        if self._answer.status != 200:
            raise ConnectionError(f"the stream answers {self._answer.status}")
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError, ValueError, AttributeError):  # closed while it waits
            for line in self._answer:
                if line.startswith(b"data:"):
                    self.heard.append((time.monotonic(), json.loads(line[5:])["totals"]["passages"]))

    def hears(self, passages: int, *, within: float = 30.0) -> bool:
        """Waits until so many are counted."""
        until = time.monotonic() + within
        while time.monotonic() < until:
            if self.heard and self.heard[-1][1] >= passages:
                return True
            time.sleep(0.02)
        return False

    def close(self) -> None:
        if self._connection.sock is not None:
            with contextlib.suppress(OSError):
                self._connection.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(5.0)
        self._connection.close()


def freshness(times: Sequence[float], heard: Sequence[tuple[float, int]], *, before: int) -> Iterator[float]:
    """Seconds from each acknowledgement to the first news that surely counts it; what is never counted is left out.

    `before` were counted when the first was sent. Another request may be on its way, and counted before its
    acknowledgement: a passage is sure to be in when one more than those acknowledged so far are.
    """
    news = iter(heard)
    moment, counted = next(news, (0.0, -1))
    for n, told in enumerate(times, 1):
        needed = before + min(n + SENDERS - 1, len(times))
        while counted < needed:
            moment, counted = next(news, (0.0, -1))
            if counted < 0:
                return
        yield max(0.0, moment - told)
