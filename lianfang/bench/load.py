"""The client: many connections in one thread, each with one request on its way, as cheap as Python can be.

It behaves as phones do. What was not acknowledged, because the connection broke or the server was busy, is sent again
until it is; only an answer that takes every record counts as an acknowledgement.
"""

import contextlib
import heapq
import select
import socket
import time
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from lianfang.bench.parcels import Request

AGAIN_AFTER = 0.1  # seconds until a request is sent again
LAST_ANSWERS = 60.0  # seconds what is on its way gets when the time is up
GLANCE = 0.05
READ = 1 << 18


class Answer:
    """The head of an HTTP answer: its status, its whole length, and whether it says when to come again."""

    __slots__ = ("length", "retry_after", "status")

    def __init__(self, status: int, length: int, retry_after: bool) -> None:
        self.status = status
        self.length = length
        self.retry_after = retry_after


def read_answer(received: bytes) -> Answer | None:
    """The answer's head, None while it is not all there."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = received[:end].lower()
    at = head.find(b"content-length:")
    body = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
    return Answer(int(head[9:12]), end + 4 + body, b"retry-after:" in head)


def takes_all(received: bytes, records: int) -> bool:
    """Whether an answer's receipts take every record, as new or as known already."""
    return received.count(b'"status":"ACCEPTED"') + received.count(b'"status":"DUPLICATE"') == records


class _Line:
    """One connection and the request it is busy with."""

    __slots__ = ("answer", "left", "port", "received", "request", "resting", "since", "socket", "writing")

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None
        self.request: Request | None = None
        self.left: memoryview = memoryview(b"")
        self.received = b""
        self.answer: Answer | None = None
        self.since = 0
        self.resting = False  # until its request is sent again
        self.writing = False  # whether the poll waits for room to write


class Load:
    """Sends the requests over so many connections, spread over the ports, until the time is up or they run out."""

    def __init__(self, requests: Iterator[Request], *, ports: Sequence[int], connections: int) -> None:
        self._requests = requests
        self._lines = [_Line(ports[n % len(ports)]) for n in range(connections)]
        self._by_handle: dict[int, _Line] = {}
        self._later: list[tuple[float, int, _Line]] = []  # when, tie-breaker, who
        self._poll = select.epoll()
        self._until = 0.0
        self._busy = 0
        self.acknowledged: list[Request] = []
        self.in_time = 0  # how many of them before the time was up
        self.latencies = array("Q")  # nanoseconds, of the acknowledged ones
        self.statuses: Counter[str] = Counter()

    def run(self, *, seconds: float, stopped: Callable[[], bool] = lambda: False) -> float:
        """Returns the seconds it took until the time was up (or the requests had run out and were answered)."""
        begun = time.monotonic()
        self._until = begun + seconds
        for line in self._lines:
            self._next(line)
        while self._busy and time.monotonic() < self._until and not stopped():
            self._turn()
        took = time.monotonic() - begun
        self.in_time = len(self.acknowledged)
        self._until = 0.0
        patience = time.monotonic() + LAST_ANSWERS
        while self._by_handle and time.monotonic() < patience:
            self._turn()
        self._close()
        return took

    def _turn(self) -> None:
        for handle, events in self._poll.poll(GLANCE):
            line = self._by_handle[handle]
            if events & (select.EPOLLIN | select.EPOLLHUP | select.EPOLLERR):
                self._read(line)
            elif events & select.EPOLLOUT:
                self._write(line)
        while self._later and self._later[0][0] <= time.monotonic():
            line = heapq.heappop(self._later)[2]
            line.resting = False
            self._send(line)

    def _next(self, line: _Line) -> None:
        """The line takes the next request, or rests for good."""
        self._busy -= line.request is not None
        line.request = next(self._requests, None) if self._until else None
        if line.request is None:
            self._hang_up(line)
            return
        self._busy += 1
        line.since = time.perf_counter_ns()
        self._send(line)

    def _send(self, line: _Line) -> None:
        if line.request is None or not self._until:
            self._hang_up(line)
            return
        line.left, line.received, line.answer = memoryview(line.request.raw), b"", None
        try:
            if line.socket is None:
                self._connect(line)
            self._write(line)
        except OSError:
            self._broken(line)

    def _connect(self, line: _Line) -> None:
        made = socket.create_connection(("127.0.0.1", line.port), timeout=5.0)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        made.setblocking(False)
        line.socket, line.writing = made, False
        self._by_handle[made.fileno()] = line
        self._poll.register(made, select.EPOLLIN)

    def _write(self, line: _Line) -> None:
        if line.socket is None:
            return
        try:
            line.left = line.left[line.socket.send(line.left) :]
        except BlockingIOError:
            pass
        except OSError:
            self._broken(line)
            return
        if line.writing != bool(line.left):
            line.writing = not line.writing
            self._poll.modify(line.socket, select.EPOLLIN | (select.EPOLLOUT if line.writing else 0))

    def _read(self, line: _Line) -> None:
        try:
            received = line.socket.recv(READ) if line.socket else b""
        except BlockingIOError:
            return
        except OSError:
            received = b""
        if line.resting:  # nothing was asked: the server has hung up after a refusal
            self._hang_up(line)
            return
        if not received:
            self._broken(line)
            return
        line.received = line.received + received if line.received else received
        line.answer = line.answer or read_answer(line.received)
        if line.answer is not None and len(line.received) >= line.answer.length:
            self._answered(line, line.answer)

    def _answered(self, line: _Line, answer: Answer) -> None:
        request = line.request
        if answer.status == 200 and request and takes_all(line.received, request.records):
            self.latencies.append(time.perf_counter_ns() - line.since)
            self.acknowledged.append(request)
            self.statuses["200"] += 1
            self._next(line)
            return
        self.statuses[_worded(answer)] += 1
        self._again(line)

    def _broken(self, line: _Line) -> None:
        self.statuses["broken"] += 1
        self._hang_up(line)
        self._again(line)

    def _again(self, line: _Line) -> None:
        if self._until:
            line.resting = True
            heapq.heappush(self._later, (time.monotonic() + AGAIN_AFTER, id(line), line))
        else:
            self._hang_up(line)

    def _hang_up(self, line: _Line) -> None:
        if line.socket is not None:
            del self._by_handle[line.socket.fileno()]
            with contextlib.suppress(OSError):
                self._poll.unregister(line.socket)
            line.socket.close()
            line.socket = None

    def _close(self) -> None:
        for line in self._lines:
            self._hang_up(line)
        self._poll.close()


def _worded(answer: Answer) -> str:
    if answer.status == 503:
        return "503" if answer.retry_after else "503 without Retry-After"
    return "200 not taken" if answer.status == 200 else str(answer.status)
