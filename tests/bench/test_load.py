"""The client itself, against a server that says what the test wants: a client that errs would hide losses."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from lianfang.bench import load as loading
from lianfang.bench.load import Load, read_answer, takes_all
from lianfang.bench.parcels import Request
from lianfang.kernel.ids import uuid7

TAKEN = b'{"receipts":[{"status":"ACCEPTED","people":[{"status":"DUPLICATE"}]}]}'
Script = Callable[[int], bytes]


def answer(status: bytes, body: bytes = b"", *headers: bytes) -> bytes:
    lines = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def request(number: int = 0) -> Request:
    body = b"%d" % number
    return Request(b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body), (uuid7(),), 1)


@contextmanager
def serving(script: Script) -> Iterator[int]:
    """A server whose n-th answer is script(n); an empty answer hangs up. Yields its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    count = iter(range(1_000_000))

    def talk(line: socket.socket) -> None:
        with line:
            while line.recv(65_536):
                said = script(next(count))
                if not said:
                    return
                line.sendall(said)

    def listen() -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=talk, args=(line,), daemon=True).start()

    threading.Thread(target=listen, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "AGAIN_AFTER", 0.01)


def test_an_answer_is_read_when_its_head_is_there() -> None:
    assert read_answer(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n") is None
    found = read_answer(b"HTTP/1.1 503 Busy\r\nRetry-After: 2\r\nContent-Length: 5\r\n\r\nhel")
    assert found is not None
    assert (found.status, found.retry_after) == (503, True)
    assert found.length == len(b"HTTP/1.1 503 Busy\r\nRetry-After: 2\r\nContent-Length: 5\r\n\r\nhello")


def test_only_an_answer_that_takes_every_record_is_an_acknowledgement() -> None:
    assert takes_all(TAKEN, 2)
    assert not takes_all(TAKEN, 3)
    assert not takes_all(TAKEN.replace(b"DUPLICATE", b"SET_ASIDE"), 2)


def test_every_request_is_acknowledged_once() -> None:
    requests = [request(n) for n in range(200)]
    with serving(lambda n: answer(b"200 OK", TAKEN)) as port:
        load = Load(iter(requests), ports=[port], connections=8)
        load.run(seconds=20)
    assert sorted(load.acknowledged, key=requests.index) == requests
    assert load.in_time == len(load.latencies) == 200
    assert load.statuses == {"200": 200}


def test_what_was_not_taken_is_sent_again_until_it_is() -> None:
    troubles = [
        answer(b"503 Busy", b"{}", b"Retry-After: 2"),
        answer(b"503 Busy", b"{}"),
        b"",
        answer(b"500 Sorry", b"{}"),
        answer(b"200 OK", b'{"receipts":[{"status":"SET_ASIDE"}]}'),
    ]
    requests = [request(n) for n in range(3)]
    with serving(lambda n: troubles[n] if n < len(troubles) else answer(b"200 OK", TAKEN)) as port:
        load = Load(iter(requests), ports=[port], connections=1)
        load.run(seconds=20)
    assert load.acknowledged == requests
    assert load.statuses == {
        "200": 3,
        "503": 1,
        "503 without Retry-After": 1,
        "500": 1,
        "200 not taken": 1,
        "broken": 1,
    }


def test_a_server_that_hangs_up_after_a_refusal_is_asked_once_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        heard: list[bytes] = []

        def talk() -> None:
            line, _ = listener.accept()
            with line:
                line.recv(65_536)
                line.sendall(answer(b"500 Sorry", b"{}", b"Connection: close"))
            line, _ = listener.accept()
            with line:
                while received := line.recv(65_536):
                    heard.append(received)
                    line.sendall(answer(b"200 OK", TAKEN))

        talker = threading.Thread(target=talk)
        talker.start()
        requests = [request(1), request(2)]
        load = Load(iter(requests), ports=[listener.getsockname()[1]], connections=1)
        load.run(seconds=20)
        talker.join()
    assert heard == [sent.raw for sent in requests]
    assert load.statuses == {"500": 1, "200": 2}


def test_a_server_that_is_not_there_yet_is_knocked_at_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    load = Load(iter([request()]), ports=[port], connections=1)
    load.run(seconds=0.2)
    assert load.acknowledged == []
    assert set(load.statuses) == {"broken"}


def test_an_answer_in_pieces_is_put_together() -> None:
    whole = answer(b"200 OK", TAKEN)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def talk() -> None:
            line, _ = listener.accept()
            with line:
                line.recv(65_536)
                for start in range(0, len(whole), 7):
                    line.sendall(whole[start : start + 7])
                line.recv(65_536)

        talker = threading.Thread(target=talk)
        talker.start()
        load = Load(iter([request()]), ports=[listener.getsockname()[1]], connections=1)
        load.run(seconds=20)
        talker.join()
    assert len(load.acknowledged) == 1


def test_a_large_request_is_sent_whole() -> None:
    large = Request(request().raw + bytes(3_000_000), (uuid7(),), 1)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        heard: list[int] = []

        def talk() -> None:
            line, _ = listener.accept()
            with line:
                length = 0
                while length < len(large.raw):
                    length += len(line.recv(65_536))
                heard.append(length)
                line.sendall(answer(b"200 OK", TAKEN))
                line.recv(1)

        talker = threading.Thread(target=talk)
        talker.start()
        load = Load(iter([large]), ports=[listener.getsockname()[1]], connections=1)
        load.run(seconds=20)
        talker.join()
    assert heard == [len(large.raw)]
    assert len(load.acknowledged) == 1


def test_what_is_on_its_way_when_the_time_is_up_is_still_heard() -> None:
    held = threading.Event()

    def script(number: int) -> bytes:
        held.wait(5)
        return answer(b"200 OK", TAKEN)

    with serving(script) as port:
        load = Load(iter([request(n) for n in range(10)]), ports=[port], connections=2)
        threading.Timer(0.4, held.set).start()
        took = load.run(seconds=0.1)
    assert took < 0.3
    assert load.in_time == 0
    assert len(load.acknowledged) == 2
