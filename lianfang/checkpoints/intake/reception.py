"""Who sends, from where: what every record of a request is made with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from lianfang.checkpoints.intake.sealed import Unsealer
from lianfang.kernel.key_folder import KeyFolder


class EnrolmentSpan(Protocol):
    """A tstzrange, as either driver hands it over."""

    @property
    def lower(self) -> datetime: ...
    @property
    def upper(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Post:
    """What the intake knows of a checkpoint."""

    code: str
    jurisdiction: int


@dataclass(frozen=True, slots=True)
class Sender:
    """The device a token belongs to. `items_per_second` None: no budget.

    `ended_at`: when it was revoked or a wipe was asked for, whichever came first. `earlier`: enrolments before this one.
    """

    id: UUID
    checkpoint: str
    enrolled_at: datetime
    expires_at: datetime
    revoked: bool
    items_per_second: int | None
    ended_at: datetime | None = None
    earlier: Sequence[EnrolmentSpan] = ()

    def was_enrolled(self, moment: datetime) -> bool:
        """Whether what was captured then was captured by an enrolled device. A span holds both its ends."""
        until = self.expires_at if self.ended_at is None else min(self.expires_at, self.ended_at)
        return self.enrolled_at <= moment <= until or any(
            span.lower <= moment <= span.upper for span in self.earlier
        )


@dataclass(frozen=True, slots=True)
class Reception:
    """What one request's records are made with: who sends, when it was received, under which keys, which posts exist.

    `unsealer` remembers sessions from one request to the next.
    """

    sender: Sender
    received_at: datetime
    keys: KeyFolder
    posts: Mapping[str, Post]
    unsealer: Unsealer
    received_ms: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "received_ms", int(self.received_at.timestamp() * 1000))
