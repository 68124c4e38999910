"""Ways out of the house, behind one small protocol: what is to be told goes in, one result for each comes out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message as it leaves; `to` is a number, or a robot's webhook. Neither stands in a log."""

    id: UUID
    to: str = field(repr=False)
    text: str = field(repr=False)
    markdown: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one try. `again`: another may be of use; `too_many`: the other side asks to wait, and this was no try.

    `down`: it is the whole channel that failed. `detail` is in our words: what the other side says may repeat a number.
    """

    id: UUID
    ok: bool
    code: str
    detail: str = ""
    again: bool = True
    too_many: bool = False
    down: bool = False


class Way(Protocol):
    """A channel. It never raises: whatever happens is a result."""

    def send(self, batch: Sequence[Outgoing]) -> Sequence[Result]: ...
