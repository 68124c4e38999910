"""Devices of checkpoints: invited with a one-time code, enrolled with it, revoked, wiped.

Codes and tokens are kept as hashes. A wiped device may go on sending what it captured before; a revoked one may not.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from psycopg.types.range import TimestamptzRange

from lianfang.checkpoints.models import Checkpoint, Device, Enrolment
from lianfang.checkpoints.queries.devices import unknown_device
from lianfang.checkpoints.queries.within import held
from lianfang.checkpoints.services.names import tidied
from lianfang.kernel.as_typed import plain_number
from lianfang.kernel.audit import Act, note
from lianfang.kernel.days import day_of, start_of
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import NotFound, Refusal
from lianfang.kernel.tokens import hashed, new_code, new_token

DEVICES_CHANGED = (
    "lianfang_devices"  # the channel on which intake processes hear that tokens must be asked for anew
)
INVITATION_LASTS = timedelta(minutes=15)
BORDER_LASTS = timedelta(days=30)
LOCAL_LASTS = timedelta(hours=24)
AFTER_MIDNIGHT = timedelta(
    hours=4
)  # a local post's last shift ends, and its phones send what they still hold
ITEMS_PER_SECOND = 200
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time code, shown only here, and until when it can be used."""

    code: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A device's token, shown only here; what it may write for, and until when."""

    token: str = field(repr=False)
    device_id: UUID
    checkpoint: Checkpoint
    expires_at: datetime


@transaction.atomic
def invite_device(*, by: Reach, checkpoint: str, at: datetime, lasts: timedelta | None = None) -> Invitation:
    """A code for one phone, good for a quarter of an hour.

    The token it gives lasts from now: 30 days at a border checkpoint, until four in the morning (at most 24 hours) at
    a local post, or for `lasts` if that is shorter.
    """
    by.require("MANAGE_DEVICES")
    found = Checkpoint.objects.filter(held(by), code=checkpoint, closed_at=None).first()
    if found is None:
        raise NotFound(
            "CHECKPOINT_UNKNOWN", "辖区内没有这个卡口。", "There is no such checkpoint in your area."
        )
    code = new_code()
    invitation = Invitation(code, at + INVITATION_LASTS)
    Enrolment.objects.create(
        code_hash=hashed(code),
        checkpoint=found,
        made_at=at,
        made_by=by.officer_id,
        expires_at=invitation.expires_at,
        token_lasts_for=_token_lasts(found, at, lasts),
    )
    note(
        Act.DEVICE_INVITED,
        by=by,
        subject=f"CHECKPOINT {found.code}",
        jurisdiction=found.jurisdiction,
    )
    return invitation


def _token_lasts(checkpoint: Checkpoint, at: datetime, wanted: timedelta | None) -> timedelta:
    longest = BORDER_LASTS
    if checkpoint.tier == Checkpoint.Tier.LOCAL:
        tomorrow = start_of(day_of(at) + timedelta(days=1))
        longest = min(LOCAL_LASTS, tomorrow + AFTER_MIDNIGHT - at)
    if wanted is None:
        return longest
    if wanted <= INVITATION_LASTS:
        raise Refusal("TOO_SHORT", "有效期至少要超过 15 分钟。", "A token lasts for more than 15 minutes.")
    return min(wanted, longest)


@transaction.atomic
def enrol(*, code: str, device_name: str, at: datetime, previous_token: str | None = None) -> Enrolled:
    """Turns a code into a device, once: of two phones with the same code the first gets the token.

    A phone that shows the token it had stays the device it was, unless that was revoked or wiped. The code may be typed
    in lower case and with spaces or dashes. Raises ENROLMENT_UNKNOWN, _USED, _EXPIRED.
    """
    invitation = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("checkpoint")
        .filter(code_hash=hashed(plain_number(code)))
        .first()
    )
    if invitation is None:
        raise NotFound(
            "ENROLMENT_UNKNOWN",
            "登记码不对，请核对后重新输入。",
            "This code is unknown: check it and enter it again.",
        )
    _still_good(invitation, at)
    token, device = _again(invitation, previous_token, device_name, at) or _new_device(
        invitation.checkpoint,
        name=device_name,
        at=at,
        until=_until(invitation),
        items_per_second=ITEMS_PER_SECOND,
        by=invitation.made_by,
    )
    invitation.used_at, invitation.device = at, device
    invitation.save(update_fields=["used_at", "device"])
    invited_by = str(invitation.made_by)
    _note(Act.DEVICE_ENROLLED, device, by=None, checkpoint=invitation.checkpoint, invited_by=invited_by)
    return Enrolled(token, device.id, invitation.checkpoint, device.expires_at)


def _still_good(invitation: Enrolment, at: datetime) -> None:
    if invitation.used_at is not None:
        raise Refusal(
            "ENROLMENT_USED",
            "这个登记码已经用过了，请让值班员再生成一个。",
            "This code has been used: ask the duty officer for another.",
            status=410,
        )
    if invitation.expires_at <= at:
        raise Refusal(
            "ENROLMENT_EXPIRED",
            "登记码已过期（15 分钟内有效），请让值班员再生成一个。",
            "This code has expired (it lasts 15 minutes): ask the duty officer for another.",
            status=410,
        )


def _until(invitation: Enrolment) -> datetime:
    return invitation.made_at + invitation.token_lasts_for


