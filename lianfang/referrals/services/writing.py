"""What is written beside an answer: a note, another address. Sealed under a key of its own, wrapped by the day's."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import msgspec

from lianfang.kernel.days import day_of
from lianfang.kernel.file_keys import FileKey, file_key
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.sealing import Unreadable
from lianfang.referrals.models import ReferralEvent

LONGEST_NOTE, LONGEST_ADDRESS = 200, 120


@dataclass(frozen=True, slots=True)
class ReferralNote:
    """Free text about a person; never logged, never in an address."""

    note: str = field(default="", repr=False)
    address: str = field(default="", repr=False)

    def __bool__(self) -> bool:
        return bool(self.note or self.address)


def sealed(written: ReferralNote, *, id: UUID, at: datetime) -> tuple[bytes, bytes]:
    """The wrapped key and the blob of the event with this id, received at `at`."""
    key = FileKey.new(key_folder().files(day_of(at)), id)
    plain = {"note": written.note[:LONGEST_NOTE], "address": written.address[:LONGEST_ADDRESS]}
    return key.wrapped, key.seal(msgspec.json.encode(plain))


def opened(event: ReferralEvent) -> ReferralNote | None:
    """What was written beside an answer; None where nothing was, or where it is destroyed by now."""
    if event.sealed is None or event.wrapped_key is None:
        return None
    try:
        key = file_key(key_folder(), day_of(event.received_at), event.id, bytes(event.wrapped_key))
        return None if key is None else ReferralNote(**msgspec.json.decode(key.unseal(bytes(event.sealed))))
    except (Unreadable, msgspec.DecodeError):
        return None
