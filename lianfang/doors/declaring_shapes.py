"""What travellers' phones send and are answered before the barrier, and what an officer's phone fetches of it."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from lianfang.doors.shapes import Choice, Say

LONGEST_SEALED = 16_384
SHORTEST_SEALED = 5 + 65 + 16 + 1  # version and key id, an encapsulated key, a tag, and something
MOST_PEOPLE = 20
MOST_ABOARD = 500

CheckpointCode = Annotated[str, Meta(pattern=r"^[0-9A-Za-z-]{1,32}$")]
RosterCode = Annotated[str, Meta(pattern=r"^[2-9A-HJ-NP-Z]{6}$")]
# 7, 12A, A3: too short for a name or a number of anybody.
Seat = Annotated[str, Meta(pattern=r"^(?:[A-Z]?[0-9]{1,3}|[0-9]{1,3}[A-Z])$")]
Sealed = Annotated[bytes, Meta(min_length=SHORTEST_SEALED, max_length=LONGEST_SEALED)]
Kind = Literal["DECLARATION", "CARD"]


class DeclaringCheckpoint(Struct):
    code: str
    name: str
    county: str


class DeclaringKey(Struct):
    """A day as YYYYMMDD, and an uncompressed point of P-256."""

    id: str
    public: bytes


class Retention(Struct):
    what: Say
    why: Say
    until: Say
    after: Say


class Notice(Struct):
    """What /privacy says about travellers."""

    retention: list[Retention]
    privacy: str


class Declaring(Struct):
    checkpoint: DeclaringCheckpoint
    key: DeclaringKey
    card_key: DeclaringKey
    server_time: str
    purposes: list[Choice]
    symptoms: list[Choice]
    notice: Notice


class DeclarationAsked(Struct, omit_defaults=True, kw_only=True):
    """`sealed`: the binary that the QR code holds. `replaces`: the id of the one its maker corrected."""

    id: UUID
    checkpoint: CheckpointCode
    kind: Kind
    people: Annotated[int, Meta(ge=1, le=MOST_PEOPLE)]
    sealed: Sealed
    roster: RosterCode | None = None
    seat: Seat | None = None
    replaces: UUID | None = None


class DeclarationKept(Struct):
    short_code: str
    expires_at: str


class RosterAsked(Struct, omit_defaults=True, kw_only=True):
    checkpoint: CheckpointCode
    expected: Annotated[int, Meta(ge=1, le=MOST_ABOARD)]
    sealed: Sealed | None = None


class RosterOpened(Struct):
    code: str
    expires_at: str


class RosterCounted(Struct):
    """Counts and seats; nobody is named."""

    expected: int
    declared: int
    people: int
    seats: list[str]


class DeclarationFetched(Struct):
    id: UUID
    kind: Kind
    people: int
    sealed: bytes
    expires_at: str


class SeatDeclared(Struct):
    id: UUID
    seat: str
    people: int
    sealed: bytes


class RosterFetched(Struct):
    """`sealed`: what the driver said."""

    expected: int
    sealed: bytes | None
    declarations: list[SeatDeclared]
