"""Other houses' servers on this machine, with the limits that the real ones enforce: an SMS gateway, and WeCom's robots."""

import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MOST_NUMBERS, MOST_A_MINUTE = 100, 20
TEXT_BYTES, MARKDOWN_BYTES = 2_048, 4_096


class Gateway:
    """Takes 100 numbers a request from whoever shows the token. `ill` is how it is the next time it is asked:

    429, 500, 302 (elsewhere), "HANGS", "DRIPS" (a byte now and then), "NONSENSE"; it goes on so until it is set to None.
    """

    def __init__(self, *, token: str = "gateway-token") -> None:
        self.token = token
        self.ill: int | str | None = None
        self.bad: dict[str, dict[str, Any]] = {}
        self.silent: set[str] = set()
        self.requests: list[dict[str, Any]] = []
        self.delivered: list[tuple[str, str, str]] = []  # id, phone, text
        self.ending = threading.Event()
        self.url = ""

    def answer(self, door: BaseHTTPRequestHandler, body: bytes) -> None:
        said = json.loads(body)
        self.requests.append(said)
        if door.headers["Authorization"] != f"Bearer {self.token}":
            return told(door, 401, {})
        if self.ill is not None:
            return self._ill(door)
        if len(said["messages"]) > MOST_NUMBERS:
            return told(door, 413, {})
        return told(door, 200, {"results": [row for one in said["messages"] if (row := self._one(one))]})

    def _one(self, one: dict[str, str]) -> dict[str, Any] | None:
        if one["phone"] in self.bad:
            return {"id": one["id"], "ok": False, **self.bad[one["phone"]]}
        self.delivered.append((one["id"], one["phone"], one["text"]))
        return None if one["phone"] in self.silent else {"id": one["id"], "ok": True}

    def _ill(self, door: BaseHTTPRequestHandler) -> None:
        if self.ill == "HANGS":
            self.ending.wait(10)
        elif self.ill == "DRIPS":
            self._drip(door)
        elif self.ill == "NONSENSE":
            told(door, 200, "短信 13900001234 不通")
        elif self.ill == 302:
            door.send_response(302)
            door.send_header("Location", f"{self.url}/elsewhere")
            door.end_headers()
        else:
            told(door, int(self.ill or 500), {})

    def _drip(self, door: BaseHTTPRequestHandler) -> None:
        door.send_response(200)
        door.send_header("Content-Length", "1000")
        door.end_headers()
        while not self.ending.wait(0.1):
            door.wfile.write(b" ")
            door.wfile.flush()


class Robots:
    """Every `key` is a robot of its own. `minute`: how long a minute lasts here, so that a test need not wait for one."""

    def __init__(self) -> None:
        self.minute = 60.0
        self.down = False
        self.taken: dict[str, list[tuple[float, str]]] = defaultdict(list)
        self.refused: list[int] = []
        self.said: list[dict[str, Any]] = []
        self.guard = threading.Lock()
        self.url = ""

    def webhook(self, key: str) -> str:
        return f"{self.url}/cgi-bin/webhook/send?key={key}"

    def texts(self, key: str) -> list[str]:
        return [text for _, text in self.taken[key]]

    def answer(self, door: BaseHTTPRequestHandler, body: bytes) -> None:
        key = door.path.partition("key=")[2]
        said = json.loads(body)
        if self.down:
            return told(door, 503, {})
        with self.guard:
            self.said.append(said)
            code = self._code(key, said)
        if code:
            self.refused.append(code)
        return told(door, 200, {"errcode": code, "errmsg": "ok" if not code else "hint: [1582], from ip"})

    def _code(self, key: str, said: dict[str, Any]) -> int:
        kind = said["msgtype"]
        content = said[kind]["content"]
        if len(content.encode()) > (MARKDOWN_BYTES if kind == "markdown" else TEXT_BYTES):
            return 40058
        now = time.monotonic()
        if sum(at > now - self.minute for at, _ in self.taken[key]) >= MOST_A_MINUTE:
            return 45009
        self.taken[key].append((now, content))
        return 0


def told(door: BaseHTTPRequestHandler, status: int, said: Any) -> None:
    body = json.dumps(said).encode()
    door.send_response(status)
    door.send_header("Content-Type", "application/json")
    door.send_header("Content-Length", str(len(body)))
    door.end_headers()
    door.wfile.write(body)


@contextmanager
def serving(what: Gateway | Robots) -> Iterator[None]:
    """A server on a port of its own, until the block ends."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                what.answer(self, body)
            except OSError:
                self.close_connection = True  # whoever asked has gone

        def log_message(self, *args: Any) -> None:
            """It says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    what.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        if isinstance(what, Gateway):
            what.ending.set()
        server.shutdown()
        server.server_close()
        thread.join()
