"""A client for ASGI applications: what goes in and what comes out, without a socket."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


async def ask(
    app: Any, method: str, path: str, *, body: bytes = b"", chunk: int = 1 << 16, **headers: str
) -> Answer:
    """One request; header names with underscores for dashes."""
    chunks = [body[i : i + chunk] for i in range(0, len(body), chunk)] or [b""]
    sent: list[dict] = []
    state = {"next": 0}

    async def receive() -> dict:
        number = state["next"]
        if number >= len(chunks):
            await asyncio.Event().wait()  # the client stays until it is answered
        state["next"] += 1
        return {"type": "http.request", "body": chunks[number], "more_body": number < len(chunks) - 1}

    async def send(message: dict) -> None:
        sent.append(message)

    raw = [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": raw,
        "scheme": "http",
        "http_version": "1.1",
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    await app(scope, receive, send)
    start = next(message for message in sent if message["type"] == "http.response.start")
    body_out = b"".join(
        message.get("body", b"") for message in sent if message["type"] == "http.response.body"
    )
    return Answer(start["status"], {k.decode(): v.decode() for k, v in start["headers"]}, body_out)
