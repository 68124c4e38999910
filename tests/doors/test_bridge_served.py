"""The bridge under the real server: bodies, slow and vanished clients, broken views, threads."""

import hashlib
import json
import socket
import threading
from collections.abc import Iterable
from http.client import IncompleteRead

import pytest

from lianfang.doors.bridge import BUFFERED
from tests.doors.serving import connected, served
from tests.doors.wsgi import LARGE, LIMIT, SMALL, Environ, Pieces, Start, bridge, echo

__all__ = ["bridge"]


def test_bodies_arrive_and_a_long_one_leaves_the_connection_usable(bridge) -> None:
    with served(bridge(echo)) as port, connected(port) as connection:
        for body, status in ((SMALL, 200), (LARGE, 200), (b"x" * (LIMIT + 1), 413), (SMALL, 200)):
            connection.request("POST", "/x", body=body)
            answer = connection.getresponse()
            content = answer.read()
            assert answer.status == status
            if status == 200:
                assert json.loads(content)["sha"] == hashlib.sha256(body).hexdigest()


def test_a_body_of_unknown_length_arrives(bridge) -> None:
    with served(bridge(echo)) as port, connected(port) as connection:
        connection.request("POST", "/x", body=iter([LARGE[:70_000], LARGE[70_000:]]), encode_chunked=True)
        told = json.loads(connection.getresponse().read())
    assert told["sha"] == hashlib.sha256(LARGE).hexdigest()
    assert told["CONTENT_LENGTH"] == str(len(LARGE))


def test_a_client_that_does_not_read_holds_the_answer_back(bridge) -> None:
    pieces = Pieces(2_000)  # 128 MiB: more than any socket buffers
    with served(bridge(pieces)) as port, connected(port) as connection:
        connection.request("GET", "/")
        answer = connection.getresponse()
        seen = -1
        while pieces.made != seen:
            seen = pieces.made
            pieces.closed.wait(0.3)
        assert 0 < pieces.made < 1_000
        length = 0
        while piece := answer.read(1 << 20):
            length += len(piece)
    assert length == 2_000 * BUFFERED


def test_a_client_that_goes_away_ends_the_work(bridge) -> None:
    pieces = Pieces(1_000_000)
    with served(bridge(pieces)) as port:
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            client.recv(1_000)
        assert pieces.closed.wait(10)
        assert pieces.made < 1_000_000


def test_a_request_broken_off_is_never_handed_on(bridge) -> None:
    seen: list[str] = []

    def app(environ: Environ, start: Start) -> Iterable[bytes]:
        seen.append(environ["PATH_INFO"])
        return echo(environ, start)

    with served(bridge(app)) as port:
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"POST /half HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf")
        with connected(port) as connection:
            connection.request("GET", "/whole")
            assert connection.getresponse().read()
    assert seen == ["/whole"]


def test_a_view_that_breaks_is_500_and_the_next_request_is_answered(bridge) -> None:
    def app(environ: Environ, start: Start) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/broken":
            raise ValueError("before the answer began")
        return echo(environ, start)

    with served(bridge(app)) as port, connected(port) as connection:
        for path, status in (("/broken", 500), ("/", 200), ("/broken", 500), ("/", 200)):
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == status


def test_an_answer_that_breaks_in_the_middle_does_not_look_whole(bridge) -> None:
    with served(bridge(Pieces(50, breaks_at=10))) as port, connected(port) as connection:
        connection.request("GET", "/")
        with pytest.raises(IncompleteRead):
            connection.getresponse().read()


def test_eight_requests_are_worked_on_at_once(bridge) -> None:
    meeting = threading.Barrier(8, timeout=20)

    def app(environ: Environ, start: Start) -> Iterable[bytes]:
        meeting.wait()
        start("200 OK", [])
        return [threading.current_thread().name.encode()]

    names: list[bytes] = []

    def one(port: int) -> None:
        with connected(port) as connection:
            connection.request("GET", "/")
            names.append(connection.getresponse().read())

    with served(bridge(app)) as port:
        crowd = [threading.Thread(target=one, args=(port,)) for _ in range(8)]
        for each in crowd:
            each.start()
        for each in crowd:
            each.join(20)
    assert len(set(names)) == 8


def test_requests_beyond_the_threads_wait_their_turn(bridge) -> None:
    running, most = [0], [0]
    guard = threading.Lock()

    def app(environ: Environ, start: Start) -> Iterable[bytes]:
        with guard:
            running[0] += 1
            most[0] = max(most[0], running[0])
        threading.Event().wait(0.05)
        with guard:
            running[0] -= 1
        return echo(environ, start)

    with served(bridge(app, threads=2)) as port:
        statuses: list[int] = []

        def one() -> None:
            with connected(port) as connection:
                connection.request("GET", "/")
                statuses.append(connection.getresponse().status)

        crowd = [threading.Thread(target=one) for _ in range(8)]
        for each in crowd:
            each.start()
        for each in crowd:
            each.join(20)
    assert statuses == [200] * 8
    assert most[0] == 2


def test_the_server_stops_while_a_connection_is_kept_alive(bridge) -> None:
    with served(bridge(echo)) as port:
        connection = socket.create_connection(("127.0.0.1", port))
        connection.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        assert connection.recv(100)
    connection.close()
