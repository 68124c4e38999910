"""One JSON request to somebody else's server: short, bounded, to nowhere but where it was sent.

No redirect is followed and no proxy of the environment is used; all of it ends after five seconds, however slowly the other
side talks.
"""

import http.client
import json
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from lianfang.messages.rules import TIMEOUT

LOOPBACK = ("127.0.0.1", "localhost", "::1")
MOST_READ = 262_144  # bytes of an answer


@dataclass(frozen=True, slots=True)
class PostAnswer:
    """`status` 0: none came, and `code` says why."""

    status: int
    code: str = ""
    body: Any = field(default=None, repr=False)


def may_be_posted_to(url: str) -> bool:
    """https to anywhere, http to this machine; no name or password in it."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or parts.username is not None or parts.password is not None or not url.isascii():
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)


def post(url: str, said: Any, *, token: str = "", timeout: float = TIMEOUT) -> PostAnswer:
    """Whatever goes wrong is an answer; its code tells a timeout from a refusal."""
    if not may_be_posted_to(url):
        return PostAnswer(0, "ADDRESS")
    headers = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    body = json.dumps(said, ensure_ascii=False).encode()
    try:
        return _posted(url, body, headers, timeout)
    except TimeoutError:
        return PostAnswer(0, "TIMEOUT")
    except ssl.SSLError:
        return PostAnswer(0, "CERTIFICATE")
    except (OSError, http.client.HTTPException):
        return PostAnswer(0, "UNREACHABLE")


def _posted(url: str, body: bytes, headers: dict[str, str], timeout: float) -> PostAnswer:
    parts = urlsplit(url)
    where = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=timeout)
    over = threading.Event()
    try:
        connection.connect()
        watch = threading.Timer(timeout, _end, (connection.sock, over))
        watch.daemon = True
        watch.start()
        try:
            connection.request("POST", where, body, headers)
            response = connection.getresponse()
            read = response.read(MOST_READ)
        finally:
            watch.cancel()
    except (OSError, http.client.HTTPException):
        if over.is_set():
            raise TimeoutError from None
        raise
    finally:
        connection.close()
    if over.is_set():
        raise TimeoutError
    return PostAnswer(response.status, f"HTTP_{response.status}", _decoded(read))


def _end(sock: socket.socket, over: threading.Event) -> None:
    """A socket's own timeout begins anew with every byte: this one does not."""
    over.set()
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _decoded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
