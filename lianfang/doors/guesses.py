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


class TooManyGuesses(Refusal):
    status = 429

    def __init__(self) -> None:
        super().__init__(
            "TOO_MANY_GUESSES",
            "试得太多了，请一分钟后再试。",
            "Too many attempts. Please try again in a minute.",
        )


class Guesses:
    """Failures of the last minute by place, in this process's memory: a restart forgives."""

    def __init__(self, *, allowed: int = PER_MINUTE) -> None:
        self._allowed = allowed
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
            self._failures.setdefault(place, deque()).append(time.monotonic())

    def forget(self) -> None:
        with self._lock:
            self._failures.clear()

    def _recent(self, place: str) -> deque[float]:
        failures = self._failures.get(place, deque())
        while failures and failures[0] < time.monotonic() - WINDOW:
            failures.popleft()
        return failures

    def _forget_the_old(self) -> None:
        for place in [place for place in self._failures if not self._recent(place)]:
            del self._failures[place]


def place_of(request: HttpRequest) -> str:
    """The address a request comes from. Behind a proxy it is the last one that the proxy itself wrote down."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return forwarded.rsplit(",", 1)[-1].strip() or request.META.get("REMOTE_ADDR", "")
