"""One port, four doors: intake, check-in and live board as plain ASGI, everything else Django behind the bridge."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import TypeVar

import asyncpg
from django.conf import settings
from django.db import Error, connection
from django.http.cookie import parse_cookie

from lianfang.checkpoints.services import DEVICES_CHANGED
from lianfang.command.queries import session_reach
from lianfang.custody.alone import KEYS_DESTROYED
from lianfang.doors.bodies import Message, Receive
from lianfang.doors.bridge import Bridge, Scope, Send, plain
from lianfang.doors.check_in import PAGE, REPORTS, CheckInDoor
from lianfang.doors.guard import display_of, session_in, signed_out
from lianfang.doors.headers import carrying
from lianfang.doors.intake import IntakeDoor
from lianfang.doors.plain_door import error_body
from lianfang.doors.stream import Listener, Screens
from lianfang.doors.village_check_in import ADDRESSES as VILLAGE_ADDRESSES
from lianfang.doors.village_check_in import VillageDoor
from lianfang.kernel.group_commit import Connect
from lianfang.kernel.key_folder import KeyFolder
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Refusal
from lianfang.screening.queries import forget
from lianfang.screening.services import RULES_CHANGED
from lianfang.situation.fold import BOARD_CHANGED

log = logging.getLogger(__name__)

_LOCAL = ("localhost", "127.0.0.1", "[::1]")
_PORT = re.compile(r":\d+$")
UPLOADS = "/desk/outboxes"
LONGEST_UPLOAD = 72 << 20  # an outbox of 64 MiB, and what a form puts around it
ASK_AGAIN = 5.0  # seconds until a display whose stream is open is looked up again
Asked = TypeVar("Asked")
Answered = TypeVar("Answered")

# What anybody may read on a connection anybody may read: no sign-in, no record, no number.
SHOWN_IN_THE_CLEAR = ("/start", "/authority.", "/phone/", "/static/", "/privacy", "/healthz", "/language")


class Site:
    """The ASGI application. `connect_intake` opens connections in the intake's role, the others in the pages': `connect_public` without a
    session, for doors that answer by a token alone."""

    def __init__(
        self,
        *,
        django: Bridge,
        connect_intake: Connect,
        connect_public: Connect,
        connect_app: Callable[[], Awaitable[asyncpg.Connection]],
        keys: KeyFolder,
        behind_proxy: bool = False,
    ) -> None:
        self._django = django
        self._intake = IntakeDoor(connect=connect_intake, keys=keys)
        self._check_in = CheckInDoor(connect=connect_public, behind_proxy=behind_proxy)
        self._village = VillageDoor(connect=connect_public, keys=keys, behind_proxy=behind_proxy)
        self._screens = Screens()
        self._listener = Listener(connect_app)
        self._listener.on(DEVICES_CHANGED, lambda _: self._intake.registry.forget())
        self._listener.on(RULES_CHANGED, lambda _: self._forget_rules())
        self._listener.on(BOARD_CHANGED, self._screens.tell)
        self._listener.on(KEYS_DESTROYED, lambda _: keys.forget())
        self._behind_proxy = behind_proxy
        self._users = 0

    def _forget_rules(self) -> None:
        self._intake.registry.forget()
        forget()

    def close_streams(self) -> None:
        self._screens.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, carrying(scope["path"], send))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            not self._behind_proxy
            and in_the_clear(scope)
            and not scope["path"].startswith(SHOWN_IN_THE_CLEAR)
        ):
            await _refuse_in_the_clear(scope, send)
        elif scope["path"] == "/api/v1/parcels":
            await self._posted(self._intake, scope, receive, send)
        elif scope["path"] in (REPORTS, PAGE):
            await self._posted(self._check_in, scope, receive, send)
        elif scope["path"] in VILLAGE_ADDRESSES:
            await self._posted(self._village, scope, receive, send)
        elif scope["path"] == "/api/v1/board/stream":
            await self._stream(scope, receive, send)
        elif scope["path"] == UPLOADS and scope["method"] == "POST":
            await self._upload(scope, receive, send)
        else:
            await self._django(scope, receive, send)

    async def _posted(
        self, door: IntakeDoor | CheckInDoor | VillageDoor, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if scope["method"] != "POST":
            await _other_method(send, "POST")
        else:
            await door(scope, receive, send)

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A large file is taken from whoever may bring one; from anybody else no more than any page takes."""
        longest = LONGEST_UPLOAD if await self._in_django(may_upload, scope) else None
        await self._django(scope, receive, send, max_body=longest)

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            await _other_method(send, "GET")
            return
        found = await self._in_django(watcher_of, scope)
        if found is None:
            await json_refusal(send, await self._in_django(signed_out, cookies_of(scope)))
        elif found.kind == "DISPLAY":
            async with _until_it_ends(lambda: self._in_django(display_of, cookies_of(scope))) as ended:
                await self._screens(scope, receive, send, ended)
        else:
            await self._screens(scope, receive, send)

    async def _in_django(self, ask: Callable[[Asked], Answered], asked: Asked) -> Answered:
        """In a thread of the bridge's pool, where Django's connection lives; given back at once."""

        def run() -> Answered:
            try:
                return ask(asked)
            finally:
                connection.close()

        return await asyncio.get_running_loop().run_in_executor(self._django.pool, run)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        """Two servers (http and https) may carry the same site: the first starts it, the last stops it."""
        while True:
            message: Message = await receive()
            if message["type"] == "lifespan.startup":
                self._users += 1
                if self._users == 1:
                    self._intake.writer.start()
                    self._check_in.start()
                    self._listener.start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                self._users -= 1
                if self._users == 0:
                    await self._intake.writer.stop()
                    await self._check_in.stop()
                    self._intake.registry.close()
                    self._village.close()
                    await self._listener.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


