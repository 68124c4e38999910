"""POST /api/v1/village-check-in and …/page: where a village counts itself. Plain ASGI; nobody signs in, nobody is named.

It asks two functions of the database without a session, and so reads no table for it. What a phone calls itself is indexed
with the half-day before it is stored, so that the same household counts once and cannot be followed to the next half-day.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec
from msgspec import Struct

from lianfang.doors.bodies import ClientGone, Receive, TooLong, TooSlow, pieces
from lianfang.doors.bridge import Scope, Send
from lianfang.doors.guesses import Guesses, TooManyGuesses
from lianfang.doors.plain_door import (
    TOO_LARGE,
    TOO_SLOW,
    Asker,
    address,
    bearer,
    error_body,
    send_json,
    too_slow,
)
from lianfang.doors.village_shapes import (
    MOST_AT_HOME,
    VillageNotice,
    VillagePage,
    VillageReceipt,
    VillageReported,
)
from lianfang.kernel.clock import now
from lianfang.kernel.group_commit import Busy, Connect
from lianfang.kernel.key_folder import KeyFolder
from lianfang.kernel.refusals import Refusal
from lianfang.kernel.tokens import hashed
from lianfang.quarantine.rules import HalfDay, half_day

PAGE, REPORT = "/api/v1/village-check-in/page", "/api/v1/village-check-in"
ADDRESSES = (PAGE, REPORT)
LONGEST_BODY = 1_000
# Behind one address of a mobile network stands a whole village; what a poster takes altogether, the database bounds.
VILLAGE_MISSES = Guesses(allowed=30)
VILLAGE_PAGES = Guesses(allowed=1_200, window=3_600.0)
VILLAGE_REPORTS = Guesses(allowed=300, window=3_600.0)
WAIT = 60  # seconds

_PAGE = "SELECT division, place, call, notices FROM lianfang_village_page($1, $2)"
_REPORT = "SELECT lianfang_village_report($1, $2, $3, $4, $5, $6, $7, $8)"


class VillageDoor:
    """Knows a poster by its token, and words what the database answers."""

    def __init__(
        self,
        *,
        connect: Connect,
        keys: KeyFolder,
        behind_proxy: bool = False,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._asker = Asker(connect, name="village check-in")
        self._keys = keys
        self._behind_proxy = behind_proxy
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            status, body = await self._answer(scope, receive)
        except ClientGone:
            return
        await send_json(send, status, body, wait=WAIT if status in (429, 503) else 0)

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, bytes]:
        try:
            answer = await self._answered(scope, receive)
        except TooManyGuesses:
            return 429, error_body(_too_much(), retry_after=WAIT)
        except TooSlow:
            return TOO_SLOW, error_body(too_slow())
        except TooLong:
            return TOO_LARGE, error_body(Refusal("TOO_LONG", "内容太长。", "This is too long."))
        except Busy:
            return 503, error_body(
                Refusal("BUSY", "服务器正忙，请一分钟后再试。", "The server is busy: try again in a minute."),
                retry_after=WAIT,
            )
        except Refusal as refusal:
            return refusal.status, error_body(refusal)
        return 200, msgspec.json.encode(answer)

    async def _answered(self, scope: Scope, receive: Receive) -> Struct:
        place, at = address(scope, behind_proxy=self._behind_proxy), self._clock()
        (VILLAGE_REPORTS if scope["path"] == REPORT else VILLAGE_PAGES).check(place)
        token = _token(dict(scope["headers"]))
        shown = await self._page(token, at) if token else None
        if shown is None:
            VILLAGE_MISSES.check(
                place
            )  # only of those who guess: whoever has a good token stands behind the same address
            VILLAGE_MISSES.failed(place)
            raise _unknown()
        body = b"".join([piece async for piece in pieces(receive, longest=LONGEST_BODY)])
        of = half_day(at)
        if scope["path"] == PAGE:
            VILLAGE_PAGES.failed(place)
            name, call, notices = shown[1:]
            return VillagePage(name, of.day.isoformat(), of.half.value, MOST_AT_HOME, call, notices)
        VILLAGE_REPORTS.failed(place)
        status = await self._reported(token, _read(body), division=shown[0], of=of, at=at)
        return VillageReceipt(status, of.day.isoformat(), of.half.value, shown[2], shown[3])  # type: ignore[arg-type]

    async def _page(
        self, token: str, at: datetime
    ) -> tuple[str, str, str | None, list[VillageNotice]] | None:
        """The village's code and name, whom to call, and its notices."""
        rows = await self._asker.ask(_PAGE, hashed(token), at)
        if not rows:
            return None
        division, name, call, notices = rows[0]
        return (
            division,
            name or division,
            call or None,
            msgspec.json.decode(notices, type=list[VillageNotice]),
        )

    async def _reported(
        self, token: str, told: VillageReported, *, division: str, of: HalfDay, at: datetime
    ) -> str:
        marked = f"VILLAGE:{division}:{of.day.isoformat()}:{of.half}:{told.device}"
        device = self._keys.month(of.day).index(marked)
        given = (told.id, of.day, of.half.value, device, told.people, told.unwell, at)
        (row,) = await self._asker.ask(_REPORT, hashed(token), *given)
        status = str(row[0])
        refused = {"FULL": _full, "TOO_OFTEN": _too_often, "UNKNOWN": _unknown}.get(status)
        if refused is not None:  # unknown: closed in this very moment
            raise refused()
        return status

    def close(self) -> None:
        self._asker.close()


def _token(headers: Mapping[bytes, bytes]) -> str:
    """The token of a poster; "" where something else is shown, or nothing."""
    token = bearer(headers)
    return token if token.startswith("v_") and token.isascii() else ""


def _read(body: bytes) -> VillageReported:
    try:
        told = msgspec.json.decode(body, type=VillageReported)
    except msgspec.ValidationError as error:
        field = str(error).rpartition("`$.")[2].rstrip("`")
        raise Refusal("UNREADABLE", f"内容无法识别：{field}", f"This cannot be read: {field}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refusal("NOT_JSON", "请求不是 JSON 对象。", "The request is not a JSON object.") from None
    if told.unwell > told.people:
        raise Refusal(
            "UNWELL_MORE_THAN_PEOPLE",
            "不舒服的人数不能多于在家的人数。",
            "No more can be unwell than are at home.",
        )
    return told


def _full() -> Refusal:
    return Refusal(
        "VILLAGE_FULL",
        "本村这半天的打卡已满，不用再报，谢谢您。有人不舒服请打电话。",
        "Enough households were counted for this half-day, thank you. If somebody is unwell, please call.",
        status=409,
    )


def _too_often() -> Refusal:
    return Refusal(
        "REPORTED_OFTEN",
        "这部手机这半天已经改过几次，以最后一次为准。有人不舒服请打电话。",
        "This phone has corrected itself several times; the last one counts. If somebody is unwell, please call.",
        status=409,
    )


def _unknown() -> Refusal:
    return Refusal(
        "POSTER_UNKNOWN",
        "这张海报已停用或已换新，请扫村里最新的海报。",
        "This poster is good no more: scan the newest one in the village.",
        status=401,
    )


def _too_much() -> Refusal:
    return Refusal(
        "TOO_MUCH",
        "这个网络里打卡的人太多了，请稍后再试。有人不舒服请打电话。",
        "Too many people of this network are checking in: try later. If somebody is unwell, please call.",
        status=429,
    )
