"""A phone that never gets back online: its outbox comes to the desk as a file, and in by the intake as that device.

Whatever became of the device: what it captured while it was enrolled is authorised, the rest is taken and flagged.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import DecodeError, Raw, Struct, ValidationError

from lianfang.checkpoints.intake.entries import SET_ASIDE
from lianfang.checkpoints.intake.moments import offset_told
from lianfang.checkpoints.intake.reading import too_large
from lianfang.checkpoints.intake.reception import Reception
from lianfang.checkpoints.models import Device
from lianfang.checkpoints.queries.devices import receivable_device
from lianfang.checkpoints.queries.enrolled import sender_of
from lianfang.journeys.receiving import intake_at_the_desk, received_from
from lianfang.kernel.audit import Act, from_place, note, place_noted
from lianfang.kernel.group_commit import Busy
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Refusal

LARGEST_FILE = 64 << 20
VERSION = 1
SLICE_ITEMS = 500
SLICE_BYTES = 4 << 20  # half of what a parcel may be
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class OutboxFile(Struct, kw_only=True):
    """What a phone writes when asked to export its outbox. `clock_offset_ms`: the server's clock minus its own."""

    lianfang: str
    version: int
    device_id: UUID | None = None
    items: list[Raw] | None = None
    clock_offset_ms: Any = None  # a number, or nothing is known of its clock


class _Kind(Struct):
    kind: str


_FILE = msgspec.json.Decoder(OutboxFile)
_KIND = msgspec.json.Decoder(_Kind)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a record was set aside."""

    code: str
    zh: str
    en: str


_NOT_SEALED = Reason(
    "NOT_SEALED",
    "文件里有一条不是加密的记录，没有收下。",
    "The file holds an item that is not a sealed record; it was not taken.",
)


@dataclass(slots=True)
class Received:
    """What became of a file's items so far: the receipts of records (cars and corrections) and of people, by status.

    `outside` counts records captured while the phone was not enrolled. `interrupted`: the database went away.
    """

    of: int
    done: int = 0
    interrupted: bool = False
    outside: int = 0
    records: Counter[str] = field(default_factory=Counter)
    people: Counter[str] = field(default_factory=Counter)
    reasons: Counter[Reason] = field(default_factory=Counter)

    def note(self, receipts: list[dict[str, Any]]) -> None:
        for receipt in receipts:
            self._count(self.records, receipt)
            self.outside += "CAPTURED_OUTSIDE_ENROLMENT" in receipt["flags"]
            for person in receipt["people"]:
                self._count(self.people, person)
        self.done += len(receipts)

    def refuse(self, reason: Reason) -> None:
        self.records[SET_ASIDE] += 1
        self.reasons[reason] += 1
        self.done += 1

    def _count(self, counter: Counter[str], receipt: dict[str, Any]) -> None:
        counter[receipt["status"]] += 1
        if receipt["status"] == SET_ASIDE:
            self.reasons[Reason(**receipt["error"])] += 1


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file that may be received: whose it is, what it holds, and who brings it from where."""

    device: Device
    items: list[Raw]
    reception: Reception
    by: Reach
    place: str
    clock_offset_ms: float | None = None


def outbox_delivery(*, by: Reach, file: bytes, at: datetime) -> Delivery:
    """Reads an exported outbox. Refused when it is none, of another version, or of a device outside this reach."""
    by.require("RECEIVE_OUTBOXES")
    outbox = _read(file)
    if outbox.device_id is None or not outbox.items:
        raise Refusal("OUTBOX_EMPTY", "文件里没有记录。", "The file holds no records.")
    device = receivable_device(by, outbox.device_id)
    reception = received_from(sender_of(device), at=at)
    return Delivery(device, outbox.items, reception, by, place_noted(), offset_told(outbox.clock_offset_ms))


def _read(file: bytes) -> OutboxFile:
    if len(file) > LARGEST_FILE:
        raise Refusal(
            "OUTBOX_TOO_LARGE", "文件超过 64 MB，收不下。", "The file is larger than 64 MB.", status=413
        )
    try:
        outbox = _FILE.decode(file.removeprefix(_BYTE_ORDER_MARK))
    except ValidationError:
        raise _no_outbox() from None
    except (DecodeError, UnicodeDecodeError, RecursionError):
        raise Refusal(
            "NOT_JSON",
            "文件打不开：可能没有传完整，请从手机重新导出。",
            "The file cannot be read: it may be incomplete. Export it from the phone again.",
        ) from None
    if outbox.lianfang != "outbox":
        raise _no_outbox()
    if outbox.version != VERSION:
        raise Refusal(
            "OUTBOX_VERSION",
            f"这个文件的格式是第 {outbox.version} 版，服务器只认第 {VERSION} 版。请先升级服务器。",
            f"The file has format {outbox.version}; this server knows format {VERSION} only. Upgrade the server first.",
        )
    return outbox


def _no_outbox() -> Refusal:
    return Refusal(
        "NOT_AN_OUTBOX",
        "这不是手机导出的待发箱文件。",
        "This is not an outbox that a phone exported.",
    )


def deliver(delivery: Delivery) -> Iterator[Received]:
    """Takes the items slice by slice and answers after each how far it is. The same file again changes nothing."""
    tally = Received(of=len(delivery.items))
    with intake_at_the_desk() as take:
        try:
            for body in _slices(delivery.items, tally, delivery.clock_offset_ms):
                tally.note(take(body, delivery.reception))
                yield tally
        except Busy:
            tally.interrupted = True
        finally:  # whoever closed the page meanwhile has brought what was taken so far
            _note(delivery, tally)
    yield tally


def _note(delivery: Delivery, tally: Received) -> None:
    device = delivery.device
    details = {
        "of": tally.of,
        "records": dict(tally.records),
        "people": dict(tally.people),
        "outside": tally.outside,
        "interrupted": tally.interrupted,
    }
    with from_place(delivery.place):
        note(
            Act.OUTBOX_RECEIVED, by=delivery.by, device=device.pk, subject=f"DEVICE {device.pk}", count=tally.done,
            details=details,
        )  # fmt: skip


def _slices(items: list[Raw], tally: Received, offset_ms: float | None) -> Iterator[bytes]:
    """Parcels of a size the intake takes; what can be in none is set aside here."""
    parcel: list[bytes] = []
    size = 0
    for item in items:
        raw = bytes(item)
        reason = _why_not(raw)
        if reason is not None:
            tally.refuse(reason)
            continue
        if parcel and (len(parcel) == SLICE_ITEMS or size + len(raw) > SLICE_BYTES):
            yield _parcel(parcel, offset_ms)
            parcel, size = [], 0
        parcel.append(raw)
        size += len(raw) + 1
    if parcel:
        yield _parcel(parcel, offset_ms)


def _parcel(items: list[bytes], offset_ms: float | None) -> bytes:
    told = b"" if offset_ms is None else b'"clock_offset_ms":%s,' % msgspec.json.encode(offset_ms)
    return b"{" + told + b'"items":[' + b",".join(items) + b"]}"


def _why_not(raw: bytes) -> Reason | None:
    with suppress(DecodeError, UnicodeDecodeError, RecursionError):
        if _KIND.decode(raw).kind == "SEALED":
            return Reason(**too_large().as_json()) if len(raw) > SLICE_BYTES else None
    return _NOT_SEALED