def header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


def in_the_clear(scope: Scope) -> bool:
    """Plain http from another machine: names, numbers and passwords would cross the air unencrypted."""
    host = _PORT.sub("", header(scope, b"host"))
    return scope.get("scheme") == "http" and host not in _LOCAL


async def _refuse_in_the_clear(scope: Scope, send: Send) -> None:
    """Programs are told; people are led to the page that explains."""
    if scope["path"].startswith("/api/"):
        zh, en = (
            "请改用 https 地址：明文连接不收发资料。",
            "Use the https address: no records travel in clear text.",
        )
        await json_refusal(send, Refusal("NOT_SECURE", zh, en, status=403))
    else:
        await plain(send, 303, "", [(b"location", b"/start")])


async def _other_method(send: Send, taken: str) -> None:
    refusal = Refusal("METHOD", f"这里只接受 {taken}。", f"Only {taken} is taken here.", status=405)
    await json_refusal(send, refusal, [(b"allow", taken.encode())])


def may_upload(scope: Scope) -> bool:
    found = session_reach(session_in(cookies_of(scope), secure=over_tls(scope)))
    return found is not None and found.may("RECEIVE_OUTBOXES")


def watcher_of(scope: Scope) -> Reach | None:
    """Who may watch: an officer who may see the board or the wall, by token or cookie, or else a display."""
    kind, _, token = header(scope, b"authorization").partition(" ")
    bearer = token.strip() if kind.lower() == "bearer" else ""
    cookies = cookies_of(scope)
    session = bearer or session_in(cookies, secure=over_tls(scope))
    found = session_reach(session)
    if found is None and not bearer:
        found = display_of(cookies)
    return found if found is not None and (found.may("VIEW_BOARD") or found.may("VIEW_WALL")) else None


def over_tls(scope: Scope) -> bool:
    """As Django's is_secure: behind a proxy, what the proxy wrote down."""
    if settings.BEHIND_PROXY:
        return header(scope, b"x-forwarded-proto") == "https"
    return scope.get("scheme") == "https"


def cookies_of(scope: Scope) -> dict[str, str]:
    return parse_cookie(header(scope, b"cookie"))


@asynccontextmanager
async def _until_it_ends(display: Callable[[], Awaitable[Reach | None]]) -> AsyncIterator[asyncio.Event]:
    """Set once a display's token is good no more. It is asked for again and again rather than waited for: an expiry
    is told by nobody, and a notice that the database sends may be lost. What cannot be asked ends too: a screen comes
    back by itself, and with the database away it has nothing to hear."""
    ended = asyncio.Event()

    async def ask_again() -> None:
        try:
            while await display() is not None:
                await asyncio.sleep(ASK_AGAIN)
        except Error as error:
            log.warning("a display's token could not be asked for (%s)", type(error).__name__)
        finally:
            ended.set()

    asking = asyncio.create_task(ask_again())
    try:
        yield ended
    finally:
        asking.cancel()


async def json_refusal(send: Send, refusal: Refusal, headers: Iterable[tuple[bytes, bytes]] = ()) -> None:
    body = error_body(refusal)
    head = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        *headers,
    ]
    await send({"type": "http.response.start", "status": refusal.status, "headers": head})
    await send({"type": "http.response.body", "body": body})
