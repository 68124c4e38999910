"""When a checkpoint is open, and when its silence is alarming. Pure."""

from datetime import datetime, time, timedelta
from typing import Protocol

from lianfang.kernel.days import SHANGHAI

QUIET_AFTER = timedelta(minutes=10)  # a phone tells how it is every minute while its screen is on
SILENT_AFTER = timedelta(minutes=30)
LONG_SILENT_AFTER = timedelta(minutes=60)


class Hours(Protocol):
    """Without hours a checkpoint never closes; hours may run over midnight."""

    @property
    def opens_at(self) -> time | None: ...
    @property
    def closes_at(self) -> time | None: ...
    @property
    def closed_at(self) -> datetime | None: ...


def is_open(post: Hours, at: datetime) -> bool:
    if post.closed_at is not None and post.closed_at <= at:
        return False
    if post.opens_at is None or post.closes_at is None:
        return True
    clock = at.astimezone(SHANGHAI).time()
    if post.opens_at <= post.closes_at:
        return post.opens_at <= clock < post.closes_at
    return clock >= post.opens_at or clock < post.closes_at


def is_silent(post: Hours, last_received_at: datetime | None, at: datetime) -> bool:
    """Open, and no record for longer than SILENT_AFTER; a post that never reported is silent too."""
    return is_open(post, at) and (last_received_at is None or at - last_received_at > SILENT_AFTER)


def is_quiet(last_seen_at: datetime, at: datetime) -> bool:
    """A phone that was not heard of for longer than QUIET_AFTER."""
    return at - last_seen_at > QUIET_AFTER
