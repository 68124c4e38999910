"""POST /api/v1/check-in and /page: what a household's slip leads to. Plain ASGI: no sign-in, no cookie, no framework.

The token travels in a header. Whoever guesses learns the same whatever he guessed; whoever has a good token is never
held up by those who guess from the same address.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from lianfang.doors.bodies import ClientGone, Receive, TooLong, TooSlow, pieces
from lianfang.doors.bridge import Scope, Send
from lianfang.doors.check_in_shapes import (
    CheckInPage,
    HalvesReported,
    NoticeShown,
    PersonOnSlip,
    ReportReceipt,
    ReportsTaken,
)
from lianfang.doors.guesses import Guesses, TooManyGuesses
from lianfang.doors.plain_door import TOO_LARGE, TOO_SLOW, address, bearer, error_body, send_json, too_slow
from lianfang.doors.shapes import Error, Say
from lianfang.kernel.clock import now
from lianfang.kernel.days import day_of
from lianfang.kernel.divisions import level
from lianfang.kernel.group_commit import Busy, Connect
from lianfang.kernel.refusals import Refusal
from lianfang.kernel.tokens import hashed
from lianfang.quarantine.intake.reading import MAX_BYTES, UnreadReport, read
from lianfang.quarantine.intake.saying import SAID, link_refused, page_state, set_aside, unread
from lianfang.quarantine.intake.store import NoticeTold, PlaceOnSlip
from lianfang.quarantine.intake.taking import CheckIns, TakenReport
from lianfang.quarantine.rules import day_number, half_day

REPORTS, PAGE = "/api/v1/check-in", "/api/v1/check-in/page"
PREFIX = "k_"
TOKEN_LENGTH = 45  # the prefix and 256 bits in base64
GUESSES_A_MINUTE = 20
POSTS_A_MINUTE = 120  # of one link: a household of thirty, each by himself, and their retries


class CheckInDoor:
    """Reads the token and the body, hands the reports to the queue, and words the answer."""

    def __init__(
        self, *, connect: Connect, behind_proxy: bool = False, clock: Callable[[], datetime] = now
    ) -> None:
        self.check_ins = CheckIns(connect=connect, clock=clock)
        self.guesses = Guesses(allowed=GUESSES_A_MINUTE)
        self.posts = Guesses(allowed=POSTS_A_MINUTE)
        self._behind_proxy = behind_proxy
        self._clock = clock

    def start(self) -> None:
        self.check_ins.start()

    async def stop(self) -> None:
        await self.check_ins.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            status, body, wait = await self._answered(scope, receive)
        except ClientGone:
            return
        await send_json(send, status, body, wait=wait)

    async def _answered(self, scope: Scope, receive: Receive) -> tuple[int, bytes, int]:
        """Status, body, and the seconds of Retry-After (0: none)."""
        try:
            return 200, await self._answer(scope, receive), 0
        except TooManyGuesses as refusal:
            return refusal.status, error_body(refusal, retry_after=60), 60
        except Refusal as refusal:
            return refusal.status, error_body(refusal), 0
        except TooLong:
            long = Refusal(
                "TOO_LARGE", "内容太大，请刷新页面后再报。", "This is too large: reload and report again."
            )
            return TOO_LARGE, error_body(long), 0
        except TooSlow:
            return TOO_SLOW, error_body(too_slow()), 0
        except Busy:
            busy = Refusal(
                "BUSY",
                "服务器正忙，页面会自动重发。",
                "The server is busy; the page sends it again by itself.",
            )
            return 503, error_body(busy, retry_after=2), 2

    async def _answer(self, scope: Scope, receive: Receive) -> bytes:
        headers = dict(scope["headers"])
        token, place = _token(headers), address(scope, behind_proxy=self._behind_proxy)
        body = b"".join([piece async for piece in pieces(receive, longest=MAX_BYTES)])
        if token is None:
            raise self._guessed(place)
        self.posts.check(token.hex())
        self.posts.failed(token.hex())  # every post counts
        if scope["path"] == PAGE:
            return await self._page(token, place)
        return await self._take(token, place, body)

    async def _page(self, token: bytes, place: str) -> bytes:
        found = await self.check_ins.look_up(token)
        if found is None:
            raise self._guessed(place)
        if found.standing != "GOOD":
            raise link_refused(found.standing)
        at, thresholds = self._clock(), await self.check_ins.thresholds()
        half = half_day(at)
        told = self.check_ins.told(found.place)
        return msgspec.json.encode(
            CheckInPage(
                people=[_person(one, at) for one in found.people],
                day=half.day.isoformat(),
                half=half.half.value,
                ends_at=thresholds.deadline(half).isoformat(),
                now=at.isoformat(),
                fever=float(thresholds.fever),
                symptoms=[*thresholds.symptoms],
                notices=[*map(_notice, told.notices)],
                call=told.phone,
            )
        )

    async def _take(self, token: bytes, place: str, body: bytes) -> bytes:
        thresholds = await self.check_ins.thresholds()
        sent = read(body, received=self._clock(), thresholds=thresholds)
        readable = [one for one in sent if not isinstance(one, UnreadReport)]
        if (
            not readable
        ):  # nothing was asked of the link: it is looked up, or anything would be as good as a token
            await self._page(token, place)
        taken = await self.check_ins.take(token, readable, by=thresholds)
        if taken and taken[0].outcome == "UNKNOWN":
            raise self._guessed(place)
        if taken and taken[0].outcome in ("REVOKED", "EXPIRED"):
            raise link_refused(taken[0].outcome)
        by_order = iter(taken)
        receipts = [
            _unread(one) if isinstance(one, UnreadReport) else _receipt(next(by_order)) for one in sent
        ]
        lies = next((one.jurisdiction for one in taken if one.jurisdiction is not None), None)
        notices = self.check_ins.told(lies).notices if lies is not None else ()
        return msgspec.json.encode(ReportsTaken(receipts, [*map(_notice, notices)]))

    def _guessed(self, place: str) -> Refusal:
        """The same for whatever is no link; after too many from one address, a while of silence for guesses alone."""
        try:
            self.guesses.check(place)
        except TooManyGuesses as refusal:
            return refusal
        self.guesses.failed(place)
        return link_refused("UNKNOWN")


def _token(headers: Mapping[bytes, bytes]) -> bytes | None:
    """The hash of the token that is shown; None where it cannot be one."""
    token = bearer(headers)
    return hashed(token) if len(token) == TOKEN_LENGTH and token.startswith(PREFIX) else None


def _person(one: PlaceOnSlip, at: datetime) -> PersonOnSlip:
    return PersonOnSlip(
        place=one.place,
        day=max(0, day_number(one.day0_on, at)),
        days=(one.last_on - one.day0_on).days,
        last_on=one.last_on.isoformat(),
        state=page_state(one, day_of(at)),
        reported=HalvesReported(one.morning, one.evening),  # type: ignore[arg-type]  # the database's own closed list
    )


def _notice(one: NoticeTold) -> NoticeShown:
    return NoticeShown(
        one.title, one.body, one.title_en or one.title, one.body_en or one.body, level(one.division)
    )


def _receipt(one: TakenReport) -> ReportReceipt:
    id = str(one.report.id)
    if one.outcome in ("ACCEPTED", "DUPLICATE", "CONFLICT"):
        said = SAID["CONFLICT" if one.outcome == "CONFLICT" and one.verdict != "SYMPTOMATIC" else one.verdict]
        told = ReportReceipt(id, one.outcome, Say(*said), verdict=one.verdict)  # type: ignore[arg-type]
        if one.outcome == "ACCEPTED":
            told.day, told.half = one.report.half.day.isoformat(), one.report.half.half.value
        return told
    why = set_aside(one.outcome)
    return ReportReceipt(id, "SET_ASIDE", Say(why.zh, why.en), error=Error(why.code, why.zh, why.en))


def _unread(one: UnreadReport) -> ReportReceipt:
    why = unread()
    return ReportReceipt(one.id, "SET_ASIDE", Say(why.zh, why.en), error=Error(why.code, why.zh, why.en))
