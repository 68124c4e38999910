"""Who sends, from where: what every record of a request is made with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from lianfang.kernel.key_folder import KeyFolder


@dataclass(frozen=True, slots=True)
class Post:
    """What the intake knows of a checkpoint."""

    code: str
    jurisdiction: int


@dataclass(frozen=True, slots=True)
class Sender:
    """The device a token belongs to. `items_per_second` None: no budget."""

    id: UUID
    checkpoint: str
    enrolled_at: datetime
    expires_at: datetime
    revoked: bool
    items_per_second: int | None


@dataclass(frozen=True, slots=True)
class Reception:
    """What one request's records are made with: who sends, when it was received, under which keys, which posts exist."""

    sender: Sender
    received_at: datetime
    keys: KeyFolder
    posts: Mapping[str, Post]
    received_ms: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "received_ms", int(self.received_at.timestamp() * 1000))
