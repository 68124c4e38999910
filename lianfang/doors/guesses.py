"""Guesses: a secret that is tried too often from one place is not compared any more for a while."""

import time
from collections import deque
from threading import Lock

from django.conf import settings
from django.http import HttpRequest

from lianfang.kernel.refusals import Refusal

PER_MINUTE = 10
WINDOW = 60.0
_PLACES_KEPT = 10_000
_LONGEST_KEPT = 200  # characters of a place or a name: anybody may claim to be called a whole book


class TooManyGuesses(Refusal):
    status = 429

    def __init__(self) -> None:
        super().__init__(
            "TOO_MANY_GUESSES",
            "试得太多了，请一分钟后再试。",
            "Too many attempts. Please try again in a minute.",
        )


class TooMuch(Refusal):
    status = 429

    def __init__(self) -> None:
        super().__init__(
            "TOO_MUCH",
            "这个网络一小时内发来的申报太多了，请稍后再试。二维码照常可用。",
            "Too much came from this network within the hour. Please try later; the QR code works.",
        )


class Guesses:
    """Failures of the last minute by place, in this process's memory: a restart forgives."""

    def __init__(self, *, allowed: int = PER_MINUTE, window: float = WINDOW) -> None:
        self._allowed = allowed
        self._window = window
        self._failures: dict[str, deque[float]] = {}
        self._lock = Lock()

    def check(self, place: str) -> None:
        """Raises TooManyGuesses when the place has failed too often."""
        with self._lock:
            if len(self._recent(place)) >= self._allowed:
                raise TooManyGuesses

    def failed(self, place: str) -> None:
        with self._lock:
            if len(self._failures) >= _PLACES_KEPT:
                self._forget_the_old()
            self._failures.setdefault(place[:_LONGEST_KEPT], deque()).append(time.monotonic())

    def forget(self) -> None:
        with self._lock:
            self._failures.clear()

    def _recent(self, place: str) -> deque[float]:
        failures = self._failures.get(place[:_LONGEST_KEPT], deque())
        while failures and failures[0] < time.monotonic() - self._window:
            failures.popleft()
        return failures

    def _forget_the_old(self) -> None:
        """And, where a flood leaves nothing old, of the rest who came first: it must not fill the memory."""
        old = [place for place in self._failures if not self._recent(place)]
        for place in old or list(self._failures)[: _PLACES_KEPT // 10]:
            del self._failures[place]


class Allowance:
    """What a place may do in an hour without signing in. Behind one address of a mobile network stand many phones."""

    def __init__(self, *, an_hour: int) -> None:
        self._spent = Guesses(allowed=an_hour, window=3_600.0)

    def spend(self, place: str) -> None:
        """Raises TooMuch when the hour's share is spent."""
        try:
            self._spent.check(place)
        except TooManyGuesses:
            raise TooMuch from None
        self._spent.failed(place)

    def forget(self) -> None:
        self._spent.forget()


def place_of(request: HttpRequest) -> str:
    """The address a request comes from. Behind a proxy it is the last one that the proxy itself wrote down."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return forwarded.rsplit(",", 1)[-1].strip() or request.META.get("REMOTE_ADDR", "")
