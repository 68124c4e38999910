"""What the JSON doors take and answer, as structs (a parcel's own shapes belong to the intake)."""

from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

Status = Literal["ACCEPTED", "DUPLICATE", "CONFLICT", "SET_ASIDE"]
MeasureKind = Literal[
    "REGISTER", "QUARANTINE", "FEVER_CLINIC", "RE_MEASURE", "NOTIFY_GRID", "TURN_BACK_PROPOSED"
]


class Say(Struct):
    zh: str
    en: str


class MeasureShown(Struct, omit_defaults=True):
    kind: MeasureKind
    row: str
    say: Say
    place: Literal["HOME", "FACILITY"] | None = None
    days: int | None = None


class Error(Struct, omit_defaults=True):
    code: str
    zh: str
    en: str
    retry_after: int | None = None


class ErrorAnswer(Struct):
    error: Error


class PersonReceipt(Struct, omit_defaults=True):
    id: UUID | None
    status: Status
    flags: list[str]
    measures: list[MeasureShown]
    error: Error | None = None


class Receipt(Struct, omit_defaults=True):
    id: UUID | None
    status: Status
    flags: list[str]
    received_at: str
    people: list[PersonReceipt]
    error: Error | None = None


class Receipts(Struct):
    receipts: list[Receipt]
    parcel_id: Any = None


class Figures(Struct):
    passages: int
    vehicles: int
    people: int


class Today(Figures):
    day: str


class CheckpointFigures(Figures, kw_only=True):
    code: str
    name: str
    tier: str | None
    today: Figures
    last_record_at: str | None = None
    open_now: bool | None = None


class PlaceFigures(Struct):
    """A county of origin or a township of destination; without a code: people of an unknown place."""

    code: str | None
    name: str | None
    people: int
    today: int


class MeasureFigures(Struct):
    kind: str
    people: int
    today: int


class PurposeFigures(Figures, kw_only=True):
    purpose: str
    today: Figures


class TransportFigures(Figures, kw_only=True):
    transport: str
    today: Figures


class Hour(Figures, kw_only=True):
    hour: int


class Day(Figures, kw_only=True):
    day: str


class Board(Struct):
    as_of: str
    watermark: str | None
    final: bool
    totals: Figures
    today: Today
    by_checkpoint: list[CheckpointFigures]
    by_origin: list[PlaceFigures]
    by_destination: list[PlaceFigures]
    by_measure: list[MeasureFigures]
    by_purpose: list[PurposeFigures]
    by_transport: list[TransportFigures]
    by_hour: list[Hour]
    by_day: list[Day]


class News(Struct):
    """What a screen hears: small totals, and a version that says whether to ask for the board."""

    version: int
    watermark: str | None
    totals: Figures
    today: Today


class EnrolmentAsked(Struct, omit_defaults=True):
    """`previous_token`: a phone that was enrolled before stays the device it was."""

    code: str
    device_name: str | None = None
    previous_token: str | None = None


class CheckpointShown(Struct):
    code: str
    name: str
    lanes: int
    tier: str
    county: str | None


class OutboxKey(Struct):
    """To which a phone seals the keys of its sessions: an uncompressed point of P-256."""

    id: str
    public: bytes


class Enrolled(Struct):
    token: str
    device_id: UUID
    checkpoint: CheckpointShown
    expires_at: str
    outbox_key: OutboxKey


class Choice(Struct):
    code: str
    zh: str
    en: str


class ReadingKey(Struct, rename={"from_": "from"}):
    """Opens what travellers declared for a checkpoint on a day: the scalar of a P-256 key, big-endian."""

    id: str
    checkpoint: str
    from_: str
    until: str
    private: bytes


class WipeAsked(Struct):
    asked_at: str
    outbox: Literal["KEEP", "DROP"]
    reason: str


class ClockInTold(Struct, omit_defaults=True):
    """An officer at a lane, from a moment until another; known again by its id."""

    id: UUID
    officer: str
    came_at: str
    lane: str | None = None
    left_at: str | None = None


class DeviceState(Struct, omit_defaults=True):
    """How a phone is. What cannot be is clamped or passed over, never refused."""

    unsent: int | None = None
    set_aside: int | None = None
    oldest_unsent_at: str | None = None
    clock_offset_ms: int | None = None
    battery_percent: int | None = None
    storage_free_mb: int | None = None
    program: str | None = None
    rules: str | None = None
    lane: str | None = None
    officer: str | None = None
    wiped: bool | None = None
    clock_ins: list[ClockInTold] | None = None


class DeviceShown(Struct):
    device_id: UUID
    checkpoint: CheckpointShown
    expires_at: str
    server_time: str
    rule_set: str
    symptoms: list[Choice]
    purposes: list[Choice]
    pass_classes: list[Choice]
    outbox_key: OutboxKey
    reading_keys: list[ReadingKey]
    wipe: WipeAsked | None


class DivisionShown(Struct):
    code: str
    name: str
    parent: str | None
    level: str


class Divisions(Struct):
    edition: Any
    divisions: list[DivisionShown]


class Health(Struct):
    ok: bool
    database: bool
