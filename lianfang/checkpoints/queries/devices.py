"""Devices of the checkpoints within reach: their tokens, what the desk asked of them, and what they last told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.db.models import F

from lianfang.checkpoints.intake.reception import Post
from lianfang.checkpoints.models import Checkpoint, Device
from lianfang.checkpoints.queries.within import held
from lianfang.checkpoints.rules import is_open, is_quiet
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import NotFound

NEWEST_DEVICES = 500


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A device and when its token ends. `revoked_at`: it may not send any more; `wiped_at`: it erased itself.

    From `seen_at` on what it told last; None and empty when it never did. The hours are its checkpoint's.
    """

    id: UUID
    name: str
    checkpoint: str
    checkpoint_name: str
    tier: str
    opens_at: time | None
    closes_at: time | None
    closed_at: datetime | None
    enrolled_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    wipe_asked_at: datetime | None
    wipe_outbox: str | None
    wiped_at: datetime | None
    seen_at: datetime | None
    unsent: int | None
    set_aside: int | None
    oldest_unsent_at: datetime | None
    battery_percent: int | None
    lane: str | None
    program: str | None

    def may_send(self, at: datetime) -> bool:
        return self.revoked_at is None and self.expires_at > at

    def may_be_wiped(self, at: datetime) -> bool:
        """Whether it would hear of it."""
        return self.may_send(at) and self.wiped_at is None

    def is_quiet(self, at: datetime) -> bool:
        """A phone that should be at work and has not been heard of for a while."""
        at_work = self.may_send(at) and self.wiped_at is None and is_open(self, at)
        return at_work and self.seen_at is not None and is_quiet(self.seen_at, at)


_COLUMNS = (
    "id",
    "name",
    "checkpoint_id",
    "checkpoint__name",
    "checkpoint__tier",
    "checkpoint__opens_at",
    "checkpoint__closes_at",
    "checkpoint__closed_at",
    "enrolled_at",
    "expires_at",
    "revoked_at",
    "wipe_asked_at",
    "wipe_outbox",
    "wiped_at",
    "report__seen_at",
    "report__unsent",
    "report__set_aside",
    "report__oldest_unsent_at",
    "report__battery_percent",
    "report__lane",
    "report__program",
)


def devices(reach: Reach) -> list[DeviceLine]:
    """The phones of the checkpoints within reach, newest first (at most NEWEST_DEVICES).

    What was revoked the moment its checkpoint opened is no phone: the device as which paper is typed in.
    """
    reach.require("MANAGE_DEVICES")
    phones = Device.objects.exclude(revoked_at=F("checkpoint__opened_at"))
    rows = phones.filter(held(reach, "checkpoint__jurisdiction")).order_by("-enrolled_at", "-id")
    return [DeviceLine(*row) for row in rows.values_list(*_COLUMNS)[:NEWEST_DEVICES]]


def device(reach: Reach, device_id: UUID) -> DeviceLine:
    """One of them."""
    reach.require("MANAGE_DEVICES")
    rows = Device.objects.filter(held(reach, "checkpoint__jurisdiction"), pk=device_id)
    row = rows.values_list(*_COLUMNS).first()
    if row is None:
        raise unknown_device()
    return DeviceLine(*row)


def receivable_device(reach: Reach, device_id: UUID) -> Device:
    """A device whose outbox this officer may receive as a file, whatever became of it."""
    reach.require("RECEIVE_OUTBOXES")
    found = Device.objects.filter(held(reach, "checkpoint__jurisdiction"), pk=device_id).first()
    if found is None:
        raise unknown_device()
    return found


def unknown_device() -> NotFound:
    return NotFound("DEVICE_UNKNOWN", "辖区内没有这台设备。", "There is no such device in your area.")


def posts() -> dict[str, Post]:
    """Every checkpoint as the intake knows it, by code."""
    rows = Checkpoint.objects.values_list("code", "jurisdiction")
    return {code: Post(code, jurisdiction) for code, jurisdiction in rows}


def device_names_for_audit(reach: Reach, ids: Iterable[UUID]) -> dict[UUID, str]:
    """海城西卡口 一号机: the phones that acted, wherever they are."""
    reach.require("READ_AUDIT")
    found = Device.objects.filter(pk__in=ids).values_list("pk", "checkpoint__name", "name")
    return {pk: f"{checkpoint} {name}" for pk, checkpoint, name in found}
