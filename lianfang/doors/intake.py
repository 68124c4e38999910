"""POST /api/v1/parcels: the door every phone, importer and side door knocks at. Plain ASGI, no framework."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from lianfang.checkpoints.intake.reading import MAX_BYTES, too_large, unpack
from lianfang.checkpoints.intake.reception import Post, Reception, Sender
from lianfang.checkpoints.intake.sealed import Unsealer
from lianfang.checkpoints.intake.writer import Writer
from lianfang.doors.bodies import ClientGone, Receive, TooLong, TooSlow, pieces
from lianfang.doors.bridge import Scope, Send
from lianfang.doors.plain_door import TOO_SLOW, Asker, bearer, error_body, send_json, too_slow
from lianfang.journeys.arrival import take_parcel
from lianfang.kernel.clock import now
from lianfang.kernel.group_commit import Busy, Connect
from lianfang.kernel.key_folder import KeyFolder
from lianfang.kernel.refusals import Refusal
from lianfang.kernel.tokens import hashed
from lianfang.screening.book import RuleBook
from lianfang.screening.queries import BELIEVED_FOR, CONTENTS, PERIODS, book_of, unread

log = logging.getLogger(__name__)

REMEMBERED_FOR = 10.0  # seconds a token or the list of posts is believed without asking again
DRAINED = 64 << 20  # bytes of an oversized body read away, so that its sender hears why it is refused
BURST = 8_000

_SENDER = (
    "SELECT id, checkpoint_id, enrolled_at, expires_at, revoked_at IS NOT NULL, items_per_second, "
    "least(revoked_at, wipe_asked_at), earlier FROM device WHERE token_hash = $1"
)
_CONTENTS = CONTENTS.replace("%s", "$1")
_POSTS = "SELECT code, jurisdiction FROM checkpoint"


class Registry:
    """Devices by token and checkpoints by code, remembered for a few seconds; a revocation is heard at once."""

    def __init__(self, connect: Connect) -> None:
        self._asker = Asker(connect, name="intake")
        self._senders: dict[bytes, tuple[float, Sender | None]] = {}
        self._posts: tuple[float, Mapping[str, Post]] = (0.0, {})
        self._book: tuple[float, RuleBook | None] = (0.0, None)
        self._asking_rules = asyncio.Lock()
        self._rules_refused = False

    def forget(self) -> None:
        self._senders.clear()
        self._posts = (0.0, {})
        self._book = (0.0, self._book[1])

    async def sender(self, token: str) -> Sender | None:
        digest = hashed(token)
        known = self._senders.get(digest)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        rows = await self._asker.ask(_SENDER, digest)
        sender = Sender(*rows[0]) if rows else None
        if (
            len(self._senders) > 20_000
        ):  # unknown tokens are remembered too; a flood of them must not fill memory
            self._senders.clear()
        self._senders[digest] = (time.monotonic() + REMEMBERED_FOR, sender)
        return sender

    async def posts(self, wanted: str) -> Mapping[str, Post]:
        until, posts = self._posts
        if until < time.monotonic() or wanted not in posts:
            posts = {code: Post(code, jurisdiction) for code, jurisdiction in await self._asker.ask(_POSTS)}
            self._posts = (time.monotonic() + REMEMBERED_FOR, posts)
        return posts

    async def book(self) -> RuleBook:
        """Which rules were in force when, as the database said it within the last two seconds."""
        until, book = self._book
        return book if book is not None and time.monotonic() < until else await self.book_anew()

    async def book_anew(self) -> RuleBook:
        """Asked for now, once for all who come while it is asked. A refused question leaves what was known in force."""
        begun = time.monotonic()
        async with self._asking_rules:
            until, book = self._book
            if book is None or until - BELIEVED_FOR < begun:
                book = await self._asked_or_known(book)
                self._book = (time.monotonic() + BELIEVED_FOR, book)
        return book

    async def _asked_or_known(self, known: RuleBook | None) -> RuleBook:
        try:
            book = await self._asked_book(known or RuleBook())
            self._rules_refused = False
            return book
        except asyncpg.PostgresError as error:
            if not self._rules_refused:
                log.error("intake: the rules cannot be asked for (%s)", type(error).__name__)
            self._rules_refused = True
            if known is None:  # nobody is decided by rules that nobody has seen
                raise Busy from None
            return known

    async def _asked_book(self, known: RuleBook) -> RuleBook:
        periods = await self._asker.ask(PERIODS)
        hashes = unread(periods, known)
        contents = await self._asker.ask(_CONTENTS, hashes) if hashes else []
        return book_of(periods, contents, known)

    def close(self) -> None:
        self._asker.close()


@dataclass(slots=True)
class Budget:
    """A token bucket: `per_second` items, at most BURST at once."""

    per_second: int
    left: float = BURST
    at: float = 0.0

    def seconds_to_wait(self, items: int, now: float) -> int:
        """0 and the items are taken, or how long until they would fit."""
        self.left = min(BURST, self.left + (now - self.at) * self.per_second) if self.at else BURST
        self.at = now
        if items <= self.left:
            self.left -= items
            return 0
        return max(1, round((items - self.left) / self.per_second))


class IntakeDoor:
    """Authorises, reads the body, hands it to the arrival journey, and words the answer."""

    def __init__(self, *, connect: Connect, keys: KeyFolder, clock: Callable[[], datetime] = now) -> None:
        self.registry = Registry(connect)
        self.writer = Writer(connect=connect, keys=keys)
        self._keys = keys
        self._unsealer = Unsealer(keys)
        self._clock = clock
        self._budgets: dict[object, Budget] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            status, body, wait = await self._answer(scope, receive)
        except ClientGone:
            return
        await send_json(send, status, body, wait=wait)

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, bytes, int]:
        """Status, body, and the seconds of Retry-After (0: none)."""
        try:
            headers = dict(scope["headers"])
            sender = await self._sender(headers)
            body = await read_body(receive)
            if headers.get(b"content-encoding", b"").lower() == b"gzip":
                body = unpack(body)
            self._spend(sender, body)
            posts = await self.registry.posts(sender.checkpoint)
            book = await self.registry.book()
            reception = Reception(sender, self._clock(), self._keys, posts, self._unsealer)
            answer = await take_parcel(
                body, reception=reception, writer=self.writer, book=book, book_anew=self.registry.book_anew
            )
            return 200, answer, 0
        except Later as later:
            return later.status, error_body(later, retry_after=later.wait), later.wait
        except Refusal as refusal:
            return refusal.status, error_body(refusal), 0
        except TooSlow:
            return TOO_SLOW, error_body(too_slow()), 0
        except Busy:
            busy = Refusal(
                "BUSY",
                "服务器正忙，请稍后自动重试，记录还在手机里。",
                "The server is busy; send it again shortly.",
            )
            return 503, error_body(busy, retry_after=2), 2

    async def _sender(self, headers: Mapping[bytes, bytes]) -> Sender:
        token = bearer(headers)
        sender = await self.registry.sender(token) if token else None
        if sender is None or sender.expires_at <= self._clock():
            raise Refusal(
                "TOKEN_UNKNOWN",
                "设备未登记或登记已过期，请重新扫码登记；未发的记录会保留。",
                "The device is not enrolled, or its enrolment has expired: enrol again. Unsent records stay.",
                status=401,
            )
        if sender.revoked:
            raise Refusal(
                "DEVICE_REVOKED",
                "这台设备已被停用，请联系指挥部。",
                "This device has been revoked; contact headquarters.",
                status=403,
            )
        return sender

    def _spend(self, sender: Sender, body: bytes) -> None:
        if sender.items_per_second is None:
            return
        items = max(1, body.count(b'"kind"'))  # close enough for a budget, and no second parse
        budget = self._budgets.setdefault(sender.id, Budget(sender.items_per_second))
        wait = budget.seconds_to_wait(min(items, BURST), time.monotonic())
        if wait:
            raise Later(wait)


class Later(Refusal):
    """The device has sent more than its budget."""

    def __init__(self, wait: int) -> None:
        super().__init__(
            "TOO_FAST",
            f"发送过快，请 {wait} 秒后自动重试。",
            f"Too many records at once: retry in {wait} seconds.",
            status=429,
        )
        self.wait = wait


async def read_body(receive: Receive) -> bytes:
    """The whole body, or 413 once it is longer than a parcel may be (the rest is read away, so the answer arrives)."""
    chunks = []
    length = 0
    try:
        async for piece in pieces(receive, longest=DRAINED):
            length += len(piece)
            if length <= MAX_BYTES:
                chunks.append(piece)
    except TooLong:
        raise too_large() from None
    if length > MAX_BYTES:
        raise too_large()
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)
