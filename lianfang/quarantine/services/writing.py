"""What is written beside an act, a need of care, or a follow-up. Each under a key of its own, wrapped by the day's."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import msgspec

from lianfang.kernel.days import day_of
from lianfang.kernel.file_keys import FileKey, file_key
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.sealing import Unreadable

LONGEST = 200


@dataclass(frozen=True, slots=True)
class WrittenBeside:
    """Free text about a person; never logged, never in an address."""

    note: str = field(default="", repr=False)

    def __bool__(self) -> bool:
        return bool(self.note)


@dataclass(frozen=True, slots=True)
class CareTold:
    """What is needed, and who sees to it: a name and a telephone."""

    need: str = field(default="", repr=False)
    carer: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)

    def __bool__(self) -> bool:
        return bool(self.need or self.carer or self.phone)


T = TypeVar("T", WrittenBeside, CareTold)


def sealed(written: WrittenBeside | CareTold, *, id: UUID, at: datetime) -> tuple[bytes, bytes]:
    """The wrapped key and the blob of the row with this id, written at `at`."""
    key = FileKey.new(key_folder().files(day_of(at)), id)
    plain = {name: str(value)[:LONGEST] for name, value in msgspec.to_builtins(written).items()}
    return key.wrapped, key.seal(msgspec.json.encode(plain))


def opened(
    of: type[T],
    *,
    id: UUID,
    at: datetime | None,
    wrapped: bytes | memoryview | None,
    blob: bytes | memoryview | None,
) -> T | None:
    """What was written in the row with this id at `at`; None where nothing was, or where it is destroyed by now."""
    if blob is None or wrapped is None or at is None:
        return None
    try:
        key = file_key(key_folder(), day_of(at), id, bytes(wrapped))
        return None if key is None else of(**msgspec.json.decode(key.unseal(bytes(blob))))
    except (Unreadable, msgspec.DecodeError):
        return None
