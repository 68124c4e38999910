"""A file's own key: 32 random bytes, wrapped by the key of the day on which the file was opened, the wrapped key in its row.

Clearing the wrapped key forgets one file, destroying files-2020-02-13.key all that were opened on that day.
"""

import os
from dataclasses import dataclass, field
from datetime import date
from typing import Self
from uuid import UUID

from lianfang.kernel.key_folder import KEY_BYTES, KeyFolder
from lianfang.kernel.sealing import ONCE, DayKey, Provider, seal, unseal


@dataclass(frozen=True, slots=True)
class FileKey:
    """The key of one file: seals what is said in it, bound to its id. `wrapped` is what its row holds."""

    id: UUID
    wrapped: bytes
    provider: Provider
    secret: bytes = field(repr=False)

    @classmethod
    def new(cls, day: DayKey, id: UUID) -> Self:
        secret = os.urandom(KEY_BYTES)
        return cls(id, day.seal(secret, id.bytes), ONCE[day.provider.name], secret)

    @classmethod
    def unwrapped(cls, day: DayKey, id: UUID, wrapped: bytes) -> Self:
        """Raises `Unreadable` where the key was wrapped for another file, by another day, or changed."""
        return cls(id, wrapped, ONCE[day.provider.name], day.unseal(wrapped, id.bytes))

    def seal(self, plain: bytes) -> bytes:
        return seal(self.provider, self.secret, plain, bound_to=self.id.bytes)

    def unseal(self, blob: bytes) -> bytes:
        return unseal(self.secret, blob, bound_to=self.id.bytes, once=True)


def file_key(keys: KeyFolder, opened_on: date, id: UUID, wrapped: bytes | None) -> FileKey | None:
    """None where the file or its day was forgotten; `Unreadable` where the key does not open."""
    day = keys.existing_files(opened_on) if wrapped else None
    return FileKey.unwrapped(day, id, bytes(wrapped)) if day is not None and wrapped else None
