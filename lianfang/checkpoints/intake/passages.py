"""A passage's header: read, flagged, and made a row."""

from typing import NamedTuple

import msgspec

from lianfang.checkpoints.intake.closed_lists import (
    DIRECTIONS,
    PURPOSES,
    SOURCES,
    TRANSPORTS,
    VEHICLES,
    one_of,
    unique,
)
from lianfang.checkpoints.intake.moments import Moment, id_is_of_its_time
from lianfang.checkpoints.intake.reception import Post, Reception
from lianfang.checkpoints.intake.rows import PassageRow, digest_of, passage_receipt
from lianfang.checkpoints.intake.shapes import Header, PassageFields
from lianfang.kernel import plates


class PassageFacts(NamedTuple):
    """A header read: what its people inherit."""

    post: Post
    direction: str
    transport: str
    purpose: str | None
    source: str
    plate_key: str | None
    flags: tuple[str, ...]


_canonical = msgspec.json.Encoder(order="deterministic").encode


def header_content(header: Header) -> bytes:
    """The canonical bytes of a passage without its people: digested, and sealed as they are."""
    people, header.people = getattr(header, "people", None), None  # type: ignore[attr-defined]
    try:
        return _canonical(header)
    finally:
        header.people = people  # type: ignore[attr-defined]


def read_header(header: Header, moment: Moment, reception: Reception) -> PassageFacts:
    """The plain facts of a passage and everything odd about it."""
    flags = list(moment.flags)
    post = _post(header.checkpoint, reception, flags)
    read = read_fields(header, flags)
    if not moment.flags and not reception.sender.was_enrolled(moment.occurred_at):
        flags.append("CAPTURED_OUTSIDE_ENROLMENT")
    if not id_is_of_its_time(header.id, received_ms=reception.received_ms):
        flags.append("ID_TIME")
    return PassageFacts(post, *read, unique(flags))


def read_fields(header: PassageFields, flags: list[str]) -> tuple[str, str, str | None, str, str | None]:
    """Direction, transport, purpose, source and plate key: what a passage's own fields say, whoever sent them."""
    direction = one_of(header.direction, DIRECTIONS, "IN", flags)
    transport = one_of(header.transport, TRANSPORTS, "OTHER", flags)
    purpose = one_of(header.purpose, PURPOSES, "OTHER", flags) if header.purpose else None
    source = one_of(header.source or "OFFICER", SOURCES, "OFFICER", flags)
    plate_key = read_plate(header.plate, flags) if header.plate else None
    if not header.plate and transport in VEHICLES and not header.vehicle_note:
        flags.append("INCOMPLETE")
    return direction, transport, purpose, source, plate_key


def read_plate(text: str, flags: list[str]) -> str | None:
    """The key a plate is found again by; None for 无牌 and the like, or all such vehicles would be one vehicle."""
    plate = plates.read(text)
    flags.extend(plate.flags)
    return "PLATE:" + plate.key if plate.key else None


def _post(code: str | None, reception: Reception, flags: list[str]) -> Post:
    own = reception.posts[reception.sender.checkpoint]
    if code == own.code:
        return own
    found = reception.posts.get(code) if code else None
    flags.append("OTHER_CHECKPOINT" if found else "UNKNOWN_CHECKPOINT")
    return found or own


def passage_row(
    header: Header, moment: Moment, facts: PassageFacts, content: bytes, reception: Reception
) -> PassageRow:
    day = reception.keys.day(moment.captured_on)
    month = reception.keys.month(moment.captured_on)
    return PassageRow(
        header.id,
        digest_of(day, b"PASSAGE", b"", content),
        passage_receipt(facts.flags),
        reception.received_at,
        moment.occurred_at,
        moment.captured_on,
        moment.captured_hour,
        facts.post.code,
        facts.post.jurisdiction,
        reception.sender.id,
        facts.direction,
        facts.transport,
        facts.purpose,
        facts.source,
        header.officer[:64] if header.officer else None,
        small(header.roster_expected),
        month.optional_index(facts.plate_key),
        day.seal(content, header.id.bytes),
    )


def small(value: int | None) -> int | None:
    """A count that fits its column; a nonsensical one stays in the sealed part only."""
    return value if value is not None and 0 <= value <= 32_767 else None
