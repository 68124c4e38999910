"""The limits of the channels, when a message is tried again, and what a group may never be told.

Source of a robot's limits: WeCom's own documentation of group robots: 2,048 bytes of text, 4,096 of markdown, UTF-8, and 20
messages a minute for each robot.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from lianfang.kernel.as_typed import plain_number

TEXT_BYTES, MARKDOWN_BYTES = 2_048, 4_096
A_MINUTE, MOST_A_MINUTE = timedelta(minutes=1), 20
MOST_AT_ONCE = 100  # numbers in one request to the gateway
LONGEST_SMS = 500  # characters
TIMEOUT = 5.0  # seconds, for all of a request
# A request may arrive as late as it may last: so much must lie between the first and the twenty-first.
WINDOW = A_MINUTE + timedelta(seconds=TIMEOUT)
AGAIN_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
MOST_TRIES = 1 + len(AGAIN_AFTER)
# Longer than any request lasts: what is claimed for so long was in the hands of a sender that died.
LEASE = timedelta(minutes=2)

# With or without a country's code before it; an identity number of fifteen figures is an old one.
_PERSONAL = re.compile(r"(?<!\d)(?:(?:(?:00)?86)?1[3-9]\d{9}|\d{17}[\dX]|\d{15})(?!\d)")


class Channel(StrEnum):
    SMS = "SMS"
    ROBOT = "ROBOT"
    CALL_LIST = "CALL_LIST"


class MessageState(StrEnum):
    """FAILED: it is tried again. GIVEN_UP: it is not; of somebody to be told, somebody must telephone.

    OVERTAKEN: before it left nobody needed to be told any more.
    """

    WAITING = "WAITING"
    SENT = "SENT"
    FAILED = "FAILED"
    GIVEN_UP = "GIVEN_UP"
    OVERTAKEN = "OVERTAKEN"


class After(NamedTuple):
    """Where a message stands after a try, and when the next one is due."""

    state: MessageState
    next_at: datetime | None


def after_failure(attempts: int, at: datetime, *, again: bool) -> After:
    """After the try with that number; `again`: whether another may be of any use."""
    if not again or attempts >= MOST_TRIES:
        return After(MessageState.GIVEN_UP, None)
    return After(MessageState.FAILED, at + AGAIN_AFTER[max(attempts, 1) - 1])


def limit(markdown: bool) -> int:
    return MARKDOWN_BYTES if markdown else TEXT_BYTES


def names_somebody(text: str) -> bool:
    """Whether an identity number or a mobile number stands in it, however it was typed."""
    return any(_PERSONAL.search(plain_number(line)) for line in text.splitlines())


def parts(text: str, bytes_allowed: int) -> list[str]:
    """The text in pieces that fit: cut at line ends; a line that does not fit alone, between two characters."""
    made: list[str] = []
    for line in _fitting(text.splitlines(), bytes_allowed):
        longer = f"{made[-1]}\n{line}" if made else line
        if made and _size(longer) <= bytes_allowed:
            made[-1] = longer
        else:
            made.append(line)
    return [part for part in made if part.strip()]


def _fitting(lines: list[str], bytes_allowed: int) -> Iterator[str]:
    for line in lines:
        while _size(line) > bytes_allowed:
            head = line.encode()[:bytes_allowed].decode(errors="ignore")
            yield head
            line = line[len(head) :]
        yield line


def _size(text: str) -> int:
    return len(text.encode())
