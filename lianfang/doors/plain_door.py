"""What the doors without a framework have in common: who knocks, one short question of the database, one JSON answer."""

import asyncio
import json
import logging
from collections.abc import Mapping
from typing import Final

import asyncpg

from lianfang.doors.bridge import HANG_UP, Scope, Send
from lianfang.kernel.group_commit import AWAY, Busy, Connect
from lianfang.kernel.refusals import Refusal

log = logging.getLogger(__name__)

TOO_SLOW: Final = 408
TOO_LARGE: Final = 413


def bearer(headers: Mapping[bytes, bytes]) -> str:
    """The token a request shows; "" where it shows none."""
    kind, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def address(scope: Scope, *, behind_proxy: bool) -> str:
    """Where a request comes from. Behind a proxy it is the last address that the proxy itself wrote down."""
    said = dict(scope["headers"]).get(b"x-forwarded-for", b"").decode("latin-1") if behind_proxy else ""
    return said.rsplit(",", 1)[-1].strip() or str((scope.get("client") or ("",))[0])


async def send_json(send: Send, status: int, body: bytes, *, wait: int = 0) -> None:
    """`wait`: seconds of Retry-After. Whoever sends too slowly or too much is not listened to any longer."""
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    if wait:
        headers.append((b"retry-after", str(wait).encode()))
    if status in (TOO_SLOW, TOO_LARGE):
        headers.extend(HANG_UP)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def error_body(refusal: Refusal, *, retry_after: int | None = None) -> bytes:
    error: dict[str, object] = dict(refusal.as_json())
    if retry_after is not None:
        error["retry_after"] = retry_after
    return json.dumps({"error": error}, ensure_ascii=False).encode()


def too_slow() -> Refusal:
    return Refusal(
        "TOO_SLOW",
        "内容迟迟不到，请重发。",
        "The body does not arrive: send it again.",
        status=TOO_SLOW,
    )


class Asker:
    """Asks the database one short question at a time, over a connection it keeps. `name` is what the log calls the door."""

    def __init__(self, connect: Connect, *, name: str) -> None:
        self._connect = connect
        self.name = name
        self._connection: asyncpg.Connection | None = None
        self._lock = asyncio.Lock()

    async def ask(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        """Asked again on a fresh connection when the database was restarted in between. Raises Busy while it is away."""
        async with self._lock:
            for last in (False, True):
                try:
                    if self._connection is None or self._connection.is_closed():
                        self._connection = await self._connect()
                    return await self._connection.fetch(statement, *arguments)
                except AWAY as error:
                    log.warning("%s: asking the database failed (%s)", self.name, type(error).__name__)
                    self.close()
                    if last:
                        raise Busy from None
        raise Busy

    def close(self) -> None:
        if self._connection is not None and not self._connection.is_closed():
            self._connection.terminate()
        self._connection = None
