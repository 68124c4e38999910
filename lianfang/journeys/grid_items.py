"""What a grid worker's phone sends: answers about referrals, households, who is in them and who is observed,
sealed as it keeps them or plain.

Moments stay text here, so that a retry is compared with what was sent. Field order is the canonical order.
"""

from typing import Literal, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Raw, Struct

from lianfang.checkpoints.intake.sealed import Unsealer
from lianfang.checkpoints.intake.shapes import Item, SealingSession
from lianfang.journeys.grid_order_items import OrderAnswer

LONGEST_ITEM = 16_384
AnswerTold = Literal["ACCEPTED", "ARRIVED", "NOT_HERE", "WRONG_ADDRESS", "MOVED_ON"]
OccupancyTold = Literal["OCCUPIED", "RENTED", "VACANT", "MOVED"]
StayTold = Literal["PRESENT", "AWAY", "RETURNED", "QUARANTINED", "HOSPITALISED", "MOVED_OUT"]


class ReferralAnswer(Struct, tag_field="kind", tag="REFERRAL", omit_defaults=True, kw_only=True):
    """What was found at the door of somebody who is handed over. Where to: `destination` if its code is known, else in words."""

    id: UUID
    referral: UUID
    answer: AnswerTold
    occurred_at: str
    clock_offset_ms: float | None = None
    destination: str | None = None
    address: str | None = None
    note: str | None = None

    @property
    def about(self) -> UUID:
        return self.referral


class HouseholdAnswer(Struct, tag_field="kind", tag="HOUSEHOLD", omit_defaults=True, kw_only=True):
    """A household looked at: everything is as it stands, or what became of the door."""

    id: UUID
    household: UUID
    act: Literal["VERIFIED", "OCCUPANCY"]
    occurred_at: str
    occupancy: OccupancyTold | None = None
    clock_offset_ms: float | None = None

    @property
    def about(self) -> UUID:
        return self.household


class StayAnswer(Struct, tag_field="kind", tag="STAY", omit_defaults=True, kw_only=True):
    """Where somebody of a household is."""

    id: UUID
    household: UUID
    person: UUID
    state: StayTold
    occurred_at: str
    clock_offset_ms: float | None = None

    @property
    def about(self) -> UUID:
        return self.person


class SealedAnswer(Struct, tag_field="kind", tag="SEALED", kw_only=True):
    """One of the others as the phone keeps it, bound to `id`, which is its own. Bytes travel as base64."""

    id: UUID
    session: SealingSession
    nonce: bytes
    ciphertext: bytes


PlainAnswer = ReferralAnswer | HouseholdAnswer | StayAnswer | OrderAnswer
AnyAnswer = PlainAnswer | SealedAnswer


class Read(NamedTuple):
    """An item as far as it can be read: `id` None where it has none, `item` None where `code` says why."""

    id: UUID | None
    item: PlainAnswer | None
    code: str = ""


class _Named(Struct):
    id: UUID


_any = msgspec.json.Decoder(AnyAnswer)
_plain = msgspec.json.Decoder(PlainAnswer)
_named = msgspec.json.Decoder(_Named)
_canonical = msgspec.json.Encoder(order="deterministic")
_NOT_READ = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


def read(raw: Raw, unsealer: Unsealer) -> Read:
    """Never raises: what cannot be read is set aside, and hinders no other."""
    if len(raw) > LONGEST_ITEM:
        return Read(_id_in(raw), None, "TOO_LARGE")
    try:
        item = _any.decode(raw)
    except _NOT_READ:
        return Read(_id_in(raw), None, "UNREADABLE")
    return _unsealed(item, unsealer) if isinstance(item, SealedAnswer) else Read(item.id, item)


def content_of(item: PlainAnswer) -> bytes:
    """The same bytes whenever the same was sent. What a phone knows of its clock is no part of what happened."""
    return _canonical.encode(msgspec.structs.replace(item, clock_offset_ms=None))


def _unsealed(sealed: SealedAnswer, unsealer: Unsealer) -> Read:
    wanted = Item(
        kind="SEALED",
        id=sealed.id,
        session=sealed.session,
        nonce=sealed.nonce,
        ciphertext=sealed.ciphertext,
    )
    plain = unsealer.open(wanted)
    if plain is None:
        return Read(sealed.id, None, "SEALED_UNREADABLE")
    try:
        item = _plain.decode(plain)
    except _NOT_READ:
        return Read(sealed.id, None, "UNREADABLE")
    return Read(sealed.id, item) if item.id == sealed.id else Read(sealed.id, None, "SEALED_UNREADABLE")


def _id_in(raw: Raw) -> UUID | None:
    try:
        return _named.decode(raw).id
    except _NOT_READ:
        return None
