"""A request's body as it arrives: no longer than its door takes, and no slower than a bad network is."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

# A parcel over the worst network still in use brings two thousand bytes a second. Who trickles holds nothing for long.
GRACE = 30.0  # seconds
SLOWEST = 1_000  # bytes a second, on the whole, once the grace is over


class TooLong(Exception):
    """The request's body is longer than this door takes."""


class TooSlow(Exception):
    """The request's body does not come."""


class ClientGone(Exception):
    """The client went away before its request was read."""


async def pieces(receive: Receive, *, longest: int) -> AsyncIterator[bytes]:
    """The body piece by piece. Raises TooLong, TooSlow or ClientGone."""
    loop = asyncio.get_running_loop()
    begun, length, more = loop.time(), 0, True
    while more:
        try:
            async with asyncio.timeout_at(begun + GRACE + length / SLOWEST):
                message = await receive()
        except TimeoutError:
            raise TooSlow from None
        if message["type"] == "http.disconnect":
            raise ClientGone
        piece = message.get("body", b"")
        length += len(piece)
        if length > longest:
            raise TooLong
        yield piece
        more = bool(message.get("more_body"))