def _again(invitation: Enrolment, token: str | None, name: str, at: datetime) -> tuple[str, Device] | None:
    """The device that had this token, with a new one; the enrolment it had is kept as a span. None: make another."""
    if token is None:
        return None
    in_use = Device.objects.select_for_update().filter(revoked_at=None, wipe_asked_at=None)
    device = in_use.filter(token_hash=hashed(token)).first()
    if device is None:
        return None
    ended = max(device.enrolled_at, min(device.expires_at, at))
    device.earlier = [*device.earlier, TimestamptzRange(device.enrolled_at, ended, "[]")]
    token = new_token("device")
    device.token_hash = hashed(token)
    device.checkpoint = invitation.checkpoint
    device.name = tidied(name) or device.name
    device.items_per_second = ITEMS_PER_SECOND
    device.enrolled_at, device.enrolled_by, device.expires_at = at, invitation.made_by, _until(invitation)
    device.save()
    _tell()
    return token, device


@transaction.atomic
def issue_device(
    *, checkpoint: str, name: str, at: datetime, lasts: timedelta, items_per_second: int | None
) -> tuple[str, Device]:
    """A token and its device without a code, for scripts, benches and demos. `items_per_second` None: no budget."""
    found = Checkpoint.objects.filter(code=checkpoint).first()
    if found is None:
        raise NotFound("CHECKPOINT_UNKNOWN", "没有这个卡口。", "There is no such checkpoint.")
    token, device = _new_device(
        found, name=name, at=at, until=at + lasts, items_per_second=items_per_second, by=None
    )
    _note(Act.DEVICE_ENROLLED, device, by=None, checkpoint=found)
    return token, device


def _new_device(
    checkpoint: Checkpoint,
    *,
    name: str,
    at: datetime,
    until: datetime,
    items_per_second: int | None,
    by: UUID | None,
) -> tuple[str, Device]:
    token = new_token("device")
    device = Device.objects.create(
        checkpoint=checkpoint,
        name=tidied(name) or f"{checkpoint.name}手机",
        token_hash=hashed(token),
        items_per_second=items_per_second,
        enrolled_at=at,
        enrolled_by=by,
        expires_at=until,
    )
    return token, device


@transaction.atomic
def revoke_device(*, by: Reach, device_id: UUID, at: datetime) -> None:
    """The device may not send any more, from the next request on. What it has sent stays. Again: nothing changes."""
    device = _managed(device_id, by)
    if Device.objects.filter(pk=device.pk, revoked_at=None).update(revoked_at=at, revoked_by=by.officer_id):
        _note(Act.DEVICE_REVOKED, device, by=by, checkpoint=device.checkpoint)
    _tell()


@transaction.atomic
def wipe_device(*, by: Reach, device_id: UUID, outbox: str, reason: str, at: datetime) -> None:
    """Asks the phone to erase itself the next time it is heard of; what it captures from now on is not authorised.

    `outbox` KEEP: its sealed records stay until they are delivered. DROP: they go too, and `reason` says why. Asked once
    more before the phone heard it, the newer wish counts, from the moment of the first.
    """
    device = _managed(device_id, by)
    reason = tidied(reason, longest=LONGEST_REASON)
    _refuse_wipe(device, outbox, reason)
    device.wipe_asked_at, device.wipe_asked_by = device.wipe_asked_at or at, by.officer_id
    device.wipe_outbox, device.wipe_reason = outbox, reason
    device.save(update_fields=["wipe_asked_at", "wipe_asked_by", "wipe_outbox", "wipe_reason"])
    _note(Act.DEVICE_WIPED, device, by=by, checkpoint=device.checkpoint, state="ASKED", outbox=outbox)
    _tell()


def _refuse_wipe(device: Device, outbox: str, reason: str) -> None:
    if device.revoked_at is not None:
        raise Refusal(
            "DEVICE_REVOKED",
            "这台手机已停用，不再听服务器的话，清除不了。",
            "This device was revoked: it does not hear the server any more and cannot be wiped.",
            status=409,
        )
    if device.wiped_at is not None:
        raise Refusal(
            "DEVICE_WIPED", "这台手机已经清除过了。", "This device has been wiped already.", status=409
        )
    if outbox not in Device.Outbox.values:
        raise Refusal(
            "OUTBOX_CHOICE", "请选择未发记录的去留。", "Say what becomes of the records not yet sent."
        )
    if outbox == Device.Outbox.DROP and not reason:
        raise Refusal(
            "REASON_MISSING",
            "连未发记录一起清除，要写明原因。",
            "To erase records that were not sent, say why.",
        )


def _managed(device_id: UUID, by: Reach) -> Device:
    """The device, locked, if this officer may manage it."""
    by.require("MANAGE_DEVICES")
    within_reach = Device.objects.select_related("checkpoint").filter(held(by, "checkpoint__jurisdiction"))
    device = within_reach.select_for_update(of=("self",)).filter(pk=device_id).first()
    if device is None:
        raise unknown_device()
    return device


def _note(act: Act, device: Device, *, by: Reach | None, checkpoint: Checkpoint, **details: str) -> None:
    note(
        act, by=by, device=device.id, subject=f"DEVICE {device.id}", jurisdiction=checkpoint.jurisdiction,
        details={"checkpoint": checkpoint.code, **details},
    )  # fmt: skip


def _tell() -> None:
    """Every intake asks for its tokens anew, when this transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [DEVICES_CHANGED])
