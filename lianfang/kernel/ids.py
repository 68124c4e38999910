"""Time-ordered ids (UUIDv7, RFC 9562 §5.7), minted by whoever makes a record."""

import hashlib
import os
import time
from datetime import UTC, datetime
from uuid import UUID

_VERSION_7 = 7 << 76
_VARIANT = 2 << 62
_RANDOM_A = 0xFFF << 64
_RANDOM_B = (1 << 62) - 1


def uuid7(*, at: datetime | None = None) -> UUID:
    """A new id carrying the moment `at` (default: now) in its first 48 bits, in milliseconds."""
    millis = time.time_ns() // 1_000_000 if at is None else int(at.timestamp() * 1000)
    random = int.from_bytes(os.urandom(10), "big")
    return UUID(int=(millis << 80) | _VERSION_7 | (random & _RANDOM_A) | _VARIANT | (random & _RANDOM_B))


def millis_of(uuid: UUID) -> int | None:
    """The moment a UUIDv7 carries, in milliseconds since 1970; None for any other kind of UUID."""
    number = uuid.int
    if (number >> 76) & 0xF != 7 or (number >> 62) & 0b11 != 2:
        return None
    return number >> 80


def floor_of(moment: datetime) -> UUID:
    """The smallest UUID of that moment: a partition boundary, or the start of a key range."""
    return UUID(int=int(moment.astimezone(UTC).timestamp() * 1000) << 80)


def derived(uuid: UUID, number: int) -> UUID:
    """A UUIDv7 of the same moment, always the same for the same id and number: what belongs to a record keeps its id."""
    digest = int.from_bytes(hashlib.sha256(uuid.bytes + number.to_bytes(4, "big")).digest()[:10], "big")
    time_of_it = uuid.int >> 80 << 80
    return UUID(int=time_of_it | _VERSION_7 | (digest & _RANDOM_A) | _VARIANT | (digest & _RANDOM_B))
